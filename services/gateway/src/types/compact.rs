//! Compacts and their groups.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::Reach;
use domain::commitment::Status as DomainStatus;
use domain::ids::{GroupId, RegionId};
use views::{AdoptionFilter, CompactOverview};

use super::action::{self, ActionConnection};
use super::action_filter::ActionFilterInput;
use super::action_plan::ActionPlan;
use super::adoption::{self, AdoptionConnection};
use super::annual_report::{self, AnnualReport};
use super::changes::TextChange;
use super::commitment::Commitment;
use super::good_practice::{self, GoodPracticeConnection, GoodPracticeFilterInput};
use super::group::Group;
use super::history::Told;
use super::meeting::{self, Meeting, MeetingConnection};
use super::person::{self, PersonConnection};
use super::record::Origin;
use super::region::Region;
use super::reminder::{Reminder, ReminderConnection, ReminderState};
use super::scalars::{Date, Session};
use super::succession::Succession;
use super::suggestion::{self, SuggestionConnection};
use super::time::{AsOf, When};
use super::words::Status;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::query::{CommitmentFilterInput, session_of};
use crate::reads::{Reads, reads, uuid_in};

/// The partnership of one sub-region.
#[derive(Clone)]
pub struct Compact(Arc<CompactOverview>);

impl From<Arc<CompactOverview>> for Compact {
    fn from(view: Arc<CompactOverview>) -> Self {
        Self(view)
    }
}

connections! {
    /// Compacts, by name.
    CompactConnection, CompactEdge of Compact;
    /// Commitments of a compact, by session and ref.
    CommitmentConnection, CommitmentEdge of Commitment;
    /// Action plans of a compact or of one of its groups, by title.
    ActionPlanConnection, ActionPlanEdge of ActionPlan;
    /// Meetings from which something was recorded, by the day held.
    MeetingSeenConnection, MeetingSeenEdge of MeetingSeen;
}

/// A page of compacts, or of those of one region.
pub(crate) async fn compacts(
    reads: &Reads,
    region: Option<RegionId>,
    page: PageArguments,
) -> Result<CompactConnection, ApiError> {
    let request = page.request(reads.limits())?;
    let rows = Listed::from(reads.compacts(region, &request).await?);
    Ok(rows.filter_map(|view| Some(Compact(view))).into())
}

impl Compact {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Compact, self.0.ledger, self.0.id.uuid())
    }

    /// A page of its commitments.
    pub(crate) async fn commitments_page(
        &self,
        reads: &Reads,
        filter: CommitmentFilterInput,
        page: PageArguments,
    ) -> Result<CommitmentConnection, ApiError> {
        let ledger = self.0.ledger;
        let filter = filter.read(ledger)?;
        let request = page.request(reads.limits())?;
        let rows = reads.commitments(ledger, &filter, &request).await?;
        let rows = Listed::from(rows);
        Ok(rows.filter_map(|view| Some(Commitment::from(view))).into())
    }

    /// A page of its plans, or of those of one group.
    pub(crate) async fn plans_page(
        &self,
        reads: &Reads,
        group: Option<GroupId>,
        page: PageArguments,
    ) -> Result<ActionPlanConnection, ApiError> {
        let request = page.request(reads.limits())?;
        let rows = reads.action_plans(self.0.ledger, group, &request).await?;
        let rows = Listed::from(rows);
        Ok(rows.filter_map(|view| Some(ActionPlan::from(view))).into())
    }

    /// A page of its actions.
    pub(crate) async fn actions_page(
        &self,
        ctx: &Context<'_>,
        filter: ActionFilterInput,
        page: PageArguments,
    ) -> Result<ActionConnection, ApiError> {
        action::actions(ctx, self.0.ledger, filter, page).await
    }
}

/// A compact: the partnership of the public employers of one sub-region.
#[Object]
impl Compact {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// Its name in URLs.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name.current
    }

    /// Every change of its name, oldest first.
    async fn name_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.0.ledger, &self.0.name.changes, Clone::clone)
    }

    /// The ground it covers.
    async fn area(&self) -> &str {
        &self.0.area
    }

    /// The day it was launched.
    async fn launched_on(&self) -> Date {
        Date(self.0.launched_on)
    }

    /// The year a trial began, where there was one.
    async fn pilot_from_year(&self) -> Option<u16> {
        self.0.pilot_from_year
    }

    /// The region it belongs to.
    async fn region(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Region>> {
        let region = reads(ctx).region(self.0.region).await?;
        Ok(region.map(Region::from))
    }

    /// Its groups in the order formed; wound-up ones stay.
    async fn groups(&self) -> Vec<Group> {
        let groups = self.0.groups.iter();
        groups
            .filter_map(|group| Group::of(&self.0, group.id))
            .collect()
    }

    /// The compact that carries on, once there is one.
    async fn succession(&self) -> Option<Succession> {
        Succession::of(&self.0)
    }

    /// How many commitments each session has, by where they stand; sessions in order.
    async fn sessions(&self) -> Vec<SessionCount> {
        let counts = self.0.sessions_within(&Reach::EVERYTHING);
        let counts = counts.into_iter().map(|count| SessionCount {
            session: count.session.into(),
            by_status: count.by_status.into_iter().map(StatusCount::from).collect(),
        });
        counts.collect()
    }

    /// The meetings anything was recorded from, by the day held.
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<MeetingSeenConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let ledger = self.0.ledger;
        let all = self.0.meetings_within(&Reach::EVERYTHING);
        let all = all.into_iter().map(|seen| {
            let place = (seen.meeting.held_on, seen.meeting.id.uuid());
            let meeting = MeetingSeen {
                meeting: Meeting::new(ledger, seen.meeting),
                entries: seen.entries,
            };
            (place, meeting)
        });
        Ok(Listed::of_whole(all.collect(), &page, reads(ctx).limits())?.into())
    }

    /// Its meetings that were called or recorded, or those of one of its groups, by the day they were held or are to be held;
    /// those with no day yet come last.
    async fn calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group that meets.")] group_id: Option<ID>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<MeetingConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let ledger = self.0.ledger;
        let group = group_id.as_ref();
        let group = group.map(|id| uuid_in(ledger, NodeKind::Group, "groupId", id));
        let group = group.transpose()?.map(GroupId::new);
        Ok(meeting::meetings(&reads(ctx), ledger, group, page).await?)
    }

    /// What is overdue, due soon, stale or waiting in it, by the date that makes it due: for its secretariat, and for a group's
    /// lead what belongs to the group. Empty for everybody else.
    async fn reminders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that have come so far.")] state: Option<ReminderState>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ReminderConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let reads = reads(ctx);
        let request = page.request(reads.limits())?;
        let state = state.map(Into::into);
        let rows = reads.reminders(self.0.ledger, state, &request).await?;
        Ok(Listed::from(rows.map(Reminder)).into())
    }

    /// How many of its actions are open.
    async fn open_actions(&self) -> usize {
        self.0.open_actions_within(&Reach::EVERYTHING)
    }

    /// Its commitments, by session and ref.
    async fn commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which commitments.")] filter: Option<CommitmentFilterInput>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<CommitmentConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let filter = filter.unwrap_or_default();
        Ok(self.commitments_page(&reads(ctx), filter, page).await?)
    }

    /// Its yearly report: the priorities of a session in the order of their refs, each with its figures and what came of it, now or as
    /// it was. An earlier report is for those who read the compact's history; for others it is empty.
    async fn annual_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] session: Session,
        #[graphql(desc = "As it was then.")] as_of: Option<AsOf>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
    ) -> async_graphql::Result<AnnualReport> {
        let session = session_of(&session)?;
        let when = When { as_of, known_at };
        Ok(annual_report::of_session(&reads(ctx), self.0.ledger, session, when).await?)
    }

    /// Its action plans, by title.
    async fn action_plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ActionPlanConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(self.plans_page(&reads(ctx), None, page).await?)
    }

    /// Its actions, by due date; those without one last.
    async fn actions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which actions.")] filter: Option<ActionFilterInput>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ActionConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(self
            .actions_page(ctx, filter.unwrap_or_default(), page)
            .await?)
    }

    /// The people it has written down, in the order they were entered; those who were erased are left out.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those who work for this organisation.")] organisation_id: Option<ID>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<PersonConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let organisation = organisation_id.as_ref();
        Ok(person::people(&reads(ctx), self.0.ledger, organisation, page).await?)
    }

    /// Its good practice, by title.
    async fn good_practices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which good practice; of this compact in any case.")] filter: Option<
            GoodPracticeFilterInput,
        >,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<GoodPracticeConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let filter = GoodPracticeFilterInput {
            compact_id: Some(self.node().encode()),
            ..filter.unwrap_or_default()
        };
        let region = self.0.region.ledger();
        Ok(good_practice::practices(&reads(ctx), region, (filter, false), page).await?)
    }

    /// What it took up, itself or by an organisation of it, by day.
    async fn adoptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<AdoptionConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let filter = AdoptionFilter {
            by: Some(self.0.ledger),
            ..AdoptionFilter::default()
        };
        Ok(adoption::adoptions(&reads(ctx), self.0.ledger, (filter, false), page).await?)
    }

    /// For you: what others did about the commitments and objectives it has open, by theme and by words, with why each is
    /// suggested. What it took up already is left out.
    async fn suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<SuggestionConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(suggestion::suggestions(ctx, self.0.ledger, page).await?)
    }

    /// Where in the record it began.
    async fn established(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.established)
    }

    /// The last entry of its ledger.
    async fn last_changed(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.last_within(&Reach::EVERYTHING))
    }

    /// How often the compact itself changed: send it as `expectedVersion` to change only what you have
    /// seen.
    async fn version(&self) -> u64 {
        self.0.version
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Shown for Compact {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let nodes = [outcome.part.as_ref(), outcome.whole.as_ref()];
        let mut nodes = nodes.into_iter().flatten();
        match nodes.find(|node| node.kind == NodeKind::Compact) {
            Some(node) => Ok(reads(ctx).compact(node.ledger).await?.map(Self)),
            None => Ok(None),
        }
    }
}

/// How many commitments of a session stand where.
#[derive(SimpleObject)]
pub struct SessionCount {
    /// The session.
    session: Session,
    /// Every status that occurs, with how many commitments have it.
    by_status: Vec<StatusCount>,
}

/// How many commitments stand in one place.
#[derive(SimpleObject)]
pub struct StatusCount {
    /// Where they stand.
    status: Status,
    /// How many.
    count: usize,
}

impl From<(DomainStatus, usize)> for StatusCount {
    fn from((status, count): (DomainStatus, usize)) -> Self {
        let status = status.into();
        Self { status, count }
    }
}

/// A meeting from which something was recorded, and how much.
#[derive(Clone, SimpleObject)]
pub struct MeetingSeen {
    /// The meeting.
    meeting: Meeting,
    /// How many entries were recorded from it.
    entries: u64,
}
