//! How far the ledgers are shown, as one request takes it.
//!
//! It is asked of the database once, when it is first needed, by whoever needs it first – the door does, for the roles of whoever comes in – and
//! again after the request has waited for more to be shown, or has changed something. A request that goes on for as long as somebody follows a
//! ledger asks every time.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::LedgerId;
use views::{Folded, Projected};

/// How far the ledgers are shown, for one request. Cheap to clone; every clone knows the same.
#[derive(Clone)]
pub struct ShownNow(Arc<Inner>);

struct Inner {
    projected: Projected,
    known: Mutex<Known>,
    lasts: bool,
}

/// What was found, and how often that was forgotten.
#[derive(Default)]
struct Known {
    folded: Option<Folded>,
    forgotten: u64,
}

impl ShownNow {
    /// Not asked yet; what is found is good for the request.
    pub(crate) fn for_a_request(projected: &Projected) -> Self {
        Self::new(projected, true)
    }

    /// Asked each time, for a request that goes on.
    pub(crate) fn each_time(projected: &Projected) -> Self {
        Self::new(projected, false)
    }

    fn new(projected: &Projected, lasts: bool) -> Self {
        Self(Arc::new(Inner {
            projected: projected.clone(),
            known: Mutex::default(),
            lasts,
        }))
    }

    /// How far they are shown: as far as when this request began, or further. Nothing where it cannot be told.
    pub async fn all(&self) -> Option<Folded> {
        let Inner {
            projected,
            known,
            lasts,
        } = &*self.0;
        let forgotten = {
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(folded) = &known.folded {
                return Some(folded.clone());
            }
            known.forgotten
        };
        let folded = projected.folded().await.ok()?;
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        // What was asked for before something was waited for may be less than is shown since.
        if *lasts && known.forgotten == forgotten {
            known.folded = Some(folded.clone());
        }
        Some(folded)
    }

    /// More is shown now: it is asked again.
    pub(crate) fn forget(&self) {
        let known = self.0.known.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        known.folded = None;
        known.forgotten += 1;
    }
}

impl fmt::Debug for ShownNow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ShownNow").finish_non_exhaustive()
    }
}

/// How far this ledger is shown; nothing where it could not be told.
pub(crate) fn shown_of(folded: Option<&Folded>, ledger: LedgerId) -> Option<u64> {
    let folded = folded?;
    let at = folded.binary_search_by_key(&ledger, |(ledger, _)| *ledger);
    at.ok().map(|at| folded[at].1)
}
