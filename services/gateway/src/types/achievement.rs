//! Achievements: what came of a commitment, told in words.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::commitment::Outcome as OutcomeId;
use domain::ids::AchievementId;
use views::CommitmentView;
use views::commitment::{AchievementView, rests_on_something};

use super::assessment::Judged;
use super::changes::{AchievementChange, AchievementTerms};
use super::commitment::Commitment;
use super::evidence::Evidence;
use super::history::Told;
use super::record::{Ending, Origin};
use super::said::Said;
use super::scalars::Date;
use super::words::Standing;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::connections;
use crate::reads::reads;

connections! {
    /// What came of a commitment in words, in the order recorded.
    AchievementConnection, AchievementEdge of Achievement;
}

/// What came of a commitment, told in words.
#[derive(Clone)]
pub struct Achievement {
    commitment: Arc<CommitmentView>,
    view: AchievementView,
}

impl Achievement {
    fn node(&self) -> NodeId {
        let CommitmentView { ledger, id, .. } = &*self.commitment;
        NodeId::part(
            NodeKind::Achievement,
            *ledger,
            id.uuid(),
            self.view.id.uuid(),
        )
    }

    pub(super) fn new(commitment: &Arc<CommitmentView>, view: &AchievementView) -> Self {
        Self {
            commitment: Arc::clone(commitment),
            view: view.clone(),
        }
    }

    /// The achievement with this id.
    pub fn of(commitment: &Arc<CommitmentView>, id: AchievementId) -> Option<Self> {
        let view = commitment.achievement(id)?;
        Some(Self::new(commitment, view))
    }
}

/// What came of a commitment, told in words: the compact's own report.
#[Object]
impl Achievement {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The commitment it tells of.
    async fn commitment(&self) -> Commitment {
        Commitment::from(Arc::clone(&self.commitment))
    }

    /// The day it was reported.
    async fn reported_on(&self) -> Date {
        Date(self.view.reported_on)
    }

    /// How the report puts it.
    async fn standing(&self) -> Standing {
        self.view.standing.into()
    }

    /// The words.
    async fn text(&self) -> Said {
        Said::new(self.commitment.ledger, &self.view.text)
    }

    /// Every correction, oldest first.
    async fn corrections(&self) -> Vec<AchievementChange> {
        let ledger = self.commitment.ledger;
        AchievementChange::all(ledger, &self.view.corrections, |terms| {
            AchievementTerms::of(ledger, terms)
        })
    }

    /// What it rests on, in the order attached; what was taken back stays. Nothing in it, or nothing that was not taken back:
    /// no evidence.
    async fn evidence(&self) -> Vec<Evidence> {
        let outcome = OutcomeId::Achievement(self.view.id);
        Evidence::all(&self.commitment, outcome, &self.view.evidence)
    }

    /// Whether anything stands behind it that was not taken back.
    async fn has_evidence(&self) -> bool {
        rests_on_something(&self.view.evidence)
    }

    #[graphql(flatten)]
    async fn judged(&self) -> Judged {
        let outcome = OutcomeId::Achievement(self.view.id);
        Judged::new(&self.commitment, Some(outcome))
    }

    /// Where in the record it comes from.
    async fn made(&self) -> Origin {
        Origin::new(self.commitment.ledger, self.view.made)
    }

    /// That it was taken back, and why. What it brought about stays as it is.
    async fn withdrawn(&self) -> Option<Ending> {
        let withdrawn = self.view.withdrawn.as_ref()?;
        Some(Ending::new(self.commitment.ledger, withdrawn))
    }
}

impl Shown for Achievement {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let commitment = reads(ctx).commitment(&node.whole()).await?;
        Ok(commitment.and_then(|commitment| Self::of(&commitment, node.uuid().into())))
    }
}
