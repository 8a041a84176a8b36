//! Samples of an action plan's events.

use domain::action_plan::{
    ActionCompleted, ActionDropped, ActionMerged, ActionPlanEvent, ActionPlanRetitled,
    ActionPlanSet, ActionProgressed, ActionReassigned, ActionReopened, ActionRescheduled,
    ActionReworded, ActionSet, NoActionNoted, ObjectiveAdded, ObjectiveDropped, ObjectiveLinked,
    ObjectiveReinstated, ObjectiveRenumbered, ObjectiveReworded, ObjectiveWords, UpdateCorrected,
    UpdateRecorded, UpdateTerms, UpdateWithdrawn,
};
use domain::ids::{ActionId, ObjectiveId, UpdateId};
use domain::timescale::Timescale;
use domain::visibility::{Visibility, VisibilityChanged};

use super::{commitment_fact, day, group, redacted, uuid};

fn reason() -> String {
    "Taken together in one event".into()
}

fn objective_id() -> ObjectiveId {
    ObjectiveId::new(uuid(13))
}

fn action_id() -> ActionId {
    ActionId::new(uuid(14))
}

fn update() -> UpdateId {
    UpdateId::new(uuid(15))
}

fn timescale(text: &str) -> Timescale {
    Timescale {
        text: text.into(),
        due_on: Some(day("2007-11-30")),
        note: Some("Steering Group to consider the notes".into()),
    }
}

fn words(title: &str) -> ObjectiveWords {
    ObjectiveWords {
        title: title.into(),
        indicator: Some("A dissemination event is staged.".into()),
    }
}

pub fn action_plan() -> Vec<ActionPlanEvent> {
    let mut events = objectives();
    events.extend(said());
    events.extend(put_right());
    events.extend(actions());
    events.extend(endings());
    events.push(redacted().into());
    events.push(released());
    events
}

fn objectives() -> Vec<ActionPlanEvent> {
    let objective_id = objective_id();
    vec![
        ActionPlanSet {
            group: group(),
            title: "Learning and Development action plan".into(),
        }
        .into(),
        ActionPlanRetitled {
            from: "Learning and Development action plan".into(),
            to: "Learning plan".into(),
            reason: reason().into(),
        }
        .into(),
        ObjectiveAdded {
            objective_id,
            label: "3".into(),
            title: "Good practice seminars".into(),
            indicator: Some("A dissemination event is staged.".into()),
            commitment: Some(commitment_fact()),
        }
        .into(),
        ObjectiveReworded {
            objective_id,
            from: words("Seminars"),
            to: words("Good practice seminars"),
            reason: reason().into(),
        }
        .into(),
        ObjectiveRenumbered {
            objective_id,
            from: "3".into(),
            to: "iii".into(),
            reason: reason().into(),
        }
        .into(),
        ObjectiveLinked {
            objective_id,
            from: None,
            to: Some(commitment_fact()),
            reason: reason().into(),
        }
        .into(),
    ]
}

fn said() -> [ActionPlanEvent; 4] {
    let (objective_id, update_id) = (objective_id(), Some(update()));
    [
        NoActionNoted {
            objective_id,
            note: "The group discussed a pilot.".into(),
            timescale: Some(timescale("N/A")),
            update_id,
        }
        .into(),
        ObjectiveDropped {
            objective_id,
            reason: reason().into(),
            update_id,
        }
        .into(),
        ObjectiveReinstated {
            objective_id,
            reason: reason().into(),
            update_id,
        }
        .into(),
        UpdateRecorded {
            update_id: update(),
            text: "The three objectives are taken together.".into(),
            objectives: vec![objective_id, ObjectiveId::new(uuid(16))],
        }
        .into(),
    ]
}

fn put_right() -> [ActionPlanEvent; 2] {
    let update_id = update();
    let (first, second) = (objective_id(), ObjectiveId::new(uuid(16)));
    [
        UpdateCorrected {
            update_id,
            from: UpdateTerms {
                text: "The three objectives are taken together.".into(),
                objectives: vec![first, second],
            },
            to: UpdateTerms {
                text: "The objective is taken up first.".into(),
                objectives: vec![first],
            },
            reason: "As the minutes have it".into(),
        }
        .into(),
        UpdateWithdrawn {
            update_id,
            reason: "It was recorded twice".into(),
        }
        .into(),
    ]
}

fn actions() -> [ActionPlanEvent; 5] {
    let (action_id, update_id) = (action_id(), Some(update()));
    [
        ActionSet {
            action_id,
            objective_id: objective_id(),
            text: "Spread good practice in training.".into(),
            owner: Some("Compact facilitator".into()),
            timescale: Some(timescale("End of Sep 07")),
            update_id,
        }
        .into(),
        ActionProgressed {
            action_id,
            note: Some("Eight organisations have replied.".into()),
            update_id,
        }
        .into(),
        ActionRescheduled {
            action_id,
            from: Some(timescale("End of Sep 07")),
            to: timescale("November"),
            reason: reason().into(),
            update_id,
        }
        .into(),
        ActionReassigned {
            action_id,
            from: Some("Compact facilitator".into()),
            to: "The host".into(),
            reason: Some(reason().into()),
            update_id,
        }
        .into(),
        ActionReworded {
            action_id,
            from: "Spread good practice.".into(),
            to: "Spread good practice in training.".into(),
            reason: reason().into(),
            update_id,
        }
        .into(),
    ]
}

fn endings() -> [ActionPlanEvent; 4] {
    let (action_id, update_id) = (action_id(), Some(update()));
    [
        ActionCompleted {
            action_id,
            note: Some("The page is live.".into()),
            update_id,
        }
        .into(),
        ActionDropped {
            action_id,
            reason: reason().into(),
            update_id,
        }
        .into(),
        ActionReopened {
            action_id,
            reason: reason().into(),
            update_id,
        }
        .into(),
        ActionMerged {
            action_id,
            into: ActionId::new(uuid(17)),
            reason: reason().into(),
            update_id,
        }
        .into(),
    ]
}

fn released() -> ActionPlanEvent {
    VisibilityChanged {
        from: Visibility::Draft,
        to: Visibility::Region,
        reason: Some("As the Steering Group decided".into()),
    }
    .into()
}
