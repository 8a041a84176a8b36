//! The keys of subjects: made at first use, wrapped in the database, unwrapped here for a short while.
//!
//! Every batch asks the database once how its subjects stand, with the keys already in memory or without: a key in memory
//! spares the unwrapping, never the question. So when a key has been destroyed, by whichever process, no process seals or opens
//! anything with it from then on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use domain::clock::Clock;
use domain::ids::SubjectId;
use futures::future::try_join_all;
use moka::sync::Cache;
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::VaultError;
use crate::key::DataKey;
use crate::master::{MasterKey, MasterKeyId, NotAMasterKeyId, Wrapped};
use crate::randomness::{NoRandomness, Randomness};

/// How many unwrapped keys are kept in memory, and how long at most.
const KEPT: u64 = 10_000;
const KEPT_FOR: Duration = Duration::from_mins(5);

/// The kind of key this build makes.
pub(crate) const KEY_VERSION: i16 = 1;

/// How a subject stands.
#[derive(Clone, Default)]
pub(crate) struct Standing {
    /// Nothing more is sealed for it.
    pub fenced: bool,
    /// Its key, until it is destroyed.
    pub key: Option<Arc<DataKey>>,
}

/// Where keys are kept and what makes them.
pub(crate) struct Keys {
    pub pool: PgPool,
    pub master: Arc<dyn MasterKey>,
    pub randomness: Arc<dyn Randomness>,
    pub clock: Arc<dyn Clock>,
    unwrapped: Cache<SubjectId, Arc<DataKey>>,
}

/// A subject as the database has it; the wrapped key only if it was asked for.
struct Row {
    subject_id: Uuid,
    key_version: i16,
    master_key_id: Option<String>,
    wrapped_key: Option<Vec<u8>>,
    fenced: bool,
    has_key: bool,
}

impl Keys {
    pub(crate) fn new(
        pool: PgPool,
        master: Arc<dyn MasterKey>,
        randomness: Arc<dyn Randomness>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let unwrapped = Cache::builder()
            .max_capacity(KEPT)
            .time_to_live(KEPT_FOR)
            .build();
        Self {
            pool,
            master,
            randomness,
            clock,
            unwrapped,
        }
    }

    /// How these subjects stand, in one round trip; those the database does not know are missing from the answer.
    pub(crate) async fn standing(
        &self,
        subjects: &HashSet<SubjectId>,
    ) -> Result<HashMap<SubjectId, Standing>, VaultError> {
        if subjects.is_empty() {
            return Ok(HashMap::new());
        }
        let wanted: Vec<Uuid> = subjects.iter().map(|subject| subject.uuid()).collect();
        let held: HashMap<SubjectId, Arc<DataKey>> = subjects
            .iter()
            .filter_map(|subject| Some((*subject, self.unwrapped.get(subject)?)))
            .collect();
        let spared: Vec<bool> = subjects
            .iter()
            .map(|subject| held.contains_key(subject))
            .collect();
        let rows = sqlx::query_as!(
            Row,
            r#"select subject.subject_id, key_version,
                   case when not spared then master_key_id end as master_key_id,
                   case when not spared then wrapped_key end as wrapped_key,
                   fenced_at is not null as "fenced!", wrapped_key is not null as "has_key!"
               from unnest($1::uuid[], $2::boolean[]) as wanted (subject_id, spared)
               join vault.subject on subject.subject_id = wanted.subject_id"#,
            &wanted,
            &spared,
        )
        .fetch_all(&self.pool)
        .await?;
        let standing = rows.into_iter().map(|row| self.stand(row, &held));
        Ok(try_join_all(standing).await?.into_iter().collect())
    }

    async fn stand(
        &self,
        row: Row,
        held: &HashMap<SubjectId, Arc<DataKey>>,
    ) -> Result<(SubjectId, Standing), VaultError> {
        let subject = SubjectId::new(row.subject_id);
        let fenced = row.fenced;
        if !row.has_key {
            self.unwrapped.invalidate(&subject);
            return Ok((subject, Standing { fenced, key: None }));
        }
        let key = match held.get(&subject) {
            Some(key) => Arc::clone(key),
            None => self.unwrap(subject, row).await?,
        };
        let key = Some(key);
        Ok((subject, Standing { fenced, key }))
    }

    async fn unwrap(&self, subject: SubjectId, row: Row) -> Result<Arc<DataKey>, VaultError> {
        if row.key_version != KEY_VERSION {
            return Err(VaultError::UnknownKeyVersion(subject));
        }
        let (Some(master), Some(bytes)) = (row.master_key_id, row.wrapped_key) else {
            return Err(VaultError::NoKey(subject));
        };
        let master = master_key_id(&master)?;
        let wrapped = Wrapped { master, bytes };
        let key = self
            .master
            .unwrap(&wrapped, &subject_bound(subject, row.key_version))
            .await?;
        let key = Arc::new(key);
        self.unwrapped.insert(subject, Arc::clone(&key));
        Ok(key)
    }

    /// Makes keys for subjects that have none. One that another makes at the same moment keeps the other's key; one that is
    /// fenced meanwhile gets none.
    pub(crate) async fn make(&self, subjects: &[SubjectId]) -> Result<(), VaultError> {
        let drawn = subjects
            .iter()
            .map(|subject| Ok((*subject, DataKey::draw(&*self.randomness)?)))
            .collect::<Result<Vec<_>, NoRandomness>>()?;
        self.write(&drawn).await
    }

    /// Makes `count` keys for subjects that nobody has heard of yet.
    pub(crate) async fn make_ahead(
        &self,
        count: usize,
    ) -> Result<Vec<(SubjectId, DataKey)>, VaultError> {
        let draw = || {
            let mut id = [0; 16];
            self.randomness.fill(&mut id)?;
            let id = uuid::Builder::from_random_bytes(id).into_uuid();
            Ok((SubjectId::new(id), DataKey::draw(&*self.randomness)?))
        };
        let drawn: Result<Vec<_>, NoRandomness> =
            std::iter::repeat_with(draw).take(count).collect();
        let drawn = drawn?;
        self.write(&drawn).await?;
        Ok(drawn)
    }

    async fn write(&self, drawn: &[(SubjectId, DataKey)]) -> Result<(), VaultError> {
        let bounds: Vec<Vec<u8>> = drawn
            .iter()
            .map(|(subject, _)| subject_bound(*subject, KEY_VERSION))
            .collect();
        let wrapping = drawn.iter().zip(&bounds);
        let wrapped =
            try_join_all(wrapping.map(|((_, key), bound)| self.master.wrap(key, bound))).await?;
        let ids: Vec<Uuid> = drawn.iter().map(|(subject, _)| subject.uuid()).collect();
        let (masters, keys): (Vec<String>, Vec<Vec<u8>>) = wrapped
            .into_iter()
            .map(|wrapped| (wrapped.master.to_string(), wrapped.bytes))
            .unzip();
        sqlx::query!(
            "insert into vault.subject (subject_id, key_version, master_key_id, wrapped_key, made_at)
             select subject_id, $4, master_key_id, wrapped_key, $5
             from unnest($1::uuid[], $2::text[], $3::bytea[]) as new (subject_id, master_key_id, wrapped_key)
             order by subject_id
             on conflict (subject_id) do nothing",
            &ids,
            &masters,
            &keys,
            KEY_VERSION,
            self.clock.now(),
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Drops the key from memory; it is wiped when nobody uses it any more.
    pub(crate) fn drop_unwrapped(&self, subject: SubjectId) {
        self.unwrapped.invalidate(&subject);
        self.unwrapped.run_pending_tasks();
    }

    /// How many keys are in memory.
    #[cfg(test)]
    pub(crate) fn in_memory(&self) -> u64 {
        self.unwrapped.run_pending_tasks();
        self.unwrapped.entry_count()
    }
}

/// What the wrapped key of a subject is bound to.
pub(crate) fn subject_bound(subject: SubjectId, version: i16) -> Vec<u8> {
    let (id, version) = (subject.uuid().into_bytes(), version.to_be_bytes());
    [b"subject\0".as_slice(), &id, &version].concat()
}

/// What a wrapped key that is nobody's is bound to.
pub(crate) fn secret_bound(name: &str, version: i16) -> Vec<u8> {
    [b"secret\0", name.as_bytes(), b"\0", &version.to_be_bytes()].concat()
}

/// The id as the database has it.
pub(crate) fn master_key_id(text: &str) -> Result<MasterKeyId, VaultError> {
    text.parse()
        .map_err(|error: NotAMasterKeyId| VaultError::Store(sqlx::Error::Decode(error.into())))
}

#[cfg(test)]
mod tests {
    use domain::clock::SystemClock;

    use super::*;
    use crate::master::MasterKeyFile;
    use crate::randomness::SystemRandomness;

    async fn answers(keys: &Keys, subject: SubjectId) -> Standing {
        let standing = keys.standing(&HashSet::from([subject])).await;
        let mut standing = standing.expect("an answer");
        standing.remove(&subject).expect("it is known")
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_key_destroyed_elsewhere_leaves_the_memory_at_the_next_question(pool: PgPool) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("master-keys");
        let master = MasterKeyFile::open(&file, Arc::new(SystemRandomness)).expect("a master key");
        let (randomness, clock) = (Arc::new(SystemRandomness), Arc::new(SystemClock));
        let keys = Keys::new(pool.clone(), Arc::new(master), randomness, clock);
        let subject = SubjectId::new(Uuid::from_u128(1));
        keys.make(&[subject]).await.expect("made");
        assert_eq!(keys.in_memory(), 0);
        let first = answers(&keys, subject).await.key.expect("a key");
        assert_eq!(keys.in_memory(), 1);
        let again = answers(&keys, subject).await.key.expect("a key");
        assert!(Arc::ptr_eq(&first, &again), "it is unwrapped once");
        sqlx::raw_sql(
            "update vault.subject set fenced_at = now();
             update vault.subject set wrapped_key = null, master_key_id = null, destroyed_at = now()",
        )
        .execute(&pool)
        .await
        .expect("destroyed");
        let standing = answers(&keys, subject).await;
        assert!(standing.fenced && standing.key.is_none());
        assert_eq!(keys.in_memory(), 0);
    }
}
