//! An action plan's entries in words.

use domain::ActionPlanEvent;
use domain::action_plan::{ActionSet, ObjectiveLinked, ObjectiveReworded, UpdateRecorded};
use domain::facts::CommitmentFact;
use domain::ids::{ActionId, ObjectiveId, UpdateId};
use ledger::Entry;

use super::phrase::{because, because_maybe, ended, listed, quoted, timescale, timescale_or_none};
use super::{Names, Said, Subject, SubjectKind};
use crate::ActionPlanView;

/// The plan's parts as they were called once an entry had been recorded.
struct Teller<'a> {
    view: Option<&'a ActionPlanView>,
    entry: &'a Entry,
}

pub(super) fn say(event: &ActionPlanEvent, entry: &Entry, names: Names<'_>) -> Said {
    let view = match names {
        Names::ActionPlan(view) => Some(view),
        _ => None,
    };
    let teller = Teller { view, entry };
    teller.plan(event)
}

impl Teller<'_> {
    fn said(&self, text: String) -> Said {
        let plan = Subject {
            kind: SubjectKind::ActionPlan,
            id: self.entry.recorded.stream.id,
        };
        Said::new(text, plan)
    }

    fn about_objective(&self, id: ObjectiveId, text: String) -> Said {
        let commitment = self.view.and_then(|view| {
            let objective = view.objective(id)?;
            objective
                .commitment
                .at(self.entry.recorded.position)
                .as_ref()
        });
        self.said(text)
            .and(SubjectKind::Objective, id.uuid())
            .and_all(SubjectKind::Commitment, commitment.map(|c| c.id.uuid()))
    }

    fn about_action(&self, id: ActionId, text: String) -> Said {
        let objective = self
            .view
            .and_then(|view| view.action(id))
            .map(|(o, _)| o.id);
        match objective {
            Some(objective) => self.about_objective(objective, text),
            None => self.said(text),
        }
        .and(SubjectKind::Action, id.uuid())
    }

    /// "Objective 3".
    fn objective(&self, id: ObjectiveId) -> String {
        let objective = self.view.and_then(|view| view.objective(id));
        objective.map_or_else(
            || "An objective".to_owned(),
            |objective| {
                format!(
                    "Objective {}",
                    objective.label.at(self.entry.recorded.position)
                )
            },
        )
    }

    /// "Objective 3: the action “Stage two events”".
    fn action(&self, id: ActionId) -> String {
        let found = self.view.and_then(|view| view.action(id));
        found.map_or_else(
            || "An action".to_owned(),
            |(objective, action)| {
                let text = action.text_at(self.entry.recorded.position);
                format!(
                    "{}: the action {}",
                    self.objective(objective.id),
                    quoted(text)
                )
            },
        )
    }

    fn plan(&self, event: &ActionPlanEvent) -> Said {
        match event {
            ActionPlanEvent::Set(e) => {
                let (group, title) = (&e.group, quoted(&e.title));
                let text = format!("{} ({}) set its plan, {title}.", group.name, group.code);
                self.said(text).and(SubjectKind::Group, group.id.uuid())
            }
            ActionPlanEvent::Retitled(e) => {
                let change = format!("The plan {} is now {}", quoted(&e.from), quoted(&e.to));
                self.said(because(&change, &e.reason))
            }
            ActionPlanEvent::UpdateRecorded(e) => self.update(e),
            ActionPlanEvent::ObjectiveAdded(e) => {
                let mut text = format!("Objective {} was added: {}", e.label, ended(&e.title));
                if let Some(indicator) = &e.indicator {
                    text = format!("{text} Indicator: {}", ended(indicator));
                }
                if let Some(commitment) = &e.commitment {
                    text = format!("{text} It serves {}.", served(commitment));
                }
                self.about_objective(e.objective_id, text).and_all(
                    SubjectKind::Commitment,
                    e.commitment.iter().map(|c| c.id.uuid()),
                )
            }
            other => self.objectives(other),
        }
    }

    fn objectives(&self, event: &ActionPlanEvent) -> Said {
        match event {
            ActionPlanEvent::ObjectiveReworded(e) => {
                let change = self.reworded(e);
                self.about_objective(e.objective_id, because(&change, &e.reason))
            }
            ActionPlanEvent::ObjectiveRenumbered(e) => {
                let change = format!("Objective {} was renumbered {}", e.from, e.to);
                self.about_objective(e.objective_id, because(&change, &e.reason))
            }
            ActionPlanEvent::ObjectiveLinked(e) => {
                let change = self.linked(e);
                let commitments = e.from.iter().chain(&e.to).map(|c| c.id.uuid());
                self.about_objective(e.objective_id, because(&change, &e.reason))
                    .and_all(SubjectKind::Commitment, commitments)
            }
            ActionPlanEvent::NoActionNoted(e) => {
                let none = format!(
                    "{} has no action at present",
                    self.objective(e.objective_id)
                );
                let said = self.about_objective(e.objective_id, because(&none, &e.note));
                in_update(said, e.update_id)
            }
            ActionPlanEvent::ObjectiveDropped(e) => {
                let change = format!("{} was dropped", self.objective(e.objective_id));
                let said = self.about_objective(e.objective_id, because(&change, &e.reason));
                in_update(said, e.update_id)
            }
            ActionPlanEvent::ObjectiveReinstated(e) => {
                let change = format!("{} was taken up again", self.objective(e.objective_id));
                let said = self.about_objective(e.objective_id, because(&change, &e.reason));
                in_update(said, e.update_id)
            }
            ActionPlanEvent::ActionSet(e) => self.action_set(e),
            other => self.changes(other),
        }
    }

    /// What changes an action that goes on.
    fn changes(&self, event: &ActionPlanEvent) -> Said {
        match event {
            ActionPlanEvent::ActionProgressed(e) => {
                let change = format!("{} moved on", self.action(e.action_id));
                let text = because_maybe(&change, e.note.as_deref());
                in_update(self.about_action(e.action_id, text), e.update_id)
            }
            ActionPlanEvent::ActionRescheduled(e) => {
                let (from, to) = (timescale_or_none(e.from.as_ref()), timescale(&e.to));
                let action = self.action(e.action_id);
                let change = format!("{action} was rescheduled from {from} to {to}");
                let text = because(&change, &e.reason);
                in_update(self.about_action(e.action_id, text), e.update_id)
            }
            ActionPlanEvent::ActionReassigned(e) => {
                let action = self.action(e.action_id);
                let change = match &e.from {
                    Some(from) => format!("{action} passed from {from} to {}", e.to),
                    None => format!("{action} was given to {}", e.to),
                };
                let text = because_maybe(&change, e.reason.as_deref());
                in_update(self.about_action(e.action_id, text), e.update_id)
            }
            ActionPlanEvent::ActionReworded(e) => {
                let (from, to) = (quoted(&e.from), quoted(&e.to));
                let change = format!("An action was reworded from {from} to {to}");
                let text = because(&change, &e.reason);
                in_update(self.about_action(e.action_id, text), e.update_id)
            }
            other => self.endings(other),
        }
    }

    /// What ends an action or takes it up again.
    fn endings(&self, event: &ActionPlanEvent) -> Said {
        match event {
            ActionPlanEvent::ActionCompleted(e) => {
                let change = format!("{} was completed", self.action(e.action_id));
                let text = because_maybe(&change, e.note.as_deref());
                in_update(self.about_action(e.action_id, text), e.update_id)
            }
            ActionPlanEvent::ActionDropped(e) => {
                let change = format!("{} was dropped", self.action(e.action_id));
                let text = because(&change, &e.reason);
                in_update(self.about_action(e.action_id, text), e.update_id)
            }
            ActionPlanEvent::ActionReopened(e) => {
                let change = format!("{} was reopened", self.action(e.action_id));
                let text = because(&change, &e.reason);
                in_update(self.about_action(e.action_id, text), e.update_id)
            }
            ActionPlanEvent::ActionMerged(e) => {
                let into = self.view.and_then(|view| view.action(e.into)).map_or_else(
                    || "another action".to_owned(),
                    |(_, into)| quoted(into.text_at(self.entry.recorded.position)),
                );
                let change = format!("{} goes on as part of {into}", self.action(e.action_id));
                let text = because(&change, &e.reason);
                let said = self.about_action(e.action_id, text);
                in_update(said.and(SubjectKind::Action, e.into.uuid()), e.update_id)
            }
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
            | ActionPlanEvent::ActionSet(_)
            | ActionPlanEvent::ActionProgressed(_)
            | ActionPlanEvent::ActionRescheduled(_)
            | ActionPlanEvent::ActionReassigned(_)
            | ActionPlanEvent::ActionReworded(_) => self.plan(event),
        }
    }

    fn update(&self, e: &UpdateRecorded) -> Said {
        let position = self.entry.recorded.position;
        let refs: Vec<String> = e
            .objectives
            .iter()
            .filter_map(|id| Some(self.view?.objective(*id)?.label.at(position).clone()))
            .collect();
        let on = match refs.as_slice() {
            [] => "Update".to_owned(),
            [only] => format!("Update on objective {only}"),
            _ => format!("Update on objectives {}", listed(&refs)),
        };
        self.said(format!("{on}: {}", ended(&e.text)))
            .and(SubjectKind::Update, e.update_id.uuid())
            .and_all(
                SubjectKind::Objective,
                e.objectives.iter().map(|id| id.uuid()),
            )
    }

    fn action_set(&self, e: &ActionSet) -> Said {
        let mut text = format!(
            "{}: the action {} was set",
            self.objective(e.objective_id),
            quoted(&e.text)
        );
        if let Some(owner) = &e.owner {
            text = format!("{text} for {owner}");
        }
        if let Some(when) = &e.timescale {
            text = format!("{text}, by {}", timescale(when));
        }
        let said = self.about_objective(e.objective_id, format!("{text}."));
        in_update(
            said.and(SubjectKind::Action, e.action_id.uuid()),
            e.update_id,
        )
    }

    fn reworded(&self, e: &ObjectiveReworded) -> String {
        let objective = self.objective(e.objective_id);
        if e.from.title != e.to.title {
            let (from, to) = (quoted(&e.from.title), quoted(&e.to.title));
            return format!("{objective} was reworded from {from} to {to}");
        }
        match &e.to.indicator {
            Some(to) => format!("{objective}: the indicator now reads {}", quoted(to)),
            None => format!("{objective}: the indicator was taken away"),
        }
    }

    fn linked(&self, e: &ObjectiveLinked) -> String {
        let objective = self.objective(e.objective_id);
        match (&e.from, &e.to) {
            (Some(from), Some(to)) => {
                format!(
                    "{objective} serves {} instead of {}",
                    served(to),
                    served(from)
                )
            }
            (None, Some(to)) => format!("{objective} serves {}", served(to)),
            (Some(from), None) => format!("{objective} no longer serves {}", served(from)),
            (None, None) => format!("{objective} serves no commitment"),
        }
    }
}

/// "commitment 10 of 2007-08, “Commitment to the Skills Pledge”".
fn served(commitment: &CommitmentFact) -> String {
    let CommitmentFact {
        session,
        label,
        title,
        ..
    } = commitment;
    format!("commitment {label} of {session}, {}", quoted(title))
}

fn in_update(said: Said, update: Option<UpdateId>) -> Said {
    said.and_all(SubjectKind::Update, update.map(UpdateId::uuid))
}
