//! Commitments: annual priorities, with their measures and outcomes.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::commitment::CommitmentWords;
use views::CommitmentView;

use super::achievement::{Achievement, AchievementConnection};
use super::action::ActionConnection;
use super::action_filter::ActionFilterInput;
use super::assessment::Judged;
use super::changes::{
    DateChange, PlacesChange, StatusChange, TextChange, VisibilityChange, Wording, WordingChange,
};
use super::compact::Compact;
use super::group::Group;
use super::history::Told;
use super::measure::Measure;
use super::meeting::{MeetingItem, item_naming};
use super::record::{Missing, Origin};
use super::region::Theme;
use super::said::Said;
use super::scalars::{Date, Session};
use super::words::{Status, Visibility};
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments};
use crate::reads::reads;

/// One annual priority.
#[derive(Clone)]
pub struct Commitment(Arc<CommitmentView>);

impl From<Arc<CommitmentView>> for Commitment {
    fn from(view: Arc<CommitmentView>) -> Self {
        Self(view)
    }
}

impl Commitment {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Commitment, self.0.ledger, self.0.id.uuid())
    }

    fn words(&self) -> &CommitmentWords {
        &self.0.words.current
    }
}

/// One annual priority in a compact's statement for a session, with its impact measures and outcomes.
#[Object]
impl Commitment {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// The compact that promised it.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Compact> {
        let compact = reads(ctx).compact(self.0.ledger).await?;
        let compact = compact.ok_or(ApiError::from(Missing("a commitment's compact")))?;
        Ok(Compact::from(compact))
    }

    /// The session it belongs to.
    async fn session(&self) -> Session {
        self.0.session.into()
    }

    /// Its label in the statement.
    #[graphql(name = "ref")]
    async fn label(&self) -> &str {
        &self.0.label.current
    }

    /// Every change of its ref, oldest first.
    async fn ref_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.0.ledger, &self.0.label.changes, Clone::clone)
    }

    /// What is promised.
    async fn title(&self) -> &str {
        &self.words().title
    }

    /// What was said about it.
    async fn comment(&self) -> Option<Said> {
        Said::maybe(self.0.ledger, self.words().comment.as_ref())
    }

    /// Every change of its words, oldest first.
    async fn wording_changes(&self) -> Vec<WordingChange> {
        let ledger = self.0.ledger;
        WordingChange::all(ledger, &self.0.words.changes, |words| {
            Wording::of_commitment(ledger, words)
        })
    }

    /// The charter's aims it serves, by their refs.
    async fn aims(&self) -> &[String] {
        &self.0.classification.current.aims
    }

    /// The region's themes it belongs to.
    async fn themes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Theme>> {
        let Some(region) = reads(ctx).region_of(self.0.ledger).await? else {
            return Ok(Vec::new());
        };
        let codes = self.0.classification.current.themes.iter();
        Ok(codes.filter_map(|code| Theme::of(&region, code)).collect())
    }

    /// The compact's groups it belongs to.
    async fn groups(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Group>> {
        let Some(compact) = reads(ctx).compact(self.0.ledger).await? else {
            return Ok(Vec::new());
        };
        let groups = self.0.classification.current.groups.iter();
        Ok(groups
            .filter_map(|group| Group::of(&compact, group.id))
            .collect())
    }

    /// Every change of the aims, themes and groups it belongs to, oldest first.
    async fn places_changes(&self) -> Vec<PlacesChange> {
        PlacesChange::all(self.0.ledger, &self.0.classification.changes, |places| {
            places.into()
        })
    }

    /// Where it stands.
    async fn status(&self) -> Status {
        self.0.status.current.into()
    }

    /// The date it came to stand there.
    async fn status_since(&self) -> Date {
        Date(self.0.status_since())
    }

    /// Every change of where it stands, oldest first.
    async fn status_changes(&self) -> Vec<StatusChange> {
        // Who does not read history is shown since when it stands so, and not what it stood at before.
        let told = self.0.status.changes.iter();
        let told: Vec<_> = told.filter(|it| it.from != it.to).cloned().collect();
        StatusChange::all(self.0.ledger, &told, |status| (*status).into())
    }

    /// The items of meetings' minutes under which its status was moved, oldest first.
    async fn moved_under(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<MeetingItem>> {
        let mut items = Vec::new();
        for change in &self.0.status.changes {
            let item = item_naming(ctx, self.0.ledger, &change.made, |item| {
                item.commitments.iter().any(|fact| fact.id == self.0.id)
            });
            items.extend(item.await?);
        }
        Ok(items)
    }

    /// The day it is due, where one is named for the commitment itself.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.current.map(Date)
    }

    /// Every change of its own due date, oldest first.
    async fn due_date_changes(&self) -> Vec<DateChange> {
        DateChange::all(self.0.ledger, &self.0.due_on.changes, |date| date.map(Date))
    }

    /// How far it is let out, with its measures, readings and achievements.
    async fn visibility(&self) -> Visibility {
        self.0.visibility.current.into()
    }

    /// Every change of how far it is let out, oldest first.
    async fn visibility_changes(&self) -> Vec<VisibilityChange> {
        VisibilityChange::all(self.0.ledger, &self.0.visibility.changes, |visibility| {
            (*visibility).into()
        })
    }

    /// Its impact measures in the order added; withdrawn ones stay.
    async fn measures(&self) -> Vec<Measure> {
        Measure::all(&self.0)
    }

    /// What came of it in words, in the order recorded; corrected and withdrawn reports stay.
    async fn achievements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<AchievementConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let commitment = reads(ctx).whole(&self.0).await?;
        let all = commitment.achievements.iter();
        let all = all.map(|view| (view.made.position, view)).collect();
        let rows = Listed::of_whole(all, &page, reads(ctx).limits())?;
        Ok(rows
            .filter_map(|view| Some(Achievement::new(&commitment, view)))
            .into())
    }

    /// The latest report in words of those not withdrawn.
    async fn latest_achievement(&self) -> Option<Achievement> {
        let latest = self.0.latest_achievement()?;
        Some(Achievement::new(&self.0, latest))
    }

    /// Where it goes on, once it was carried forward and while it has not been reopened.
    async fn carried_forward(&self) -> Option<CarriedForward> {
        self.0.carried_forward.as_ref()?;
        Some(CarriedForward(Arc::clone(&self.0)))
    }

    /// The actions under objectives that serve it, as they stand now.
    async fn actions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ActionConnection> {
        let filter = ActionFilterInput::of_commitment(self.0.id);
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(super::action::actions(ctx, self.0.ledger, filter, page).await?)
    }

    #[graphql(flatten)]
    async fn judged(&self) -> Judged {
        Judged::new(&self.0, None)
    }

    /// Where in the record it was proposed.
    async fn proposed(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.proposed)
    }

    /// The last entry that spoke of it.
    async fn last_changed(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.last)
    }

    /// How often it changed: send it as `expectedVersion` to change only what you have seen.
    async fn version(&self) -> u64 {
        self.0.version
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Shown for Commitment {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        match &outcome.whole {
            Some(node) => Ok(reads(ctx).commitment(node).await?.map(Self)),
            None => Ok(None),
        }
    }
}

/// Where a commitment goes on.
pub struct CarriedForward(Arc<CommitmentView>);

/// Where a commitment goes on, and why.
#[Object]
impl CarriedForward {
    /// The commitment of a later session that carries on.
    async fn into(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Commitment>> {
        let Some(carried) = &self.0.carried_forward else {
            return Ok(None);
        };
        let node = NodeId::new(NodeKind::Commitment, self.0.ledger, carried.into.id.uuid());
        Ok(reads(ctx).commitment(&node).await?.map(Commitment))
    }

    /// Why.
    async fn reason(&self) -> Said {
        let carried = self.0.carried_forward.as_ref();
        Said::or_nothing(self.0.ledger, carried.map(|carried| &carried.reason))
    }

    /// Where in the record it was carried forward.
    async fn made(&self) -> Option<Origin> {
        let carried = self.0.carried_forward.as_ref()?;
        Some(Origin::new(self.0.ledger, carried.made))
    }
}
