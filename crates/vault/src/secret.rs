//! The vault's own secret: makes values that can be compared but not guessed.
//!
//! To find an account by its e-mail address, or to tell a retried command from another, two values are compared without either
//! being kept. A plain hash would do for that and would be guessed in an afternoon: there are not many names. So it is keyed
//! (HMAC-SHA-256), by a secret that is wrapped by the master key like any other and so stays the same when that is changed.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::{DataKey, KEY_BYTES};
use crate::keys::{KEY_VERSION, Keys, master_key_id, secret_bound};
use crate::master::Wrapped;

/// Bytes of a block of SHA-256.
const BLOCK_BYTES: usize = 64;

/// What a keyed value is for: values for different purposes cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// Values things are looked up by.
    Index,
    /// What commands asked for.
    Digest,
}

impl Family {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Index => b"compacts blind index 1\0",
            Self::Digest => b"compacts keyed digest 1\0",
        }
    }
}

/// The secret.
pub(crate) struct Secret(DataKey);

impl Secret {
    /// HMAC-SHA-256 of `value` under a key of this family and purpose.
    pub(crate) fn keyed(&self, family: Family, purpose: &str, value: &[u8]) -> [u8; KEY_BYTES] {
        let mut own = hmac(self.0.bytes(), &[family.label(), purpose.as_bytes()]);
        hmac(DataKey::take(&mut own).bytes(), &[value])
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

fn hmac(key: &[u8; KEY_BYTES], parts: &[&[u8]]) -> [u8; KEY_BYTES] {
    // A key shorter than the hash's block is filled up with zeros (RFC 2104, 2).
    let mut block = Zeroizing::new([0; BLOCK_BYTES]);
    block[..KEY_BYTES].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The name the secret is kept under.
const NAME: &str = "comparison";

/// The secret of this database; made the first time, by whoever comes first.
pub(crate) async fn load(keys: &Keys) -> Result<Secret, VaultError> {
    if let Some(secret) = stored(keys).await? {
        return Ok(secret);
    }
    let drawn = DataKey::draw(&*keys.randomness)?;
    let bound = secret_bound(NAME, KEY_VERSION);
    let wrapped = keys.master.wrap(&drawn, &bound).await?;
    sqlx::query!(
        "insert into vault.secret (name, key_version, master_key_id, wrapped_key, made_at)
         values ($1, $2, $3, $4, $5) on conflict (name) do nothing",
        NAME,
        KEY_VERSION,
        wrapped.master.as_str(),
        wrapped.bytes,
        keys.clock.now(),
    )
    .execute(&keys.pool)
    .await?;
    stored(keys)
        .await?
        .ok_or(VaultError::Store(sqlx::Error::RowNotFound))
}

async fn stored(keys: &Keys) -> Result<Option<Secret>, VaultError> {
    let row = sqlx::query!(
        "select key_version, master_key_id, wrapped_key from vault.secret where name = $1",
        NAME
    )
    .fetch_optional(&keys.pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let wrapped = Wrapped {
        master: master_key_id(&row.master_key_id)?,
        bytes: row.wrapped_key,
    };
    let bound = secret_bound(NAME, row.key_version);
    let key = keys.master.unwrap(&wrapped, &bound).await?;
    Ok(Some(Secret(key)))
}

#[cfg(test)]
mod tests {
    use super::{Family, Secret};
    use crate::key::DataKey;

    fn keyed(family: Family, purpose: &str, value: &str) -> String {
        let key = DataKey::take(&mut std::array::from_fn(|at| u8::try_from(at).unwrap_or(0)));
        hex::encode(Secret(key).keyed(family, purpose, value.as_bytes()))
    }

    #[test]
    fn values_made_by_the_first_version_are_still_found() {
        assert_eq!(
            keyed(Family::Index, "email", "mary@example.org"),
            "792dd4f1c87cbc9ee6c59721d9d059950ac91b78384c2870e43b8a5fcf589ac7"
        );
        assert_eq!(
            keyed(Family::Digest, "email", "mary@example.org"),
            "f1405097e07920c3ec7645b048764ace38352eddee150057fefdfeb3ba19caf1"
        );
    }

    #[test]
    fn values_for_different_purposes_cannot_be_compared() {
        let email = keyed(Family::Index, "email", "x");
        assert_eq!(email, keyed(Family::Index, "email", "x"));
        assert_ne!(email, keyed(Family::Index, "phone", "x"));
        assert_ne!(email, keyed(Family::Index, "email", "y"));
        assert_ne!(
            keyed(Family::Index, "email", "x"),
            keyed(Family::Index, "emai", "lx")
        );
    }
}
