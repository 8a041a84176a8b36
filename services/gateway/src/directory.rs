//! The directory: which ledgers there are, and what each is.
//!
//! An id that a client sends names a ledger or nothing. Until it was looked up here it is a number and nothing else: no
//! ledger is read by it, but for where it ends when a question waits for one the views may not know yet. What a ledger is
//! never changes, so what was found is remembered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::CompactLedger;
use domain::ids::{CompactId, LedgerId, RegionId};
use views::ViewReader;

use crate::error::ApiError;
use crate::registers::Registers;
use crate::rows::Rows;

/// What a ledger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A region's.
    Region(RegionId),
    /// A compact's.
    Compact(CompactLedger),
}

/// The ledgers that were looked up and are there, and what was read of them.
#[derive(Default)]
pub(crate) struct Directory {
    places: Mutex<HashMap<LedgerId, Place>>,
    slugs: Mutex<HashMap<String, LedgerId>>,
    pub(crate) registers: Arc<Registers>,
    pub(crate) rows: Rows,
}

impl Directory {
    /// What this ledger is; none when there is no such ledger.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn find(
        &self,
        views: &ViewReader,
        ledger: LedgerId,
    ) -> Result<Option<Place>, ApiError> {
        if let Some(place) = self.known(ledger) {
            return Ok(Some(place));
        }
        let Some(region) = views.region_of(ledger).await? else {
            return Ok(None);
        };
        let place = if region.ledger() == ledger {
            Place::Region(region)
        } else {
            let compact = CompactId::new(ledger.uuid());
            Place::Compact(CompactLedger { compact, region })
        };
        let mut known = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(ledger, place);
        Ok(Some(place))
    }

    /// The ledger of the compact that had this name in URLs when it was last looked up. It may have another by now.
    pub(crate) fn compact_called(&self, slug: &str) -> Option<LedgerId> {
        let slugs = self.slugs.lock().unwrap_or_else(PoisonError::into_inner);
        slugs.get(slug).copied()
    }

    /// The compact of this ledger has this name in URLs.
    pub(crate) fn is_called(&self, ledger: LedgerId, slug: &str) {
        let mut slugs = self.slugs.lock().unwrap_or_else(PoisonError::into_inner);
        slugs.insert(slug.to_owned(), ledger);
    }

    fn known(&self, ledger: LedgerId) -> Option<Place> {
        let known = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&ledger).copied()
    }
}
