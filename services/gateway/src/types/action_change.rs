//! What happened to an action.

use std::sync::Arc;

use async_graphql::{Enum, Object};
use domain::Text;
use views::action_plan::Happened;
use views::{ActionPlanView, Stamp};

use super::action::{Action, ActionState};
use super::action_plan::Update;
use super::changes::Timescale;
use super::record::Origin;
use super::said::Said;

/// What can happen to an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActionChangeKind {
    /// It was set.
    Set,
    /// It moved on.
    Progressed,
    /// It got another timescale.
    Rescheduled,
    /// It got another owner.
    Reassigned,
    /// Its words changed.
    Reworded,
    /// It was done.
    Completed,
    /// It was given up.
    Dropped,
    /// It was taken up again.
    Reopened,
    /// It goes on as part of another.
    Merged,
}

/// One thing that happened to an action.
pub struct ActionChange {
    plan: Arc<ActionPlanView>,
    view: views::action_plan::ActionChange,
}

impl ActionChange {
    /// One of the changes of an action of this plan.
    pub(super) fn of(plan: &Arc<ActionPlanView>, view: &views::action_plan::ActionChange) -> Self {
        Self {
            plan: Arc::clone(plan),
            view: view.clone(),
        }
    }

    fn said(&self, text: Option<&Text>) -> Option<Said> {
        Said::maybe(self.plan.ledger, text)
    }

    fn timescale(&self, timescale: Option<&domain::timescale::Timescale>) -> Option<Timescale> {
        timescale.map(|it| Timescale::of(self.plan.ledger, it))
    }
}

/// One thing that happened to an action, with what it was before and after where that changed.
#[Object]
impl ActionChange {
    /// What happened.
    async fn kind(&self) -> ActionChangeKind {
        match self.view.happened {
            Happened::Set { .. } => ActionChangeKind::Set,
            Happened::Progressed => ActionChangeKind::Progressed,
            Happened::Rescheduled { .. } => ActionChangeKind::Rescheduled,
            Happened::Reassigned { .. } => ActionChangeKind::Reassigned,
            Happened::Reworded { .. } => ActionChangeKind::Reworded,
            Happened::Completed => ActionChangeKind::Completed,
            Happened::Dropped => ActionChangeKind::Dropped,
            Happened::Reopened { .. } => ActionChangeKind::Reopened,
            Happened::Merged { .. } => ActionChangeKind::Merged,
        }
    }

    /// Why, or what was said of it.
    async fn reason(&self) -> Option<Said> {
        self.said(self.view.reason.as_ref())
    }

    /// The timescale until then, when it was rescheduled.
    async fn from_timescale(&self) -> Option<Timescale> {
        match &self.view.happened {
            Happened::Rescheduled { from, .. } => self.timescale(from.as_ref()),
            _ => None,
        }
    }

    /// The timescale from then on, when it was set or rescheduled.
    async fn to_timescale(&self) -> Option<Timescale> {
        match &self.view.happened {
            Happened::Set { timescale, .. } => self.timescale(timescale.as_ref()),
            Happened::Rescheduled { to, .. } => self.timescale(Some(to)),
            _ => None,
        }
    }

    /// Who owned it until then, when it was reassigned.
    async fn from_owner(&self) -> Option<Said> {
        match &self.view.happened {
            Happened::Reassigned { from, .. } => self.said(from.as_ref()),
            _ => None,
        }
    }

    /// Who owned it from then on, when it was set or reassigned.
    async fn to_owner(&self) -> Option<Said> {
        match &self.view.happened {
            Happened::Set { owner, .. } => self.said(owner.as_ref()),
            Happened::Reassigned { to, .. } => self.said(Some(to)),
            _ => None,
        }
    }

    /// Its words until then, when it was reworded.
    async fn from_text(&self) -> Option<Said> {
        match &self.view.happened {
            Happened::Reworded { from, .. } => self.said(Some(from)),
            _ => None,
        }
    }

    /// Its words from then on, when it was set or reworded.
    async fn to_text(&self) -> Option<Said> {
        match &self.view.happened {
            Happened::Set { text, .. } => self.said(Some(text)),
            Happened::Reworded { to, .. } => self.said(Some(to)),
            _ => None,
        }
    }

    /// How it had ended, when it was reopened.
    async fn reopened_from(&self) -> Option<ActionState> {
        match self.view.happened {
            Happened::Reopened { from } => Some(from.into()),
            _ => None,
        }
    }

    /// The action that carries on, when it was merged.
    async fn merged_into(&self) -> Option<Action> {
        match self.view.happened {
            Happened::Merged { into } => Action::of(&self.plan, into),
            _ => None,
        }
    }

    /// The update it was said in, if it was.
    async fn update(&self) -> Option<Update> {
        Update::of(&self.plan, self.view.update?)
    }

    /// Where in the record it comes from.
    async fn made(&self) -> Origin {
        let made: Stamp = self.view.made;
        Origin::new(self.plan.ledger, made)
    }
}
