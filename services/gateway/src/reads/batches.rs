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
use crate::rows::Rows;
use crate::shown_now::{ShownNow, shown_of};

/// Reads what many resolvers asked for one by one, together: one statement for each kind of thing and
/// ledger.
pub(super) struct Batches {
    pub(super) views: ViewReader,
    pub(super) registers: Arc<Registers>,
    pub(super) rows: Rows,
    pub(super) shown: ShownNow,
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
        let shown = self.shown.all().await;
        let shown = |ledger| shown_of(shown.as_ref(), ledger);
        let mut unknown: BTreeMap<LedgerId, Vec<Uuid>> = BTreeMap::new();
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            match self.rows.find(shown(key.ledger), (key.ledger, key.id)) {
                Some(row) => drop(found.insert(key.clone(), row)),
                None => unknown.entry(key.ledger).or_default().push(key.id),
            }
        }
        for (ledger, ids) in unknown {
            for (id, (row, bytes)) in self.views.many_measured::<V>(ledger, &ids).await? {
                let row = Arc::new(row);
                self.rows.keep(shown(ledger), (ledger, id), (&row, bytes));
                found.insert(Key::new(ledger, id), row);
            }
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
        let shown = self.shown.all().await;
        let shown = |ledger| shown_of(shown.as_ref(), ledger);
        let mut unknown = Vec::new();
        let mut found = HashMap::with_capacity(keys.len());
        for CompactKey(ledger) in keys.iter().copied() {
            match self.rows.find(shown(ledger), (ledger, ledger.uuid())) {
                Some(compact) => drop(found.insert(CompactKey(ledger), compact)),
                None => unknown.push(ledger),
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        for (compact, bytes) in self.views.compacts_of(&unknown).await? {
            let (ledger, compact) = (compact.ledger, Arc::new(compact));
            let key = (ledger, ledger.uuid());
            self.rows.keep(shown(ledger), key, (&compact, bytes));
            found.insert(CompactKey(ledger), compact);
        }
        Ok(found)
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
        let shown = self.shown.all().await;
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            let at = shown_of(shown.as_ref(), key.0);
            let register = self.registers.find(&self.views, key.0, at).await?;
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
