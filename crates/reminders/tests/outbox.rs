//! Each reminder is there once, and goes its way, whatever restarts and however many look.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ids::{GroupId, LedgerId};
use ledger::{Pool, Scope, ServiceRole};
use reminders::noticing::Notice;
use reminders::{Key, Kind, MAX_ATTEMPTS, Noted, Outbox, Reminder, State};
use sqlx::PgPool;
use testkit::service::sign_in;
use uuid::Uuid;
use views::PageRequest;

fn compact() -> LedgerId {
    LedgerId::new(Uuid::from_u128(1))
}

fn group(n: u128) -> GroupId {
    GroupId::new(Uuid::from_u128(100 + n))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn morning() -> DateTime<Utc> {
    at("2007-10-01T09:00:00Z")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// That an action is overdue since a date.
fn overdue(action: u128, due_on: &str) -> Notice {
    Notice {
        key: Key {
            ledger: compact(),
            kind: Kind::ActionOverdue,
            subject: Uuid::from_u128(action),
            occasion: day(due_on),
        },
        whole: Uuid::from_u128(50),
        groups: vec![group(action % 2)],
    }
}

async fn outbox(pool: &PgPool) -> Outbox {
    let mut work = Scope::from(compact()).begin(pool).await.expect("begun");
    let head = "insert into ledger_head (ledger_id, position, recorded_at) values ($1, 3, now())";
    let head = sqlx::query(head).bind(compact().uuid());
    head.execute(&mut *work).await.expect("a head");
    work.commit().await.expect("committed");
    Outbox::new(sign_in(pool, ServiceRole::Projector))
}

async fn all(outbox: &Outbox) -> Vec<Reminder> {
    let page = PageRequest::first(100, None);
    let page = outbox.page(compact(), (None, None), &page).await;
    page.expect("a page").into_nodes()
}

async fn states(outbox: &Outbox) -> Vec<State> {
    all(outbox)
        .await
        .into_iter()
        .map(|reminder| reminder.state)
        .collect()
}

async fn note(outbox: &Outbox, notices: &[Notice], now: DateTime<Utc>) -> Noted {
    outbox.note(compact(), notices, now).await.expect("noted")
}

async fn claim(outbox: &Outbox, now: DateTime<Utc>) -> Vec<Reminder> {
    outbox.claim(now, 10).await.expect("claimed")
}

const fn noted(new: u64, revived: u64, cancelled: u64) -> Noted {
    Noted {
        new,
        revived,
        cancelled,
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_holds_is_there_once_however_often_it_is_noted(pool: PgPool) {
    let outbox = outbox(&pool).await;
    let holds = [
        overdue(1, "2007-09-30"),
        overdue(2, "2007-09-15"),
        overdue(1, "2007-09-30"),
    ];
    assert_eq!(note(&outbox, &holds, morning()).await, noted(2, 0, 0));
    for later in 1..4 {
        let now = morning() + TimeDelta::days(later);
        assert_eq!(note(&outbox, &holds, now).await, Noted::default());
    }
    let found = all(&outbox).await;
    let occasions: Vec<NaiveDate> = found.iter().map(|it| it.key.occasion).collect();
    assert_eq!(occasions, [day("2007-09-15"), day("2007-09-30")]);
    assert!(
        found
            .iter()
            .all(|it| it.noticed_at == morning() && it.state == State::Due)
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn two_who_note_at_once_note_each_once(pool: PgPool) {
    let outbox = outbox(&pool).await;
    let holds: Vec<Notice> = (1..40).map(|n| overdue(n, "2007-09-30")).collect();
    let (one, two) = tokio::join!(
        note(&outbox, &holds, morning()),
        note(&outbox, &holds, morning() + TimeDelta::seconds(1))
    );
    assert_eq!(one.new + two.new, 39);
    assert_eq!(all(&outbox).await.len(), 39);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_holds_no_more_is_cancelled_and_another_date_is_another_occasion(pool: PgPool) {
    let outbox = outbox(&pool).await;
    note(&outbox, &[overdue(1, "2007-09-30")], morning()).await;
    // Rescheduled to November, and past that too.
    let moved = [overdue(1, "2007-11-30")];
    let later = at("2007-12-01T09:00:00Z");
    assert_eq!(note(&outbox, &moved, later).await, noted(1, 0, 1));
    assert_eq!(states(&outbox).await, [State::Cancelled, State::Due]);
    // Completed; then reopened with the date it had.
    assert_eq!(note(&outbox, &[], later).await, noted(0, 0, 1));
    let reopened = later + TimeDelta::days(1);
    assert_eq!(note(&outbox, &moved, reopened).await, noted(0, 1, 0));
    assert_eq!(states(&outbox).await, [State::Cancelled, State::Due]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_reminder_is_claimed_by_one_and_delivered_for_good(pool: PgPool) {
    let outbox = outbox(&pool).await;
    let holds = [overdue(1, "2007-09-30"), overdue(2, "2007-09-15")];
    note(&outbox, &holds, morning()).await;
    let (one, two) = tokio::join!(claim(&outbox, morning()), claim(&outbox, morning()));
    assert_eq!(one.len() + two.len(), 2, "each is claimed once");
    let claimed: Vec<Reminder> = one.into_iter().chain(two).collect();
    assert_eq!(claim(&outbox, morning()).await, []);
    for reminder in &claimed {
        assert_eq!((reminder.state, reminder.attempts), (State::Sending, 1));
        assert!(outbox.delivered(reminder, morning()).await.expect("noted"));
        assert!(
            !outbox.delivered(reminder, morning()).await.expect("noted"),
            "once"
        );
    }
    assert_eq!(states(&outbox).await, [State::Delivered; 2]);
    // It still holds, and it does not hold any more: it was sent, and stays so.
    let later = morning() + TimeDelta::days(9);
    assert_eq!(note(&outbox, &holds, later).await, Noted::default());
    assert_eq!(note(&outbox, &[], later).await, Noted::default());
    assert_eq!(claim(&outbox, later).await, []);
    assert_eq!(states(&outbox).await, [State::Delivered; 2]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn whoever_claimed_one_and_went_away_is_followed_by_another_and_comes_too_late(pool: PgPool) {
    let outbox = outbox(&pool).await;
    note(&outbox, &[overdue(1, "2007-09-30")], morning()).await;
    let lost = claim(&outbox, morning()).await.remove(0);
    let soon = morning() + TimeDelta::minutes(4);
    assert_eq!(claim(&outbox, soon).await, []);
    let later = morning() + TimeDelta::minutes(5);
    let taken = claim(&outbox, later).await.remove(0);
    assert_eq!((taken.key, taken.attempts), (lost.key, 2));
    assert!(
        !outbox.delivered(&lost, later).await.expect("noted"),
        "its claim ran out"
    );
    assert!(!outbox.failed(&lost, later).await.expect("noted"));
    assert!(outbox.delivered(&taken, later).await.expect("noted"));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn one_that_fails_waits_longer_each_time_and_is_given_up_after_the_last(pool: PgPool) {
    let outbox = outbox(&pool).await;
    note(&outbox, &[overdue(1, "2007-09-30")], morning()).await;
    let mut now = morning();
    for attempt in 1..=MAX_ATTEMPTS {
        let claimed = claim(&outbox, now).await.remove(0);
        assert_eq!(claimed.attempts, attempt);
        assert!(outbox.failed(&claimed, now).await.expect("noted"));
        let failed = all(&outbox).await.remove(0);
        assert_eq!(failed.state, State::Failed);
        let Some(next) = failed.next_try_at else {
            assert_eq!(attempt, MAX_ATTEMPTS);
            break;
        };
        assert_eq!(claim(&outbox, next - TimeDelta::seconds(1)).await, []);
        now = next;
    }
    assert_eq!(claim(&outbox, now + TimeDelta::days(900)).await, []);
    assert_eq!(
        note(&outbox, &[], now).await,
        noted(0, 0, 1),
        "and cancelled when it holds no more"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_table_refuses_every_way_that_there_is_not(pool: PgPool) {
    let outbox = outbox(&pool).await;
    for from in State::ALL {
        for to in State::ALL {
            if from == to {
                continue;
            }
            let moved = force(&pool, *from, *to).await;
            assert_eq!(moved, from.may_become(*to), "{from} to {to}");
        }
    }
    drop(outbox);
}

/// Moves a row from one state to another, by force, as somebody who forgot the rules would.
async fn force(pool: &Pool, from: State, to: State) -> bool {
    let mut work = Scope::from(compact()).begin(pool).await.expect("begun");
    let columns = |state: State| {
        let set = |is: bool| if is { "now()" } else { "null" };
        (set(state == State::Sending), set(state == State::Delivered))
    };
    let (claimed, delivered) = columns(from);
    let made = format!(
        "delete from reminder;
         insert into reminder (ledger_id, kind, subject_id, occasion, whole_id, groups, state, noticed_at, changed_at,
             claimed_until, delivered_at)
         values ('{0}', 'plan-stale', '{0}', '2007-10-01', '{0}', '{{}}', '{from}', now(), now(), {claimed}, {delivered})",
        compact()
    );
    let made = sqlx::raw_sql(sqlx::AssertSqlSafe(made));
    made.execute(&mut *work).await.expect("made");
    let (claimed, delivered) = columns(to);
    let moved = format!(
        "update reminder set state = '{to}', claimed_until = {claimed}, delivered_at = {delivered}"
    );
    let moved = sqlx::raw_sql(sqlx::AssertSqlSafe(moved))
        .execute(&mut *work)
        .await;
    moved.is_ok()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_list_of_any_page_size_has_each_once_and_a_lead_s_has_its_groups_alone(pool: PgPool) {
    let outbox = outbox(&pool).await;
    let dates = [
        "2007-09-15",
        "2007-09-30",
        "2007-09-30",
        "2007-10-01",
        "2007-10-01",
    ];
    let holds: Vec<Notice> = (1..).zip(dates).map(|(n, on)| overdue(n, on)).collect();
    note(&outbox, &holds, morning()).await;
    let whole: Vec<Key> = all(&outbox).await.iter().map(|it| it.key).collect();
    for backwards in [false, true] {
        let (mut found, mut from) = (Vec::new(), None);
        loop {
            let request = if backwards {
                PageRequest::last(2, from)
            } else {
                PageRequest::first(2, from)
            };
            let page = outbox
                .page(compact(), (Some(State::Due), None), &request)
                .await;
            let page = page.expect("a page");
            let goes_on = if backwards {
                page.has_previous_page
            } else {
                page.has_next_page
            };
            let next = if backwards {
                page.edges.first()
            } else {
                page.edges.last()
            };
            from = next.map(|edge| edge.cursor.clone());
            let keys: Vec<Key> = page.edges.iter().map(|edge| edge.node.key).collect();
            let at = if backwards { 0 } else { found.len() };
            found.splice(at..at, keys);
            if !goes_on {
                break;
            }
        }
        assert_eq!(found, whole, "backwards: {backwards}");
    }
    let request = PageRequest::first(10, None);
    let groups = [group(1)];
    let theirs = outbox
        .page(compact(), (None, Some(&groups)), &request)
        .await;
    assert_eq!(theirs.expect("a page").edges.len(), 3);
    let none = outbox.page(compact(), (None, Some(&[])), &request).await;
    assert_eq!(none.expect("a page").edges.len(), 0);
}
