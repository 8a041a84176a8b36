//! What changed in a plan between two points of its history, each with old and new and the words that were said.
//!
//! The difference is worked out from how the plan stood at either point, and says everything: [`apply`] makes the later standing
//! from the earlier. What was moved there and back again is no difference; the plan's history tells of it. The words, and the
//! entries they come from, are those of the steps between.

use domain::Text;
use domain::Visibility;
use domain::action_plan::{ObjectiveWords, UpdateTerms};
use domain::facts::CommitmentFact;
use domain::ids::{ActionId, ObjectiveId, UpdateId};
use domain::timescale::Timescale;

use super::standing::{
    ActionStanding, ActionStatus, ObjectiveStanding, PlanStanding, UpdateStanding,
};
use super::{ActionChange, ActionPlanView, Happened, ObjectiveState};
use crate::as_of::Cut;
use crate::tracked::{Change, Ended, Stamp, Tracked};

/// One thing that is different, with what was said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanChange {
    /// What is different.
    pub what: Difference,
    /// Every step that led there, in the order recorded.
    pub steps: Vec<Step>,
}

/// One step of a change: what was said, and where in the record it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The reason, or the note.
    pub reason: Option<Text>,
    /// The update it was said in.
    pub update: Option<UpdateId>,
    /// The entry.
    pub made: Stamp,
}

/// A value at either point.
#[derive(Clone, Debug, PartialEq)]
pub struct FromTo<T> {
    /// At the earlier point.
    pub from: T,
    /// At the later point.
    pub to: T,
}

/// What can be different in a plan. `at` is the place in its list at the later point.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// The plan was set.
    Set(String),
    /// It got another title.
    Retitled(FromTo<String>),
    /// It was let out, or taken back.
    Released(FromTo<Visibility>),
    /// An objective joined it, and reads so; its actions are told apart.
    ObjectiveAdded {
        /// Its place.
        at: usize,
        /// The objective, without its actions.
        objective: ObjectiveStanding,
    },
    /// An objective got another ref.
    ObjectiveRenumbered(ObjectiveId, FromTo<String>),
    /// An objective got other words.
    ObjectiveReworded(ObjectiveId, FromTo<ObjectiveWords>),
    /// An objective serves another commitment.
    ObjectiveLinked(ObjectiveId, FromTo<Option<CommitmentFact>>),
    /// An objective was dropped or taken up again, or has no action at present.
    ObjectiveMoved(ObjectiveId, FromTo<ObjectiveState>),
    /// An action was set, and stands so.
    ActionAdded {
        /// The objective it serves.
        objective: ObjectiveId,
        /// Its place.
        at: usize,
        /// The action.
        action: ActionStanding,
    },
    /// An action got other words.
    ActionReworded(ActionId, FromTo<Text>),
    /// An action got another owner.
    ActionReassigned(ActionId, FromTo<Option<Text>>),
    /// An action got another timescale.
    ActionRescheduled(ActionId, FromTo<Option<Timescale>>),
    /// An action was done, dropped, merged or taken up again.
    ActionMoved(ActionId, FromTo<ActionStatus>),
    /// An action was said to have moved on, once or several times.
    ActionProgressed(ActionId, FromTo<usize>),
    /// An update was given, and reads so.
    UpdateGiven {
        /// Its place.
        at: usize,
        /// The update.
        update: UpdateStanding,
    },
    /// An update was corrected.
    UpdateCorrected(UpdateId, FromTo<UpdateTerms>),
    /// An update was taken back.
    UpdateWithdrawn(UpdateStanding),
}

/// What is different between a plan at an earlier point and the same plan later: everything that is in `a` is in `b`, but for
/// updates that were taken back. Applied in this order to `a`, it gives `b`.
pub fn diff(a: &PlanStanding, b: &PlanStanding) -> Vec<Difference> {
    let mut found = Vec::new();
    match (&a.title, &b.title) {
        (None, Some(title)) => found.push(Difference::Set(title.clone())),
        (Some(from), Some(to)) => found.extend(differs(from, to).map(Difference::Retitled)),
        (_, None) => {}
    }
    found.extend(differs(&a.visibility, &b.visibility).map(Difference::Released));
    for (at, objective) in b.objectives.iter().enumerate() {
        let before = a.objective(objective.id);
        match before {
            Some(before) => objective_differs(before, objective, &mut found),
            None => found.push(Difference::ObjectiveAdded {
                at,
                objective: ObjectiveStanding {
                    actions: Vec::new(),
                    ..objective.clone()
                },
            }),
        }
        for (at, action) in objective.actions.iter().enumerate() {
            match before.and_then(|_| a.action(action.id)) {
                Some(before) => action_differs(before, action, &mut found),
                None => found.push(Difference::ActionAdded {
                    objective: objective.id,
                    at,
                    action: action.clone(),
                }),
            }
        }
    }
    updates_differ(a, b, &mut found);
    found
}

fn objective_differs(a: &ObjectiveStanding, b: &ObjectiveStanding, found: &mut Vec<Difference>) {
    use Difference as D;
    let id = b.id;
    found.extend(differs(&a.label, &b.label).map(|it| D::ObjectiveRenumbered(id, it)));
    found.extend(differs(&a.words, &b.words).map(|it| D::ObjectiveReworded(id, it)));
    found.extend(differs(&a.commitment, &b.commitment).map(|it| D::ObjectiveLinked(id, it)));
    found.extend(differs(&a.state, &b.state).map(|it| D::ObjectiveMoved(id, it)));
}

fn action_differs(a: &ActionStanding, b: &ActionStanding, found: &mut Vec<Difference>) {
    use Difference as D;
    let id = b.id;
    found.extend(differs(&a.text, &b.text).map(|it| D::ActionReworded(id, it)));
    found.extend(differs(&a.owner, &b.owner).map(|it| D::ActionReassigned(id, it)));
    found.extend(differs(&a.timescale, &b.timescale).map(|it| D::ActionRescheduled(id, it)));
    found.extend(differs(&a.status, &b.status).map(|it| D::ActionMoved(id, it)));
    found.extend(differs(&a.progressed, &b.progressed).map(|it| D::ActionProgressed(id, it)));
}

fn updates_differ(a: &PlanStanding, b: &PlanStanding, found: &mut Vec<Difference>) {
    let gone = a
        .updates
        .iter()
        .filter(|update| b.update(update.id).is_none());
    found.extend(gone.cloned().map(Difference::UpdateWithdrawn));
    for (at, update) in b.updates.iter().enumerate() {
        match a.update(update.id) {
            Some(before) => {
                let corrected = differs(&before.terms, &update.terms);
                found.extend(corrected.map(|it| Difference::UpdateCorrected(update.id, it)));
            }
            None => found.push(Difference::UpdateGiven {
                at,
                update: update.clone(),
            }),
        }
    }
}

fn differs<T: Clone + PartialEq>(a: &T, b: &T) -> Option<FromTo<T>> {
    (a != b).then(|| FromTo {
        from: a.clone(),
        to: b.clone(),
    })
}

/// Makes of `plan` what it is once this is done to it. What speaks of a thing that is not there changes nothing.
pub fn apply(plan: &mut PlanStanding, difference: &Difference) {
    use Difference as D;
    match difference {
        D::Set(title) => plan.title = Some(title.clone()),
        D::Retitled(it) => plan.title = Some(it.to.clone()),
        D::Released(it) => plan.visibility = it.to,
        D::ObjectiveAdded { at, objective } => {
            insert(&mut plan.objectives, *at, objective.clone());
        }
        D::ObjectiveRenumbered(id, it) => {
            on(plan.objective_mut(*id), |objective| {
                objective.label.clone_from(&it.to);
            });
        }
        D::ObjectiveReworded(id, it) => on(plan.objective_mut(*id), |objective| {
            objective.words = it.to.clone();
        }),
        D::ObjectiveLinked(id, it) => on(plan.objective_mut(*id), |objective| {
            objective.commitment.clone_from(&it.to);
        }),
        D::ObjectiveMoved(id, it) => on(plan.objective_mut(*id), |objective| {
            objective.state = it.to.clone();
        }),
        D::ActionAdded {
            objective,
            at,
            action,
        } => on(plan.objective_mut(*objective), |objective| {
            insert(&mut objective.actions, *at, action.clone());
        }),
        D::UpdateGiven { at, update } => insert(&mut plan.updates, *at, update.clone()),
        D::UpdateCorrected(id, it) => {
            let mut updates = plan.updates.iter_mut();
            on(updates.find(|update| update.id == *id), |update| {
                update.terms = it.to.clone();
            });
        }
        D::UpdateWithdrawn(gone) => plan.updates.retain(|update| update.id != gone.id),
        D::ActionReworded(..)
        | D::ActionReassigned(..)
        | D::ActionRescheduled(..)
        | D::ActionMoved(..)
        | D::ActionProgressed(..) => apply_to_action(plan, difference),
    }
}

fn apply_to_action(plan: &mut PlanStanding, difference: &Difference) {
    use Difference as D;
    match difference {
        D::ActionReworded(id, it) => on(plan.action_mut(*id), |action| {
            action.text = it.to.clone();
        }),
        D::ActionReassigned(id, it) => on(plan.action_mut(*id), |action| {
            action.owner.clone_from(&it.to);
        }),
        D::ActionRescheduled(id, it) => on(plan.action_mut(*id), |action| {
            action.timescale.clone_from(&it.to);
        }),
        D::ActionMoved(id, it) => on(plan.action_mut(*id), |action| action.status = it.to),
        D::ActionProgressed(id, it) => {
            on(plan.action_mut(*id), |action| action.progressed = it.to);
        }
        _ => {}
    }
}

fn on<T>(found: Option<&mut T>, change: impl FnOnce(&mut T)) {
    if let Some(found) = found {
        change(found);
    }
}

fn insert<T>(list: &mut Vec<T>, at: usize, item: T) {
    let at = at.min(list.len());
    list.insert(at, item);
}

/// What changed in a plan since the entries that `since` counts, each with what was said of it. `before` is the fold of those
/// entries and `now` of at least those; either is none where the plan had not begun.
pub fn changes_since(
    before: Option<&ActionPlanView>,
    now: Option<&ActionPlanView>,
    since: &Cut,
) -> Vec<PlanChange> {
    let Some(now) = now else {
        return Vec::new();
    };
    let a = before.map(PlanStanding::from).unwrap_or_default();
    let differences = diff(&a, &PlanStanding::from(now)).into_iter();
    let told = differences.map(|what| PlanChange {
        steps: steps(now, &what, since),
        what,
    });
    told.collect()
}

/// The steps since then that led to a difference, in the order recorded.
fn steps(plan: &ActionPlanView, what: &Difference, since: &Cut) -> Vec<Step> {
    use Difference as D;
    let mut steps = match what {
        D::Set(_) => vec![Step::unsaid(plan.set)],
        D::Retitled(_) => tracked(&plan.title),
        D::Released(_) => tracked(&plan.visibility),
        D::ObjectiveAdded { objective, .. } => of_objective(plan, objective.id, what),
        D::ObjectiveRenumbered(id, _)
        | D::ObjectiveReworded(id, _)
        | D::ObjectiveLinked(id, _)
        | D::ObjectiveMoved(id, _) => of_objective(plan, *id, what),
        D::ActionAdded { action, .. } => of_action(plan, action.id, |_| true),
        D::ActionReworded(id, _) => {
            of_action(plan, *id, |it| matches!(it, Happened::Reworded { .. }))
        }
        D::ActionReassigned(id, _) => {
            of_action(plan, *id, |it| matches!(it, Happened::Reassigned { .. }))
        }
        D::ActionRescheduled(id, _) => {
            of_action(plan, *id, |it| matches!(it, Happened::Rescheduled { .. }))
        }
        D::ActionMoved(id, _) => of_action(plan, *id, |it| {
            it.ends() || matches!(it, Happened::Reopened { .. })
        }),
        D::ActionProgressed(id, _) => of_action(plan, *id, |it| *it == Happened::Progressed),
        D::UpdateGiven { update, .. } | D::UpdateWithdrawn(update) => of_update(plan, update.id),
        D::UpdateCorrected(id, _) => of_update(plan, *id),
    };
    steps.retain(|step| !since.counts(&step.made));
    steps.sort_by_key(|step| step.made.position);
    steps
}

fn of_objective(plan: &ActionPlanView, id: ObjectiveId, what: &Difference) -> Vec<Step> {
    use Difference as D;
    let Some(objective) = plan.objective(id) else {
        return Vec::new();
    };
    match what {
        D::ObjectiveRenumbered(..) => tracked(&objective.label),
        D::ObjectiveReworded(..) => tracked(&objective.words),
        D::ObjectiveLinked(..) => tracked(&objective.commitment),
        D::ObjectiveMoved(..) => tracked(&objective.state),
        // It reads as it stands: everything that was said of it since counts.
        _ => [
            vec![Step::unsaid(objective.added)],
            tracked(&objective.label),
            tracked(&objective.words),
            tracked(&objective.commitment),
            tracked(&objective.state),
        ]
        .concat(),
    }
}

fn of_action(plan: &ActionPlanView, id: ActionId, which: fn(&Happened) -> bool) -> Vec<Step> {
    let Some((_, action)) = plan.action(id) else {
        return Vec::new();
    };
    let steps = action.changes.iter();
    let steps = steps.filter(|change| which(&change.happened));
    steps.map(Step::from).collect()
}

fn of_update(plan: &ActionPlanView, id: UpdateId) -> Vec<Step> {
    let Some(update) = plan.update(id) else {
        return Vec::new();
    };
    let mut steps = vec![Step::unsaid(update.made)];
    steps.extend(update.corrections.iter().map(Step::from));
    steps.extend(update.withdrawn.iter().map(Step::from));
    steps
}

fn tracked<T>(value: &Tracked<T>) -> Vec<Step> {
    value.changes.iter().map(Step::from).collect()
}

impl Step {
    const fn unsaid(made: Stamp) -> Self {
        Self {
            reason: None,
            update: None,
            made,
        }
    }
}

impl<T> From<&Change<T>> for Step {
    fn from(change: &Change<T>) -> Self {
        Self {
            reason: change.reason.clone(),
            update: change.update,
            made: change.made,
        }
    }
}

impl From<&ActionChange> for Step {
    fn from(change: &ActionChange) -> Self {
        Self {
            reason: change.reason.clone(),
            update: change.update,
            made: change.made,
        }
    }
}

impl From<&Ended> for Step {
    fn from(ended: &Ended) -> Self {
        Self {
            reason: Some(ended.reason.clone()),
            ..Self::unsaid(ended.made)
        }
    }
}
