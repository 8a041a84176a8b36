//! What one request reads: every edge through a loader, so that a thing mentioned a hundred times is read
//! once, and a hundred things are read together.

mod batches;
mod files;
mod judged;
mod lists;
mod papers;
mod people;
mod practices;
mod record;
mod reminders;
mod things;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::{Action, CompactLedger, Grant, Principal};
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, ContextBase, ID, QueryPathSegment};
use chrono::NaiveDate;
use domain::ids::LedgerId;
use domain::{Post, Text, Visibility};
use uuid::Uuid;
use views::CompactOverview;
use views::queries::QueryError;

use crate::caller::Caller;
pub(crate) use crate::directory::{Directory, Place};
use crate::error::ApiError;
use crate::limits::Limits;
use crate::node::{NodeId, NodeKind};
use crate::services::Services;
use crate::shown_now::ShownNow;
use crate::sight::Sight;
use crate::types::roles::Audience;
use batches::{Batches, TextKey};
pub(crate) use files::MayUpload;
pub(crate) use judged::{Seen, made_from};
pub(crate) use people::uuid_in_region;
pub(crate) use practices::{practice_node, source_of};

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

/// What one request reads: what its caller may see, and nothing else.
///
/// Nothing is read of a ledger before it is known to be one, and nothing of what is in it before the policies were
/// asked: every view, list and history comes through here.
pub struct Reads {
    services: Services,
    directory: Arc<Directory>,
    loader: DataLoader<Batches>,
    sight: Arc<Sight>,
    shown: ShownNow,
    compacts: Mutex<HashMap<(LedgerId, u64), Arc<CompactOverview>>>,
    /// What is read through others' eyes, by the name its field goes by in the answer.
    through: Mutex<HashMap<String, Arc<Reads>>>,
}

/// This request's reads: the caller's, or below a field that looks through others' eyes, theirs.
pub(crate) fn reads<T>(ctx: &ContextBase<'_, T>) -> Arc<Reads> {
    let own = ctx.data_unchecked::<Arc<Reads>>();
    let through = own.through.lock().unwrap_or_else(PoisonError::into_inner);
    if through.is_empty() {
        return Arc::clone(own);
    }
    let others = root_of(ctx).and_then(|root| through.get(root));
    Arc::clone(others.unwrap_or(own))
}

/// The name that the field of the operation's root, which `ctx` is below or at, goes by in the answer.
fn root_of<'a, T>(ctx: &'a ContextBase<'_, T>) -> Option<&'a str> {
    let mut node = ctx.path_node.as_ref()?;
    while let Some(parent) = node.parent {
        node = parent;
    }
    match node.segment {
        QueryPathSegment::Name(name) => Some(name),
        QueryPathSegment::Index(_) => None,
    }
}

impl Reads {
    /// What a request of this caller reads.
    pub(crate) fn new(services: &Services, directory: &Arc<Directory>, caller: Caller) -> Self {
        let asked = caller.shown().cloned();
        let shown = asked.unwrap_or_else(|| ShownNow::for_a_request(&services.projected));
        Self::of(services, directory, (caller, shown))
    }

    /// What a request of this caller reads that goes on for as long as something is followed.
    pub(crate) fn following(
        services: &Services,
        directory: &Arc<Directory>,
        caller: Caller,
    ) -> Self {
        let shown = ShownNow::each_time(&services.projected);
        Self::of(services, directory, (caller, shown))
    }

    fn of(
        services: &Services,
        directory: &Arc<Directory>,
        (caller, shown): (Caller, ShownNow),
    ) -> Self {
        let today = services.clock.today();
        let now = (today, shown.clone());
        let sight = Sight::new(&services.decisions, &services.grants, caller, now);
        Self::seeing(services, directory, (sight, shown))
    }

    fn seeing(
        services: &Services,
        directory: &Arc<Directory>,
        (sight, shown): (Sight, ShownNow),
    ) -> Self {
        let sight = Arc::new(sight);
        let whoever = Arc::new(people::Whoever {
            sight: Arc::clone(&sight),
            directory: Arc::clone(directory),
            views: services.views.clone(),
            has_names_marked: sight.caller().has_names_marked,
        });
        let services = Services {
            views: services.views.clone().shown_to(whoever.clone()),
            historian: services.historian.clone().shown_to(whoever),
            ..services.clone()
        };
        let batches = Batches {
            views: services.views.clone(),
            registers: Arc::clone(&directory.registers),
            rows: directory.rows.clone(),
            shown: shown.clone(),
        };
        Self {
            services,
            directory: Arc::clone(directory),
            loader: DataLoader::new(batches, tokio::spawn),
            sight,
            shown,
            compacts: Mutex::default(),
            through: Mutex::default(),
        }
    }

    /// Reads as someone with these roles would, from here on and below the field that `ctx` is at.
    pub(crate) fn look_through(self: &Arc<Self>, ctx: &Context<'_>, principal: &Principal) {
        let sight = self.sight.through(principal);
        let seeing = (sight, self.shown.clone());
        let others = Self::seeing(&self.services, &self.directory, seeing);
        if let Some(root) = root_of(ctx) {
            let mut through = self.through.lock().unwrap_or_else(PoisonError::into_inner);
            through.insert(root.to_owned(), Arc::new(others));
        }
    }

    /// Someone of those who are to look at a compact, in place of the caller; none when the caller may not look as others
    /// do, or there is no such compact.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn other(
        &self,
        ledger: LedgerId,
        audience: Audience,
    ) -> Result<Option<Principal>, ApiError> {
        let Some(compact) = self.compact_of(ledger).await? else {
            return Ok(None);
        };
        let whole = compact.matter(Visibility::Draft);
        if !self.sight.may(Action::ViewAs, whole).await? {
            return Ok(None);
        }
        let nobody = Uuid::nil();
        let post = match audience {
            Audience::Public => return Ok(Some(Principal::PUBLIC)),
            Audience::Funder => Post::Funder,
            Audience::OtherCompact => Post::Secretariat {
                compact_id: nobody.into(),
            },
            Audience::Member => Post::MemberRepresentative {
                compact_id: compact.compact,
                organisation_id: nobody.into(),
            },
        };
        let grant = Grant {
            id: nobody.into(),
            account: nobody.into(),
            region: compact.region,
            post,
            from: self.today(),
            until: None,
        };
        Ok(Some(Principal::account(nobody.into(), [grant])))
    }

    /// What the caller may see.
    pub(crate) fn sight(&self) -> &Sight {
        &self.sight
    }

    /// How much may be asked for.
    pub fn limits(&self) -> &Limits {
        &self.services.limits
    }

    /// Today's date.
    pub fn today(&self) -> NaiveDate {
        self.sight.today()
    }

    /// What a ledger is; none when there is no such ledger.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn place(&self, ledger: LedgerId) -> Result<Option<Place>, ApiError> {
        self.directory.find(&self.services.views, ledger).await
    }

    async fn compact_of(&self, ledger: LedgerId) -> Result<Option<CompactLedger>, ApiError> {
        Ok(match self.place(ledger).await? {
            Some(Place::Compact(compact)) => Some(compact),
            _ => None,
        })
    }

    /// A text of this ledger as the caller is shown it, opened now if nobody has yet.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) async fn shown(&self, ledger: LedgerId, text: &Text) -> Result<String, ApiError> {
        let opened = match text.sealed() {
            Some(sealed) if text.is_closed() => {
                let sealed = sealed.clone();
                self.load(TextKey { ledger, sealed }).await?
            }
            _ => None,
        };
        Ok(opened.as_ref().unwrap_or(text).shown().to_owned())
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
