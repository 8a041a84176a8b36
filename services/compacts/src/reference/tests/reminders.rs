//! The papers as they stood on 1 October 2007, and exactly what was to be seen to that morning.

use std::sync::Arc;
use std::time::Duration;

use ::reminders::noticing::Terms;
use ::reminders::{Kind, Reminder, Rounds, State};
use access::Access;
use chrono::{DateTime, NaiveDate, Utc};
use domain::clock::SystemClock;
use domain::ids::LedgerId;
use ledger::{Ledger, Options, Pool, ServiceRole};
use recorder::Recorder;
use sqlx::PgPool;
use testkit::service::{sign_in, vault};
use views::{ActionPlanView, MeetingView, PageRequest, Projection, ViewReader};

use super::planned;
use crate::reference::{Plan, import};

/// That morning.
fn morning() -> DateTime<Utc> {
    "2007-10-01T07:00:00Z".parse().expect("a moment")
}

fn first_of_october() -> NaiveDate {
    morning().date_naive()
}

/// What the papers tell up to a day.
fn known_on(day: NaiveDate) -> Plan {
    let mut plan = planned();
    plan.steps.retain(|step| step.on <= day);
    plan
}

/// A database that has come as far as the papers had that morning.
async fn imported(pool: &Pool) -> Ledger {
    let ledger = Ledger::start(pool.clone(), Options::default(), Arc::new(SystemClock));
    let access = Arc::new(Access::load().expect("the policies"));
    let vault = vault(pool).await;
    let recorder = Recorder::new(ledger.clone(), access, vault, Arc::new(SystemClock), 1_000);
    let record = async |submission| recorder.record_own(submission).await;
    import(record, &known_on(first_of_october()), |_| {})
        .await
        .expect("imported");
    let projection = Projection::new(ledger.reader().clone(), pool.clone());
    for id in ledger.reader().ledgers().await.expect("ledgers") {
        while !projection.step(id).await.expect("a step").caught_up {}
    }
    ledger
}

/// What a reminder is about, in words.
async fn about(views: &ViewReader, reminder: &Reminder) -> String {
    let key = reminder.key;
    let one = match key.kind {
        Kind::ActionOverdue | Kind::ActionDueSoon => {
            let plan = views
                .one::<ActionPlanView>(key.ledger, reminder.whole)
                .await;
            let mut plan = plan.expect("a plan").expect("it is there");
            views.open(key.ledger, [&mut plan]).await.expect("opened");
            let found = plan.action(key.subject.into());
            let (objective, action) = found.expect("an action");
            let text = action.text.shown().to_owned();
            format!("{} {}: {text}", plan.group.code, objective.label.current)
        }
        Kind::PlanStale => {
            let plan = views.one::<ActionPlanView>(key.ledger, key.subject).await;
            plan.expect("a plan").expect("it is there").title.current
        }
        Kind::MinutesToCirculate | Kind::MinutesToAgree => {
            let meeting = views.one::<MeetingView>(key.ledger, key.subject).await;
            meeting.expect("a meeting").expect("it is there").group.name
        }
        Kind::CommitmentStale => "a commitment".to_owned(),
    };
    format!("{} {} {one}", key.kind, key.occasion)
}

async fn due(views: &ViewReader, rounds: &Rounds, ledgers: &[LedgerId]) -> Vec<String> {
    let mut due = Vec::new();
    for ledger in ledgers {
        let page = PageRequest::first(100, None);
        let page = rounds
            .outbox()
            .page(*ledger, (Some(State::Due), None), &page)
            .await;
        for reminder in page.expect("a page").into_nodes() {
            due.push(about(views, &reminder).await);
        }
    }
    due
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn on_the_first_of_october_2007_exactly_this_was_to_be_seen_to(pool: PgPool) {
    let ledger = imported(&pool).await;
    let looking = sign_in(&pool, ServiceRole::Projector);
    let rounds = Rounds::new(looking, Terms::default(), Duration::from_mins(5));
    let ticked = rounds
        .tick(morning(), first_of_october())
        .await
        .expect("a round");
    let ledgers = ledger.reader().ledgers().await.expect("ledgers");
    assert_eq!(ticked.looked.len(), ledgers.len());
    assert!(ticked.looked.iter().all(|(_, looked)| looked.is_ok()));
    let views = ViewReader::new(pool.clone()).opening(vault(&pool).await);
    let found = due(&views, &rounds, &ledgers).await;
    assert_eq!(found, EXPECTED);

    // Looked at again, at once and after a restart, by one and by two: nothing more and nothing less.
    let again = rounds
        .tick(morning(), first_of_october())
        .await
        .expect("a round");
    assert_eq!(again.looked.len(), 0, "it is nobody's turn");
    let looking = sign_in(&pool, ServiceRole::Projector);
    let other = Rounds::new(looking, Terms::default(), Duration::from_mins(5));
    let later = morning() + Duration::from_mins(6);
    let (one, two) = tokio::join!(
        rounds.tick(later, first_of_october()),
        other.tick(later, first_of_october())
    );
    let (one, two) = (one.expect("a round"), two.expect("a round"));
    assert_eq!(
        one.looked.len() + two.looked.len(),
        ledgers.len(),
        "each by one of them"
    );
    assert_eq!(due(&views, &rounds, &ledgers).await, EXPECTED);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_look_that_stopped_after_any_step_is_made_again_and_comes_to_the_same(pool: PgPool) {
    let ledger = imported(&pool).await;
    let every = Duration::from_mins(5);
    let looking = sign_in(&pool, ServiceRole::Projector);
    let rounds = Rounds::new(looking.clone(), Terms::default(), every);
    let ledgers = ledger.reader().ledgers().await.expect("ledgers");
    // Taken, and never looked at: as if the process had died between the two.
    let mut work = ledger::Scope::Everywhere.begin(&pool).await.expect("begun");
    let taken =
        "insert into reminder_look (ledger_id, taken_at) select ledger_id, $1 from ledger_head";
    let taken = sqlx::query(taken).bind(morning()).execute(&mut *work).await;
    taken.expect("taken");
    work.commit().await.expect("committed");
    let none = rounds
        .tick(morning(), first_of_october())
        .await
        .expect("a round");
    assert_eq!(none.looked.len(), 0);
    let later = morning() + every;
    assert_eq!(
        rounds.outbox().looked_at().await.expect("a moment"),
        Some(morning())
    );
    // Looked at, and written twice: as if the process had died after the outbox was written.
    for moment in [later, later, later + every] {
        let ticked = rounds
            .tick(moment, first_of_october())
            .await
            .expect("a round");
        assert!(ticked.looked.iter().all(|(_, looked)| looked.is_ok()));
        for ledger in &ledgers {
            let noted = rounds.look(*ledger, moment, first_of_october()).await;
            assert_eq!(noted.expect("looked at"), ::reminders::Noted::default());
        }
    }
    let views = ViewReader::new(pool.clone()).opening(vault(&pool).await);
    assert_eq!(due(&views, &rounds, &ledgers).await, EXPECTED);
    ledger.shutdown().await;
}

/// In the order of the compacts' ledgers. The action of objective 3 was moved to November a week before; the minutes of that meeting have
/// a week left; and nobody had agreed or circulated those of the summer.
const EXPECTED: &[&str] = &[
    "action-overdue 2007-09-30 RR 1: A shared stand at the September jobs fair, for organisations that would not otherwise be there.",
    "minutes-to-circulate 2007-06-21 Learning and Development Theme Group",
    "action-overdue 2007-06-30 LD 2: Circulate who does what, so that organisations can take up best practice from one another.",
    "minutes-to-circulate 2007-07-27 Steering Group",
    "action-overdue 2007-07-31 LD 1: Pool the training programmes of a range of public sector organisations, to advise the sector of possible models; E&D programmes first, as a pilot.",
    "action-overdue 2007-07-31 LD 4: Broad-brush research into what the pledge raises for public sector organisations.",
    "action-overdue 2007-08-31 RR 4: Share the County Council's strategy on employing people with learning difficulties or disabilities (due August 2007); look at migrant workers at the next meeting.",
    "action-due-soon 2007-10-05 RR 6: Stage two events on the training initiatives open to the sector.",
];
