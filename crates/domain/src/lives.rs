//! Lives of aggregates, as the tests of each of them tell them: a script of commands is asked, in whatever order and dated
//! whenever, and what must hold of every life is looked at.

use std::collections::BTreeSet;
use std::fmt::Debug;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use futures::executor::block_on;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::{Dated, StoredEvent};

/// Lives a script through: where it ends, and what was written on the way. A refusal changes and writes nothing, and what is
/// accepted is written.
pub(crate) fn live<A>(script: impl IntoIterator<Item = A::Command>) -> (A, Vec<A::Event>)
where
    A: Aggregate<Services = ()> + Clone + Debug + PartialEq,
{
    let mut aggregate = A::default();
    let mut lived = Vec::new();
    for asked in script {
        let before = aggregate.clone();
        let sink = EventSink::default();
        let answer = block_on(aggregate.handle(asked, &(), &sink));
        let written = block_on(sink.collect());
        assert_eq!(answer.is_ok(), !written.is_empty(), "{answer:?}");
        if answer.is_err() {
            assert_eq!(aggregate, before, "changed by a refusal");
        }
        lived.extend(written);
    }
    (aggregate, lived)
}

/// What these events make of an aggregate that nothing has happened to.
pub(crate) fn replayed<'a, A: Aggregate>(lived: impl IntoIterator<Item = &'a A::Event>) -> A
where
    A::Event: 'a,
{
    let mut aggregate = A::default();
    for event in lived {
        aggregate.apply(event.clone());
    }
    aggregate
}

/// Has `witness` hear a life in the order it was written, as it was up to every day of it, and in the order of its days: what
/// could not have been, in any of them.
pub(crate) fn could_have_been<E: Clone>(
    lived: &[Dated<E>],
    witness: impl Fn(&[Dated<E>]) -> Result<(), String>,
) -> Result<(), String> {
    witness(lived)?;
    let days: BTreeSet<_> = lived.iter().map(|dated| dated.occurred_on).collect();
    for day in days {
        let until = lived.iter().filter(|dated| dated.occurred_on <= day);
        let until: Vec<Dated<E>> = until.cloned().collect();
        witness(&until).map_err(|heard| format!("as of {day}: {heard}"))?;
    }
    let mut in_order = lived.to_vec();
    in_order.sort_by_key(|dated| dated.occurred_on);
    witness(&in_order).map_err(|heard| format!("in order of days: {heard}"))
}

/// Checks that so many scripts bring about every type of event there is.
pub(crate) fn bring_about_every_event<A, E, V>(
    scripts: &impl Strategy<Value = Vec<A::Command>>,
    count: usize,
    types: &[(&'static str, V)],
) where
    A: Aggregate<Services = (), Event = Dated<E>> + Clone + Debug + PartialEq,
    E: StoredEvent,
{
    let mut runner = TestRunner::deterministic();
    let all: BTreeSet<_> = types.iter().map(|(kind, _)| *kind).collect();
    let mut seen = BTreeSet::new();
    for _ in 0..count {
        let script = scripts.new_tree(&mut runner).expect("a script").current();
        let (_, lived) = live::<A>(script);
        seen.extend(lived.iter().map(|dated| dated.event.kind()));
    }
    assert_eq!(seen, all);
}
