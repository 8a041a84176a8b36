//! Updates: what was said on one day for one or several objectives.

use domain::ActionPlanEvent;
use domain::Text;
use domain::action_plan::{UpdateRecorded, UpdateTerms};
use domain::ids::{ObjectiveId, UpdateId};
use ledger::Entry;
use ledger::entry::Position;
use serde::{Deserialize, Serialize};

use super::ActionPlanView;
use crate::tracked::{Change, Ended, Stamp};

/// One dated update, with every correction to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateView {
    /// The update.
    pub id: UpdateId,
    /// The words.
    pub text: Text,
    /// The objectives it speaks for, in the order named.
    pub objectives: Vec<ObjectiveId>,
    /// When, and at which meeting.
    pub made: Stamp,
    /// Every correction, oldest first; what it said before each stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Change<UpdateTerms>>,
    /// That it was taken back, and why. The changes it carried stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
}

impl UpdateView {
    /// What it said once the entry at `position` had been recorded.
    pub fn terms_at(&self, position: Position) -> UpdateTerms {
        let mut later = self.corrections.iter();
        let next = later.find(|correction| correction.made.position > position);
        next.map_or_else(|| self.terms(), |next| next.from.clone())
    }

    fn terms(&self) -> UpdateTerms {
        UpdateTerms {
            text: self.text.clone(),
            objectives: self.objectives.clone(),
        }
    }

    fn begin(event: &UpdateRecorded, entry: &Entry) -> Self {
        Self {
            id: event.update_id,
            text: event.text.clone(),
            objectives: event.objectives.clone(),
            made: entry.into(),
            corrections: Vec::new(),
            withdrawn: None,
        }
    }

    fn correct(&mut self, to: UpdateTerms, reason: &Text, entry: &Entry) {
        let correction = Change::correction(self.terms(), to.clone(), reason, entry);
        self.corrections.push(correction);
        self.text = to.text;
        self.objectives = to.objectives;
    }
}

/// What is said of a plan, put right and taken back.
pub(super) fn apply(plan: &mut ActionPlanView, event: &ActionPlanEvent, entry: &Entry) {
    match event {
        ActionPlanEvent::UpdateRecorded(e) => {
            for objective in &mut plan.objectives {
                if e.objectives.contains(&objective.id) {
                    objective.updates.push(e.update_id);
                }
            }
            plan.updates.push(UpdateView::begin(e, entry));
        }
        ActionPlanEvent::UpdateCorrected(e) => {
            on(plan, e.update_id, |update| {
                update.correct(e.to.clone(), &e.reason, entry);
            });
            speak(plan);
        }
        ActionPlanEvent::UpdateWithdrawn(e) => on(plan, e.update_id, |update| {
            update.withdrawn = Some(Ended::because(&e.reason, entry));
        }),
        _ => {}
    }
}

/// Lists anew under each objective the updates that speak for it, in the order recorded.
fn speak(plan: &mut ActionPlanView) {
    let ActionPlanView {
        objectives,
        updates,
        ..
    } = plan;
    for objective in objectives {
        let spoken = updates.iter();
        let spoken = spoken.filter(|update| update.objectives.contains(&objective.id));
        objective.updates = spoken.map(|update| update.id).collect();
    }
}

/// They are looked for from the newest, which is the one most often put right.
fn on(plan: &mut ActionPlanView, id: UpdateId, change: impl FnOnce(&mut UpdateView)) {
    let mut updates = plan.updates.iter_mut().rev();
    if let Some(update) = updates.find(|update| update.id == id) {
        change(update);
    }
}
