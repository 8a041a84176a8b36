//! Meetings, their agendas and minutes, and what they led to.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::MeetingRef;
use domain::ids::{GroupId, LedgerId, MeetingId, MeetingItemId};
use domain::meeting::Minutes;
use uuid::Uuid;
use views::meeting::{MeetingItemView, NoteView, PaperView};
use views::{MeetingView, Stamp};

use super::action::Action;
use super::action_plan::Update;
use super::changes::{
    ArrangementChange, AttendanceChange, HeldAtChange, ItemWordsChange, OrganisationMention,
};
use super::commitment::Commitment;
use super::file::Document;
use super::group::Group;
use super::history::{self, HistoryConnection, Told};
use super::paper::{self, MeetingPaper};
use super::record::{Ending, Origin};
use super::region::Organisation;
use super::said::Said;
use super::scalars::Date;
use super::words::{Attending, MinutesState, Visibility};
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, reads};

connections! {
    /// Meetings of a compact or of one of its groups, by day; those with no day yet come last.
    MeetingConnection, MeetingEdge of Meeting;
}

/// A page of a compact's meetings, or of those of one group.
pub(crate) async fn meetings(
    reads: &Reads,
    ledger: LedgerId,
    group: Option<GroupId>,
    page: PageArguments,
) -> Result<MeetingConnection, ApiError> {
    let request = page.request(reads.limits())?;
    let rows = Listed::from(reads.meetings(ledger, group, &request).await?);
    Ok(rows.filter_map(|view| Some(Meeting::of(view))).into())
}

/// A meeting of a group.
#[derive(Clone)]
pub struct Meeting {
    ledger: LedgerId,
    id: MeetingId,
    /// As entries that were recorded from it name it.
    seen: Option<MeetingRef>,
    /// Its own record, where that is at hand.
    view: Option<Arc<MeetingView>>,
}

impl Meeting {
    /// A meeting as entries of this ledger name it.
    pub const fn new(ledger: LedgerId, meeting: MeetingRef) -> Self {
        Self {
            ledger,
            id: meeting.id,
            seen: Some(meeting),
            view: None,
        }
    }

    /// A meeting with a record of its own.
    pub fn of(view: Arc<MeetingView>) -> Self {
        Self {
            ledger: view.ledger,
            id: view.id,
            seen: None,
            view: Some(view),
        }
    }

    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Meeting, self.ledger, self.id.uuid())
    }

    /// Its own record, if it has one and it is seen.
    async fn view(&self, ctx: &Context<'_>) -> Result<Option<Arc<MeetingView>>, ApiError> {
        match &self.view {
            Some(view) => Ok(Some(Arc::clone(view))),
            None => reads(ctx).meeting(&self.node()).await,
        }
    }
}

/// A meeting of a group: called, held, minuted. Of a meeting from which something was recorded and that has no record of its own,
/// or none that you may read, only the day and the group are told.
#[Object]
impl Meeting {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// Everything that was recorded from it, in whatever it was recorded.
    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// Everything recorded of the meeting itself, oldest first: that it was called, held, minuted, circulated, agreed.
    async fn record(
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
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(history::of_stream(ctx, &self.node(), page).await?)
    }

    /// The group that meets.
    async fn group(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Group>> {
        let group = match self.seen {
            Some(seen) => Some(seen.group),
            None => self.view(ctx).await?.map(|view| view.group.id),
        };
        let compact = reads(ctx).compact(self.ledger).await?;
        Ok(compact.and_then(|compact| Group::of(&compact, group?)))
    }

    /// The day it was held; none while it has not been.
    async fn held_on(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Date>> {
        if let Some(seen) = self.seen {
            return Ok(Some(Date(seen.held_on)));
        }
        let view = self.view(ctx).await?;
        Ok(view.and_then(|view| Some(Date(view.held.as_ref()?.made.on))))
    }

    /// When it began, as HH:MM.
    async fn time(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let view = self.view(ctx).await?;
        Ok(view.and_then(|view| view.held.as_ref()?.time.clone()))
    }

    /// Where it was held.
    async fn venue(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let view = self.view(ctx).await?;
        Ok(view.and_then(|view| view.held.as_ref()?.venue.clone()))
    }

    /// Every time it was put right when it began and where it was held, oldest first.
    async fn corrections(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<HeldAtChange>> {
        let view = self.view(ctx).await?;
        let held = view.as_ref().and_then(|view| view.held.as_ref());
        let changes = held.map(|held| held.corrections.as_slice());
        Ok(HeldAtChange::all(
            self.ledger,
            changes.unwrap_or_default(),
            |at| at.into(),
        ))
    }

    /// When and where it was to be, as it was last settled; nothing of a meeting that nobody called.
    async fn arrangement(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Arrangement>> {
        let view = self.view(ctx).await?;
        Ok(view.map(|view| Arrangement::from(&view.arrangement.current)))
    }

    /// Every change of when and where it was to be, oldest first.
    async fn arrangement_changes(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Vec<ArrangementChange>> {
        let view = self.view(ctx).await?;
        let changes = view
            .as_ref()
            .map(|view| view.arrangement.changes.as_slice());
        Ok(ArrangementChange::all(
            self.ledger,
            changes.unwrap_or_default(),
            |arrangement| arrangement.into(),
        ))
    }

    /// That it was called off, and why.
    async fn cancelled(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Ending>> {
        let view = self.view(ctx).await?;
        Ok(view.and_then(|view| Some(Ending::new(self.ledger, view.cancelled.as_ref()?))))
    }

    /// What is to be spoken of, in order.
    async fn agenda(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<AgendaItem>> {
        let view = self.view(ctx).await?;
        let items = view.iter().flat_map(|view| &view.agenda);
        let node = self.node();
        Ok(items.map(|item| AgendaItem::new(&node, item)).collect())
    }

    /// Who came; none where nobody took it down.
    async fn attendance(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<Attendance>>> {
        let Some(view) = self.view(ctx).await? else {
            return Ok(None);
        };
        let taken = view.attendance.current.as_deref();
        Ok(taken.map(|taken| Attendance::all(self.ledger, taken)))
    }

    /// Every time who came was taken down or put right, oldest first.
    async fn attendance_changes(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Vec<AttendanceChange>> {
        let view = self.view(ctx).await?;
        let changes = view.as_ref().map(|view| view.attendance.changes.as_slice());
        let ledger = self.ledger;
        Ok(AttendanceChange::all(
            ledger,
            changes.unwrap_or_default(),
            |taken| {
                let taken = taken.as_deref();
                taken.map(|taken| Attendance::all(ledger, taken))
            },
        ))
    }

    /// The minutes, in order.
    async fn items(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<MeetingItem>> {
        let Some(view) = self.view(ctx).await? else {
            return Ok(Vec::new());
        };
        Ok(MeetingItem::all(&view))
    }

    /// The paper for it: matters arising, what was put off, minutes to agree, what changed since the last meeting, what is
    /// overdue. As it was before it began, where it was held; none where it has no record of its own.
    async fn paper(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
    ) -> async_graphql::Result<Option<MeetingPaper>> {
        match self.view(ctx).await? {
            Some(view) => Ok(paper::of_meeting(ctx, &view, known_at).await?),
            None => Ok(None),
        }
    }

    /// What was noted since the meeting, of no item of it.
    async fn notes_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<NoteSince>> {
        let view = self.view(ctx).await?;
        let notes = view.iter().flat_map(|view| &view.notes);
        Ok(notes
            .map(|note| NoteSince::new(self.ledger, note))
            .collect())
    }

    /// Its papers, in the order they were added. Those that were taken back are there for who reads its history.
    async fn papers(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Paper>> {
        let view = self.view(ctx).await?;
        let papers = view.iter().flat_map(|view| &view.papers);
        Ok(papers.map(|paper| Paper::new(self.ledger, paper)).collect())
    }

    /// How far the minutes have come; none before there are any.
    async fn minutes(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<MinutesState>> {
        let view = self.view(ctx).await?;
        Ok(view.and_then(|view| Some(view.minutes.current?.into())))
    }

    /// Where it is recorded that the minutes were circulated.
    async fn circulated(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Origin>> {
        Ok(self.minutes_became(ctx, Minutes::Circulated).await?)
    }

    /// Where it is recorded that the minutes were agreed as a true record, and at which meeting.
    async fn agreed(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Origin>> {
        Ok(self.minutes_became(ctx, Minutes::Agreed).await?)
    }

    /// How far it is let out, with its minutes; none where it has no record of its own.
    async fn visibility(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Visibility>> {
        let view = self.view(ctx).await?;
        Ok(view.map(|view| view.visibility.current.into()))
    }

    /// How often its own record changed: send it as `expectedVersion` to change only what you have seen.
    async fn version(&self, ctx: &Context<'_>) -> async_graphql::Result<u64> {
        let view = self.view(ctx).await?;
        Ok(view.map_or(0, |view| view.version))
    }
}

impl Meeting {
    async fn minutes_became(
        &self,
        ctx: &Context<'_>,
        state: Minutes,
    ) -> Result<Option<Origin>, ApiError> {
        let Some(view) = self.view(ctx).await? else {
            return Ok(None);
        };
        let mut changes = view.minutes.changes.iter();
        let became = changes.find(|change| change.to == Some(state));
        Ok(became.map(|change| Origin::new(self.ledger, change.made)))
    }
}

impl Shown for Meeting {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        match &outcome.whole {
            Some(node) => Ok(reads(ctx).meeting(node).await?.map(Self::of)),
            None => Ok(None),
        }
    }
}

/// When and where a meeting is to be.
#[derive(Clone, SimpleObject)]
pub struct Arrangement {
    /// The day; none while it is not fixed.
    on: Option<Date>,
    /// The time, as HH:MM.
    time: Option<String>,
    /// When, in the words as agreed.
    words: Option<String>,
    /// The place.
    venue: Option<String>,
}

impl From<&domain::meeting::Arrangement> for Arrangement {
    fn from(arrangement: &domain::meeting::Arrangement) -> Self {
        Self {
            on: arrangement.on.map(Date),
            time: arrangement.time.clone(),
            words: arrangement.words.clone(),
            venue: arrangement.venue.clone(),
        }
    }
}

/// When a meeting began, and where it was held.
#[derive(Clone, SimpleObject)]
pub struct HeldAt {
    /// When it began, as HH:MM.
    time: Option<String>,
    /// Where it was held.
    venue: Option<String>,
}

impl From<&domain::meeting::HeldAt> for HeldAt {
    fn from(at: &domain::meeting::HeldAt) -> Self {
        Self {
            time: at.time.clone(),
            venue: at.venue.clone(),
        }
    }
}

/// Something that is to be spoken of at a meeting.
#[derive(SimpleObject)]
pub struct AgendaItem {
    /// The id that the item's minutes will bear: send it with them as `itemId`.
    item_id: ID,
    /// Its heading.
    title: String,
    /// What is to be known beforehand.
    note: Option<Said>,
}

impl AgendaItem {
    fn new(meeting: &NodeId, item: &domain::meeting::AgendaItem) -> Self {
        Self {
            item_id: item_node(meeting.ledger, meeting.uuid(), item.item_id).encode(),
            title: item.title.clone(),
            note: Said::maybe(meeting.ledger, item.note.as_ref()),
        }
    }
}

/// Somebody who came to a meeting, sent a deputy, or sent apologies.
pub struct Attendance {
    ledger: LedgerId,
    one: domain::meeting::Attendance,
}

impl Attendance {
    /// Everybody who came to a meeting of this ledger.
    fn all(ledger: LedgerId, taken: &[domain::meeting::Attendance]) -> Vec<Self> {
        let each = taken.iter().cloned();
        each.map(|one| Self { ledger, one }).collect()
    }
}

/// Somebody who came to a meeting, sent a deputy, or sent apologies.
#[Object]
impl Attendance {
    /// The organisation; none of somebody who came for none.
    async fn organisation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Organisation>> {
        let Some(fact) = &self.one.organisation else {
            return Ok(None);
        };
        let region = reads(ctx).region_of(self.ledger).await?;
        Ok(region.and_then(|region| Organisation::of(&region, fact.id)))
    }

    /// The organisation as it was called then.
    async fn organisation_then(&self) -> Option<OrganisationMention> {
        self.one.organisation.as_ref().map(Into::into)
    }

    /// Who, as the minutes name them, to those who are told of the compact's people.
    async fn who(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Said>> {
        let told = reads(ctx).are_told_of_people(self.ledger).await?;
        let who = self.one.who.as_ref().filter(|_| told);
        Ok(Said::maybe(self.ledger, who))
    }

    /// How.
    async fn attending(&self) -> Attending {
        self.one.attending.into()
    }
}

/// What an item of the minutes says.
#[derive(Clone, SimpleObject)]
pub struct ItemWords {
    /// Its heading.
    title: String,
    /// What was said.
    discussion: Option<Said>,
    /// What was decided.
    decision: Option<Said>,
}

impl ItemWords {
    /// The words of an item of this ledger.
    fn of(ledger: LedgerId, words: &domain::meeting::ItemWords) -> Self {
        Self {
            title: words.title.clone(),
            discussion: Said::maybe(ledger, words.discussion.as_ref()),
            decision: Said::maybe(ledger, words.decision.as_ref()),
        }
    }
}

/// A note of what happened since a meeting: beside the minutes, and never words in them.
#[derive(SimpleObject)]
pub struct NoteSince {
    /// The note.
    text: Said,
    /// Where in the record it comes from.
    made: Origin,
}

impl NoteSince {
    fn new(ledger: LedgerId, note: &NoteView) -> Self {
        Self {
            text: Said::new(ledger, &note.text),
            made: Origin::new(ledger, note.made),
        }
    }
}

/// A paper of a meeting.
#[derive(SimpleObject)]
pub struct Paper {
    /// Which, within the meeting: send it to `withdrawMeetingPaper` as `paper`.
    #[graphql(name = "paper")]
    number: Uuid,
    /// What it is called.
    title: String,
    /// The file, or where it is.
    document: Document,
    /// Where it is recorded that it was added.
    added: Origin,
    /// That it was taken back, and why.
    withdrawn: Option<Ending>,
}

impl Paper {
    fn new(ledger: LedgerId, paper: &PaperView) -> Self {
        let withdrawn = paper.withdrawn.as_ref();
        Self {
            number: paper.id.uuid(),
            title: paper.title.clone(),
            document: Document::of(ledger, &paper.document),
            added: Origin::new(ledger, paper.added),
            withdrawn: withdrawn.map(|ended| Ending::new(ledger, ended)),
        }
    }
}

/// An action raised under an item of the minutes.
#[derive(SimpleObject)]
pub struct RaisedAction {
    /// The minutes' own label, such as ii.
    #[graphql(name = "ref")]
    label: Option<String>,
    /// The action as it is now.
    action: Action,
}

/// An item of a meeting's minutes.
#[derive(Clone)]
pub struct MeetingItem {
    meeting: Arc<MeetingView>,
    item: MeetingItemView,
}

impl MeetingItem {
    fn all(meeting: &Arc<MeetingView>) -> Vec<Self> {
        let items = meeting.items.iter().map(|item| Self {
            meeting: Arc::clone(meeting),
            item: item.clone(),
        });
        items.collect()
    }

    /// The item with this id.
    pub fn of(meeting: &Arc<MeetingView>, id: MeetingItemId) -> Option<Self> {
        let item = meeting.item(id)?.clone();
        let meeting = Arc::clone(meeting);
        Some(Self { meeting, item })
    }

    fn node(&self) -> NodeId {
        item_node(self.meeting.ledger, self.meeting.id.uuid(), self.item.id)
    }

    fn beside(&self, kind: NodeKind, id: Uuid) -> NodeId {
        NodeId::new(kind, self.meeting.ledger, id)
    }
}

/// An item of a meeting's minutes, with what it led to.
#[Object]
impl MeetingItem {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The meeting.
    async fn meeting(&self) -> Meeting {
        Meeting::of(Arc::clone(&self.meeting))
    }

    /// Its heading.
    async fn title(&self) -> &str {
        &self.item.words.current.title
    }

    /// What was said.
    async fn discussion(&self) -> Option<Said> {
        let discussion = self.item.words.current.discussion.as_ref();
        Said::maybe(self.meeting.ledger, discussion)
    }

    /// What was decided.
    async fn decision(&self) -> Option<Said> {
        let decision = self.item.words.current.decision.as_ref();
        Said::maybe(self.meeting.ledger, decision)
    }

    /// Every correction of its words, oldest first.
    async fn corrections(&self) -> Vec<ItemWordsChange> {
        let changes = &self.item.words.changes;
        let ledger = self.meeting.ledger;
        ItemWordsChange::all(ledger, changes, |words| ItemWords::of(ledger, words))
    }

    /// Whether it was put off to the next meeting.
    async fn carried_over(&self) -> bool {
        self.item.carried_over
    }

    /// What was noted of it since.
    async fn notes_since(&self) -> Vec<NoteSince> {
        let notes = self.item.notes.iter();
        notes
            .map(|note| NoteSince::new(self.meeting.ledger, note))
            .collect()
    }

    /// The actions raised under it, as they are now.
    async fn actions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<RaisedAction>> {
        let raised = &self.item.actions;
        let plans: Vec<Uuid> = raised.iter().map(|it| it.action_plan_id.uuid()).collect();
        let plans = reads(ctx).plans(self.meeting.ledger, plans).await?;
        let actions = raised.iter().filter_map(|raised| {
            let plan = plans.get(&raised.action_plan_id.uuid())?;
            Some(RaisedAction {
                label: raised.label.clone(),
                action: Action::of(plan, raised.action_id)?,
            })
        });
        Ok(actions.collect())
    }

    /// The updates given under it.
    async fn updates(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Update>> {
        let said = &self.item.updates;
        let plans: Vec<Uuid> = said.iter().map(|it| it.action_plan_id.uuid()).collect();
        let plans = reads(ctx).plans(self.meeting.ledger, plans).await?;
        let updates = said
            .iter()
            .filter_map(|said| Update::of(plans.get(&said.action_plan_id.uuid())?, said.update_id));
        Ok(updates.collect())
    }

    /// The commitments whose status was moved under it, as they are now.
    async fn commitments(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Commitment>> {
        let mut commitments = Vec::new();
        for fact in &self.item.commitments {
            let node = self.beside(NodeKind::Commitment, fact.id.uuid());
            commitments.extend(reads(ctx).commitment(&node).await?.map(Commitment::from));
        }
        Ok(commitments)
    }
}

impl Shown for MeetingItem {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let meeting = reads(ctx).meeting(&node.whole()).await?;
        Ok(meeting.and_then(|meeting| Self::of(&meeting, node.uuid().into())))
    }
}

/// The item of minutes that names what came from there in the record, if it came from a meeting whose minutes are seen.
pub(super) async fn item_naming(
    ctx: &Context<'_>,
    ledger: LedgerId,
    made: &Stamp,
    names: impl Fn(&MeetingItemView) -> bool,
) -> Result<Option<MeetingItem>, ApiError> {
    let Some(at) = made.meeting else {
        return Ok(None);
    };
    let node = NodeId::new(NodeKind::Meeting, ledger, at.id.uuid());
    let Some(meeting) = reads(ctx).meeting(&node).await? else {
        return Ok(None);
    };
    let item = meeting.items.iter().find(|item| names(item));
    Ok(item.and_then(|item| MeetingItem::of(&meeting, item.id)))
}

fn item_node(ledger: LedgerId, meeting: Uuid, item: MeetingItemId) -> NodeId {
    NodeId::part(NodeKind::MeetingItem, ledger, meeting, item.uuid())
}
