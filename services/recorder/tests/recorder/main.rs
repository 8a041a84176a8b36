//! The one way into the ledger, against a real database.

mod adoptions;
mod authority;
mod erasing;
mod meetings;
mod premises;

use std::sync::Arc;
use std::time::Duration;

use access::Access;
use chrono::{DateTime, NaiveDate, Utc};
use domain::clock::FixedClock;
use domain::commitment::{ClassificationInput, CommitmentWords};
use domain::compact::GroupKind;
use domain::event::Event;
use domain::ids::{
    AccountId, CommandId, CommitmentId, CompactId, GrantId, GroupId, LedgerId, OrganisationId,
    RegionId,
};
use domain::region::{Category, CompactParticulars, GrantTerms};
use domain::{
    Command, CommitmentCommand, CompactCommand, CompactEvent, Post, RegionCommand, RegionEvent,
};
use ledger::{Ledger, Options, ServiceRole};
use recorder::{Actor, Answer, Installation, RecordError, Recorder, Submission};
use sqlx::PgPool;
use testkit::service::sign_in;
use uuid::Uuid;

const REGION: RegionId = RegionId::new(Uuid::from_u128(1));
const COMPACT: CompactId = CompactId::new(Uuid::from_u128(2));
/// Who sends everything here.
const SOMEONE: AccountId = AccountId::new(Uuid::from_u128(7));
const SUCCESSOR: CompactId = CompactId::new(Uuid::from_u128(4));

fn now() -> DateTime<Utc> {
    "2008-06-02T10:00:00Z".parse().expect("a time")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

async fn recorder(pool: &PgPool) -> Recorder {
    let clock = Arc::new(FixedClock(now()));
    let vault = testkit::service::vault(pool).await;
    let pool = sign_in(pool, ServiceRole::Recorder);
    let ledger = Ledger::start(pool, Options::default(), clock.clone());
    let access = Arc::new(Access::load().expect("the policies"));
    Recorder::new(ledger, access, vault, clock, 100)
}

fn submission(ledger: LedgerId, command_id: u128, commands: Vec<Command>) -> Submission {
    Submission {
        ledger,
        command_id: CommandId::new(Uuid::from_u128(command_id)),
        actor: Actor {
            account: SOMEONE,
            token: None,
        },
        causation: None,
        occurred_on: Some(day("2008-05-01")),
        meeting: None,
        expected_version: None,
        commands,
    }
}

/// The same, as the installation's own work.
fn own(sent: Submission) -> Submission<Installation> {
    Submission {
        ledger: sent.ledger,
        command_id: sent.command_id,
        actor: Installation {
            id: "operator".to_owned(),
            role: "operator".to_owned(),
        },
        causation: sent.causation,
        occurred_on: sent.occurred_on,
        meeting: sent.meeting,
        expected_version: sent.expected_version,
        commands: sent.commands,
    }
}

fn region(command: RegionCommand) -> Command {
    Command::Region {
        id: REGION,
        command,
    }
}

fn opening() -> Command {
    opening_of(COMPACT, "rutland")
}

fn opening_of(compact: CompactId, slug: &str) -> Command {
    region(RegionCommand::OpenCompact {
        compact,
        particulars: CompactParticulars {
            slug: slug.to_owned(),
            name: format!("The {slug} compact"),
            area: "Rutland".to_owned(),
            launched_on: day("2007-05-21"),
            pilot_from_year: None,
        },
    })
}

/// A region with one theme and one open compact, whose secretariat and administrator sends everything here.
async fn open(pool: &PgPool) -> Recorder {
    let recorder = opened(pool).await;
    let compact_id = COMPACT;
    let posts = [
        Post::RegionalAdministrator,
        Post::Secretariat { compact_id },
    ];
    let grants = (1..).zip(posts).map(|(id, post)| {
        region(RegionCommand::GrantRole {
            grant: GrantId::new(Uuid::from_u128(id)),
            terms: GrantTerms {
                account: SOMEONE,
                post,
                from: day("2007-05-21"),
                until: None,
            },
        })
    });
    let granted = submission(REGION.ledger(), 99, grants.collect());
    recorder.record_own(own(granted)).await.expect("granted");
    recorder
}

/// A region with one theme and one open compact.
async fn opened(pool: &PgPool) -> Recorder {
    let recorder = recorder(pool).await;
    let establish = region(RegionCommand::EstablishRegion {
        slug: "east".to_owned(),
        name: "East".to_owned(),
        funder: "The funder".to_owned(),
        note: None,
        secretariat_cost_gbp_per_year: None,
    });
    let theme = region(RegionCommand::AddTheme {
        code: "skills-pledge".to_owned(),
        name: "Skills Pledge".to_owned(),
    });
    let commands = vec![establish, theme, opening()];
    recorder
        .record_own(own(submission(REGION.ledger(), 100, commands)))
        .await
        .expect("opened");
    recorder
}

fn proposal(id: u128, label: &str, theme: &str) -> Command {
    Command::Commitment {
        id: CommitmentId::new(Uuid::from_u128(id)),
        command: CommitmentCommand::ProposeCommitment {
            session: "2008-09".parse().expect("a session"),
            label: label.to_owned(),
            words: CommitmentWords {
                title: "Commit to the pledge".to_owned(),
                comment: None,
            },
            classification: ClassificationInput {
                themes: vec![theme.to_owned()],
                ..ClassificationInput::default()
            },
            due_on: None,
        },
    }
}

fn on(id: u128, command: CommitmentCommand) -> Command {
    Command::Commitment {
        id: CommitmentId::new(Uuid::from_u128(id)),
        command,
    }
}

async fn propose(recorder: &Recorder, command: u128, id: u128) -> Answer {
    let commands = vec![proposal(id, &id.to_string(), "skills-pledge")];
    recorder
        .record(submission(COMPACT.ledger(), command, commands))
        .await
        .expect("proposed")
}

async fn entries(pool: &PgPool, ledger: LedgerId) -> u64 {
    let reader = ledger::Reader::new(pool.clone());
    reader
        .head(ledger)
        .await
        .expect("read")
        .map_or(0, |head| head.position)
}

fn code(error: &RecordError) -> &str {
    match error {
        RecordError::Refused { code, .. } => code,
        other => panic!("not a refusal: {other}"),
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn opening_a_compact_begins_its_own_ledger(pool: PgPool) {
    opened(&pool).await;
    assert_eq!(entries(&pool, REGION.ledger()).await, 3);
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_opening_that_a_crash_cut_short_is_finished_at_the_next_start(pool: PgPool) {
    open(&pool).await;
    // As the crash would have left it: the register knows the compact, its ledger has not begun.
    for statement in [
        "alter table ledger_entry disable trigger user",
        "alter table ledger_head disable trigger user",
        "delete from ledger_entry where ledger_id = '00000000-0000-0000-0000-000000000002'",
        "delete from ledger_head where ledger_id = '00000000-0000-0000-0000-000000000002'",
        "alter table ledger_entry enable trigger user",
        "alter table ledger_head enable trigger user",
    ] {
        sqlx::query(statement)
            .execute(&pool)
            .await
            .expect("cut short");
    }
    let next = recorder(&pool).await;
    assert_eq!(next.finish_all_openings().await, Ok(1));
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 1);
    assert_eq!(next.finish_all_openings().await, Ok(0));
}

/// Lets nothing into the ledger of `COMPACT`.
async fn block(pool: &PgPool) {
    sqlx::raw_sql(
        "create function not_here() returns trigger language plpgsql as
         $$begin raise exception 'not here'; end$$;
         create trigger not_here before insert on ledger_entry for each row
         when (new.ledger_id = '00000000-0000-0000-0000-000000000002') execute function not_here()",
    )
    .execute(pool)
    .await
    .expect("blocked");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_recorded_is_answered_though_the_compact_cannot_begin_and_it_begins_later(
    pool: PgPool,
) {
    block(&pool).await;
    let recorder = recorder(&pool).await;
    let establish = region(RegionCommand::EstablishRegion {
        slug: "east".to_owned(),
        name: "East".to_owned(),
        funder: "The funder".to_owned(),
        note: None,
        secretariat_cost_gbp_per_year: None,
    });
    let opened = own(submission(REGION.ledger(), 100, vec![establish, opening()]));
    let answer = recorder.record_own(opened).await.expect("recorded");
    assert_eq!((answer.position, answer.repeated), (2, false));
    assert_eq!(entries(&pool, REGION.ledger()).await, 2);
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 0);

    // It is on its way, so it is not said to be unknown.
    let early = submission(
        COMPACT.ledger(),
        1,
        vec![proposal(10, "1", "skills-pledge")],
    );
    let told = recorder.record(early).await;
    assert!(matches!(told, Err(RecordError::Busy { .. })), "{told:?}");
    // And one opening that is stuck holds up no other.
    let other = opening_of(SUCCESSOR, "d2n2");
    let other = own(submission(REGION.ledger(), 101, vec![other]));
    let other = recorder.record_own(other);
    assert_eq!(other.await.expect("recorded").position, 3);
    assert_eq!(entries(&pool, SUCCESSOR.ledger()).await, 1);

    let unblock = sqlx::query("drop trigger not_here on ledger_entry");
    unblock.execute(&pool).await.expect("unblocked");
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while entries(&pool, COMPACT.ledger()).await == 0 {
        assert!(tokio::time::Instant::now() < deadline, "it never began");
        tokio::task::yield_now().await;
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_compact_that_another_process_opened_is_known_though_it_was_asked_for_too_early(
    pool: PgPool,
) {
    let early = recorder(&pool).await;
    let asked = |command| {
        let commands = vec![proposal(10, "1", "skills-pledge")];
        early.record(submission(COMPACT.ledger(), command, commands))
    };
    assert_eq!(asked(1).await, Err(RecordError::UnknownLedger));
    open(&pool).await;
    asked(2).await.expect("recorded, now that there is one");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_sent_twice_has_one_effect_and_one_answer(pool: PgPool) {
    let recorder = open(&pool).await;
    let first = propose(&recorder, 1, 10).await;
    let again = propose(&recorder, 1, 10).await;
    assert_eq!(
        again,
        Answer {
            repeated: true,
            ..first.clone()
        }
    );
    // By another process, with nothing in memory.
    let elsewhere = propose(&self::recorder(&pool).await, 1, 10).await;
    assert_eq!(
        elsewhere,
        Answer {
            repeated: true,
            ..first
        }
    );
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 3);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_id_cannot_be_used_for_another_request(pool: PgPool) {
    let recorder = open(&pool).await;
    propose(&recorder, 1, 10).await;
    let other = submission(
        COMPACT.ledger(),
        1,
        vec![proposal(11, "11", "skills-pledge")],
    );
    assert_eq!(
        recorder.record(other).await,
        Err(RecordError::CommandReused)
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_does_not_exist_is_refused_and_nothing_is_recorded(pool: PgPool) {
    let recorder = open(&pool).await;
    let theme = submission(
        COMPACT.ledger(),
        1,
        vec![proposal(10, "1", "no-such-theme")],
    );
    assert_eq!(
        code(&recorder.record(theme).await.expect_err("refused")),
        "UNKNOWN"
    );
    let nowhere = LedgerId::new(Uuid::from_u128(99));
    let ledger = submission(nowhere, 2, vec![proposal(10, "1", "skills-pledge")]);
    assert_eq!(
        recorder.record(ledger).await,
        Err(RecordError::UnknownLedger)
    );
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 1);
    assert_eq!(entries(&pool, nowhere).await, 0);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nothing_is_carried_forward_into_a_commitment_that_is_withdrawn(pool: PgPool) {
    let recorder = open(&pool).await;
    let mut next = proposal(11, "1", "skills-pledge");
    if let Command::Commitment {
        command: CommitmentCommand::ProposeCommitment { session, .. },
        ..
    } = &mut next
    {
        *session = "2009-10".parse().expect("a session");
    }
    let begin = vec![
        proposal(10, "1", "skills-pledge"),
        on(10, CommitmentCommand::AgreeCommitment),
        next,
    ];
    let send = async |id, commands| {
        recorder
            .record(submission(COMPACT.ledger(), id, commands))
            .await
    };
    send(1, begin).await.expect("begun");
    let reason = || "another way was found".to_owned();
    let withdraw = on(
        11,
        CommitmentCommand::WithdrawCommitment {
            reason: reason().into(),
        },
    );
    let reopen = on(
        11,
        CommitmentCommand::ReopenCommitment {
            reason: reason().into(),
        },
    );
    let carry = on(
        10,
        CommitmentCommand::CarryForward {
            into: CommitmentId::new(Uuid::from_u128(11)),
            reason: reason().into(),
        },
    );
    let together = send(2, vec![withdraw.clone(), carry.clone()]).await;
    assert_eq!(
        code(&together.expect_err("refused")),
        "COMMITMENT_WITHDRAWN"
    );
    send(3, vec![withdraw]).await.expect("withdrawn");
    let after = send(4, vec![carry.clone()]).await;
    assert_eq!(code(&after.expect_err("refused")), "COMMITMENT_WITHDRAWN");
    send(5, vec![reopen, carry]).await.expect("it stands again");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn several_commands_are_recorded_together_or_not_at_all(pool: PgPool) {
    let recorder = open(&pool).await;
    let half = vec![
        proposal(10, "1", "skills-pledge"),
        on(11, CommitmentCommand::AgreeCommitment),
    ];
    let refused = recorder.record(submission(COMPACT.ledger(), 1, half)).await;
    assert!(
        matches!(refused, Err(RecordError::Refused { .. })),
        "{refused:?}"
    );
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 1);
    let whole = vec![
        proposal(10, "1", "skills-pledge"),
        on(10, CommitmentCommand::AgreeCommitment),
    ];
    let answer = recorder
        .record(submission(COMPACT.ledger(), 2, whole))
        .await
        .expect("recorded");
    assert_eq!(answer.position, 4);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_later_command_of_a_submission_sees_what_an_earlier_one_brought_about(pool: PgPool) {
    let recorder = open(&pool).await;
    let twice = vec![
        proposal(10, "1", "skills-pledge"),
        proposal(11, "1", "skills-pledge"),
    ];
    let refused = recorder
        .record(submission(COMPACT.ledger(), 1, twice))
        .await;
    assert!(
        matches!(refused, Err(RecordError::Refused { .. })),
        "one ref, given out twice"
    );
}

/// Sends every submission at once, in turn to each of the recorders, and gives the answers in order.
async fn race(
    recorders: &[Arc<Recorder>],
    submissions: Vec<Submission>,
) -> Vec<Result<Answer, RecordError>> {
    let racers = submissions.into_iter().enumerate().map(|(at, submission)| {
        let recorder = Arc::clone(&recorders[at % recorders.len()]);
        tokio::spawn(async move { recorder.record(submission).await })
    });
    let mut answers = Vec::new();
    for racer in racers.collect::<Vec<_>>() {
        answers.push(racer.await.expect("no panic"));
    }
    answers
}

/// Two recorders on one database, each with a writer and a memory of its own, as in two processes.
async fn two_processes(pool: &PgPool) -> [Arc<Recorder>; 2] {
    [Arc::new(open(pool).await), Arc::new(recorder(pool).await)]
}

fn proposals(labels: impl Iterator<Item = u128>) -> Vec<Submission> {
    let proposal = |(at, label): (u128, u128)| {
        let commands = vec![proposal(1000 + at, &label.to_string(), "skills-pledge")];
        submission(COMPACT.ledger(), 200 + at, commands)
    };
    (0..).zip(labels).map(proposal).collect()
}

async fn compact_events(pool: &PgPool) -> Vec<String> {
    let reader = ledger::Reader::new(pool.clone());
    let raws = reader.read(COMPACT.ledger(), 0, 1000).await.expect("read");
    let kinds = raws
        .iter()
        .map(|raw| raw.decode().expect("decoded").event.kind());
    kinds.map(str::to_owned).collect()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_many_who_ask_for_one_ref_at_once_in_two_processes_one_gets_it(pool: PgPool) {
    let recorders = two_processes(&pool).await;
    let asked = proposals([1; 16].into_iter());
    let answers = race(&recorders, asked).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 1);
    for lost in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(code(lost), "REF_TAKEN", "{lost}");
    }
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 3);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn refs_that_differ_are_all_given_out_though_two_processes_do_it(pool: PgPool) {
    let recorders = two_processes(&pool).await;
    let answers = race(&recorders, proposals(1..=16)).await;
    for answer in &answers {
        assert!(answer.is_ok(), "{answer:?}");
    }
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 1 + 2 * 16);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn renumbering_in_one_process_and_proposing_in_another_never_share_a_ref(pool: PgPool) {
    let recorders = two_processes(&pool).await;
    for round in 0..8 {
        let (first, second) = (round * 10 + 1, round * 10 + 2);
        propose(&recorders[0], 300 + first, 400 + first).await;
        let renumber = CommitmentCommand::RenumberCommitment {
            session: "2008-09".parse().expect("a session"),
            label: format!("r{round}"),
            reason: "The statement was put in order".to_owned().into(),
        };
        let renumber = vec![on(400 + first, renumber)];
        let propose = vec![proposal(
            400 + second,
            &format!("R{round}"),
            "skills-pledge",
        )];
        let asked = vec![
            submission(COMPACT.ledger(), 500 + first, renumber),
            submission(COMPACT.ledger(), 500 + second, propose),
        ];
        let answers = race(&recorders, asked).await;
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(won, 1, "round {round}: {answers:?}");
    }
}

fn succession() -> Vec<Submission> {
    let particulars = CompactParticulars {
        slug: "d2n2".to_owned(),
        name: "D2N2".to_owned(),
        area: "Both".to_owned(),
        launched_on: day("2007-05-21"),
        pilot_from_year: None,
    };
    let open = region(RegionCommand::OpenCompact {
        compact: SUCCESSOR,
        particulars,
    });
    let command = CompactCommand::SucceedCompact {
        by: SUCCESSOR,
        reason: "The two became one".to_owned().into(),
    };
    let id = COMPACT;
    vec![
        submission(REGION.ledger(), 900, vec![open]),
        submission(
            COMPACT.ledger(),
            901,
            vec![Command::Compact { id, command }],
        ),
    ]
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nothing_begins_after_a_succession_though_another_process_recorded_it(pool: PgPool) {
    let recorders = two_processes(&pool).await;
    let mut steps = succession().into_iter();
    let open = steps.next().expect("the opening");
    recorders[0].record(open).await.expect("opened");
    let mut asked = proposals(1..=15);
    asked.insert(7, steps.next().expect("the succession"));
    let answers = race(&recorders, asked).await;
    assert!(answers[7].is_ok(), "{:?}", answers[7]);
    for lost in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(code(lost), "COMPACT_SUCCEEDED", "{lost}");
        let words = lost.to_string();
        assert!(
            words.contains("D2N2") && words.contains("propose"),
            "{words}"
        );
    }
    let events = compact_events(&pool).await;
    let end = events.iter().position(|kind| kind == "compact.succeeded");
    let after = &events[end.expect("a succession")..];
    assert_eq!(after.len(), 1, "{after:?}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_has_begun_can_be_closed_out_after_the_succession(pool: PgPool) {
    let recorder = open(&pool).await;
    propose(&recorder, 1, 10).await;
    for step in succession() {
        recorder.record(step).await.expect("succeeded");
    }
    for (id, command) in [
        (2, CommitmentCommand::AgreeCommitment),
        (
            3,
            CommitmentCommand::ConcludeCommitment {
                conclusion: domain::commitment::Conclusion::Achieved,
            },
        ),
    ] {
        let sent = submission(COMPACT.ledger(), id, vec![on(10, command)]);
        recorder.record(sent).await.expect("closed out");
    }
    let begun = submission(
        COMPACT.ledger(),
        4,
        vec![proposal(11, "2", "skills-pledge")],
    );
    let refused = recorder.record(begun).await.expect_err("refused");
    assert_eq!(code(&refused), "COMPACT_SUCCEEDED");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nothing_is_entered_in_a_compact_by_itself(pool: PgPool) {
    let recorder = open(&pool).await;
    let command = CompactCommand::EnterCommitment {
        commitment: CommitmentId::new(Uuid::from_u128(10)),
        session: "2008-09".parse().expect("a session"),
        label: "1".to_owned(),
        groups: Vec::new(),
    };
    let id = COMPACT;
    let alone = submission(COMPACT.ledger(), 1, vec![Command::Compact { id, command }]);
    let refused = recorder.record(alone).await.expect_err("refused");
    assert_eq!(code(&refused), "NOT_BY_ITSELF");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_change_to_something_that_has_moved_on_since_is_a_conflict(pool: PgPool) {
    let recorder = open(&pool).await;
    propose(&recorder, 1, 10).await;
    let agree = |id, version| Submission {
        expected_version: Some(version),
        ..submission(
            COMPACT.ledger(),
            id,
            vec![on(10, CommitmentCommand::AgreeCommitment)],
        )
    };
    let conflict = recorder.record(agree(2, 7)).await;
    assert_eq!(
        conflict,
        Err(RecordError::Conflict {
            expected: 7,
            actual: 1
        })
    );
    let agreed = recorder.record(agree(3, 1)).await.expect("agreed");
    // Its retry saw version 1 too; it is recognised, not refused.
    let again = recorder.record(agree(3, 1)).await.expect("agreed before");
    assert_eq!(
        again,
        Answer {
            repeated: true,
            ..agreed
        }
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn two_processes_change_one_commitment_in_turn_and_neither_is_refused(pool: PgPool) {
    let one = open(&pool).await;
    let two = recorder(&pool).await;
    propose(&one, 1, 10).await;
    let agree = submission(
        COMPACT.ledger(),
        2,
        vec![on(10, CommitmentCommand::AgreeCommitment)],
    );
    two.record(agree).await.expect("agreed by the other");
    let start = submission(
        COMPACT.ledger(),
        3,
        vec![on(10, CommitmentCommand::StartCommitment)],
    );
    one.record(start)
        .await
        .expect("decided again on what the other did");
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 5);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nothing_is_dated_in_the_future(pool: PgPool) {
    let recorder = open(&pool).await;
    let tomorrow = Submission {
        occurred_on: Some(day("2008-06-03")),
        ..submission(
            COMPACT.ledger(),
            1,
            vec![proposal(10, "1", "skills-pledge")],
        )
    };
    let error = recorder.record(tomorrow).await.expect_err("refused");
    assert_eq!(code(&error), "FUTURE_DATE");
    assert!(error.to_string().contains("3 June 2008"), "{error}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_sender_that_hangs_up_does_not_stop_what_it_sent(pool: PgPool) {
    let recorder = open(&pool).await;
    let before = entries(&pool, COMPACT.ledger()).await;
    {
        let commands = vec![proposal(10, "1", "skills-pledge")];
        let sent = recorder.record(submission(COMPACT.ledger(), 1, commands.clone()));
        let mut sent = std::pin::pin!(sent);
        // Polled once, so that it is under way; then dropped.
        std::future::poll_fn(|context| {
            let _ = sent.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
    }
    // Nobody waits for it any more, and nobody sent it again: what is recorded now is its doing.
    let recorded = async {
        while entries(&pool, COMPACT.ledger()).await == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let recorded = tokio::time::timeout(Duration::from_mins(1), recorded).await;
    recorded.expect("recorded though the sender hung up");
    let commands = vec![proposal(10, "1", "skills-pledge")];
    let again = recorder
        .record(submission(COMPACT.ledger(), 1, commands))
        .await;
    assert!(again.expect("settled").repeated, "it was recorded once");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_compact_begins_in_the_register_and_nowhere_else(pool: PgPool) {
    let recorder = open(&pool).await;
    let other = CompactId::new(Uuid::from_u128(3));
    let command = CompactCommand::EstablishCompact {
        compact: other,
        region: REGION,
        particulars: CompactParticulars {
            slug: "elsewhere".to_owned(),
            name: "Elsewhere".to_owned(),
            area: "Elsewhere".to_owned(),
            launched_on: day("2007-05-21"),
            pilot_from_year: None,
        },
    };
    let commands = vec![Command::Compact { id: other, command }];
    let error = recorder
        .record(submission(other.ledger(), 1, commands))
        .await;
    assert_eq!(code(&error.expect_err("refused")), "OPEN_IN_REGION");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn who_comes_when_every_place_is_taken_is_told_when_to_come_back(pool: PgPool) {
    let recorder = open(&pool).await.with_places(1);
    let ask = |command, id: u128| {
        let commands = vec![proposal(id, &id.to_string(), "skills-pledge")];
        recorder.record(submission(COMPACT.ledger(), command, commands))
    };
    let (first, second) = tokio::join!(ask(1, 10), ask(2, 11));
    first.expect("recorded");
    assert!(
        matches!(second, Err(RecordError::Busy { .. })),
        "{second:?}"
    );
    ask(3, 11).await.expect("there is room again");
}

const COLLEGE: OrganisationId = OrganisationId::new(Uuid::from_u128(50));

fn compact(command: CompactCommand) -> Vec<Command> {
    vec![Command::Compact {
        id: COMPACT,
        command,
    }]
}

/// Gives group `id` the college as its chair, and the name under which that was recorded.
async fn chair(recorder: &Recorder, pool: &PgPool, id: u128) -> String {
    let group = GroupId::new(Uuid::from_u128(id));
    let form = CompactCommand::FormGroup {
        group,
        code: format!("G{id}"),
        kind: GroupKind::Theme,
        name: format!("Group {id}"),
        note: None,
    };
    let appoint = CompactCommand::AppointChair {
        group,
        organisation: COLLEGE,
    };
    for (command, asked) in [(600 + id, form), (700 + id, appoint)] {
        let sent = submission(COMPACT.ledger(), command, compact(asked));
        recorder.record(sent).await.expect("recorded");
    }
    let reader = ledger::Reader::new(pool.clone());
    let raws = reader.read(COMPACT.ledger(), 0, 1000).await.expect("read");
    let last = raws.last().expect("an entry").decode().expect("decoded");
    match last.event {
        Event::Compact(CompactEvent::ChairAppointed(appointed)) => appointed.to.name,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_recorded_for_good_has_the_name_that_another_process_gave(pool: PgPool) {
    let [one, two] = two_processes(&pool).await;
    let named = async |command, asked| {
        let sent = submission(REGION.ledger(), command, vec![region(asked)]);
        one.record(sent).await.expect("recorded");
    };
    let register = RegionCommand::RegisterOrganisation {
        organisation: COLLEGE,
        name: "The College".to_owned(),
        category: Category::LearningProvider,
    };
    named(500, register).await;
    assert_eq!(chair(&two, &pool, 60).await, "The College");

    let rename = RegionCommand::RenameOrganisation {
        organisation: COLLEGE,
        name: "The University".to_owned(),
        reason: "It became one".to_owned().into(),
    };
    named(501, rename).await;
    assert_eq!(chair(&two, &pool, 61).await, "The University");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_refusal_reads_what_is_new_of_a_history_and_not_the_whole_again(pool: PgPool) {
    let recorder = open(&pool).await;
    propose(&recorder, 1, 10).await;
    let agree = |command| {
        let commands = vec![on(10, CommitmentCommand::AgreeCommitment)];
        recorder.record(submission(COMPACT.ledger(), command, commands))
    };
    agree(2).await.expect("agreed");
    // With its beginning gone, the history can no longer be read from there.
    for statement in [
        "alter table ledger_entry disable trigger user",
        "delete from ledger_entry where stream_version = 1
             and stream_id = '00000000-0000-0000-0000-00000000000a'",
    ] {
        sqlx::query(statement).execute(&pool).await.expect("gone");
    }
    let again = agree(3).await;
    assert!(
        matches!(again, Err(RecordError::Refused { .. })),
        "{again:?}"
    );
}

/// Gives someone the lead of group 60 of a compact; the event, or the code of the refusal.
async fn lead(recorder: &Recorder, command: u128, compact_id: CompactId) -> Result<(), String> {
    let command_to = RegionCommand::GrantRole {
        grant: GrantId::new(Uuid::from_u128(command)),
        terms: GrantTerms {
            account: AccountId::new(Uuid::from_u128(command)),
            post: Post::GroupLead {
                compact_id,
                group_id: GroupId::new(Uuid::from_u128(60)),
            },
            from: day("2008-05-01"),
            until: None,
        },
    };
    let sent = submission(REGION.ledger(), command, vec![region(command_to)]);
    let answer = recorder.record(sent).await;
    answer.map(|_| ()).map_err(|error| code(&error).to_owned())
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_group_lead_s_group_is_looked_up_in_the_ledger_of_its_compact(pool: PgPool) {
    let [one, two] = two_processes(&pool).await;
    let another = submission(
        REGION.ledger(),
        499,
        vec![opening_of(SUCCESSOR, "derbyshire")],
    );
    one.record(another).await.expect("opened");
    assert_eq!(lead(&two, 801, COMPACT).await, Err("UNKNOWN".to_owned()));

    let form = CompactCommand::FormGroup {
        group: GroupId::new(Uuid::from_u128(60)),
        code: "LD".to_owned(),
        kind: GroupKind::Theme,
        name: "Learning and Development".to_owned(),
        note: None,
    };
    let formed = submission(COMPACT.ledger(), 600, compact(form));
    one.record(formed).await.expect("formed");
    assert_eq!(lead(&two, 802, COMPACT).await, Ok(()));
    // The other compact has no such group.
    assert_eq!(lead(&two, 803, SUCCESSOR).await, Err("UNKNOWN".to_owned()));

    let reader = ledger::Reader::new(pool.clone());
    let raws = reader.read(REGION.ledger(), 0, 1000).await.expect("read");
    let last = raws.last().expect("an entry").decode().expect("decoded");
    let Event::Region(RegionEvent::RoleGranted(granted)) = last.event else {
        panic!("{last:?}");
    };
    let group = granted.held.group.expect("its group");
    assert_eq!(group.name, "Learning and Development");
}
