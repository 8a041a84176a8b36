//! What holds of a person's record whatever is asked, in whatever order, dated whenever.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::lives;

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

/// Says what in these events could not have happened, told without the record's own rules.
fn possible<'a>(lived: impl IntoIterator<Item = &'a Lived>) -> Result<(), String> {
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
            return Err(format!("{dated:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn replaying_the_events_gives_the_state_that_living_them_gave(script in a_script()) {
        let (record, lived) = lives::live::<Person>(script);
        prop_assert_eq!(lives::replayed::<Person>(&lived), record);
    }

    #[test]
    fn the_events_up_to_any_day_and_in_order_of_days_are_a_history_that_could_have_been(script in a_script()) {
        let (_, lived) = lives::live::<Person>(script);
        prop_assert_eq!(lives::could_have_been(&lived, |lived| possible(lived)), Ok(()));
    }

    #[test]
    fn applying_events_in_any_order_never_panics(script in a_script()) {
        let (_, mut lived) = lives::live::<Person>(script);
        lived.reverse();
        lives::replayed::<Person>(&lived);
        lives::replayed::<Person>(lived.iter().step_by(2));
    }
}

#[test]
fn a_correction_after_an_erasure_is_noticed() {
    let correction = PersonCorrected {
        from: terms("The head"),
        to: terms("The new head"),
        reason: WHY.into(),
    };
    possible(&and(erased(), 10, correction)).expect_err("noticed");
}

#[test]
fn the_scripts_bring_about_every_type_of_event() {
    lives::bring_about_every_event::<Person, _, _>(&a_script(), 200, PersonEvent::TYPES);
}
