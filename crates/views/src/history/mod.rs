//! History in plain words: every entry as a sentence, with everything it concerns.
//!
//! Nothing of it is stored. A sentence is made from the entry and from the view of the entry's stream,
//! which keeps every name its parts ever had and so knows what they were called at the time.

mod assessment;
mod commitment;
mod compact;
mod held;
mod meeting;
mod page;
mod person;
mod phrase;
mod plan;
mod practice;
mod region;
mod role;
mod sight;

pub use held::Held;
pub use page::{Historian, HistoryError, HistoryFilter, HistoryOf};

use domain::Event;
use domain::ids::SubjectId;
use ledger::{Entry, Recorded};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{ActionPlanView, CommitmentView, RegionRegister};

/// One entry in plain words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Both clocks, the place, who and why.
    pub recorded: Recorded,
    /// The event's type, such as `commitment.target_changed`.
    pub kind: String,
    /// What happened, as a sentence.
    pub text: String,
    /// Everything it concerns: the stream's own thing, its parts, and what it mentions.
    pub subjects: Vec<Subject>,
    /// The texts it holds that can be redacted; nothing is said of them before they are opened.
    pub texts: Vec<HistoryText>,
}

/// A text of an entry, that can be redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryText {
    /// The text, as what has a key of its own.
    pub id: SubjectId,
    /// What it says, as people are shown it; none when it was redacted, or may not be read.
    pub says: Option<String>,
    /// What was written: with mentions of people where names are shown.
    pub written: Option<String>,
    /// Whether it was redacted.
    pub redacted: bool,
}

/// Something an entry concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Uuid,
}

/// The kinds of thing an entry can concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A region.
    Region,
    /// An indicator of a region.
    Indicator,
    /// An organisation of a region.
    Organisation,
    /// A compact.
    Compact,
    /// A group of a compact.
    Group,
    /// A commitment.
    Commitment,
    /// A measure of a commitment.
    Measure,
    /// A reading against a measure.
    Reading,
    /// An achievement of a commitment.
    Achievement,
    /// What a reading or an achievement rests on.
    Evidence,
    /// An assessment or a challenge.
    Assessment,
    /// An action plan.
    ActionPlan,
    /// An objective of a plan.
    Objective,
    /// An action under an objective.
    Action,
    /// An update to a plan.
    Update,
    /// An account.
    Account,
    /// A role given to an account.
    Grant,
    /// A person a compact has written down.
    Person,
    /// A meeting of a group.
    Meeting,
    /// An item of a meeting's minutes.
    MeetingItem,
    /// A piece of good practice.
    GoodPractice,
    /// A question about a piece of good practice.
    PracticeQuestion,
    /// That a piece of good practice was taken up.
    Adoption,
}

/// The view of an entry's stream, for what its parts are called.
///
/// Any later state will do: it is asked for the names as they were once the entry was recorded. With
/// [`Names::Unknown`] a sentence still says what happened, with less to recognise it by.
#[derive(Clone, Copy, Debug)]
pub enum Names<'a> {
    /// None is at hand, or none is needed: the entries of a compact itself, of people, meetings, good practice
    /// and adoptions say everything themselves.
    Unknown,
    /// The region.
    Region(&'a RegionRegister),
    /// The commitment.
    Commitment(&'a CommitmentView),
    /// The plan.
    ActionPlan(&'a ActionPlanView),
}

/// Says one entry in plain words.
pub fn say(entry: &Entry, names: Names<'_>) -> HistoryLine {
    let said = match &entry.event {
        Event::Region(event) => region::say(event, entry, names),
        Event::Compact(event) => compact::say(event, entry),
        Event::Commitment(event) => commitment::say(event, entry, names),
        Event::ActionPlan(event) => plan::say(event, entry, names),
        Event::Person(event) => person::say(event, entry),
        Event::Meeting(event) => meeting::say(event, entry),
        Event::GoodPractice(event) => practice::say(event, entry),
        Event::Adoption(event) => practice::say_adoption(event, entry),
        Event::Assessment(event) => assessment::say(event, entry),
    };
    HistoryLine {
        recorded: entry.recorded.clone(),
        kind: entry.event.kind().to_owned(),
        text: said.text,
        subjects: said.subjects,
        texts: Vec::new(),
    }
}

/// A sentence and what it concerns.
struct Said {
    text: String,
    subjects: Vec<Subject>,
}

impl Said {
    fn new(text: String, subject: Subject) -> Self {
        Self {
            text,
            subjects: vec![subject],
        }
    }

    /// It concerns this too; once is enough.
    fn and(mut self, kind: SubjectKind, id: Uuid) -> Self {
        let subject = Subject { kind, id };
        if !self.subjects.contains(&subject) {
            self.subjects.push(subject);
        }
        self
    }

    fn and_all(self, kind: SubjectKind, ids: impl IntoIterator<Item = Uuid>) -> Self {
        ids.into_iter().fold(self, |said, id| said.and(kind, id))
    }
}
