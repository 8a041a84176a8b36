//! Regions' registers as they were last read.
//!
//! Nearly every answer names a theme or an organisation, and a register is long: a large region's has thousands of
//! organisations. So what was read of one is kept, whole and as it is seen without its history, and read again only when its row is
//! another than it was. Whether it is, is asked as soon as more of the region's ledger is shown: what is kept is never older than what the
//! views have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use domain::ids::LedgerId;
use views::queries::QueryError;
use views::{RegionRegister, ViewReader};

use crate::rows::LONGEST;
use crate::seen;

/// A region's register.
#[derive(Clone)]
pub(crate) struct Register {
    /// All of it.
    pub whole: Arc<RegionRegister>,
    /// As it is seen by whoever does not read its history.
    pub seen: Arc<RegionRegister>,
}

/// The registers that were read.
#[derive(Default)]
pub(crate) struct Registers(Mutex<HashMap<LedgerId, Read>>);

/// A register that was read.
struct Read {
    register: Register,
    /// The mark its row had.
    mark: String,
    /// How far its ledger was shown before the mark was last looked at, and when that was.
    shown: Option<u64>,
    at: Instant,
}

impl Registers {
    /// A region's register as the views have it now, when the region's ledger is `shown` so far; none where there is no such region.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn find(
        &self,
        views: &ViewReader,
        region: LedgerId,
        shown: Option<u64>,
    ) -> Result<Option<Register>, QueryError> {
        let still =
            |read: &Read| shown.is_some() && read.shown == shown && read.at.elapsed() < LONGEST;
        if let Some(register) = self.known(region, still) {
            return Ok(Some(register));
        }
        let at = Instant::now();
        // The mark is read first: a row that changes in between is read anew the next time.
        let Some(mark) = views.register_mark(region).await? else {
            return Ok(None);
        };
        let register = match self.known(region, |read| read.mark == mark) {
            Some(register) => register,
            None => match views.one::<RegionRegister>(region, region.uuid()).await? {
                Some(whole) => Register {
                    seen: Arc::new(seen::register(whole.clone())),
                    whole: Arc::new(whole),
                },
                None => return Ok(None),
            },
        };
        let read = Read {
            register: register.clone(),
            mark,
            shown,
            at,
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(region, read);
        Ok(Some(register))
    }

    fn known(&self, region: LedgerId, is_still: impl FnOnce(&Read) -> bool) -> Option<Register> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = known.get(&region)?;
        is_still(read).then(|| read.register.clone())
    }
}
