//! People, for those who are told of them.

use std::error::Error;
use std::sync::Arc;

use access::{Action, CompactLedger};
use async_graphql::ID;
use domain::Visibility;
use domain::ids::{LedgerId, OrganisationId};
use futures::FutureExt;
use futures::future::BoxFuture;
use uuid::Uuid;
use views::page::{Page, PageRequest};
use views::{Held, PersonView, ViewReader};

use super::batches::Key;
use super::lists::nothing;
use super::{Directory, Place, Reads, node_of};
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::seen;
use crate::sight::Sight;

/// Whoever asks, as far as people are concerned.
pub(super) struct Whoever {
    pub(super) sight: Arc<Sight>,
    pub(super) directory: Arc<Directory>,
    pub(super) views: ViewReader,
    pub(super) has_names_marked: bool,
}

impl Whoever {
    async fn reads(&self, ledger: LedgerId) -> Result<bool, ApiError> {
        match self.directory.find(&self.views, ledger).await? {
            Some(Place::Compact(compact)) => reads_people(&self.sight, compact).await,
            _ => Ok(false),
        }
    }
}

impl views::Reads for Whoever {
    fn reads_people(
        &self,
        ledger: LedgerId,
    ) -> BoxFuture<'_, Result<bool, Box<dyn Error + Send + Sync>>> {
        async move { Ok(self.reads(ledger).await?) }.boxed()
    }

    fn have_names_marked(&self) -> bool {
        self.has_names_marked
    }
}

async fn reads_people(sight: &Sight, compact: CompactLedger) -> Result<bool, ApiError> {
    let own = compact.matter(Visibility::Compact);
    sight.may(Action::ReadPerson, own).await
}

impl Reads {
    /// The compact of a ledger whose people are told of; none of a ledger where they are not.
    async fn of_people(&self, ledger: LedgerId) -> Result<Option<CompactLedger>, ApiError> {
        let Some(compact) = self.compact_of(ledger).await? else {
            return Ok(None);
        };
        let told = reads_people(&self.sight, compact).await?;
        Ok(told.then_some(compact))
    }

    /// Whether the caller is told of the people of the compact whose ledger this is.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn are_told_of_people(&self, ledger: LedgerId) -> Result<bool, ApiError> {
        Ok(self.of_people(ledger).await?.is_some())
    }

    /// A person, if they are told of.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn person(&self, node: &NodeId) -> Result<Option<Arc<PersonView>>, ApiError> {
        let Some(compact) = self.of_people(node.ledger).await? else {
            return Ok(None);
        };
        let found = self.load(Key::new(node.ledger, node.uuid())).await?;
        let Some(person) = found else {
            return Ok(None);
        };
        if self.reads_history(compact).await? {
            return Ok(Some(person));
        }
        Ok(Some(Arc::new(seen::person(PersonView::clone(&person)))))
    }

    /// A page of a compact's people, or of those of one organisation; nobody where they are not told of.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn people(
        &self,
        ledger: LedgerId,
        organisation: Option<OrganisationId>,
        page: &PageRequest,
    ) -> Result<Page<PersonView>, ApiError> {
        let Some(compact) = self.of_people(ledger).await? else {
            return Ok(nothing(page));
        };
        let views = &self.services.views;
        let people = views.people(ledger, organisation, page).await?;
        if self.reads_history(compact).await? {
            return Ok(people);
        }
        Ok(people.map(seen::person))
    }

    async fn reads_history(&self, compact: CompactLedger) -> Result<bool, ApiError> {
        let own = compact.matter(Visibility::Compact);
        self.sight.may(Action::ReadHistory, own).await
    }

    /// Everything a compact holds about a person, for those who answer for it; none for others, or where there is no such
    /// person.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read.
    pub(crate) async fn held(&self, node: &NodeId) -> Result<Option<Held>, ApiError> {
        let Some(compact) = self.of_people(node.ledger).await? else {
            return Ok(None);
        };
        let own = compact.matter(Visibility::Compact);
        if !self.sight.may(Action::SubjectAccess, own).await? {
            return Ok(None);
        }
        let historian = &self.services.historian;
        Ok(historian.held(node.ledger, node.uuid().into()).await?)
    }
}

/// The UUID of an organisation that an argument names, of the region that the compact of this ledger belongs to.
pub(crate) async fn uuid_in_region(
    reads: &Reads,
    ledger: LedgerId,
    id: &ID,
) -> Result<Uuid, ApiError> {
    let argument = "organisationId";
    let node = node_of(NodeKind::Organisation, argument, id)?;
    let region = reads.region_of(ledger).await?;
    if region.is_some_and(|region| region.ledger == node.ledger) {
        return Ok(node.uuid());
    }
    let message = "this is an organisation of another region".to_owned();
    Err(ApiError::BadInput { argument, message })
}
