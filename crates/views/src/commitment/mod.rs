//! One commitment: what was promised, how it changed, what came of it.

mod achievement;
mod brief;
mod evidence;
mod measure;
mod progress;

use domain::Text;
use domain::commitment::{Classification, CommitmentWords, Conclusion, Status};
use domain::facts::{CommitmentFact, ThemeCode};
use domain::ids::{AchievementId, CommitmentId, GroupId, LedgerId, MeasureId};
use domain::session::Session;
use domain::stream::StreamKind;
use domain::{CommitmentEvent, Event, Visibility};
use ledger::{Entry, Position};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use achievement::AchievementView;
pub use brief::Detail;
pub use evidence::{Backing, EvidenceView, Freshness, rests_on_something};
pub use measure::{MeasureView, ReadingView};
pub use progress::Progress;

use crate::ref_order::ref_order;
use crate::table::{Row, Table};
use crate::tracked::{Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// A commitment with its measures, readings and achievements, and every change to any of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentView {
    /// The commitment.
    pub id: CommitmentId,
    /// The compact's ledger.
    pub ledger: LedgerId,
    /// The session it belongs to.
    pub session: Session,
    /// Its label in the statement.
    #[serde(rename = "ref")]
    pub label: Tracked<String>,
    /// What is promised, and what was said about it.
    pub words: Tracked<CommitmentWords>,
    /// The aims, themes and groups it belongs to.
    pub classification: Tracked<Classification>,
    /// Where it stands.
    pub status: Tracked<Status>,
    /// The day it is due, where one is named for the commitment itself.
    pub due_on: Tracked<Option<chrono::NaiveDate>>,
    /// Its impact measures, in the order added; withdrawn ones stay.
    pub measures: Vec<MeasureView>,
    /// What came of it in words, in the order recorded; corrected and withdrawn reports stay.
    pub achievements: Vec<AchievementView>,
    /// How far it is let out, and everything below it with it.
    #[serde(
        default = "Tracked::at_birth",
        skip_serializing_if = "Tracked::is_as_at_birth"
    )]
    pub visibility: Tracked<Visibility>,
    /// The last entry that changed what is read of it outside the compact: made while it was released, or the one that
    /// released it or took it back. None while it was never released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_outside: Option<Position>,
    /// Where it goes on, once it was carried forward and while it has not been reopened.
    pub carried_forward: Option<CarriedForward>,
    /// When it was proposed.
    pub proposed: Stamp,
    /// The last entry that spoke of it.
    pub last: Stamp,
    /// How many entries its stream has: the `expectedVersion` of the next command.
    pub version: u64,
    /// Whether of what came of it only [what a list shows](CommitmentView::brief) is here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub brief: bool,
}

/// That a commitment goes on in a later session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarriedForward {
    /// Where it goes on.
    pub into: CommitmentFact,
    /// Why.
    pub reason: Text,
    /// When.
    pub made: Stamp,
}

impl CommitmentView {
    /// A measure by its id.
    pub fn measure(&self, id: MeasureId) -> Option<&MeasureView> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// The date it came to stand where it stands.
    pub fn status_since(&self) -> chrono::NaiveDate {
        let last = self.status.changes.last();
        last.map_or(self.proposed.on, |change| change.made.on)
    }

    /// An achievement by its id.
    pub fn achievement(&self, id: AchievementId) -> Option<&AchievementView> {
        self.achievements.iter().find(|told| told.id == id)
    }

    /// The latest report in words of those not withdrawn: by the day reported, then by the place in the
    /// ledger.
    pub fn latest_achievement(&self) -> Option<&AchievementView> {
        self.achievements
            .iter()
            .filter(|achievement| achievement.withdrawn.is_none())
            .max_by_key(|achievement| (achievement.reported_on, achievement.made.position))
    }

    /// The date of the last report: when a reading that stands was recorded or put right, or an achievement.
    pub fn last_report(&self) -> Option<chrono::NaiveDate> {
        let readings = self.measures.iter().flat_map(|measure| &measure.readings);
        let readings = readings.filter(|it| it.withdrawn.is_none());
        let told = self.achievements.iter();
        let told = told.filter(|it| it.withdrawn.is_none());
        let readings = readings.map(|it| it.stands_since().on);
        readings.chain(told.map(|it| it.stands_since().on)).max()
    }

    /// Whether it has left the compact.
    pub const fn is_released(&self) -> bool {
        self.visibility.current.is_released()
    }

    /// The groups it belongs to.
    pub fn groups(&self) -> impl Iterator<Item = &GroupId> {
        let groups = self.classification.current.groups.iter();
        groups.map(|group| &group.id)
    }

    /// The commitment as others mention it now.
    pub fn fact(&self) -> CommitmentFact {
        CommitmentFact {
            id: self.id,
            session: self.session,
            label: self.label.current.clone(),
            title: self.words.current.title.clone(),
        }
    }

    fn measure_mut(&mut self, id: MeasureId) -> Option<&mut MeasureView> {
        self.measures.iter_mut().find(|measure| measure.id == id)
    }

    /// What changes the promise itself.
    fn apply_terms(&mut self, event: &CommitmentEvent, entry: &Entry) {
        match event {
            CommitmentEvent::Reworded(e) => {
                self.words
                    .change(e.to.clone(), Why::because(&e.reason), entry);
            }
            CommitmentEvent::Renumbered(e) => {
                self.label
                    .change(e.to.clone(), Why::because(&e.reason), entry);
            }
            CommitmentEvent::Reclassified(e) => {
                self.classification
                    .change(e.to.clone(), Why::because(&e.reason), entry);
            }
            CommitmentEvent::DueDateChanged(e) => {
                self.due_on.change(e.to, Why::because(&e.reason), entry);
            }
            CommitmentEvent::VisibilityChanged(e) => {
                let why = Why::said(e.reason.as_ref(), None);
                self.visibility.change(e.to, why, entry);
            }
            other => self.apply_status(other, entry),
        }
    }

    /// What moves it from one status to another.
    fn apply_status(&mut self, event: &CommitmentEvent, entry: &Entry) {
        if let Some(status) = status_after(event) {
            self.status
                .change(status, Why::said(reason(event), None), entry);
        }
        match event {
            CommitmentEvent::CarriedForward(e) => {
                self.carried_forward = Some(CarriedForward {
                    into: e.into.clone(),
                    reason: e.reason.clone(),
                    made: entry.into(),
                });
            }
            CommitmentEvent::Reopened(_) => self.carried_forward = None,
            other => achievement::apply(self, other, entry),
        }
    }
}

/// The status an event moves a commitment to, if it moves it.
pub(crate) fn status_after(event: &CommitmentEvent) -> Option<Status> {
    match event {
        CommitmentEvent::Agreed(_) => Some(Status::Agreed),
        CommitmentEvent::Started(_) => Some(Status::InProgress),
        CommitmentEvent::Reopened(e) => Some(e.to),
        CommitmentEvent::Concluded(e) => Some(match e.conclusion {
            Conclusion::Achieved => Status::Achieved,
            Conclusion::PartlyAchieved => Status::PartlyAchieved,
            Conclusion::NotAchieved => Status::NotAchieved,
        }),
        CommitmentEvent::CarriedForward(_) => Some(Status::CarriedForward),
        CommitmentEvent::Withdrawn(_) => Some(Status::Withdrawn),
        _ => None,
    }
}

/// Why its status changed, where the event says.
fn reason(event: &CommitmentEvent) -> Option<&Text> {
    match event {
        CommitmentEvent::CarriedForward(e) => Some(&e.reason),
        CommitmentEvent::Withdrawn(e) => Some(&e.reason),
        CommitmentEvent::Reopened(e) => Some(&e.reason),
        _ => None,
    }
}

impl Fold for CommitmentView {
    fn key(entry: &Entry) -> Option<Uuid> {
        let stream = entry.recorded.stream;
        (stream.kind == StreamKind::Commitment).then_some(stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        let Event::Commitment(CommitmentEvent::Proposed(event)) = &entry.event else {
            return None;
        };
        Some(Self {
            id: entry.recorded.stream.id.into(),
            ledger: entry.recorded.ledger,
            session: event.session,
            label: Tracked::new(event.label.clone()),
            words: Tracked::new(CommitmentWords {
                title: event.title.clone(),
                comment: event.comment.clone(),
            }),
            classification: Tracked::new(event.classification.clone()),
            status: Tracked::new(Status::Draft),
            due_on: Tracked::new(event.due_on),
            visibility: Tracked::at_birth(),
            last_outside: None,
            measures: Vec::new(),
            achievements: Vec::new(),
            carried_forward: None,
            proposed: entry.into(),
            last: entry.into(),
            version: entry.recorded.stream_version,
            brief: false,
        })
    }

    fn apply(&mut self, entry: &Entry) {
        let Event::Commitment(event) = &entry.event else {
            return;
        };
        let was_outside = self.is_released();
        self.apply_terms(event, entry);
        if was_outside || self.is_released() {
            self.last_outside = Some(entry.recorded.position);
        }
        self.last = entry.into();
        self.version = entry.recorded.stream_version;
    }
}

impl View for CommitmentView {
    const NAME: ViewName = ViewName::Commitment;
    const TABLE: Table = Table::Commitment;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let classification = &self.classification.current;
        let columns = Columns {
            ledger_id: self.ledger,
            commitment_id: self.id,
            session: self.session,
            ref_order: ref_order(&self.label.current),
            status: self.status.current,
            themes: &classification.themes,
            groups: self.groups().copied().collect(),
            visibility: self.visibility.current,
            last_outside: self.last_outside,
            brief: serde_json::to_string(&self.brief())?,
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns<'a> {
    ledger_id: LedgerId,
    commitment_id: CommitmentId,
    session: Session,
    ref_order: String,
    status: Status,
    themes: &'a [ThemeCode],
    groups: Vec<GroupId>,
    visibility: Visibility,
    last_outside: Option<Position>,
    brief: String,
}
