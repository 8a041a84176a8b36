//! The learning and development plan of Lincolnshire and Rutland, set on 27 July 2007, as the
//! meeting of 24 September 2007 left it: one update for objectives 1, 2 and 3 that moves the event
//! from September to November, progress on 4, the passport given up, an action at last on 6.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::*;

const TITLES: [&str; 6] = [
    "Collaborative workforce planning",
    "Sector-based equality and diversity programmes",
    "Good practice seminars",
    "Commitment to the Skills Pledge",
    "A Skills Passport, so that employees can reach progression opportunities in the sector more readily",
    "Working practices between training providers and organisations",
];
const EVENT: &str = "Spread good practice in E&D training within the sector.";
const MOVED: &str = "the three objectives are taken together in one special event";
const GIVEN_UP: &str = "not practical: organisations' requirements differ";

fn july_timescale() -> Timescale {
    timescale("End of July 07", Some(july(31)))
}

/// The live plan and everything that happened to it.
#[derive(Default)]
struct Story {
    plan: ActionPlan,
    history: History,
}

impl Story {
    fn tell(&mut self, on: NaiveDate, command: ActionPlanCommand) -> Vec<ActionPlanEvent> {
        let sink = EventSink::default();
        let handled = self.plan.handle(at(on, command), &(), &sink);
        futures::executor::block_on(handled).expect("the plan as it really was is accepted");
        let events = futures::executor::block_on(sink.collect());
        self.history.extend(events.clone());
        events.into_iter().map(|dated| dated.event).collect()
    }

    fn update(
        &mut self,
        n: u128,
        objectives: &[u128],
        changes: Vec<Change>,
    ) -> Vec<ActionPlanEvent> {
        self.tell(
            september(24),
            ActionPlanCommand::RecordUpdate {
                update: update(n),
                text: format!("Update {n}").into(),
                objectives: objectives.iter().copied().map(objective).collect(),
                changes,
            },
        )
    }

    fn as_of(&self, day: NaiveDate) -> ActionPlan {
        let mut plan = ActionPlan::default();
        for event in self.history.iter().filter(|e| e.occurred_on <= day) {
            plan.apply(event.clone());
        }
        plan
    }
}

fn set_in_july() -> Story {
    let mut story = Story::default();
    let title = "Learning and Development action plan".to_owned();
    let group = group().id;
    story.tell(july(27), ActionPlanCommand::SetActionPlan { group, title });
    for (n, title) in (1..).zip(TITLES) {
        story.tell(
            july(27),
            ActionPlanCommand::AddObjective {
                objective: objective(n),
                label: n.to_string(),
                words: words(title),
                commitment: None,
            },
        );
    }
    let june = NaiveDate::from_ymd_opt(2007, 6, 30);
    for (n, text, when) in [
        (1, "Pool the training programmes.", july_timescale()),
        (
            2,
            "Circulate who does what.",
            timescale("End of June 07", june),
        ),
        (3, EVENT, timescale("End of Sep 07", Some(september(30)))),
        (4, "Research what the pledge raises.", july_timescale()),
    ] {
        let set = Change::SetAction {
            action: action(n),
            objective: objective(n),
            text: text.into(),
            owner: None,
            timescale: Some(when),
        };
        story.tell(july(27), make(set));
    }
    for n in [5, 6] {
        let none = Change::NoteNoAction {
            objective: objective(n),
            note: "No action at present.".into(),
            timescale: Some(timescale("N/A", None)),
        };
        story.tell(july(27), make(none));
    }
    story
}

fn november() -> Timescale {
    timescale("November 07", NaiveDate::from_ymd_opt(2007, 11, 30))
}

fn the_event_moves() -> Vec<Change> {
    let action = action(3);
    vec![
        Change::RescheduleAction {
            action,
            timescale: november(),
            reason: MOVED.into(),
        },
        Change::ReassignAction {
            action,
            owner: "Lincolnshire and Rutland LSC (host)".into(),
            reason: None,
        },
    ]
}

#[test]
fn one_update_for_three_objectives_moves_the_event_and_its_owner() {
    let mut story = set_in_july();
    let events = story.update(1, &[1, 2, 3], the_event_moves());
    let update_id = Some(update(1));
    let recorded = UpdateRecorded {
        update_id: update(1),
        text: "Update 1".into(),
        objectives: vec![objective(1), objective(2), objective(3)],
    };
    let rescheduled = ActionRescheduled {
        action_id: action(3),
        from: Some(timescale("End of Sep 07", Some(september(30)))),
        to: november(),
        reason: MOVED.into(),
        update_id,
    };
    let reassigned = ActionReassigned {
        action_id: action(3),
        from: None,
        to: "Lincolnshire and Rutland LSC (host)".into(),
        reason: None,
        update_id,
    };
    let expected: Vec<ActionPlanEvent> =
        vec![recorded.into(), rescheduled.into(), reassigned.into()];
    assert_eq!(events, expected);
}

#[test]
fn the_whole_meeting_is_accepted_and_both_days_can_be_seen() {
    let mut story = set_in_july();
    story.update(1, &[1, 2, 3], the_event_moves());
    let progress = Change::ProgressAction {
        action: action(4),
        note: None,
    };
    story.update(2, &[4], vec![progress]);
    let give_up = Change::DropObjective {
        objective: objective(5),
        reason: GIVEN_UP.into(),
    };
    let passport = story.update(3, &[5], vec![give_up]);
    assert_eq!(
        passport.len(),
        2,
        "no action was there to drop: {passport:?}"
    );
    let set = Change::SetAction {
        action: action(6),
        objective: objective(6),
        text: "Hold a one-off meeting of HR professionals.".into(),
        owner: Some("Compact facilitator".into()),
        timescale: None,
    };
    story.update(4, &[6], vec![set]);

    let august = story.as_of(july(31) + chrono::Days::new(1));
    assert_eq!(august, set_in_july().plan);
    assert!(august.updates.is_empty() && !august.objectives[&objective(5)].dropped);
    assert!(august.objectives[&objective(6)].no_action.is_some());

    let october = story.as_of(september(30) + chrono::Days::new(1));
    assert_eq!(october, story.plan);
    assert_eq!(october.updates.len(), 4);
    assert_eq!(october.actions[&action(3)].timescale, Some(november()));
    assert!(october.objectives[&objective(5)].dropped);
    assert!(october.objectives[&objective(6)].no_action.is_none());
}
