//! Good practice: its versions, how far it is let out, and what other compacts asked and said of it.

use domain::facts::CompactFact;
use domain::good_practice::{PracticeRevised, PracticeTerms, QuestionAsked};
use domain::ids::{GoodPracticeId, LedgerId, QuestionId};
use domain::stream::StreamKind;
use domain::{Event, GoodPracticeEvent, Reach, Text, Visibility};
use ledger::{Entry, Position};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};
use crate::tracked::{Ended, Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// A piece of good practice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoodPracticeView {
    /// The practice.
    pub id: GoodPracticeId,
    /// The compact's ledger.
    pub ledger: LedgerId,
    /// Its versions, oldest first; the last is the one that stands. Never empty.
    pub versions: Vec<PracticeVersion>,
    /// How far it is let out.
    pub visibility: Tracked<Visibility>,
    /// That it was withdrawn, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
    /// What other compacts asked about it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<QuestionView>,
    /// What other compacts said in thanks, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thanks: Vec<ThanksView>,
    /// The last entry of its history.
    pub last: Stamp,
    /// The version of its stream.
    pub version: u64,
}

/// One version of a piece of good practice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeVersion {
    /// Its number, from 1.
    pub number: u32,
    /// What it says.
    pub terms: PracticeTerms,
    /// What was changed, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Text>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// Where in the record it comes from.
    pub made: Stamp,
}

/// What another compact asked, and what it was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionView {
    /// The question.
    pub id: QuestionId,
    /// The compact that asked.
    pub by: CompactFact,
    /// What it asked.
    pub text: Text,
    /// Where in the record it comes from.
    pub made: Stamp,
    /// What it was answered, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<SaidView>,
}

/// What was said, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SaidView {
    /// What was said.
    pub text: Text,
    /// Where in the record it comes from.
    pub made: Stamp,
}

/// Thanks from another compact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThanksView {
    /// The compact that gave them.
    pub by: CompactFact,
    /// What it said.
    pub text: Text,
    /// Where in the record it comes from.
    pub made: Stamp,
}

impl GoodPracticeView {
    /// The version that stands.
    ///
    /// # Panics
    /// Never: a view begins with its first version.
    pub fn current(&self) -> &PracticeVersion {
        self.versions.last().expect("a version")
    }

    /// A version by its number.
    pub fn version_of(&self, number: u32) -> Option<&PracticeVersion> {
        self.versions
            .iter()
            .find(|version| version.number == number)
    }

    /// When it was written down.
    pub fn written(&self) -> Stamp {
        self.versions
            .first()
            .map_or(self.last, |version| version.made)
    }

    /// Whether a version stood while it was let out to those within `reach`.
    pub fn stood_within(&self, number: u32, reach: &Reach) -> bool {
        let stood = self.versions.iter().position(|it| it.number == number);
        let Some(at) = stood else { return false };
        let from = self.versions[at].made.position;
        let until = self.versions.get(at + 1).map(|next| next.made.position);
        let covered = |visibility: Visibility| reach.covers(visibility, []);
        let later = self.visibility.changes.iter().any(|change| {
            let place = change.made.position;
            place > from && until.is_none_or(|until| place < until) && covered(change.to)
        });
        covered(*self.visibility.at(from)) || later
    }

    fn begin(terms: &PracticeTerms, entry: &Entry) -> Self {
        Self {
            id: entry.recorded.stream.id.into(),
            ledger: entry.recorded.ledger,
            versions: vec![PracticeVersion {
                number: 1,
                terms: terms.clone(),
                changed: None,
                reason: None,
                made: entry.into(),
            }],
            visibility: Tracked::at_birth(),
            withdrawn: None,
            questions: Vec::new(),
            thanks: Vec::new(),
            last: entry.into(),
            version: entry.recorded.stream_version,
        }
    }

    fn revised(&mut self, e: &PracticeRevised, entry: &Entry) {
        self.versions.push(PracticeVersion {
            number: e.version,
            terms: e.to.clone(),
            changed: e.changed.clone(),
            reason: e.reason.clone(),
            made: entry.into(),
        });
    }

    fn asked(&mut self, e: &QuestionAsked, entry: &Entry) {
        self.questions.push(QuestionView {
            id: e.question_id,
            by: e.by.clone(),
            text: e.text.clone(),
            made: entry.into(),
            answers: Vec::new(),
        });
    }

    fn answered(&mut self, id: QuestionId, said: SaidView) {
        let mut questions = self.questions.iter_mut();
        if let Some(question) = questions.find(|question| question.id == id) {
            question.answers.push(said);
        }
    }

    fn take(&mut self, event: &GoodPracticeEvent, entry: &Entry) {
        match event {
            GoodPracticeEvent::Revised(e) => self.revised(e, entry),
            GoodPracticeEvent::Withdrawn(e) => {
                self.withdrawn = Some(Ended::because(&e.reason, entry));
            }
            GoodPracticeEvent::VisibilityChanged(e) => {
                let why = Why::said(e.reason.as_ref(), None);
                self.visibility.change(e.to, why, entry);
            }
            GoodPracticeEvent::Asked(e) => self.asked(e, entry),
            GoodPracticeEvent::Answered(e) => {
                let (text, made) = (e.text.clone(), entry.into());
                self.answered(e.question_id, SaidView { text, made });
            }
            GoodPracticeEvent::Thanked(e) => self.thanks.push(ThanksView {
                by: e.by.clone(),
                text: e.text.clone(),
                made: entry.into(),
            }),
            // Written down once; and a text that is redacted stays where it is, sealed.
            GoodPracticeEvent::Written(_) | GoodPracticeEvent::TextRedacted(_) => {}
        }
    }
}

impl Fold for GoodPracticeView {
    fn key(entry: &Entry) -> Option<Uuid> {
        let stream = entry.recorded.stream;
        (stream.kind == StreamKind::GoodPractice).then_some(stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        match &entry.event {
            Event::GoodPractice(GoodPracticeEvent::Written(e)) => {
                Some(Self::begin(&e.terms, entry))
            }
            _ => None,
        }
    }

    fn apply(&mut self, entry: &Entry) {
        let Event::GoodPractice(event) = &entry.event else {
            return;
        };
        self.take(event, entry);
        self.last = entry.into();
        self.version = entry.recorded.stream_version;
    }
}

impl View for GoodPracticeView {
    const NAME: ViewName = ViewName::GoodPractice;
    const TABLE: Table = Table::GoodPractice;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let current = &self.current().terms;
        let columns = Columns {
            ledger_id: self.ledger,
            practice_id: self.id,
            title: &current.title,
            theme: &current.theme,
            organisation_id: current.organisation.as_ref().map(|it| it.id.uuid()),
            organisation: current.organisation.as_ref().map(|it| it.name.as_str()),
            withdrawn: self.withdrawn.is_some(),
            last_position: self.last.position,
            visibility: self.visibility.current,
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns<'a> {
    ledger_id: LedgerId,
    practice_id: GoodPracticeId,
    title: &'a str,
    theme: &'a str,
    organisation_id: Option<Uuid>,
    organisation: Option<&'a str>,
    withdrawn: bool,
    last_position: Position,
    visibility: Visibility,
}
