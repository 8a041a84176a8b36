//! The keys of subjects: made at first use, wrapped in the database, unwrapped here for a short while.
//!
//! Every batch asks the database once: for the keys that are not in memory, and what was taken from any subject since it was last
//! asked. A key in memory spares the reading, never the question. So when a key has been destroyed, by whichever process, no
//! process seals or opens anything with it from then on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::clock::Clock;
use domain::ids::SubjectId;
use domain::sealed::NONCE_BYTES;
use futures::future::try_join_all;
use sqlx::PgPool;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::{DataKey, KEY_BYTES};
use crate::master::{MasterKey, MasterKeyId, NotAMasterKeyId, Wrapped};
use crate::memory::{Memory, Withdrawal};
use crate::randomness::{NoRandomness, Randomness};

/// The kind of key this build makes.
pub(crate) const KEY_VERSION: i16 = 1;

/// How many bytes of their ids the subjects of keys made at once share.
const ALIKE_BYTES: usize = 6;

/// How many bytes are drawn for a key made ahead: the rest of its subject's id, the key, and a nonce.
const DRAWN_BYTES: usize = 16 - ALIKE_BYTES + KEY_BYTES + NONCE_BYTES;

/// A key made ahead, whose it will be, and the nonce of the text it will seal.
pub(crate) struct Made {
    pub subject: SubjectId,
    pub key: DataKey,
    pub nonce: [u8; NONCE_BYTES],
}

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
    memory: Memory,
}

/// Wrapped keys as a statement takes them, column by column.
struct Rows {
    subjects: Vec<Uuid>,
    masters: Vec<String>,
    keys: Vec<Vec<u8>>,
}

/// A subject as the database has it; the wrapped key only if it was asked for.
struct Row {
    subject_id: Uuid,
    key_version: i16,
    master_key_id: Option<String>,
    wrapped_key: Option<Vec<u8>>,
    fenced: bool,
    has_key: bool,
    withdrawn_as: Option<Withdrawal>,
}

impl Keys {
    pub(crate) fn new(
        pool: PgPool,
        master: Arc<dyn MasterKey>,
        randomness: Arc<dyn Randomness>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            pool,
            master,
            randomness,
            clock,
            memory: Memory::new(),
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
        let (since, held) = self.memory.held(subjects);
        let not_held = subjects
            .iter()
            .filter(|subject| !held.contains_key(subject));
        let wanted: Vec<Uuid> = not_held.map(|subject| subject.uuid()).collect();
        let rows = self.read(&wanted, since).await?;
        let withdrawals = rows
            .iter()
            .filter_map(|row| Some((SubjectId::new(row.subject_id), row.withdrawn_as?)));
        let sound_at = self.memory.hear(since, withdrawals);
        let asked = rows
            .into_iter()
            .filter(|row| subjects.contains(&SubjectId::new(row.subject_id)));
        let found = try_join_all(asked.map(|row| self.stand(row, &held, sound_at))).await?;
        let unchanged = held.iter().map(|(subject, key)| {
            let key = Some(Arc::clone(key));
            (*subject, Standing { fenced: false, key })
        });
        let mut standing: HashMap<SubjectId, Standing> = unchanged.collect();
        standing.extend(found);
        Ok(standing)
    }

    /// The subjects wanted, with their wrapped keys, and those that something was taken from since, without.
    async fn read(&self, wanted: &[Uuid], since: Withdrawal) -> Result<Vec<Row>, VaultError> {
        let rows = sqlx::query_as!(
            Row,
            r#"select subject_id as "subject_id!", key_version as "key_version!", master_key_id, wrapped_key,
                   fenced_at is not null as "fenced!", wrapped_key is not null as "has_key!", withdrawn_as
               from vault.subject where subject_id = any($1)
               union all
               select subject_id, key_version, null, null, true, wrapped_key is not null, withdrawn_as
               from vault.subject where withdrawn_as > $2 and subject_id <> all($1)"#,
            wanted,
            since,
        );
        Ok(rows.fetch_all(&self.pool).await?)
    }

    async fn stand(
        &self,
        row: Row,
        held: &HashMap<SubjectId, Arc<DataKey>>,
        sound_at: Withdrawal,
    ) -> Result<(SubjectId, Standing), VaultError> {
        let subject = SubjectId::new(row.subject_id);
        let fenced = row.fenced;
        if !row.has_key {
            return Ok((subject, Standing { fenced, key: None }));
        }
        let key = match held.get(&subject) {
            Some(key) => Arc::clone(key),
            None => self.unwrap(subject, row).await?,
        };
        if !fenced {
            self.memory.keep(subject, Arc::clone(&key), sound_at);
        }
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
        Ok(Arc::new(key))
    }

    /// Makes keys for subjects that have none. One that another makes at the same moment keeps the other's key; one that is
    /// fenced meanwhile gets none.
    pub(crate) async fn make(&self, subjects: &[SubjectId]) -> Result<(), VaultError> {
        let drawn = subjects
            .iter()
            .map(|subject| Ok((*subject, DataKey::draw(&*self.randomness)?)))
            .collect::<Result<Vec<_>, NoRandomness>>()?;
        let keys = drawn.iter().map(|(subject, key)| (*subject, key));
        self.write(keys).await
    }

    /// Makes `count` keys for subjects that nobody has heard of yet, each with a nonce for the one text it will seal.
    pub(crate) async fn make_ahead(&self, count: usize) -> Result<Vec<Made>, VaultError> {
        let drawn = self.draw_ahead(count)?;
        let keys = drawn.iter().map(|made| (made.subject, &made.key));
        self.write_drawn(keys).await?;
        Ok(drawn)
    }

    /// Everything is drawn at once: asked for each key by itself, the operating system would cost as much as the cipher.
    fn draw_ahead(&self, count: usize) -> Result<Vec<Made>, NoRandomness> {
        // All of them begin alike, and stand together in the index: written far apart, each would touch a page of its own.
        let mut alike = [0; ALIKE_BYTES];
        self.randomness.fill(&mut alike)?;
        let mut drawn = Zeroizing::new(vec![[0; DRAWN_BYTES]; count]);
        self.randomness.fill(drawn.as_flattened_mut())?;
        let made = drawn.iter_mut().map(|drawn| {
            let (id, rest) = drawn.split_at_mut(16 - ALIKE_BYTES);
            let (key, nonce) = rest.split_at_mut(KEY_BYTES);
            let mut whole = [0; 16];
            whole[..ALIKE_BYTES].copy_from_slice(&alike);
            whole[ALIKE_BYTES..].copy_from_slice(id);
            let id = uuid::Builder::from_random_bytes(whole).into_uuid();
            let nonce: &[u8] = nonce;
            Some(Made {
                subject: SubjectId::new(id),
                key: DataKey::try_take(key)?,
                nonce: nonce.try_into().ok()?,
            })
        });
        Ok(made.flatten().collect())
    }

    /// Keeps keys for subjects that others may be making keys for at the same moment: the first stays.
    async fn write<'a>(
        &self,
        keys: impl Iterator<Item = (SubjectId, &'a DataKey)>,
    ) -> Result<(), VaultError> {
        let Rows {
            subjects,
            masters,
            keys,
        } = self.wrapped(keys).await?;
        sqlx::query!(
            "insert into vault.subject (subject_id, key_version, master_key_id, wrapped_key, made_at)
             select subject_id, $4, master_key_id, wrapped_key, $5
             from unnest($1::uuid[], $2::text[], $3::bytea[]) as new (subject_id, master_key_id, wrapped_key)
             order by subject_id
             on conflict (subject_id) do nothing",
            &subjects,
            &masters,
            &keys,
            KEY_VERSION,
            self.clock.now(),
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Keeps keys for subjects whose ids were drawn a moment ago. Nobody else can have them, and a row that need not be ready to give way costs
    /// the database about half.
    async fn write_drawn<'a>(
        &self,
        keys: impl Iterator<Item = (SubjectId, &'a DataKey)>,
    ) -> Result<(), VaultError> {
        let Rows {
            subjects,
            masters,
            keys,
        } = self.wrapped(keys).await?;
        sqlx::query!(
            "insert into vault.subject (subject_id, key_version, master_key_id, wrapped_key, made_at)
             select subject_id, $4, master_key_id, wrapped_key, $5
             from unnest($1::uuid[], $2::text[], $3::bytea[]) as new (subject_id, master_key_id, wrapped_key)",
            &subjects,
            &masters,
            &keys,
            KEY_VERSION,
            self.clock.now(),
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn wrapped<'a>(
        &self,
        keys: impl Iterator<Item = (SubjectId, &'a DataKey)>,
    ) -> Result<Rows, VaultError> {
        let (subjects, bound): (Vec<Uuid>, Vec<(&DataKey, Vec<u8>)>) = keys
            .map(|(subject, key)| (subject.uuid(), (key, subject_bound(subject, KEY_VERSION))))
            .unzip();
        let wrapped = self.master.wrap_all(&bound).await?;
        let (masters, keys) = wrapped
            .into_iter()
            .map(|wrapped| (wrapped.master.to_string(), wrapped.bytes))
            .unzip();
        Ok(Rows {
            subjects,
            masters,
            keys,
        })
    }

    /// Drops the key from memory; it is wiped when nobody uses it any more.
    pub(crate) fn drop_unwrapped(&self, subject: SubjectId) {
        self.memory.drop_key(subject);
    }

    /// How many keys are in memory.
    #[cfg(test)]
    pub(crate) fn in_memory(&self) -> u64 {
        self.memory.count()
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

    #[sqlx::test(migrations = "../../migrations")]
    async fn what_is_taken_from_subjects_is_numbered_upwards_whatever_is_written(pool: PgPool) {
        for (statement, numbers) in [
            (
                "insert into vault.subject (subject_id, made_at, fenced_at)
                 select ('00000000-0000-0000-0000-00000000000' || n)::uuid, now(), now()
                 from generate_series(1, 2) as n",
                vec![Some(1), Some(2)],
            ),
            (
                "insert into vault.subject (subject_id, master_key_id, wrapped_key, made_at)
                 values ('00000000-0000-0000-0000-000000000003', 'x', 'x', now())",
                vec![Some(1), Some(2), None],
            ),
            (
                "update vault.subject set master_key_id = 'y', wrapped_key = 'y' where wrapped_key is not null",
                vec![Some(1), Some(2), None],
            ),
            (
                "update vault.subject set withdrawn_as = 1 where withdrawn_as = 2",
                vec![Some(1), Some(3), None],
            ),
            (
                "update vault.subject set fenced_at = now() where fenced_at is null",
                vec![Some(1), Some(3), Some(4)],
            ),
            (
                "update vault.subject set master_key_id = null, wrapped_key = null, destroyed_at = now()
                 where wrapped_key is not null",
                vec![Some(1), Some(3), Some(5)],
            ),
        ] {
            sqlx::raw_sql(statement).execute(&pool).await.expect(statement);
            let found: Vec<Option<i64>> =
                sqlx::query_scalar("select withdrawn_as from vault.subject order by subject_id")
                    .fetch_all(&pool)
                    .await
                    .expect("numbers");
            assert_eq!(found, numbers, "{statement}");
        }
    }
}
