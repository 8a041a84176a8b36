//! Keys made ahead, for texts that are subjects of their own.
//!
//! Every text that is written gets a key, and every command writes some: a round trip to the database for each would cost
//! more than recording it. So keys are made many at a time for subjects that nobody has heard of yet, kept here, and taken as
//! texts are sealed. One that is never taken, because the process ended or the text was refused, is the key of nothing.

use domain::ids::SubjectId;
use domain::sealed::{NONCE_BYTES, Sealed};
use futures::lock::Mutex;

use crate::cipher;
use crate::context::Context;
use crate::error::VaultError;
use crate::key::DataKey;
use crate::vault::Vault;

/// How many keys are made at once.
const AT_ONCE: usize = 256;

/// Keys that are made and not taken.
#[derive(Default)]
pub(crate) struct Ahead(Mutex<Vec<(SubjectId, DataKey)>>);

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
    async fn take_ahead(&self, count: usize) -> Result<Vec<(SubjectId, DataKey)>, VaultError> {
        let mut made = self.ahead.0.lock().await;
        if made.len() < count {
            let more = self.keys.make_ahead(count.max(AT_ONCE)).await?;
            made.extend(more);
        }
        let rest = made.len() - count;
        Ok(made.split_off(rest))
    }
}
