//! What a command rests on, and that it is decided anew when that moves in between: one kind of thing after the other.
//!
//! Each is asked of a process that remembers how the thing was, after another process changed it. The same is asked again
//! of a database that does not look at that one premise as it writes: then the command is recorded on what is no longer so, and so each
//! of these tests would notice a premise that is left out.

use domain::adoption::SourceInput;
use domain::assessment::{AboutInput, Completion, Confidence, Judgement};
use domain::good_practice::PracticeInput;
use domain::ids::{AdoptionId, AssessmentId, GoodPracticeId, MeetingId};
use domain::meeting::ArrangementInput;
use domain::region::RoleEnding;
use domain::{AdoptionCommand, AssessmentCommand, GoodPracticeCommand, MeetingCommand, Visibility};

use super::*;

const GROUP: GroupId = GroupId::new(Uuid::from_u128(60));
const PRACTICE: GoodPracticeId = GoodPracticeId::new(Uuid::from_u128(900));

type Recorded = Result<Answer, RecordError>;

/// Two processes at one compact; SOMEONE runs it, and is the region's funder too.
struct Two {
    moves: Arc<Recorder>,
    remembers: Arc<Recorder>,
    sent: std::sync::atomic::AtomicU32,
}

impl Two {
    async fn set_up(pool: &PgPool) -> Self {
        let [moves, remembers] = two_processes(pool).await;
        let sent = 5000.into();
        let two = Self {
            moves,
            remembers,
            sent,
        };
        let funder = RegionCommand::GrantRole {
            grant: GrantId::new(Uuid::from_u128(3)),
            terms: GrantTerms {
                account: SOMEONE,
                post: Post::Funder,
                from: day("2007-05-21"),
                until: None,
            },
        };
        let college = RegionCommand::RegisterOrganisation {
            organisation: COLLEGE,
            name: "The College".to_owned(),
            category: Category::LearningProvider,
        };
        for command in [funder, college] {
            two.moved(REGION.ledger(), region(command)).await;
        }
        two
    }

    fn submission(&self, ledger: LedgerId, command: Command) -> Submission {
        let sent = self.sent.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        submission(ledger, sent.into(), vec![command])
    }

    /// Asks the process that remembers.
    async fn ask(&self, ledger: LedgerId, command: Command) -> Recorded {
        let sent = self.submission(ledger, command);
        self.remembers.record(sent).await
    }

    /// The same, which is recorded: it remembers what that rested on from then on.
    async fn remember(&self, ledger: LedgerId, command: Command) {
        self.ask(ledger, command).await.expect("recorded");
    }

    /// Has the other process record something.
    async fn moved(&self, ledger: LedgerId, command: Command) {
        let sent = self.submission(ledger, command);
        self.moves
            .record(sent)
            .await
            .expect("recorded by the other");
    }
}

/// The premise that is left out: how far this stream goes is not looked at as a batch is written.
async fn leave_out(pool: &PgPool, stream: Uuid) {
    let planted = format!(
        "create or replace function streams_stand_at(ledgers uuid[], streams uuid[], versions bigint[]) returns boolean
         language plpgsql as $$
         begin
             perform set_config('compacts.ledgers', ledgers::text, true);
             return not exists (
                 select from unnest(ledgers, streams, versions) as asked (ledger_id, stream_id, stream_version)
                 where asked.stream_id <> '{stream}' and asked.stream_version <> coalesce((
                     select entry.stream_version from ledger_entry entry
                     where entry.ledger_id = asked.ledger_id and entry.stream_id = asked.stream_id
                     order by entry.stream_version desc limit 1
                 ), 0)
             );
         end
         $$"
    );
    let planted = sqlx::raw_sql(sqlx::AssertSqlSafe(planted));
    planted.execute(pool).await.expect("planted");
}

fn why() -> domain::Text {
    "as the group decided".to_owned().into()
}

/// The role is taken away by which it is asked.
async fn role(two: &Two) -> Recorded {
    two.remember(COMPACT.ledger(), proposal(10, "1", "skills-pledge"))
        .await;
    let end = RegionCommand::EndRole {
        grant: GrantId::new(Uuid::from_u128(2)),
        ending: RoleEnding {
            from: day("2008-05-01"),
            reason: why(),
        },
    };
    two.moved(REGION.ledger(), region(end)).await;
    let agree = on(10, CommitmentCommand::AgreeCommitment);
    two.ask(COMPACT.ledger(), agree).await
}

fn call(id: u128) -> Command {
    let command = MeetingCommand::CallMeeting {
        group: GROUP,
        arrangement: ArrangementInput {
            words: Some("October".to_owned()),
            ..ArrangementInput::default()
        },
    };
    Command::Meeting {
        id: MeetingId::new(Uuid::from_u128(id)),
        command,
    }
}

/// The group is wound up whose meeting is called.
async fn group(two: &Two) -> Recorded {
    let form = CompactCommand::FormGroup {
        group: GROUP,
        code: "LD".to_owned(),
        kind: GroupKind::Theme,
        name: "Learning and Development".to_owned(),
        note: None,
    };
    let [form] = compact(form).try_into().expect("one command");
    two.moved(COMPACT.ledger(), form).await;
    two.remember(COMPACT.ledger(), call(70)).await;
    let wind_up = CompactCommand::WindUpGroup {
        group: GROUP,
        reason: why(),
    };
    let [wind_up] = compact(wind_up).try_into().expect("one command");
    two.moved(COMPACT.ledger(), wind_up).await;
    two.ask(COMPACT.ledger(), call(71)).await
}

/// The commitment is withdrawn into which another is carried forward.
async fn commitment(two: &Two) -> Recorded {
    let mut next = proposal(11, "1", "skills-pledge");
    if let Command::Commitment {
        command: CommitmentCommand::ProposeCommitment { session, .. },
        ..
    } = &mut next
    {
        *session = "2009-10".parse().expect("a session");
    }
    let now = proposal(10, "1", "skills-pledge");
    let agree = on(10, CommitmentCommand::AgreeCommitment);
    for command in [now, agree, next] {
        two.remember(COMPACT.ledger(), command).await;
    }
    let withdraw = CommitmentCommand::WithdrawCommitment { reason: why() };
    two.moved(COMPACT.ledger(), on(11, withdraw)).await;
    let carry = CommitmentCommand::CarryForward {
        into: CommitmentId::new(Uuid::from_u128(11)),
        reason: why(),
    };
    two.ask(COMPACT.ledger(), on(10, carry)).await
}

fn practised(command: GoodPracticeCommand) -> Command {
    Command::GoodPractice {
        id: PRACTICE,
        command,
    }
}

/// The good practice is withdrawn that is taken up.
async fn practice(two: &Two) -> Recorded {
    let terms = PracticeInput {
        title: "Induction".to_owned(),
        theme: "skills-pledge".to_owned(),
        organisation: None,
        summary: "Half a day for all".to_owned().into(),
        contact: None,
        evidence: Vec::new(),
        documents: Vec::new(),
    };
    let write = GoodPracticeCommand::WritePractice { terms };
    two.remember(COMPACT.ledger(), practised(write)).await;
    let withdraw = GoodPracticeCommand::WithdrawPractice { reason: why() };
    two.moved(COMPACT.ledger(), practised(withdraw)).await;
    let command = AdoptionCommand::AdoptPractice {
        by: COMPACT,
        organisation: Some(COLLEGE),
        source: SourceInput {
            compact: COMPACT,
            practice: PRACTICE,
            version: None,
        },
        note: None,
    };
    let id = AdoptionId::new(Uuid::from_u128(80));
    two.ask(COMPACT.ledger(), Command::Adoption { id, command })
        .await
}

fn assess(id: u128) -> Command {
    let command = AssessmentCommand::Assess {
        about: AboutInput {
            compact: COMPACT,
            commitment: CommitmentId::new(Uuid::from_u128(10)),
            outcome: None,
            position: None,
        },
        judgement: Judgement {
            completion: Completion::PartlyAchieved,
            confidence: Confidence::Low,
            comment: why(),
        },
    };
    let id = AssessmentId::new(Uuid::from_u128(id));
    Command::Assessment { id, command }
}

/// The commitment is taken back from the region that its funder assesses.
async fn report(two: &Two) -> Recorded {
    let release = |to| {
        let reason = Some(why());
        on(10, CommitmentCommand::ReleaseCommitment { to, reason })
    };
    let begun = proposal(10, "1", "skills-pledge");
    for command in [begun, release(Visibility::Region)] {
        two.moved(COMPACT.ledger(), command).await;
    }
    two.remember(REGION.ledger(), assess(85)).await;
    two.moved(COMPACT.ledger(), release(Visibility::Compact))
        .await;
    two.ask(REGION.ledger(), assess(86)).await
}

/// For each kind: what it is refused for once it is decided anew, and that it is recorded where its premise is left out.
macro_rules! premises {
    ($($kind:ident at $stream:literal: $refused:pat $(if $guard:expr)?, as $anew:ident, but $left_out:ident;)+) => {$(
        #[sqlx::test(migrator = "ledger::MIGRATOR")]
        async fn $anew(pool: PgPool) {
            let answer = $kind(&Two::set_up(&pool).await).await;
            assert!(matches!(&answer, Err($refused) $(if $guard)?), "{answer:?}");
        }

        #[sqlx::test(migrator = "ledger::MIGRATOR")]
        async fn $left_out(pool: PgPool) {
            leave_out(&pool, Uuid::from_u128($stream)).await;
            let answer = $kind(&Two::set_up(&pool).await).await;
            assert!(answer.is_ok(), "nothing else notices it: {answer:?}");
        }
    )+};
}

premises! {
    role at 1: RecordError::UnknownLedger,
        as a_role_that_another_process_took_away_counts_no_more,
        but a_role_that_is_no_premise_is_noticed;
    group at 2: RecordError::Refused { code, .. } if code == "GROUP_WOUND_UP",
        as no_meeting_is_called_of_a_group_that_another_process_wound_up,
        but a_group_that_is_no_premise_is_noticed;
    commitment at 11: RecordError::Refused { code, .. } if code == "COMMITMENT_WITHDRAWN",
        as nothing_is_carried_into_what_another_process_withdrew,
        but a_commitment_that_is_no_premise_is_noticed;
    practice at 900: RecordError::Refused { code, .. } if code == "PRACTICE_WITHDRAWN",
        as nothing_is_taken_up_that_another_process_withdrew,
        but a_practice_that_is_no_premise_is_noticed;
    report at 10: RecordError::Refused { code, .. } if code == "FORBIDDEN",
        as nothing_is_assessed_that_another_process_took_back,
        but a_report_that_is_no_premise_is_noticed;
}

/// The name under which the college takes a chair, after another process renamed it.
async fn name(pool: &PgPool) -> String {
    let two = Two::set_up(pool).await;
    assert_eq!(chair(&two.remembers, pool, 61).await, "The College");
    let rename = RegionCommand::RenameOrganisation {
        organisation: COLLEGE,
        name: "The University".to_owned(),
        reason: why(),
    };
    two.moved(REGION.ledger(), region(rename)).await;
    chair(&two.remembers, pool, 62).await
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_name_is_the_one_that_another_process_gave(pool: PgPool) {
    assert_eq!(name(&pool).await, "The University");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_register_that_is_no_premise_is_noticed(pool: PgPool) {
    leave_out(&pool, REGION.ledger().uuid()).await;
    assert_eq!(name(&pool).await, "The College");
}
