//! What one request reads: every edge through a loader, so that a thing mentioned a hundred times is read
//! once, and a hundred things are read together.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, ID};
use chrono::NaiveDate;
use domain::Reach;
use domain::ids::{GroupId, LedgerId, RegionId};
use uuid::Uuid;
use views::page::{Page, PageRequest};
use views::queries::QueryError;
use views::{ActionPlanView, CommitmentView, CompactOverview, RegionRegister, View, ViewReader};

use crate::error::ApiError;
use crate::limits::Limits;
use crate::node::{NodeId, NodeKind};
use crate::services::Services;

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Cursor(cursor) => cursor.into(),
            other => Self::internal(other),
        }
    }
}

impl From<ledger::ReadError> for ApiError {
    fn from(error: ledger::ReadError) -> Self {
        Self::internal(error)
    }
}

/// What one request reads.
pub struct Reads {
    services: Services,
    loader: DataLoader<Batches>,
}

/// This request's reads.
pub(crate) fn reads<'ctx>(ctx: &Context<'ctx>) -> &'ctx Reads {
    ctx.data_unchecked::<Reads>()
}

impl Reads {
    pub(crate) fn new(services: &Services) -> Self {
        let batches = Batches {
            views: services.views.clone(),
        };
        Self {
            services: services.clone(),
            loader: DataLoader::new(batches, tokio::spawn),
        }
    }

    /// Everything the resolvers reach for.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The views, for lists.
    pub fn views(&self) -> &ViewReader {
        &self.services.views
    }

    /// The ledgers, for histories and raw entries.
    pub fn ledger(&self) -> &ledger::Reader {
        &self.services.ledger
    }

    /// How much may be asked for.
    pub fn limits(&self) -> &Limits {
        &self.services.limits
    }

    /// Today's date.
    pub fn today(&self) -> NaiveDate {
        self.services.clock.today()
    }

    /// The compact whose ledger this is.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn compact(
        &self,
        ledger: LedgerId,
    ) -> Result<Option<Arc<CompactOverview>>, ApiError> {
        self.load(CompactKey(ledger)).await
    }

    /// A region.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn region(&self, id: RegionId) -> Result<Option<Arc<RegionRegister>>, ApiError> {
        self.load(Key::new(id.ledger(), id.uuid())).await
    }

    /// The region that the compact of this ledger belongs to.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn region_of(
        &self,
        ledger: LedgerId,
    ) -> Result<Option<Arc<RegionRegister>>, ApiError> {
        match self.compact(ledger).await? {
            Some(compact) => self.region(compact.region).await,
            None => Ok(None),
        }
    }

    /// A commitment.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn commitment(&self, node: &NodeId) -> Result<Option<Arc<CommitmentView>>, ApiError> {
        self.load(Key::new(node.ledger, node.uuid())).await
    }

    /// A plan.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn plan(&self, node: &NodeId) -> Result<Option<Arc<ActionPlanView>>, ApiError> {
        self.load(Key::new(node.ledger, node.uuid())).await
    }

    /// Several plans at once, by ledger and id.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn plans(
        &self,
        keys: Vec<(LedgerId, Uuid)>,
    ) -> Result<HashMap<(LedgerId, Uuid), Arc<ActionPlanView>>, ApiError> {
        let keys = keys.into_iter().map(|(ledger, id)| Key::new(ledger, id));
        let plans = self.loader.load_many(keys).await.map_err(ApiError::from)?;
        let plans = plans.into_iter();
        Ok(plans
            .map(|(key, plan)| ((key.ledger, key.id), plan))
            .collect())
    }

    /// A page of the plans of a group that are within `reach`, by title.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn plans_of(
        &self,
        ledger: LedgerId,
        group: GroupId,
        reach: Reach,
        page: PageRequest,
    ) -> Result<Page<Arc<ActionPlanView>>, ApiError> {
        let none = Page::of(&page, std::iter::empty::<((), _)>());
        let key = GroupPlansKey {
            ledger,
            group,
            reach,
            page,
        };
        Ok(self.load(key).await?.unwrap_or(none))
    }

    async fn load<K>(&self, key: K) -> Result<Option<<Batches as Loader<K>>::Value>, ApiError>
    where
        K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
        Batches: Loader<K, Error = Arc<QueryError>>,
    {
        Ok(self.loader.load_one(key).await?)
    }
}

impl From<Arc<QueryError>> for ApiError {
    fn from(error: Arc<QueryError>) -> Self {
        match &*error {
            QueryError::Cursor(cursor) => cursor.clone().into(),
            _ => Self::internal(error),
        }
    }
}

/// The UUID that an argument names, of this kind and in this ledger.
pub(crate) fn uuid_in(
    ledger: LedgerId,
    kind: NodeKind,
    argument: &'static str,
    id: &ID,
) -> Result<Uuid, ApiError> {
    let node = node_of(kind, argument, id)?;
    if node.ledger == ledger {
        Ok(node.uuid())
    } else {
        let message = format!("this is {} of another compact", kind.words());
        Err(ApiError::BadInput { argument, message })
    }
}

/// The node that an argument names, of this kind.
pub(crate) fn node_of(kind: NodeKind, argument: &'static str, id: &ID) -> Result<NodeId, ApiError> {
    NodeId::expect(kind, id).map_err(|error| ApiError::BadInput {
        argument,
        message: error.to_string(),
    })
}

/// Reads what many resolvers asked for one by one, together: one statement for each kind of thing and
/// ledger.
struct Batches {
    views: ViewReader,
}

/// One row of one view.
struct Key<V> {
    ledger: LedgerId,
    id: Uuid,
    view: std::marker::PhantomData<fn() -> V>,
}

impl<V> Key<V> {
    const fn new(ledger: LedgerId, id: Uuid) -> Self {
        let view = std::marker::PhantomData;
        Self { ledger, id, view }
    }
}

impl<V> Clone for Key<V> {
    fn clone(&self) -> Self {
        Self::new(self.ledger, self.id)
    }
}

impl<V> PartialEq for Key<V> {
    fn eq(&self, other: &Self) -> bool {
        (self.ledger, self.id) == (other.ledger, other.id)
    }
}

impl<V> Eq for Key<V> {}

impl<V> std::hash::Hash for Key<V> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.ledger, self.id).hash(state);
    }
}

impl<V: View> Loader<Key<V>> for Batches {
    type Value = Arc<V>;
    type Error = Arc<QueryError>;

    async fn load(&self, keys: &[Key<V>]) -> Result<HashMap<Key<V>, Arc<V>>, Arc<QueryError>> {
        let mut by_ledger: BTreeMap<LedgerId, Vec<Uuid>> = BTreeMap::new();
        for key in keys {
            by_ledger.entry(key.ledger).or_default().push(key.id);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for (ledger, ids) in by_ledger {
            let rows = self.views.many::<V>(ledger, &ids).await?;
            let rows = rows.into_iter();
            found.extend(rows.map(|(id, view)| (Key::new(ledger, id), Arc::new(view))));
        }
        Ok(found)
    }
}

/// The compact of a ledger.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct CompactKey(LedgerId);

impl Loader<CompactKey> for Batches {
    type Value = Arc<CompactOverview>;
    type Error = Arc<QueryError>;

    async fn load(
        &self,
        keys: &[CompactKey],
    ) -> Result<HashMap<CompactKey, Arc<CompactOverview>>, Arc<QueryError>> {
        let ledgers: Vec<LedgerId> = keys.iter().map(|key| key.0).collect();
        let compacts = self.views.compacts_of(&ledgers).await?.into_iter();
        Ok(compacts
            .map(|compact| (CompactKey(compact.ledger), Arc::new(compact)))
            .collect())
    }
}

/// A page of the plans of a group.
#[derive(Clone, PartialEq, Eq, Hash)]
struct GroupPlansKey {
    ledger: LedgerId,
    group: GroupId,
    reach: Reach,
    page: PageRequest,
}

impl Loader<GroupPlansKey> for Batches {
    type Value = Page<Arc<ActionPlanView>>;
    type Error = Arc<QueryError>;

    async fn load(
        &self,
        keys: &[GroupPlansKey],
    ) -> Result<HashMap<GroupPlansKey, Self::Value>, Self::Error> {
        let mut asked: HashMap<(LedgerId, &Reach, &PageRequest), Vec<GroupId>> = HashMap::new();
        for key in keys {
            let groups = asked
                .entry((key.ledger, &key.reach, &key.page))
                .or_default();
            groups.push(key.group);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for ((ledger, reach, page), groups) in asked {
            let pages = self.views.action_plans_of(ledger, &groups, reach, page);
            found.extend(pages.await?.into_iter().map(|(group, plans)| {
                let (reach, page) = (reach.clone(), page.clone());
                (
                    GroupPlansKey {
                        ledger,
                        group,
                        reach,
                        page,
                    },
                    plans.map(Arc::new),
                )
            }));
        }
        Ok(found)
    }
}
