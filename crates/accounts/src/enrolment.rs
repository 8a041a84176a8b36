//! What an app is given, so that it can show codes.

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use crate::accounts::{Accounts, field};
use crate::second_factor::SecondFactorError;
use crate::session::WebSession;
use crate::totp::Seed;

/// What an app is set up with. Shown once; a page that shows it is not cached.
#[derive(Clone)]
pub struct Enrolment {
    /// For typing: base32.
    pub seed: Zeroizing<String>,
    /// For scanning: an `otpauth://` address. It holds the e-mail address as well.
    pub uri: Zeroizing<String>,
}

impl Enrolment {
    /// The code an app that was set up with it shows at `moment`; none if the seed is not one of ours.
    pub fn code_at(&self, moment: DateTime<Utc>) -> Option<String> {
        Some(Seed::read(&self.seed)?.shown_at(moment))
    }
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(not shown)")
    }
}

impl Accounts {
    /// Begins setting up a second factor. It asks for nothing until [`Accounts::confirm_second_factor`].
    ///
    /// # Errors
    /// [`SecondFactorError::AlreadySet`], [`SecondFactorError::SignInAgain`], [`SecondFactorError::Store`].
    pub async fn begin_second_factor(
        &self,
        session: &WebSession,
    ) -> Result<Enrolment, SecondFactorError> {
        let now = self.now();
        if session.enrolled {
            return Err(SecondFactorError::AlreadySet);
        }
        if !session.fresh(now, self.settings.fresh()) {
            return Err(SecondFactorError::SignInAgain);
        }
        let account = self.account(session.account).await?;
        let account = account.ok_or(SecondFactorError::SessionEnded)?;
        let seed = Seed::draw(self.randomness())?;
        let sealed = self
            .seal(session.account, field::SEED, &seed.in_base32())
            .await?;
        let begun = sqlx::query!(
            "insert into account.second_factor as f (account_id, secret_sealed, begun_at)
             values ($1, $2, $3)
             on conflict (account_id) do update
             set secret_sealed = excluded.secret_sealed, begun_at = excluded.begun_at, last_step = 0
             where f.confirmed_at is null",
            session.account.uuid(),
            sealed,
            now
        );
        if begun.execute(self.pool()).await?.rows_affected() == 0 {
            return Err(SecondFactorError::AlreadySet);
        }
        let uri = otpauth(&self.settings.product, &account.email, &seed);
        Ok(Enrolment {
            seed: seed.in_base32(),
            uri,
        })
    }
}

/// The address an app scans, in the form the apps agree on (Key URI Format).
fn otpauth(product: &str, email: &str, seed: &Seed) -> Zeroizing<String> {
    let (product, email) = (escaped(product), escaped(email));
    Zeroizing::new(format!(
        "otpauth://totp/{product}:{email}?secret={}&issuer={product}&algorithm=SHA1&digits=6&period=30",
        *seed.in_base32()
    ))
}

/// What may not stand in an address as it is, escaped (RFC 3986).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(byte.into());
            }
            _ => {
                escaped.push('%');
                escaped.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_app_scans_is_escaped() {
        let seed = Seed::read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        let uri = otpauth("Our & Compacts", "a+b@example.org", &seed);
        assert_eq!(
            *uri,
            "otpauth://totp/Our%20%26%20Compacts:a%2Bb%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Our%20%26%20Compacts&algorithm=SHA1&digits=6&period=30"
        );
    }
}
