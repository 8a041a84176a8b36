//! The region's register: themes, indicators, organisations, and the compacts it opened.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::Text;
use domain::facts::ThemeCode;
use domain::ids::{CompactId, IndicatorId, LedgerId, OrganisationId, RegionId};
use domain::region::{Category, IndicatorTerms};
use domain::stream::StreamKind;
use domain::{Event, RegionEvent};
use ledger::Entry;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};
use crate::tracked::{Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// The region with everything registered in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionRegister {
    /// The region.
    pub id: RegionId,
    /// Its ledger.
    pub ledger: LedgerId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who pays for the approach.
    pub funder: String,
    /// What else the papers say of it.
    pub note: Option<Text>,
    /// What one compact's secretariat costs a year, in pounds sterling.
    pub secretariat_cost_gbp_per_year: Option<u32>,
    /// What is asked of every public employer, in the order first written down.
    pub challenge: Vec<ChallengePoint>,
    /// Its themes by code.
    pub themes: BTreeMap<ThemeCode, ThemeView>,
    /// Its indicators.
    pub indicators: BTreeMap<IndicatorId, IndicatorView>,
    /// Its organisations: each once, however many compacts it sits in.
    pub organisations: BTreeMap<OrganisationId, OrganisationView>,
    /// The compacts it opened, in the order opened.
    pub compacts: Vec<OpenedCompact>,
    /// When its record began.
    pub established: Stamp,
    /// The last entry of its ledger.
    pub last: Stamp,
    /// How many entries its stream has: the `expectedVersion` of the next command.
    pub version: u64,
}

/// One point of the challenge to public employers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChallengePoint {
    /// Its label.
    #[serde(rename = "ref")]
    pub label: String,
    /// Its words.
    pub text: Tracked<String>,
    /// When it was first written down.
    pub added: Stamp,
}

/// A theme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThemeView {
    /// Its code; never changes.
    pub code: ThemeCode,
    /// Its name.
    pub name: Tracked<String>,
    /// When it joined the register.
    pub added: Stamp,
}

/// An indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorView {
    /// The indicator.
    pub id: IndicatorId,
    /// What it counts, in which unit, and whether its figures may be added up across compacts.
    pub terms: Tracked<IndicatorTerms>,
    /// When it joined the register.
    pub added: Stamp,
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrganisationView {
    /// The organisation.
    pub id: OrganisationId,
    /// Its name.
    pub name: Tracked<String>,
    /// The part of the sector it belongs to.
    pub category: Tracked<Category>,
    /// When it joined the register.
    pub added: Stamp,
}

/// A compact the region opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenedCompact {
    /// The compact.
    pub id: CompactId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name when it was opened.
    pub name: String,
    /// The ground it covers.
    pub area: String,
    /// The day it was launched.
    pub launched_on: NaiveDate,
    /// The year a trial began, where there was one.
    pub pilot_from_year: Option<u16>,
    /// When it was opened.
    pub opened: Stamp,
}

impl RegionRegister {
    fn apply_terms(&mut self, event: &RegionEvent, entry: &Entry) {
        match event {
            // Roles have a view of their own, and a redacted text stays where it is.
            RegionEvent::Established(_)
            | RegionEvent::TextRedacted(_)
            | RegionEvent::RoleGranted(_)
            | RegionEvent::RoleEnded(_) => {}
            RegionEvent::ChallengeSet(e) => self.challenge(&e.label, &e.text, entry),
            RegionEvent::ThemeAdded(e) => {
                let theme = ThemeView {
                    code: e.code.clone(),
                    name: Tracked::new(e.name.clone()),
                    added: entry.into(),
                };
                self.themes.insert(e.code.clone(), theme);
            }
            RegionEvent::ThemeRenamed(e) => {
                if let Some(theme) = self.themes.get_mut(&e.code) {
                    theme
                        .name
                        .change(e.to.clone(), Why::because(&e.reason), entry);
                }
            }
            RegionEvent::IndicatorDefined(e) => {
                let indicator = IndicatorView {
                    id: e.indicator_id,
                    terms: Tracked::new(e.terms.clone()),
                    added: entry.into(),
                };
                self.indicators.insert(e.indicator_id, indicator);
            }
            RegionEvent::IndicatorCorrected(e) => {
                if let Some(indicator) = self.indicators.get_mut(&e.indicator_id) {
                    indicator
                        .terms
                        .change(e.to.clone(), Why::because(&e.reason), entry);
                }
            }
            RegionEvent::OrganisationRegistered(_)
            | RegionEvent::OrganisationRenamed(_)
            | RegionEvent::OrganisationRecategorised(_)
            | RegionEvent::CompactOpened(_) => self.apply_members(event, entry),
        }
    }

    /// What registers organisations and compacts.
    fn apply_members(&mut self, event: &RegionEvent, entry: &Entry) {
        match event {
            RegionEvent::OrganisationRegistered(e) => {
                let organisation = OrganisationView {
                    id: e.organisation_id,
                    name: Tracked::new(e.name.clone()),
                    category: Tracked::new(e.category),
                    added: entry.into(),
                };
                self.organisations.insert(e.organisation_id, organisation);
            }
            RegionEvent::OrganisationRenamed(e) => {
                if let Some(organisation) = self.organisations.get_mut(&e.organisation_id) {
                    let why = Why::because(&e.reason);
                    organisation.name.change(e.to.clone(), why, entry);
                }
            }
            RegionEvent::OrganisationRecategorised(e) => {
                if let Some(organisation) = self.organisations.get_mut(&e.organisation_id) {
                    organisation
                        .category
                        .change(e.to, Why::because(&e.reason), entry);
                }
            }
            RegionEvent::CompactOpened(e) => self.compacts.push(OpenedCompact {
                id: e.compact_id,
                slug: e.slug.clone(),
                name: e.name.clone(),
                area: e.area.clone(),
                launched_on: e.launched_on,
                pilot_from_year: e.pilot_from_year,
                opened: entry.into(),
            }),
            _ => {}
        }
    }

    fn challenge(&mut self, label: &str, text: &str, entry: &Entry) {
        match self.challenge.iter_mut().find(|point| point.label == label) {
            Some(point) => point.text.change(text.to_owned(), Why::UNSAID, entry),
            None => self.challenge.push(ChallengePoint {
                label: label.to_owned(),
                text: Tracked::new(text.to_owned()),
                added: entry.into(),
            }),
        }
    }
}

impl Fold for RegionRegister {
    fn key(entry: &Entry) -> Option<Uuid> {
        let stream = entry.recorded.stream;
        (stream.kind == StreamKind::Region).then_some(stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        let Event::Region(RegionEvent::Established(event)) = &entry.event else {
            return None;
        };
        Some(Self {
            id: entry.recorded.stream.id.into(),
            ledger: entry.recorded.ledger,
            slug: event.slug.clone(),
            name: event.name.clone(),
            funder: event.funder.clone(),
            note: event.note.clone(),
            secretariat_cost_gbp_per_year: event.secretariat_cost_gbp_per_year,
            challenge: Vec::new(),
            themes: BTreeMap::new(),
            indicators: BTreeMap::new(),
            organisations: BTreeMap::new(),
            compacts: Vec::new(),
            established: entry.into(),
            last: entry.into(),
            version: entry.recorded.stream_version,
        })
    }

    fn apply(&mut self, entry: &Entry) {
        let Event::Region(event) = &entry.event else {
            return;
        };
        self.apply_terms(event, entry);
        self.last = entry.into();
        self.version = entry.recorded.stream_version;
    }
}

impl View for RegionRegister {
    const NAME: ViewName = ViewName::RegionRegister;
    const TABLE: Table = Table::RegionRegister;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            region_id: self.id,
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns {
    ledger_id: LedgerId,
    region_id: RegionId,
}
