//! What holds of an assessment or a challenge whatever is asked, in whatever order, dated whenever.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::lives;

fn a_text() -> impl Strategy<Value = Text> {
    select(vec!["a", "b", "c", " "]).prop_map(Into::into)
}

fn an_about() -> impl Strategy<Value = AboutInput> {
    let outcome = select(vec![
        None,
        Some(reading(3)),
        Some(achievement(4)),
        Some(reading(5)),
    ]);
    let position = select(vec![None, Some(12), Some(41)]);
    (outcome, position).prop_map(|(outcome, position)| asked_of(outcome, position))
}

fn a_judgement() -> impl Strategy<Value = Judgement> {
    let completion = select(Completion::ALL.to_vec());
    let confidence = select(Confidence::ALL.to_vec());
    (completion, confidence, a_text()).prop_map(|(completion, confidence, comment)| Judgement {
        completion,
        confidence,
        comment,
    })
}

fn anything() -> impl Strategy<Value = AssessmentCommand> {
    let found = select(vec![None, Some(Figure::from(7)), Some(Figure::from(-7))]);
    prop_oneof![
        2 => (an_about(), a_judgement()).prop_map(|(about, judgement)| C::Assess { about, judgement }),
        2 => (an_about(), found, a_text())
            .prop_map(|(about, found, comment)| C::ChallengeOutcome { about, found, comment }),
        4 => (a_judgement(), a_text())
            .prop_map(|(judgement, reason)| C::ReviseAssessment { judgement, reason }),
        4 => a_text().prop_map(|text| C::AnswerChallenge { text }),
        1 => a_text().prop_map(|reason| C::WithdrawAssessment { reason }),
        1 => a_text().prop_map(|reason| C::WithdrawChallenge { reason }),
        3 => (select(Visibility::ALL.to_vec()), proptest::option::of(a_text()))
            .prop_map(|(to, reason)| C::ReleaseAssessment { to, reason }),
        3 => (select(Visibility::ALL.to_vec()), proptest::option::of(a_text()))
            .prop_map(|(to, reason)| C::ReleaseChallenge { to, reason }),
        1 => a_text().prop_map(|reason| C::RedactText {
            text: SubjectId::new(Uuid::from_u128(9)),
            reason,
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

/// Says what in these events could not have happened, told without the aggregate's own rules.
fn possible<'a>(lived: impl IntoIterator<Item = &'a Lived>) -> Result<(), String> {
    use AssessmentEvent as E;
    let (mut says, mut doubted, mut over) = (None::<Judgement>, false, false);
    let mut let_out = Visibility::Draft;
    for dated in lived {
        let begun = says.is_some() || doubted;
        let possible = match &dated.event {
            E::Made(e) => !begun && says.replace(e.judgement.clone()).is_none(),
            E::Challenged(_) => !begun && !std::mem::replace(&mut doubted, true),
            E::Revised(e) => {
                let before = says.replace(e.to.clone());
                !over && e.from != e.to && before.as_ref() == Some(&e.from)
            }
            E::Answered(_) => !over && doubted,
            E::Withdrawn(_) => begun && !std::mem::replace(&mut over, true),
            E::VisibilityChanged(e) => {
                let told = std::mem::replace(&mut let_out, e.to);
                let why = e.to > e.from || e.reason.is_some();
                begun && told == e.from && e.from != e.to && why
            }
            E::TextRedacted(_) => begun,
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
        let (record, lived) = lives::live::<Assessment>(script);
        prop_assert_eq!(lives::replayed::<Assessment>(&lived), record);
    }

    #[test]
    fn the_events_up_to_any_day_and_in_order_of_days_are_a_history_that_could_have_been(script in a_script()) {
        let (_, lived) = lives::live::<Assessment>(script);
        prop_assert_eq!(lives::could_have_been(&lived, |lived| possible(lived)), Ok(()));
    }
}

#[test]
fn the_scripts_bring_about_every_type_of_event() {
    lives::bring_about_every_event::<Assessment, _, _>(&a_script(), 400, AssessmentEvent::TYPES);
}

#[test]
fn what_could_not_have_happened_is_not_believed() {
    let answered = ChallengeAnswered { text: WHY.into() };
    for impossible in [
        vec![was(1, answered.clone())],
        and(assessed(), 3, answered),
        and(assessed(), 3, challenged_with(None, None)),
    ] {
        possible(&impossible).expect_err("an impossible history");
    }
}
