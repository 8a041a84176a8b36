//! Keys made ahead, for texts that are subjects of their own.
//!
//! Every text that is written gets a key, and every command writes some: a round trip to the database for each would cost
//! more than recording it. So keys are made many at a time for subjects that nobody has heard of yet, kept here, and taken as
//! texts are sealed; and when half are taken, more are made while the rest last. One that is never taken, because the process
//! ended or the text was refused, is the key of nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::SubjectId;
use domain::sealed::{NONCE_BYTES, Sealed};

use crate::cipher;
use crate::context::Context;
use crate::error::VaultError;
use crate::key::DataKey;
use crate::vault::Vault;

/// How many keys are made at once at first, and how many at most. Whoever takes them fast is made more at once: who seals a
/// text a day leaves few behind.
const AT_FIRST: usize = 32;
const AT_MOST: usize = 512;

/// A key, and whose it will be.
type Made = (SubjectId, DataKey);

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
        let sealed = texts.iter().zip(&keys).map(|(plain, (subject, key))| {
            let mut nonce = [0; NONCE_BYTES];
            self.keys.randomness.fill(&mut nonce)?;
            cipher::seal(key, nonce, *subject, context, plain).map_err(|_| VaultError::TooLong)
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::clock::SystemClock;
    use domain::ids::LedgerId;
    use futures::future::join_all;
    use sqlx::PgPool;
    use uuid::Uuid;

    use super::*;
    use crate::master::MasterKeyFile;
    use crate::randomness::SystemRandomness;
    use crate::{ToUnseal, Unsealed};

    async fn vault(folder: &tempfile::TempDir, pool: &PgPool) -> Vault {
        let file = folder.path().join("master-keys");
        let master = MasterKeyFile::open(&file, Arc::new(SystemRandomness)).expect("a master key");
        let (randomness, clock) = (Arc::new(SystemRandomness), Arc::new(SystemClock));
        let vault = Vault::open(pool.clone(), Arc::new(master), randomness, clock).await;
        vault.expect("a vault")
    }

    async fn rows(pool: &PgPool) -> usize {
        let rows: i64 = sqlx::query_scalar("select count(*) from vault.subject")
            .fetch_one(pool)
            .await
            .expect("a count");
        usize::try_from(rows).expect("few")
    }

    fn left(vault: &Vault) -> usize {
        vault.ahead.reserve.lock().expect("the reserve").made.len()
    }

    fn place() -> Context {
        Context::text(LedgerId::new(Uuid::from_u128(1)))
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn callers_who_come_together_when_none_is_left_each_get_keys_of_their_own(pool: PgPool) {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = vault(&folder, &pool).await;
        let sealing = (0..64).map(|_| {
            let vault = vault.clone();
            tokio::spawn(async move { vault.seal_new(&place(), &["one", "two", "three"]).await })
        });
        let mut sealed = Vec::new();
        for one in join_all(sealing).await {
            sealed.extend(one.expect("it ran").expect("sealed"));
        }
        let subjects: HashSet<SubjectId> = sealed.iter().map(Sealed::subject).collect();
        assert_eq!(subjects.len(), 64 * 3, "no key is taken twice");
        let stored = rows(&pool).await;
        assert!(stored >= 64 * 3, "and each is in the database: {stored}");
        assert!(left(&vault) <= 2 * AT_MOST, "no more are kept than that");
        let here = place();
        let texts: Vec<ToUnseal<'_>> = sealed
            .iter()
            .map(|sealed| ToUnseal {
                sealed,
                context: &here,
            })
            .collect();
        let says = vault.unseal_many(&texts).await.expect("opened");
        let says: Vec<Option<String>> = says.into_iter().map(Unsealed::into_plain).collect();
        let said = |n: usize| Some(["one", "two", "three"][n % 3].to_owned());
        assert!((0..).zip(&says).all(|(n, says)| *says == said(n)));
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn more_are_made_while_the_rest_last(pool: PgPool) {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = vault(&folder, &pool).await;
        vault.seal_new(&place(), &["first"]).await.expect("sealed");
        assert_eq!((left(&vault), rows(&pool).await), (AT_FIRST, AT_FIRST + 1));
        let half = vec!["more"; AT_FIRST / 2 + 1];
        vault.seal_new(&place(), &half).await.expect("sealed");
        // Nobody waits for those: they come by themselves, twice as many as before.
        while left(&vault) < 2 * AT_FIRST {
            tokio::task::yield_now().await;
        }
        assert_eq!(left(&vault), AT_FIRST / 2 - 1 + 2 * AT_FIRST);
        assert_eq!(rows(&pool).await, 1 + 3 * AT_FIRST);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn keys_that_a_process_left_behind_are_nobody_s_and_the_next_makes_its_own(pool: PgPool) {
        let folder = tempfile::tempdir().expect("a folder");
        let first = vault(&folder, &pool).await;
        let sealed = first.seal_new(&place(), &["said before"]).await;
        let sealed = sealed.expect("sealed").remove(0);
        let reserved = rows(&pool).await;
        drop(first);
        let next = vault(&folder, &pool).await;
        let other = next.seal_new(&place(), &["said after"]).await;
        let other = other.expect("sealed").remove(0);
        assert_ne!(sealed.subject(), other.subject());
        assert_eq!(
            rows(&pool).await,
            2 * reserved,
            "none of the first's is used"
        );
        let says = next.unseal(&sealed, &place()).await.expect("opened");
        assert_eq!(says.into_plain().as_deref(), Some("said before"));
    }
}
