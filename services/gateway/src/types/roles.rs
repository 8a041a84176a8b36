//! Who holds which role, and who asks.

use async_graphql::{Context, Enum, ID, Object};
use domain::Post;
use domain::ids::{AccountId, CompactId, OrganisationId};
use uuid::Uuid;
use views::RoleGrantView;

use super::draft::Draft;
use super::record::Origin;
use super::scalars::Date;
use super::words::Role;
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, node_of, reads};
use crate::services::Services;

connections! {
    /// Roles given in the region, in no order of meaning.
    RoleHeldConnection, RoleHeldEdge of RoleHeld;
}

/// Who sees the compact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Audience {
    /// Someone who represents a member in the compact.
    Member,
    /// The secretariat of another compact of the region.
    OtherCompact,
    /// The region's funder.
    Funder,
    /// Anybody, signed in or not.
    Public,
}

/// Someone who asks with an account.
pub struct Viewer(AccountId);

impl Viewer {
    /// Who asks; none for the public.
    pub fn of(reads: &Reads) -> Option<Self> {
        reads.sight().caller().account().map(Self)
    }
}

/// Whoever asks, with the roles on record.
#[Object]
impl Viewer {
    /// The account, by the id the record names it by.
    async fn account_id(&self) -> Uuid {
        self.0.uuid()
    }

    /// What the account is typing in a compact and has not recorded, the last saved first: at most fifty. Nothing to a program
    /// that came with a token.
    async fn drafts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact.")] compact_id: ID,
    ) -> async_graphql::Result<Vec<Draft>> {
        let ledger = node_of(NodeKind::Compact, "compactId", &compact_id)?.ledger;
        if reads(ctx).sight().caller().token().is_some() {
            return Ok(Vec::new());
        }
        let services = ctx.data_unchecked::<Services>();
        let drafts = services.drafts.list(self.0, ledger).await;
        let drafts = drafts.map_err(ApiError::internal)?.into_iter();
        Ok(drafts.map(|listed| Draft::new(self.0, listed)).collect())
    }

    /// Whether the account may invite others, and disable and reset their accounts.
    async fn manages_accounts(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(reads(ctx).manages_accounts().await?)
    }

    /// Every role the account was ever given, the newest first; which count today is said of each.
    async fn roles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<RoleHeld>> {
        let reads = reads(ctx);
        let given = reads.sight().given().await?;
        Ok(given.iter().cloned().map(RoleHeld).collect())
    }
}

/// A role in an account's hands.
#[derive(Clone)]
pub struct RoleHeld(RoleGrantView);

/// A role in an account's hands: over what, and on which days.
#[Object]
impl RoleHeld {
    /// The grant, to take the role away under.
    async fn grant_id(&self) -> Uuid {
        self.0.id.uuid()
    }

    /// Who holds it.
    async fn account_id(&self) -> Uuid {
        self.0.held.account_id.uuid()
    }

    /// Which role.
    async fn role(&self) -> Role {
        self.0.held.post.role().into()
    }

    /// The role with what it is held over, in words: "group lead of Learning and Development, North Compact".
    async fn words(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(self.said(&reads(ctx)).await?)
    }

    /// The compact it is held in; none for one of the whole region.
    async fn compact_id(&self) -> Option<ID> {
        let compact = self.0.held.post.compact()?;
        Some(node(NodeKind::Compact, compact, compact.uuid()).encode())
    }

    /// The group that is led.
    async fn group_id(&self) -> Option<ID> {
        let Post::GroupLead {
            compact_id,
            group_id,
        } = self.0.held.post
        else {
            return None;
        };
        Some(node(NodeKind::Group, compact_id, group_id.uuid()).encode())
    }

    /// The organisation that is spoken for.
    async fn organisation_id(&self) -> Option<ID> {
        let organisation = self.0.held.post.organisation()?;
        let kind = NodeKind::Organisation;
        Some(NodeId::new(kind, self.0.ledger, organisation.uuid()).encode())
    }

    /// The first day on which it is held.
    async fn from(&self) -> Date {
        Date(self.0.from)
    }

    /// The last day on which it is held, that day included; none has no end.
    async fn until(&self) -> Option<Date> {
        self.0.until.current.map(Date)
    }

    /// Whether it counts today.
    async fn current(&self, ctx: &Context<'_>) -> bool {
        self.0.is_held(reads(ctx).today())
    }

    /// Where in the region's record it was given.
    async fn given(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.given)
    }
}

fn node(kind: NodeKind, compact: CompactId, id: Uuid) -> NodeId {
    NodeId::new(kind, compact.ledger(), id)
}

impl RoleHeld {
    async fn said(&self, reads: &Reads) -> Result<String, ApiError> {
        let post = self.0.held.post;
        let role = post.role().words();
        let region = reads.region(self.0.region()).await?;
        let Some(compact) = post.compact() else {
            let region = region.map_or_else(String::new, |region| region.name.clone());
            return Ok(format!("{role} of {region}"));
        };
        let overview = reads.compact(compact.ledger()).await?;
        let compact = overview.map_or_else(String::new, |it| it.name.current.clone());
        let organisation = |id: OrganisationId| {
            let registered = region.as_ref()?.organisations.get(&id)?;
            Some(registered.name.current.clone())
        };
        let within = match &self.0.held.group {
            Some(group) => Some(group.name.clone()),
            None => post.organisation().and_then(organisation),
        };
        Ok(match within {
            Some(within) => format!("{role} of {within}, {compact}"),
            None => format!("{role} of {compact}"),
        })
    }
}

/// A page of the roles given in the region, or of those held in one compact.
pub(crate) async fn grants(
    reads: &Reads,
    compact: Option<&ID>,
    page: PageArguments,
) -> Result<RoleHeldConnection, ApiError> {
    let request = page.request(reads.limits())?;
    let compact = compact.map(|id| node_of(NodeKind::Compact, "compactId", id));
    let page = match compact.transpose()? {
        Some(node) => reads.grants_in(node.ledger, &request).await?,
        None => reads.grants(&request).await?,
    };
    let rows = Listed::from(page);
    Ok(rows.filter_map(|view| Some(RoleHeld(view))).into())
}
