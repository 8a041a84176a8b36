//! Assessments and challenges: what somebody outside a compact makes of an outcome, with every view they came to since.

use domain::assessment::{About, AssessmentMade, Judgement, OutcomeChallenged};
use domain::commitment::Outcome;
use domain::figure::Figure;
use domain::ids::{AssessmentId, CommitmentId, CompactId, LedgerId};
use domain::stream::StreamKind;
use domain::{AssessmentEvent, Event, Text, Visibility};
use ledger::{Entry, Position};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::CommitmentView;
use crate::table::{Row, Table};
use crate::tracked::{Ended, Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// An assessment or a challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentView {
    /// The assessment.
    pub id: AssessmentId,
    /// The region's ledger it is recorded in.
    pub ledger: LedgerId,
    /// What is judged, and the place it was judged from.
    pub about: About,
    /// In which role it was made.
    pub made_as: String,
    /// What is made of it, and every view before; none of a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judgement: Option<Tracked<Judgement>>,
    /// What is doubted; none of an assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<ChallengeView>,
    /// When it was made.
    pub made: Stamp,
    /// That it was taken back, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
    /// How far it is let out beyond those it concerns, and every change of that.
    #[serde(
        default = "Tracked::at_birth",
        skip_serializing_if = "Tracked::is_as_at_birth"
    )]
    pub visibility: Tracked<Visibility>,
    /// How many entries its stream has: the `expectedVersion` of the next command.
    pub version: u64,
}

/// What somebody independent doubts, and what the compact answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChallengeView {
    /// The figure that was found, of a reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Figure>,
    /// What is doubted, and why.
    pub comment: Text,
    /// The compact's answers, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<AnswerView>,
}

/// An answer to a challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerView {
    /// The answer.
    pub text: Text,
    /// When it was given.
    pub made: Stamp,
}

/// How what was judged stands by now, beside how it stood when it was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportNow {
    /// It says what it said.
    Unchanged,
    /// It was corrected since, or of a commitment as a whole, something was recorded of it since.
    Changed,
    /// It was taken back since.
    Withdrawn,
}

impl AssessmentView {
    /// How what was judged stands in this commitment; what is not in it any more was taken back.
    pub fn report_now(&self, commitment: &CommitmentView) -> ReportNow {
        let since = self.about.position;
        let of = |stands: Option<Position>| match stands {
            None => ReportNow::Withdrawn,
            Some(position) if position > since => ReportNow::Changed,
            Some(_) => ReportNow::Unchanged,
        };
        match self.about.outcome {
            Some(Outcome::Reading(id)) => {
                let mut readings = commitment.measures.iter().flat_map(|it| &it.readings);
                let reading = readings.find(|it| it.id == id && it.withdrawn.is_none());
                of(reading.map(|it| it.stands_since().position))
            }
            Some(Outcome::Achievement(id)) => {
                let told = commitment.achievement(id);
                let told = told.filter(|it| it.withdrawn.is_none());
                of(told.map(|it| it.stands_since().position))
            }
            None => of(Some(commitment.last.position)),
        }
    }

    /// The same, as it is told to those it does not concern: as it stands by now, with what was answered, and without the views it came
    /// to before, of which not all may have been let out.
    #[must_use]
    pub fn as_released(mut self) -> Self {
        if let Some(judgement) = &mut self.judgement {
            judgement.changes.clear();
        }
        self.visibility.changes.clear();
        self
    }

    fn begin(about: &About, entry: &Entry) -> Self {
        Self {
            id: entry.recorded.stream.id.into(),
            ledger: entry.recorded.ledger,
            about: about.clone(),
            made_as: entry.recorded.role.clone(),
            judgement: None,
            challenge: None,
            made: entry.into(),
            withdrawn: None,
            visibility: Tracked::at_birth(),
            version: entry.recorded.stream_version,
        }
    }

    fn made(event: &AssessmentMade, entry: &Entry) -> Self {
        Self {
            judgement: Some(Tracked::new(event.judgement.clone())),
            ..Self::begin(&event.about, entry)
        }
    }

    fn challenged(event: &OutcomeChallenged, entry: &Entry) -> Self {
        Self {
            challenge: Some(ChallengeView {
                found: event.found,
                comment: event.comment.clone(),
                answers: Vec::new(),
            }),
            ..Self::begin(&event.about, entry)
        }
    }
}

/// The outcomes of a commitment that nobody has assessed as they stand, neither by themselves nor with the commitment as a whole: the
/// readings by which its measures stand, and its achievements. `made` is what was made of it.
pub fn unassessed(commitment: &CommitmentView, made: &[&AssessmentView]) -> Vec<Outcome> {
    let counting = commitment
        .measures
        .iter()
        .filter(|it| it.withdrawn.is_none());
    let readings = counting.filter_map(|it| it.latest_reading());
    let readings = readings.map(|it| (Outcome::Reading(it.id), it.stands_since().position));
    let told = commitment.achievements.iter();
    let told = told.filter(|it| it.withdrawn.is_none());
    let told = told.map(|it| (Outcome::Achievement(it.id), it.stands_since().position));
    let is_assessed = |outcome: Outcome, stands_since: Position| {
        made.iter().any(|it| {
            let covers = it.about.outcome.is_none_or(|about| about == outcome);
            let stands = it.judgement.is_some() && it.withdrawn.is_none();
            covers && stands && stands_since <= it.about.position
        })
    };
    readings
        .chain(told)
        .filter(|(outcome, since)| !is_assessed(*outcome, *since))
        .map(|(outcome, _)| outcome)
        .collect()
}

impl Fold for AssessmentView {
    fn key(entry: &Entry) -> Option<Uuid> {
        let stream = entry.recorded.stream;
        (stream.kind == StreamKind::Assessment).then_some(stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        match &entry.event {
            Event::Assessment(AssessmentEvent::Made(event)) => Some(Self::made(event, entry)),
            Event::Assessment(AssessmentEvent::Challenged(event)) => {
                Some(Self::challenged(event, entry))
            }
            _ => None,
        }
    }

    fn apply(&mut self, entry: &Entry) {
        let Event::Assessment(event) = &entry.event else {
            return;
        };
        match event {
            AssessmentEvent::Revised(e) => {
                if let Some(judgement) = &mut self.judgement {
                    judgement.change(e.to.clone(), Why::because(&e.reason), entry);
                }
            }
            AssessmentEvent::Answered(e) => {
                if let Some(challenge) = &mut self.challenge {
                    let (text, made) = (e.text.clone(), entry.into());
                    challenge.answers.push(AnswerView { text, made });
                }
            }
            AssessmentEvent::Withdrawn(e) => {
                self.withdrawn = Some(Ended::because(&e.reason, entry));
            }
            AssessmentEvent::VisibilityChanged(e) => {
                let why = Why::said(e.reason.as_ref(), None);
                self.visibility.change(e.to, why, entry);
            }
            // Made once; and a text that is redacted stays where it is, sealed.
            AssessmentEvent::Made(_)
            | AssessmentEvent::Challenged(_)
            | AssessmentEvent::TextRedacted(_) => {}
        }
        self.version = entry.recorded.stream_version;
    }
}

impl View for AssessmentView {
    const NAME: ViewName = ViewName::Assessment;
    const TABLE: Table = Table::Assessments;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            assessment_id: self.id,
            compact_id: self.about.compact_id,
            commitment_id: self.about.commitment_id,
            made_position: self.made.position,
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns {
    ledger_id: LedgerId,
    assessment_id: AssessmentId,
    compact_id: CompactId,
    commitment_id: CommitmentId,
    made_position: Position,
}
