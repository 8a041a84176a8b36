//! The region's own ledger: its register, and the compacts it opens.

use chrono::{Days, NaiveDate};
use domain::ids::{CompactId, IndicatorId, OrganisationId, RegionId};
use domain::region::{CompactParticulars, IndicatorTerms};
use domain::{Command, RegionCommand};

use super::words::{INDICATORS, KINDS, THEMES};
use super::{ACTOR, Size};
use crate::reference::{Path, Scribe, Step};

/// The day the region and all its compacts begin.
pub(super) const LAUNCH: NaiveDate = NaiveDate::from_ymd_opt(2007, 4, 1).unwrap();

/// How many organisations are registered in one submission.
const AT_ONCE: u32 = 50;

/// A region to be made.
pub(super) struct Region {
    pub size: Size,
    pub path: Path,
}

impl Region {
    /// The region of this size.
    pub fn of(size: Size) -> Self {
        let path = Path::root(&format!("synthetic-{}", size.seed));
        Self { size, path }
    }

    /// Where its `nth` compact stands.
    pub fn compact(&self, nth: u32) -> Path {
        self.path.of("compact", nth)
    }

    /// One of the organisations of its `nth` compact.
    pub fn organisation(&self, compact: u32, nth: u32) -> OrganisationId {
        let nth = nth % self.size.organisations.max(1);
        self.compact(compact).of("organisation", nth).id()
    }

    /// One of its indicators.
    pub fn indicator(&self, nth: usize) -> IndicatorId {
        self.path.of("indicator", nth % INDICATORS.len()).id()
    }

    /// What stands in its ledger.
    pub fn steps(&self) -> Vec<Step> {
        let id: RegionId = self.path.id();
        let mut scribe = Scribe::signing(ACTOR, id.ledger(), "regional-administrator");
        let seed = self.size.seed;
        let mut begin = vec![RegionCommand::EstablishRegion {
            slug: format!("synthetic-{seed}"),
            name: format!("Synthetic region {seed}"),
            funder: "An invented funder".to_owned(),
            note: None,
            secretariat_cost_gbp_per_year: Some(10_000),
        }];
        begin.extend(THEMES.iter().map(|(code, name)| RegionCommand::AddTheme {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
        }));
        let indicators = INDICATORS.iter().enumerate();
        begin.extend(
            indicators.map(|(nth, (name, unit))| RegionCommand::DefineIndicator {
                indicator: self.indicator(nth),
                terms: IndicatorTerms {
                    name: (*name).to_owned(),
                    unit: (*unit).to_owned(),
                    additive: true,
                },
            }),
        );
        let own = |command| Command::Region { id, command };
        let begin = begin.into_iter().map(own).collect();
        scribe.write(&self.path, "establish", LAUNCH, begin);
        for nth in 0..self.size.compacts {
            let path = self.compact(nth);
            let open = self.open(nth);
            scribe.write(&path, "open", LAUNCH, vec![own(open)]);
            for from in (0..self.size.organisations).step_by(AT_ONCE as usize) {
                let until = self.size.organisations.min(from + AT_ONCE);
                let register = (from..until).map(|one| own(self.register(nth, one)));
                let what = format!("register-{from}");
                scribe.write(&path, &what, day(0, 0), register.collect());
            }
        }
        scribe.steps
    }

    fn open(&self, nth: u32) -> RegionCommand {
        let compact: CompactId = self.compact(nth).id();
        RegionCommand::OpenCompact {
            compact,
            particulars: CompactParticulars {
                slug: format!("synthetic-{}-{nth}", self.size.seed),
                name: format!("Synthetic compact {nth} of {}", self.size.seed),
                area: format!("Area {nth}"),
                launched_on: LAUNCH,
                pilot_from_year: None,
            },
        }
    }

    fn register(&self, compact: u32, nth: u32) -> RegionCommand {
        let (kind, category) = KINDS[nth as usize % KINDS.len()];
        RegionCommand::RegisterOrganisation {
            organisation: self.organisation(compact, nth),
            name: format!("Invented {kind} {nth} of area {compact}"),
            category,
        }
    }
}

/// The day that is so many days into a session, counted from the first.
pub(super) fn day(year: u32, days: u64) -> NaiveDate {
    let years = chrono::Months::new(12 * year);
    let start = LAUNCH.checked_add_months(years).unwrap_or(LAUNCH);
    start.checked_add_days(Days::new(days)).unwrap_or(start)
}
