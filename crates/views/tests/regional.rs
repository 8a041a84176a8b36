//! What may be added up across compacts, and what is left out and why.

mod story;

use domain::commitment::*;
use domain::facts::CompactFact;
use domain::figure::{Figure, IndicatorFact, MeasureKind};
use domain::ids::*;
use domain::region::*;
use domain::stream::StreamId;
use domain::visibility::{Visibility, VisibilityChanged};
use domain::{CommitmentEvent, Event};
use story::*;
use views::regional_progress::{CompactCommitments, IndicatorTotal, WhyNot};
use views::{
    CommitmentView, ProgressFilter, RegionRegister, RegionalProgress, fold, regional_progress,
};

fn register(additive: bool) -> RegionRegister {
    let mut story = Story::of(REGION.ledger());
    let region = StreamId::region(REGION);
    story.add(
        region,
        Event::Region(RegionEvent::Established(RegionEstablished {
            slug: "east-midlands".to_owned(),
            name: "East Midlands".to_owned(),
            funder: "Learning and Skills Council, East Midlands".to_owned(),
            note: None,
            secretariat_cost_gbp_per_year: Some(10_000),
        })),
    );
    let theme = ThemeAdded {
        code: "skills-pledge".to_owned(),
        name: "Skills Pledge".to_owned(),
    };
    story.add(region, Event::Region(theme.into()));
    let indicator = IndicatorDefined {
        indicator_id: INDICATOR,
        terms: IndicatorTerms {
            name: pledges().name,
            unit: pledges().unit,
            additive,
        },
    };
    story.add(region, Event::Region(indicator.into()));
    fold(&story.entries).expect("the register")
}

/// A compact with one agreed commitment that has one measure and one reading.
struct Counted {
    number: u128,
    indicator: IndicatorFact,
    kind: MeasureKind,
    baseline: Option<i64>,
    reading: Option<ReadingTerms>,
    agreed: bool,
    released: Option<Visibility>,
}

impl Counted {
    fn by(number: u128, reading: ReadingTerms) -> Self {
        Self {
            number,
            indicator: pledges(),
            kind: MeasureKind::Additional,
            baseline: None,
            reading: Some(reading),
            agreed: true,
            released: Some(Visibility::Region),
        }
    }

    fn compact(self) -> CompactCommitments {
        let compact = CompactId::new(id(100 * self.number));
        let stream = StreamId::commitment(CommitmentId::new(id(100 * self.number + 1)));
        let measure = MeasureId::new(id(100 * self.number + 2));
        let mut story = Story::of(compact.ledger());
        let add = |story: &mut Story, event: CommitmentEvent| {
            story.add(stream, Event::Commitment(event));
        };
        add(&mut story, proposed().into());
        if let Some(to) = self.released {
            let from = Visibility::Draft;
            let reason = None;
            add(&mut story, VisibilityChanged { from, to, reason }.into());
        }
        if self.agreed {
            add(&mut story, CommitmentAgreed {}.into());
        }
        let added = MeasureAdded {
            measure_id: measure,
            indicator: self.indicator,
            kind: self.kind,
            baseline: self.baseline.map(|value| Baseline {
                on: day("2008-03-31"),
                value: Some(figure(value)),
            }),
            target: Some(figure(10)),
            due_on: None,
        };
        add(&mut story, added.into());
        if let Some(terms) = self.reading {
            let recorded = ReadingRecorded {
                reading_id: ReadingId::new(id(100 * self.number + 3)),
                measure_id: measure,
                terms,
            };
            add(&mut story, recorded.into());
        }
        let view: CommitmentView = fold(&story.entries).expect("the commitment");
        CompactCommitments {
            compact: CompactFact {
                id: compact,
                slug: format!("compact-{}", self.number),
                name: format!("Compact {}", self.number),
            },
            made_from: view.last_outside,
            commitments: vec![view],
        }
    }
}

fn proposed() -> CommitmentProposed {
    CommitmentProposed {
        session: "2008-09".parse().expect("a session"),
        label: "1".to_owned(),
        title: "Encourage organisations to commit to the Skills Pledge".to_owned(),
        comment: None,
        classification: Classification {
            themes: vec!["skills-pledge".to_owned()],
            ..Classification::default()
        },
        due_on: None,
    }
}

fn progress(compacts: Vec<Counted>, additive: bool) -> RegionalProgress {
    let compacts: Vec<_> = compacts.into_iter().map(Counted::compact).collect();
    regional_progress(&register(additive), &compacts, &ProgressFilter::default())
}

fn total(compacts: Vec<Counted>) -> IndicatorTotal {
    progress(compacts, true).totals.remove(0)
}

const BOTH: &[(OrganisationId, &str)] = &[
    (COLLEGE, "New College Stamford"),
    (COUNCIL, "Boston Borough Council"),
];

#[test]
fn figures_of_two_compacts_are_added_and_name_where_they_come_from() {
    let total = total(vec![
        Counted::by(1, counted("2009-03-31", 4, &[])),
        Counted::by(2, counted("2009-02-28", 3, &[])),
    ]);
    assert_eq!(total.value, Some(figure(7)));
    assert_eq!(total.unit, "organisations");
    assert_eq!(total.taken, Some((day("2009-02-28"), day("2009-03-31"))));
    assert!(total.parts.iter().all(|part| part.made_from.position == 5));
    assert!(total.not_added.is_empty());
}

#[test]
fn an_organisation_in_two_compacts_counts_once_by_its_latest_report() {
    let total = total(vec![
        // Five, of which two by name; three more nobody named.
        Counted::by(1, counted("2009-01-31", 5, BOTH)),
        Counted::by(
            2,
            counted("2009-03-31", 2, &[(COLLEGE, "New College Stamford")]),
        ),
    ]);
    assert_eq!(
        total.value,
        Some(figure(6)),
        "the college counts in the second compact only"
    );
    assert_eq!((total.organisations, total.reported_by_several), (2, 1));
    let added: Vec<Figure> = total.parts.iter().map(|part| part.added).collect();
    assert_eq!(added, [figure(4), figure(2)]);
}

#[test]
fn figures_that_may_not_be_added_are_not() {
    let progress = progress(vec![Counted::by(1, counted("2009-03-31", 4, &[]))], false);
    assert_eq!(progress.totals[0].value, None);
    assert_eq!(progress.totals[0].not_added[0].why, WhyNot::NotAdditive);
    assert_eq!(
        progress.cells[0].measures[0].value,
        Some(figure(4)),
        "it is still shown"
    );
}

#[test]
fn measures_that_count_differently_are_not_added() {
    let other = Counted {
        kind: MeasureKind::Total,
        ..Counted::by(2, counted("2009-03-31", 9, &[]))
    };
    let kinds = total(vec![Counted::by(1, counted("2009-03-31", 4, &[])), other]);
    assert_eq!((kinds.value, kinds.kind), (None, None));
    assert!(
        kinds
            .not_added
            .iter()
            .all(|left| left.why == WhyNot::CountsDifferently)
    );
    let people = Counted {
        indicator: IndicatorFact {
            unit: "people".to_owned(),
            ..pledges()
        },
        ..Counted::by(2, counted("2009-03-31", 9, &[]))
    };
    let units = total(vec![Counted::by(1, counted("2009-03-31", 4, &[])), people]);
    assert_eq!(units.value, None);
}

#[test]
fn milestones_and_narratives_are_never_added() {
    for kind in [MeasureKind::Milestone, MeasureKind::Narrative] {
        let one = Counted {
            kind,
            ..Counted::by(1, counted("2009-03-31", 1, &[]))
        };
        let total = total(vec![one]);
        assert_eq!(total.value, None);
        assert_eq!(total.not_added[0].why, WhyNot::NotAnAmount);
    }
}

#[test]
fn what_was_never_promised_or_read_is_left_out_and_said_to_be() {
    let draft = Counted {
        agreed: false,
        ..Counted::by(1, counted("2009-03-31", 4, &[]))
    };
    let unread = Counted {
        reading: None,
        ..Counted::by(2, counted("2009-03-31", 4, &[]))
    };
    let total = total(vec![
        draft,
        unread,
        Counted::by(3, counted("2009-03-31", 2, &[])),
    ]);
    assert_eq!(total.value, Some(figure(2)));
    let why: Vec<WhyNot> = total.not_added.iter().map(|left| left.why).collect();
    assert_eq!(why, [WhyNot::NotPromised, WhyNot::NoFigure]);
}

#[test]
fn an_increase_with_an_organisation_reported_twice_is_left_out() {
    let increase = |number, reading| Counted {
        kind: MeasureKind::IncreaseOnBaseline,
        baseline: Some(1),
        ..Counted::by(number, reading)
    };
    let apart = total(vec![
        increase(1, counted("2009-03-31", 4, &[])),
        increase(2, counted("2009-03-31", 6, &[])),
    ]);
    assert_eq!(apart.value, Some(figure(8)));
    let shared = total(vec![
        increase(1, counted("2009-03-31", 4, BOTH)),
        increase(2, counted("2009-03-31", 6, BOTH)),
    ]);
    assert_eq!(shared.value, None);
    assert_eq!(shared.not_added[0].why, WhyNot::OrganisationCountedTwice);
}

/// One compact whose commitments have a measure each, of one indicator.
fn in_one_compact(measures: Vec<Counted>) -> IndicatorTotal {
    let mut compacts = measures.into_iter().map(Counted::compact);
    let mut one = compacts.next().expect("a measure");
    for other in compacts {
        let ledger = one.compact.id.ledger();
        let more = other.commitments.into_iter();
        one.commitments
            .extend(more.map(|commitment| CommitmentView {
                ledger,
                ..commitment
            }));
    }
    let filter = ProgressFilter::default();
    regional_progress(&register(true), &[one], &filter)
        .totals
        .remove(0)
}

#[test]
fn an_organisation_in_two_measures_of_one_compact_counts_once() {
    let total = in_one_compact(vec![
        Counted::by(1, counted("2009-01-31", 5, BOTH)),
        Counted::by(
            2,
            counted("2009-03-31", 2, &[(COLLEGE, "New College Stamford")]),
        ),
    ]);
    assert_eq!(total.value, Some(figure(6)));
    assert_eq!((total.organisations, total.reported_by_several), (2, 0));
}

#[test]
fn an_increase_with_an_organisation_in_two_measures_of_one_compact_is_left_out() {
    let increase = |number, reading| Counted {
        kind: MeasureKind::IncreaseOnBaseline,
        baseline: Some(1),
        ..Counted::by(number, reading)
    };
    let college = &[(COLLEGE, "New College Stamford")];
    let council = &[(COUNCIL, "Boston Borough Council")];
    let total = in_one_compact(vec![
        increase(1, counted("2009-03-31", 4, college)),
        increase(2, counted("2009-03-31", 6, college)),
        increase(3, counted("2009-03-31", 3, council)),
    ]);
    assert_eq!(total.value, Some(figure(2)), "the council's alone");
    let why: Vec<WhyNot> = total.not_added.iter().map(|left| left.why).collect();
    assert_eq!(why, [WhyNot::OrganisationCountedTwice; 2]);
    assert_eq!(
        total.organisations, 1,
        "those left out are not in the total"
    );
}

#[test]
fn a_commitment_is_shown_under_its_theme_in_its_session_and_compact() {
    let progress = progress(vec![Counted::by(1, counted("2009-03-31", 4, &[]))], true);
    let cell = &progress.cells[0];
    assert_eq!(cell.theme_name.as_deref(), Some("Skills Pledge"));
    assert_eq!(cell.by_status.get(&Status::Agreed), Some(&1));
    assert_eq!(cell.compact.slug, "compact-1");
    assert_eq!(progress.made_from[0].position, 5);
}

#[test]
fn what_has_not_left_its_compact_is_in_no_cell_no_total_and_no_count_of_what_was_left_out() {
    for kept in [None, Some(Visibility::Compact)] {
        let kept = Counted {
            released: kept,
            // Sixty, the college among them, and later than the other's: it would count in its place.
            ..Counted::by(2, counted("2009-03-31", 60, BOTH))
        };
        let shown = || Counted::by(1, counted("2009-01-31", 5, BOTH));
        assert_eq!(
            progress(vec![shown(), kept], true),
            progress(vec![shown()], true)
        );
    }
    let published = Counted {
        released: Some(Visibility::Public),
        ..Counted::by(2, counted("2009-03-31", 60, BOTH))
    };
    assert_eq!(total(vec![published]).value, Some(figure(60)));
}
