//! What happened at the door: a table and tracing events, with no personal data in clear.
//!
//! Who it is about is said by the account's id, or, where somebody only claimed to be somebody, by the keyed hash of the
//! address they gave; where from, by the network. Attempts that a throttle turned away are counted (metrics) and not
//! written, so that the log grows no faster than the doors open.

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::Accounts;
use crate::caller::Caller;
use crate::error::StoreError;

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident: $stored:literal;)+) => {
        /// What can happen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        pub enum SecurityEvent {
            $($(#[$doc])* #[serde(rename = $stored)] $name,)+
        }

        impl SecurityEvent {
            /// Every one there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in the table and in the log.
            pub const fn stored(self) -> &'static str {
                match self { $(Self::$name => $stored),+ }
            }

            fn of(stored: &str) -> Result<Self, StoreError> {
                match stored {
                    $($stored => Ok(Self::$name),)+
                    _ => Err(StoreError::Unreadable("a security event's name")),
                }
            }
        }
    };
}

events! {
    /// An account was made.
    AccountInvited: "account.invited";
    /// Name or address of an account was corrected.
    AccountCorrected: "account.corrected";
    /// An account was shut.
    AccountDisabled: "account.disabled";
    /// An account was opened again.
    AccountEnabled: "account.enabled";
    /// An account was erased for good.
    AccountErased: "account.erased";
    /// An administrator made an invitation or reset link.
    LinkMade: "link.made";
    /// Somebody came in by an invitation.
    InvitationAccepted: "invitation.accepted";
    /// Somebody asked for a reset link, for an account that may not be there.
    ResetAsked: "reset.asked";
    /// A letter with a link was handed to the mail server.
    LetterSent: "letter.sent";
    /// A letter with a link could not be handed over.
    LetterNotSent: "letter.not_sent";
    /// A password was set by a reset link.
    PasswordReset: "password.reset";
    /// A password was changed by its owner.
    PasswordChanged: "password.changed";
    /// Somebody signed in.
    SignedIn: "sign_in.done";
    /// A sign-in was refused.
    SignInRefused: "sign_in.refused";
    /// Somebody signed out, or ended a session.
    SignedOut: "session.ended";
    /// A second factor was set up.
    SecondFactorSet: "second_factor.set";
    /// A second factor was given.
    SecondFactorPassed: "second_factor.passed";
    /// A recovery code was used in its place.
    RecoveryCodeUsed: "second_factor.recovered";
    /// A second factor was wrong.
    SecondFactorRefused: "second_factor.refused";
    /// A second factor was taken away.
    SecondFactorDropped: "second_factor.dropped";
    /// New recovery codes took the place of the old.
    RecoveryCodesRenewed: "second_factor.codes_renewed";
    /// An OpenID provider's word was taken for an account.
    OpenIdLinked: "openid.linked";
    /// It is no longer.
    OpenIdUnlinked: "openid.unlinked";
    /// A token was made.
    TokenMade: "token.made";
    /// A token was revoked.
    TokenRevoked: "token.revoked";
    /// A token was refused.
    TokenRefused: "token.refused";
    /// Something was asked for that the account may not do.
    AccessRefused: "access.refused";
    /// What is held about a person was exported.
    PersonalDataExported: "personal_data.exported";
    /// Other data was exported.
    DataExported: "data.exported";
}

/// What is written down of an event.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    event: SecurityEvent,
    account: Option<AccountId>,
    claimed: Option<[u8; 32]>,
    thing: Option<Uuid>,
    network: Option<String>,
}

impl Entry {
    pub(crate) const fn of(event: SecurityEvent) -> Self {
        Self {
            event,
            account: None,
            claimed: None,
            thing: None,
            network: None,
        }
    }

    pub(crate) const fn account(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    pub(crate) const fn claimed(mut self, email_index: [u8; 32]) -> Self {
        self.claimed = Some(email_index);
        self
    }

    pub(crate) const fn about(mut self, thing: Uuid) -> Self {
        self.thing = Some(thing);
        self
    }

    pub(crate) fn from(mut self, caller: &Caller) -> Self {
        self.network = caller.network();
        self
    }
}

/// An entry of the security log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityEntry {
    /// Which.
    pub id: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub event: SecurityEvent,
    /// The session, token or compact it is about.
    pub thing: Option<Uuid>,
    /// Where from, the last part of the address left out.
    pub network: Option<String>,
}

/// Most entries one page holds.
const PAGE: i64 = 100;

impl Accounts {
    /// Writes down what happened elsewhere in the house: a refusal, an export. `thing` is the id of what it is about.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn record(
        &self,
        event: SecurityEvent,
        account: Option<AccountId>,
        thing: Option<Uuid>,
        caller: &Caller,
    ) -> Result<(), StoreError> {
        let mut entry = Entry::of(event).from(caller);
        (entry.account, entry.thing) = (account, thing);
        self.log(entry).await
    }

    /// The same of what this installation did by itself, about an account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn record_own(
        &self,
        event: SecurityEvent,
        account: AccountId,
    ) -> Result<(), StoreError> {
        self.log(Entry::of(event).account(account)).await
    }

    pub(crate) async fn log(&self, entry: Entry) -> Result<(), StoreError> {
        let mut connection = self.pool().acquire().await?;
        Ok(note(&mut connection, (self.id(), self.now(), entry)).await?)
    }

    /// Up to a hundred entries about an account, latest first, from before the entry at `(at, id)`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn security_log(
        &self,
        account: AccountId,
        before: Option<(DateTime<Utc>, Uuid)>,
    ) -> Result<Vec<SecurityEntry>, StoreError> {
        let (at, id) = before.unzip();
        let rows = sqlx::query!(
            "select entry_id, at, event, thing, network from account.security_log
             where account_id = $1 and ($2::timestamptz is null or (at, entry_id) < ($2, $3::uuid))
             order by at desc, entry_id desc limit $4",
            account.uuid(),
            at,
            id,
            PAGE
        );
        let rows = rows.fetch_all(self.pool()).await?.into_iter();
        rows.map(|row| {
            Ok(SecurityEntry {
                id: row.entry_id,
                at: row.at,
                event: SecurityEvent::of(&row.event)?,
                thing: row.thing,
                network: row.network,
            })
        })
        .collect()
    }
}

/// Writes an entry within whatever is under way on `connection`.
pub(crate) async fn note(
    connection: &mut PgConnection,
    (id, at, entry): (Uuid, DateTime<Utc>, Entry),
) -> Result<(), sqlx::Error> {
    tell(&entry);
    let written = sqlx::query!(
        "insert into account.security_log (entry_id, at, event, account_id, claimed, thing, network)
         values ($1, $2, $3, (select account_id from account.account where account_id = $4), $5, $6, $7)",
        id,
        at,
        entry.event.stored(),
        entry.account.map(AccountId::uuid),
        entry.claimed.as_ref().map(|claimed| &claimed[..]),
        entry.thing,
        entry.network
    );
    written.execute(connection).await.map(drop)
}

/// Writes an entry that is written under the same id and moment however often it is tried: once.
pub(crate) async fn note_once(
    connection: &mut PgConnection,
    (id, at, entry): (Uuid, DateTime<Utc>, Entry),
) -> Result<(), sqlx::Error> {
    let written = sqlx::query!(
        "insert into account.security_log (entry_id, at, event, thing) values ($1, $2, $3, $4)
         on conflict do nothing",
        id,
        at,
        entry.event.stored(),
        entry.thing
    );
    if written.execute(connection).await?.rows_affected() == 1 {
        tell(&entry);
    }
    Ok(())
}

/// Says the same to whoever reads the process's log.
pub(crate) fn tell(entry: &Entry) {
    tracing::info!(
        target: "security",
        event = entry.event.stored(),
        account = entry.account.map(tracing::field::display),
        thing = entry.thing.map(tracing::field::display),
        network = entry.network.as_deref(),
        "security event"
    );
    metrics::counter!("accounts_security_events_total", "event" => entry.event.stored())
        .increment(1);
}
