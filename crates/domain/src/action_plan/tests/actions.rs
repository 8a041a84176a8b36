//! What may be asked of an action, between meetings.

use super::*;

const REASON: &str = "agreed by the group";

fn set(n: u128, under: u128) -> ActionPlanCommand {
    make(Change::SetAction {
        action: action(n),
        objective: objective(under),
        text: " Hear from the pilot.".into(),
        owner: Some(" ".into()),
        timescale: Some(Timescale {
            text: " Autumn 07".into(),
            due_on: None,
            note: Some("  ".into()),
        }),
    })
}

fn progress(n: u128, note: Option<&str>) -> ActionPlanCommand {
    make(Change::ProgressAction {
        action: action(n),
        note: note.map(Into::into),
    })
}

fn reschedule(n: u128, to: Timescale, reason: &str) -> ActionPlanCommand {
    make(Change::RescheduleAction {
        action: action(n),
        timescale: to,
        reason: reason.into(),
    })
}

fn reassign(n: u128, owner: &str, reason: Option<&str>) -> ActionPlanCommand {
    make(Change::ReassignAction {
        action: action(n),
        owner: owner.into(),
        reason: reason.map(Into::into),
    })
}

fn reword(n: u128, text: &str, reason: &str) -> ActionPlanCommand {
    make(Change::RewordAction {
        action: action(n),
        text: text.into(),
        reason: reason.into(),
    })
}

fn complete(n: u128, note: Option<&str>) -> ActionPlanCommand {
    make(Change::CompleteAction {
        action: action(n),
        note: note.map(Into::into),
    })
}

fn drop_it(n: u128, reason: &str) -> ActionPlanCommand {
    make(Change::DropAction {
        action: action(n),
        reason: reason.into(),
    })
}

fn reopen(n: u128, reason: &str) -> ActionPlanCommand {
    make(Change::ReopenAction {
        action: action(n),
        reason: reason.into(),
    })
}

fn merge(n: u128, into: u128, reason: &str) -> ActionPlanCommand {
    make(Change::MergeAction {
        action: action(n),
        into: action(into),
        reason: reason.into(),
    })
}

/// One command for everything that needs an open action.
fn deeds(n: u128) -> Vec<(ActionPlanCommand, ActionDeed)> {
    let autumn = timescale("Autumn 07", None);
    vec![
        (progress(n, Some("moved on")), ActionDeed::Progress),
        (reschedule(n, autumn, REASON), ActionDeed::Reschedule),
        (reassign(n, "Boston College", None), ActionDeed::Reassign),
        (reword(n, "x", REASON), ActionDeed::Reword),
        (complete(n, None), ActionDeed::Complete),
        (drop_it(n, REASON), ActionDeed::Drop),
        (merge(n, 2, REASON), ActionDeed::Merge),
    ]
}

/// Each way action 1 can have ended by 24 September.
fn endings() -> Vec<(History, Ended)> {
    vec![
        (plan_and(completed(1)), Ended::Completed),
        (plan_and(dropped(1)), Ended::Dropped),
        (plan_and(merged(1, 2)), Ended::Merged),
    ]
}

#[test]
fn an_action_is_set_under_an_objective_with_its_words_trimmed() {
    let event = ActionSet {
        timescale: Some(timescale("Autumn 07", None)),
        ..action_set(3, 3, "Hear from the pilot.")
    };
    accepts(plan(), set(3, 3), vec![event]);
}

#[test]
fn an_action_needs_words_an_objective_and_an_id_of_its_own() {
    let wordless = make(Change::SetAction {
        action: action(3),
        objective: objective(3),
        text: " ".into(),
        owner: None,
        timescale: None,
    });
    refuses(plan(), wordless, missing("text", "what will be done"));
    refuses(plan(), set(3, 9), ActionPlanError::UnknownObjective);
    let taken = ActionPlanError::IdTaken(Kind::Action);
    refuses(plan(), set(1, 3), taken.clone());
    refuses(plan_and(dropped(1)), set(1, 3), taken);
}

#[test]
fn a_timescale_has_words() {
    let wordless = make(Change::SetAction {
        action: action(3),
        objective: objective(3),
        text: "x".into(),
        owner: None,
        timescale: Some(timescale(" ", Some(september(30)))),
    });
    let error = missing("timescale", "the timescale");
    refuses(plan(), wordless, error.clone());
    refuses(plan(), reschedule(1, timescale("", None), REASON), error);
}

#[test]
fn progress_between_meetings_says_what_moved_on() {
    let event = ActionProgressed {
        action_id: action(1),
        note: Some("eight replies".into()),
        update_id: None,
    };
    accepts(plan(), progress(1, Some(" eight replies")), vec![event]);
    let error = missing("note", "what moved on");
    refuses(plan(), progress(1, None), error.clone());
    refuses(plan(), progress(1, Some(" ")), error);
}

#[test]
fn an_action_is_rescheduled_with_what_was_before_and_why() {
    let to = timescale("November 07", Some(september(30)));
    let event = ActionRescheduled {
        action_id: action(1),
        from: Some(timescale("End of July 07", Some(july(31)))),
        to: to.clone(),
        reason: REASON.into(),
        update_id: None,
    };
    let command = reschedule(1, to.clone(), REASON);
    accepts(plan(), command, vec![event.clone()]);
    let first = ActionRescheduled {
        action_id: action(2),
        from: None,
        ..event
    };
    accepts(plan(), reschedule(2, to.clone(), REASON), vec![first]);
    refuses(plan(), reschedule(1, to, ""), reason_missing());
}

#[test]
fn rescheduling_changes_the_words_or_the_due_date() {
    let same = Timescale {
        note: Some("said again".into()),
        ..timescale("End of July 07 ", Some(july(31)))
    };
    let error = ActionPlanError::Unchanged(Part::Timescale);
    refuses(plan(), reschedule(1, same, REASON), error);
    for (text, due_on) in [("End of July 07", None), ("July 07", Some(july(31)))] {
        let to = timescale(text, due_on);
        let event = ActionRescheduled {
            action_id: action(1),
            from: Some(timescale("End of July 07", Some(july(31)))),
            to: to.clone(),
            reason: REASON.into(),
            update_id: None,
        };
        accepts(plan(), reschedule(1, to, REASON), vec![event]);
    }
}

#[test]
fn an_action_is_reassigned_with_who_owned_it_before() {
    let event = ActionReassigned {
        action_id: action(1),
        from: Some("Lincolnshire County Council".into()),
        to: "Boston College".into(),
        reason: None,
        update_id: None,
    };
    let command = reassign(1, "Boston College ", Some(" "));
    accepts(plan(), command.clone(), vec![event.clone()]);
    let unchanged = ActionPlanError::Unchanged(Part::Owner);
    refuses(plan_and(event), command, unchanged);
    refuses(
        plan(),
        reassign(1, " ", None),
        missing("owner", "the owner"),
    );
}

#[test]
fn an_action_is_reworded_with_what_it_said_before_and_why() {
    let event = ActionReworded {
        action_id: action(2),
        from: "Circulate who does what.".into(),
        to: "Circulate notes.".into(),
        reason: REASON.into(),
        update_id: None,
    };
    accepts(plan(), reword(2, " Circulate notes.", REASON), vec![event]);
    let unchanged = ActionPlanError::Unchanged(Part::ActionWords);
    refuses(
        plan(),
        reword(2, "Circulate who does what.", REASON),
        unchanged,
    );
    refuses(plan(), reword(2, "x", " "), reason_missing());
    refuses(
        plan(),
        reword(2, "", REASON),
        missing("text", "what will be done"),
    );
}

#[test]
fn an_action_is_completed_dropped_or_merged() {
    let done = ActionCompleted {
        note: Some("the link is live".into()),
        ..completed(1)
    };
    accepts(plan(), complete(1, Some("the link is live ")), vec![done]);
    accepts(plan(), complete(1, None), vec![completed(1)]);
    accepts(plan(), drop_it(1, " no longer needed"), vec![dropped(1)]);
    accepts(plan(), merge(1, 2, "taken together"), vec![merged(1, 2)]);
    refuses(plan(), drop_it(1, ""), reason_missing());
    refuses(plan(), merge(1, 2, ""), reason_missing());
}

#[test]
fn an_ended_action_changes_only_by_being_reopened() {
    for (history, ended) in endings() {
        for (command, deed) in deeds(1) {
            let error = ActionPlanError::ActionEnded { ended, deed };
            refuses(history.clone(), command, error);
        }
        let event = ActionReopened {
            action_id: action(1),
            reason: REASON.into(),
            update_id: None,
        };
        accepts(history.clone(), reopen(1, REASON), vec![event]);
        refuses(history, reopen(1, " "), reason_missing());
    }
}

#[test]
fn a_reopened_action_takes_every_change_again() {
    for (mut history, _) in endings() {
        history.push(dated(
            september(24),
            ActionReopened {
                action_id: action(1),
                reason: REASON.into(),
                update_id: None,
            },
        ));
        for (command, _) in deeds(1) {
            let result = TestFramework::<ActionPlan>::with(())
                .given(history.clone())
                .when(at(september(24), command))
                .inspect_result();
            assert!(result.is_ok(), "{result:?}");
        }
    }
}

#[test]
fn only_an_ended_action_is_reopened_and_only_under_a_live_objective() {
    refuses(plan(), reopen(1, REASON), ActionPlanError::ActionOpen);
    let mut history = plan_and(dropped(1));
    history.push(dated(september(24), objective_dropped(1)));
    let error = ActionPlanError::ReopenedUnderDropped { label: "1".into() };
    refuses(history, reopen(1, REASON), error);
}

#[test]
fn an_action_is_merged_only_into_another_open_action_of_the_plan() {
    refuses(
        plan(),
        merge(1, 1, REASON),
        ActionPlanError::MergedIntoItself,
    );
    let stranger = ActionPlanError::UnknownAction(ActionField::Into);
    refuses(plan(), merge(1, 9, REASON), stranger);
    for (history, ended) in endings() {
        let error = ActionPlanError::MergedIntoEnded { ended };
        refuses(history, merge(2, 1, REASON), error);
    }
}

#[test]
fn an_action_must_be_in_the_plan() {
    let stranger = || ActionPlanError::UnknownAction(ActionField::Action);
    for (command, _) in deeds(9) {
        refuses(plan(), command, stranger());
    }
    refuses(plan(), reopen(9, REASON), stranger());
}

#[test]
fn an_actions_history_runs_forward() {
    let error = |thing| ActionPlanError::BeforeChange {
        thing,
        changed_on: september(24),
    };
    let moved = ActionProgressed {
        action_id: action(1),
        note: None,
        update_id: None,
    };
    let early = september(23);
    for (command, _) in deeds(1) {
        let history = plan_and(moved.clone());
        refuses_on(early, history, command, error(Thing::Action));
    }
    for (history, _) in endings() {
        refuses_on(early, history, reopen(1, REASON), error(Thing::Action));
    }
    let host_moved = plan_and(moved);
    refuses_on(early, host_moved, merge(2, 1, REASON), error(Thing::Into));
    let host = plan_and(merged(1, 2));
    refuses_on(early, host, complete(2, None), error(Thing::Action));
}

#[test]
fn an_action_is_not_opened_before_its_objective_last_stood_otherwise() {
    let error = || ActionPlanError::BeforeChange {
        thing: Thing::Objective("3".into()),
        changed_on: september(24),
    };
    let none = NoActionNoted {
        objective_id: objective(3),
        note: "none".into(),
        timescale: None,
        update_id: None,
    };
    refuses_on(september(23), plan_and(none), set(3, 3), error());

    let mut reinstated = plan();
    reinstated.push(dated(july(28), action_set(3, 3, "Hear from the pilot.")));
    reinstated.push(dated(july(29), dropped(3)));
    reinstated.push(dated(july(29), objective_dropped(3)));
    reinstated.push(dated(
        september(24),
        ObjectiveReinstated {
            objective_id: objective(3),
            reason: REASON.into(),
            update_id: None,
        },
    ));
    refuses_on(september(23), reinstated, reopen(3, REASON), error());
}

#[test]
fn rewording_an_objective_does_not_keep_a_late_action_out() {
    let mut history = plan();
    history.push(dated(
        september(24),
        ObjectiveReworded {
            objective_id: objective(3),
            from: words("A Skills Passport"),
            to: words("A passport"),
            reason: REASON.into(),
        },
    ));
    let event = ActionSet {
        timescale: Some(timescale("Autumn 07", None)),
        ..action_set(3, 3, "Hear from the pilot.")
    };
    TestFramework::<ActionPlan>::with(())
        .given(history)
        .when(at(september(1), set(3, 3)))
        .then_expect_events(vec![dated(september(1), event)]);
}
