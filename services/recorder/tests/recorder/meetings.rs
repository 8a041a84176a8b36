//! A meeting is recorded in all the streams it changes or in none, wherever it is broken off, and once however often it is sent.

use domain::action_plan::{Change, ObjectiveWords};
use domain::compact::GroupKind;
use domain::ids::{ActionId, ActionPlanId, GroupId, LedgerId, MeetingId, ObjectiveId};
use domain::meeting::{ArrangementInput, ItemWordsInput, MinutedItemInput, RaisedInput};
use domain::stream::StreamId;
use domain::{
    ActionPlanCommand, Command, CommitmentCommand, CompactCommand, MeetingCommand, MeetingRef,
};
use recorder::{RecordError, Recorder, Submission};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testkit::proxy::{Cut, Proxy};
use uuid::Uuid;

use crate::{COMPACT, code, day, on, open, propose, recorder, submission};

const LEDGER: LedgerId = COMPACT.ledger();
const GROUP: GroupId = GroupId::new(Uuid::from_u128(30));

/// More messages than recording a meeting sends.
const ENOUGH: usize = 100;

const fn meeting(round: u128) -> MeetingId {
    MeetingId::new(Uuid::from_u128(10_000 + round))
}

const fn next(round: u128) -> MeetingId {
    MeetingId::new(Uuid::from_u128(20_000 + round))
}

const fn plan(round: u128) -> ActionPlanId {
    ActionPlanId::new(Uuid::from_u128(30_000 + round))
}

const fn commitment(round: u128) -> u128 {
    40_000 + round
}

async fn form_group(recorder: &Recorder) {
    let form = CompactCommand::FormGroup {
        group: GROUP,
        code: "LD".to_owned(),
        kind: GroupKind::Theme,
        name: "Learning and Development".to_owned(),
        note: None,
    };
    let (id, command) = (COMPACT, form);
    let form = submission(LEDGER, 31, vec![Command::Compact { id, command }]);
    recorder.record(form).await.expect("formed");
}

const fn action(round: u128) -> ActionId {
    ActionId::new(Uuid::from_u128(50_000 + round))
}

/// The plan, its objective, and the action.
fn raising(round: u128) -> [Command; 3] {
    let (plan, action) = (plan(round), action(round));
    let objective = ObjectiveId::new(Uuid::from_u128(60_000 + round));
    let of_plan = |command| Command::ActionPlan { id: plan, command };
    let set = ActionPlanCommand::SetActionPlan {
        group: GROUP,
        title: format!("Plan {round}"),
    };
    let add = ActionPlanCommand::AddObjective {
        objective,
        label: "1".to_owned(),
        words: ObjectiveWords {
            title: "Any other business".to_owned(),
            indicator: None,
        },
        commitment: None,
    };
    let raise = Change::SetAction {
        action,
        objective,
        text: "Check the list".into(),
        owner: Some("The facilitator".into()),
        timescale: None,
    };
    let raise = ActionPlanCommand::MakeChange { change: raise };
    [set, add, raise].map(of_plan)
}

/// A meeting that raises an action in a plan that is set with it, moves a commitment, and calls the next.
fn held(round: u128) -> Submission {
    let (plan, action) = (plan(round), action(round));
    let item = MinutedItemInput {
        item: Uuid::from_u128(70_000 + round).into(),
        words: ItemWordsInput {
            title: "Any other business".to_owned(),
            discussion: Some("It was discussed".into()),
            decision: None,
        },
        actions: vec![RaisedInput {
            label: None,
            plan,
            action,
        }],
        updates: Vec::new(),
        commitments: vec![Uuid::from_u128(commitment(round)).into()],
        carried_over: false,
    };
    let record = MeetingCommand::RecordMeeting {
        group: GROUP,
        time: None,
        venue: None,
        attendance: None,
        items: vec![item],
    };
    let call = MeetingCommand::CallMeeting {
        group: GROUP,
        arrangement: ArrangementInput {
            words: Some("October".to_owned()),
            ..ArrangementInput::default()
        },
    };
    let [set, add, raise] = raising(round);
    let commands = vec![
        Command::Meeting {
            id: meeting(round),
            command: record,
        },
        set,
        add,
        raise,
        on(commitment(round), CommitmentCommand::AgreeCommitment),
        Command::Meeting {
            id: next(round),
            command: call,
        },
    ];
    Submission {
        meeting: Some(MeetingRef {
            id: meeting(round),
            group: GROUP,
            held_on: day("2008-05-01"),
        }),
        ..submission(LEDGER, 80_000 + round, commands)
    }
}

/// How many entries each stream has that a meeting writes to: the compact's own beyond `compact`.
async fn written(pool: &PgPool, round: u128, compact: usize) -> [usize; 5] {
    let reader = ledger::Reader::new(pool.clone());
    let streams = [
        StreamId::meeting(meeting(round)),
        StreamId::action_plan(plan(round)),
        StreamId::commitment(Uuid::from_u128(commitment(round)).into()),
        StreamId::meeting(next(round)),
        StreamId::compact(COMPACT),
    ];
    let mut counts = [0; 5];
    for (count, stream) in counts.iter_mut().zip(streams) {
        let entries = reader.read_stream(LEDGER, stream, 0, 1_000).await;
        *count = entries.expect("entries").len();
    }
    counts[4] -= compact;
    counts
}

/// The commitment is there before the meeting; of the rest there is nothing.
const NOTHING: [usize; 5] = [0, 0, 1, 0, 0];
/// Held and minuted; set, with an objective and an action; agreed; called; the plan entered in the compact.
const EVERYTHING: [usize; 5] = [2, 3, 2, 1, 1];

async fn of_compact(pool: &PgPool) -> usize {
    let reader = ledger::Reader::new(pool.clone());
    let entries = reader.read_stream(LEDGER, StreamId::compact(COMPACT), 0, 1_000);
    entries.await.expect("entries").len()
}

/// Breaks the recording of a meeting off at this message, whoever sends it, and sends it again as the next process; whether it
/// was broken off at all.
async fn is_broken_off(pool: &PgPool, round: u128, cut: Cut, message: usize) -> bool {
    let (proxy, through) = Proxy::before(pool).await.expect("a proxy");
    let through = PgPoolOptions::new()
        .connect_lazy(&through)
        .expect("an address");
    let broken = recorder(&through).await;
    propose(&broken, 90_000 + round, commitment(round)).await;
    let compact = of_compact(pool).await;
    proxy.cut_after(cut, message);
    let answer = broken.record(held(round)).await;
    let cut = proxy.has_cut();
    let left = written(pool, round, compact).await;
    match &answer {
        Ok(answer) => assert_eq!((left, answer.repeated), (EVERYTHING, false)),
        Err(RecordError::Refused { .. }) => panic!("refused: {answer:?}"),
        Err(_) => assert!(
            cut && [NOTHING, EVERYTHING].contains(&left),
            "{left:?}: {answer:?}"
        ),
    }
    let next = recorder(pool).await;
    let again = next.record(held(round)).await.expect("recorded in the end");
    assert_eq!(again.repeated, left == EVERYTHING, "{answer:?}");
    assert_eq!(written(pool, round, compact).await, EVERYTHING);
    cut
}

async fn broken_off_everywhere(pool: &PgPool, cut: Cut) {
    form_group(&open(pool).await).await;
    for message in 0..ENOUGH {
        let round = u128::try_from(message).expect("a number");
        if !is_broken_off(pool, round, cut, message).await {
            assert!(message > 3, "recording takes more than {message} messages");
            return;
        }
    }
    panic!("recording takes more than {ENOUGH} messages");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_meeting_broken_off_before_any_message_is_recorded_whole_or_not_at_all(pool: PgPool) {
    broken_off_everywhere(&pool, Cut::BeforeForwarding).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_meeting_whose_answer_is_lost_after_any_message_is_recorded_whole_or_not_at_all(
    pool: PgPool,
) {
    broken_off_everywhere(&pool, Cut::BeforeTheAnswer).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_meeting_that_stops_in_the_middle_of_its_entries_leaves_none_of_them(pool: PgPool) {
    let recorder = open(&pool).await;
    form_group(&recorder).await;
    sqlx::raw_sql(
        "create table stop (at bigint not null);
         grant select on stop to compacts_recorder;
         create function stop() returns trigger language plpgsql as
         $$begin if new.position in (select at from stop) then raise exception 'stop'; end if; return new; end$$;
         create trigger stop before insert on ledger_entry for each row execute function stop()",
    )
    .execute(&pool)
    .await
    .expect("a trigger");
    let entries: usize = EVERYTHING.iter().sum::<usize>() - NOTHING.iter().sum::<usize>();
    for at in 0..entries {
        let round = 500 + u128::try_from(at).expect("a number");
        propose(&recorder, 90_000 + round, commitment(round)).await;
        let compact = of_compact(&pool).await;
        let head = ledger::Reader::new(pool.clone()).head(LEDGER).await;
        let head = head.expect("read").expect("a ledger").position;
        let stop = "insert into stop values ($1)";
        let position =
            i64::try_from(head).expect("a position") + i64::try_from(at).expect("few") + 1;
        let stop = sqlx::query(stop).bind(position).execute(&pool).await;
        stop.expect("set");
        let stopped = recorder.record(held(round)).await;
        assert!(stopped.is_err(), "entry {at}: {stopped:?}");
        assert_eq!(written(&pool, round, compact).await, NOTHING, "entry {at}");
        let gone = sqlx::query("delete from stop").execute(&pool).await;
        gone.expect("gone");
        recorder.record(held(round)).await.expect("recorded");
        assert_eq!(written(&pool, round, compact).await, EVERYTHING);
    }
}

/// What is looked at would show it.
#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn half_a_meeting_is_neither_nothing_nor_everything(pool: PgPool) {
    let recorder = open(&pool).await;
    form_group(&recorder).await;
    propose(&recorder, 90_001, commitment(1)).await;
    let compact = of_compact(&pool).await;
    assert_eq!(written(&pool, 1, compact).await, NOTHING);
    let whole = held(1);
    let half = Submission {
        commands: whole.commands[1..3].to_vec(),
        ..whole
    };
    recorder.record(half).await.expect("recorded");
    let left = written(&pool, 1, compact).await;
    assert!(![NOTHING, EVERYTHING].contains(&left), "{left:?}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_plan_of_a_groups_meetings_is_set_with_the_first_and_passed_over_with_the_next(
    pool: PgPool,
) {
    let recorder = open(&pool).await;
    form_group(&recorder).await;
    let plan = ActionPlanId::of_meetings(GROUP);
    let raising = |nth: u128| {
        let of_plan = |command| Command::ActionPlan { id: plan, command };
        let set = ActionPlanCommand::SetActionPlan {
            group: GROUP,
            title: "Actions from meetings".to_owned(),
        };
        let add = ActionPlanCommand::AddObjective {
            objective: Uuid::from_u128(600 + nth).into(),
            label: nth.to_string(),
            words: ObjectiveWords {
                title: "Business".to_owned(),
                indicator: None,
            },
            commitment: None,
        };
        submission(LEDGER, 700 + nth, vec![of_plan(set), of_plan(add)])
    };
    let before = of_compact(&pool).await;
    for nth in 1..=3 {
        recorder.record(raising(nth)).await.expect("recorded");
    }
    assert_eq!(of_compact(&pool).await, before + 1, "entered once");
    let reader = ledger::Reader::new(pool.clone());
    let entries = reader.read_stream(LEDGER, StreamId::action_plan(plan), 0, 10);
    assert_eq!(entries.await.expect("entries").len(), 4);
    let again = recorder.record(raising(1)).await.expect("the first answer");
    assert!(again.repeated);
    // By itself it would change nothing.
    let alone = Submission {
        commands: raising(9).commands[..1].to_vec(),
        ..raising(9)
    };
    let refused = recorder.record(alone).await.expect_err("refused");
    assert_eq!(code(&refused), "NOTHING_CHANGED");
}
