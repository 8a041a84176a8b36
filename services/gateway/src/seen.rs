//! Views as they are shown to whoever may read something and not its history: as it stands, and not what it grew from.
//!
//! What is taken out here is nowhere for a field to find, whichever way it is come to.

use std::collections::{BTreeMap, BTreeSet};

use domain::facts::CommitmentFact;
use domain::ids::{CommitmentId, GroupId, LedgerId};
use domain::{Reach, Visibility};
use views::action_plan::{ActionChange, ActionState, ActionView, Happened};
use views::{
    ActionPlanView, AdoptionView, CommitmentView, CompactOverview, GoodPracticeView, MeetingView,
    PersonView, RegionRegister, Tracked,
};

use crate::witnessed;

/// How much of a compact someone sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfCompact<'a> {
    /// From where up; none when nothing in it is seen.
    pub(crate) reach: Option<&'a Reach>,
    /// Its own affairs: its groups and meetings, whatever was released of theirs.
    pub(crate) own: bool,
    /// How these came to be.
    pub(crate) history: bool,
}

fn forget<T>(value: &mut Tracked<T>) {
    value.changes.clear();
}

/// A compact, as far as it is seen: what is not within reach is not in it, and is not counted.
pub(crate) fn compact(mut view: CompactOverview, seen: OfCompact<'_>) -> CompactOverview {
    let last = seen.reach.map(|reach| view.last_within(reach));
    view.commitments
        .retain(|_, standing| seen.reach.is_some_and(|reach| standing.is_within(reach)));
    view.plans
        .retain(|_, standing| seen.reach.is_some_and(|reach| standing.is_within(reach)));
    view.minuted
        .retain(|_, standing| seen.reach.is_some_and(|reach| standing.is_within(reach)));
    view.practices.retain(|_, visibility| {
        seen.reach
            .is_some_and(|reach| reach.covers(*visibility, []))
    });
    if !seen.history {
        forget(&mut view.name);
        view.corrections.clear();
        for group in &mut view.groups {
            forget(&mut group.name);
            forget(&mut group.chair);
        }
    }
    if !seen.own {
        show_groups_of_what_is_seen(&mut view);
        for meeting in &mut view.meetings {
            meeting.entries = 0;
        }
    }
    let last = last.unwrap_or(view.established);
    view.last_by_visibility = BTreeMap::from([(Visibility::Public, last)]);
    view.last_by_group.clear();
    if seen
        .reach
        .is_none_or(|reach| reach.lowest != Visibility::Draft)
    {
        view.version = 0;
    }
    view
}

/// A group stands on the paper that was released of it, with its name.
fn show_groups_of_what_is_seen(view: &mut CompactOverview) {
    let of_commitments = view
        .commitments
        .values()
        .flat_map(|standing| &standing.groups);
    let of_plans = view.plans.values().map(|standing| &standing.group);
    let of_meetings = view.minuted.values().map(|standing| &standing.group);
    let named = of_commitments.chain(of_plans).chain(of_meetings);
    let named: BTreeSet<GroupId> = named.copied().collect();
    view.groups.retain(|group| named.contains(&group.id));
    for group in &mut view.groups {
        group.note = None;
    }
}

/// The commitments that a plan's objectives serve, or served.
pub(crate) fn linked(view: &ActionPlanView) -> BTreeSet<CommitmentId> {
    let links = view.objectives.iter().flat_map(|objective| {
        let link = &objective.commitment;
        let changes = link.changes.iter();
        let named = changes.flat_map(|change| [change.from.as_ref(), change.to.as_ref()]);
        named.chain([link.current.as_ref()])
    });
    links.flatten().map(|fact| fact.id).collect()
}

/// A plan whose objectives name only these commitments, and as they are called here: what they were called when the
/// objective was tied to them may be from a draft.
pub(crate) fn links(
    mut view: ActionPlanView,
    seen: &BTreeMap<CommitmentId, CommitmentFact>,
) -> ActionPlanView {
    let show = |link: &mut Option<CommitmentFact>| {
        *link = link.as_ref().and_then(|fact| seen.get(&fact.id).cloned());
    };
    for objective in &mut view.objectives {
        show(&mut objective.commitment.current);
        for change in &mut objective.commitment.changes {
            show(&mut change.from);
            show(&mut change.to);
        }
    }
    view
}

/// A region's register as it stands.
pub(crate) fn register(mut view: RegionRegister) -> RegionRegister {
    for point in &mut view.challenge {
        forget(&mut point.text);
    }
    for theme in view.themes.values_mut() {
        forget(&mut theme.name);
    }
    for indicator in view.indicators.values_mut() {
        forget(&mut indicator.terms);
    }
    for organisation in view.organisations.values_mut() {
        forget(&mut organisation.name);
        forget(&mut organisation.category);
    }
    view.last = view.established;
    view.version = 0;
    view
}

/// A person as they are spoken of now.
pub(crate) fn person(mut view: PersonView) -> PersonView {
    if let Some(terms) = &mut view.terms {
        forget(terms);
    }
    view.version = 0;
    view
}

/// A meeting as its minutes stand. That they were circulated and agreed is part of how they stand.
pub(crate) fn meeting(mut view: MeetingView) -> MeetingView {
    forget(&mut view.arrangement);
    forget(&mut view.attendance);
    forget(&mut view.visibility);
    for item in &mut view.items {
        forget(&mut item.words);
    }
    view.papers.retain(|paper| paper.withdrawn.is_none());
    view.version = 0;
    view
}

/// A piece of good practice as it stands, with what these compacts asked and said of it.
pub(crate) fn practice(
    mut view: GoodPracticeView,
    asked_by: &BTreeSet<LedgerId>,
) -> GoodPracticeView {
    let earlier = view.versions.len().saturating_sub(1);
    view.versions.drain(..earlier);
    for version in &mut view.versions {
        version.changed = None;
        version.reason = None;
    }
    view.questions
        .retain(|question| asked_by.contains(&question.by.id.ledger()));
    view.thanks
        .retain(|thanks| asked_by.contains(&thanks.by.id.ledger()));
    forget(&mut view.visibility);
    view.version = 0;
    view
}

/// A piece of good practice with the versions that stood while it was within `reach`, for those of its compact who do not read
/// drafts.
pub(crate) fn practice_within(mut view: GoodPracticeView, reach: &Reach) -> GoodPracticeView {
    let stood: BTreeSet<u32> = view
        .versions
        .iter()
        .map(|version| version.number)
        .filter(|number| view.stood_within(*number, reach))
        .collect();
    let current = view.current().number;
    view.versions
        .retain(|version| version.number == current || stood.contains(&version.number));
    forget(&mut view.visibility);
    view.version = 0;
    view
}

/// An adoption as it stands. What was changed and how it went is part of how it stands.
pub(crate) fn adoption(mut view: AdoptionView) -> AdoptionView {
    forget(&mut view.visibility);
    view.version = 0;
    view
}

/// A commitment as it stands, with the targets and due dates that were moved while whoever reads so far could see it.
pub(crate) fn commitment(mut view: CommitmentView, reach: &Reach) -> CommitmentView {
    witnessed::promised_before(&mut view, reach);
    forget(&mut view.label);
    forget(&mut view.words);
    forget(&mut view.classification);
    forget(&mut view.visibility);
    settle_status(&mut view);
    view.measures.retain(|measure| measure.withdrawn.is_none());
    for measure in &mut view.measures {
        forget(&mut measure.baseline);
        measure
            .readings
            .retain(|reading| reading.withdrawn.is_none());
        for reading in &mut measure.readings {
            reading.recorded = *reading.stands_since();
            reading.evidence.retain(|it| it.withdrawn.is_none());
            forget(&mut reading.terms);
        }
    }
    view.version = 0;
    view.achievements.retain(|told| told.withdrawn.is_none());
    for told in &mut view.achievements {
        told.made = *told.stands_since();
        told.corrections.clear();
        told.evidence.retain(|it| it.withdrawn.is_none());
    }
    view
}

/// A commitment as it stood, to whoever does not see its history: what was withdrawn from `now` is not told, and what was put right reads as
/// it does now.
pub(crate) fn commitment_then(
    then: CommitmentView,
    (now, reach): (&CommitmentView, &Reach),
) -> CommitmentView {
    let now = commitment(now.clone(), reach);
    let mut then = commitment(then, reach);
    then.measures.retain_mut(|measure| {
        let mut all = now.measures.iter();
        let Some(now) = all.find(|one| one.id == measure.id) else {
            return false;
        };
        measure.readings.retain_mut(|reading| {
            let Some(reads) = now.readings.iter().find(|one| one.id == reading.id) else {
                return false;
            };
            reading.terms.clone_from(&reads.terms);
            reading
                .evidence
                .retain(|it| reads.evidence.iter().any(|one| one.id == it.id));
            true
        });
        true
    });
    then.achievements.retain_mut(|told| {
        let Some(reads) = now.achievements.iter().find(|one| one.id == told.id) else {
            return false;
        };
        told.reported_on = reads.reported_on;
        told.standing = reads.standing;
        told.text.clone_from(&reads.text);
        told.evidence
            .retain(|it| reads.evidence.iter().any(|one| one.id == it.id));
        true
    });
    then
}

/// Since when it stands where it stands is not history; what it stood at before is.
fn settle_status(view: &mut CommitmentView) {
    let current = view.status.current;
    let since = view.status.changes.pop();
    view.status.changes.clear();
    view.status.changes.extend(since.map(|mut last| {
        last.from = current;
        last.reason = None;
        last
    }));
}

/// A plan as it stands.
pub(crate) fn plan(mut view: ActionPlanView) -> ActionPlanView {
    view.version = 0;
    forget(&mut view.title);
    forget(&mut view.visibility);
    for objective in &mut view.objectives {
        forget(&mut objective.label);
        forget(&mut objective.words);
        forget(&mut objective.commitment);
        forget(&mut objective.state);
        for action in &mut objective.actions {
            settle_action(action);
        }
    }
    view.updates.retain(|update| update.withdrawn.is_none());
    for update in &mut view.updates {
        update.corrections.clear();
    }
    view
}

/// A plan as it stood, to whoever does not see its history: what was withdrawn from `now` is not told, and what was put right reads as it
/// does now.
pub(crate) fn plan_then(then: ActionPlanView, now: &ActionPlanView) -> ActionPlanView {
    let mut then = plan(then);
    then.updates.retain_mut(|update| {
        let Some(reads) = now.update(update.id) else {
            return false;
        };
        update.text.clone_from(&reads.text);
        update.objectives.clone_from(&reads.objectives);
        true
    });
    then
}

/// When it was set, as it reads now, and how it ended.
fn settle_action(action: &mut ActionView) {
    let ended = match action.state {
        ActionState::Open => None,
        _ => action.changes.pop().filter(|_| !action.changes.is_empty()),
    };
    action.changes.truncate(1);
    if let Some(set) = action.changes.first_mut() {
        *set = ActionChange {
            happened: Happened::Set {
                text: action.text.clone(),
                owner: action.owner.clone(),
                timescale: action.timescale.clone(),
            },
            reason: None,
            update: None,
            made: set.made,
        };
    }
    action.changes.extend(ended);
    action.original_timescale.clone_from(&action.timescale);
}
