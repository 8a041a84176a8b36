//! What holds of every adoption, whatever was asked of it, in whatever order.

use proptest::prelude::*;

use super::*;
use crate::Texts;
use crate::lives::{bring_about_every_event, live, replayed};

fn commands() -> impl Strategy<Value = AdoptionCommand> {
    let version = || proptest::sample::select(&[None, Some(1), Some(2)][..]);
    prop_oneof![
        3 => version().prop_map(|version| adopt(from(&theirs(), 51, version), None)),
        3 => proptest::option::of(version()).prop_map(|version| {
            adapt(version.map(|version| from(&theirs(), 51, version)), None)
        }),
        2 => Just(C::ReportResult {
            text: "Forty people".into(),
            evidence: None,
        }),
        1 => Just(C::WithdrawAdoption { reason: "because".into() }),
        2 => proptest::sample::select(&Visibility::ALL[..]).prop_map(|to| C::ReleaseAdoption {
            to,
            reason: Some("because".into()),
        }),
        1 => Just(C::RedactText {
            text: SubjectId::new(Uuid::from_u128(9)),
            reason: "because".into(),
        }),
    ]
}

fn scripts() -> impl Strategy<Value = Vec<Asked>> {
    let asked = (1..29_u32, commands()).prop_map(|(day, command)| on(day, command));
    proptest::collection::vec(asked, 0..30)
}

proptest! {
    #[test]
    fn a_replayed_adoption_is_the_one_that_lived(script in scripts()) {
        let (adoption, lived) = live::<Adoption>(script);
        prop_assert_eq!(&replayed::<Adoption>(&lived), &adoption);
    }

    #[test]
    fn it_begins_once_and_the_version_it_follows_only_rises(script in scripts()) {
        let (_, lived) = live::<Adoption>(script);
        let mut follows = 0;
        for (at, dated) in lived.iter().enumerate() {
            match &dated.event {
                AdoptionEvent::Adopted(e) => {
                    prop_assert_eq!(at, 0);
                    follows = e.practice.version;
                }
                AdoptionEvent::Adapted(e) => {
                    let Some(followed) = &e.following else { continue };
                    prop_assert!(followed.version > follows);
                    follows = followed.version;
                }
                _ => prop_assert!(at > 0),
            }
        }
    }
}

#[test]
fn scripts_bring_about_every_event() {
    bring_about_every_event::<Adoption, _, _>(&scripts(), 3000, AdoptionEvent::TYPES);
}

#[test]
fn every_text_of_a_command_is_shown_to_whoever_seals_it() {
    for mut command in [adopt(from(&theirs(), 51, None), None), adapt(None, None)] {
        let mut count = 0;
        command.texts(&mut |_| count += 1);
        assert_eq!(count, 1);
    }
}
