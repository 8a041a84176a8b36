//! What the vault's tests share: a vault on the test's database, and somebody to erase.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::clock::FixedClock;
use domain::ids::{CommandId, LedgerId};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::json;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tempfile::TempDir;
use testkit::chance::Chance;
use testkit::proxy::Proxy;
use uuid::Uuid;
use vault::{
    Context, Erasure, ErasureRequest, Erasures, MasterKeyFile, NoRandomness, OpenError, Purge,
    Randomness, StepFailed, SubjectId, SubjectKind, Tombstone, Vault,
};

/// The same in every run; remembers what it gave.
pub struct Seeded {
    chance: Mutex<Chance>,
    drawn: Mutex<Vec<Vec<u8>>>,
}

impl Seeded {
    pub const fn new(seed: u64) -> Self {
        Self {
            chance: Mutex::new(Chance::seeded(seed)),
            drawn: Mutex::new(Vec::new()),
        }
    }

    /// Goes on elsewhere in the sequence.
    pub fn skip(&self) {
        self.chance.lock().unwrap().number();
    }

    /// Everything of 32 bytes that was drawn: the raw keys.
    pub fn keys(&self) -> Vec<Vec<u8>> {
        let drawn = self.drawn.lock().unwrap();
        drawn
            .iter()
            .filter(|key| key.len() == 32)
            .cloned()
            .collect()
    }
}

impl Randomness for Seeded {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let mut chance = self.chance.lock().unwrap();
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&chance.number().to_le_bytes()[..chunk.len()]);
        }
        self.drawn.lock().unwrap().push(bytes.to_vec());
        Ok(())
    }
}

/// Where the master keys are, and what randomness there is.
pub struct Home {
    folder: TempDir,
    pub randomness: Arc<Seeded>,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            randomness: Arc::new(Seeded::new(20_090_401)),
        }
    }

    pub fn master_file(&self) -> std::path::PathBuf {
        self.folder.path().join("master-keys")
    }

    /// The vault as one process has it: with a memory of its own.
    pub async fn try_vault(&self, pool: &PgPool) -> Result<Vault, OpenError> {
        let randomness: Arc<Seeded> = Arc::clone(&self.randomness);
        let master = MasterKeyFile::open(&self.master_file(), randomness).unwrap();
        let randomness: Arc<Seeded> = Arc::clone(&self.randomness);
        let clock = Arc::new(FixedClock(noon()));
        Vault::open(pool.clone(), Arc::new(master), randomness, clock).await
    }

    pub async fn vault(&self, pool: &PgPool) -> Vault {
        self.try_vault(pool).await.unwrap()
    }
}

pub fn noon() -> DateTime<Utc> {
    "2009-04-01T12:00:00Z".parse().unwrap()
}

pub const fn subject(number: u128) -> SubjectId {
    SubjectId::new(Uuid::from_u128(number))
}

pub const fn ledger_id(number: u128) -> LedgerId {
    LedgerId::new(Uuid::from_u128(number))
}

pub fn name_of(subject: SubjectId) -> Context {
    Context::new(ledger_id(1), format!("person/{subject}/name"))
}

pub fn request(subject: SubjectId) -> ErasureRequest {
    ErasureRequest {
        subject,
        kind: SubjectKind::Person,
        tombstone: json!({ "reason": "asked for by the person" }),
        ledger: ledger_id(1),
        command: CommandId::new(subject.uuid()),
        actor: "principal-1".to_owned(),
        role: "secretariat".to_owned(),
    }
}

/// Tables that stand for what others keep: text that was unsealed, and the ledger.
pub async fn furnish(pool: &PgPool) {
    sqlx::raw_sql(
        "create table derived (subject_id uuid not null, text text not null);
         create table tombstone (command_id uuid primary key, subject_id uuid, kind text, tombstone jsonb, at timestamptz)",
    )
    .execute(pool)
    .await
    .unwrap();
}

pub async fn derive(pool: &PgPool, subject: SubjectId, text: &str) {
    sqlx::query("insert into derived values ($1, $2)")
        .bind(subject.uuid())
        .bind(text)
        .execute(pool)
        .await
        .unwrap();
}

pub async fn count(pool: &PgPool, sql: &'static str, subject: SubjectId) -> i64 {
    sqlx::query_scalar(sql)
        .bind(subject.uuid())
        .fetch_one(pool)
        .await
        .unwrap()
}

/// Clears the table of what was derived.
struct Derived(PgPool);

impl Purge for Derived {
    fn name(&self) -> &'static str {
        "derived"
    }

    fn purge(&self, subject: SubjectId) -> BoxFuture<'_, Result<(), StepFailed>> {
        async move {
            sqlx::query("delete from derived where subject_id = $1")
                .bind(subject.uuid())
                .execute(&self.0)
                .await?;
            Ok(())
        }
        .boxed()
    }
}

/// Keeps one tombstone for each command, as the ledger does.
struct Tombs(PgPool);

impl Tombstone for Tombs {
    fn append<'a>(&'a self, erasure: &'a Erasure) -> BoxFuture<'a, Result<(), StepFailed>> {
        async move {
            let request = &erasure.request;
            sqlx::query(
                "insert into tombstone values ($1, $2, $3, $4, $5) on conflict (command_id) do nothing",
            )
            .bind(request.command.uuid())
            .bind(request.subject.uuid())
            .bind(request.kind.as_str())
            .bind(&request.tombstone)
            .bind(erasure.intended_at)
            .execute(&self.0)
            .await?;
            Ok(())
        }
        .boxed()
    }
}

/// Erasures whose every part goes through `pool`.
pub fn erasures(vault: Vault, pool: &PgPool) -> Erasures {
    let purges: Vec<Arc<dyn Purge>> = vec![Arc::new(Derived(pool.clone()))];
    Erasures::new(vault, purges, Arc::new(Tombs(pool.clone())))
}

/// One connection, through a proxy that can cut it.
pub async fn behind_proxy(pool: &PgPool) -> (PgPool, Proxy) {
    let (proxy, through) = Proxy::before(pool).await.unwrap();
    let options = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5));
    (options.connect_lazy(&through).unwrap(), proxy)
}
