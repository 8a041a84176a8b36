//! What a plan accepts and refuses. This file lays the table: ids, days, a small plan, and
//! given/when/then over it.

mod actions;
mod objectives;
mod plan;
mod properties;
mod put_right;
mod real_case;
mod redaction;
mod release;
mod sentences;
mod updates;
mod witness;

use chrono::NaiveDate;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

use crate::dated::{Dated, Directed};
use crate::facts::{CommitmentFact, Facts, GroupFact};
use crate::ids::{ActionId, CommitmentId, GroupId, ObjectiveId, UpdateId};
use crate::timescale::Timescale;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::words::TextError;

use super::*;
use crate::ids::SubjectId;
use crate::redaction::TextRedacted;
use crate::text::Text;

type History = Vec<Dated<ActionPlanEvent>>;

fn july(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 7, day).unwrap()
}

fn september(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 9, day).unwrap()
}

fn objective(n: u128) -> ObjectiveId {
    ObjectiveId::new(Uuid::from_u128(0x0b00 + n))
}

fn action(n: u128) -> ActionId {
    ActionId::new(Uuid::from_u128(0xac00 + n))
}

fn update(n: u128) -> UpdateId {
    UpdateId::new(Uuid::from_u128(0xd000 + n))
}

fn group() -> GroupFact {
    GroupFact {
        id: GroupId::new(Uuid::from_u128(1)),
        code: "LD".into(),
        name: "Learning and Development Theme Group".into(),
    }
}

fn commitment(n: u128) -> CommitmentFact {
    CommitmentFact {
        id: CommitmentId::new(Uuid::from_u128(0xc000 + n)),
        session: "2007-08".parse().unwrap(),
        label: n.to_string(),
        title: format!("Priority {n}"),
    }
}

fn timescale(text: &str, due_on: Option<NaiveDate>) -> Timescale {
    Timescale {
        text: text.into(),
        due_on,
        note: None,
    }
}

fn words(title: &str) -> ObjectiveWords {
    ObjectiveWords {
        title: title.into(),
        indicator: None,
    }
}

fn missing(field: &'static str, what: &'static str) -> ActionPlanError {
    TextError::Missing { field, what }.into()
}

fn reason_missing() -> ActionPlanError {
    missing("reason", "the reason")
}

fn at(occurred_on: NaiveDate, command: ActionPlanCommand) -> Directed<ActionPlanCommand> {
    let mut facts = Facts::default();
    facts.groups.insert(group().id, group());
    for fact in [1, 2].map(commitment) {
        facts.commitments.insert(fact.id, fact);
    }
    Directed {
        occurred_on,
        meeting: None,
        facts,
        command,
    }
}

fn dated(occurred_on: NaiveDate, event: impl Into<ActionPlanEvent>) -> Dated<ActionPlanEvent> {
    Dated {
        occurred_on,
        meeting: None,
        event: event.into(),
    }
}

fn make(change: Change) -> ActionPlanCommand {
    ActionPlanCommand::MakeChange { change }
}

fn added(n: u128, label: &str, title: &str) -> ObjectiveAdded {
    ObjectiveAdded {
        objective_id: objective(n),
        label: label.into(),
        title: title.into(),
        indicator: None,
        commitment: None,
    }
}

fn action_set(n: u128, under: u128, text: &str) -> ActionSet {
    ActionSet {
        action_id: action(n),
        objective_id: objective(under),
        text: text.into(),
        owner: None,
        timescale: None,
        update_id: None,
    }
}

/// Set on 27 July: objective 1 with action 1 (due at the end of July), 2 with action 2, and 3 with
/// none.
fn plan() -> History {
    let set = ActionPlanSet {
        group: group(),
        title: "Learning and Development action plan".into(),
    };
    let first = ActionSet {
        owner: Some("Lincolnshire County Council".into()),
        timescale: Some(timescale("End of July 07", Some(july(31)))),
        ..action_set(1, 1, "Pool the training programmes.")
    };
    vec![
        dated(july(27), set),
        dated(july(27), added(1, "1", "Workforce planning")),
        dated(july(27), added(2, "2", "Equality and diversity programmes")),
        dated(july(27), added(3, "3", "A Skills Passport")),
        dated(july(27), first),
        dated(july(27), action_set(2, 2, "Circulate who does what.")),
    ]
}

/// [`plan`], and then this on 24 September.
fn plan_and(event: impl Into<ActionPlanEvent>) -> History {
    let mut history = plan();
    history.push(dated(september(24), event));
    history
}

fn completed(n: u128) -> ActionCompleted {
    ActionCompleted {
        action_id: action(n),
        note: None,
        update_id: None,
    }
}

fn dropped(n: u128) -> ActionDropped {
    ActionDropped {
        action_id: action(n),
        reason: "no longer needed".into(),
        update_id: None,
    }
}

fn merged(n: u128, into: u128) -> ActionMerged {
    ActionMerged {
        action_id: action(n),
        into: action(into),
        reason: "taken together".into(),
        update_id: None,
    }
}

fn objective_dropped(n: u128) -> ObjectiveDropped {
    ObjectiveDropped {
        objective_id: objective(n),
        reason: "not practical".into(),
        update_id: None,
    }
}

/// Given `history`, `command` dated 24 September leads to `events` of that day.
#[track_caller]
fn accepts<E: Into<ActionPlanEvent>>(history: History, command: ActionPlanCommand, events: Vec<E>) {
    let events = events.into_iter().map(|event| dated(september(24), event));
    TestFramework::<ActionPlan>::with(())
        .given(history)
        .when(at(september(24), command))
        .then_expect_events(events.collect());
}

/// Given `history`, `command` dated 24 September is refused with `error`.
#[track_caller]
fn refuses(history: History, command: ActionPlanCommand, error: ActionPlanError) {
    refuses_on(september(24), history, command, error);
}

/// Given `history`, `command` dated `on` is refused with `error`.
#[track_caller]
fn refuses_on(on: NaiveDate, history: History, command: ActionPlanCommand, error: ActionPlanError) {
    TestFramework::<ActionPlan>::with(())
        .given(history)
        .when(at(on, command))
        .then_expect_error(error);
}

/// Takes text 7 out of the record.
fn redact(reason: impl Into<Text>) -> ActionPlanCommand {
    ActionPlanCommand::RedactText {
        text: SubjectId::new(Uuid::from_u128(7)),
        reason: reason.into(),
    }
}

/// What [`redact`] leads to.
fn redacted(reason: &str) -> TextRedacted {
    TextRedacted {
        text: SubjectId::new(Uuid::from_u128(7)),
        reason: reason.into(),
    }
}
