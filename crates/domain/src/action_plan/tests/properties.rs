//! What holds whatever is asked, in whatever order, dated whenever.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::witness::Witness;
use super::*;
use crate::event::StoredEvent;
use crate::lives;

type Script = Vec<Directed<ActionPlanCommand>>;

fn a_day(step: usize, jitter: u64) -> NaiveDate {
    july(27) + chrono::Days::new(step as u64 / 6 + jitter) - chrono::Days::new(3)
}

fn an_objective() -> impl Strategy<Value = ObjectiveId> {
    (1..5_u128).prop_map(objective)
}

fn an_action() -> impl Strategy<Value = ActionId> {
    (1..7_u128).prop_map(action)
}

fn a_text() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["a", "b", "c", "d", "e", "f", " "]).prop_map(Into::into)
}

fn a_label() -> impl Strategy<Value = String> {
    (1..5_u8).prop_map(|n| n.to_string())
}

fn a_note() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(a_text())
}

fn a_timescale() -> impl Strategy<Value = Timescale> {
    (a_text(), proptest::option::of(1..4_u32)).prop_map(|(text, due)| Timescale {
        text,
        due_on: due.map(september),
        note: None,
    })
}

fn some_words() -> impl Strategy<Value = ObjectiveWords> {
    (a_text(), a_note()).prop_map(|(title, indicator)| ObjectiveWords {
        title,
        indicator: indicator.map(Into::into),
    })
}

fn a_commitment() -> impl Strategy<Value = Option<CommitmentId>> {
    proptest::option::of((1..4_u128).prop_map(|n| commitment(n).id))
}

fn an_update() -> impl Strategy<Value = UpdateId> {
    (1..7_u128).prop_map(update)
}

/// Now and then an objective is named twice.
fn some_terms() -> impl Strategy<Value = UpdateTerms> {
    let some = proptest::sample::subsequence(vec![1, 1, 2, 3, 4_u128], 0..=3);
    (a_text(), some).prop_map(|(text, some)| UpdateTerms {
        text: text.into(),
        objectives: some.into_iter().map(objective).collect(),
    })
}

fn a_change() -> impl Strategy<Value = Change> {
    use Change as C;
    let reason = a_text;
    prop_oneof![
        3 => (an_action(), an_objective(), a_text(), a_note(), proptest::option::of(a_timescale()))
            .prop_map(|(action, objective, text, owner, timescale)| C::SetAction { action, objective, text: text.into(), owner: owner.map(Into::into), timescale }),
        1 => (an_objective(), a_text(), proptest::option::of(a_timescale()))
            .prop_map(|(objective, note, timescale)| C::NoteNoAction { objective, note: note.into(), timescale }),
        1 => (an_action(), a_note()).prop_map(|(action, note)| C::ProgressAction { action, note: note.map(Into::into) }),
        1 => (an_action(), a_timescale(), reason())
            .prop_map(|(action, timescale, reason)| C::RescheduleAction { action, timescale, reason: reason.into() }),
        1 => (an_action(), a_text(), a_note())
            .prop_map(|(action, owner, reason)| C::ReassignAction { action, owner: owner.into(), reason: reason.map(Into::into) }),
        1 => (an_action(), a_text(), reason())
            .prop_map(|(action, text, reason)| C::RewordAction { action, text: text.into(), reason: reason.into() }),
        1 => (an_action(), a_note()).prop_map(|(action, note)| C::CompleteAction { action, note: note.map(Into::into) }),
        1 => (an_action(), reason()).prop_map(|(action, reason)| C::DropAction { action, reason: reason.into() }),
        2 => (an_action(), reason()).prop_map(|(action, reason)| C::ReopenAction { action, reason: reason.into() }),
        1 => (an_action(), an_action(), reason())
            .prop_map(|(action, into, reason)| C::MergeAction { action, into, reason: reason.into() }),
        1 => (an_objective(), reason())
            .prop_map(|(objective, reason)| C::DropObjective { objective, reason: reason.into() }),
        2 => (an_objective(), reason())
            .prop_map(|(objective, reason)| C::ReinstateObjective { objective, reason: reason.into() }),
    ]
}

fn a_command() -> impl Strategy<Value = ActionPlanCommand> {
    use ActionPlanCommand as C;
    let changes = proptest::collection::vec(a_change(), 0..3);
    prop_oneof![
        1 => a_text().prop_map(|title| C::SetActionPlan { group: group().id, title }),
        1 => (a_text(), a_text()).prop_map(|(title, reason)| C::RetitleActionPlan { title, reason: reason.into() }),
        4 => (an_objective(), a_label(), some_words(), a_commitment())
            .prop_map(|(objective, label, words, commitment)| C::AddObjective { objective, label, words, commitment }),
        1 => (an_objective(), some_words(), a_text())
            .prop_map(|(objective, words, reason)| C::RewordObjective { objective, words, reason: reason.into() }),
        2 => (an_objective(), a_label(), a_text())
            .prop_map(|(objective, label, reason)| C::RenumberObjective { objective, label, reason: reason.into() }),
        1 => (an_objective(), a_commitment(), a_text())
            .prop_map(|(objective, commitment, reason)| C::LinkObjective { objective, commitment, reason: reason.into() }),
        5 => (an_update(), some_terms(), changes).prop_map(|(update, terms, changes)| C::RecordUpdate {
            update,
            text: terms.text,
            objectives: terms.objectives,
            changes,
        }),
        4 => (an_update(), some_terms(), a_text())
            .prop_map(|(update, terms, reason)| C::CorrectUpdate { update, terms, reason: reason.into() }),
        2 => (an_update(), a_text()).prop_map(|(update, reason)| C::WithdrawUpdate { update, reason: reason.into() }),
        15 => a_change().prop_map(make),
        1 => (proptest::sample::select(Visibility::ALL.to_vec()), a_note())
            .prop_map(|(to, reason)| C::ReleaseActionPlan { to, reason: reason.map(Into::into) }),
        1 => a_text().prop_map(redact),
    ]
}

/// Commands whose days wander back and forth around a slow advance, after the plan was set.
fn a_script() -> impl Strategy<Value = Script> {
    let steps = proptest::collection::vec((a_command(), 0..5_u64), 20..120);
    steps.prop_map(|steps| {
        let set = ActionPlanCommand::SetActionPlan {
            group: group().id,
            title: "plan".into(),
        };
        let rest = steps.into_iter().enumerate();
        std::iter::once(at(july(27), set))
            .chain(rest.map(|(step, (command, jitter))| at(a_day(step, jitter), command)))
            .collect()
    })
}

proptest! {
    // A script is some seventy commands, so a hundred scripts try thousands.
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn replaying_a_history_gives_the_plan_that_lived_it(script in a_script()) {
        let (plan, history) = lives::live::<ActionPlan>(script);
        prop_assert_eq!(lives::replayed::<ActionPlan>(&history), plan);
    }

    #[test]
    fn as_written_as_of_any_day_and_told_in_order_of_days_it_could_have_been(script in a_script()) {
        let (_, history) = lives::live::<ActionPlan>(script);
        prop_assert_eq!(lives::could_have_been(&history, |told| Witness::hears(told)), Ok(()));
    }

    #[test]
    fn an_event_is_read_back_as_it_was_written(script in a_script()) {
        for Dated { event, .. } in lives::live::<ActionPlan>(script).1 {
            let payload = event.payload().unwrap().to_string();
            let read = ActionPlanEvent::decode(event.kind(), event.schema_version(), &payload);
            prop_assert_eq!(read.unwrap(), event);
        }
    }

    #[test]
    fn any_events_in_any_order_can_be_folded(
        scripts in proptest::collection::vec(a_script(), 2),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..200),
    ) {
        let events: History = scripts.iter().flat_map(|script| lives::live::<ActionPlan>(script.clone()).1).collect();
        let shuffled: Vec<_> = picks.iter().map(|pick| pick.get(&events)).collect();
        let plan = lives::replayed::<ActionPlan>(shuffled.iter().copied());
        prop_assert_eq!(lives::replayed::<ActionPlan>(shuffled), plan);
    }
}

#[test]
fn the_scripts_reach_every_event_and_late_entries() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    let mut late = 0;
    let every: BTreeSet<_> = ActionPlanEvent::TYPES
        .iter()
        .map(|(kind, _)| *kind)
        .collect();
    for _ in 0..300 {
        if reached == every && late > 60 {
            break;
        }
        let script = a_script().new_tree(&mut runner).unwrap().current();
        let (_, history) = lives::live::<ActionPlan>(script);
        reached.extend(history.iter().map(|dated| dated.event.kind()));
        late += history
            .windows(2)
            .filter(|pair| pair[1].occurred_on < pair[0].occurred_on)
            .count();
    }
    assert_eq!(reached, every);
    assert!(late > 60, "only {late} entries out of date order");
}

fn recorded(objectives: &[u128]) -> UpdateRecorded {
    let UpdateTerms { text, objectives } = terms(objectives);
    UpdateRecorded {
        update_id: update(1),
        text,
        objectives,
    }
}

fn terms(objectives: &[u128]) -> UpdateTerms {
    UpdateTerms {
        text: "x".into(),
        objectives: objectives.iter().copied().map(objective).collect(),
    }
}

fn corrected(from: &[u128], to: &[u128]) -> UpdateCorrected {
    UpdateCorrected {
        update_id: update(1),
        from: terms(from),
        to: terms(to),
        reason: "x".into(),
    }
}

fn taken_back() -> ActionPlanEvent {
    UpdateWithdrawn {
        update_id: update(1),
        reason: "x".into(),
    }
    .into()
}

fn let_out(from: Visibility, to: Visibility) -> ActionPlanEvent {
    let reason = None;
    VisibilityChanged { from, to, reason }.into()
}

#[test]
fn the_witness_hears_a_history_that_could_not_have_been() {
    assert_eq!(Witness::hears(&plan()), Ok(()));
    let said = Some(update(1));
    let moved = |update_id| ActionProgressed {
        action_id: action(1),
        note: Some("moved on".into()),
        update_id,
    };
    let late_ref = ObjectiveRenumbered {
        objective_id: objective(1),
        from: "1".into(),
        to: "2".into(),
        reason: "x".into(),
    };
    let faults: Vec<(&str, Vec<ActionPlanEvent>)> = vec![
        (
            "an ended action changed",
            vec![dropped(1).into(), moved(None).into()],
        ),
        (
            "an open action under no live objective",
            vec![objective_dropped(1).into()],
        ),
        ("two live objectives with one ref", vec![late_ref.into()]),
        (
            "an action's id used again",
            vec![action_set(1, 1, "x").into()],
        ),
        ("no such update", vec![moved(said).into()]),
        (
            "merged into an ended action",
            vec![completed(2).into(), merged(1, 2).into()],
        ),
        (
            "a dropped objective changed",
            vec![objective_dropped(3).into(), action_set(3, 3, "x").into()],
        ),
        (
            "a change left without its update",
            vec![
                recorded(&[1, 2]).into(),
                moved(said).into(),
                corrected(&[1, 2], &[2]).into(),
            ],
        ),
        (
            "an update withdrawn twice",
            vec![recorded(&[1]).into(), taken_back(), taken_back()],
        ),
    ];
    for (what, planted) in faults {
        hears(what, planted);
    }
}

#[test]
fn the_witness_hears_a_release_that_could_not_have_been() {
    use Visibility::{Draft, Public, Region};
    hears("another visibility before", vec![let_out(Region, Public)]);
    hears(
        "taken back without a reason",
        vec![let_out(Draft, Public), let_out(Public, Draft)],
    );
}

#[track_caller]
fn hears(what: &str, planted: Vec<ActionPlanEvent>) {
    let mut history = plan();
    history.extend(planted.into_iter().map(|event| dated(september(24), event)));
    let heard = Witness::hears(&history).unwrap_err();
    assert!(heard.starts_with(what), "{heard}");
}
