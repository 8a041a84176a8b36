//! Updates: words for one or several objectives, and the changes they carry.

use super::*;
use crate::refusal::{Item, Refusal};

fn record(objectives: &[u128], changes: Vec<Change>) -> ActionPlanCommand {
    ActionPlanCommand::RecordUpdate {
        update: update(1),
        text: " Taken together in one event. ".into(),
        objectives: objectives.iter().copied().map(objective).collect(),
        changes,
    }
}

fn recorded(objectives: &[u128]) -> UpdateRecorded {
    UpdateRecorded {
        update_id: update(1),
        text: "Taken together in one event.".into(),
        objectives: objectives.iter().copied().map(objective).collect(),
    }
}

fn complete(n: u128) -> Change {
    Change::CompleteAction {
        action: action(n),
        note: None,
    }
}

fn progress(n: u128) -> Change {
    Change::ProgressAction {
        action: action(n),
        note: None,
    }
}

fn drop_objective(n: u128) -> Change {
    Change::DropObjective {
        objective: objective(n),
        reason: "not practical".into(),
    }
}

/// The refusal of one of the objectives an update speaks for.
fn at_objective(at: usize, refusal: ActionPlanError) -> ActionPlanError {
    ActionPlanError::InList {
        item: Item::of("objectiveIds", at),
        refusal: Box::new(refusal),
    }
}

/// The refusal of the one change an update carries.
fn only_change(refusal: &ActionPlanError) -> ActionPlanError {
    let error = ActionPlanError::InChange {
        number: 1,
        of: 1,
        refusal: Box::new(refusal.clone()),
    };
    assert_eq!(error.to_string(), refusal.to_string());
    error
}

#[test]
fn one_update_speaks_for_several_objectives_in_the_order_named() {
    accepts(
        plan(),
        record(&[3, 1, 2], vec![]),
        vec![recorded(&[3, 1, 2])],
    );
}

#[test]
fn an_update_needs_words_and_at_least_one_objective_each_known_and_named_once() {
    let wordless = ActionPlanCommand::RecordUpdate {
        update: update(1),
        text: " ".into(),
        objectives: vec![objective(1)],
        changes: vec![],
    };
    let error = missing("text", "what the update says");
    refuses(plan(), wordless, error);
    refuses(plan(), record(&[], vec![]), ActionPlanError::NoObjectives);
    let stranger = record(&[1, 9], vec![]);
    let unknown = at_objective(1, ActionPlanError::UnknownObjective);
    assert_eq!(unknown.path().as_deref(), Some("objectiveIds.1"));
    assert_eq!(unknown.code(), "UNKNOWN_OBJECTIVE");
    refuses(plan(), stranger, unknown);
    let twice = ActionPlanError::ObjectiveTwice { label: "2".into() };
    refuses(plan(), record(&[2, 1, 2], vec![]), at_objective(2, twice));
}

#[test]
fn an_updates_id_is_never_used_again() {
    let history = plan_and(recorded(&[1]));
    let error = ActionPlanError::IdTaken(Kind::Update);
    refuses(history, record(&[2], vec![]), error);
}

#[test]
fn an_updates_words_may_be_typed_up_late_and_speak_of_a_dropped_objective() {
    let mut history = plan_and(completed(1));
    history.push(dated(september(24), objective_dropped(3)));
    accepts(history.clone(), record(&[3], vec![]), vec![recorded(&[3])]);
    TestFramework::<ActionPlan>::with(())
        .given(history)
        .when(at(july(27), record(&[1, 3], vec![])))
        .then_expect_events(vec![dated(july(27), recorded(&[1, 3]))]);
}

#[test]
fn an_update_does_not_speak_for_an_objective_that_had_not_joined() {
    let error = ActionPlanError::BeforeObjective {
        label: "4".into(),
        added_on: september(24),
    };
    let history = plan_and(added(4, "4", "The Skills Pledge"));
    let error = at_objective(1, error);
    refuses_on(september(23), history, record(&[1, 4], vec![]), error);
}

#[test]
fn every_change_an_update_carries_names_the_update() {
    let update_id = Some(update(1));
    let changes = vec![
        progress(1),
        complete(1),
        Change::NoteNoAction {
            objective: objective(1),
            note: "done".into(),
            timescale: None,
        },
        drop_objective(2),
    ];
    let events: Vec<ActionPlanEvent> = vec![
        recorded(&[1, 2]).into(),
        ActionProgressed {
            action_id: action(1),
            note: None,
            update_id,
        }
        .into(),
        ActionCompleted {
            update_id,
            ..completed(1)
        }
        .into(),
        NoActionNoted {
            objective_id: objective(1),
            note: "done".into(),
            timescale: None,
            update_id,
        }
        .into(),
        ActionDropped {
            update_id,
            reason: "not practical".into(),
            ..dropped(2)
        }
        .into(),
        ObjectiveDropped {
            update_id,
            ..objective_dropped(2)
        }
        .into(),
    ];
    accepts(plan(), record(&[1, 2], changes), events);
}

#[test]
fn each_change_is_decided_on_the_plan_as_the_ones_before_it_leave_it() {
    let error = ActionPlanError::InChange {
        number: 2,
        of: 2,
        refusal: Box::new(ActionPlanError::ActionEnded {
            ended: Ended::Completed,
            deed: ActionDeed::Progress,
        }),
    };
    assert_eq!(error.path().as_deref(), Some("changes.1.actionId"));
    refuses(plan(), record(&[1], vec![complete(1), progress(1)]), error);
}

#[test]
fn a_refused_change_refuses_the_whole_update_and_leaves_no_trace() {
    let mut live = ActionPlan::default();
    for event in plan() {
        cqrs_es::Aggregate::apply(&mut live, event);
    }
    let before = live.clone();
    let command = at(september(24), record(&[1], vec![complete(1), progress(1)]));
    let sink = cqrs_es::event_sink::EventSink::default();
    let handled = cqrs_es::Aggregate::handle(&mut live, command, &(), &sink);
    assert!(futures::executor::block_on(handled).is_err());
    assert_eq!(live, before);
    assert_eq!(futures::executor::block_on(sink.collect()), vec![]);
}

#[test]
fn a_change_must_concern_an_objective_the_update_speaks_for() {
    let outside = |action: Option<&str>, objective: &str| ActionPlanError::NotSpokenFor {
        spoken: vec!["1".into(), "3".into()],
        objective: objective.into(),
        action: action.map(Into::into),
    };
    let spoken = [1, 3];
    let of_an_action = outside(Some("Circulate who does what."), "2");
    for change in [
        complete(2),
        Change::ReopenAction {
            action: action(2),
            reason: "x".into(),
        },
        Change::MergeAction {
            action: action(2),
            into: action(1),
            reason: "x".into(),
        },
    ] {
        let refused = only_change(&of_an_action);
        assert_eq!(refused.path().as_deref(), Some("changes.0"));
        refuses(plan(), record(&spoken, vec![change]), refused);
    }
    let of_an_objective = outside(None, "2");
    for change in [
        drop_objective(2),
        Change::ReinstateObjective {
            objective: objective(2),
            reason: "x".into(),
        },
        Change::NoteNoAction {
            objective: objective(2),
            note: "x".into(),
            timescale: None,
        },
        Change::SetAction {
            action: action(9),
            objective: objective(2),
            text: "x".into(),
            owner: None,
            timescale: None,
        },
    ] {
        refuses(
            plan(),
            record(&spoken, vec![change]),
            only_change(&of_an_objective),
        );
    }
}

#[test]
fn an_action_may_be_merged_into_one_the_update_does_not_speak_for() {
    let change = Change::MergeAction {
        action: action(1),
        into: action(2),
        reason: "taken together".into(),
    };
    let merged = ActionMerged {
        update_id: Some(update(1)),
        ..merged(1, 2)
    };
    let events: Vec<ActionPlanEvent> = vec![recorded(&[1]).into(), merged.into()];
    accepts(plan(), record(&[1], vec![change]), events);
}
