//! Keys made ahead, for texts that are subjects of their own.
//!
//! Every text that is written gets a key, and every command writes some: a round trip to the database for each would cost
//! more than recording it. So keys are made many at a time for subjects that nobody has heard of yet, kept here, and taken as
//! texts are sealed; and when half are taken, more are made while the rest last. One that is never taken, because the process
//! ended or the text was refused, is the key of nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::sealed::Sealed;

use crate::cipher;
use crate::context::Context;
use crate::error::VaultError;
use crate::keys::Made;
use crate::vault::Vault;

/// How many keys are made at once at first, and how many at most. Whoever takes them fast is made more at once: who seals a
/// text a day leaves few behind.
const AT_FIRST: usize = 32;
const AT_MOST: usize = 512;

/// Keys that are made and not taken.
#[derive(Default)]
pub(crate) struct Ahead {
    reserve: Mutex<Reserve>,
    /// Whose turn it is to make more.
    turn: futures::lock::Mutex<()>,
    /// Whether more are being made while the rest last.
    refilling: AtomicBool,
}

#[derive(Default)]
struct Reserve {
    made: Vec<Made>,
    /// How many were made at once the last time.
    at_once: usize,
}

impl Ahead {
    /// So many of those there are; and whether more should be made by now.
    fn take(&self, count: usize) -> Option<(Vec<Made>, bool)> {
        let mut reserve = self.reserve.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = reserve.made.len().checked_sub(count)?;
        let taken = reserve.made.split_off(rest);
        Some((taken, rest < reserve.at_once / 2))
    }

    /// How many to make now.
    fn at_once(&self) -> usize {
        let mut reserve = self.reserve.lock().unwrap_or_else(PoisonError::into_inner);
        reserve.at_once = (reserve.at_once * 2).clamp(AT_FIRST, AT_MOST);
        reserve.at_once
    }

    fn keep(&self, more: Vec<Made>) {
        let mut reserve = self.reserve.lock().unwrap_or_else(PoisonError::into_inner);
        reserve.made.extend(more);
    }
}

impl Vault {
    /// Seals texts that stand in one place, each as a new subject of its own, in the order they came: all of them or none. Most
    /// calls make no round trip to the database.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] for a text that is; else when the database, the master key or the randomness fail.
    pub async fn seal_new(
        &self,
        context: &Context,
        texts: &[&str],
    ) -> Result<Vec<Sealed>, VaultError> {
        let keys = self.take_ahead(texts.len()).await?;
        let sealed = texts.iter().zip(keys).map(|(plain, made)| {
            let Made {
                subject,
                key,
                nonce,
            } = made;
            cipher::seal(&key, nonce, subject, context, plain).map_err(|_| VaultError::TooLong)
        });
        sealed.collect()
    }

    /// So many keys, each taken once.
    async fn take_ahead(&self, count: usize) -> Result<Vec<Made>, VaultError> {
        if count == 0 {
            return Ok(Vec::new());
        }
        if let Some((taken, low)) = self.ahead.take(count) {
            if low && !self.ahead.refilling.swap(true, Ordering::AcqRel) {
                tokio::spawn(refill(self.clone(), Refilling(Arc::clone(&self.ahead))));
            }
            return Ok(taken);
        }
        let _turn = self.ahead.turn.lock().await;
        // Whoever had the turn before may have left enough.
        if let Some((taken, _)) = self.ahead.take(count) {
            return Ok(taken);
        }
        let mut made = self.keys.make_ahead(count + self.ahead.at_once()).await?;
        self.ahead.keep(made.split_off(count));
        Ok(made)
    }
}

/// That more are being made, for as long as it is there.
struct Refilling(Arc<Ahead>);

impl Drop for Refilling {
    fn drop(&mut self) {
        self.0.refilling.store(false, Ordering::Release);
    }
}

/// Makes more keys while the rest last. When it cannot, whoever finds none left is told why.
async fn refill(vault: Vault, refilling: Refilling) {
    let ahead = &refilling.0;
    let _turn = ahead.turn.lock().await;
    match vault.keys.make_ahead(ahead.at_once()).await {
        Ok(more) => ahead.keep(more),
        Err(error) => tracing::warn!(%error, "keys could not be made ahead"),
    }
}
