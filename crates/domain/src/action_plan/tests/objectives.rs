//! What may be asked of an objective.

use super::*;
use crate::refusal::Refusal;

const REASON: &str = "agreed by the group";

fn add(n: u128, label: &str, title: &str) -> ActionPlanCommand {
    ActionPlanCommand::AddObjective {
        objective: objective(n),
        label: label.into(),
        words: words(title),
        commitment: None,
    }
}

fn reword(n: u128, title: &str, reason: &str) -> ActionPlanCommand {
    ActionPlanCommand::RewordObjective {
        objective: objective(n),
        words: words(title),
        reason: reason.into(),
    }
}

fn renumber(n: u128, label: &str, reason: &str) -> ActionPlanCommand {
    ActionPlanCommand::RenumberObjective {
        objective: objective(n),
        label: label.into(),
        reason: reason.into(),
    }
}

fn link(n: u128, to: Option<u128>, reason: &str) -> ActionPlanCommand {
    ActionPlanCommand::LinkObjective {
        objective: objective(n),
        commitment: to.map(|n| commitment(n).id),
        reason: reason.into(),
    }
}

fn note(n: u128, note: &str) -> ActionPlanCommand {
    make(Change::NoteNoAction {
        objective: objective(n),
        note: note.into(),
        timescale: Some(timescale(" N/A ", None)),
    })
}

fn drop_it(n: u128, reason: &str) -> ActionPlanCommand {
    make(Change::DropObjective {
        objective: objective(n),
        reason: reason.into(),
    })
}

fn reinstate(n: u128, reason: &str) -> ActionPlanCommand {
    make(Change::ReinstateObjective {
        objective: objective(n),
        reason: reason.into(),
    })
}

fn renumbered(n: u128, from: &str, to: &str) -> ObjectiveRenumbered {
    ObjectiveRenumbered {
        objective_id: objective(n),
        from: from.into(),
        to: to.into(),
        reason: REASON.into(),
    }
}

fn noted(n: u128, note: &str) -> NoActionNoted {
    NoActionNoted {
        objective_id: objective(n),
        note: note.into(),
        timescale: Some(timescale("N/A", None)),
        update_id: None,
    }
}

#[test]
fn an_objective_joins_with_its_words_trimmed_and_the_commitment_it_serves() {
    let command = ActionPlanCommand::AddObjective {
        objective: objective(4),
        label: " 4".into(),
        words: ObjectiveWords {
            title: " The Skills Pledge".into(),
            indicator: Some("  ".into()),
        },
        commitment: Some(commitment(1).id),
    };
    let event = ObjectiveAdded {
        commitment: Some(commitment(1)),
        ..added(4, "4", "The Skills Pledge")
    };
    accepts(plan(), command, vec![event]);
}

#[test]
fn an_objective_needs_a_ref_a_title_and_an_id_of_its_own() {
    refuses(plan(), add(4, "", "x"), missing("ref", "a ref"));
    refuses(
        plan(),
        add(4, "4", ""),
        missing("title", "what is to be reached"),
    );
    let taken = ActionPlanError::IdTaken(Kind::Objective);
    refuses(plan(), add(3, "4", "x"), taken.clone());
    refuses(plan_and(objective_dropped(3)), add(3, "4", "x"), taken);
}

#[test]
fn an_objective_serves_only_a_commitment_that_exists() {
    let stranger = commitment(9).id;
    let command = ActionPlanCommand::AddObjective {
        objective: objective(4),
        label: "4".into(),
        words: words("x"),
        commitment: Some(stranger),
    };
    let error: ActionPlanError = crate::facts::UnknownFact::Commitment(stranger).into();
    refuses(plan(), command, error.clone());
    refuses(plan(), link(1, Some(9), REASON), error);
}

#[test]
fn an_objective_serves_no_commitment_that_was_withdrawn() {
    let withdrawn = commitment(1).id;
    let error: ActionPlanError = crate::facts::UnknownFact::Withdrawn(withdrawn).into();
    assert_eq!(
        error.to_string(),
        "that commitment was withdrawn; choose one that stands, or reopen it first"
    );
    assert_eq!(
        (error.code(), error.field()),
        ("COMMITMENT_WITHDRAWN", Some("commitmentId"))
    );
    let add = ActionPlanCommand::AddObjective {
        objective: objective(4),
        label: "4".into(),
        words: words("x"),
        commitment: Some(withdrawn),
    };
    for command in [add, link(1, Some(1), REASON)] {
        let mut asked = at(september(24), command);
        asked.facts.withdrawn.insert(withdrawn);
        TestFramework::<ActionPlan>::with(())
            .given(plan())
            .when(asked)
            .then_expect_error(error.clone());
    }
}

#[test]
fn a_ref_is_unique_among_objectives_that_have_not_been_dropped() {
    let taken = ActionPlanError::RefTaken {
        label: "3".into(),
        title: "A Skills Passport".into(),
    };
    refuses(plan(), add(4, "3", "x"), taken.clone());
    refuses(plan(), renumber(1, "3", REASON), taken.clone());
    accepts(
        plan_and(objective_dropped(3)),
        add(4, "3", "x"),
        vec![added(4, "3", "x")],
    );
    let mut passed_on = plan_and(objective_dropped(3));
    passed_on.push(dated(
        september(24),
        added(
            4,
            "3",
            "Working practices of training providers, and of the organisations they serve",
        ),
    ));
    let by_another = ActionPlanError::RefTaken {
        label: "3".into(),
        title: "Working practices of training providers, and of the organisa…".into(),
    };
    refuses(passed_on, reinstate(3, REASON), by_another);
}

#[test]
fn a_ref_passes_on_no_earlier_than_it_was_given_up() {
    let held = ActionPlanError::RefHeld {
        label: "3".into(),
        until: september(24),
    };
    let early = september(23);
    let dropped = plan_and(objective_dropped(3));
    refuses_on(early, dropped, add(4, "3", "x"), held.clone());
    let renumbered = plan_and(renumbered(3, "3", "5"));
    refuses_on(early, renumbered, renumber(1, "3", REASON), held);
}

#[test]
fn an_objective_is_reworded_renumbered_and_linked_with_what_was_before_and_a_reason() {
    let reworded = ObjectiveReworded {
        objective_id: objective(1),
        from: words("Workforce planning"),
        to: words("Collaborative workforce planning"),
        reason: REASON.into(),
    };
    let command = reword(1, " Collaborative workforce planning", REASON);
    accepts(plan(), command, vec![reworded]);
    let event = renumbered(1, "1", "1a");
    accepts(plan(), renumber(1, "1a ", REASON), vec![event]);
    let linked = ObjectiveLinked {
        objective_id: objective(1),
        from: None,
        to: Some(commitment(1)),
        reason: REASON.into(),
    };
    accepts(plan(), link(1, Some(1), REASON), vec![linked.clone()]);
    let unlinked = ObjectiveLinked {
        from: Some(commitment(1)),
        to: None,
        ..linked.clone()
    };
    accepts(plan_and(linked), link(1, None, REASON), vec![unlinked]);
}

#[test]
fn a_change_that_changes_nothing_about_an_objective_is_refused() {
    let unchanged = ActionPlanError::Unchanged;
    let same = reword(1, "Workforce planning ", REASON);
    refuses(plan(), same, unchanged(Part::ObjectiveWords));
    refuses(plan(), renumber(1, " 1", REASON), unchanged(Part::Ref));
    refuses(plan(), link(1, None, REASON), unchanged(Part::Commitment));
    let history = plan_and(noted(3, "under discussion"));
    let again = note(3, "under discussion ");
    refuses(history, again, unchanged(Part::NoAction));
}

#[test]
fn every_change_of_an_objective_needs_a_reason() {
    for command in [
        reword(1, "x", " "),
        renumber(1, "x", ""),
        link(1, Some(1), ""),
        drop_it(1, "\n"),
    ] {
        refuses(plan(), command, reason_missing());
    }
    refuses(
        plan_and(objective_dropped(3)),
        reinstate(3, " "),
        reason_missing(),
    );
}

#[test]
fn none_at_present_is_noted_with_why() {
    accepts(
        plan(),
        note(3, " under discussion"),
        vec![noted(3, "under discussion")],
    );
    let error = missing("note", "why there is no action at present");
    refuses(plan(), note(3, " "), error);
}

#[test]
fn none_at_present_is_refused_while_an_action_is_open() {
    let error = ActionPlanError::ActionStillOpen {
        label: "1".into(),
        action: "Pool the training programmes.".into(),
    };
    refuses(plan(), note(1, "none"), error);
    accepts(
        plan_and(completed(1)),
        note(1, "done"),
        vec![noted(1, "done")],
    );
}

#[test]
fn none_at_present_can_be_said_again_once_an_action_came_and_went() {
    let mut history = plan();
    history.push(dated(july(27), noted(3, "none")));
    history.push(dated(july(28), action_set(3, 3, "Hear from the pilot.")));
    history.push(dated(july(30), dropped(3)));
    accepts(history, note(3, "none"), vec![noted(3, "none")]);
}

#[test]
fn an_objective_is_dropped_together_with_its_open_actions() {
    let mut history = plan();
    history.push(dated(july(28), action_set(3, 1, "Publish the pool.")));
    history.push(dated(july(29), completed(1)));
    let reason = || "not practical".to_owned();
    let events: Vec<ActionPlanEvent> = vec![
        ActionDropped {
            reason: reason().into(),
            ..dropped(3)
        }
        .into(),
        objective_dropped(1).into(),
    ];
    accepts(history, drop_it(1, " not practical "), events);
    accepts(
        plan(),
        drop_it(3, "not practical"),
        vec![objective_dropped(3)],
    );
}

#[test]
fn a_dropped_objective_takes_nothing_but_reinstatement() {
    use ObjectiveDeed as Deed;
    let set_action = make(Change::SetAction {
        action: action(9),
        objective: objective(3),
        text: "x".into(),
        owner: None,
        timescale: None,
    });
    for (command, deed) in [
        (reword(3, "x", REASON), Deed::Reword),
        (renumber(3, "x", REASON), Deed::Renumber),
        (link(3, Some(1), REASON), Deed::Link),
        (set_action, Deed::SetAction),
        (note(3, "x"), Deed::NoteNoAction),
        (drop_it(3, REASON), Deed::Drop),
    ] {
        let label = "3".into();
        let error = ActionPlanError::ObjectiveDropped { label, deed };
        refuses(plan_and(objective_dropped(3)), command, error);
    }
    let event = ObjectiveReinstated {
        objective_id: objective(3),
        reason: REASON.into(),
        update_id: None,
    };
    accepts(
        plan_and(objective_dropped(3)),
        reinstate(3, REASON),
        vec![event],
    );
}

#[test]
fn only_a_dropped_objective_is_reinstated() {
    let error = ActionPlanError::ObjectiveLive { label: "3".into() };
    refuses(plan(), reinstate(3, REASON), error);
}

#[test]
fn an_objective_must_be_in_the_plan() {
    for command in [
        reword(9, "x", REASON),
        renumber(9, "x", REASON),
        link(9, None, REASON),
        note(9, "x"),
        drop_it(9, REASON),
        reinstate(9, REASON),
    ] {
        refuses(plan(), command, ActionPlanError::UnknownObjective);
    }
}

#[test]
fn an_objectives_history_runs_forward() {
    let early = september(23);
    let late = |thing| ActionPlanError::BeforeChange {
        thing,
        changed_on: september(24),
    };
    let this = || late(Thing::Objective("3".into()));
    let history = || plan_and(noted(3, "none"));
    for command in [
        reword(3, "x", REASON),
        renumber(3, "x", REASON),
        link(3, Some(1), REASON),
        note(3, "x"),
        drop_it(3, REASON),
    ] {
        refuses_on(early, history(), command, this());
    }
    let dropped = plan_and(objective_dropped(3));
    refuses_on(early, dropped, reinstate(3, REASON), this());
    let its_action = || late(Thing::ActionOf("1".into()));
    let done = || plan_and(completed(1));
    refuses_on(early, done(), drop_it(1, REASON), its_action());
    refuses_on(early, done(), note(1, "none"), its_action());
}
