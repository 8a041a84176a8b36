//! The paper for a group's next meeting: what comes up at it without anybody having to think of it.
//!
//! It is worked out from the group's meetings and from the plans its actions are in, as they stood on the day it is for; what was
//! known then gives what would have been on the table then. Nothing here is stored.
//!
//! **Matters arising** are the open actions of the group, each exactly once: those of its own plans, and those raised at its
//! meetings in whatever plan they are. An action that was done, dropped or merged is none; one that was taken up again is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use domain::Text;
use domain::ids::{ActionId, ActionPlanId, GroupId, MeetingId, MeetingItemId};
use domain::meeting::Minutes;

use crate::action_plan::{ActionPlanView, ActionState, ActionView};
use crate::meeting::MeetingView;
use crate::tracked::Stamp;

/// What comes up at a group's next meeting.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// The day it is for.
    pub on: NaiveDate,
    /// The last meeting of the group that was held before that day.
    pub previous: Option<MeetingId>,
    /// The meetings held before that day whose minutes were not agreed by then, oldest first.
    pub minutes_to_agree: Vec<MeetingId>,
    /// What was put off, oldest first.
    pub carried_over: Vec<CarriedOver>,
    /// The open actions, by due date; those without one last.
    pub matters_arising: Vec<Matter>,
}

/// An item that was on an agenda and was not spoken of, or was said to be carried over.
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedOver {
    /// The meeting.
    pub meeting: MeetingId,
    /// The item of its agenda or minutes.
    pub item: MeetingItemId,
    /// Its heading.
    pub title: String,
    /// What was to be known beforehand.
    pub note: Option<Text>,
    /// Whether the minutes say that it is carried over; it was not minuted otherwise.
    pub said: bool,
}

/// An open action.
#[derive(Clone, Debug, PartialEq)]
pub struct Matter {
    /// The plan it is in.
    pub plan: ActionPlanId,
    /// The action.
    pub action: ActionId,
    /// The item of minutes under which it was raised, where it was raised at a meeting of the group.
    pub raised: Option<RaisedUnder>,
    /// Where in the record it was set: the meeting it came from, if it came from one.
    pub set: Stamp,
    /// The day it is due.
    pub due_on: Option<NaiveDate>,
    /// Whether that day was past.
    pub overdue: bool,
}

/// The item of a meeting's minutes under which an action was raised.
#[derive(Clone, Debug, PartialEq)]
pub struct RaisedUnder {
    /// The meeting.
    pub meeting: MeetingId,
    /// The item.
    pub item: MeetingItemId,
    /// The minutes' own label of the action.
    pub label: Option<String>,
}

/// The plans that a group's meetings raised actions in, its own or another's.
pub fn plans_raised_in(meetings: &[Arc<MeetingView>]) -> BTreeSet<ActionPlanId> {
    let items = meetings.iter().flat_map(|meeting| &meeting.items);
    let actions = items.flat_map(|item| &item.actions);
    actions.map(|raised| raised.action_plan_id).collect()
}

/// Draws up the paper of a group for a day, from its meetings and from the plans of all its actions as they stood then.
pub fn draw_up(
    group: GroupId,
    on: NaiveDate,
    meetings: &[Arc<MeetingView>],
    plans: &[Arc<ActionPlanView>],
) -> Paper {
    let mut own: Vec<&Arc<MeetingView>> = meetings
        .iter()
        .filter(|meeting| meeting.group.id == group)
        .collect();
    own.sort_by_key(|meeting| (held_on(meeting), meeting.begun.position));
    let before = |meeting: &&&Arc<MeetingView>| held_on(meeting).is_some_and(|held| held < on);
    let held: Vec<&Arc<MeetingView>> = own.iter().filter(before).copied().collect();
    let to_agree = held
        .iter()
        .filter(|meeting| meeting.minutes.current != Some(Minutes::Agreed));
    Paper {
        on,
        previous: held.last().map(|meeting| meeting.id),
        minutes_to_agree: to_agree.map(|meeting| meeting.id).collect(),
        carried_over: carried_over(held.last().copied(), &own, on),
        matters_arising: matters_arising(group, on, &own, plans),
    }
}

fn held_on(meeting: &MeetingView) -> Option<NaiveDate> {
    meeting.held.as_ref().map(|held| held.made.on)
}

/// What the last meeting did not come to or said is carried over, and what was to be spoken of at meetings that were called
/// off since.
fn carried_over(
    last: Option<&Arc<MeetingView>>,
    own: &[&Arc<MeetingView>],
    on: NaiveDate,
) -> Vec<CarriedOver> {
    let since = last.and_then(|meeting| held_on(meeting));
    let called_off = own.iter().copied().filter(|meeting| {
        let off = meeting.cancelled.as_ref().map(|ended| ended.made.on);
        off.is_some_and(|off| off <= on && since.is_none_or(|since| off > since))
    });
    last.into_iter().chain(called_off).flat_map(left).collect()
}

fn left(meeting: &Arc<MeetingView>) -> Vec<CarriedOver> {
    let unspoken = meeting
        .agenda
        .iter()
        .filter(|item| meeting.item(item.item_id).is_none());
    let unspoken = unspoken.map(|item| CarriedOver {
        meeting: meeting.id,
        item: item.item_id,
        title: item.title.clone(),
        note: item.note.clone(),
        said: false,
    });
    let said = meeting.items.iter().filter(|item| item.carried_over);
    let said = said.map(|item| CarriedOver {
        meeting: meeting.id,
        item: item.id,
        title: item.words.current.title.clone(),
        note: None,
        said: true,
    });
    unspoken.chain(said).collect()
}

fn matters_arising(
    group: GroupId,
    on: NaiveDate,
    own: &[&Arc<MeetingView>],
    plans: &[Arc<ActionPlanView>],
) -> Vec<Matter> {
    let raised = raised(own);
    let mut matters: BTreeMap<ActionId, Matter> = BTreeMap::new();
    for plan in plans {
        for (_, action) in plan.actions() {
            let under = raised.get(&action.id);
            if plan.group.id != group && under.is_none() {
                continue;
            }
            if let Some(matter) = matter(plan.id, action, under, on) {
                matters.insert(action.id, matter);
            }
        }
    }
    let mut matters: Vec<Matter> = matters.into_values().collect();
    matters.sort_by_key(|matter| {
        let due = matter.due_on.unwrap_or(NaiveDate::MAX);
        (due, matter.set.position, matter.action)
    });
    matters
}

fn raised(own: &[&Arc<MeetingView>]) -> BTreeMap<ActionId, RaisedUnder> {
    let items = own
        .iter()
        .flat_map(|meeting| meeting.items.iter().map(|item| (meeting.id, item)));
    let raised = items.flat_map(|(meeting, item)| {
        item.actions.iter().map(move |raised| {
            let under = RaisedUnder {
                meeting,
                item: item.id,
                label: raised.label.clone(),
            };
            (raised.action_id, under)
        })
    });
    raised.collect()
}

fn matter(
    plan: ActionPlanId,
    action: &ActionView,
    under: Option<&RaisedUnder>,
    on: NaiveDate,
) -> Option<Matter> {
    if action.state != ActionState::Open {
        return None;
    }
    Some(Matter {
        plan,
        action: action.id,
        raised: under.cloned(),
        set: action.changes.first()?.made,
        due_on: action.due_on(),
        overdue: action.due_on().is_some_and(|due| due < on),
    })
}
