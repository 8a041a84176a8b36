//! Codes that stand in for a lost app, each once.

use data_encoding::BASE32_NOPAD;
use domain::ids::AccountId;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use zeroize::Zeroizing;

use crate::accounts::Accounts;
use crate::chance::{NoRandomness, Randomness, random};
use crate::error::{AccountError, StoreError};
use crate::security_log::{Entry, SecurityEvent, note};
use crate::session::WebSession;

/// How many there are.
const CODES: usize = 10;

/// Random bytes of one: enough that a quick hash keeps it.
const BYTES: usize = 10;

/// One of them: 80 random bits, written as `abcd-efgh-ijkl-mnop`.
#[derive(Clone)]
pub(crate) struct RecoveryCode(Zeroizing<[u8; BYTES]>);

impl RecoveryCode {
    pub(crate) fn draw(randomness: &dyn Randomness) -> Result<Self, NoRandomness> {
        random(randomness).map(Self)
    }

    pub(crate) fn text(&self) -> String {
        let text = BASE32_NOPAD.encode(&*self.0).to_ascii_lowercase();
        let groups: Vec<&str> = (0..text.len())
            .step_by(4)
            .map(|at| &text[at..at + 4])
            .collect();
        groups.join("-")
    }

    /// Reads what was typed, with or without the dashes.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        if typed.len() > 64 {
            return None;
        }
        let plain = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let plain: Zeroizing<String> =
            Zeroizing::new(plain.collect::<String>().to_ascii_uppercase());
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(plain.as_bytes()).ok()?);
        let bytes = <[u8; BYTES]>::try_from(bytes.as_slice()).ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    /// What is stored of it.
    pub(crate) fn hash(&self, account: AccountId) -> [u8; 32] {
        let hash = Sha256::new().chain_update("compacts recovery code\0");
        let hash = hash.chain_update(account.uuid()).chain_update(*self.0);
        hash.finalize().into()
    }
}

/// Ten codes, each good once. Shown once.
#[derive(Clone)]
pub struct RecoveryCodes(pub Vec<String>);

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCodes(not shown)")
    }
}

impl Accounts {
    /// Ten new recovery codes in the place of those there are.
    ///
    /// # Errors
    /// [`AccountError::SignInAgain`], [`AccountError::NoSuchAccount`] when no second factor is set up,
    /// [`AccountError::Store`].
    pub async fn renew_recovery_codes(
        &self,
        session: &WebSession,
    ) -> Result<RecoveryCodes, AccountError> {
        self.must_be_fresh(session)?;
        let account = session.account;
        let (codes, hashes) = self.draw_codes(account)?;
        let entry = Entry::of(SecurityEvent::RecoveryCodesRenewed).account(account);
        let entry = (self.id(), self.now(), entry);
        self.whole(move |connection| {
            Box::pin(async move {
                // Held, so that two who renew at once do not leave twenty.
                let held = sqlx::query!(
                    "select from account.second_factor
                     where account_id = $1 and confirmed_at is not null for update",
                    account.uuid()
                );
                if held.fetch_optional(&mut *connection).await?.is_none() {
                    return Err(AccountError::NoSuchAccount);
                }
                let gone = sqlx::query!(
                    "delete from account.recovery_code where account_id = $1",
                    account.uuid()
                );
                gone.execute(&mut *connection).await?;
                keep_codes(connection, account, &hashes).await?;
                note(connection, entry).await?;
                Ok(codes)
            })
        })
        .await
    }

    /// How many recovery codes are left.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn recovery_codes_left(&self, account: AccountId) -> Result<u32, StoreError> {
        let left = sqlx::query_scalar!(
            r#"select count(*) as "left!" from account.recovery_code where account_id = $1"#,
            account.uuid()
        );
        let left = left.fetch_one(self.pool()).await?;
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// As many as there are, to be shown, and what is stored of them.
    pub(crate) fn draw_codes(
        &self,
        account: AccountId,
    ) -> Result<(RecoveryCodes, Vec<Vec<u8>>), NoRandomness> {
        let drawn = (0..CODES).map(|_| RecoveryCode::draw(self.randomness()));
        let drawn: Vec<RecoveryCode> = drawn.collect::<Result<_, _>>()?;
        let texts = drawn.iter().map(RecoveryCode::text).collect();
        let hashes = drawn
            .iter()
            .map(|code| code.hash(account).to_vec())
            .collect();
        Ok((RecoveryCodes(texts), hashes))
    }
}

/// Stores codes beside those there are.
pub(crate) async fn keep_codes(
    connection: &mut PgConnection,
    account: AccountId,
    hashes: &[Vec<u8>],
) -> Result<(), sqlx::Error> {
    let kept = sqlx::query!(
        "insert into account.recovery_code (account_id, code_hash)
         select $1, code_hash from unnest($2::bytea[]) as code (code_hash)",
        account.uuid(),
        hashes
    );
    kept.execute(connection).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemRandomness;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::draw(&SystemRandomness).unwrap();
        let (text, account) = (code.text(), AccountId::new(uuid::Uuid::from_u128(1)));
        assert_eq!(text.len(), 19);
        for typed in [
            text.clone(),
            text.to_uppercase(),
            text.replace('-', ""),
            text.replace('-', " "),
        ] {
            assert_eq!(
                RecoveryCode::read(&typed).unwrap().hash(account),
                code.hash(account)
            );
        }
        let other = AccountId::new(uuid::Uuid::from_u128(2));
        assert_ne!(
            code.hash(account),
            code.hash(other),
            "it is good for one account"
        );
        for typed in [
            "",
            "abcd",
            "abcd-efgh-ijkl-mno",
            "abcd-efgh-ijkl-mno1",
            &text.repeat(5),
        ] {
            assert!(RecoveryCode::read(typed).is_none(), "{typed}");
        }
    }
}
