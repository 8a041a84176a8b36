//! The one way into the ledger, against a real database.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::clock::FixedClock;
use domain::commitment::{ClassificationInput, CommitmentWords};
use domain::ids::{CommandId, CommitmentId, CompactId, LedgerId, RegionId};
use domain::region::CompactParticulars;
use domain::{Command, CommitmentCommand, RegionCommand};
use ledger::{Ledger, Options};
use recorder::{Actor, Answer, RecordError, Recorder, Submission};
use sqlx::PgPool;
use uuid::Uuid;

const REGION: RegionId = RegionId::new(Uuid::from_u128(1));
const COMPACT: CompactId = CompactId::new(Uuid::from_u128(2));

fn now() -> DateTime<Utc> {
    "2008-06-02T10:00:00Z".parse().expect("a time")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn recorder(pool: &PgPool) -> Recorder {
    let clock = Arc::new(FixedClock(now()));
    let ledger = Ledger::start(pool.clone(), Options::default(), clock.clone());
    Recorder::new(ledger, clock, 100)
}

fn submission(ledger: LedgerId, command_id: u128, commands: Vec<Command>) -> Submission {
    Submission {
        ledger,
        command_id: CommandId::new(Uuid::from_u128(command_id)),
        actor: Actor {
            id: "someone".to_owned(),
            role: "secretariat".to_owned(),
        },
        causation: None,
        occurred_on: Some(day("2008-05-01")),
        meeting: None,
        expected_version: None,
        commands,
    }
}

fn region(command: RegionCommand) -> Command {
    Command::Region {
        id: REGION,
        command,
    }
}

fn opening() -> Command {
    region(RegionCommand::OpenCompact {
        compact: COMPACT,
        particulars: CompactParticulars {
            slug: "rutland".to_owned(),
            name: "Rutland Compact".to_owned(),
            area: "Rutland".to_owned(),
            launched_on: day("2007-05-21"),
            pilot_from_year: None,
        },
    })
}

/// A region with one theme and one open compact.
async fn open(pool: &PgPool) -> Recorder {
    let recorder = recorder(pool);
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
        .record(submission(REGION.ledger(), 100, commands))
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
    open(&pool).await;
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
    let next = recorder(&pool);
    assert_eq!(next.finish_all_openings().await, Ok(1));
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 1);
    assert_eq!(next.finish_all_openings().await, Ok(0));
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
    let elsewhere = propose(&self::recorder(&pool), 1, 10).await;
    assert_eq!(
        elsewhere,
        Answer {
            repeated: true,
            ..first
        }
    );
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 2);
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
    assert_eq!(answer.position, 3);
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

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_many_who_ask_for_one_ref_at_once_one_gets_it(pool: PgPool) {
    let recorder = Arc::new(open(&pool).await);
    let askers = (0..16).map(|number| {
        let recorder = Arc::clone(&recorder);
        let commands = vec![proposal(1000 + number, "1", "skills-pledge")];
        tokio::spawn(async move {
            recorder
                .record(submission(COMPACT.ledger(), 200 + number, commands))
                .await
        })
    });
    let mut won = 0;
    for asker in askers.collect::<Vec<_>>() {
        won += usize::from(asker.await.expect("no panic").is_ok());
    }
    assert_eq!(won, 1);
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
    let two = recorder(&pool);
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
    assert_eq!(entries(&pool, COMPACT.ledger()).await, 4);
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
    let commands = vec![proposal(10, "1", "skills-pledge")];
    let again = recorder
        .record(submission(COMPACT.ledger(), 1, commands))
        .await;
    assert!(again.expect("settled").repeated, "the first was recorded");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_compact_begins_in_the_register_and_nowhere_else(pool: PgPool) {
    let recorder = open(&pool).await;
    let other = CompactId::new(Uuid::from_u128(3));
    let command = domain::CompactCommand::EstablishCompact {
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
