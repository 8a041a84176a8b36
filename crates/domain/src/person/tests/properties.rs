//! What holds of a person's record whatever is asked, in whatever order, dated whenever.

use std::collections::BTreeSet;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use futures::executor::block_on;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::event::StoredEvent;

fn a_text() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "c", " "])
}

fn somebody() -> impl Strategy<Value = PersonInput> {
    let email = proptest::option::of(select(vec!["a@b", "nowhere"]));
    (a_text(), email, 1..4_u128).prop_map(|(name, email, n)| PersonInput {
        name: own(name),
        position: None,
        organisation: Some(organisation(n).id),
        email: email.map(own),
        telephone: None,
    })
}

fn anything() -> impl Strategy<Value = PersonCommand> {
    prop_oneof![
        3 => somebody().prop_map(|terms| C::EnterPerson { terms }),
        6 => (somebody(), a_text())
            .prop_map(|(terms, reason)| C::CorrectPerson { terms, reason: reason.into() }),
        1 => a_text().prop_map(|reason| C::ErasePerson { reason: reason.into() }),
        2 => (68..72_u128, a_text()).prop_map(|(n, reason)| C::RedactText {
            text: SubjectId::new(Uuid::from_u128(n)),
            reason: reason.into(),
        }),
    ]
}

fn a_script() -> impl Strategy<Value = Vec<Asked>> {
    let steps = proptest::collection::vec((anything(), 0..4_u32), 1..24);
    steps.prop_map(|steps| {
        let dated = |(step, (command, jitter)): (u32, _)| on(1 + step / 3 + jitter, command);
        (0..).zip(steps).map(dated).collect()
    })
}

/// Lives a script through: where it ends, and what was written on the way.
fn live(script: Vec<Asked>) -> (Person, Vec<Lived>) {
    let mut record = Person::default();
    let mut lived = Vec::new();
    for asked in script {
        let before = record.clone();
        let sink = EventSink::default();
        let answer = block_on(record.handle(asked, &(), &sink));
        let written = block_on(sink.collect());
        assert_eq!(answer.is_ok(), !written.is_empty());
        if answer.is_err() {
            assert_eq!(record, before, "changed by a refusal");
        }
        lived.extend(written);
    }
    (record, lived)
}

fn replayed<'a>(lived: impl IntoIterator<Item = &'a Lived>) -> Person {
    let mut record = Person::default();
    for dated in lived {
        record.apply(dated.clone());
    }
    record
}

/// Says what in these events could not have happened, told without the record's own rules.
fn impossible<'a>(lived: impl IntoIterator<Item = &'a Lived>) -> Option<String> {
    use PersonEvent as E;
    let (mut said, mut over) = (None::<PersonTerms>, false);
    for dated in lived {
        let possible = match &dated.event {
            E::Entered(e) => said.replace(e.person.clone()).is_none(),
            E::Corrected(e) => {
                let changed = e.from != e.to;
                !over && changed && said.replace(e.to.clone()).as_ref() == Some(&e.from)
            }
            E::Erased(_) => said.is_some() && !std::mem::replace(&mut over, true),
            E::TextRedacted(e) => said.is_some() && e.text != person().subject(),
        };
        if !possible {
            return Some(format!("{dated:?}"));
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn replaying_the_events_gives_the_state_that_living_them_gave(script in a_script()) {
        let (record, lived) = live(script);
        prop_assert_eq!(replayed(&lived), record);
    }

    #[test]
    fn the_events_up_to_any_day_and_in_order_of_days_are_a_history_that_could_have_been(script in a_script()) {
        let (_, lived) = live(script);
        prop_assert_eq!(impossible(&lived), None);
        for day in 1..=20 {
            let until = lived.iter().filter(|dated| dated.occurred_on <= march(day));
            prop_assert_eq!(impossible(until), None, "as of {}", march(day));
        }
        let mut lived = lived;
        lived.sort_by_key(|dated| dated.occurred_on);
        prop_assert_eq!(impossible(&lived), None, "in order of days");
    }

    #[test]
    fn applying_events_in_any_order_never_panics(script in a_script()) {
        let (_, mut lived) = live(script);
        lived.reverse();
        replayed(&lived);
        replayed(lived.iter().step_by(2));
    }
}

#[test]
fn a_correction_after_an_erasure_is_noticed() {
    let correction = PersonCorrected {
        from: terms("The head"),
        to: terms("The new head"),
        reason: WHY.into(),
    };
    impossible(&and(erased(), 10, correction)).expect("noticed");
}

#[test]
fn the_scripts_bring_about_every_type_of_event() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..200 {
        let script = a_script()
            .new_tree(&mut runner)
            .expect("a script")
            .current();
        let (_, lived) = live(script);
        seen.extend(lived.iter().map(|dated| dated.event.kind()));
    }
    let all: BTreeSet<_> = PersonEvent::TYPES.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(seen, all);
}
