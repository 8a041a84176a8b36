//! Sight: what of all there is this caller may see.
//!
//! There is one for each request. It asks the policies, with the roles that the caller holds as the request comes in.

use std::sync::Arc;

use access::{Action, CompactLedger, Grant, Principal, Resource};
use chrono::NaiveDate;
use domain::{Reach, Visibility};
use tokio::sync::OnceCell;
use views::RoleGrantView;

use crate::caller::Caller;
use crate::decisions::{Decided, Decisions};
use crate::error::ApiError;
use crate::grants::Grants;
use crate::shown_now::ShownNow;

/// What a caller may see.
pub(crate) struct Sight {
    decisions: Decisions,
    grants: Grants,
    caller: Caller,
    today: NaiveDate,
    shown: ShownNow,
    roles: OnceCell<Roles>,
}

/// The roles that who asks was ever given, and what is decided about somebody with them.
struct Roles {
    decided: Arc<Decided>,
    given: Arc<[RoleGrantView]>,
}

impl Sight {
    /// What this caller may see on the day `today`, by the roles that show now.
    pub(crate) fn new(
        decisions: &Decisions,
        grants: &Grants,
        caller: Caller,
        (today, shown): (NaiveDate, ShownNow),
    ) -> Self {
        Self {
            decisions: decisions.clone(),
            grants: grants.clone(),
            caller,
            today,
            shown,
            roles: OnceCell::new(),
        }
    }

    /// What someone with these roles would see, whoever asks.
    pub(crate) fn through(&self, principal: &Principal) -> Self {
        let roles = Roles {
            decided: self.decisions.about(principal, self.today),
            given: Arc::default(),
        };
        let now = (self.today, self.shown.clone());
        Self {
            roles: OnceCell::new_with(Some(roles)),
            ..Self::new(&self.decisions, &self.grants, Caller::public(), now)
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
        let roles = self.roles().await?;
        Ok(roles.decided.may(action, resource.into()))
    }

    /// How low the caller reads in a compact's ledger; none when nothing there is read.
    ///
    /// # Errors
    /// When the caller's roles cannot be read.
    pub(crate) async fn reach(&self, ledger: CompactLedger) -> Result<Option<Reach>, ApiError> {
        Ok(self.roles().await?.decided.reach(ledger))
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
                decided: self.decisions.about(&Principal::PUBLIC, self.today),
                given: Arc::default(),
            });
        };
        let given = self.grants.of(account, &self.shown).await?;
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
        let decided = self.decisions.about(&principal, self.today);
        Ok(Roles { decided, given })
    }
}
