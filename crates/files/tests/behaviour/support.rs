//! What the tests of files share: files in a directory of their own, with a clock that the test turns.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use domain::clock::Clock;
use domain::file::FileHash;
use domain::ids::{AccountId, LedgerId, RandomIds};
use files::{
    Files, Offered, Opened, Parts, ReceiveError, Received, Refused, Room, Store, Uploads,
    Whereabouts,
};
use futures::{TryStreamExt, stream};
use ledger::{Pool, ServiceRole};
use tempfile::TempDir;
use testkit::clock::SetClock;
use testkit::service::{sign_in, vault};
use uuid::Uuid;
use vault::SystemRandomness;

pub const PDF: &[u8] = b"%PDF-1.4\nThe action plan of the Learning and Development group\n%%EOF\n";

pub fn compact() -> LedgerId {
    LedgerId::new(Uuid::from_u128(1))
}

/// Whoever sends, where it does not matter who.
pub fn somebody() -> AccountId {
    AccountId::new(Uuid::from_u128(2))
}

pub struct World {
    /// The owner's connections: they see everything.
    pub owner: Pool,
    pub files: Files,
    /// As the recorder asks.
    pub uploads: Uploads,
    pub clock: Arc<SetClock>,
    folder: TempDir,
}

impl World {
    pub async fn new(owner: &Pool) -> Self {
        Self::with_room(owner, Room::default()).await
    }

    pub async fn with_room(owner: &Pool, room: Room) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Whereabouts::Directory(folder.path().join("files"));
        let noon = "2026-05-29T12:00:00Z".parse().expect("a moment");
        let clock = Arc::new(SetClock::at(noon));
        let told: Arc<dyn Clock> = clock.clone();
        let files = Files::new(Parts {
            store: Store::open(&place).expect("a store"),
            pool: sign_in(owner, ServiceRole::Gateway),
            vault: vault(owner).await,
            clock: Arc::clone(&told),
            ids: Arc::new(RandomIds),
            randomness: Arc::new(SystemRandomness),
            room,
        });
        let world = Self {
            owner: owner.clone(),
            files,
            uploads: Uploads::new(sign_in(owner, ServiceRole::Recorder), told),
            clock,
            folder,
        };
        world.head(0).await;
        world
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn turn(&self, hours: i64) {
        self.clock.turn(TimeDelta::hours(hours));
    }

    pub async fn send(&self, content: &[u8]) -> Result<Received, ReceiveError> {
        self.send_to(compact(), content).await
    }

    pub async fn send_to(
        &self,
        ledger: LedgerId,
        content: &[u8],
    ) -> Result<Received, ReceiveError> {
        self.send_by(somebody(), ledger, content).await
    }

    pub async fn send_by(
        &self,
        by: AccountId,
        ledger: LedgerId,
        content: &[u8],
    ) -> Result<Received, ReceiveError> {
        let parts = content.chunks(1_000).map(Bytes::copy_from_slice);
        let parts: Vec<Result<Bytes, Infallible>> = parts.map(Ok).collect();
        let offered = Offered::default();
        self.files
            .receive(ledger, (by, offered), stream::iter(parts))
            .await
    }

    /// What the file holds; none when there is none.
    pub async fn content(&self, ledger: LedgerId, hash: FileHash) -> Option<Vec<u8>> {
        match self.files.open(ledger, hash).await.expect("an answer") {
            Opened::File(_, content) => {
                let parts: Vec<Bytes> = content.try_collect().await.expect("whole content");
                Some(parts.concat())
            }
            Opened::Removed | Opened::Unknown => None,
        }
    }

    /// Everything that lies in the store, half-written things too.
    pub fn objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("files")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }

    /// How many uploads the database knows in this state.
    pub async fn rows(&self, state: &str) -> i64 {
        self.number(&format!(
            "select count(*) from file_upload where state = '{state}'"
        ))
        .await
    }

    pub async fn number(&self, query: &str) -> i64 {
        let mut work = self.everywhere().await;
        let query = sqlx::AssertSqlSafe(query.to_owned());
        sqlx::query_scalar(query)
            .fetch_one(&mut *work)
            .await
            .expect("a number")
    }

    pub async fn run(&self, statement: &str) {
        let mut work = self.everywhere().await;
        let statement = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()));
        statement.execute(&mut *work).await.expect("it runs");
        work.commit().await.expect("committed");
    }

    async fn everywhere(&self) -> ledger::InScope<'static> {
        let ledgers = (1..=2).map(|n| LedgerId::new(Uuid::from_u128(n)));
        let scope: ledger::Scope = ledgers.collect();
        scope.begin(&self.owner).await.expect("begun")
    }

    /// The ledgers of two compacts end here.
    pub async fn head(&self, position: i64) {
        self.run(&format!(
            "insert into ledger_head (ledger_id, position, recorded_at)
             select ('00000000-0000-0000-0000-00000000000' || n)::uuid, {position}, now() from generate_series(1, 2) n
             on conflict (ledger_id) do update set position = excluded.position"
        ))
        .await;
    }

    /// The view of references has come as far as this.
    pub async fn known_up_to(&self, position: i64) {
        self.run(&format!(
            "insert into view_checkpoint (ledger_id, view, position, leaf_hash)
             values ('{}', 'file-reference', {position}, decode(repeat('00', 32), 'hex'))
             on conflict (ledger_id, view) do update set position = excluded.position",
            compact()
        ))
        .await;
    }

    /// Something refers to these files.
    pub async fn refer_to(&self, hashes: &[FileHash]) {
        let hashes: Vec<String> = hashes.iter().map(|hash| format!("'{hash}'")).collect();
        self.run(&format!(
            "insert into file_reference (ledger_id, stream_id, stream_kind, hashes, document)
             values ('{}', '00000000-0000-0000-0000-000000000009', 'meeting', array[{}], '{{}}')",
            compact(),
            hashes.join(", ")
        ))
        .await;
    }
}

/// Why it was refused.
pub fn refused(received: Result<Received, ReceiveError>) -> Refused {
    match received {
        Err(ReceiveError::Refused(why)) => why,
        other => panic!("not refused: {other:?}"),
    }
}
