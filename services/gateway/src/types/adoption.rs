//! Adoptions: what was taken up, from whom, and what came of it.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::good_practice::PracticeFact;
use domain::ids::LedgerId;
use views::adoption::{AdaptationView, ResultView};
use views::{AdoptionFilter, AdoptionView};

use super::changes::{OrganisationMention, VisibilityChange};
use super::compact::Compact;
use super::difference::SourceChange;
use super::file::Document;
use super::good_practice::{CompactMention, GoodPractice};
use super::history::Told;
use super::record::{Ending, Origin};
use super::region::Organisation;
use super::said::Said;
use super::scalars::Date;
use super::words::Visibility;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, practice_node, reads, source_of};

connections! {
    /// Adoptions, by the day of each.
    AdoptionConnection, AdoptionEdge of Adoption;
}

/// A page of adoptions around a ledger: of what was released and nothing else where the second of `which` says so.
pub(crate) async fn adoptions(
    reads: &Reads,
    ledger: LedgerId,
    which: (AdoptionFilter, bool),
    page: PageArguments,
) -> Result<AdoptionConnection, ApiError> {
    let request = page.request(reads.limits())?;
    let Some(region) = reads.region_around(ledger).await? else {
        return Ok(Listed::of_whole(Vec::<(u8, Adoption)>::new(), &page, reads.limits())?.into());
    };
    let (filter, released) = which;
    let rows = reads.adoptions(region, (&filter, released), &request);
    let rows = Listed::from(rows.await?);
    Ok(rows.filter_map(|view| Some(Adoption::from(view))).into())
}

/// Whether what was taken up is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AdoptionState {
    /// It was taken up as it is.
    Adopted,
    /// It was taken up, and changed to fit.
    Adapted,
    /// It was given up.
    Withdrawn,
}

/// That a piece of good practice was taken up.
#[derive(Clone)]
pub struct Adoption(Arc<AdoptionView>);

impl From<Arc<AdoptionView>> for Adoption {
    fn from(view: Arc<AdoptionView>) -> Self {
        Self(view)
    }
}

impl Adoption {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Adoption, self.0.ledger, self.0.id.uuid())
    }
}

/// That a compact, or an organisation of it, took a piece of good practice up. Whose it was stands in `credit` as it was named then,
/// whatever has become of it.
#[Object]
impl Adoption {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The compact that took it up, itself or by an organisation of it.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        let compact = reads(ctx).compact(self.0.ledger).await?;
        Ok(compact.map(Compact::from))
    }

    /// The organisation that took it up; none for the compact itself.
    async fn organisation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Organisation>> {
        let Some(fact) = &self.0.organisation else {
            return Ok(None);
        };
        let region = reads(ctx).region_of(self.0.ledger).await?;
        Ok(region.and_then(|region| Organisation::of(&region, fact.id)))
    }

    /// What was taken up, as it stands; none where you do not see it any more.
    async fn source(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<GoodPractice>> {
        let practice = reads(ctx).practice(&source_of(&self.0)).await?;
        Ok(practice.map(GoodPractice::from))
    }

    /// Whose it was and what it was called, as it was named when it was taken up.
    async fn credit(&self) -> Credit {
        Credit::new(&self.0)
    }

    /// The day it was taken up.
    async fn adopted_on(&self) -> Date {
        Date(self.0.adopted.on)
    }

    /// Where in the record it comes from.
    async fn made(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.adopted)
    }

    /// Whether it is in use.
    async fn state(&self) -> AdoptionState {
        match (&self.0.withdrawn, self.0.adaptations.is_empty()) {
            (Some(_), _) => AdoptionState::Withdrawn,
            (None, true) => AdoptionState::Adopted,
            (None, false) => AdoptionState::Adapted,
        }
    }

    /// The version of the source that is followed now.
    async fn follows(&self) -> u32 {
        self.0.following
    }

    /// What is to be known of it.
    async fn note(&self) -> Option<Said> {
        Said::maybe(self.0.ledger, self.0.note.as_ref())
    }

    /// What was changed to fit, oldest first.
    async fn adaptations(&self) -> Vec<Adaptation> {
        let adaptations = self.0.adaptations.iter();
        let ledger = self.0.ledger;
        adaptations
            .map(|it| Adaptation {
                ledger,
                view: it.clone(),
            })
            .collect()
    }

    /// How it went, oldest first.
    async fn results(&self) -> Vec<AdoptionResult> {
        let results = self.0.results.iter();
        results
            .map(|it| AdoptionResult::new(self.0.ledger, it))
            .collect()
    }

    /// That it was given up, and why.
    async fn withdrawn(&self) -> Option<Ending> {
        let ended = self.0.withdrawn.as_ref()?;
        Some(Ending::new(self.0.ledger, ended))
    }

    /// That the source has changed since the version that is followed, with the difference; none when it has not, or
    /// you do not see the source.
    async fn source_change(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<SourceChange>> {
        let source = reads(ctx)
            .practice_with_versions(&source_of(&self.0))
            .await?;
        Ok(source.and_then(|source| SourceChange::since(self.0.following, &source)))
    }

    /// How far it is let out.
    async fn visibility(&self) -> Visibility {
        self.0.visibility.current.into()
    }

    /// Every change of how far it is let out, oldest first.
    async fn visibility_changes(&self) -> Vec<VisibilityChange> {
        let changes = &self.0.visibility.changes;
        VisibilityChange::all(self.0.ledger, changes, |it| (*it).into())
    }

    /// How often it changed: send it as `expectedVersion` to change only what you have seen.
    async fn version(&self) -> u64 {
        self.0.version
    }
}

impl Shown for Adoption {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        match &outcome.whole {
            Some(node) => Ok(reads(ctx).adoption(node).await?.map(Self)),
            None => Ok(None),
        }
    }
}

/// Whose practice it was that was taken up, as it was named then.
#[derive(SimpleObject)]
pub struct Credit {
    /// The compact.
    compact: CompactMention,
    /// The organisation; none for the compact's own.
    organisation: Option<OrganisationMention>,
    /// The heading.
    title: String,
    /// The version.
    number: u32,
    /// Who took it up: the compact.
    adopted_by: CompactMention,
    /// The organisation of it that did; none for the compact itself.
    adopted_by_organisation: Option<OrganisationMention>,
}

impl Credit {
    fn new(view: &AdoptionView) -> Self {
        Self {
            compact: (&view.from).into(),
            organisation: view.practice.organisation.as_ref().map(Into::into),
            title: view.practice.title.clone(),
            number: view.practice.version,
            adopted_by: (&view.by).into(),
            adopted_by_organisation: view.organisation.as_ref().map(Into::into),
        }
    }
}

/// What was changed to fit.
pub struct Adaptation {
    ledger: LedgerId,
    view: AdaptationView,
}

/// What was changed to fit.
#[Object]
impl Adaptation {
    /// What was changed.
    async fn changed(&self) -> Said {
        Said::new(self.ledger, &self.view.changed)
    }

    /// The version of the source that was followed from then on, where that was another.
    async fn followed(&self) -> Option<u32> {
        self.view.following.as_ref().map(|fact| fact.version)
    }

    /// The practice of one's own that was written from it, if you see it.
    async fn written_as(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<GoodPractice>> {
        let Some(PracticeFact { id, .. }) = &self.view.written_as else {
            return Ok(None);
        };
        let node = practice_node(self.ledger, id.uuid());
        Ok(reads(ctx).practice(&node).await?.map(GoodPractice::from))
    }

    /// Where in the record it comes from.
    async fn made(&self) -> Origin {
        Origin::new(self.ledger, self.view.made)
    }
}

/// How it went.
#[derive(SimpleObject)]
pub struct AdoptionResult {
    /// How it went.
    text: Said,
    /// What shows that it went so.
    evidence: Option<Document>,
    /// Where in the record it comes from: it went so by that day.
    made: Origin,
}

impl AdoptionResult {
    fn new(ledger: LedgerId, view: &ResultView) -> Self {
        Self {
            text: Said::new(ledger, &view.text),
            evidence: view.evidence.as_ref().map(|it| Document::of(ledger, it)),
            made: Origin::new(ledger, view.made),
        }
    }
}
