//! The second factor: a code from an app ([`crate::enrolment`]), or one of ten codes on paper ([`crate::recovery`]).
//!
//! Whether somebody must have one depends on their roles and is asked elsewhere ([`crate::Standing`]); whoever has one
//! always gives it. A code is taken once: its time step is stored, and none of that step or before is taken again.

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use sqlx::PgConnection;
use zeroize::Zeroizing;

use crate::accounts::{Accounts, field};
use crate::caller::Caller;
use crate::chance::NoRandomness;
use crate::error::{AccountError, StoreError, through_the_store};
use crate::recovery::{RecoveryCode, RecoveryCodes, keep_codes};
use crate::secret::{SecretHash, SessionToken};
use crate::security_log::{Entry, SecurityEvent, note};
use crate::session::WebSession;
use crate::sign_in::SignedIn;
use crate::throttle::{Door, RetryAfter, forgive};
use crate::totp::{Seed, TotpCode};

/// Why a second factor was not set up or not taken.
#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    /// The code is not right, was used before, or is too old.
    #[error(
        "this code is not right or was used already; wait for the next one in your app and enter that"
    )]
    Wrong,
    /// There is one already.
    #[error("a second factor is set up already; take it away before you set up another")]
    AlreadySet,
    /// There is none, or its setting up was not begun.
    #[error("no second factor is set up; begin with that")]
    NotSet,
    /// The session has ended meanwhile.
    #[error("your session has ended; sign in again")]
    SessionEnded,
    /// The sign-in is too long ago.
    #[error("sign in again first: this needs a fresh sign-in")]
    SignInAgain,
    /// Too many wrong codes.
    #[error(transparent)]
    TryLater(#[from] RetryAfter),
    /// See there.
    #[error(transparent)]
    Store(#[from] StoreError),
}

through_the_store! { sqlx::Error, NoRandomness => SecondFactorError }

/// What somebody gave as their second factor.
enum Given {
    Code { step: i64 },
    Recovery { hash: SecretHash },
}

impl Accounts {
    /// Completes it with a first code. From now on a code is asked for at every sign-in. The session goes on under a new
    /// token, with the second factor given.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub async fn confirm_second_factor(
        &self,
        session: &WebSession,
        typed: &str,
        caller: &Caller,
    ) -> Result<(SignedIn, RecoveryCodes), SecondFactorError> {
        let (account, key) = self.admit_code(session).await?;
        let (sealed, seed) = self.seed(account, false).await?;
        let now = self.now();
        let step = TotpCode::read(typed).and_then(|code| seed.step_of(code, now));
        let Some(step) = step else {
            return self.wrong_code(session, caller).await;
        };
        let (codes, hashes) = self.draw_codes(account)?;
        let rotation = self.rotation(session, now)?;
        let entry = (
            self.id(),
            now,
            Entry::of(SecurityEvent::SecondFactorSet)
                .account(account)
                .from(caller),
        );
        self.whole(move |connection| {
            Box::pin(async move {
                let confirmed = sqlx::query!(
                    "update account.second_factor set confirmed_at = $3, last_step = $4
                     where account_id = $1 and secret_sealed = $2 and confirmed_at is null",
                    account.uuid(),
                    sealed,
                    now,
                    step
                );
                if confirmed.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(SecondFactorError::AlreadySet);
                }
                keep_codes(connection, account, &hashes).await?;
                rotation.turn(connection).await?;
                forgive(connection, key).await?;
                note(connection, entry).await?;
                Ok((rotation.answer, codes))
            })
        })
        .await
    }

    /// Takes a code from the app, or a recovery code. The session goes on under a new token, with the second factor
    /// given.
    ///
    /// # Errors
    /// [`SecondFactorError`]. Of two who give one code at the same moment, one is refused.
    pub async fn pass_second_factor(
        &self,
        session: &WebSession,
        typed: &str,
        caller: &Caller,
    ) -> Result<SignedIn, SecondFactorError> {
        let (account, key) = self.admit_code(session).await?;
        let now = self.now();
        let Some(given) = self.given(account, typed, now).await? else {
            return self.wrong_code(session, caller).await;
        };
        let event = match given {
            Given::Code { .. } => SecurityEvent::SecondFactorPassed,
            Given::Recovery { .. } => SecurityEvent::RecoveryCodeUsed,
        };
        let rotation = self.rotation(session, now)?;
        let entry = (
            self.id(),
            now,
            Entry::of(event).account(account).from(caller),
        );
        let passed = self.whole(move |connection| {
            Box::pin(async move {
                if !use_up(connection, account, given).await? {
                    return Err(SecondFactorError::Wrong);
                }
                rotation.turn(connection).await?;
                forgive(connection, key).await?;
                note(connection, entry).await?;
                Ok(rotation.answer)
            })
        });
        match passed.await {
            Err(SecondFactorError::Wrong) => self.wrong_code(session, caller).await,
            other => other,
        }
    }

    /// Takes the second factor away, as its owner.
    ///
    /// # Errors
    /// As [`Accounts::renew_recovery_codes`].
    pub async fn drop_second_factor(&self, session: &WebSession) -> Result<(), AccountError> {
        self.must_be_fresh(session)?;
        self.without_second_factor(session.account).await
    }

    /// Takes the second factor away for somebody who lost app and codes, as an administrator. Every session of the
    /// account ends.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`] when no second factor is set up, [`AccountError::Store`].
    pub async fn reset_second_factor(&self, account: AccountId) -> Result<(), AccountError> {
        self.without_second_factor(account).await?;
        self.end_sessions(account).await
    }

    async fn without_second_factor(&self, account: AccountId) -> Result<(), AccountError> {
        let entry = Entry::of(SecurityEvent::SecondFactorDropped).account(account);
        let entry = (self.id(), self.now(), entry);
        self.whole(move |connection| {
            Box::pin(async move {
                let gone = sqlx::query!(
                    "delete from account.second_factor where account_id = $1",
                    account.uuid()
                );
                if gone.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(AccountError::NoSuchAccount);
                }
                note(connection, entry).await?;
                Ok(())
            })
        })
        .await
    }

    /// Counts an attempt at the code of whoever is signed in.
    async fn admit_code(
        &self,
        session: &WebSession,
    ) -> Result<(AccountId, [u8; 32]), SecondFactorError> {
        let subject = session.account.uuid();
        let door = Door::SecondFactorOf;
        self.admit::<SecondFactorError>(door, subject.as_bytes())
            .await?;
        Ok((session.account, self.throttled_as(door, subject.as_bytes())))
    }

    /// The seed of an account, sealed and opened.
    async fn seed(
        &self,
        account: AccountId,
        confirmed: bool,
    ) -> Result<(Vec<u8>, Seed), SecondFactorError> {
        let sealed = sqlx::query_scalar!(
            "select secret_sealed from account.second_factor
             where account_id = $1 and (confirmed_at is not null) = $2",
            account.uuid(),
            confirmed
        );
        let sealed = sealed.fetch_optional(self.pool()).await?;
        let sealed = sealed.ok_or(SecondFactorError::NotSet)?;
        let seed = Zeroizing::new(self.open(account, field::SEED, &sealed).await?);
        let seed =
            Seed::read(&seed).ok_or(StoreError::Unreadable("the seed of a second factor"))?;
        Ok((sealed, seed))
    }

    /// What was typed, if it may be right.
    async fn given(
        &self,
        account: AccountId,
        typed: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Given>, SecondFactorError> {
        let (_, seed) = self.seed(account, true).await?;
        if let Some(code) = TotpCode::read(typed) {
            let step = seed.step_of(code, now);
            return Ok(step.map(|step| Given::Code { step }));
        }
        let recovery = RecoveryCode::read(typed);
        Ok(recovery.map(|code| Given::Recovery {
            hash: code.hash(account),
        }))
    }

    async fn wrong_code<T>(
        &self,
        session: &WebSession,
        caller: &Caller,
    ) -> Result<T, SecondFactorError> {
        let entry = Entry::of(SecurityEvent::SecondFactorRefused).account(session.account);
        self.log(entry.about(session.id.0).from(caller)).await?;
        Err(SecondFactorError::Wrong)
    }

    fn rotation(&self, session: &WebSession, at: DateTime<Utc>) -> Result<Rotation, NoRandomness> {
        let token = SessionToken::draw(self.randomness())?;
        let mut turned = session.clone();
        turned.token = token.clone();
        turned.second_factor_at = Some(at);
        turned.enrolled = true;
        Ok(Rotation {
            from: session.token.hash(),
            at,
            answer: SignedIn {
                token,
                session: turned,
            },
        })
    }
}

/// A session that goes on under another token, with the second factor given.
struct Rotation {
    from: SecretHash,
    at: DateTime<Utc>,
    answer: SignedIn,
}

impl Rotation {
    async fn turn(&self, connection: &mut PgConnection) -> Result<(), SecondFactorError> {
        let turned = sqlx::query!(
            "update account.web_session s
             set token_hash = $3, second_factor_at = $4, last_seen_at = greatest(last_seen_at, $4)
             from account.account a
             where s.session_id = $1 and s.token_hash = $2
                and a.account_id = s.account_id and a.epoch = s.epoch and a.state = 'active'",
            self.answer.session.id.0,
            &self.from[..],
            &self.answer.token.hash()[..],
            self.at
        );
        match turned.execute(connection).await?.rows_affected() {
            1 => Ok(()),
            _ => Err(SecondFactorError::SessionEnded),
        }
    }
}

/// Uses a code up. False if somebody did before.
async fn use_up(
    connection: &mut PgConnection,
    account: AccountId,
    given: Given,
) -> Result<bool, sqlx::Error> {
    let used = match given {
        Given::Code { step } => {
            sqlx::query!(
                "update account.second_factor set last_step = $2
                 where account_id = $1 and confirmed_at is not null and last_step < $2",
                account.uuid(),
                step
            )
            .execute(connection)
            .await?
        }
        Given::Recovery { hash } => {
            sqlx::query!(
                "delete from account.recovery_code where account_id = $1 and code_hash = $2",
                account.uuid(),
                &hash[..]
            )
            .execute(connection)
            .await?
        }
    };
    Ok(used.rows_affected() == 1)
}
