//! A compact's own entries in words. They carry every name they need.

use domain::CompactEvent;
use domain::compact::{AdoptionEntered, ChairAppointed, CompactBeginnings, GroupFormed, GroupKind};
use domain::facts::GroupFact;
use ledger::Entry;

use super::phrase::{because, day, ended, redacted};
use super::{Said, Subject, SubjectKind};

pub(super) fn say(event: &CompactEvent, entry: &Entry) -> Said {
    let compact = Subject {
        kind: SubjectKind::Compact,
        id: entry.recorded.stream.id,
    };
    match event {
        CompactEvent::Established(e) => {
            let launched = day(e.launched_on);
            let text = format!("The record of {} began; launched on {launched}.", e.name);
            Said::new(text, compact).and(SubjectKind::Region, e.region_id.uuid())
        }
        CompactEvent::Renamed(e) => {
            let change = format!("{} is now called {}", e.from, e.to);
            Said::new(because(&change, e.reason.shown()), compact)
        }
        CompactEvent::Corrected(e) => Said::new(
            because(&corrected(&e.from, &e.to), e.reason.shown()),
            compact,
        ),
        CompactEvent::GroupFormed(e) => group_formed(e, compact),
        CompactEvent::GroupRenamed(e) => {
            let change = format!("{} is now called {}", called(&e.group), e.to);
            Said::new(because(&change, e.reason.shown()), compact)
                .and(SubjectKind::Group, e.group.id.uuid())
        }
        CompactEvent::ChairAppointed(e) => chair_appointed(e, compact),
        CompactEvent::GroupWoundUp(e) => {
            let change = format!("{} ended its work", called(&e.group));
            Said::new(because(&change, e.reason.shown()), compact)
                .and(SubjectKind::Group, e.group.id.uuid())
        }
        CompactEvent::Succeeded(e) => {
            let change = format!("The compact was succeeded by {}", e.by.name);
            Said::new(because(&change, e.reason.shown()), compact)
                .and(SubjectKind::Compact, e.by.id.uuid())
        }
        CompactEvent::CommitmentEntered(e) => {
            let text = format!(
                "Commitment {} entered the statement for {}.",
                e.label, e.session
            );
            Said::new(text, compact).and(SubjectKind::Commitment, e.commitment_id.uuid())
        }
        CompactEvent::CommitmentRelabelled(e) => {
            let text = format!(
                "Commitment {} of the statement for {} is now {}.",
                e.from, e.session, e.to
            );
            Said::new(text, compact).and(SubjectKind::Commitment, e.commitment_id.uuid())
        }
        CompactEvent::ActionPlanEntered(e) => {
            let text = format!("An action plan of {} was set.", called(&e.group));
            Said::new(text, compact).and(SubjectKind::ActionPlan, e.action_plan_id.uuid())
        }
        CompactEvent::AdoptionEntered(e) => adoption_entered(e, compact),
        CompactEvent::AdoptionEnded(e) => {
            let text = "A good practice that had been taken up here was given up.";
            Said::new(text.to_owned(), compact).and(SubjectKind::Adoption, e.adoption_id.uuid())
        }
        CompactEvent::TextRedacted(e) => Said::new(redacted(e), compact),
    }
}

/// "The record now says that the area is Rutland, not Leicestershire".
fn corrected(from: &CompactBeginnings, to: &CompactBeginnings) -> String {
    let mut changes = Vec::new();
    if from.area != to.area {
        changes.push(format!("the area is {}, not {}", to.area, from.area));
    }
    if from.launched_on != to.launched_on {
        let (is, was) = (day(to.launched_on), day(from.launched_on));
        changes.push(format!("it was launched on {is}, not on {was}"));
    }
    match (from.pilot_from_year, to.pilot_from_year) {
        (None, None) => {}
        (Some(was), Some(is)) if was == is => {}
        (Some(_), None) => changes.push("there was no trial".to_owned()),
        (None, Some(year)) => changes.push(format!("a trial began in {year}")),
        (Some(was), Some(is)) => changes.push(format!("its trial began in {is}, not in {was}")),
    }
    format!("The record now says that {}", changes.join(" and that "))
}

fn group_formed(e: &GroupFormed, compact: Subject) -> Said {
    let formed = format!("{} was formed as a {}", called(&e.group), kind(e.kind));
    let text = match &e.note {
        Some(note) => format!("{formed}: {}", ended(note.shown())),
        None => format!("{formed}."),
    };
    Said::new(text, compact).and(SubjectKind::Group, e.group.id.uuid())
}

fn chair_appointed(e: &ChairAppointed, compact: Subject) -> Said {
    let text = match &e.from {
        Some(from) => format!(
            "{} took the chair of {} from {}.",
            e.to.name,
            called(&e.group),
            from.name
        ),
        None => format!("{} took the chair of {}.", e.to.name, called(&e.group)),
    };
    Said::new(text, compact)
        .and(SubjectKind::Group, e.group.id.uuid())
        .and(SubjectKind::Organisation, e.to.id.uuid())
        .and_all(
            SubjectKind::Organisation,
            e.from.iter().map(|from| from.id.uuid()),
        )
}

fn adoption_entered(e: &AdoptionEntered, compact: Subject) -> Said {
    let who = e.organisation.as_ref();
    let name = who.map_or("The compact", |who| who.name.as_str());
    Said::new(format!("{name} took a good practice up."), compact)
        .and(SubjectKind::Adoption, e.adoption_id.uuid())
        .and_all(SubjectKind::Organisation, who.map(|who| who.id.uuid()))
}

/// "the Steering Group (SG)".
fn called(group: &GroupFact) -> String {
    format!("{} ({})", group.name, group.code)
}

const fn kind(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Steering => "steering group",
        GroupKind::Theme => "theme group",
        GroupKind::Network => "network",
        GroupKind::Task => "task group",
        GroupKind::ShortLife => "short-life group",
    }
}
