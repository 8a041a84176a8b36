//! Actions: what will be done, by whom and when, and everything that changed about it.

use chrono::NaiveDate;
use domain::ActionPlanEvent;
use domain::Text;
use domain::action_plan::ActionSet;
use domain::ids::{ActionId, UpdateId};
use domain::timescale::Timescale;
use ledger::Entry;
use ledger::entry::Position;
use serde::{Deserialize, Serialize};

use super::ActionPlanView;
use crate::tracked::Stamp;

/// One action as it stands, with everything that happened to it in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionView {
    /// The action.
    pub id: ActionId,
    /// What will be done.
    pub text: Text,
    /// Who will do it, in the plan's words.
    pub owner: Option<Text>,
    /// When.
    pub timescale: Option<Timescale>,
    /// The timescale it was set with.
    pub original_timescale: Option<Timescale>,
    /// Where it stands.
    pub state: ActionState,
    /// Everything that happened to it in the order recorded, its setting first.
    pub changes: Vec<ActionChange>,
}

/// Where an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionState {
    /// Still to be done.
    Open,
    /// Done.
    Completed,
    /// Given up.
    Dropped,
    /// Goes on as part of another.
    Merged,
}

impl ActionState {
    /// Every state there is.
    pub const ALL: [Self; 4] = [Self::Open, Self::Completed, Self::Dropped, Self::Merged];

    /// The state as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Completed => "completed",
            Self::Dropped => "dropped",
            Self::Merged => "merged",
        }
    }
}

/// One thing that happened to an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionChange {
    /// What happened.
    #[serde(flatten)]
    pub happened: Happened,
    /// Why, or what was said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<UpdateId>,
    /// When, and at which meeting.
    pub made: Stamp,
}

/// What can happen to an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Happened {
    /// It was set.
    Set {
        /// What will be done.
        text: Text,
        /// Who will do it.
        owner: Option<Text>,
        /// When.
        timescale: Option<Timescale>,
    },
    /// It moved on.
    Progressed,
    /// It got another timescale.
    Rescheduled {
        /// The timescale until then.
        from: Option<Timescale>,
        /// The timescale from then on.
        to: Timescale,
    },
    /// It got another owner.
    Reassigned {
        /// Who owned it until then.
        from: Option<Text>,
        /// Who owned it from then on.
        to: Text,
    },
    /// Its words changed.
    Reworded {
        /// The words until then.
        from: Text,
        /// The words from then on.
        to: Text,
    },
    /// It was done.
    Completed,
    /// It was given up.
    Dropped,
    /// It was taken up again.
    Reopened {
        /// How it had ended.
        from: ActionState,
    },
    /// It goes on as part of another.
    Merged {
        /// The action that carries on.
        into: ActionId,
    },
}

/// A stretch of days on which an action was open with one due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The day after the last; none while it goes on.
    pub until: Option<NaiveDate>,
    /// The day it was due, if its timescale named one.
    pub due_on: Option<NaiveDate>,
}

impl ActionView {
    pub(super) fn begin(event: &ActionSet, entry: &Entry) -> Self {
        let happened = Happened::Set {
            text: event.text.clone(),
            owner: event.owner.clone(),
            timescale: event.timescale.clone(),
        };
        Self {
            id: event.action_id,
            text: event.text.clone(),
            owner: event.owner.clone(),
            timescale: event.timescale.clone(),
            original_timescale: event.timescale.clone(),
            state: ActionState::Open,
            changes: vec![ActionChange {
                happened,
                reason: None,
                update: event.update_id,
                made: entry.into(),
            }],
        }
    }

    /// The day it is due, where its timescale names one.
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.timescale
            .as_ref()
            .and_then(|timescale| timescale.due_on)
    }

    /// The date it was set; changes are never empty, their first is the setting.
    pub fn set_on(&self) -> Option<NaiveDate> {
        self.changes.first().map(|change| change.made.on)
    }

    /// The date it ended, unless it is open.
    pub fn ended_on(&self) -> Option<NaiveDate> {
        if self.state == ActionState::Open {
            return None;
        }
        let ending = self
            .changes
            .iter()
            .rev()
            .find(|change| change.happened.ends());
        ending.map(|change| change.made.on)
    }

    /// The action it goes on as part of, once it was merged.
    pub fn merged_into(&self) -> Option<ActionId> {
        if self.state != ActionState::Merged {
            return None;
        }
        self.changes
            .iter()
            .rev()
            .find_map(|change| match change.happened {
                Happened::Merged { into } => Some(into),
                _ => None,
            })
    }

    /// The words once the entry at `position` had been recorded.
    pub fn text_at(&self, position: Position) -> &Text {
        self.changes
            .iter()
            .filter(|change| change.made.position > position)
            .find_map(|change| match &change.happened {
                Happened::Reworded { from, .. } => Some(from),
                _ => None,
            })
            .unwrap_or(&self.text)
    }

    /// When it was open and with which due date, by the date things were true.
    pub fn periods(&self) -> Vec<Period> {
        let mut changes: Vec<&ActionChange> = self.changes.iter().collect();
        changes.sort_by_key(|change| (change.made.on, change.made.position));
        let mut periods = Vec::new();
        let (mut open_since, mut due_on) = (None, None);
        for change in changes {
            let before = (open_since, due_on);
            change
                .happened
                .move_on(change.made.on, &mut open_since, &mut due_on);
            if before != (open_since, due_on) {
                close(&mut periods, before, change.made.on);
                open_since = open_since.map(|_| change.made.on);
            }
        }
        periods.extend(open_since.map(|from| Period {
            from,
            until: None,
            due_on,
        }));
        periods
    }

    /// Whether it was open on `date` and due before it.
    pub fn overdue_at(&self, date: NaiveDate) -> bool {
        self.periods().iter().any(|period| {
            period.from <= date
                && period.until.is_none_or(|until| date < until)
                && period.due_on.is_some_and(|due| due < date)
        })
    }

    fn record(&mut self, happened: Happened, said: Said<'_>, entry: &Entry) {
        self.changes.push(ActionChange {
            happened,
            reason: said.words.cloned(),
            update: said.update,
            made: entry.into(),
        });
    }

    fn end(&mut self, happened: Happened, said: Said<'_>, entry: &Entry) {
        self.state = match happened {
            Happened::Completed => ActionState::Completed,
            Happened::Merged { .. } => ActionState::Merged,
            _ => ActionState::Dropped,
        };
        self.record(happened, said, entry);
    }
}

/// Closes the period that lasted until `until`, unless it lasted no day.
fn close(
    periods: &mut Vec<Period>,
    (open_since, due_on): (Option<NaiveDate>, Option<NaiveDate>),
    until: NaiveDate,
) {
    periods.extend(open_since.filter(|from| *from < until).map(|from| Period {
        from,
        until: Some(until),
        due_on,
    }));
}

impl Happened {
    /// Whether it ended the action.
    pub const fn ends(&self) -> bool {
        matches!(self, Self::Completed | Self::Dropped | Self::Merged { .. })
    }

    fn move_on(
        &self,
        on: NaiveDate,
        open_since: &mut Option<NaiveDate>,
        due_on: &mut Option<NaiveDate>,
    ) {
        match self {
            Self::Set { timescale, .. } => {
                *open_since = Some(on);
                *due_on = timescale.as_ref().and_then(|timescale| timescale.due_on);
            }
            Self::Rescheduled { to, .. } => *due_on = to.due_on,
            Self::Reopened { .. } => *open_since = Some(on),
            Self::Completed | Self::Dropped | Self::Merged { .. } => *open_since = None,
            Self::Progressed | Self::Reassigned { .. } | Self::Reworded { .. } => {}
        }
    }
}

/// What was said of a change, and in which update.
#[derive(Clone, Copy)]
struct Said<'a> {
    words: Option<&'a Text>,
    update: Option<UpdateId>,
}

const fn said(words: Option<&Text>, update: Option<UpdateId>) -> Said<'_> {
    Said { words, update }
}

/// What changes a plan's actions.
pub(super) fn apply(plan: &mut ActionPlanView, event: &ActionPlanEvent, entry: &Entry) {
    match event {
        ActionPlanEvent::ActionProgressed(e) => on(plan, e.action_id, |action| {
            let said = said(e.note.as_ref(), e.update_id);
            action.record(Happened::Progressed, said, entry);
        }),
        ActionPlanEvent::ActionRescheduled(e) => on(plan, e.action_id, |action| {
            let from = action.timescale.replace(e.to.clone());
            let to = e.to.clone();
            let said = said(Some(&e.reason), e.update_id);
            action.record(Happened::Rescheduled { from, to }, said, entry);
        }),
        ActionPlanEvent::ActionReassigned(e) => on(plan, e.action_id, |action| {
            let from = action.owner.replace(e.to.clone());
            let to = e.to.clone();
            let said = said(e.reason.as_ref(), e.update_id);
            action.record(Happened::Reassigned { from, to }, said, entry);
        }),
        ActionPlanEvent::ActionReworded(e) => on(plan, e.action_id, |action| {
            let from = std::mem::replace(&mut action.text, e.to.clone());
            let to = e.to.clone();
            let said = said(Some(&e.reason), e.update_id);
            action.record(Happened::Reworded { from, to }, said, entry);
        }),
        other => apply_ending(plan, other, entry),
    }
}

/// What ends an action or takes it up again.
fn apply_ending(plan: &mut ActionPlanView, event: &ActionPlanEvent, entry: &Entry) {
    match event {
        ActionPlanEvent::ActionCompleted(e) => on(plan, e.action_id, |action| {
            action.end(
                Happened::Completed,
                said(e.note.as_ref(), e.update_id),
                entry,
            );
        }),
        ActionPlanEvent::ActionDropped(e) => on(plan, e.action_id, |action| {
            action.end(Happened::Dropped, said(Some(&e.reason), e.update_id), entry);
        }),
        ActionPlanEvent::ActionMerged(e) => on(plan, e.action_id, |action| {
            let happened = Happened::Merged { into: e.into };
            action.end(happened, said(Some(&e.reason), e.update_id), entry);
        }),
        ActionPlanEvent::ActionReopened(e) => on(plan, e.action_id, |action| {
            let from = std::mem::replace(&mut action.state, ActionState::Open);
            let said = said(Some(&e.reason), e.update_id);
            action.record(Happened::Reopened { from }, said, entry);
        }),
        // The plan, its updates and its objectives; dealt with where those are.
        ActionPlanEvent::Set(_)
        | ActionPlanEvent::Retitled(_)
        | ActionPlanEvent::ObjectiveAdded(_)
        | ActionPlanEvent::ObjectiveReworded(_)
        | ActionPlanEvent::ObjectiveRenumbered(_)
        | ActionPlanEvent::ObjectiveLinked(_)
        | ActionPlanEvent::NoActionNoted(_)
        | ActionPlanEvent::ObjectiveDropped(_)
        | ActionPlanEvent::ObjectiveReinstated(_)
        | ActionPlanEvent::UpdateRecorded(_)
        | ActionPlanEvent::UpdateCorrected(_)
        | ActionPlanEvent::UpdateWithdrawn(_)
        | ActionPlanEvent::ActionSet(_)
        | ActionPlanEvent::ActionProgressed(_)
        | ActionPlanEvent::ActionRescheduled(_)
        | ActionPlanEvent::ActionReassigned(_)
        | ActionPlanEvent::ActionReworded(_)
        | ActionPlanEvent::VisibilityChanged(_)
        | ActionPlanEvent::TextRedacted(_) => {}
    }
}

fn on(plan: &mut ActionPlanView, id: ActionId, change: impl FnOnce(&mut ActionView)) {
    if let Some(action) = plan.action_mut(id) {
        change(action);
    }
}
