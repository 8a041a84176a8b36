//! Openings: a compact that is opened in its region's register begins a ledger of its own.
//!
//! These are two appends to two ledgers. The first is what was asked for, and it is answered with its
//! receipt whatever becomes of the second, which follows from what is recorded: tried at once, then
//! again and again by a task of its own, and once more whenever a recorder starts.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use domain::ids::LedgerId;
use domain::{Command, RegionCommand};
use ledger::Receipt;

use crate::recorder::Inner;
use crate::submission::{Answer, Installation, RecordError, Sender, Submission};

/// The first and the longest pause before an opening is tried again.
const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// When to come back to a compact that is being opened.
const COME_BACK: Duration = Duration::from_secs(2);

/// Regions with openings that are not finished, each with how often one failed. A region in it has a
/// task that tries again.
#[derive(Default)]
pub(crate) struct Unfinished {
    regions: Mutex<HashMap<LedgerId, u64>>,
}

impl Unfinished {
    /// Notes that an opening failed. Answers whether it is the first, which nobody tries again yet.
    fn note(&self, region: LedgerId) -> bool {
        let mut regions = self.regions();
        let failures = regions.entry(region).or_default();
        *failures += 1;
        *failures == 1
    }

    fn failures(&self, region: LedgerId) -> u64 {
        self.regions().get(&region).copied().unwrap_or_default()
    }

    /// Notes that all were finished that had failed when there were `failures`. Answers whether that
    /// is still all.
    fn finished(&self, region: LedgerId, failures: u64) -> bool {
        let mut regions = self.regions();
        let all = regions.get(&region).is_none_or(|now| *now == failures);
        if all {
            regions.remove(&region);
        }
        all
    }

    fn regions(&self) -> MutexGuard<'_, HashMap<LedgerId, u64>> {
        self.regions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Begins the ledgers of the compacts that a recorded submission opened. That they are not begun
    /// yet is no reason to call what is recorded unrecorded: then it is tried again later.
    pub(crate) async fn follow_up(
        self: &Arc<Self>,
        submission: &Submission<Sender>,
        receipt: &Receipt,
    ) {
        let opens = |command: &Command| {
            let Command::Region { command, .. } = command else {
                return false;
            };
            matches!(command, RegionCommand::OpenCompact { .. })
        };
        if !submission.commands.iter().any(opens) {
            return;
        }
        let region = submission.ledger;
        let (before, last) = (receipt.first_position - 1, receipt.last_position);
        if let Err(error) = self.begin(region, before, last).await {
            tracing::warn!(%error, "a compact is opened, but its own ledger has not begun; trying again");
            if self.unfinished.note(region) {
                let inner = Arc::downgrade(self);
                let work = move || try_again(inner.clone(), region);
                tokio::spawn(ledger::supervised("openings", work));
            }
        }
    }

    /// Begins every compact the register has open whose ledger has not begun. Gives how many.
    pub(crate) async fn finish_openings(
        self: &Arc<Self>,
        region: LedgerId,
    ) -> Result<usize, RecordError> {
        self.begin(region, 0, u64::MAX).await
    }

    /// Begins the compacts opened after `after` and up to `last` that have not begun.
    async fn begin(
        self: &Arc<Self>,
        region: LedgerId,
        after: u64,
        last: u64,
    ) -> Result<usize, RecordError> {
        let mut begun = 0;
        for opening in self.facts.unbegun_compacts(region, after, last).await? {
            // The region's command is the cause; its id, spoken for in another ledger, is free here.
            self.record_opening(opening).await?;
            begun += 1;
        }
        Ok(begun)
    }

    /// Records an opening, which is itself a submission: its type has to end somewhere.
    fn record_opening(
        self: &Arc<Self>,
        opening: Submission<Installation>,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, RecordError>> + Send>> {
        let inner = Arc::clone(self);
        let opening = opening.map_actor(Sender::Installation);
        Box::pin(async move { inner.record(opening).await })
    }

    /// What to say of a ledger that has not begun: that there is none, or that it is about to.
    pub(crate) async fn not_begun(&self, ledger: LedgerId) -> RecordError {
        let regions: Vec<LedgerId> = self.unfinished.regions().keys().copied().collect();
        for region in regions {
            match self.facts.unbegun_compacts(region, 0, u64::MAX).await {
                Ok(openings) if openings.iter().all(|opening| opening.ledger != ledger) => {}
                Ok(_) => return RecordError::busy(COME_BACK),
                Err(error) => return error,
            }
        }
        RecordError::UnknownLedger
    }
}

/// Tries until every opening of a region is finished, or the recorder is gone.
async fn try_again(inner: Weak<Inner>, region: LedgerId) {
    let mut pause = PAUSE;
    loop {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        let Some(inner) = inner.upgrade() else { return };
        let failures = inner.unfinished.failures(region);
        match inner.finish_openings(region).await {
            Ok(begun) => {
                tracing::info!(%region, begun, "openings that had failed are finished");
                if inner.unfinished.finished(region, failures) {
                    return;
                }
            }
            Err(error) => tracing::warn!(%region, %error, "an opening failed again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_opening_that_fails_while_others_are_finished_is_not_forgotten() {
        let (unfinished, region) = (Unfinished::default(), LedgerId::new(Uuid::from_u128(1)));
        assert!(unfinished.note(region), "the first needs someone");
        let seen = unfinished.failures(region);
        assert!(!unfinished.note(region), "who is there already");
        assert!(!unfinished.finished(region, seen));
        assert!(unfinished.finished(region, unfinished.failures(region)));
        assert!(unfinished.note(region), "and the next needs someone again");
    }
}
