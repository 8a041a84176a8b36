//! The region's register: what all compacts share, gathered from all files and entered once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::ids::{CompactId, IndicatorId, OrganisationId, RegionId};
use domain::region::{Category, CompactParticulars, IndicatorTerms};
use domain::{Command, RegionCommand};

use super::{Scribe, Step};
use crate::reference::ReferenceData;
use crate::reference::data::REGION;
use crate::reference::dates;
use crate::reference::error::{Fault, Place, ReferenceError};
use crate::reference::file::compact::{CompactFile, MeasureRow};
use crate::reference::path::{Path, slug};

/// What the region's register holds once every file has been read.
pub(super) struct Register {
    region: Path,
    themes: BTreeSet<String>,
    /// By the slug of the name.
    organisations: BTreeMap<String, Organisation>,
    /// In the order in which the files name them.
    organisation_order: Vec<String>,
    indicators: BTreeMap<String, Indicator>,
    indicator_order: Vec<String>,
}

struct Organisation {
    name: String,
    category: Category,
    /// The launch of the first compact that names it.
    known_from: NaiveDate,
    file: String,
}

struct Indicator {
    terms: IndicatorTerms,
    /// When the first commitment that it measures was agreed.
    used_from: NaiveDate,
    file: String,
}

impl Register {
    /// Gathers it from the region's file and every compact's.
    pub fn gather(data: &ReferenceData) -> Result<Self, ReferenceError> {
        let mut register = Self {
            region: Path::root(&data.region.region.slug),
            themes: themes(data)?,
            organisations: BTreeMap::new(),
            organisation_order: Vec::new(),
            indicators: BTreeMap::new(),
            indicator_order: Vec::new(),
        };
        check_region(data)?;
        for (file, compact) in &data.compacts {
            register.gather_organisations(file, compact)?;
            register.gather_indicators(file, compact)?;
        }
        Ok(register)
    }

    /// Whether the region has a theme of this code.
    pub fn has_theme(&self, code: &str) -> bool {
        self.themes.contains(code)
    }

    /// The organisation of this name.
    pub fn organisation(&self, name: &str) -> Option<OrganisationId> {
        let key = slug(name);
        let known = self.organisations.get(&key)?;
        (known.name == name).then(|| self.region.of("organisation", key).id())
    }

    /// The indicator of this name.
    pub fn indicator(&self, name: &str) -> IndicatorId {
        self.region.of("indicator", slug(name)).id()
    }

    fn gather_organisations(
        &mut self,
        file: &str,
        compact: &CompactFile,
    ) -> Result<(), ReferenceError> {
        let mut here = BTreeSet::new();
        for row in &compact.organisation {
            let place = Place {
                file,
                entry: format!("organisation “{}”", row.name),
            };
            let key = slug(&row.name);
            if !here.insert(key.clone()) {
                return Err(place.wrong("name", Fault::Duplicate(row.name.clone())));
            }
            let launched = dates::launched(compact);
            if let Some(known) = self.organisations.get_mut(&key) {
                known.agrees(&row.name, row.category, &place)?;
                known.known_from = known.known_from.min(launched);
                continue;
            }
            self.organisation_order.push(key.clone());
            let organisation = Organisation {
                name: row.name.clone(),
                category: row.category,
                known_from: launched,
                file: file.to_owned(),
            };
            self.organisations.insert(key, organisation);
        }
        Ok(())
    }

    fn gather_indicators(
        &mut self,
        file: &str,
        compact: &CompactFile,
    ) -> Result<(), ReferenceError> {
        for priority in &compact.priority {
            let Some(measure) = &priority.measure else {
                continue;
            };
            let place = Place {
                file,
                entry: format!("priority {}/{}", priority.session, priority.label),
            };
            let used_from = dates::agreed(compact, priority.session)
                .map_err(|fault| place.wrong("session", fault))?;
            let key = slug(&measure.indicator);
            if let Some(known) = self.indicators.get_mut(&key) {
                known.agrees(measure, &place)?;
                known.used_from = known.used_from.min(used_from);
                continue;
            }
            self.indicator_order.push(key.clone());
            let indicator = Indicator {
                terms: terms(measure, &place)?,
                used_from,
                file: file.to_owned(),
            };
            self.indicators.insert(key, indicator);
        }
        Ok(())
    }
}

impl Organisation {
    fn agrees(&self, name: &str, category: Category, place: &Place) -> Result<(), ReferenceError> {
        if self.name != name {
            let fault = Fault::TwoSpellings {
                here: name.to_owned(),
                there: self.name.clone(),
                file: self.file.clone(),
            };
            return Err(place.wrong("name", fault));
        }
        if self.category != category {
            let fault = Fault::TwoCategories {
                name: name.to_owned(),
                here: category.words(),
                there: self.category.words(),
                file: self.file.clone(),
            };
            return Err(place.wrong("category", fault));
        }
        Ok(())
    }
}

impl Indicator {
    fn agrees(&self, measure: &MeasureRow, place: &Place) -> Result<(), ReferenceError> {
        if self.terms.name != measure.indicator {
            let fault = Fault::TwoSpellings {
                here: measure.indicator.clone(),
                there: self.terms.name.clone(),
                file: self.file.clone(),
            };
            return Err(place.wrong("measure.indicator", fault));
        }
        if self.terms.unit != measure.unit {
            let fault = Fault::TwoUnits {
                name: measure.indicator.clone(),
                here: measure.unit.clone(),
                there: self.terms.unit.clone(),
                file: self.file.clone(),
            };
            return Err(place.wrong("measure.unit", fault));
        }
        Ok(())
    }
}

/// What an indicator counts, and whether figures of different compacts may be added up: counts of
/// people, organisations and events may; answers of yes or no never. Of any other unit the files
/// must not leave it to a guess.
fn terms(measure: &MeasureRow, place: &Place) -> Result<IndicatorTerms, ReferenceError> {
    let additive = match measure.unit.as_str() {
        "people" | "organisations" | "events" => true,
        "yes-no" => false,
        other => {
            let fault = Fault::UnknownUnit(other.to_owned());
            return Err(place.wrong("measure.unit", fault));
        }
    };
    Ok(IndicatorTerms {
        name: measure.indicator.clone(),
        unit: measure.unit.clone(),
        additive,
    })
}

fn themes(data: &ReferenceData) -> Result<BTreeSet<String>, ReferenceError> {
    let mut codes = BTreeSet::new();
    for theme in &data.region.theme {
        if !codes.insert(theme.code.clone()) {
            let place = Place {
                file: REGION,
                entry: format!("theme {}", theme.code),
            };
            return Err(place.wrong("code", Fault::Duplicate(theme.code.clone())));
        }
    }
    Ok(codes)
}

/// Each challenge and compact once, and every compact under the slug its own file gives it.
fn check_region(data: &ReferenceData) -> Result<(), ReferenceError> {
    let mut labels = BTreeSet::new();
    for challenge in &data.region.region.challenge {
        if !labels.insert(&challenge.label) {
            let place = Place {
                file: REGION,
                entry: format!("challenge {}", challenge.label),
            };
            return Err(place.wrong("ref", Fault::Duplicate(challenge.label.clone())));
        }
    }
    let mut slugs = BTreeSet::from([&data.region.region.slug]);
    for (entry, (file, compact)) in data.region.compact.iter().zip(&data.compacts) {
        if !slugs.insert(&entry.slug) {
            let place = Place {
                file: REGION,
                entry: format!("compact {}", entry.slug),
            };
            return Err(place.wrong("slug", Fault::Duplicate(entry.slug.clone())));
        }
        if entry.slug != compact.compact.slug {
            let entry_name = "compact".to_owned();
            let place = Place {
                file,
                entry: entry_name,
            };
            return Err(place.wrong("slug", Fault::OtherSlug(entry.slug.clone())));
        }
    }
    Ok(())
}

/// The steps that fill the region's ledger.
pub(super) fn steps(
    data: &ReferenceData,
    register: &Register,
) -> Result<Vec<Step>, ReferenceError> {
    let began = dates::register_began(data)?;
    let id: RegionId = register.region.id();
    let mut scribe = Scribe::new(id.ledger(), "regional-administrator");
    let mut write = |path: &Path, what: &str, on: NaiveDate, command: RegionCommand| {
        scribe.write(path, what, on, vec![Command::Region { id, command }]);
    };
    let region = &data.region.region;
    let establish = RegionCommand::EstablishRegion {
        slug: region.slug.clone(),
        name: region.name.clone(),
        funder: region.funder.clone(),
        note: region.note.clone().map(Into::into),
        secretariat_cost_gbp_per_year: region.secretariat_cost_per_compact_gbp_per_year,
    };
    write(&register.region, "establish", began, establish);
    for theme in &data.region.theme {
        let path = register.region.of("theme", &theme.code);
        let (code, name) = (theme.code.clone(), theme.name.clone());
        write(&path, "add", began, RegionCommand::AddTheme { code, name });
    }
    let challenged = dates::challenge_set(data, began);
    for challenge in &region.challenge {
        let path = register.region.of("challenge", &challenge.label);
        let (label, text) = (challenge.label.clone(), challenge.text.clone());
        let command = RegionCommand::SetChallenge { label, text };
        write(&path, "set", challenged, command);
    }
    register.write_entries(&mut write);
    for (_, compact) in &data.compacts {
        let path = Path::root(&compact.compact.slug);
        let command = open(&path, compact);
        write(&path, "open", dates::launched(compact), command);
    }
    Ok(scribe.steps)
}

impl Register {
    /// Enters each organisation and each indicator, once for the whole region.
    fn write_entries(&self, write: &mut impl FnMut(&Path, &str, NaiveDate, RegionCommand)) {
        for key in &self.organisation_order {
            let entry = &self.organisations[key];
            let path = self.region.of("organisation", key);
            let command = RegionCommand::RegisterOrganisation {
                organisation: path.id(),
                name: entry.name.clone(),
                category: entry.category,
            };
            write(&path, "register", entry.known_from, command);
        }
        for key in &self.indicator_order {
            let entry = &self.indicators[key];
            let path = self.region.of("indicator", key);
            let command = RegionCommand::DefineIndicator {
                indicator: path.id(),
                terms: entry.terms.clone(),
            };
            write(&path, "define", entry.used_from, command);
        }
    }
}

fn open(path: &Path, file: &CompactFile) -> RegionCommand {
    let compact: CompactId = path.id();
    RegionCommand::OpenCompact {
        compact,
        particulars: CompactParticulars {
            slug: file.compact.slug.clone(),
            name: file.compact.name.clone(),
            area: file.compact.area.clone(),
            launched_on: file.compact.launched.0,
            pilot_from_year: file.compact.pilot_from,
        },
    }
}
