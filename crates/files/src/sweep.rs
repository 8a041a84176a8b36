//! Sweeping: what nothing refers to is taken away, so much at a time.
//!
//! A command may be about to refer to a file. So a file is looked up and spoken for in one statement ([`crate::Uploads::look_up`]), and
//! is swept only when nobody has spoken for it for a day: it is marked first, in a statement that finds none that was spoken for
//! meanwhile; from then on nobody finds it to refer to it. Then it is looked at once more, with a view of references that has
//! reached the end of the ledger; and only then is it taken away. Every step may be done again, by another process too.

use chrono::TimeDelta;

use crate::error::FilesError;
use crate::files::Files;

/// How long a file may lie that nothing refers to.
pub const UNUSED_FOR: TimeDelta = TimeDelta::hours(24);

/// After how long an upload that has not come to its end never will: longer than any may take.
const LEFT_BEHIND: TimeDelta = TimeDelta::hours(1);

/// How many are dealt with at a time, of each sort.
const BATCH: i64 = 100;

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that never came to their end.
    pub left_behind: u64,
    /// Files that were marked as going.
    pub marked: u64,
    /// Files that nothing referred to, and that are gone.
    pub unused: u64,
    /// Files that are referred to after all.
    pub kept: u64,
    /// Files of which it cannot be said yet, because the views are behind.
    pub waiting: u64,
    /// Files that were removed, and of which the sealed content is gone by now.
    pub cleared: u64,
}

impl Swept {
    /// Whether there may be more that can be done at once.
    pub const fn more(&self) -> bool {
        let batch = BATCH.unsigned_abs();
        self.left_behind >= batch || self.cleared >= batch || self.unused + self.kept >= batch
    }
}

impl Files {
    /// One round, of files that nothing has referred to for `unused_for`.
    ///
    /// # Errors
    /// When database or store do not do their part; what was done by then stays done.
    pub async fn sweep(&self, unused_for: TimeDelta) -> Result<Swept, FilesError> {
        let now = self.clock.now();
        let mut swept = Swept::default();
        for of in self.uploads.left_behind(now - LEFT_BEHIND, BATCH).await? {
            self.store.delete(of).await?;
            self.uploads.drop_incoming(of).await?;
            swept.left_behind += 1;
        }
        swept.marked = self.uploads.let_go(now - unused_for, BATCH).await?;
        for of in self.uploads.going(BATCH).await? {
            match self.uploads.is_referred_to(of).await? {
                None => swept.waiting += 1,
                Some(true) => {
                    self.uploads.keep(of).await?;
                    swept.kept += 1;
                }
                Some(false) => {
                    self.store.delete(of).await?;
                    self.uploads.forget(of).await?;
                    swept.unused += 1;
                }
            }
        }
        for of in self.uploads.to_clear(BATCH).await? {
            self.store.delete(of).await?;
            self.uploads.cleared(of).await?;
            swept.cleared += 1;
        }
        Ok(swept)
    }
}
