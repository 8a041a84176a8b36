//! What is marked in the table of a plan: what changed in it since a meeting, the old struck out beside the new.

use std::collections::HashMap;

use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session};
use crate::documents::words::PlanChangeKind;
use crate::instead::Instead;
use crate::looker::Looker;
use crate::parts::Told;
use crate::uk;
use crate::visit::Web;

document!(PlanChanges, "documents/plan-changes.graphql", one_of);

use plan_changes::PlanChangesActionPlanChangesNodes as Change;
use plan_changes::{Since, Was};

/// How many pages of changes are marked at most.
const MOST_PAGES: usize = 10;

/// Everything about a thing.
const WHOLE: &str = "";

/// What changed, by the thing's id and the part of it: what was there before, where something was.
#[derive(Debug, Default)]
pub struct Marks(HashMap<(String, &'static str), Option<String>>);

impl Marks {
    /// What changed in the plan `id` after a meeting.
    ///
    /// # Errors
    /// When the schema does not answer.
    pub async fn since(
        web: &Web,
        looker: &Looker,
        (id, meeting): (&str, &str),
    ) -> Result<Self, Instead> {
        let mut marks = Self::default();
        let mut after = None;
        for _ in 0..MOST_PAGES {
            let variables = plan_changes::Variables {
                id: id.to_owned(),
                since: Some(Since::Meeting(meeting.to_owned())),
                until: None,
                after,
            };
            let answer = ask::<PlanChanges>(&web.gateway, variables, looker.caller()).await?;
            let Some(plan) = answer.action_plan else {
                break;
            };
            for change in plan.changes.nodes {
                marks.add(change);
            }
            after = plan.changes.page_info.end_cursor;
            if !plan.changes.page_info.has_next_page {
                break;
            }
        }
        Ok(marks)
    }

    /// How many things are marked.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    fn put(&mut self, id: Option<String>, part: &'static str, was: Option<String>) {
        if let Some(id) = id {
            self.0.insert((id, part), was);
        }
    }

    fn add(&mut self, change: Change) {
        let objective = change.objective.map(|it| it.id);
        let action = change.action.map(|it| it.id);
        let update = change.update.map(|it| it.id);
        let from = change.from.as_ref();
        let text = from.and_then(|was| was.text.clone());
        match change.kind {
            PlanChangeKind::PlanSet
            | PlanChangeKind::PlanRetitled
            | PlanChangeKind::PlanReleased => (),
            PlanChangeKind::ObjectiveAdded => self.put(objective, WHOLE, None),
            PlanChangeKind::ObjectiveRenumbered => self.put(objective, "ref", text),
            PlanChangeKind::ObjectiveReworded => {
                let to = change.to.as_ref();
                if text != to.and_then(|now| now.text.clone()) {
                    self.put(objective.clone(), "title", text);
                }
                let indicator = from.and_then(|was| was.indicator.clone());
                if indicator != to.and_then(|now| now.indicator.clone()) {
                    self.put(objective, "indicator", indicator);
                }
            }
            PlanChangeKind::ObjectiveLinked => {
                self.put(objective, "commitment", from.and_then(served));
            }
            PlanChangeKind::ObjectiveMoved => self.put(objective, "state", None),
            PlanChangeKind::ActionAdded => self.put(action, WHOLE, None),
            PlanChangeKind::ActionReworded => self.put(action, "text", text),
            PlanChangeKind::ActionReassigned => self.put(action, "owner", text),
            PlanChangeKind::ActionRescheduled => {
                let when = from.and_then(|was| was.timescale.as_ref());
                self.put(action, "when", when.map(|when| when.text.clone()));
            }
            PlanChangeKind::ActionMoved => self.put(action, "state", None),
            PlanChangeKind::ActionProgressed => self.put(action, "progress", None),
            PlanChangeKind::UpdateGiven => self.put(update, WHOLE, None),
            PlanChangeKind::UpdateCorrected => self.put(update, "text", text),
            PlanChangeKind::UpdateWithdrawn => self.put(update, "withdrawn", None),
        }
    }

    /// Whether this part of the thing is other than it was; of what is new as a whole, no part is.
    pub fn has(&self, part: &str, id: &str) -> bool {
        let mut marks = self.0.keys();
        marks.any(|(of, at)| of == id && *at == part)
    }

    fn found(&self, part: &str, id: &str) -> Option<&Option<String>> {
        let mut marks = self.0.iter();
        let here = |of: &str, at: &str| of == id && (at == part || at == WHOLE);
        marks.find(|((of, at), _)| here(of, at)).map(|(_, was)| was)
    }

    /// The words of this part of the thing, marked where they are new or others.
    pub fn told(&self, part: &str, id: &str, now: &str) -> Told {
        match self.found(part, id) {
            Some(was) => Told::changed(was.clone(), Some(now.to_owned())),
            None => Told::plain(now),
        }
    }

    /// What stood in this part of the thing before, where nothing stands in it now.
    pub fn gone(&self, part: &str, id: &str) -> Option<&str> {
        self.found(part, id)?.as_deref()
    }
}

fn served(was: &Was) -> Option<String> {
    let commitment = was.commitment.as_ref()?;
    let session = uk::session(&commitment.session);
    Some(format!("Commitment {}, {session}", commitment.ref_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_marked_what_is_other_shows_both_and_what_stayed_is_plain() {
        let mut marks = Marks::default();
        marks.put(Some("a".to_owned()), WHOLE, None);
        marks.put(Some("b".to_owned()), "when", Some("September".to_owned()));
        let told = |part, id| marks.told(part, id, "<Now>").to_string();
        assert_eq!(told("text", "a"), "<ins>&#60;Now&#62;</ins>");
        assert!(told("when", "b").starts_with("<del>"));
        assert!(told("when", "b").ends_with("September</del> <ins>&#60;Now&#62;</ins>"));
        assert_eq!(told("text", "b"), "&#60;Now&#62;");
        assert!(marks.has("when", "b") && !marks.has("progress", "a"));
        assert_eq!(
            (marks.count(), marks.gone("when", "b")),
            (2, Some("September"))
        );
    }
}
