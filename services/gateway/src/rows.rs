//! Rows of the views as they were last read.
//!
//! Most answers tell of the same few things, and each is a document that takes longer to read than anything else that is done with it. A row
//! is what it was for as long as no more of its ledger is shown. How far the ledgers are shown every request asks for itself
//! ([`crate::shown_now`]); so what is handed out is never older than what the views had when it came, or when it last waited for more.
//!
//! Texts stand here as they do in the tables: sealed.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::time::Duration;

use domain::ids::LedgerId;
use moka::sync::Cache;
use uuid::Uuid;

/// How much is kept, in bytes of the documents that were read.
const ROOM: u64 = 8 * 1024 * 1024;

/// How long what was read is kept at most: a rebuild that mends a row is seen no later than this, though nothing more of its ledger is shown.
pub(crate) const LONGEST: Duration = Duration::from_secs(10);

/// The rows that were read, each with how far its ledger was shown before. Cheap to clone; every clone keeps the same.
#[derive(Clone)]
pub(crate) struct Rows(Cache<(TypeId, LedgerId, Uuid), Kept>);

#[derive(Clone)]
struct Kept {
    shown: u64,
    bytes: u32,
    row: Arc<dyn Any + Send + Sync>,
}

impl Default for Rows {
    fn default() -> Self {
        let rows = Cache::builder()
            .weigher(|_, kept: &Kept| kept.bytes)
            .max_capacity(ROOM)
            .time_to_live(LONGEST);
        Self(rows.build())
    }
}

impl Rows {
    /// A row that was read when no less and no more of its ledger was shown than now.
    pub(crate) fn find<V: Any + Send + Sync>(
        &self,
        shown: Option<u64>,
        (ledger, id): (LedgerId, Uuid),
    ) -> Option<Arc<V>> {
        let kept = self.0.get(&(TypeId::of::<V>(), ledger, id))?;
        if Some(kept.shown) != shown {
            return None;
        }
        kept.row.downcast().ok()
    }

    /// Keeps a row that was read after it was asked how far its ledger is shown.
    pub(crate) fn keep<V: Any + Send + Sync>(
        &self,
        shown: Option<u64>,
        (ledger, id): (LedgerId, Uuid),
        (row, bytes): (&Arc<V>, usize),
    ) {
        let Some(shown) = shown else { return };
        let row = Arc::clone(row) as Arc<dyn Any + Send + Sync>;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let kept = Kept { shown, bytes, row };
        self.0.insert((TypeId::of::<V>(), ledger, id), kept);
    }
}

#[cfg(test)]
mod tests {
    use views::Folded;

    use super::*;
    use crate::shown_now::shown_of;

    #[test]
    fn a_row_is_handed_out_while_no_more_of_its_ledger_is_shown() {
        let ledger = |number| LedgerId::new(Uuid::from_u128(number));
        let (one, other) = (ledger(1), ledger(2));
        let id = Uuid::from_u128(3);
        let folded: Folded = [(one, 7), (other, 9)].into();
        let shown = |ledger| shown_of(Some(&folded), ledger);
        assert_eq!((shown(one), shown(ledger(3))), (Some(7), None));
        assert_eq!(shown_of(None, one), None);

        let rows = Rows::default();
        let row = Arc::new("a row".to_owned());
        rows.keep(shown(one), (one, id), (&row, 5));
        rows.keep(None, (other, id), (&row, 5));
        let found = |shown, ledger| rows.find::<String>(shown, (ledger, id));
        assert_eq!(found(Some(7), one), Some(row));
        assert_eq!(found(Some(8), one), None, "more of its ledger is shown");
        assert_eq!(
            found(None, one),
            None,
            "it cannot be told how much is shown"
        );
        assert_eq!(found(None, other), None);
        assert_eq!(found(Some(7), other), None, "another ledger's");
        assert_eq!(
            rows.find::<u64>(Some(7), (one, id)),
            None,
            "of another kind"
        );
    }
}
