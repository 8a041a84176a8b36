//! Drafts: what the person who asks is still typing, for nobody but them.

use accounts::DraftListed;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::AccountId;

use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::services::{DraftOf, Services};

/// The kinds of things a draft can be about, with the words they are kept under.
const KINDS: [(NodeKind, &str); 4] = [
    (NodeKind::Group, "group"),
    (NodeKind::Meeting, "meeting"),
    (NodeKind::ActionPlan, "action-plan"),
    (NodeKind::Commitment, "commitment"),
];

/// What a draft about this node is kept under; none where there are no drafts about such things.
pub(crate) fn kept_under(node: &NodeId) -> Option<DraftOf> {
    let (_, kind) = KINDS.iter().find(|(kind, _)| *kind == node.kind)?;
    Some(DraftOf {
        ledger: node.ledger,
        kind: (*kind).to_owned(),
        about: node.uuid(),
    })
}

fn node_of(of: &DraftOf) -> Option<NodeId> {
    let (kind, _) = KINDS.iter().find(|(_, kind)| *kind == of.kind)?;
    Some(NodeId::new(*kind, of.ledger, of.about))
}

/// Something being typed.
#[derive(Clone)]
pub struct Draft {
    account: AccountId,
    listed: DraftListed,
}

impl Draft {
    /// A draft of the account that asks.
    pub(crate) const fn new(account: AccountId, listed: DraftListed) -> Self {
        Self { account, listed }
    }
}

/// Something that is being typed and was not recorded: it is shown to whoever types it and to nobody else, and is no part of the
/// record. It is taken out a month after it was last saved.
#[Object]
impl Draft {
    /// The id of what it is about: a group, a meeting, an action plan or a commitment.
    async fn about_id(&self) -> Option<ID> {
        node_of(&self.listed.of).map(|node| node.encode())
    }

    /// How often it was saved: send it as `expectedVersion` to save over only what you have seen.
    async fn version(&self) -> u32 {
        self.listed.version
    }

    /// When it was last saved.
    async fn saved_at(&self) -> DateTime<Utc> {
        self.listed.saved_at
    }

    /// When it is taken out, unless it is saved again.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.listed.expires_at
    }

    /// What it says; none once it was discarded.
    async fn content(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let services = ctx.data_unchecked::<Services>();
        let draft = services.drafts.read(self.account, &self.listed.of).await;
        Ok(draft
            .map_err(ApiError::internal)?
            .map(|draft| draft.content))
    }
}
