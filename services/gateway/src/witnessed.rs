//! Histories as they are told to whoever reads a compact without its drafts: what was changed while they could see it.
//!
//! A commitment or a plan is written as a draft and let out later, and may be taken back for a while. How it stands is
//! everybody's who sees it now; what it said in a draft is nobody's but of those who read drafts.

use domain::ids::GroupId;
use domain::{Reach, Visibility};
use views::action_plan::{ActionChange, ActionState, ActionView, Happened};
use views::{ActionPlanView, CommitmentView, Stamp, Tracked};

/// What someone has seen of a thing.
struct Witness<'a> {
    reach: &'a Reach,
    visibility: Tracked<Visibility>,
    groups: Vec<GroupId>,
}

impl<'a> Witness<'a> {
    fn of(view: &CommitmentView, reach: &'a Reach) -> Self {
        Self {
            reach,
            visibility: view.visibility.clone(),
            groups: view.groups().copied().collect(),
        }
    }

    /// Whether they could see the thing once this had been recorded.
    fn saw(&self, made: &Stamp) -> bool {
        let Self {
            reach,
            visibility,
            groups,
        } = self;
        visibility.was_within(reach, groups, made.position)
    }

    fn trim<T>(&self, value: &mut Tracked<T>) {
        value.changes.retain(|change| self.saw(&change.made));
    }
}

/// What was promised before, for whoever reads a commitment and not its history: a target or a due date that was moved while they could
/// see it stays in view, with when and why.
pub(crate) fn promised_before(view: &mut CommitmentView, reach: &Reach) {
    let witness = Witness::of(view, reach);
    witness.trim(&mut view.due_on);
    for measure in &mut view.measures {
        witness.trim(&mut measure.target);
        witness.trim(&mut measure.due_on);
    }
}

/// A commitment with as much of its history as someone who reads so far has seen.
pub(crate) fn commitment(mut view: CommitmentView, reach: &Reach) -> CommitmentView {
    let witness = Witness::of(&view, reach);
    witness.trim(&mut view.label);
    witness.trim(&mut view.words);
    witness.trim(&mut view.classification);
    witness.trim(&mut view.due_on);
    witness.trim(&mut view.visibility);
    trim_status(&mut view, &witness);
    let withdrawn = |ended: &views::Ended| !witness.saw(&ended.made);
    view.measures
        .retain(|measure| !measure.withdrawn.as_ref().is_some_and(withdrawn));
    for measure in &mut view.measures {
        witness.trim(&mut measure.baseline);
        witness.trim(&mut measure.target);
        witness.trim(&mut measure.due_on);
        measure
            .readings
            .retain(|reading| !reading.withdrawn.as_ref().is_some_and(withdrawn));
        for reading in &mut measure.readings {
            witness.trim(&mut reading.terms);
            let evidence = &mut reading.evidence;
            evidence.retain(|it| !it.withdrawn.as_ref().is_some_and(withdrawn));
        }
    }
    view.achievements
        .retain(|told| !told.withdrawn.as_ref().is_some_and(withdrawn));
    for told in &mut view.achievements {
        told.corrections.retain(|change| witness.saw(&change.made));
        let evidence = &mut told.evidence;
        evidence.retain(|it| !it.withdrawn.as_ref().is_some_and(withdrawn));
    }
    view
}

/// Since when it stands where it stands is not history: the last change stays, without what was before and why.
fn trim_status(view: &mut CommitmentView, witness: &Witness<'_>) {
    let current = view.status.current;
    let last = view.status.changes.pop();
    witness.trim(&mut view.status);
    view.status.changes.extend(last.map(|mut last| {
        if !witness.saw(&last.made) {
            last.from = current;
            last.reason = None;
        }
        last
    }));
}

/// A plan with as much of its history as someone who reads so far has seen.
pub(crate) fn plan(mut view: ActionPlanView, reach: &Reach) -> ActionPlanView {
    let witness = Witness {
        reach,
        visibility: view.visibility.clone(),
        groups: vec![view.group.id],
    };
    witness.trim(&mut view.title);
    witness.trim(&mut view.visibility);
    for objective in &mut view.objectives {
        witness.trim(&mut objective.label);
        witness.trim(&mut objective.words);
        witness.trim(&mut objective.commitment);
        witness.trim(&mut objective.state);
        for action in &mut objective.actions {
            trim_action(action, &witness);
        }
    }
    view.updates.retain(|update| {
        let withdrawn = update.withdrawn.as_ref();
        withdrawn.is_none_or(|ended| witness.saw(&ended.made))
    });
    for update in &mut view.updates {
        update
            .corrections
            .retain(|change| witness.saw(&change.made));
    }
    view
}

/// As it was set, as far as that was seen: otherwise as it read when it was first seen. How it ended stays.
fn trim_action(action: &mut ActionView, witness: &Witness<'_>) {
    let ended = match action.state {
        ActionState::Open => None,
        _ => action.changes.pop().filter(|_| !action.changes.is_empty()),
    };
    let mut changes = std::mem::take(&mut action.changes).into_iter();
    let Some(mut set) = changes.next() else {
        return;
    };
    let unseen_set = !witness.saw(&set.made);
    let seen: Vec<ActionChange> = changes.filter(|change| witness.saw(&change.made)).collect();
    if unseen_set {
        set.reason = None;
        set.update = None;
        set.happened = as_first_seen(action, &seen);
        if let Happened::Set { timescale, .. } = &set.happened {
            action.original_timescale.clone_from(timescale);
        }
    }
    action.changes.push(set);
    action.changes.extend(seen);
    action.changes.extend(ended.map(|mut ended| {
        if !witness.saw(&ended.made) {
            ended.reason = None;
            ended.update = None;
        }
        ended
    }));
}

/// An action's words, owner and timescale before the first change of each that was seen.
fn as_first_seen(action: &ActionView, seen: &[ActionChange]) -> Happened {
    let text = seen.iter().find_map(|change| match &change.happened {
        Happened::Reworded { from, .. } => Some(from.clone()),
        _ => None,
    });
    let owner = seen.iter().find_map(|change| match &change.happened {
        Happened::Reassigned { from, .. } => Some(from.clone()),
        _ => None,
    });
    let timescale = seen.iter().find_map(|change| match &change.happened {
        Happened::Rescheduled { from, .. } => Some(from.clone()),
        _ => None,
    });
    Happened::Set {
        text: text.unwrap_or_else(|| action.text.clone()),
        owner: owner.unwrap_or_else(|| action.owner.clone()),
        timescale: timescale.unwrap_or_else(|| action.timescale.clone()),
    }
}
