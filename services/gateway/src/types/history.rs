//! Histories: everything recorded about something, in plain words.
//!
//! Nothing of it is stored: each entry is said in a sentence when it is asked for, with the names things
//! had at the time.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::ids::LedgerId;
use domain::stream::{StreamId, StreamKind};
use uuid::Uuid;
use views::{HistoryError, HistoryFilter, HistoryOf, SubjectKind};

use super::meeting::Meeting;
use super::scalars::{Date, Position};
use crate::error::ApiError;
use crate::node::{NodeId, NodeKey, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{node_of, reads};

connections! {
    /// What was recorded about something, oldest first.
    HistoryConnection, HistoryEdge of HistoryLine;
}

/// What of a history is told: everything where nothing is said.
#[derive(Clone, Debug, Default, InputObject)]
pub struct HistoryFilterInput {
    /// What concerns this: anything that has an id, in this ledger.
    pub about_id: Option<ID>,
    /// Recorded in this role, as lines of history name it, such as `secretariat`.
    pub role: Option<String>,
    /// True on this day or later.
    pub since: Option<Date>,
    /// True on this day or earlier.
    pub until: Option<Date>,
    /// Recorded at this moment or later, whenever it was true.
    pub recorded_from: Option<DateTime<Utc>>,
    /// Recorded before this moment, whenever it was true.
    pub recorded_until: Option<DateTime<Utc>>,
    /// Recorded from this meeting.
    pub meeting_id: Option<ID>,
    /// Of one of these types, such as `action_plan.action_dropped`; at most 100.
    pub types: Option<Vec<String>>,
    /// Whose sentence has all of these words, whatever their case.
    pub words: Option<String>,
}

/// How many types can be asked for at once.
const TYPES: usize = 100;

/// How many letters the words may have that are looked for.
const LETTERS: usize = 200;

impl HistoryFilterInput {
    /// The filter as the views take it.
    fn read(&self) -> Result<HistoryFilter, ApiError> {
        let kinds = self.types.clone().unwrap_or_default();
        let words = self.words.as_deref().unwrap_or_default().trim();
        let too_much = |message: &str| ApiError::BadInput {
            argument: "filter",
            message: message.to_owned(),
        };
        if kinds.len() > TYPES {
            return Err(too_much("name at most 100 types"));
        }
        if words.chars().count() > LETTERS {
            return Err(too_much("look for fewer words"));
        }
        let meeting = self.meeting_id.as_ref();
        let meeting = meeting.map(|id| node_of(NodeKind::Meeting, "meetingId", id));
        Ok(HistoryFilter {
            role: self.role.clone(),
            since: self.since.map(|day| day.0),
            until: self.until.map(|day| day.0),
            recorded_from: self.recorded_from,
            recorded_until: self.recorded_until,
            meeting: meeting.transpose()?.map(|node| node.uuid().into()),
            kinds,
            words: (!words.is_empty()).then(|| words.to_owned()),
        })
    }
}

/// A page of everything in a ledger, or of what of it concerns one thing.
pub(crate) async fn of_ledger(
    ctx: &Context<'_>,
    ledger: NodeId,
    filter: &HistoryFilterInput,
    page: PageArguments,
) -> Result<HistoryConnection, ApiError> {
    let reads = reads(ctx);
    let request = page.request(reads.limits())?;
    let about = filter.about_id.as_ref().map(|id| NodeId::decode(id));
    let about = about.transpose();
    let about = about.map_err(|error| ApiError::BadInput {
        argument: "aboutId",
        message: error.to_string(),
    })?;
    let about = about.filter(|node| *node != ledger);
    let (node, of) = match about {
        None => (ledger, HistoryOf::Ledger),
        Some(node) if node.ledger == ledger.ledger => {
            let of = asked(&node);
            (node, of)
        }
        // Of another ledger nothing stands in this one.
        Some(_) => (ledger, HistoryOf::Mentioned(Uuid::nil())),
    };
    let filter = filter.read()?;
    let lines = reads.history(&node, (&of, &filter), &request);
    Ok(Listed::from(lines.await?.map(HistoryLine)).into())
}

/// One thing that was recorded, in plain words.
#[derive(Clone)]
pub struct HistoryLine(views::HistoryLine);

impl From<views::HistoryLine> for HistoryLine {
    fn from(line: views::HistoryLine) -> Self {
        Self(line)
    }
}

/// One thing that was recorded, in plain words.
#[Object]
impl HistoryLine {
    /// What happened, in a sentence.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// What happened, such as `commitment.target_changed`.
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// What was changed: the id of the region, compact, commitment, action plan, person, meeting, good practice, adoption or
    /// assessment.
    async fn subject(&self) -> ID {
        let recorded = &self.0.recorded;
        whole_of(recorded.ledger, recorded.stream).encode()
    }

    /// The parts of it that this tells of, such as an objective and an action of an action plan: what has an id of its own.
    async fn parts(&self) -> Vec<ID> {
        let recorded = &self.0.recorded;
        let parts = self.0.subjects.iter().filter_map(|subject| {
            let kind = part_named(subject.kind)?;
            let (whole, part) = (recorded.stream.id, subject.id);
            Some(NodeId::part(kind, recorded.ledger, whole, part).encode())
        });
        parts.collect()
    }

    /// Its place in the ledger.
    async fn position(&self) -> Position {
        Position(self.0.recorded.position)
    }

    /// The date it was true.
    async fn occurred_on(&self) -> Date {
        Date(self.0.recorded.occurred_on)
    }

    /// The moment it was recorded.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.recorded.recorded_at
    }

    /// Who recorded it: an opaque reference, never a name.
    async fn actor(&self) -> &str {
        &self.0.recorded.actor
    }

    /// In which role.
    async fn role(&self) -> &str {
        &self.0.recorded.role
    }

    /// The meeting it came from, if it came from one.
    async fn meeting(&self) -> Option<Meeting> {
        let recorded = &self.0.recorded;
        Some(Meeting::new(recorded.ledger, recorded.meeting?))
    }

    /// The texts that were recorded with it and can be redacted.
    async fn texts(&self) -> Vec<RecordedText> {
        self.0.texts.iter().map(RecordedText::from).collect()
    }
}

/// What a part of the thing that was changed is to the schema; none for what is no part of anything.
const fn part_named(kind: SubjectKind) -> Option<NodeKind> {
    Some(match kind {
        SubjectKind::Measure => NodeKind::Measure,
        SubjectKind::Reading => NodeKind::Reading,
        SubjectKind::Achievement => NodeKind::Achievement,
        SubjectKind::Objective => NodeKind::Objective,
        SubjectKind::Action => NodeKind::Action,
        SubjectKind::Update => NodeKind::Update,
        SubjectKind::MeetingItem => NodeKind::MeetingItem,
        _ => return None,
    })
}

/// A text that was recorded, and can be redacted.
#[derive(SimpleObject)]
pub struct RecordedText {
    /// The text, to redact it by.
    text: Uuid,
    /// What it says, with the names of people it mentions; none when it was redacted.
    says: Option<String>,
    /// What was written: a mention of a person stands in it as `@{…}`, with the person's UUID between the braces.
    written: Option<String>,
    /// Whether it was redacted.
    redacted: bool,
}

impl From<&views::HistoryText> for RecordedText {
    fn from(text: &views::HistoryText) -> Self {
        Self {
            text: text.id.uuid(),
            says: text.says.clone(),
            written: text.written.clone(),
            redacted: text.redacted,
        }
    }
}

/// What everything that has an id can tell.
pub struct Told(NodeId);

impl Told {
    /// What there is to tell of `node`.
    pub(super) const fn of(node: NodeId) -> Self {
        Self(node)
    }
}

/// What everything that has an id can tell.
#[Object]
impl Told {
    /// Everything recorded about it in plain words, oldest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<HistoryConnection> {
        Ok(of(
            ctx,
            &self.0,
            PageArguments {
                first,
                after,
                last,
                before,
            },
        )
        .await?)
    }
}

/// What a stream is the history of.
pub(crate) fn whole_of(ledger: LedgerId, stream: StreamId) -> NodeId {
    let kind = match stream.kind {
        StreamKind::Region => NodeKind::Region,
        StreamKind::Compact => NodeKind::Compact,
        StreamKind::Person => NodeKind::Person,
        StreamKind::Commitment => NodeKind::Commitment,
        StreamKind::ActionPlan => NodeKind::ActionPlan,
        StreamKind::Meeting => NodeKind::Meeting,
        StreamKind::GoodPractice => NodeKind::GoodPractice,
        StreamKind::Adoption => NodeKind::Adoption,
        StreamKind::Assessment => NodeKind::Assessment,
    };
    NodeId::new(kind, ledger, stream.id)
}

/// The stream that tells of something.
pub(crate) fn stream_of(node: &NodeId) -> StreamId {
    let (whole, ledger) = (node.whole().uuid(), node.ledger.uuid());
    let (kind, id) = match node.kind {
        NodeKind::Region | NodeKind::Theme | NodeKind::Indicator | NodeKind::Organisation => {
            (StreamKind::Region, ledger)
        }
        NodeKind::Compact | NodeKind::Group => (StreamKind::Compact, ledger),
        NodeKind::Meeting | NodeKind::MeetingItem => (StreamKind::Meeting, whole),
        NodeKind::Commitment
        | NodeKind::Measure
        | NodeKind::Reading
        | NodeKind::Achievement
        | NodeKind::Evidence => (StreamKind::Commitment, whole),
        NodeKind::ActionPlan | NodeKind::Objective | NodeKind::Action | NodeKind::Update => {
            (StreamKind::ActionPlan, whole)
        }
        NodeKind::Person => (StreamKind::Person, whole),
        NodeKind::GoodPractice | NodeKind::PracticeQuestion => (StreamKind::GoodPractice, whole),
        NodeKind::Adoption => (StreamKind::Adoption, whole),
        NodeKind::Assessment => (StreamKind::Assessment, whole),
    };
    StreamId { kind, id }
}

/// Whose history a node's is: its own stream's, what a stream says of one part, or what all say of
/// something that several of them mention.
fn asked(node: &NodeId) -> HistoryOf {
    if let NodeKey::Code(code) = &node.key {
        return HistoryOf::Theme(code.clone());
    }
    let stream = stream_of(node);
    match node.kind {
        NodeKind::Region
        | NodeKind::Compact
        | NodeKind::Commitment
        | NodeKind::ActionPlan
        | NodeKind::Person
        | NodeKind::GoodPractice
        | NodeKind::Assessment
        | NodeKind::Adoption => HistoryOf::Stream(stream),
        NodeKind::Group | NodeKind::Organisation | NodeKind::Indicator => {
            HistoryOf::Mentioned(node.uuid())
        }
        NodeKind::Meeting => HistoryOf::Meeting(node.uuid().into()),
        _ => HistoryOf::Part {
            stream,
            part: node.uuid(),
        },
    }
}

/// A page of what its own stream tells of something.
pub(crate) async fn of_stream(
    ctx: &Context<'_>,
    node: &NodeId,
    page: PageArguments,
) -> Result<HistoryConnection, ApiError> {
    let reads = reads(ctx);
    let request = page.request(reads.limits())?;
    let of = HistoryOf::Stream(stream_of(node));
    let everything = HistoryFilter::default();
    let lines = reads.history(node, (&of, &everything), &request).await?;
    Ok(Listed::from(lines.map(HistoryLine)).into())
}

/// A page of the history of something.
pub(crate) async fn of(
    ctx: &Context<'_>,
    node: &NodeId,
    page: PageArguments,
) -> Result<HistoryConnection, ApiError> {
    let reads = reads(ctx);
    let request = page.request(reads.limits())?;
    let everything = HistoryFilter::default();
    let lines = reads
        .history(node, (&asked(node), &everything), &request)
        .await?;
    Ok(Listed::from(lines.map(HistoryLine)).into())
}

impl From<HistoryError> for ApiError {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::Views(error) => error.into(),
            HistoryError::Ledger(error) => Self::internal(error),
        }
    }
}
