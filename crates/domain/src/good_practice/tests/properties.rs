//! What holds of every piece of good practice, whatever was asked of it, in whatever order.

use proptest::prelude::*;

use super::*;
use crate::lives::{bring_about_every_event, live, replayed};

fn commands() -> impl Strategy<Value = GoodPracticeCommand> {
    let reason = || Just("because".to_owned());
    let summary = || proptest::sample::select(&["Half a day", "A day", "Two days"][..]);
    prop_oneof![
        3 => summary().prop_map(|says| C::WritePractice { terms: typed(says) }),
        4 => (summary(), any::<bool>()).prop_map(|(says, why)| {
            revise(says, why.then_some("because"))
        }),
        1 => reason().prop_map(|reason| C::WithdrawPractice { reason: reason.into() }),
        3 => proptest::sample::select(&Visibility::ALL[..]).prop_map(|to| C::ReleasePractice {
            to,
            reason: Some("because".into()),
        }),
        2 => (0..3_u128).prop_map(|n| C::AskAboutPractice {
            question: question(n),
            by: other_compact().id,
            text: "How?".into(),
        }),
        2 => (0..3_u128).prop_map(|n| C::AnswerQuestion {
            question: question(n),
            text: "So".into(),
        }),
        1 => reason().prop_map(|text| C::ThankForPractice {
            by: other_compact().id,
            text: text.into(),
        }),
        1 => reason().prop_map(|reason| C::RedactText {
            text: SubjectId::new(Uuid::from_u128(9)),
            reason: reason.into(),
        }),
    ]
}

fn scripts() -> impl Strategy<Value = Vec<Asked>> {
    let asked = (1..29_u32, commands()).prop_map(|(day, command)| on(day, command));
    proptest::collection::vec(asked, 0..40)
}

proptest! {
    #[test]
    fn a_replayed_practice_is_the_one_that_lived(script in scripts()) {
        let (practice, lived) = live::<GoodPractice>(script);
        prop_assert_eq!(&replayed::<GoodPractice>(&lived), &practice);
    }

    #[test]
    fn versions_are_numbered_without_a_gap_and_each_follows_from_the_one_before(script in scripts()) {
        let (_, lived) = live::<GoodPractice>(script);
        let mut stands: Option<(u32, PracticeTerms)> = None;
        for dated in lived {
            match dated.event {
                GoodPracticeEvent::Written(e) => {
                    prop_assert!(stands.is_none());
                    stands = Some((1, e.terms));
                }
                GoodPracticeEvent::Revised(e) => {
                    prop_assert_eq!(stands, Some((e.version - 1, e.from)));
                    stands = Some((e.version, e.to));
                }
                _ => prop_assert!(stands.is_some()),
            }
        }
    }

    #[test]
    fn once_it_was_shared_every_revision_says_what_and_why(script in scripts()) {
        let (_, lived) = live::<GoodPractice>(script);
        let mut shared = false;
        for dated in lived {
            match dated.event {
                GoodPracticeEvent::VisibilityChanged(e) => shared |= e.to.is_released(),
                GoodPracticeEvent::Revised(e) if shared => {
                    prop_assert!(e.changed.is_some() && e.reason.is_some());
                }
                _ => {}
            }
        }
    }
}

#[test]
fn scripts_bring_about_every_event() {
    bring_about_every_event::<GoodPractice, _, _>(&scripts(), 3000, GoodPracticeEvent::TYPES);
}

#[test]
fn every_text_of_a_command_is_shown_to_whoever_seals_it() {
    let mut asked = revise("A day", Some("because"));
    let mut count = 0;
    asked.texts(&mut |_| count += 1);
    assert_eq!(count, 4);
}
