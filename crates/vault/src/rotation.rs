//! Changing the master key: what older ones wrapped is wrapped again by the newest.

use domain::ids::SubjectId;

use crate::error::{OpenError, VaultError};
use crate::keys::{Keys, master_key_id, secret_bound, subject_bound};
use crate::master::Wrapped;
use crate::vault::Vault;

/// How far a change of the master key has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewrapped {
    /// How many keys were wrapped again by this call.
    pub now: u64,
    /// How many are left under older master keys.
    pub left: u64,
}

impl Vault {
    /// Wraps up to `at_most` keys that an older master key wrapped again by the newest; call until nothing is left. May run
    /// beside everything else, be stopped at any moment, and be run by several. The keys themselves stay the same: nothing
    /// that was sealed changes.
    ///
    /// When nothing is left and the old master key is destroyed, old copies of the wrapped keys open nothing any more.
    ///
    /// # Errors
    /// [`VaultError::Master`] when an older master key is not known here or a wrapped key was changed;
    /// [`VaultError::Store`] when the database fails.
    pub async fn rewrap(&self, at_most: u32) -> Result<Rewrapped, VaultError> {
        let now = self.keys.rewrap_subjects(at_most).await? + self.keys.rewrap_secrets().await?;
        let left = self.keys.left_under_older().await?;
        Ok(Rewrapped { now, left })
    }
}

impl Keys {
    /// Holds that every master key the database needs is known here.
    pub(crate) async fn know_every_master_key(&self) -> Result<(), OpenError> {
        let needed = sqlx::query_scalar!(
            r#"select master_key_id as "id!" from vault.subject where wrapped_key is not null
               union select master_key_id from vault.secret"#
        )
        .fetch_all(&self.pool)
        .await
        .map_err(VaultError::Store)?;
        for id in needed {
            let id = master_key_id(&id)?;
            if !self.master.knows(&id) {
                return Err(OpenError::UnknownMasterKey(id));
            }
        }
        Ok(())
    }

    async fn rewrap_subjects(&self, at_most: u32) -> Result<u64, VaultError> {
        let newest = self.master.newest();
        let older = sqlx::query!(
            r#"select subject_id, key_version, master_key_id as "master_key_id!", wrapped_key as "wrapped_key!"
               from vault.subject
               where wrapped_key is not null and (master_key_id < $1 or master_key_id > $1) limit $2"#,
            newest.as_str(),
            i64::from(at_most),
        )
        .fetch_all(&self.pool)
        .await?;
        let mut done = 0;
        for row in older {
            let bound = subject_bound(SubjectId::new(row.subject_id), row.key_version);
            let (master, bytes) = self
                .again(&row.master_key_id, &row.wrapped_key, &bound)
                .await?;
            // Whoever destroyed or rewrapped it meanwhile comes first.
            let written = sqlx::query!(
                "update vault.subject set master_key_id = $1, wrapped_key = $2
                 where subject_id = $3 and wrapped_key = $4",
                master,
                bytes,
                row.subject_id,
                row.wrapped_key,
            )
            .execute(&self.pool)
            .await?;
            done += written.rows_affected();
        }
        Ok(done)
    }

    async fn rewrap_secrets(&self) -> Result<u64, VaultError> {
        let newest = self.master.newest();
        let older = sqlx::query!(
            "select name, key_version, master_key_id, wrapped_key from vault.secret where master_key_id <> $1",
            newest.as_str(),
        )
        .fetch_all(&self.pool)
        .await?;
        let mut done = 0;
        for row in older {
            let bound = secret_bound(&row.name, row.key_version);
            let (master, bytes) = self
                .again(&row.master_key_id, &row.wrapped_key, &bound)
                .await?;
            let written = sqlx::query!(
                "update vault.secret set master_key_id = $1, wrapped_key = $2 where name = $3 and wrapped_key = $4",
                master,
                bytes,
                row.name,
                row.wrapped_key,
            )
            .execute(&self.pool)
            .await?;
            done += written.rows_affected();
        }
        Ok(done)
    }

    /// The same key, wrapped by the newest master key.
    async fn again(
        &self,
        master: &str,
        bytes: &[u8],
        bound: &[u8],
    ) -> Result<(String, Vec<u8>), VaultError> {
        let wrapped = Wrapped {
            master: master_key_id(master)?,
            bytes: bytes.to_vec(),
        };
        let key = self.master.unwrap(&wrapped, bound).await?;
        let again = self.master.wrap(&key, bound).await?;
        Ok((again.master.to_string(), again.bytes))
    }

    async fn left_under_older(&self) -> Result<u64, VaultError> {
        let newest = self.master.newest();
        let left = sqlx::query_scalar!(
            r#"select (select count(*) from vault.subject
                where wrapped_key is not null and (master_key_id < $1 or master_key_id > $1))
                + (select count(*) from vault.secret where master_key_id <> $1) as "left!""#,
            newest.as_str(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(left.unsigned_abs())
    }
}
