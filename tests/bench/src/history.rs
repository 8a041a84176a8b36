//! Commitments with a past, for reading back: the same events for the ledger and for the peer.

use chrono::{Days, NaiveDate};
use domain::commitment::{
    AchievementReported, Classification, CommitmentAgreed, CommitmentProposed, CommitmentStarted,
    MeasureAdded, ReadingRecorded, ReadingTerms, Standing, TargetChanged,
};
use domain::facts::ThemeCode;
use domain::figure::{Figure, IndicatorFact, MeasureKind};
use domain::ids::{CommitmentId, MeasureId};
use domain::session::Session;
use domain::{CommitmentEvent, Dated};
use uuid::Uuid;

use crate::diary::DAY;
use crate::ids::Ids;

/// One commitment and everything that happened to it.
pub struct History {
    /// The commitment.
    pub id: CommitmentId,
    /// What happened, in order.
    pub events: Vec<Dated<CommitmentEvent>>,
}

/// Words enough to bring an event's payload to about 400 bytes.
pub const SAID: &str = "as the steering group heard it from the learning and development group, which had asked every \
    member organisation for its own figure and had an answer from all but two of them by the day it met";

/// How many events stand at the beginning of each history: proposed, agreed, started, measure added.
const OPENING: usize = 4;

/// `commitments` histories of `events` each: a promise with one measure, then readings month by month,
/// now and then a report in words or a new target.
pub fn write(ids: &Ids, commitments: usize, events: usize) -> Vec<History> {
    (0..commitments)
        .map(|index| history(ids, index, events))
        .collect()
}

fn history(ids: &Ids, index: usize, events: usize) -> History {
    let measure = MeasureId::new(ids.next());
    let mut happened = opening(ids.next(), measure, index);
    for step in OPENING..events {
        happened.push(later(ids.next(), measure, step));
    }
    happened.truncate(events);
    let events = happened
        .into_iter()
        .zip(0..)
        .map(|(event, days)| Dated {
            occurred_on: day(days),
            meeting: None,
            event,
        })
        .collect();
    History {
        id: CommitmentId::new(ids.next()),
        events,
    }
}

fn opening(indicator: Uuid, measure: MeasureId, index: usize) -> Vec<CommitmentEvent> {
    let proposed = CommitmentProposed {
        session: Session::containing(DAY),
        label: (index + 1).to_string(),
        title: "Increase the number of organisations that have signed the Skills Pledge".to_owned(),
        comment: Some(SAID.into()),
        classification: Classification {
            aims: vec!["2".to_owned()],
            themes: vec![ThemeCode::from("SP".to_owned())],
            groups: Vec::new(),
        },
        due_on: None,
    };
    let added = MeasureAdded {
        measure_id: measure,
        indicator: IndicatorFact {
            id: indicator.into(),
            name: "organisations committed to the Skills Pledge".to_owned(),
            unit: "organisations".to_owned(),
            additive: true,
        },
        kind: MeasureKind::Total,
        baseline: None,
        target: Some(Figure::from(60)),
        due_on: Some(day(365)),
    };
    vec![
        proposed.into(),
        CommitmentAgreed {}.into(),
        CommitmentStarted {}.into(),
        added.into(),
    ]
}

fn later(id: Uuid, measure: MeasureId, step: usize) -> CommitmentEvent {
    let figure = Figure::from(i64::try_from(step).unwrap_or(i64::MAX));
    let on = day(step as u64);
    match step % 20 {
        7 => TargetChanged {
            measure_id: measure,
            from: Some(Figure::from(60)),
            to: figure,
            reason: SAID.into(),
        }
        .into(),
        0 | 13 => AchievementReported {
            achievement_id: id.into(),
            reported_on: on,
            standing: Standing::GoodProgress,
            text: SAID.into(),
        }
        .into(),
        _ => ReadingRecorded {
            reading_id: id.into(),
            measure_id: measure,
            terms: ReadingTerms {
                taken_on: on,
                value: figure,
                source: "returns of the member organisations".into(),
                note: Some(SAID.into()),
                by_organisation: Vec::new(),
            },
        }
        .into(),
    }
}

fn day(days: u64) -> NaiveDate {
    DAY.checked_add_days(Days::new(days)).unwrap_or(DAY)
}
