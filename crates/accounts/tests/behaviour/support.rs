//! A house with a clock under the test's control, and people in it.

use std::sync::Arc;

use accounts::{
    AccountState, Accounts, Caller, EmailAddress, Hashing, NewAccount, Parts, Password, Sealing,
    SealingError, Settings, SignedIn, SystemRandomness, WebSession,
};
use chrono::{DateTime, Duration, Utc};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use domain::ids::AccountId;
use futures::future::BoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sqlx::{PgPool, Postgres, Transaction};
use testkit::clock::SetClock;
use testkit::ids::CountingIds;

pub const PASSWORD: &str = "wet ladder violin soup";

/// Seals so that nothing can be read in the tables, and finds out when the wrong field is opened.
pub struct TestSealing;

impl Sealing for TestSealing {
    fn seal<'a>(
        &'a self,
        subject: AccountId,
        context: &'a str,
        plain: &'a str,
    ) -> BoxFuture<'a, Result<Vec<u8>, SealingError>> {
        let text = format!("{subject}|{context}|{plain}");
        Box::pin(async move { Ok(text.bytes().map(|byte| !byte).collect()) })
    }

    fn open<'a>(
        &'a self,
        subject: AccountId,
        context: &'a str,
        sealed: &'a [u8],
    ) -> BoxFuture<'a, Result<Option<String>, SealingError>> {
        let text: Vec<u8> = sealed.iter().map(|byte| !byte).collect();
        let text = String::from_utf8(text).expect("a text");
        let plain = text.strip_prefix(&format!("{subject}|{context}|"));
        let plain = plain.expect("sealed for this subject and field").to_owned();
        Box::pin(async move { Ok(Some(plain)) })
    }

    fn blind_index(&self, purpose: &str, value: &str) -> [u8; 32] {
        let hash = Sha256::new().chain_update(purpose).chain_update("\0");
        hash.chain_update(value).finalize().into()
    }
}

pub struct House {
    pub accounts: Accounts,
    pub clock: Arc<SetClock>,
    pub pool: PgPool,
}

/// Passwords that cost next to nothing.
pub fn quick() -> Hashing {
    Hashing {
        memory_kib: 8,
        passes: 1,
        waiting: 1_000,
        ..Hashing::default()
    }
}

impl House {
    /// A house whose connections have the gateway's rights and no others.
    pub async fn new(pool: PgPool) -> Self {
        Self::with(
            pool,
            Settings {
                hashing: quick(),
                ..Settings::default()
            },
        )
        .await
    }

    pub async fn with(pool: PgPool, settings: Settings) -> Self {
        let options = (*pool.connect_options()).clone();
        pool.set_connect_options(options.options([("role", "compacts_gateway")]));
        pool.acquire().await.unwrap().close().await.unwrap();
        let clock = Arc::new(SetClock::at("2009-06-01T09:00:00Z".parse().unwrap()));
        let parts = Parts {
            pool: pool.clone(),
            sealing: Arc::new(TestSealing),
            clock: Arc::<SetClock>::clone(&clock),
            ids: Arc::new(CountingIds::new(7)),
            randomness: Arc::new(SystemRandomness),
        };
        let accounts = Accounts::new(parts, settings).unwrap();
        Self {
            accounts,
            clock,
            pool,
        }
    }

    /// The same house with other settings, as after a restart.
    pub fn again(&self, settings: Settings) -> Self {
        let parts = Parts {
            pool: self.pool.clone(),
            sealing: Arc::new(TestSealing),
            clock: Arc::<SetClock>::clone(&self.clock),
            ids: Arc::new(CountingIds::new(8)),
            randomness: Arc::new(SystemRandomness),
        };
        Self {
            accounts: Accounts::new(parts, settings).unwrap(),
            clock: Arc::clone(&self.clock),
            pool: self.pool.clone(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        use domain::clock::Clock;
        self.clock.now()
    }

    pub fn turn(&self, by: Duration) {
        self.clock.turn(by);
    }

    /// Somebody who can sign in with [`PASSWORD`].
    pub async fn member(&self, email: &str) -> AccountId {
        let (account, link) = self.invited(email).await;
        let password = Password::typed(PASSWORD);
        self.set_password_by_link(&link, &password).await.unwrap();
        let found = self.accounts.account(account).await.unwrap().unwrap();
        assert_eq!(found.state, AccountState::Active);
        account
    }

    /// Signs in with [`PASSWORD`].
    pub async fn sign_in(&self, email: &str) -> SignedIn {
        let password = Password::typed(PASSWORD);
        let signing_in = self.sign_in_with(email, &password).await;
        signing_in.expect("let in")
    }

    /// Somebody with a second factor: their session, with it given, the seed and the recovery codes.
    pub async fn with_second_factor(&self, email: &str) -> (WebSession, String, Vec<String>) {
        self.member(email).await;
        let session = self.sign_in(email).await.session;
        let enrolment = self.accounts.begin_second_factor(&session).await.unwrap();
        let code = code_of(&enrolment.seed, self.now());
        let confirmed = self.confirm_second_factor(&session, &code).await;
        let (signed_in, codes) = confirmed.unwrap();
        (signed_in.session, enrolment.seed.to_string(), codes.0)
    }

    /// Work with the owner's rights.
    pub async fn owner(&self) -> Transaction<'static, Postgres> {
        let mut transaction = self.pool.begin().await.unwrap();
        sqlx::query("set local role none")
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction
    }

    /// Every row of every table of accounts, as text.
    pub async fn everything_stored(&self) -> String {
        let mut owner = self.owner().await;
        let tables: Vec<String> = sqlx::query_scalar(
            "select quote_ident(table_name) from information_schema.tables where table_schema = 'account' order by 1",
        )
        .fetch_all(&mut *owner)
        .await
        .unwrap();
        assert_eq!(tables.len(), 11, "{tables:?}");
        let mut all = String::new();
        for table in tables {
            let rows = format!("select t::text from account.{table} t");
            let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(rows))
                .fetch_all(&mut *owner)
                .await
                .unwrap();
            for row in rows {
                all.extend([table.as_str(), ": ", row.as_str(), "\n"]);
            }
        }
        all
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut owner = self.owner().await;
        sqlx::query_scalar(sql)
            .fetch_one(&mut *owner)
            .await
            .unwrap()
    }

    /// What the security log says happened, in order.
    pub async fn events(&self) -> Vec<String> {
        let mut owner = self.owner().await;
        sqlx::query_scalar("select event from account.security_log order by at, entry_id")
            .fetch_all(&mut *owner)
            .await
            .unwrap()
    }
}

pub fn person(email: &str) -> NewAccount {
    NewAccount {
        name: "Robin Alder".into(),
        email: EmailAddress::read(email).expect("an address"),
    }
}

/// A browser at 192.0.2.77.
pub fn office() -> Caller {
    Caller::new(
        "192.0.2.77".parse().unwrap(),
        "Mozilla/5.0 (Windows NT 10.0) Firefox/132.0",
    )
}

/// A browser somewhere else, each `nth` at another address.
pub fn elsewhere(nth: u8) -> Caller {
    Caller::new([198, 51, 100, nth].into(), "")
}

/// The code an app shows: RFC 6238, written once more so that it is not checked against itself.
pub fn code_of(seed: &str, now: DateTime<Utc>) -> String {
    let seed = BASE32_NOPAD.decode(seed.as_bytes()).unwrap();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&seed).unwrap();
    mac.update(&(now.timestamp() / 30).to_be_bytes());
    let hash = HEXLOWER.encode(&mac.finalize().into_bytes());
    let offset = 2 * usize::from_str_radix(&hash[39..], 16).unwrap();
    let word = u32::from_str_radix(&hash[offset..offset + 8], 16).unwrap();
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}
