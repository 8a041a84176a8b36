//! A second, simpler account of what a plan's history may be, kept apart from the plan's own rules
//! so that each can show the other wrong. It believes nothing it has not seen happen.

use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[derive(Debug)]
struct Seen {
    label: String,
    words: ObjectiveWords,
    commitment: Option<CommitmentFact>,
    dropped: bool,
}

#[derive(Debug)]
struct SeenAction {
    under: ObjectiveId,
    text: Text,
    owner: Option<Text>,
    timescale: Option<Timescale>,
    open: bool,
}

#[derive(Debug)]
struct SeenUpdate {
    terms: UpdateTerms,
    changed: BTreeSet<ObjectiveId>,
    withdrawn: bool,
}

/// What has been seen so far.
#[derive(Debug, Default)]
pub(super) struct Witness {
    title: Option<String>,
    visibility: Visibility,
    objectives: BTreeMap<ObjectiveId, Seen>,
    actions: BTreeMap<ActionId, SeenAction>,
    updates: BTreeMap<UpdateId, SeenUpdate>,
}

type Verdict = Result<(), &'static str>;

fn holds(fact: bool, otherwise: &'static str) -> Verdict {
    if fact { Ok(()) } else { Err(otherwise) }
}

impl Witness {
    /// Sees a history through, and says what could not have happened.
    pub(super) fn hears<'a>(
        history: impl IntoIterator<Item = &'a Dated<ActionPlanEvent>>,
    ) -> Result<(), String> {
        let mut witness = Self::default();
        for dated in history {
            witness
                .sees(&dated.event)
                .and_then(|()| witness.stands())
                .map_err(|what| format!("{what}: {dated:?}"))?;
        }
        Ok(())
    }

    fn sees(&mut self, event: &ActionPlanEvent) -> Verdict {
        use ActionPlanEvent as E;
        match event {
            E::Set(e) => {
                holds(self.title.is_none(), "set twice")?;
                self.title = Some(e.title.clone());
                Ok(())
            }
            _ if self.title.is_none() => Err("something before the plan was set"),
            E::Retitled(e) => {
                holds(self.title.as_ref() == Some(&e.from), "another title before")?;
                self.title = Some(e.to.clone());
                Ok(())
            }
            E::VisibilityChanged(e) => {
                holds(self.visibility == e.from, "another visibility before")?;
                holds(e.from != e.to, "the same visibility")?;
                holds(
                    e.from < e.to || e.reason.is_some(),
                    "taken back without a reason",
                )?;
                self.visibility = e.to;
                Ok(())
            }
            E::TextRedacted(_) => Ok(()),
            E::UpdateRecorded(_) | E::UpdateCorrected(_) | E::UpdateWithdrawn(_) => {
                self.update(event)
            }
            E::ObjectiveAdded(_)
            | E::ObjectiveReworded(_)
            | E::ObjectiveRenumbered(_)
            | E::ObjectiveLinked(_)
            | E::NoActionNoted(_)
            | E::ObjectiveDropped(_)
            | E::ObjectiveReinstated(_) => self.objective_event(event),
            _ => self.action_event(event),
        }
    }

    /// What must hold after every event.
    fn stands(&self) -> Verdict {
        let live: Vec<_> = self.objectives.values().filter(|o| !o.dropped).collect();
        let labels: BTreeSet<_> = live.iter().map(|o| &o.label).collect();
        holds(
            labels.len() == live.len(),
            "two live objectives with one ref",
        )?;
        let open_under_dropped = self
            .actions
            .values()
            .any(|a| a.open && self.objectives.get(&a.under).is_none_or(|o| o.dropped));
        holds(
            !open_under_dropped,
            "an open action under no live objective",
        )
    }

    fn update(&mut self, event: &ActionPlanEvent) -> Verdict {
        use ActionPlanEvent as E;
        match event {
            E::UpdateRecorded(e) => {
                self.speaks_for(&e.objectives)?;
                let seen = SeenUpdate {
                    terms: UpdateTerms {
                        text: e.text.clone(),
                        objectives: e.objectives.clone(),
                    },
                    changed: BTreeSet::new(),
                    withdrawn: false,
                };
                let before = self.updates.insert(e.update_id, seen);
                holds(before.is_none(), "an update's id used again")
            }
            E::UpdateCorrected(e) => {
                self.speaks_for(&e.to.objectives)?;
                let update = self.updates.get_mut(&e.update_id).ok_or("no such update")?;
                holds(!update.withdrawn, "a withdrawn update corrected")?;
                holds(update.terms == e.from, "another update before")?;
                holds(e.from != e.to, "the same update")?;
                let kept = update.changed.iter().all(|id| e.to.objectives.contains(id));
                holds(kept, "a change left without its update")?;
                update.terms = e.to.clone();
                Ok(())
            }
            E::UpdateWithdrawn(e) => {
                let update = self.updates.get_mut(&e.update_id).ok_or("no such update")?;
                holds(!update.withdrawn, "an update withdrawn twice")?;
                update.withdrawn = true;
                Ok(())
            }
            _ => Err("not an event of an update"),
        }
    }

    fn speaks_for(&self, objectives: &[ObjectiveId]) -> Verdict {
        let named: BTreeSet<_> = objectives.iter().collect();
        holds(!named.is_empty(), "an update for nothing")?;
        holds(named.len() == objectives.len(), "an objective named twice")?;
        let known = named.iter().all(|id| self.objectives.contains_key(id));
        holds(known, "an update for an objective that is not there")
    }

    fn objective_event(&mut self, event: &ActionPlanEvent) -> Verdict {
        use ActionPlanEvent as E;
        match event {
            E::ObjectiveAdded(e) => {
                let seen = Seen {
                    label: e.label.clone(),
                    words: ObjectiveWords {
                        title: e.title.clone(),
                        indicator: e.indicator.clone(),
                    },
                    commitment: e.commitment.clone(),
                    dropped: false,
                };
                let before = self.objectives.insert(e.objective_id, seen);
                holds(before.is_none(), "an objective's id used again")
            }
            E::ObjectiveReworded(e) => {
                let words = &mut self.live(e.objective_id)?.words;
                holds(*words == e.from, "other words before")?;
                *words = e.to.clone();
                Ok(())
            }
            E::ObjectiveRenumbered(e) => {
                let label = &mut self.live(e.objective_id)?.label;
                holds(*label == e.from, "another ref before")?;
                label.clone_from(&e.to);
                Ok(())
            }
            E::ObjectiveLinked(e) => {
                let commitment = &mut self.live(e.objective_id)?.commitment;
                holds(*commitment == e.from, "another commitment before")?;
                commitment.clone_from(&e.to);
                Ok(())
            }
            E::NoActionNoted(e) => {
                self.said(e.update_id, e.objective_id)?;
                self.live(e.objective_id)?;
                let mut under = self.actions.values().filter(|a| a.under == e.objective_id);
                holds(
                    !under.any(|a| a.open),
                    "none at present beside an open action",
                )
            }
            E::ObjectiveDropped(e) => {
                self.said(e.update_id, e.objective_id)?;
                self.live(e.objective_id)?.dropped = true;
                Ok(())
            }
            E::ObjectiveReinstated(e) => {
                self.said(e.update_id, e.objective_id)?;
                let seen = self.objectives.get_mut(&e.objective_id);
                let seen = seen.ok_or("no such objective")?;
                holds(seen.dropped, "a live objective reinstated")?;
                seen.dropped = false;
                Ok(())
            }
            _ => Err("not an event of an objective"),
        }
    }

    fn action_event(&mut self, event: &ActionPlanEvent) -> Verdict {
        use ActionPlanEvent as E;
        match event {
            E::ActionSet(e) => self.set(e),
            E::ActionProgressed(e) => {
                holds(
                    e.note.is_some() || e.update_id.is_some(),
                    "progress without words",
                )?;
                self.open(e.action_id, e.update_id).map(|_| ())
            }
            E::ActionRescheduled(e) => {
                let timescale = &mut self.open(e.action_id, e.update_id)?.timescale;
                holds(*timescale == e.from, "another timescale before")?;
                *timescale = Some(e.to.clone());
                Ok(())
            }
            E::ActionReassigned(e) => {
                let owner = &mut self.open(e.action_id, e.update_id)?.owner;
                holds(*owner == e.from, "another owner before")?;
                *owner = Some(e.to.clone());
                Ok(())
            }
            E::ActionReworded(e) => {
                let text = &mut self.open(e.action_id, e.update_id)?.text;
                holds(*text == e.from, "other words before")?;
                text.clone_from(&e.to);
                Ok(())
            }
            E::ActionCompleted(e) => self.end(e.action_id, e.update_id),
            E::ActionDropped(e) => self.end(e.action_id, e.update_id),
            E::ActionMerged(e) => {
                self.end(e.action_id, e.update_id)?;
                let into = self.actions.get(&e.into).ok_or("merged into nothing")?;
                holds(into.open, "merged into an ended action")
            }
            E::ActionReopened(e) => {
                let action = self.actions.get_mut(&e.action_id).ok_or("no such action")?;
                holds(!action.open, "an open action reopened")?;
                action.open = true;
                let under = action.under;
                self.said(e.update_id, under)
            }
            _ => Err("not an event of an action"),
        }
    }

    fn set(&mut self, e: &ActionSet) -> Verdict {
        self.said(e.update_id, e.objective_id)?;
        self.live(e.objective_id)?;
        let seen = SeenAction {
            under: e.objective_id,
            text: e.text.clone(),
            owner: e.owner.clone(),
            timescale: e.timescale.clone(),
            open: true,
        };
        let before = self.actions.insert(e.action_id, seen);
        holds(before.is_none(), "an action's id used again")
    }

    fn end(&mut self, id: ActionId, update: Option<UpdateId>) -> Verdict {
        self.open(id, update)?.open = false;
        Ok(())
    }

    fn live(&mut self, id: ObjectiveId) -> Result<&mut Seen, &'static str> {
        let seen = self.objectives.get_mut(&id).ok_or("no such objective")?;
        holds(!seen.dropped, "a dropped objective changed")?;
        Ok(seen)
    }

    fn open(
        &mut self,
        id: ActionId,
        update: Option<UpdateId>,
    ) -> Result<&mut SeenAction, &'static str> {
        let under = self.actions.get(&id).ok_or("no such action")?.under;
        self.said(update, under)?;
        let action = self.actions.get_mut(&id).ok_or("no such action")?;
        holds(action.open, "an ended action changed")?;
        Ok(action)
    }

    /// The update a change names was recorded, and speaks for the objective.
    fn said(&mut self, update: Option<UpdateId>, objective: ObjectiveId) -> Verdict {
        let Some(update) = update else {
            return Ok(());
        };
        let update = self.updates.get_mut(&update).ok_or("no such update")?;
        holds(!update.withdrawn, "a change in a withdrawn update")?;
        update.changed.insert(objective);
        holds(
            update.terms.objectives.contains(&objective),
            "an update that did not speak for it",
        )
    }
}
