//! An action plan's entries in words.

use domain::ActionPlanEvent;
use domain::Text;
use domain::action_plan::{
    ActionMerged, ActionPlanRetitled, ActionReassigned, ActionRescheduled, ActionSet,
    ObjectiveAdded, ObjectiveLinked, ObjectiveReworded, UpdateCorrected, UpdateRecorded,
    UpdateWithdrawn,
};
use domain::facts::CommitmentFact;
use domain::ids::{ActionId, ObjectiveId, UpdateId};
use ledger::Entry;

use super::phrase::{
    because, because_maybe, ended, let_out, listed, quoted, redacted, timescale, timescale_or_none,
};
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
    teller.say(event)
}

/// What is told of an objective or action: "was dropped", why, and in which update.
#[derive(Clone, Copy)]
struct Told<'a> {
    what: &'a str,
    why: Option<&'a Text>,
    update: Option<UpdateId>,
}

fn told<'a>(what: &'a str, why: impl Into<Option<&'a Text>>, update: Option<UpdateId>) -> Told<'a> {
    let why = why.into();
    Told { what, why, update }
}

impl Teller<'_> {
    fn say(&self, event: &ActionPlanEvent) -> Said {
        match event {
            ActionPlanEvent::Set(e) => {
                let (group, title) = (&e.group, quoted(&e.title));
                let text = format!("{} ({}) set its plan, {title}.", group.name, group.code);
                self.said(text).and(SubjectKind::Group, group.id.uuid())
            }
            ActionPlanEvent::Retitled(e) => self.retitled(e),
            ActionPlanEvent::UpdateRecorded(e) => self.update(e),
            ActionPlanEvent::UpdateCorrected(e) => self.put_right(e),
            ActionPlanEvent::UpdateWithdrawn(e) => self.taken_back(e),
            ActionPlanEvent::ObjectiveAdded(e) => self.objective_added(e),
            ActionPlanEvent::ObjectiveReworded(e) => {
                let text = because(&self.reworded(e), e.reason.shown());
                self.about_objective(e.objective_id, text)
            }
            ActionPlanEvent::ObjectiveRenumbered(e) => {
                let change = format!("Objective {} was renumbered {}", e.from, e.to);
                self.about_objective(e.objective_id, because(&change, e.reason.shown()))
            }
            ActionPlanEvent::ObjectiveLinked(e) => self.linked(e),
            ActionPlanEvent::NoActionNoted(e) => {
                let told = told("has no action at present", &e.note, e.update_id);
                self.on_objective(e.objective_id, told)
            }
            ActionPlanEvent::ObjectiveDropped(e) => {
                let what = self.by_its_title(e.objective_id, "was dropped");
                self.on_objective(e.objective_id, told(&what, &e.reason, e.update_id))
            }
            ActionPlanEvent::ObjectiveReinstated(e) => {
                let what = self.by_its_title(e.objective_id, "was taken up again");
                self.on_objective(e.objective_id, told(&what, &e.reason, e.update_id))
            }
            ActionPlanEvent::ActionSet(e) => self.action_set(e),
            ActionPlanEvent::ActionProgressed(e) => {
                let told = told("moved on", e.note.as_ref(), e.update_id);
                self.on_action(e.action_id, told)
            }
            ActionPlanEvent::ActionRescheduled(e) => self.rescheduled(e),
            ActionPlanEvent::ActionReassigned(e) => self.reassigned(e),
            ActionPlanEvent::ActionReworded(e) => {
                let change = format!("was reworded; it now reads {}", quoted(e.to.shown()));
                let told = told(&change, &e.reason, e.update_id);
                self.on_action_called(e.action_id, e.from.shown(), told)
            }
            ActionPlanEvent::ActionCompleted(e) => {
                let told = told("was completed", e.note.as_ref(), e.update_id);
                self.on_action(e.action_id, told)
            }
            ActionPlanEvent::ActionDropped(e) => {
                let told = told("was dropped", &e.reason, e.update_id);
                self.on_action(e.action_id, told)
            }
            ActionPlanEvent::ActionReopened(e) => {
                let told = told("was reopened", &e.reason, e.update_id);
                self.on_action(e.action_id, told)
            }
            ActionPlanEvent::ActionMerged(e) => self.merged(e),
            ActionPlanEvent::VisibilityChanged(e) => self.said(let_out(&self.name(), e)),
            ActionPlanEvent::TextRedacted(e) => self.said(redacted(e)),
        }
    }

    /// "The plan “Learning and Development”".
    fn name(&self) -> String {
        let position = self.entry.recorded.position;
        self.view.map_or_else(
            || "The plan".to_owned(),
            |view| format!("The plan {}", quoted(view.title.at(position))),
        )
    }

    fn said(&self, text: String) -> Said {
        let plan = Subject {
            kind: SubjectKind::ActionPlan,
            id: self.entry.recorded.stream.id,
        };
        Said::new(text, plan)
    }

    fn about_objective(&self, id: ObjectiveId, text: String) -> Said {
        let position = self.entry.recorded.position;
        let objective = self.view.and_then(|view| view.objective(id));
        let commitment = objective.and_then(|objective| objective.commitment.at(position).as_ref());
        self.said(text)
            .and(SubjectKind::Objective, id.uuid())
            .and_all(SubjectKind::Commitment, commitment.map(|c| c.id.uuid()))
    }

    fn on_objective(&self, id: ObjectiveId, told: Told<'_>) -> Said {
        let change = format!("{} {}", self.objective(id), told.what);
        let said = self.about_objective(id, because_maybe(&change, told.why.map(Text::shown)));
        said.and_all(SubjectKind::Update, told.update.map(UpdateId::uuid))
    }

    fn on_action(&self, id: ActionId, told: Told<'_>) -> Said {
        let position = self.entry.recorded.position;
        let found = self.view.and_then(|view| view.action(id));
        let text = found.map(|(_, action)| action.text_at(position));
        self.on_action_called(id, text.map_or("", Text::shown), told)
    }

    fn on_action_called(&self, id: ActionId, called: &str, told: Told<'_>) -> Said {
        let found = self.view.and_then(|view| view.action(id));
        let (action, objective) = match found {
            Some((objective, _)) => {
                let objective = objective.id;
                let action = format!(
                    "{}: the action {}",
                    self.objective(objective),
                    quoted(called)
                );
                (action, Some(objective))
            }
            None => ("An action".to_owned(), None),
        };
        let text = because_maybe(
            &format!("{action} {}", told.what),
            told.why.map(Text::shown),
        );
        let said = match objective {
            Some(objective) => self.about_objective(objective, text),
            None => self.said(text),
        };
        said.and(SubjectKind::Action, id.uuid())
            .and_all(SubjectKind::Update, told.update.map(UpdateId::uuid))
    }

    /// "Objective 3".
    fn objective(&self, id: ObjectiveId) -> String {
        let position = self.entry.recorded.position;
        let objective = self.view.and_then(|view| view.objective(id));
        objective.map_or_else(
            || "An objective".to_owned(),
            |objective| format!("Objective {}", objective.label.at(position)),
        )
    }

    /// "(“The skills passport”) was dropped": what comes and goes is recognised by its title, not by its ref.
    fn by_its_title(&self, id: ObjectiveId, what: &str) -> String {
        let position = self.entry.recorded.position;
        let objective = self.view.and_then(|view| view.objective(id));
        objective.map_or_else(
            || what.to_owned(),
            |objective| format!("({}) {what}", quoted(&objective.words.at(position).title)),
        )
    }

    fn retitled(&self, e: &ActionPlanRetitled) -> Said {
        let change = format!("The plan {} is now {}", quoted(&e.from), quoted(&e.to));
        self.said(because(&change, e.reason.shown()))
    }

    fn objective_added(&self, e: &ObjectiveAdded) -> Said {
        let mut text = format!("Objective {} was added: {}", e.label, ended(&e.title));
        if let Some(indicator) = &e.indicator {
            text = format!("{text} Indicator: {}", ended(indicator.shown()));
        }
        if let Some(commitment) = &e.commitment {
            text = format!("{text} It serves {}.", served(commitment));
        }
        self.about_objective(e.objective_id, text).and_all(
            SubjectKind::Commitment,
            e.commitment.iter().map(|c| c.id.uuid()),
        )
    }

    fn rescheduled(&self, e: &ActionRescheduled) -> Said {
        let (from, to) = (timescale_or_none(e.from.as_ref()), timescale(&e.to));
        let change = format!("was rescheduled from {from} to {to}");
        self.on_action(e.action_id, told(&change, &e.reason, e.update_id))
    }

    fn reassigned(&self, e: &ActionReassigned) -> Said {
        let change = match &e.from {
            Some(from) => format!("passed from {} to {}", from.shown(), e.to.shown()),
            None => format!("was given to {}", e.to.shown()),
        };
        self.on_action(e.action_id, told(&change, e.reason.as_ref(), e.update_id))
    }

    fn merged(&self, e: &ActionMerged) -> Said {
        let position = self.entry.recorded.position;
        let into = self.view.and_then(|view| view.action(e.into)).map_or_else(
            || "another action".to_owned(),
            |(_, into)| quoted(into.text_at(position).shown()),
        );
        let change = format!("goes on as part of {into}");
        self.on_action(e.action_id, told(&change, &e.reason, e.update_id))
            .and(SubjectKind::Action, e.into.uuid())
    }

    /// "objectives 1 and 3"; none when no name is at hand.
    fn spoken_for(&self, objectives: &[ObjectiveId]) -> Option<String> {
        let position = self.entry.recorded.position;
        let refs: Vec<String> = objectives
            .iter()
            .filter_map(|id| Some(self.view?.objective(*id)?.label.at(position).clone()))
            .collect();
        match refs.as_slice() {
            [] => None,
            [only] => Some(format!("objective {only}")),
            _ => Some(format!("objectives {}", listed(&refs))),
        }
    }

    /// "Update on objectives 1 and 3", for a sentence that begins with "Update".
    fn on_objectives(&self, begun: &str, objectives: &[ObjectiveId]) -> String {
        let spoken_for = self.spoken_for(objectives);
        spoken_for.map_or_else(|| begun.to_owned(), |named| format!("{begun} on {named}"))
    }

    fn update(&self, e: &UpdateRecorded) -> Said {
        let on = self.on_objectives("Update", &e.objectives);
        self.about_update(e.update_id, format!("{on}: {}", ended(e.text.shown())))
            .and_all(
                SubjectKind::Objective,
                e.objectives.iter().map(|id| id.uuid()),
            )
    }

    fn put_right(&self, e: &UpdateCorrected) -> Said {
        let on = self.on_objectives("The update", &e.from.objectives);
        let mut changes = Vec::new();
        if e.from.text == e.to.text {
            changes.push(format!("({}) was corrected", quoted(e.to.text.shown())));
        } else {
            let (from, to) = (quoted(e.from.text.shown()), quoted(e.to.text.shown()));
            changes.push(format!("was corrected from {from} to {to}"));
        }
        if e.from.objectives != e.to.objectives {
            let named = self.spoken_for(&e.to.objectives);
            let named = named.unwrap_or_else(|| "other objectives".to_owned());
            changes.push(format!("speaks for {named}"));
        }
        let change = format!("{on} {}", changes.join(" and now "));
        let objectives = e.from.objectives.iter().chain(&e.to.objectives);
        self.about_update(e.update_id, because(&change, e.reason.shown()))
            .and_all(SubjectKind::Objective, objectives.map(|id| id.uuid()))
    }

    fn taken_back(&self, e: &UpdateWithdrawn) -> Said {
        let position = self.entry.recorded.position;
        let known = self.view.and_then(|view| view.update(e.update_id));
        let Some(terms) = known.map(|known| known.terms_at(position)) else {
            let text = because("An update was withdrawn", e.reason.shown());
            return self.about_update(e.update_id, text);
        };
        let on = self.on_objectives("The update", &terms.objectives);
        let change = format!("{on} ({}) was withdrawn", quoted(terms.text.shown()));
        let objectives = terms.objectives.iter().map(|id| id.uuid());
        self.about_update(e.update_id, because(&change, e.reason.shown()))
            .and_all(SubjectKind::Objective, objectives)
    }

    fn about_update(&self, id: UpdateId, text: String) -> Said {
        self.said(text).and(SubjectKind::Update, id.uuid())
    }

    fn action_set(&self, e: &ActionSet) -> Said {
        let mut text = format!(
            "{}: the action {} was set",
            self.objective(e.objective_id),
            quoted(e.text.shown())
        );
        if let Some(owner) = &e.owner {
            text = format!("{text} for {}", owner.shown());
        }
        if let Some(when) = &e.timescale {
            text = format!("{text}, by {}", timescale(when));
        }
        self.about_objective(e.objective_id, format!("{text}."))
            .and(SubjectKind::Action, e.action_id.uuid())
            .and_all(SubjectKind::Update, e.update_id.map(UpdateId::uuid))
    }

    fn reworded(&self, e: &ObjectiveReworded) -> String {
        let objective = self.objective(e.objective_id);
        if e.from.title != e.to.title {
            let (from, to) = (quoted(&e.from.title), quoted(&e.to.title));
            return format!("{objective} was reworded from {from} to {to}");
        }
        match &e.to.indicator {
            Some(to) => format!(
                "{objective}: the indicator now reads {}",
                quoted(to.shown())
            ),
            None => format!("{objective}: the indicator was taken away"),
        }
    }

    fn linked(&self, e: &ObjectiveLinked) -> Said {
        let objective = self.objective(e.objective_id);
        let change = match (&e.from, &e.to) {
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
        };
        let commitments = e.from.iter().chain(&e.to).map(|c| c.id.uuid());
        self.about_objective(e.objective_id, because(&change, e.reason.shown()))
            .and_all(SubjectKind::Commitment, commitments)
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
