//! The region's entries in words.

use domain::RegionEvent;
use domain::region::IndicatorTerms;
use ledger::Entry;

use super::phrase::{because, day, ended, quoted};
use super::{Names, Said, Subject, SubjectKind};

pub(super) fn say(event: &RegionEvent, entry: &Entry, names: Names<'_>) -> Said {
    let region = Subject {
        kind: SubjectKind::Region,
        id: entry.recorded.stream.id,
    };
    match event {
        RegionEvent::Established(e) => {
            let text = format!(
                "The record of {} began; {} pays for the approach.",
                e.name, e.funder
            );
            Said::new(text, region)
        }
        RegionEvent::ChallengeSet(e) => {
            let text = match &e.from {
                Some(from) => format!(
                    "Point {} of the challenge to public employers changed from {} to {}.",
                    e.label,
                    quoted(from),
                    quoted(&e.text)
                ),
                None => format!(
                    "Point {} of the challenge to public employers was written down: {}",
                    e.label,
                    ended(&e.text)
                ),
            };
            Said::new(text, region)
        }
        RegionEvent::ThemeAdded(e) => Said::new(
            format!("The theme {} joined the register.", quoted(&e.name)),
            region,
        ),
        RegionEvent::ThemeRenamed(e) => {
            let change = format!("The theme {} became {}", quoted(&e.from), quoted(&e.to));
            Said::new(because(&change, &e.reason), region)
        }
        RegionEvent::IndicatorDefined(e) => {
            let text = format!("The indicator {} joined the register.", terms(&e.terms));
            Said::new(text, region).and(SubjectKind::Indicator, e.indicator_id.uuid())
        }
        RegionEvent::IndicatorCorrected(e) => {
            let change = format!(
                "The indicator {} was corrected; it is now {}",
                terms(&e.from),
                terms(&e.to)
            );
            Said::new(because(&change, &e.reason), region)
                .and(SubjectKind::Indicator, e.indicator_id.uuid())
        }
        _ => say_member(event, entry, names, region),
    }
}

/// What registers organisations and compacts.
fn say_member(event: &RegionEvent, entry: &Entry, names: Names<'_>, region: Subject) -> Said {
    match event {
        RegionEvent::OrganisationRegistered(e) => {
            let text = format!(
                "{} joined the register, under {}.",
                e.name,
                e.category.words()
            );
            Said::new(text, region).and(SubjectKind::Organisation, e.organisation_id.uuid())
        }
        RegionEvent::OrganisationRenamed(e) => {
            let change = format!("{} is now called {}", e.from, e.to);
            Said::new(because(&change, &e.reason), region)
                .and(SubjectKind::Organisation, e.organisation_id.uuid())
        }
        RegionEvent::OrganisationRecategorised(e) => {
            let name = match names {
                Names::Region(register) => register.organisations.get(&e.organisation_id),
                _ => None,
            };
            let name = name.map_or("An organisation", |organisation| {
                organisation.name.at(entry.recorded.position)
            });
            let (from, to) = (e.from.words(), e.to.words());
            let change = format!("{name} moved from {from} to {to}");
            Said::new(because(&change, &e.reason), region)
                .and(SubjectKind::Organisation, e.organisation_id.uuid())
        }
        RegionEvent::CompactOpened(e) => {
            let launched = day(e.launched_on);
            let text = format!(
                "{} was opened for {}; launched on {launched}.",
                e.name, e.area
            );
            Said::new(text, region).and(SubjectKind::Compact, e.compact_id.uuid())
        }
        RegionEvent::Established(_)
        | RegionEvent::ChallengeSet(_)
        | RegionEvent::ThemeAdded(_)
        | RegionEvent::ThemeRenamed(_)
        | RegionEvent::IndicatorDefined(_)
        | RegionEvent::IndicatorCorrected(_) => say(event, entry, names),
    }
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
