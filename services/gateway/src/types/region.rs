//! The region's register: themes, indicators, organisations, and the compacts it opened.
#![expect(
    clippy::too_many_arguments,
    reason = "a field's arguments are the schema's: paging alone takes four of them"
)]

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::ids::{IndicatorId, OrganisationId};
use views::commitment::Detail;
use views::region_register::{ChallengePoint, IndicatorView, OrganisationView, ThemeView};
use views::{ProgressFilter, RegionRegister};

use super::adoption_graph::AdoptionGraph;
use super::changes::{CategoryChange, TermsChange, TextChange};
use super::compact::{self, CompactConnection};
use super::good_practice::{self, GoodPracticeConnection, GoodPracticeFilterInput};
use super::history::Told;
use super::overview::Overview;
use super::practice_search::{self, PracticeSearch};
use super::record::Origin;
use super::said::Said;
use super::scalars::{Date, Session};
use super::undertakings::{self, ThemeUndertakingsConnection};
use super::words::Category;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKey, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::query::session_of;
use crate::reads::{Reads, node_of, reads};

/// The region.
#[derive(Clone)]
pub struct Region(Arc<RegionRegister>);

impl From<Arc<RegionRegister>> for Region {
    fn from(view: Arc<RegionRegister>) -> Self {
        Self(view)
    }
}

connections! {
    /// Organisations in the region's register, by name.
    OrganisationConnection, OrganisationEdge of Organisation;
    /// Themes in the region's register, by code.
    ThemeConnection, ThemeEdge of Theme;
    /// Indicators in the region's register, by what they count.
    IndicatorConnection, IndicatorEdge of Indicator;
}

impl Region {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Region, self.0.ledger, self.0.id.uuid())
    }

    /// A page of the register's organisations, or those of one category.
    pub(crate) fn organisations(
        &self,
        reads: &Reads,
        category: Option<Category>,
        page: &PageArguments,
    ) -> Result<OrganisationConnection, ApiError> {
        let wanted = category.map(domain::region::Category::from);
        let fits =
            |view: &&OrganisationView| wanted.is_none_or(|wanted| view.category.current == wanted);
        let all = self.0.organisations.values().filter(fits).map(|view| {
            let place = format!("{}\n{}", view.name.current, view.id);
            (place, Organisation::new(&self.0, view))
        });
        listed(all.collect(), reads, page).map(Into::into)
    }

    /// A page of the register's themes.
    pub(crate) fn themes(
        &self,
        reads: &Reads,
        page: &PageArguments,
    ) -> Result<ThemeConnection, ApiError> {
        let all = self.0.themes.values();
        let all = all.map(|view| (view.code.clone(), Theme::new(&self.0, view)));
        listed(all.collect(), reads, page).map(Into::into)
    }

    /// A page of the register's indicators.
    pub(crate) fn indicators(
        &self,
        reads: &Reads,
        page: &PageArguments,
    ) -> Result<IndicatorConnection, ApiError> {
        let all = self.0.indicators.values().map(|view| {
            let place = format!("{}\n{}", view.terms.current.name, view.id);
            (place, Indicator::new(&self.0, view))
        });
        listed(all.collect(), reads, page).map(Into::into)
    }
}

fn listed<T>(
    mut all: Vec<(String, T)>,
    reads: &Reads,
    page: &PageArguments,
) -> Result<Listed<T>, ApiError> {
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    Listed::of_whole(all, page, reads.limits())
}

/// The region: its register of themes, indicators and organisations, and the compacts it opened.
#[Object]
impl Region {
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
        &self.0.name
    }

    /// Who pays for the approach.
    async fn funder(&self) -> &str {
        &self.0.funder
    }

    /// What else the papers say of it.
    async fn note(&self) -> Option<Said> {
        Said::maybe(self.0.ledger, self.0.note.as_ref())
    }

    /// What one compact's secretariat costs a year, in pounds sterling.
    async fn secretariat_cost_gbp_per_year(&self) -> Option<u32> {
        self.0.secretariat_cost_gbp_per_year
    }

    /// What is asked of every public employer, in the order first written down.
    async fn challenge(&self) -> Vec<Challenge> {
        let points = self.0.challenge.iter();
        let point = |view: &ChallengePoint| Challenge {
            region: Arc::clone(&self.0),
            view: view.clone(),
        };
        points.map(point).collect()
    }

    /// The compacts it opened, by name.
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
    ) -> async_graphql::Result<CompactConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(compact::compacts(&reads(ctx), Some(self.0.id), page).await?)
    }

    /// Good practice of its compacts, by title.
    async fn good_practices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which good practice.")] filter: Option<GoodPracticeFilterInput>,
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
        let which = (filter.unwrap_or_default(), false);
        Ok(good_practice::practices(&reads(ctx), self.0.ledger, which, page).await?)
    }

    /// Good practice of its compacts that has these words, in any of their forms; the best first. Typing mistakes are forgiven.
    async fn search_practices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words to look for.")] words: String,
        #[graphql(desc = "Among which good practice.")] filter: Option<GoodPracticeFilterInput>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<PracticeSearch> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let asked = (words.as_str(), filter.unwrap_or_default());
        Ok(practice_search::search(&reads(ctx), self.0.ledger, asked, page).await?)
    }

    /// What its compacts took up from one another, of what was released.
    async fn adoption_graph(&self, ctx: &Context<'_>) -> async_graphql::Result<AdoptionGraph> {
        let passed = reads(ctx).practice_passed(self.0.id).await?;
        Ok(AdoptionGraph::new(self.0.id, passed))
    }

    /// Who undertakes what under each theme in a session: every theme of the register, also those that nobody has taken up, and what
    /// compacts have released, as far as it is yours to see.
    async fn undertakings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] session: Session,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ThemeUndertakingsConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let reads = reads(ctx);
        let filter = ProgressFilter {
            session: Some(session_of(&session)?),
            theme: None,
        };
        let seen = reads
            .released(&self.0, &filter, None, Detail::Brief)
            .await?;
        Ok(undertakings::page_of(&reads, &self.0, &seen, &page)?)
    }

    /// What compacts have released, as somebody who judges it looks at it: progress, age and evidence of each figure, and what nobody has
    /// assessed. None for whoever does not read the region's totals.
    async fn overview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this session.")] session: Option<Session>,
        #[graphql(desc = "Only this theme, by its code.")] theme: Option<String>,
        #[graphql(desc = "Only this compact.")] compact_id: Option<ID>,
        #[graphql(desc = "The day figures' age is counted to; today when left out.")] on: Option<
            Date,
        >,
    ) -> async_graphql::Result<Option<Overview>> {
        let reads = reads(ctx);
        if !reads.reads_totals(self.0.id).await? {
            return Ok(None);
        }
        let session = session.map(|session| session_of(&session)).transpose()?;
        let only = compact_id.map(|id| node_of(NodeKind::Compact, "compactId", &id));
        let only = only.transpose()?.map(|node| node.uuid().into());
        let filter = ProgressFilter { session, theme };
        Ok(Some(Overview {
            on: on.map_or_else(|| reads.today(), |date| date.0),
            seen: reads
                .released(&self.0, &filter, only, Detail::Whole)
                .await?,
        }))
    }

    /// Where in the record it began.
    async fn established(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.established)
    }

    /// The last entry of its ledger.
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

impl Shown for Region {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        match &outcome.whole {
            Some(node) => Ok(reads(ctx).region(node.uuid().into()).await?.map(Self)),
            None => Ok(None),
        }
    }
}

/// One point of the challenge to public employers.
pub struct Challenge {
    region: Arc<RegionRegister>,
    view: ChallengePoint,
}

/// One point of the challenge to public employers.
#[Object]
impl Challenge {
    /// Its label.
    #[graphql(name = "ref")]
    async fn label(&self) -> &str {
        &self.view.label
    }

    /// Its words.
    async fn text(&self) -> &str {
        &self.view.text.current
    }

    /// Every change of its words, oldest first.
    async fn text_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.region.ledger, &self.view.text.changes, Clone::clone)
    }

    /// Where in the record it was first written down.
    async fn added(&self) -> Origin {
        Origin::new(self.region.ledger, self.view.added)
    }
}

/// A theme.
#[derive(Clone)]
pub struct Theme {
    region: Arc<RegionRegister>,
    view: ThemeView,
}

impl Theme {
    fn node(&self) -> NodeId {
        NodeId::theme(self.region.ledger, &self.view.code)
    }

    fn new(region: &Arc<RegionRegister>, view: &ThemeView) -> Self {
        Self {
            region: Arc::clone(region),
            view: view.clone(),
        }
    }

    /// The theme with this code.
    pub fn of(region: &Arc<RegionRegister>, code: &str) -> Option<Self> {
        region.themes.get(code).map(|view| Self::new(region, view))
    }
}

/// A theme of the region, under which commitments are counted.
#[Object]
impl Theme {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// Its code; never changes.
    async fn code(&self) -> &str {
        &self.view.code
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.view.name.current
    }

    /// Every change of its name, oldest first.
    async fn name_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.region.ledger, &self.view.name.changes, Clone::clone)
    }

    /// Where in the record it joined the register.
    async fn added(&self) -> Origin {
        Origin::new(self.region.ledger, self.view.added)
    }
}

impl Shown for Theme {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(NodeId {
            ledger,
            key: NodeKey::Code(code),
            ..
        }) = &outcome.part
        else {
            return Ok(None);
        };
        let region = reads(ctx).region(ledger.uuid().into()).await?;
        Ok(region.and_then(|region| Self::of(&region, code)))
    }
}

/// An indicator.
#[derive(Clone)]
pub struct Indicator {
    region: Arc<RegionRegister>,
    view: IndicatorView,
}

impl Indicator {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Indicator, self.region.ledger, self.view.id.uuid())
    }

    fn new(region: &Arc<RegionRegister>, view: &IndicatorView) -> Self {
        Self {
            region: Arc::clone(region),
            view: view.clone(),
        }
    }

    /// The indicator with this id.
    pub fn of(region: &Arc<RegionRegister>, id: IndicatorId) -> Option<Self> {
        region
            .indicators
            .get(&id)
            .map(|view| Self::new(region, view))
    }
}

/// An indicator: what is counted, in which unit, and whether it may be added up across compacts.
#[Object]
impl Indicator {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// What is counted.
    async fn name(&self) -> &str {
        &self.view.terms.current.name
    }

    /// The unit.
    async fn unit(&self) -> &str {
        &self.view.terms.current.unit
    }

    /// Whether figures of different compacts may be added up.
    async fn additive(&self) -> bool {
        self.view.terms.current.additive
    }

    /// Every correction of its terms, oldest first.
    async fn corrections(&self) -> Vec<TermsChange> {
        TermsChange::all(self.region.ledger, &self.view.terms.changes, |terms| {
            terms.into()
        })
    }

    /// Where in the record it joined the register.
    async fn added(&self) -> Origin {
        Origin::new(self.region.ledger, self.view.added)
    }
}

impl Shown for Indicator {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let region = reads(ctx).region(node.ledger.uuid().into()).await?;
        Ok(region.and_then(|region| Self::of(&region, node.uuid().into())))
    }
}

/// An organisation.
#[derive(Clone)]
pub struct Organisation {
    region: Arc<RegionRegister>,
    view: OrganisationView,
}

impl Organisation {
    fn new(region: &Arc<RegionRegister>, view: &OrganisationView) -> Self {
        Self {
            region: Arc::clone(region),
            view: view.clone(),
        }
    }

    /// The organisation with this id.
    pub fn of(region: &Arc<RegionRegister>, id: OrganisationId) -> Option<Self> {
        region
            .organisations
            .get(&id)
            .map(|view| Self::new(region, view))
    }

    fn node(&self) -> NodeId {
        NodeId::new(
            NodeKind::Organisation,
            self.region.ledger,
            self.view.id.uuid(),
        )
    }
}

/// An organisation, registered once for the region however many compacts it sits in.
#[Object]
impl Organisation {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.view.name.current
    }

    /// Every change of its name, oldest first.
    async fn name_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.region.ledger, &self.view.name.changes, Clone::clone)
    }

    /// The part of the sector it belongs to.
    async fn category(&self) -> Category {
        self.view.category.current.into()
    }

    /// Every change of its category, oldest first.
    async fn category_changes(&self) -> Vec<CategoryChange> {
        let show = |category: &domain::region::Category| (*category).into();
        CategoryChange::all(self.region.ledger, &self.view.category.changes, show)
    }

    /// Where in the record it joined the register.
    async fn added(&self) -> Origin {
        Origin::new(self.region.ledger, self.view.added)
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Shown for Organisation {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let region = reads(ctx).region(node.ledger.uuid().into()).await?;
        Ok(region.and_then(|region| Self::of(&region, node.uuid().into())))
    }
}
