//! The region's entries in words.

use domain::RegionEvent;
use domain::ids::{IndicatorId, OrganisationId};
use domain::region::{ChallengeSet, CompactOpened, IndicatorTerms};
use ledger::{Entry, Position};

use super::phrase::{because, day, ended, quoted, redacted};
use super::role;
use super::{Names, Said, Subject, SubjectKind};

pub(super) fn say(event: &RegionEvent, entry: &Entry, names: Names<'_>) -> Said {
    let region = Subject {
        kind: SubjectKind::Region,
        id: entry.recorded.stream.id,
    };
    let indicator =
        |text, id: IndicatorId| Said::new(text, region).and(SubjectKind::Indicator, id.uuid());
    let organisation = |text, id: OrganisationId| {
        Said::new(text, region).and(SubjectKind::Organisation, id.uuid())
    };
    match event {
        RegionEvent::Established(e) => {
            let text = format!(
                "The record of {} began; {} pays for the approach.",
                e.name, e.funder
            );
            Said::new(text, region)
        }
        RegionEvent::ChallengeSet(e) => Said::new(challenge(e), region),
        RegionEvent::ThemeAdded(e) => Said::new(
            format!("The theme {} joined the register.", quoted(&e.name)),
            region,
        ),
        RegionEvent::ThemeRenamed(e) => {
            let change = format!("The theme {} became {}", quoted(&e.from), quoted(&e.to));
            Said::new(because(&change, e.reason.shown()), region)
        }
        RegionEvent::IndicatorDefined(e) => {
            let text = format!("The indicator {} joined the register.", terms(&e.terms));
            indicator(text, e.indicator_id)
        }
        RegionEvent::IndicatorCorrected(e) => {
            let (from, to) = (terms(&e.from), terms(&e.to));
            let change = format!("The indicator {from} was corrected; it is now {to}");
            indicator(because(&change, e.reason.shown()), e.indicator_id)
        }
        RegionEvent::OrganisationRegistered(e) => {
            let text = format!(
                "{} joined the register, under {}.",
                e.name,
                e.category.words()
            );
            organisation(text, e.organisation_id)
        }
        RegionEvent::OrganisationRenamed(e) => {
            let change = format!("{} is now called {}", e.from, e.to);
            organisation(because(&change, e.reason.shown()), e.organisation_id)
        }
        RegionEvent::OrganisationRecategorised(e) => {
            let name = organisation_name(names, e.organisation_id, entry.recorded.position);
            let change = format!("{name} moved from {} to {}", e.from.words(), e.to.words());
            organisation(because(&change, e.reason.shown()), e.organisation_id)
        }
        RegionEvent::CompactOpened(e) => {
            Said::new(opened(e), region).and(SubjectKind::Compact, e.compact_id.uuid())
        }
        RegionEvent::RoleGranted(e) => role::granted(e, region, names, entry),
        RegionEvent::RoleEnded(e) => role::ended(e, region, names, entry),
        RegionEvent::TextRedacted(e) => Said::new(redacted(e), region),
    }
}

fn opened(e: &CompactOpened) -> String {
    let launched = day(e.launched_on);
    format!(
        "{} was opened for {}; launched on {launched}.",
        e.name, e.area
    )
}

fn challenge(e: &ChallengeSet) -> String {
    let point = format!("Point {} of the challenge to public employers", e.label);
    match &e.from {
        Some(from) => {
            let (from, to) = (quoted(from), quoted(&e.text));
            format!("{point} changed from {from} to {to}.")
        }
        None => format!("{point} was written down: {}", ended(&e.text)),
    }
}

/// What an organisation was called once the entry at `position` had been recorded.
pub(super) fn organisation_name(names: Names<'_>, id: OrganisationId, position: Position) -> &str {
    let Names::Region(register) = names else {
        return "An organisation";
    };
    let organisation = register.organisations.get(&id);
    organisation.map_or("An organisation", |organisation| {
        organisation.name.at(position)
    })
}

/// "“master classes delivered” (in events; may be added up across compacts)".
fn terms(terms: &IndicatorTerms) -> String {
    let added = if terms.additive {
        "may be added up across compacts"
    } else {
        "may not be added up across compacts"
    };
    format!("{} (in {}; {added})", quoted(&terms.name), terms.unit)
}
