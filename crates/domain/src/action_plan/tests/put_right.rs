//! Updates that were wrong: put right, or taken back, while the changes they carried stay.

use super::*;
use crate::refusal::{Item, Refusal};

fn terms(text: &str, objectives: &[u128]) -> UpdateTerms {
    UpdateTerms {
        text: text.into(),
        objectives: objectives.iter().copied().map(objective).collect(),
    }
}

fn correct(n: u128, terms: UpdateTerms, reason: &str) -> ActionPlanCommand {
    ActionPlanCommand::CorrectUpdate {
        update: update(n),
        terms,
        reason: reason.into(),
    }
}

fn withdraw(n: u128, reason: &str) -> ActionPlanCommand {
    ActionPlanCommand::WithdrawUpdate {
        update: update(n),
        reason: reason.into(),
    }
}

const WHY: &str = "as the minutes have it";

fn said() -> UpdateTerms {
    terms("Taken together.", &[1, 2])
}

fn meant() -> UpdateTerms {
    terms("Taken in turn.", &[3, 1])
}

fn corrected(from: UpdateTerms, to: UpdateTerms) -> UpdateCorrected {
    UpdateCorrected {
        update_id: update(1),
        from,
        to,
        reason: WHY.into(),
    }
}

fn withdrawn() -> UpdateWithdrawn {
    UpdateWithdrawn {
        update_id: update(1),
        reason: WHY.into(),
    }
}

/// [`plan`] with update 1 of 3 September, for objectives 1 and 2.
fn told() -> History {
    let mut history = plan();
    let recorded = UpdateRecorded {
        update_id: update(1),
        text: "Taken together.".into(),
        objectives: vec![objective(1), objective(2)],
    };
    history.push(dated(september(3), recorded));
    history
}

fn told_and(on: NaiveDate, event: impl Into<ActionPlanEvent>) -> History {
    let mut history = told();
    history.push(dated(on, event));
    history
}

/// [`told`], where the update also completed action 2, of objective 2.
fn told_and_completed() -> History {
    let completed = ActionCompleted {
        update_id: Some(update(1)),
        ..completed(2)
    };
    told_and(september(3), completed)
}

#[test]
fn an_update_is_corrected_for_all_it_speaks_for_with_a_reason_and_keeps_what_it_said() {
    let asked = correct(1, terms(" Taken in turn. ", &[3, 1]), WHY);
    accepts(told(), asked, vec![corrected(said(), meant())]);
    let once = told_and(september(10), corrected(said(), meant()));
    let back = corrected(meant(), said());
    accepts(once, correct(1, said(), WHY), vec![back]);
}

#[test]
fn the_words_alone_or_the_objectives_alone_may_be_put_right() {
    let words = terms("Taken in turn.", &[1, 2]);
    let asked = correct(1, words.clone(), WHY);
    accepts(told(), asked, vec![corrected(said(), words)]);
    let objectives = terms("Taken together.", &[2]);
    let asked = correct(1, objectives.clone(), WHY);
    accepts(told(), asked, vec![corrected(said(), objectives)]);
}

#[test]
fn a_correction_of_an_update_must_correct_something_for_a_reason() {
    let same = ActionPlanError::Unchanged(Part::UpdateTerms);
    refuses(told(), correct(1, said(), WHY), same);
    refuses(told(), correct(1, meant(), " "), reason_missing());
    let wordless = missing("text", "what the update says");
    refuses(told(), correct(1, terms(" ", &[1]), WHY), wordless);
    let unknown = ActionPlanError::UnknownUpdate;
    refuses(told(), correct(2, meant(), WHY), unknown);
}

#[test]
fn a_corrected_update_speaks_for_at_least_one_objective_each_known_and_named_once() {
    let at = |at, refusal| ActionPlanError::InList {
        item: Item::of("objectiveIds", at),
        refusal: Box::new(refusal),
    };
    let none = ActionPlanError::NoObjectives;
    refuses(told(), correct(1, terms("x", &[]), WHY), none);
    let unknown = at(1, ActionPlanError::UnknownObjective);
    refuses(told(), correct(1, terms("x", &[1, 9]), WHY), unknown);
    let twice = at(2, ActionPlanError::ObjectiveTwice { label: "2".into() });
    refuses(told(), correct(1, terms("x", &[2, 1, 2]), WHY), twice);
}

#[test]
fn a_corrected_update_does_not_speak_for_an_objective_that_joined_after_it_was_said() {
    let history = told_and(september(4), added(4, "4", "The Skills Pledge"));
    let late = ActionPlanError::InList {
        item: Item::of("objectiveIds", 1),
        refusal: Box::new(ActionPlanError::SaidBeforeObjective {
            label: "4".into(),
            said_on: september(3),
        }),
    };
    assert_eq!(late.path().as_deref(), Some("objectiveIds.1"));
    let asked = correct(1, terms("x", &[1, 4]), WHY);
    refuses(history, asked.clone(), late);
    let that_day = told_and(september(3), added(4, "4", "The Skills Pledge"));
    accepts(
        that_day,
        asked,
        vec![corrected(said(), terms("x", &[1, 4]))],
    );
}

#[test]
fn a_corrected_update_may_speak_for_a_dropped_objective() {
    let history = told_and(september(10), objective_dropped(3));
    let asked = correct(1, meant(), WHY);
    accepts(history, asked, vec![corrected(said(), meant())]);
}

#[test]
fn an_update_goes_on_speaking_for_what_it_changed() {
    let carried = ActionPlanError::CarriedChange { label: "2".into() };
    assert_eq!(
        carried.to_string(),
        "this update carried a change to objective 2, which putting its words right does not undo; \
         name that objective too"
    );
    let asked = correct(1, meant(), WHY);
    refuses(told_and_completed(), asked, carried.clone());
    // Also once the change was undone by another.
    let mut undone = told_and_completed();
    let reopened = ActionReopened {
        action_id: action(2),
        reason: WHY.into(),
        update_id: None,
    };
    undone.push(dated(september(5), reopened));
    refuses(undone, correct(1, meant(), WHY), carried);
    let to = terms("Taken in turn.", &[2, 3]);
    let asked = correct(1, to.clone(), WHY);
    accepts(told_and_completed(), asked, vec![corrected(said(), to)]);
}

/// What update 1 may have changed about action 2 while it went on.
fn going_on() -> Vec<ActionPlanEvent> {
    let (action_id, update_id) = (action(2), Some(update(1)));
    let progressed = ActionProgressed {
        action_id,
        note: None,
        update_id,
    };
    let rescheduled = ActionRescheduled {
        action_id,
        from: None,
        to: timescale("x", None),
        reason: WHY.into(),
        update_id,
    };
    let reassigned = ActionReassigned {
        action_id,
        from: None,
        to: "x".into(),
        reason: None,
        update_id,
    };
    let reworded = ActionReworded {
        action_id,
        from: "Circulate who does what.".into(),
        to: "x".into(),
        reason: WHY.into(),
        update_id,
    };
    vec![
        progressed.into(),
        rescheduled.into(),
        reassigned.into(),
        reworded.into(),
    ]
}

/// How update 1 may have ended action 2, or taken it up again.
fn ending() -> Vec<ActionPlanEvent> {
    let update_id = Some(update(1));
    let merged = ActionMerged {
        update_id,
        ..merged(2, 1)
    };
    let dropped = ActionDropped {
        update_id,
        ..dropped(2)
    };
    let reopened = ActionReopened {
        action_id: action(2),
        reason: WHY.into(),
        update_id,
    };
    vec![merged.into(), dropped.into(), reopened.into()]
}

/// What update 1 may have changed about objective 2.
fn of_the_objective() -> Vec<ActionPlanEvent> {
    let (objective_id, update_id) = (objective(2), Some(update(1)));
    let noted = NoActionNoted {
        objective_id,
        note: "none".into(),
        timescale: None,
        update_id,
    };
    let set = ActionSet {
        update_id,
        ..action_set(7, 2, "x")
    };
    let dropped = ObjectiveDropped {
        update_id,
        ..objective_dropped(2)
    };
    let reinstated = ObjectiveReinstated {
        objective_id,
        reason: WHY.into(),
        update_id,
    };
    vec![noted.into(), set.into(), dropped.into(), reinstated.into()]
}

#[test]
fn every_kind_of_change_is_remembered_as_carried() {
    for change in [going_on(), ending(), of_the_objective()].concat() {
        let carried = ActionPlanError::CarriedChange { label: "2".into() };
        let history = told_and(september(3), change);
        refuses(history, correct(1, meant(), WHY), carried);
    }
}

#[test]
fn an_action_stays_completed_when_the_update_that_said_so_is_withdrawn() {
    let asked = withdraw(1, WHY);
    accepts(told_and_completed(), asked, vec![withdrawn()]);
    let mut history = told_and_completed();
    history.push(dated(september(10), withdrawn()));
    let again = make(Change::CompleteAction {
        action: action(2),
        note: None,
    });
    let ended = ActionPlanError::ActionEnded {
        ended: Ended::Completed,
        deed: ActionDeed::Complete,
    };
    refuses(history, again, ended);
}

#[test]
fn a_withdrawn_update_takes_nothing_more_and_its_id_is_not_used_again() {
    refuses(told(), withdraw(1, " "), reason_missing());
    refuses(told(), withdraw(2, WHY), ActionPlanError::UnknownUpdate);
    let history = told_and(september(10), withdrawn());
    let gone = ActionPlanError::UpdateWithdrawn { on: september(10) };
    for asked in [withdraw(1, WHY), correct(1, meant(), WHY)] {
        refuses(history.clone(), asked, gone.clone());
    }
    let again = ActionPlanCommand::RecordUpdate {
        update: update(1),
        text: "x".into(),
        objectives: vec![objective(1)],
        changes: vec![],
    };
    let taken = ActionPlanError::IdTaken(Kind::Update);
    refuses(history, again, taken);
}

#[test]
fn an_update_is_not_put_right_or_taken_back_before_it_was_said_or_last_put_right() {
    let early = |changed_on| ActionPlanError::BeforeChange {
        thing: Thing::Update,
        changed_on,
    };
    for asked in [withdraw(1, WHY), correct(1, said(), WHY)] {
        let day = september(2);
        refuses_on(day, told(), asked.clone(), early(september(3)));
        let once = told_and(september(10), corrected(said(), meant()));
        refuses_on(september(9), once, asked.clone(), early(september(10)));
        let not_set = ActionPlanError::NotSet;
        refuses(vec![], asked, not_set);
    }
}

#[test]
fn replaying_an_update_put_right_and_taken_back_gives_the_plan_that_lived_it() {
    let mut live = ActionPlan::default();
    let mut history = told_and_completed();
    for event in history.clone() {
        cqrs_es::Aggregate::apply(&mut live, event);
    }
    let to = terms("Taken in turn.", &[2, 3]);
    for asked in [correct(1, to, WHY), withdraw(1, WHY)] {
        let sink = cqrs_es::event_sink::EventSink::default();
        let asked = at(september(24), asked);
        let handled = cqrs_es::Aggregate::handle(&mut live, asked, &(), &sink);
        futures::executor::block_on(handled).unwrap();
        history.extend(futures::executor::block_on(sink.collect()));
    }
    let mut replayed = ActionPlan::default();
    for event in history {
        cqrs_es::Aggregate::apply(&mut replayed, event);
    }
    assert_eq!(replayed, live);
}
