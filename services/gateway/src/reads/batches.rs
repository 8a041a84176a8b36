//! Batches: what many resolvers asked for one by one, read together.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use domain::ids::{CommitmentId, CompactId, GroupId, LedgerId};
use domain::{Reach, Sealed, Text};
use uuid::Uuid;
use views::page::{Page, PageRequest};
use views::queries::QueryError;
use views::{ActionPlanView, AssessmentView, CompactOverview, View, ViewReader};

use crate::registers::{Register, Registers};

/// Reads what many resolvers asked for one by one, together: one statement for each kind of thing and
/// ledger.
pub(super) struct Batches {
    pub(super) views: ViewReader,
    pub(super) registers: Arc<Registers>,
}

/// One row of one view.
pub(super) struct Key<V> {
    pub(super) ledger: LedgerId,
    pub(super) id: Uuid,
    view: std::marker::PhantomData<fn() -> V>,
}

impl<V> Key<V> {
    pub(super) const fn new(ledger: LedgerId, id: Uuid) -> Self {
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
pub(super) struct CompactKey(pub(super) LedgerId);

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

/// The register of a region's ledger.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct RegisterKey(pub(super) LedgerId);

impl Loader<RegisterKey> for Batches {
    type Value = Register;
    type Error = Arc<QueryError>;

    async fn load(
        &self,
        keys: &[RegisterKey],
    ) -> Result<HashMap<RegisterKey, Register>, Arc<QueryError>> {
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            let register = self.registers.find(&self.views, key.0).await?;
            found.extend(register.map(|register| (*key, register)));
        }
        Ok(found)
    }
}

/// A sealed text of a ledger.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct TextKey {
    pub(super) ledger: LedgerId,
    pub(super) sealed: Sealed,
}

impl Loader<TextKey> for Batches {
    type Value = Text;
    type Error = Arc<QueryError>;

    async fn load(&self, keys: &[TextKey]) -> Result<HashMap<TextKey, Text>, Self::Error> {
        let mut by_ledger: BTreeMap<LedgerId, Vec<(&TextKey, Text)>> = BTreeMap::new();
        for key in keys {
            let text = Text::from(key.sealed.clone());
            by_ledger.entry(key.ledger).or_default().push((key, text));
        }
        let mut opened = HashMap::with_capacity(keys.len());
        for (ledger, mut texts) in by_ledger {
            let each = texts.iter_mut().map(|(_, text)| text);
            self.views.open(ledger, each).await?;
            opened.extend(texts.into_iter().map(|(key, text)| (key.clone(), text)));
        }
        Ok(opened)
    }
}

/// A page of the plans of a group.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct GroupPlansKey {
    pub(super) ledger: LedgerId,
    pub(super) group: GroupId,
    pub(super) reach: Reach,
    pub(super) page: PageRequest,
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

/// What was made of a commitment from outside: the compact is named with it, so that no id that was chosen to equal another's passes
/// for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AssessmentsKey {
    pub(super) region: LedgerId,
    pub(super) compact: CompactId,
    pub(super) commitment: CommitmentId,
}

impl Loader<AssessmentsKey> for Batches {
    type Value = Vec<Arc<AssessmentView>>;
    type Error = Arc<QueryError>;

    async fn load(
        &self,
        keys: &[AssessmentsKey],
    ) -> Result<HashMap<AssessmentsKey, Self::Value>, Self::Error> {
        let mut by_region: BTreeMap<LedgerId, Vec<CommitmentId>> = BTreeMap::new();
        for key in keys {
            by_region
                .entry(key.region)
                .or_default()
                .push(key.commitment);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for (region, commitments) in by_region {
            let views = self.views.assessments(region, &commitments).await?;
            found.extend(super::judged::by_commitment(keys, views));
        }
        Ok(found)
    }
}
