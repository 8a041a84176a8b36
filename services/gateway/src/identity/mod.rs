//! Who is at the door: accounts, as HTTP meets them.
//!
//! A browser shows a cookie, a program a token. What either comes to is an account, and how far its owner is in: the roles
//! it holds today say whether a second factor is asked for. What the account may do is not decided here.

mod cookie;
mod drafts;
mod identify;
mod roles;

use std::error::Error;
use std::sync::Arc;

use accounts::{
    Accounts, Parts, SecurityEvent, SessionToken, Standing, StoreError, SystemRandomness,
    VaultSealing, WebSession,
};
use axum::http::HeaderMap;
use domain::clock::Clock;
use domain::ids::{AccountId, IdSource, LedgerId};
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::Pool;
use tokio::sync::OnceCell;
use uuid::Uuid;
use vault::Vault;
use views::{PageRequest, QueryError, RoleGrantView, ViewReader};

use crate::grants::Grants;
use crate::services::SecurityLog;
use crate::shown_now::ShownNow;

pub use cookie::{end_cookie, only as only_cookie, session_cookie};
pub use identify::FROM_A_PAGE;
pub use roles::HeldRole;

/// What accounts are opened from, as soon as there is a region for them to belong to.
pub struct Household {
    /// Keeps the keys of personal data.
    pub vault: Vault,
    /// Connections in the gateway's role.
    pub pool: Pool,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<dyn IdSource>,
    /// The limits accounts live under.
    pub settings: accounts::Settings,
}

/// Tells who is at the door. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    household: Household,
    views: ViewReader,
    grants: Grants,
    opened: OnceCell<Accounts>,
}

/// It cannot be told just now who somebody is. Nobody was refused.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// There is no region yet, and so no accounts.
    #[error("there is no region yet, to which accounts belong")]
    NoRegion,
    /// The accounts cannot be worked with.
    #[error(transparent)]
    Accounts(#[from] StoreError),
    /// What roles there are cannot be read.
    #[error("the roles of an account cannot be read")]
    Roles(#[from] QueryError),
    /// Accounts are kept for one region.
    #[error("there are several regions in this database, and accounts are kept for one")]
    SeveralRegions,
}

/// Somebody who signed in with a browser.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Their session.
    pub session: WebSession,
    /// How far they are in.
    pub standing: Standing,
    /// Whether a role they hold today asks for a second factor.
    pub second_factor_required: bool,
    /// How far the ledgers are shown, as their roles were looked up.
    pub shown: ShownNow,
}

/// What a browser's cookie comes to.
#[derive(Clone, Debug)]
pub enum Browser {
    /// It holds none.
    Nobody,
    /// It holds one of a session that has ended, or of none.
    Ended,
    /// Somebody.
    Visitor(Visitor),
}

impl SecurityLog for Identity {
    fn exported(
        &self,
        account: AccountId,
        person: Uuid,
    ) -> BoxFuture<'_, Result<(), Box<dyn Error + Send + Sync>>> {
        let exported = SecurityEvent::PersonalDataExported;
        async move { Ok(self.write_down(exported, account, person).await?) }.boxed()
    }

    fn refused(
        &self,
        account: AccountId,
        ledger: LedgerId,
    ) -> BoxFuture<'_, Result<(), Box<dyn Error + Send + Sync>>> {
        let refused = SecurityEvent::AccessRefused;
        async move { Ok(self.write_down(refused, account, ledger.uuid()).await?) }.boxed()
    }
}

impl Identity {
    /// Tells people by the accounts of this household, and their roles by what these views say they were given.
    pub fn new(household: Household, views: ViewReader, grants: Grants) -> Self {
        let opened = OnceCell::new();
        Self {
            inner: Arc::new(Inner {
                household,
                views,
                grants,
                opened,
            }),
        }
    }

    /// The accounts; none until there is a region, to which they all belong.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub async fn accounts(&self) -> Result<Option<&Accounts>, IdentityError> {
        let Inner {
            household,
            views,
            opened,
            ..
        } = &*self.inner;
        if let Some(accounts) = opened.get() {
            return Ok(Some(accounts));
        }
        let regions = views.regions(&PageRequest::first(2, None)).await?;
        let mut ledgers = regions.edges.iter().map(|edge| edge.node.ledger);
        let region = match (ledgers.next(), ledgers.next()) {
            (None, _) => return Ok(None),
            (Some(_), Some(_)) => return Err(IdentityError::SeveralRegions),
            (Some(region), None) => region,
        };
        let open = async || {
            let parts = Parts {
                pool: household.pool.clone(),
                sealing: Arc::new(VaultSealing::new(household.vault.clone(), region)),
                clock: Arc::clone(&household.clock),
                ids: Arc::clone(&household.ids),
                randomness: Arc::new(SystemRandomness),
            };
            Accounts::new(parts, household.settings.clone())
        };
        Ok(Some(opened.get_or_try_init(open).await?))
    }

    async fn write_down(
        &self,
        event: SecurityEvent,
        account: AccountId,
        thing: Uuid,
    ) -> Result<(), IdentityError> {
        let accounts = self.accounts().await?;
        let accounts = accounts.ok_or(IdentityError::NoRegion)?;
        let from = accounts::Caller::local();
        let written = accounts.record(event, Some(account), Some(thing), &from);
        Ok(written.await?)
    }

    /// What time it is.
    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.household.clock
    }

    /// Who the browser that sent `headers` is signed in as.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub async fn browser(&self, headers: &HeaderMap) -> Result<Browser, IdentityError> {
        let Some(shown) = cookie::session(headers) else {
            return Ok(Browser::Nobody);
        };
        let (Some(token), Some(accounts)) = (SessionToken::read(shown), self.accounts().await?)
        else {
            return Ok(Browser::Ended);
        };
        match accounts.session(&token).await? {
            Some(session) => Ok(Browser::Visitor(self.visitor(session).await?)),
            None => Ok(Browser::Ended),
        }
    }

    /// How far the owner of a session is in, by the roles they hold today.
    ///
    /// # Errors
    /// When those cannot be read.
    pub async fn visitor(&self, session: WebSession) -> Result<Visitor, IdentityError> {
        let shown = self.inner.grants.shown_now();
        let account = session.account();
        let required = self.second_factor_required(account, &shown).await?;
        Ok(Visitor {
            standing: session.standing(required),
            session,
            second_factor_required: required,
            shown,
        })
    }

    /// Whether a role the account holds today asks for a second factor.
    ///
    /// # Errors
    /// When those cannot be read.
    async fn second_factor_required(
        &self,
        account: AccountId,
        shown: &ShownNow,
    ) -> Result<bool, IdentityError> {
        let grants = self.grants(account, shown).await?;
        Ok(grants
            .iter()
            .any(|grant| grant.held.post.role().needs_second_factor()))
    }

    /// The roles an account holds today.
    async fn grants(
        &self,
        account: AccountId,
        shown: &ShownNow,
    ) -> Result<Vec<RoleGrantView>, IdentityError> {
        let today = self.clock().today();
        let given = self.inner.grants.of(account, shown).await?;
        let held = given.iter().filter(|grant| grant.is_held(today));
        Ok(held.cloned().collect())
    }

    /// The roles an account holds today, in words.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn roles(&self, account: AccountId) -> Result<Vec<HeldRole>, IdentityError> {
        let shown = self.inner.grants.shown_now();
        roles::in_words(&self.inner.views, self.grants(account, &shown).await?).await
    }

    /// The token a browser shows, whatever it is worth: a sign-in takes its place.
    pub fn token_shown(headers: &HeaderMap) -> Option<SessionToken> {
        SessionToken::read(cookie::session(headers)?)
    }
}
