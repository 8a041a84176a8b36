//! Every question there is.
#![expect(
    clippy::too_many_arguments,
    reason = "a field's arguments are the schema's: paging alone takes four of them"
)]

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use domain::ids::LedgerId;
use views::ProgressFilter;
use views::queries::CommitmentFilter;

use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::paging::PageArguments;
use crate::reads::{Reads, node_of, reads, uuid_in};
use crate::types::action::{self, ActionConnection};
use crate::types::action_filter::ActionFilterInput;
use crate::types::action_plan::ActionPlan;
use crate::types::adoption::Adoption;
use crate::types::commitment::Commitment;
use crate::types::compact::{
    self, ActionPlanConnection, CommitmentConnection, Compact, CompactConnection,
};
use crate::types::entry::{self, Entry, EntryConnection};
use crate::types::good_practice::GoodPractice;
use crate::types::history::{self, HistoryConnection, HistoryFilterInput};
use crate::types::meeting::Meeting;
use crate::types::node::{self, Node};
use crate::types::progress::{self, RegionalProgress};
use crate::types::region::{IndicatorConnection, OrganisationConnection, Region, ThemeConnection};
use crate::types::roles::{self, Audience, RoleHeldConnection, Viewer};
use crate::types::scalars::{Position, Session};
use crate::types::time::{AsOf, AtLeast, When, ledger_of};
use crate::types::words::{Category, Status};

/// Every question there is.
pub struct Query;

/// Which commitments; what is left out does not narrow the list.
#[derive(Default, InputObject)]
pub struct CommitmentFilterInput {
    /// Of this session.
    session: Option<Session>,
    /// That stand so.
    status: Option<Status>,
    /// With this theme, by its code.
    theme: Option<String>,
    /// Of this group.
    group_id: Option<ID>,
}

impl CommitmentFilterInput {
    /// The filter as the views take it.
    ///
    /// # Errors
    /// When the session is none, or the group is another compact's.
    pub fn read(self, ledger: LedgerId) -> Result<CommitmentFilter, ApiError> {
        let session = self
            .session
            .map(|session| session_of(&session))
            .transpose()?;
        let group = self.group_id;
        let group = group.map(|id| uuid_in(ledger, NodeKind::Group, "groupId", &id));
        Ok(CommitmentFilter {
            session,
            status: self.status.map(Into::into),
            theme: self.theme,
            group: group.transpose()?.map(Into::into),
        })
    }
}

/// Reads a session given as an argument.
pub(crate) fn session_of(session: &Session) -> Result<domain::session::Session, ApiError> {
    let read = session.0.parse();
    read.map_err(|error: domain::session::NotASession| ApiError::BadInput {
        argument: "session",
        message: error.to_string(),
    })
}

async fn at_least(reads: &Reads, at_least: Option<AtLeast>) -> Result<(), ApiError> {
    match at_least {
        Some(at_least) => at_least.wait(reads).await,
        None => Ok(()),
    }
}

/// The one region there is, or the first by its ledger.
async fn the_region(reads: &Reads) -> Result<Option<Region>, ApiError> {
    Ok(reads.the_region().await?.map(Region::from))
}

async fn compact_of(reads: &Reads, id: &ID) -> Result<Option<Compact>, ApiError> {
    let node = node_of(NodeKind::Compact, "compactId", id)?;
    Ok(reads.compact(node.ledger).await?.map(Compact::from))
}

fn unknown(argument: &'static str, kind: NodeKind) -> ApiError {
    ApiError::BadInput {
        argument,
        message: format!("there is no such {}", kind.noun()),
    }
}

/// Every question there is. Lists are Relay connections, walked forwards with `first` and `after` or
/// backwards with `last` and `before`; an id is opaque and names the same thing for ever. With `atLeast`
/// a question waits until what is shown has reached a change's position, so that people read what they
/// wrote.
#[Object]
impl Query {
    /// Whoever asks, with their roles; none for the public.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        Viewer::of(&reads(ctx))
    }

    /// What someone else would be answered, for whoever runs a compact to see what others see of it. Every question
    /// below is answered as it would be to them. None to whoever does not run the compact.
    async fn view_as(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact.")] compact_id: ID,
        #[graphql(desc = "Who looks.")] audience: Audience,
    ) -> async_graphql::Result<Option<Self>> {
        let reads = reads(ctx);
        let ledger = node_of(NodeKind::Compact, "compactId", &compact_id)?.ledger;
        let Some(other) = reads.other(ledger, audience).await? else {
            return Ok(None);
        };
        reads.look_through(ctx, &other);
        Ok(Some(Self))
    }

    /// Who was given which role in the region, or in one of its compacts; nothing to those who do not see that.
    async fn role_grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those held in this compact.")] compact_id: Option<ID>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<RoleHeldConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(roles::grants(&reads(ctx), compact_id.as_ref(), page).await?)
    }

    /// The region, with its register.
    async fn region(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<Region>> {
        self::at_least(&reads(ctx), at_least).await?;
        Ok(the_region(&reads(ctx)).await?)
    }

    /// The compacts, by name.
    async fn compacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<CompactConnection> {
        self::at_least(&reads(ctx), at_least).await?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(compact::compacts(&reads(ctx), None, page).await?)
    }

    /// One compact, by its id or its slug.
    async fn compact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Option<ID>,
        #[graphql(desc = "Its name in URLs.")] slug: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<Compact>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        Ok(match (id, slug) {
            (Some(id), None) => {
                let node = node_of(NodeKind::Compact, "id", &id)?;
                reads.compact(node.ledger).await?.map(Compact::from)
            }
            (None, Some(slug)) => {
                let compact = reads.compact_by_slug(&slug).await?;
                compact.map(Compact::from)
            }
            _ => {
                let message = "send either `id` or `slug`".to_owned();
                Err(ApiError::BadInput {
                    argument: "id",
                    message,
                })?
            }
        })
    }

    /// A compact's commitments, by session and ref.
    async fn commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact.")] compact_id: ID,
        #[graphql(desc = "Which commitments.")] filter: Option<CommitmentFilterInput>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<CommitmentConnection> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let compact = compact_of(&reads, &compact_id).await?;
        let compact = compact.ok_or_else(|| unknown("compactId", NodeKind::Compact))?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let filter = filter.unwrap_or_default();
        Ok(compact.commitments_page(&reads, filter, page).await?)
    }

    /// One commitment, now or as it was.
    async fn commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
        #[graphql(desc = "As it was then.")] as_of: Option<AsOf>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<Commitment>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let node = node_of(NodeKind::Commitment, "id", &id)?;
        let when = When { as_of, known_at };
        let view = reads.commitment_then(&node, when).await?;
        Ok(view.map(Commitment::from))
    }

    /// A compact's action plans, by title.
    async fn action_plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact.")] compact_id: ID,
        #[graphql(desc = "Only this group's.")] group_id: Option<ID>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<ActionPlanConnection> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let ledger = node_of(NodeKind::Compact, "compactId", &compact_id)?.ledger;
        let group = group_id.map(|id| uuid_in(ledger, NodeKind::Group, "groupId", &id));
        let group = group.transpose()?.map(Into::into);
        let compact = compact_of(&reads, &compact_id).await?;
        let compact = compact.ok_or_else(|| unknown("compactId", NodeKind::Compact))?;
        Ok(compact
            .plans_page(
                &reads,
                group,
                PageArguments {
                    first,
                    after,
                    last,
                    before,
                },
            )
            .await?)
    }

    /// One action plan, now or as it was.
    async fn action_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
        #[graphql(desc = "As it was then.")] as_of: Option<AsOf>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<ActionPlan>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let node = node_of(NodeKind::ActionPlan, "id", &id)?;
        let when = When { as_of, known_at };
        let view = reads.plan_then(&node, when).await?;
        Ok(view.map(ActionPlan::from))
    }

    /// One meeting that has a record of its own, now or as it was. What it led to in plans and commitments is shown as that is
    /// now.
    async fn meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
        #[graphql(desc = "As it was then.")] as_of: Option<AsOf>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<Meeting>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let node = node_of(NodeKind::Meeting, "id", &id)?;
        let when = When { as_of, known_at };
        let view = reads.meeting_then(&node, when).await?;
        Ok(view.map(Meeting::of))
    }

    /// One piece of good practice, now or as it was.
    async fn good_practice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
        #[graphql(desc = "As it was then.")] as_of: Option<AsOf>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<GoodPractice>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let node = node_of(NodeKind::GoodPractice, "id", &id)?;
        let when = When { as_of, known_at };
        let view = reads.practice_then(&node, when).await?;
        Ok(view.map(GoodPractice::from))
    }

    /// One adoption, now or as it was.
    async fn adoption(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
        #[graphql(desc = "As it was then.")] as_of: Option<AsOf>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<Adoption>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let node = node_of(NodeKind::Adoption, "id", &id)?;
        let when = When { as_of, known_at };
        let view = reads.adoption_then(&node, when).await?;
        Ok(view.map(Adoption::from))
    }

    /// A compact's actions, by due date; those without one last.
    async fn actions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact.")] compact_id: ID,
        #[graphql(desc = "Which actions.")] filter: Option<ActionFilterInput>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<ActionConnection> {
        self::at_least(&reads(ctx), at_least).await?;
        let ledger = node_of(NodeKind::Compact, "compactId", &compact_id)?.ledger;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(action::actions(ctx, ledger, filter.unwrap_or_default(), page).await?)
    }

    /// Progress across the region's compacts, by session, theme and compact; added up only where that is
    /// honest.
    async fn progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this session.")] session: Option<Session>,
        #[graphql(desc = "Only this theme, by its code.")] theme: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<RegionalProgress>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let session = session.map(|session| session_of(&session)).transpose()?;
        Ok(progress::of_region(&reads, ProgressFilter { session, theme }).await?)
    }

    /// The organisations in the region's register, by name.
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this category.")] category: Option<Category>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<OrganisationConnection>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let region = the_region(&reads).await?;
        let listed = region.map(|region| region.organisations(&reads, category, &page));
        Ok(listed.transpose()?)
    }

    /// The themes in the region's register, by code.
    async fn themes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<ThemeConnection>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let region = the_region(&reads).await?;
        let listed = region.map(|region| region.themes(&reads, &page));
        Ok(listed.transpose()?)
    }

    /// The indicators in the region's register, by what they count.
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<Option<IndicatorConnection>> {
        let reads = reads(ctx);
        self::at_least(&reads, at_least).await?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let region = the_region(&reads).await?;
        let listed = region.map(|region| region.indicators(&reads, &page));
        Ok(listed.transpose()?)
    }

    /// Everything recorded about something, in plain words, oldest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of what to tell the history of.")] of: ID,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Wait until what is shown has reached this position.")] at_least: Option<
            AtLeast,
        >,
    ) -> async_graphql::Result<HistoryConnection> {
        self::at_least(&reads(ctx), at_least).await?;
        let node = NodeId::decode(&of).map_err(|error| ApiError::BadInput {
            argument: "of",
            message: error.to_string(),
        })?;
        Ok(history::of(
            ctx,
            &node,
            PageArguments {
                first,
                after,
                last,
                before,
            },
        )
        .await?)
    }

    /// Everything recorded in a ledger in plain words, oldest first, for those who read its history: all of it, or what the filter takes.
    async fn ledger_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact, or the region, whose ledger to read.")] ledger: ID,
        #[graphql(desc = "Only what it takes.")] filter: Option<HistoryFilterInput>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<HistoryConnection> {
        ledger_of("ledger", &ledger)?;
        let node = NodeId::decode(&ledger).map_err(|error| ApiError::BadInput {
            argument: "ledger",
            message: error.to_string(),
        })?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(history::of_ledger(ctx, node, &filter.unwrap_or_default(), page).await?)
    }

    /// One entry of a ledger as it was recorded; none where there is none, or the ledger is not yours to follow.
    async fn entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact, or the region, whose ledger to read.")] ledger: ID,
        #[graphql(desc = "The place in it.")] position: Position,
    ) -> async_graphql::Result<Option<Entry>> {
        let ledger = ledger_of("ledger", &ledger)?;
        Ok(entry::entry(&reads(ctx), ledger, position).await?)
    }

    /// A ledger's entries as they were recorded, by position.
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact, or the region, whose ledger to read.")] ledger: ID,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<EntryConnection> {
        let ledger = ledger_of("ledger", &ledger)?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(entry::entries(&reads(ctx), ledger, page).await?)
    }

    /// Whatever this id names; none when it is not there.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id.")] id: ID,
    ) -> async_graphql::Result<Option<Node>> {
        match NodeId::decode(&id) {
            Ok(id) => Ok(node::find(ctx, &id).await?),
            Err(_) => Ok(None),
        }
    }

    /// Whatever these ids name, in their order; none for each that is not there. At most 100 at once.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        let limit = reads(ctx).limits().ids;
        if ids.len() > limit {
            let message = format!("name at most {limit} ids at once");
            Err(ApiError::BadInput {
                argument: "ids",
                message,
            })?;
        }
        let ids: Vec<_> = ids.iter().map(|id| NodeId::decode(id).ok()).collect();
        Ok(node::find_all(ctx, &ids).await?)
    }
}
