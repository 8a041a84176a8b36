//! The roles that accounts were given, as the views have them.
//!
//! Whoever is signed in is looked up at the door and again for every question. Roles are in the region's ledger, so what was read of an
//! account is good for as long as no more of any ledger is shown. That is asked for every request: no role counts longer than the views said as it
//! came.

use std::sync::Arc;

use domain::ids::AccountId;
use moka::sync::Cache;
use views::queries::QueryError;
use views::{Folded, Projected, RoleGrantView, ViewReader};

use crate::rows::LONGEST;
use crate::shown_now::ShownNow;

/// Of how many accounts the roles are kept.
const ACCOUNTS: u64 = 1024;

/// Reads which roles accounts were given. Cheap to clone; every clone keeps the same.
#[derive(Clone)]
pub struct Grants {
    views: ViewReader,
    projected: Projected,
    known: Cache<AccountId, Known>,
}

/// The roles of an account, and how far every ledger was shown before they were read.
#[derive(Clone)]
struct Known {
    shown: Folded,
    given: Arc<[RoleGrantView]>,
}

impl Grants {
    /// Nothing is read yet.
    pub fn new(views: ViewReader, projected: Projected) -> Self {
        let known = Cache::builder()
            .max_capacity(ACCOUNTS)
            .time_to_live(LONGEST);
        Self {
            views,
            projected,
            known: known.build(),
        }
    }

    /// How far the ledgers are shown, for a request that has just come.
    pub(crate) fn shown_now(&self) -> ShownNow {
        ShownNow::for_a_request(&self.projected)
    }

    /// Every role an account was ever given, the newest first.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn of(
        &self,
        account: AccountId,
        shown: &ShownNow,
    ) -> Result<Arc<[RoleGrantView]>, QueryError> {
        // Where it cannot be told how far the ledgers are shown, they are read.
        let shown = shown.all().await;
        if let (Some(shown), Some(known)) = (&shown, self.known.get(&account))
            && known.shown == *shown
        {
            return Ok(known.given);
        }
        let given: Arc<[RoleGrantView]> = self.views.grants_of(account).await?.into();
        if let Some(shown) = shown {
            let given = Arc::clone(&given);
            self.known.insert(account, Known { shown, given });
        }
        Ok(given)
    }
}
