//! Regions' registers as they were last read.
//!
//! Nearly every answer names a theme or an organisation, and a register is long: a large region's has thousands of
//! organisations. So what was read of one is kept, whole and as it is seen without its history, and read again only when its row is
//! another than it was. Whether it is, is asked each time: what is kept is never older than what the views have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::LedgerId;
use views::queries::QueryError;
use views::{RegionRegister, ViewReader};

use crate::seen;

/// A region's register.
#[derive(Clone)]
pub(crate) struct Register {
    /// All of it.
    pub whole: Arc<RegionRegister>,
    /// As it is seen by whoever does not read its history.
    pub seen: Arc<RegionRegister>,
}

/// The registers that were read, each with the mark its row had.
#[derive(Default)]
pub(crate) struct Registers(Mutex<HashMap<LedgerId, (String, Register)>>);

impl Registers {
    /// A region's register as the views have it now; none where there is no such region.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn find(
        &self,
        views: &ViewReader,
        region: LedgerId,
    ) -> Result<Option<Register>, QueryError> {
        // The mark is read first: a row that changes in between is read anew the next time.
        let Some(mark) = views.register_mark(region).await? else {
            return Ok(None);
        };
        if let Some(known) = self.known(region, &mark) {
            return Ok(Some(known));
        }
        let whole: Option<RegionRegister> = views.one(region, region.uuid()).await?;
        let Some(whole) = whole else {
            return Ok(None);
        };
        let register = Register {
            seen: Arc::new(seen::register(whole.clone())),
            whole: Arc::new(whole),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(region, (mark, register.clone()));
        Ok(Some(register))
    }

    fn known(&self, region: LedgerId, mark: &str) -> Option<Register> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (as_marked, register) = known.get(&region)?;
        (as_marked == mark).then(|| register.clone())
    }
}
