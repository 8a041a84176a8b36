//! The texts that a command would put others in the place of.

use crate::text::Text;

use super::command::{ActionPlanCommand, Change};
use super::state::ActionPlan;

impl ActionPlan {
    /// Those that stand where this command writes. What is typed and says the same is the same text: nothing is sealed twice,
    /// and whether anything would change can be seen.
    pub fn standing(&self, command: &ActionPlanCommand) -> Vec<&Text> {
        match command {
            ActionPlanCommand::RewordObjective { objective, .. } => {
                let objective = self.objectives.get(objective);
                let indicator = objective.and_then(|objective| objective.words.indicator.as_ref());
                indicator.into_iter().collect()
            }
            ActionPlanCommand::CorrectUpdate { update, .. } => {
                let update = self.updates.get(update).into_iter();
                update.map(|update| &update.terms.text).collect()
            }
            ActionPlanCommand::RecordUpdate { changes, .. } => {
                let changes = changes.iter();
                changes.flat_map(|change| self.changed(change)).collect()
            }
            ActionPlanCommand::MakeChange { change } => self.changed(change),
            _ => Vec::new(),
        }
    }

    fn changed(&self, change: &Change) -> Vec<&Text> {
        let action = |id| self.actions.get(id);
        match change {
            Change::RewordAction { action: id, .. } => {
                action(id).into_iter().map(|action| &action.text).collect()
            }
            Change::ReassignAction { action: id, .. } => {
                let owner = action(id).and_then(|action| action.owner.as_ref());
                owner.into_iter().collect()
            }
            Change::RescheduleAction { action: id, .. } => {
                let timescale = action(id).and_then(|action| action.timescale.as_ref());
                let note = timescale.and_then(|timescale| timescale.note.as_ref());
                note.into_iter().collect()
            }
            Change::NoteNoAction { objective, .. } => {
                let objective = self.objectives.get(objective);
                let noted = objective.and_then(|objective| objective.no_action.as_ref());
                let timescale = noted.and_then(|noted| noted.timescale.as_ref());
                let said = timescale.and_then(|timescale| timescale.note.as_ref());
                noted
                    .map(|noted| &noted.note)
                    .into_iter()
                    .chain(said)
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}
