//! Sight: what of all there is this caller may see.
//!
//! There is one for each request. It asks the policies, with the roles that the caller holds as the request comes in,
//! and remembers their answers for as long as the request lasts.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use access::{Access, Action, CompactLedger, Grant, Principal, Resource};
use chrono::NaiveDate;
use domain::{Reach, Visibility};
use tokio::sync::OnceCell;
use views::{RoleGrantView, ViewReader};

use crate::caller::Caller;
use crate::error::ApiError;

/// What a caller may see.
pub(crate) struct Sight {
    access: Arc<Access>,
    views: ViewReader,
    caller: Caller,
    today: NaiveDate,
    roles: OnceCell<Roles>,
    decided: Memory<(Action, Resource), bool>,
    reached: Memory<CompactLedger, Option<Reach>>,
}

/// Who asks, with the roles they were ever given.
struct Roles {
    principal: Principal,
    given: Vec<RoleGrantView>,
}

/// Answers given before.
struct Memory<K, V>(Mutex<HashMap<K, V>>);

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    fn get_or(&self, key: K, work_out: impl FnOnce(&K) -> V) -> V {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known.get(&key) {
            return answer.clone();
        }
        let answer = work_out(&key);
        known.insert(key, answer.clone());
        answer
    }
}

impl<K, V> Default for Memory<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl Sight {
    /// What this caller may see on the day `today`.
    pub(crate) fn new(
        access: &Arc<Access>,
        views: &ViewReader,
        caller: Caller,
        today: NaiveDate,
    ) -> Self {
        Self {
            access: Arc::clone(access),
            views: views.clone(),
            caller,
            today,
            roles: OnceCell::new(),
            decided: Memory::default(),
            reached: Memory::default(),
        }
    }

    /// What someone with these roles would see, whoever asks.
    pub(crate) fn through(&self, principal: Principal) -> Self {
        let roles = Roles {
            principal,
            given: Vec::new(),
        };
        Self {
            roles: OnceCell::new_with(Some(roles)),
            ..Self::new(&self.access, &self.views, Caller::public(), self.today)
        }
    }

    /// Who asks.
    pub(crate) const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The day it is for this request.
    pub(crate) const fn today(&self) -> NaiveDate {
        self.today
    }

    /// Every role the caller was ever given.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn given(&self) -> Result<&[RoleGrantView], ApiError> {
        Ok(&self.roles().await?.given)
    }

    /// Whether the caller may do this. What could not be decided may not be done.
    ///
    /// # Errors
    /// When the caller's roles cannot be read.
    pub(crate) async fn may(
        &self,
        action: Action,
        resource: impl Into<Resource>,
    ) -> Result<bool, ApiError> {
        let principal = &self.roles().await?.principal;
        let decide = |(action, resource): &(Action, Resource)| {
            let decision = self.access.decide(principal, *action, resource, self.today);
            for error in &decision.errors {
                tracing::error!(
                    error,
                    action = action.name(),
                    "the policies could not decide"
                );
            }
            decision.allowed
        };
        Ok(self.decided.get_or((action, resource.into()), decide))
    }

    /// How low the caller reads in a compact's ledger; none when nothing there is read.
    ///
    /// # Errors
    /// When the caller's roles cannot be read.
    pub(crate) async fn reach(&self, ledger: CompactLedger) -> Result<Option<Reach>, ApiError> {
        let principal = &self.roles().await?.principal;
        let reach = |ledger: &CompactLedger| self.access.reach(principal, *ledger, self.today);
        Ok(self.reached.get_or(ledger, reach))
    }

    /// Whether the caller follows a compact's ledger, drafts and all.
    ///
    /// # Errors
    /// When the caller's roles cannot be read.
    pub(crate) async fn follows(&self, ledger: CompactLedger) -> Result<bool, ApiError> {
        self.may(Action::FollowLedger, ledger.matter(Visibility::Draft))
            .await
    }

    async fn roles(&self) -> Result<&Roles, ApiError> {
        self.roles.get_or_try_init(|| self.read_roles()).await
    }

    async fn read_roles(&self) -> Result<Roles, ApiError> {
        let Some(account) = self.caller.account() else {
            return Ok(Roles {
                principal: Principal::PUBLIC,
                given: Vec::new(),
            });
        };
        let given = self.views.grants_of(account).await?;
        let grants = given.iter().map(|grant| Grant {
            id: grant.id,
            account: grant.held.account_id,
            region: grant.region(),
            post: grant.held.post,
            from: grant.from,
            until: grant.until.current,
        });
        let principal = Principal::account(account, grants);
        let principal = match self.caller.token() {
            Some(token) => principal.with(token.clone()),
            None => principal,
        };
        Ok(Roles { principal, given })
    }
}
