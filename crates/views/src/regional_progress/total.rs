//! Adding up across compacts, where that may be done.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::Text;
use domain::commitment::Status;
use domain::facts::{CommitmentFact, CompactFact};
use domain::figure::{Figure, MeasureKind};
use domain::ids::{IndicatorId, LedgerId, MeasureId, OrganisationId};
use domain::session::Session;
use serde::{Deserialize, Serialize};

use super::{CompactCommitments, MadeFrom, ProgressFilter, wanted};
use crate::commitment::{MeasureView, ReadingView};
use crate::{CommitmentView, RegionRegister};

/// What an indicator comes to across compacts in one session, and what is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorTotal {
    /// The session.
    pub session: Session,
    /// The indicator.
    pub indicator: IndicatorId,
    /// What is counted.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// How it counts, where all its measures agree.
    pub kind: Option<MeasureKind>,
    /// The total; none where nothing may be added up or there is nothing to add.
    pub value: Option<Figure>,
    /// The first and the last day any figure in the total was counted.
    pub taken: Option<(NaiveDate, NaiveDate)>,
    /// What was added up.
    pub parts: Vec<Part>,
    /// How many organisations are in the total by name, each once.
    pub organisations: usize,
    /// How many of them were reported by more than one compact; the latest report was taken.
    pub reported_by_several: usize,
    /// What was not added, and why.
    pub not_added: Vec<NotAdded>,
}

/// One measure's part in a total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The compact.
    pub compact: CompactFact,
    /// The commitment.
    pub commitment: CommitmentFact,
    /// The measure.
    pub measure: MeasureId,
    /// What its reading says in all.
    pub value: Figure,
    /// What of that was added: without organisations that count elsewhere.
    pub added: Figure,
    /// The day it was counted.
    pub taken_on: NaiveDate,
    /// Where it came from.
    pub source: Text,
    /// The entry it stands on.
    pub made_from: MadeFrom,
}

/// A measure that is not in a total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotAdded {
    /// The compact.
    pub compact: CompactFact,
    /// The commitment.
    pub commitment: CommitmentFact,
    /// The measure.
    pub measure: MeasureId,
    /// Why it is not.
    pub why: WhyNot,
}

/// Why a measure is not in a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyNot {
    /// The register says that this indicator's figures may not be added up across compacts.
    NotAdditive,
    /// Milestones and narratives are not amounts.
    NotAnAmount,
    /// The measures of this indicator count in different ways or units.
    CountsDifferently,
    /// There is no reading, or its baseline has not been counted.
    NoFigure,
    /// The commitment is a draft or was withdrawn.
    NotPromised,
    /// An organisation in it is in another report too, and what it makes of an increase is not known.
    OrganisationCountedTwice,
    /// The figures are too large to add up.
    TooLarge,
}

impl WhyNot {
    /// The reason as a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotAdditive => "Figures of this indicator may not be added up across compacts.",
            Self::NotAnAmount => {
                "Milestones and narratives are not amounts and are never added up."
            }
            Self::CountsDifferently => {
                "The measures of this indicator do not count the same way in the same unit."
            }
            Self::NoFigure => "There is no reading yet, or its baseline has not been counted.",
            Self::NotPromised => "The commitment is a draft or was withdrawn.",
            Self::OrganisationCountedTwice => {
                "An organisation in it is in another report too, and its part of the increase is not known."
            }
            Self::TooLarge => "The figures are too large to add up.",
        }
    }
}

/// A measure where it stands.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    compact: &'a CompactFact,
    commitment: &'a CommitmentView,
    measure: &'a MeasureView,
}

/// A measure whose reading can be added.
#[derive(Clone, Copy)]
struct Countable<'a> {
    candidate: Candidate<'a>,
    reading: &'a ReadingView,
    value: Figure,
}

/// One total per session and indicator.
pub(super) fn totals(
    register: &RegionRegister,
    compacts: &[CompactCommitments],
    filter: &ProgressFilter,
) -> Vec<IndicatorTotal> {
    let mut groups: BTreeMap<(Session, IndicatorId), Vec<Candidate<'_>>> = BTreeMap::new();
    for compact in compacts {
        for commitment in compact.commitments.iter().filter(|c| wanted(c, filter)) {
            for measure in commitment.measures.iter().filter(|m| m.withdrawn.is_none()) {
                let group = (commitment.session, measure.indicator.id);
                groups.entry(group).or_default().push(Candidate {
                    compact: &compact.compact,
                    commitment,
                    measure,
                });
            }
        }
    }
    let total = |((session, _), candidates): (_, Vec<Candidate<'_>>)| {
        Tally::new(session, &candidates[0]).of(register, &candidates)
    };
    groups.into_iter().map(total).collect()
}

/// A total being worked out.
struct Tally {
    total: IndicatorTotal,
}

impl Tally {
    fn new(session: Session, first: &Candidate<'_>) -> Self {
        let indicator = &first.measure.indicator;
        Self {
            total: IndicatorTotal {
                session,
                indicator: indicator.id,
                name: indicator.name.clone(),
                unit: indicator.unit.clone(),
                kind: None,
                value: None,
                taken: None,
                parts: Vec::new(),
                organisations: 0,
                reported_by_several: 0,
                not_added: Vec::new(),
            },
        }
    }

    fn of(mut self, register: &RegionRegister, candidates: &[Candidate<'_>]) -> IndicatorTotal {
        let (promised, not_promised): (Vec<Candidate<'_>>, Vec<_>) = candidates
            .iter()
            .partition(|candidate| candidate.is_promised());
        self.leave_out(&not_promised, WhyNot::NotPromised);
        if let Some(indicator) = register.indicators.get(&self.total.indicator) {
            self.total.name.clone_from(&indicator.terms.current.name);
        }
        let kinds: BTreeSet<MeasureKind> = promised.iter().map(|c| c.measure.kind).collect();
        let mut kinds = kinds.into_iter();
        self.total.kind = kinds.next().filter(|_| kinds.next().is_none());
        match self.why_not(register, &promised) {
            Some(why) => self.leave_out(&promised, why),
            None => self.add(&promised),
        }
        self.total
    }

    /// Why none of them may be added, if that is so.
    fn why_not(&self, register: &RegionRegister, promised: &[Candidate<'_>]) -> Option<WhyNot> {
        let amount = |kind| !matches!(kind, MeasureKind::Milestone | MeasureKind::Narrative);
        let units: BTreeSet<&str> = promised
            .iter()
            .map(|c| c.measure.indicator.unit.as_str())
            .collect();
        let additive = match register.indicators.get(&self.total.indicator) {
            Some(indicator) => indicator.terms.current.additive,
            None => promised.iter().all(|c| c.measure.indicator.additive),
        };
        if promised
            .iter()
            .any(|candidate| !amount(candidate.measure.kind))
        {
            Some(WhyNot::NotAnAmount)
        } else if !additive {
            Some(WhyNot::NotAdditive)
        } else if self.total.kind.is_none() || units.len() > 1 {
            Some(WhyNot::CountsDifferently)
        } else {
            None
        }
    }

    fn leave_out(&mut self, candidates: &[Candidate<'_>], why: WhyNot) {
        let left_out = candidates.iter().map(|candidate| NotAdded {
            compact: candidate.compact.clone(),
            commitment: candidate.commitment.fact(),
            measure: candidate.measure.id,
            why,
        });
        self.total.not_added.extend(left_out);
    }

    /// Adds the readings, each organisation by its latest report.
    fn add(&mut self, promised: &[Candidate<'_>]) {
        let mut countable = Vec::new();
        for candidate in promised {
            match candidate.countable() {
                Some(reading) => countable.push(reading),
                None => self.leave_out(&[*candidate], WhyNot::NoFigure),
            }
        }
        let reports = reports(&countable);
        let reported = |id: &OrganisationId| reports.get(id).map_or(0, |by| by.measures);
        if self.total.kind == Some(MeasureKind::IncreaseOnBaseline) {
            countable.retain(|countable| {
                let twice = countable.organisations().any(|id| reported(&id) > 1);
                if twice {
                    self.leave_out(&[countable.candidate], WhyNot::OrganisationCountedTwice);
                }
                !twice
            });
        }
        self.sum(&countable, &reports);
        let organisations: BTreeSet<OrganisationId> = countable
            .iter()
            .flat_map(Countable::organisations)
            .collect();
        let by_several =
            |id: &&OrganisationId| reports.get(id).is_some_and(|by| by.compacts.len() > 1);
        self.total.organisations = organisations.len();
        self.total.reported_by_several = organisations.iter().filter(by_several).count();
    }

    fn sum(&mut self, countable: &[Countable<'_>], reports: &BTreeMap<OrganisationId, Reports>) {
        let increase = self.total.kind == Some(MeasureKind::IncreaseOnBaseline);
        for one in countable {
            let added = if increase {
                Some(one.value)
            } else {
                one.counted_here(reports)
            };
            let sum = self.total.value.unwrap_or(Figure::ZERO);
            let Some((added, sum)) = added.and_then(|added| Some((added, sum.checked_add(added)?)))
            else {
                self.leave_out(&[one.candidate], WhyNot::TooLarge);
                continue;
            };
            let taken_on = one.reading.terms.current.taken_on;
            let (first, last) = self.total.taken.unwrap_or((taken_on, taken_on));
            self.total.taken = Some((first.min(taken_on), last.max(taken_on)));
            self.total.value = Some(sum);
            self.total.parts.push(one.part(added));
        }
    }
}

impl<'a> Candidate<'a> {
    fn is_promised(&self) -> bool {
        !matches!(
            self.commitment.status.current,
            Status::Draft | Status::Withdrawn
        )
    }

    fn countable(self) -> Option<Countable<'a>> {
        Some(Countable {
            candidate: self,
            reading: self.measure.latest_reading()?,
            value: self.measure.progress().value?,
        })
    }
}

/// Later reports come after earlier ones: by the day counted, then by when it was recorded.
type Recency = (NaiveDate, DateTime<Utc>, LedgerId, MeasureId);

/// Who reported an organisation, and whose report is the latest.
struct Reports {
    compacts: BTreeSet<LedgerId>,
    /// How many measures it is in: one compact can report it in several.
    measures: usize,
    latest: Recency,
}

fn reports(countable: &[Countable<'_>]) -> BTreeMap<OrganisationId, Reports> {
    let mut reports: BTreeMap<OrganisationId, Reports> = BTreeMap::new();
    for one in countable {
        for id in one.organisations() {
            let known = reports.entry(id).or_insert_with(|| Reports {
                compacts: BTreeSet::new(),
                measures: 0,
                latest: one.recency(),
            });
            known.compacts.insert(one.candidate.commitment.ledger);
            known.measures += 1;
            known.latest = known.latest.max(one.recency());
        }
    }
    reports
}

impl Countable<'_> {
    fn organisations(&self) -> impl Iterator<Item = OrganisationId> {
        let parts = self.reading.terms.current.by_organisation.iter();
        parts.map(|part| part.organisation.id)
    }

    fn recency(&self) -> Recency {
        let stands = self.reading.stands_since();
        let commitment = self.candidate.commitment;
        let measure = self.candidate.measure.id;
        let taken_on = self.reading.terms.current.taken_on;
        (taken_on, stands.recorded_at, commitment.ledger, measure)
    }

    /// The figure less what organisations make of it that count by another report.
    fn counted_here(&self, reports: &BTreeMap<OrganisationId, Reports>) -> Option<Figure> {
        let own = self.recency();
        let mut elsewhere = self
            .reading
            .terms
            .current
            .by_organisation
            .iter()
            .filter(|part| {
                reports
                    .get(&part.organisation.id)
                    .is_some_and(|reports| reports.latest != own)
            });
        elsewhere.try_fold(self.value, |rest, part| rest.checked_sub(part.value))
    }

    fn part(&self, added: Figure) -> Part {
        let terms = &self.reading.terms.current;
        Part {
            compact: self.candidate.compact.clone(),
            commitment: self.candidate.commitment.fact(),
            measure: self.candidate.measure.id,
            value: self.value,
            added,
            taken_on: terms.taken_on,
            source: terms.source.clone(),
            made_from: MadeFrom {
                ledger: self.candidate.commitment.ledger,
                position: self.reading.stands_since().position,
            },
        }
    }
}
