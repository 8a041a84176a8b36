//! The sentence, the code and the field of every refusal: what reaches the person.

use super::*;
use crate::refusal::Refusal;

#[track_caller]
fn reads(error: &ActionPlanError, code: &str, field: Option<&str>, sentence: &str) {
    assert_eq!(error.to_string(), sentence);
    assert_eq!(error.code(), code);
    assert_eq!(error.field(), field);
}

#[test]
fn each_ended_action_refuses_each_deed_in_its_own_words() {
    use ActionDeed as Deed;
    let rows = [
        (Deed::Progress, "report progress"),
        (Deed::Reschedule, "be rescheduled"),
        (Deed::Reassign, "be reassigned"),
        (Deed::Reword, "be reworded"),
        (Deed::Complete, "be completed"),
        (Deed::Drop, "be dropped"),
        (Deed::Merge, "be merged"),
    ];
    let endings = [
        (Ended::Completed, "completed", "ACTION_COMPLETED"),
        (Ended::Dropped, "dropped", "ACTION_DROPPED"),
        (Ended::Merged, "merged", "ACTION_MERGED"),
    ];
    for (ended, state, code) in endings {
        for (deed, words) in rows {
            let again = if words == format!("be {state}") {
                " again"
            } else {
                ""
            };
            let sentence = format!("a {state} action cannot {words}{again}; reopen it first");
            let error = ActionPlanError::ActionEnded { ended, deed };
            reads(&error, code, Some("actionId"), &sentence);
        }
        let sentence = format!(
            "a {state} action cannot take another in; reopen it first, or choose an open action"
        );
        let error = ActionPlanError::MergedIntoEnded { ended };
        reads(&error, code, Some("intoId"), &sentence);
    }
}

#[test]
fn a_dropped_objective_refuses_each_deed_in_its_own_words() {
    use ObjectiveDeed as Deed;
    for (deed, words) in [
        (Deed::Reword, "be reworded"),
        (Deed::Renumber, "be renumbered"),
        (Deed::Link, "be linked"),
        (Deed::SetAction, "be given an action"),
        (Deed::NoteNoAction, "be noted as having no action"),
        (Deed::Drop, "be dropped again"),
    ] {
        let label = "5".to_owned();
        let error = ActionPlanError::ObjectiveDropped { label, deed };
        let sentence =
            format!("objective 5 has been dropped and cannot {words}; reinstate it first");
        reads(&error, "OBJECTIVE_DROPPED", Some("objectiveId"), &sentence);
    }
}

#[test]
fn refusals_of_an_update_name_what_it_speaks_for_and_what_it_does_not() {
    let mut error = ActionPlanError::NotSpokenFor {
        spoken: vec!["1".into(), "2".into(), "3".into()],
        objective: "6".into(),
        action: Some("Hold a meeting".into()),
    };
    let field = Some("objectiveIds");
    reads(
        &error,
        "NOT_SPOKEN_FOR",
        field,
        "this update speaks for objectives 1, 2 and 3; action “Hold a meeting” belongs to \
         objective 6; name that objective in the update too, or make this change separately",
    );
    if let ActionPlanError::NotSpokenFor { spoken, action, .. } = &mut error {
        spoken.truncate(1);
        *action = None;
    }
    reads(
        &error,
        "NOT_SPOKEN_FOR",
        field,
        "this update speaks for objective 1; objective 6 is not among them; name that objective \
         in the update too, or make this change separately",
    );
    reads(
        &ActionPlanError::InChange {
            number: 2,
            of: 3,
            refusal: Box::new(ActionPlanError::MergedIntoItself),
        },
        "MERGED_INTO_ITSELF",
        Some("intoId"),
        "change 2 of this update: an action cannot be merged into itself; choose the action that \
         carries on",
    );
    reads(
        &ActionPlanError::ObjectiveTwice { label: "2".into() },
        "OBJECTIVE_TWICE",
        field,
        "objective 2 is named twice; name each objective once",
    );
}

#[test]
fn refusals_of_putting_an_update_right_say_what_would_do() {
    reads(
        &ActionPlanError::UnknownUpdate,
        "UNKNOWN_UPDATE",
        Some("updateId"),
        "that update is not in this plan; choose one of its updates",
    );
    reads(
        &ActionPlanError::UpdateWithdrawn { on: september(24) },
        "UPDATE_WITHDRAWN",
        Some("updateId"),
        "that update was withdrawn on 24 September 2007; record a new update instead",
    );
    reads(
        &ActionPlanError::SaidBeforeObjective {
            label: "4".into(),
            said_on: september(3),
        },
        "OBJECTIVE_NOT_YET_THERE",
        Some("objectiveIds"),
        "objective 4 joined the plan only after 3 September 2007, the day of this update; leave the \
         objective out",
    );
    reads(
        &ActionPlanError::CarriedChange { label: "2".into() },
        "CHANGE_CARRIED",
        Some("objectiveIds"),
        "this update carried a change to objective 2, which putting its words right does not undo; \
         name that objective too",
    );
}

#[test]
fn refusals_of_a_date_name_the_day_that_would_do() {
    let code = "DATED_TOO_EARLY";
    let field = Some("occurredOn");
    let changed_on = september(24);
    for (thing, words) in [
        (Thing::Title, "this plan"),
        (Thing::Objective("5".into()), "objective 5"),
        (Thing::ActionOf("5".into()), "an action of objective 5"),
        (Thing::Action, "this action"),
        (Thing::Into, "the action that carries on"),
        (Thing::Update, "this update"),
    ] {
        let error = ActionPlanError::BeforeChange { thing, changed_on };
        let sentence = format!(
            "{words} was last changed on 24 September 2007; date this on or after that day"
        );
        reads(&error, code, field, &sentence);
    }
    let set_on = july(27);
    let sentence = "this plan was set on 27 July 2007; date this on or after that day";
    reads(
        &ActionPlanError::BeforePlan { set_on },
        code,
        field,
        sentence,
    );
}

#[test]
fn refusals_about_an_id_name_its_kind_and_refusals_of_nothing_new_what_stays() {
    for (kind, field, words) in [
        (Kind::Objective, "objectiveId", "an objective"),
        (Kind::Action, "actionId", "an action"),
        (Kind::Update, "updateId", "an update"),
    ] {
        let sentence = format!(
            "the plan already has {words} under the same id; if it is the one you meant, nothing more is needed; if not, start again from an empty form"
        );
        reads(
            &ActionPlanError::IdTaken(kind),
            "ID_TAKEN",
            Some(field),
            &sentence,
        );
    }
    for (part, field, words) in [
        (Part::Title, "title", "the plan's title"),
        (Part::ObjectiveWords, "title", "what this objective says"),
        (Part::Ref, "ref", "this objective's ref"),
        (
            Part::Commitment,
            "commitmentId",
            "how this objective is linked",
        ),
        (Part::NoAction, "note", "what is noted of this objective"),
        (Part::Timescale, "timescale", "this action's timescale"),
        (Part::Owner, "owner", "this action's owner"),
        (Part::ActionWords, "text", "what this action says"),
        (Part::UpdateTerms, "text", "what this update says"),
    ] {
        let sentence = format!("that is {words} already; enter another, or leave it as it is");
        reads(
            &ActionPlanError::Unchanged(part),
            "UNCHANGED",
            Some(field),
            &sentence,
        );
    }
}
