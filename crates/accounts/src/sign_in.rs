//! Coming in by password.
//!
//! Every attempt that is admitted costs one hash, whether there is such an account or not, and is answered with the same
//! words. What may differ (a hash at an old cost is made anew) happens only after the right password.

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::Accounts;
use crate::caller::Caller;
use crate::chance::NoRandomness;
use crate::email::EmailAddress;
use crate::error::{AccountError, StoreError, through_the_store};
use crate::link::end_all;
use crate::openid::Proof;
use crate::password::{Checked, HashingError, Password};
use crate::secret::SessionToken;
use crate::security_log::{Entry, SecurityEvent, note};
use crate::session::{Beginning, Way, WebSession, WebSessionId, begin};
use crate::throttle::{Door, RetryAfter, forgive, take_back};

/// Somebody came in, or came further in: the browser's cookie is to hold the new token from now on.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie. The token held before lets nobody in any more.
    pub token: SessionToken,
    /// Who, and how far. See [`WebSession::standing`].
    pub session: WebSession,
}

/// Why nobody was let in. The words are for the person at the door, and say nothing of accounts that exist.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefused {
    /// There is no such account, or it is shut, or has no password, or this is not it.
    #[error("the e-mail address or the password is not right")]
    Refused,
    /// Too many attempts at this account, whether there is one or not, or from this address.
    #[error(transparent)]
    TryLater(#[from] RetryAfter),
    /// Nothing was decided.
    #[error(transparent)]
    Store(#[from] StoreError),
}

through_the_store! { sqlx::Error, HashingError, NoRandomness => SignInRefused }

/// What is known of an account before its owner is.
struct Known {
    account_id: Uuid,
    epoch: i32,
    password_hash: Option<String>,
    enrolled: bool,
}

impl Accounts {
    /// Lets somebody in by e-mail address and password. `replaces` is the session this browser held before.
    ///
    /// # Errors
    /// [`SignInRefused`].
    pub async fn sign_in(
        &self,
        email: &str,
        password: &Password,
        caller: &Caller,
        replaces: Option<&SessionToken>,
    ) -> Result<SignedIn, SignInRefused> {
        let index = self.claimed_index(email);
        self.admit_caller::<SignInRefused>(Door::SignInFrom, caller)
            .await?;
        self.admit::<SignInRefused>(Door::SignInTo, &index).await?;
        let known = self.known_by(&index).await?;
        let stored = known
            .as_ref()
            .and_then(|known| known.password_hash.as_deref());
        let checked = self
            .hasher
            .check(password, stored, self.randomness())
            .await?;
        let (Some(known), true) = (known, checked != Checked::Wrong) else {
            return self.turned_away(index, caller).await;
        };
        let signed_in = self.starting(&known, Way::Password, replaces, caller)?;
        let counts = Counts {
            account: Some(self.throttled_as(Door::SignInTo, &index)),
            address: self.counted_from(caller),
        };
        let begun = self
            .begun(&signed_in, counts, anew(checked, known.password_hash))
            .await?;
        if begun {
            Ok(signed_in.answer)
        } else {
            self.turned_away(index, caller).await
        }
    }

    /// Changes a password, as its owner, who knows the current one. Every session of the account ends, and this browser
    /// gets a new one.
    ///
    /// # Errors
    /// [`AccountError::WrongPassword`] (also where there is none), [`AccountError::WeakPassword`],
    /// [`AccountError::TryLater`], [`AccountError::SignInAgain`] when the second factor is owed,
    /// [`AccountError::NoSuchAccount`] when the account was shut or everything ended meanwhile,
    /// [`AccountError::Store`].
    pub async fn change_password(
        &self,
        session: &WebSession,
        (current, new): (&Password, &Password),
        caller: &Caller,
    ) -> Result<SignedIn, AccountError> {
        if session.enrolled && session.second_factor_at.is_none() {
            return Err(AccountError::SignInAgain);
        }
        let index = self.index_of(session.account).await?;
        self.admit::<AccountError>(Door::SignInTo, &index).await?;
        let known = self.known_by(&index).await?;
        let known = known.ok_or(AccountError::NoSuchAccount)?;
        let stored = known.password_hash.as_deref();
        if self
            .hasher
            .check(current, stored, self.randomness())
            .await?
            == Checked::Wrong
        {
            return Err(AccountError::WrongPassword);
        }
        self.judge::<AccountError>(session.account, new).await?;
        let hash = self.hasher.hash(new, self.randomness()).await?;
        let after = Known {
            epoch: known.epoch + 1,
            ..known
        };
        let mut starting = self.starting(&after, session.way, None, caller)?;
        starting.carry_on(session);
        let (key, entry) = (
            self.throttled_as(Door::SignInTo, &index),
            (self.id(), SecurityEvent::PasswordChanged),
        );
        self.whole(move |connection| {
            Box::pin(async move {
                change(connection, &starting, hash).await?;
                forgive(connection, key).await?;
                note(connection, starting.entry(entry)).await?;
                Ok(starting.answer)
            })
        })
        .await
    }

    /// How attempts from there are counted; not at all from the machine itself.
    fn counted_from(&self, caller: &Caller) -> Option<[u8; 32]> {
        let address = caller.counted_as()?;
        Some(self.throttled_as(Door::SignInFrom, address.as_bytes()))
    }

    /// What an address is looked up by, or what was typed in its place.
    fn claimed_index(&self, typed: &str) -> [u8; 32] {
        match EmailAddress::read(typed) {
            Some(email) => self.email_index(&email),
            None => self.parts.sealing.blind_index("account.no_email", typed),
        }
    }

    async fn index_of(&self, account: AccountId) -> Result<Vec<u8>, AccountError> {
        let index = sqlx::query_scalar!(
            "select email_index from account.account where account_id = $1",
            account.uuid()
        );
        let index = index.fetch_optional(self.pool()).await?;
        index.ok_or(AccountError::NoSuchAccount)
    }

    async fn known_by(&self, email_index: &[u8]) -> Result<Option<Known>, sqlx::Error> {
        sqlx::query_as!(
            Known,
            r#"select account_id, epoch, password_hash, exists (select from account.second_factor f
                    where f.account_id = a.account_id and confirmed_at is not null) as "enrolled!"
             from account.account a where email_index = $1 and state = 'active'"#,
            email_index
        )
        .fetch_optional(self.pool())
        .await
    }

    async fn turned_away(
        &self,
        claimed: [u8; 32],
        caller: &Caller,
    ) -> Result<SignedIn, SignInRefused> {
        let entry = Entry::of(SecurityEvent::SignInRefused).claimed(claimed);
        self.log(entry.from(caller)).await?;
        Err(SignInRefused::Refused)
    }

    fn starting(
        &self,
        known: &Known,
        way: Way,
        replaces: Option<&SessionToken>,
        caller: &Caller,
    ) -> Result<Starting, NoRandomness> {
        let token = SessionToken::draw(self.randomness())?;
        let (id, at, account) = (self.id(), self.now(), AccountId::new(known.account_id));
        let session = WebSession {
            id: WebSessionId(id),
            account,
            token: token.clone(),
            way,
            proved_at: at,
            second_factor_at: None,
            enrolled: known.enrolled,
        };
        Ok(Starting {
            row: Beginning {
                id,
                token: token.hash(),
                account,
                epoch: known.epoch,
                way,
                at,
                proved_at: at,
                second_factor_at: None,
                caller: *caller,
                replaces: replaces.map(SessionToken::hash),
            },
            answer: SignedIn { token, session },
        })
    }

    /// Begins the session, clears the counts, stores a hash made anew. False if the account has changed meanwhile.
    async fn begun(
        &self,
        starting: &Starting,
        counts: Counts,
        rehashed: Option<Rehashed>,
    ) -> Result<bool, SignInRefused> {
        let row = starting.row.clone();
        let entry = starting.entry((self.id(), SecurityEvent::SignedIn));
        self.whole(move |connection| {
            Box::pin(async move {
                if !begin(connection, &row).await? {
                    return Ok(false);
                }
                if let Some(account) = counts.account {
                    forgive(connection, account).await?;
                }
                if let Some(address) = counts.address {
                    take_back(connection, address).await?;
                }
                if let Some(rehashed) = rehashed {
                    rehashed.store(connection, row.account).await?;
                }
                note(connection, entry).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Lets in whoever an OpenID provider vouches for as `account`, which is linked to them.
    pub(crate) async fn come_in_vouched(
        &self,
        email_index: &[u8],
        proof: Proof,
        replaces: Option<&SessionToken>,
        caller: &Caller,
    ) -> Result<SignedIn, SignInRefused> {
        let known = self.known_by(email_index).await?;
        let known = known.ok_or(SignInRefused::Refused)?;
        let mut starting = self.starting(&known, Way::OpenId, replaces, caller)?;
        starting.proved(proof);
        let counts = Counts {
            account: None,
            address: self.counted_from(caller),
        };
        let begun = self.begun(&starting, counts, None).await?;
        begun
            .then_some(starting.answer)
            .ok_or(SignInRefused::Refused)
    }
}

/// A session about to begin, and what will be said when it has.
struct Starting {
    row: Beginning,
    answer: SignedIn,
}

/// What a sign-in that went well does to the counts of attempts.
struct Counts {
    /// Cleared.
    account: Option<[u8; 32]>,
    /// One attempt less.
    address: Option<[u8; 32]>,
}

impl Starting {
    /// Counts from when the provider says that its owner proved who they are, and not from later.
    fn proved(&mut self, proof: Proof) {
        let now = self.row.at;
        let at = proof.at.map_or(now, |said| said.min(now));
        self.row.proved_at = at;
        self.answer.session.proved_at = at;
        if proof.second_factor {
            self.second_factor_at(at);
        }
    }

    fn second_factor_at(&mut self, at: DateTime<Utc>) {
        self.row.second_factor_at = Some(at);
        self.answer.session.second_factor_at = Some(at);
    }

    /// The new session is as far in as the one it takes the place of.
    fn carry_on(&mut self, before: &WebSession) {
        if let Some(at) = before.second_factor_at {
            self.second_factor_at(at);
        }
    }

    fn entry(&self, (id, event): (Uuid, SecurityEvent)) -> (Uuid, DateTime<Utc>, Entry) {
        let entry = Entry::of(event)
            .account(self.row.account)
            .about(self.row.id);
        (id, self.row.at, entry.from(&self.row.caller))
    }
}

/// A hash at the present cost in the place of one at an older.
struct Rehashed {
    old: String,
    new: String,
}

fn anew(checked: Checked, old: Option<String>) -> Option<Rehashed> {
    match (checked, old) {
        (Checked::RightHashedAnew(new), Some(old)) => Some(Rehashed { old, new }),
        _ => None,
    }
}

impl Rehashed {
    /// Stores it, unless the password was changed meanwhile.
    async fn store(
        self,
        connection: &mut PgConnection,
        account: AccountId,
    ) -> Result<(), sqlx::Error> {
        let stored = sqlx::query!(
            "update account.account set password_hash = $3 where account_id = $1 and password_hash = $2",
            account.uuid(),
            self.old,
            self.new
        );
        stored.execute(connection).await.map(drop)
    }
}

/// Sets a password if nothing ended the account's sessions since the old one was checked, ends them, and begins the
/// one that goes on.
async fn change(
    connection: &mut PgConnection,
    starting: &Starting,
    hash: String,
) -> Result<(), AccountError> {
    let row = &starting.row;
    let set = sqlx::query!(
        "update account.account set password_hash = $2, epoch = $3, changed_at = $4
         where account_id = $1 and state = 'active' and epoch = $3 - 1",
        row.account.uuid(),
        hash,
        row.epoch,
        row.at
    );
    if set.execute(&mut *connection).await?.rows_affected() == 0 {
        return Err(AccountError::NoSuchAccount);
    }
    end_all(connection, row.account).await?;
    if !begin(connection, row).await? {
        return Err(AccountError::NoSuchAccount);
    }
    Ok(())
}
