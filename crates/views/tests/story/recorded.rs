//! Stories recorded in a ledger and projected, and lists walked.

use std::future::Future;
use std::sync::Arc;

use domain::clock::SystemClock;
use domain::{Dated, Event, LedgerEvent};
use ledger::{
    Append, Entry, Ledger, NewEvent, Options, Reader, RequestDigest, ServiceRole, StreamAppend,
};
use sqlx::PgPool;
use testkit::service::sign_in;
use views::{Cursor, Page, PageRequest, Projection, QueryError, Walk};

use super::{LEDGER, Story, compact};

pub fn start(pool: &PgPool) -> Ledger {
    let pool = sign_in(pool, ServiceRole::Recorder);
    Ledger::start(pool, Options::default(), Arc::new(SystemClock))
}

pub fn new_event(entry: &Entry) -> NewEvent {
    fn of<E: domain::StoredEvent>(entry: &Entry, event: &E) -> NewEvent
    where
        Dated<E>: LedgerEvent<Stored = E>,
    {
        let dated = Dated {
            occurred_on: entry.recorded.occurred_on,
            meeting: entry.recorded.meeting,
            event: event.clone(),
        };
        NewEvent::of(&dated).expect("an event")
    }
    match &entry.event {
        Event::Region(event) => of(entry, event),
        Event::Compact(event) => of(entry, event),
        Event::Commitment(event) => of(entry, event),
        Event::ActionPlan(event) => of(entry, event),
        Event::Person(event) => of(entry, event),
        Event::Meeting(event) => of(entry, event),
        Event::GoodPractice(event) => of(entry, event),
        Event::Adoption(event) => of(entry, event),
        Event::Assessment(event) => of(entry, event),
    }
}

pub async fn record(ledger: &Ledger, entry: &Entry) {
    let recorded = &entry.recorded;
    let append = Append {
        ledger: recorded.ledger,
        command: recorded.command,
        digest: RequestDigest::of(&recorded.position.to_be_bytes()),
        actor: recorded.actor.clone(),
        role: recorded.role.clone(),
        causation: None,
        streams: vec![StreamAppend {
            stream: recorded.stream,
            expected_version: recorded.stream_version - 1,
            events: vec![new_event(entry)],
        }],
    };
    ledger.append(append).await.expect("it is recorded");
}

pub async fn record_all(ledger: &Ledger, story: &Story) {
    for entry in &story.entries {
        record(ledger, entry).await;
    }
}

pub fn projection(pool: &PgPool) -> Projection {
    let pool = sign_in(pool, ServiceRole::Projector);
    Projection::new(Reader::new(pool.clone()), pool)
}

/// Folds what there is, until nothing moves any more.
pub async fn project(pool: &PgPool) {
    let projection = projection(pool);
    loop {
        let step = projection.step(LEDGER).await.expect("a step");
        if step.caught_up || (step.folded == 0 && step.parked.is_empty()) {
            return;
        }
    }
}

/// The whole story recorded and projected.
pub async fn told(pool: &PgPool) -> Ledger {
    let ledger = start(pool);
    record_all(&ledger, &compact()).await;
    project(pool).await;
    ledger
}

/// Walks a list one row at a time and gives every id seen, in order; and sees to it that pages of any size,
/// walked either way, show the same.
pub async fn walk<T, F>(
    mut next: impl FnMut(PageRequest) -> F,
    id: impl Fn(&T) -> String,
) -> Vec<String>
where
    F: Future<Output = Result<Page<T>, QueryError>>,
{
    let mut seen = None;
    for size in 1..=4 {
        let forwards = pages(&mut next, &id, size, Walk::Forwards).await;
        let mut backwards = pages(&mut next, &id, size, Walk::Backwards).await;
        backwards.reverse();
        assert_eq!(forwards.concat(), backwards.concat(), "pages of {size}");
        let seen = seen.get_or_insert_with(|| forwards.concat());
        assert_eq!(*seen, forwards.concat(), "pages of {size}");
    }
    seen.unwrap_or_default()
}

/// The ids on every page of a list, page by page in the order walked.
pub async fn pages<T, F>(
    next: &mut impl FnMut(PageRequest) -> F,
    id: &impl Fn(&T) -> String,
    size: u32,
    walk: Walk,
) -> Vec<Vec<String>>
where
    F: Future<Output = Result<Page<T>, QueryError>>,
{
    let (mut seen, mut from) = (Vec::new(), None);
    loop {
        let started = from.is_some();
        let request = match walk {
            Walk::Forwards => PageRequest::first(size, from),
            Walk::Backwards => PageRequest::last(size, from),
        };
        let page = next(request).await.expect("a page");
        let (edge, more, came_from) = match walk {
            Walk::Forwards => (
                page.edges.last(),
                page.has_next_page,
                page.has_previous_page,
            ),
            Walk::Backwards => (
                page.edges.first(),
                page.has_previous_page,
                page.has_next_page,
            ),
        };
        assert_eq!(came_from, started, "{walk:?}, pages of {size}");
        from = edge.map(|edge| Cursor::from_client(edge.cursor.as_str()));
        seen.push(page.edges.iter().map(|edge| id(&edge.node)).collect());
        if !more {
            return seen;
        }
    }
}
