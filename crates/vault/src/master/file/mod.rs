//! Master keys in a file: one line each, an id and the key in base64, the newest last.
//!
//! ```text
//! # Compacts master keys, the newest last. …
//! 81b16ba0c2d5f2f7 pYv0…=
//! ```
//! The id is the beginning of the key's own hash, so a damaged key is noticed before it is used. Whoever has this file and the
//! database reads everything, and without it nobody does: only the account that serves may read it, and its backup is kept
//! apart from the database's.

mod disk;
mod error;
mod lines;

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use zeroize::Zeroizing;

use self::disk::{read, sync_folder, write_beside};
use self::error::shown;
use self::lines::{new_line, parse};
use super::{MasterKey, MasterKeyError, MasterKeyId, Wrapped, wrapping};
use crate::key::DataKey;
use crate::randomness::Randomness;

pub use self::error::MasterFileError;

/// What stands at the top of a new file.
const HEADING: &str = "\
# Compacts master keys, the newest last. Whoever has this file can read the personal data in the database; without it
# nobody can. Keep a copy apart from the database's backups. Add a key with the program, not by hand.
";

/// The master keys of a file, in memory.
pub struct MasterKeyFile {
    /// Oldest first, and never empty.
    keys: Vec<(MasterKeyId, DataKey)>,
    newest: MasterKeyId,
    randomness: Arc<dyn Randomness>,
}

impl MasterKeyFile {
    /// Reads the file, or makes it with one new key when there is none. Two that make it at once end with the same file.
    ///
    /// # Errors
    /// [`MasterFileError`] when it cannot be read or made, others may read it, or something in it is not a key.
    pub fn open(path: &Path, randomness: Arc<dyn Randomness>) -> Result<Self, MasterFileError> {
        let mut file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make(path, &*randomness)?;
                File::open(path)
            }
            opened => opened,
        }
        .map_err(MasterFileError::io(path))?;
        let text = read(path, &mut file)?;
        let keys = parse(path, &text)?;
        let (newest, _) = keys
            .last()
            .ok_or_else(|| MasterFileError::Empty(shown(path)))?;
        let newest = newest.clone();
        Ok(Self {
            keys,
            newest,
            randomness,
        })
    }

    /// Adds a key to the file, and answers its id; from the next [`open`](Self::open) it is the one that wraps. The file is
    /// replaced whole: a crash leaves the old one or the new one.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn add_key(
        path: &Path,
        randomness: &dyn Randomness,
    ) -> Result<MasterKeyId, MasterFileError> {
        let mut file = File::open(path).map_err(MasterFileError::io(path))?;
        let mut text = read(path, &mut file)?;
        parse(path, &text)?;
        let (id, line) = new_line(randomness)?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&line);
        write_beside(path, &text)?
            .persist(path)
            .map_err(|error| MasterFileError::io(path)(error.error))?;
        sync_folder(path)?;
        Ok(id)
    }

    /// The keys' ids, oldest first.
    pub fn ids(&self) -> impl Iterator<Item = &MasterKeyId> {
        self.keys.iter().map(|(id, _)| id)
    }

    fn key(&self, wanted: &MasterKeyId) -> Result<&DataKey, MasterKeyError> {
        let found = self.keys.iter().find(|(id, _)| id == wanted);
        found
            .map(|(_, key)| key)
            .ok_or_else(|| MasterKeyError::Unknown(wanted.clone()))
    }
}

impl MasterKeyFile {
    /// Wraps keys, each under a nonce of its own; all nonces are drawn at once.
    fn wrapped<'a>(
        &self,
        keys: impl ExactSizeIterator<Item = (&'a DataKey, &'a [u8])>,
    ) -> Result<Vec<Wrapped>, MasterKeyError> {
        let master = self.key(&self.newest)?;
        let mut nonces = vec![wrapping::Nonce::default(); keys.len()];
        self.randomness.fill(nonces.as_flattened_mut())?;
        let each = keys.zip(&nonces);
        each.map(|((key, bound), nonce)| wrapping::wrap((&self.newest, master), key, bound, nonce))
            .collect()
    }
}

impl MasterKey for MasterKeyFile {
    fn newest(&self) -> MasterKeyId {
        self.newest.clone()
    }

    fn knows(&self, id: &MasterKeyId) -> bool {
        self.key(id).is_ok()
    }

    fn wrap<'a>(
        &'a self,
        key: &'a DataKey,
        bound: &'a [u8],
    ) -> BoxFuture<'a, Result<Wrapped, MasterKeyError>> {
        let wrapped = self.wrapped([(key, bound)].into_iter());
        ready(wrapped.map(|mut one| one.remove(0))).boxed()
    }

    fn wrap_all<'a>(
        &'a self,
        keys: &'a [(&'a DataKey, Vec<u8>)],
    ) -> BoxFuture<'a, Result<Vec<Wrapped>, MasterKeyError>> {
        let keys = keys.iter().map(|(key, bound)| (*key, bound.as_slice()));
        ready(self.wrapped(keys)).boxed()
    }

    fn unwrap<'a>(
        &'a self,
        wrapped: &'a Wrapped,
        bound: &'a [u8],
    ) -> BoxFuture<'a, Result<DataKey, MasterKeyError>> {
        let key = self
            .key(&wrapped.master)
            .and_then(|master| wrapping::unwrap(master, wrapped, bound));
        ready(key).boxed()
    }
}

/// Makes the file with one key; one that is there by now stays as it is.
fn make(path: &Path, randomness: &dyn Randomness) -> Result<(), MasterFileError> {
    let (_, line) = new_line(randomness)?;
    let text = Zeroizing::new([HEADING, &line].concat());
    match write_beside(path, &text)?.persist_noclobber(path) {
        Ok(_) => sync_folder(path),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(MasterFileError::io(path)(error.error)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD as BASE64;
    use nix::unistd::geteuid;
    use testkit::chance::Chance;

    use super::*;
    use crate::randomness::SystemRandomness;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn open(path: &Path) -> Result<MasterKeyFile, MasterFileError> {
        MasterKeyFile::open(path, Arc::new(SystemRandomness))
    }

    fn refused(path: &Path) -> String {
        open(path).err().expect("refused").to_string()
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("permissions");
    }

    #[test]
    fn a_file_that_is_not_there_is_made_for_its_owner_alone_and_kept() {
        let folder = folder();
        let path = folder.path().join("master-keys");
        let first = open(&path).expect("made");
        let mode = fs::metadata(&path).expect("a file").mode() & 0o777;
        assert_eq!(mode, 0o600);
        let again = open(&path).expect("read");
        assert_eq!(first.newest(), again.newest());
        let files: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
        assert_eq!(files.len(), 1, "nothing is left beside it: {files:?}");
    }

    #[test]
    fn many_that_make_it_at_once_end_with_the_same_key() {
        let folder = folder();
        let path = folder.path().join("master-keys");
        let ids: Vec<MasterKeyId> = std::thread::scope(|scope| {
            let start = || open(&path).expect("a file").newest();
            let all: Vec<_> = (0..16).map(|_| scope.spawn(start)).collect();
            all.into_iter()
                .map(|one| one.join().expect("ends"))
                .collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }

    #[test]
    fn a_file_others_may_use_is_refused_with_the_way_to_mend_it() {
        let folder = folder();
        let path = folder.path().join("master-keys");
        open(&path).expect("made");
        for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o666] {
            set_mode(&path, mode);
            let said = refused(&path);
            assert!(said.contains("chmod 600"), "{mode:o}: {said}");
        }
        set_mode(&path, 0o400);
        open(&path).expect("read only is tight enough");
    }

    #[test]
    fn what_is_not_a_whole_key_is_refused_by_its_line() {
        let folder = folder();
        let path = folder.path().join("master-keys");
        open(&path).expect("made");
        let whole = fs::read_to_string(&path).expect("a text");
        let (id, key) = whole
            .lines()
            .last()
            .and_then(|line| line.split_once(' '))
            .expect("a key");
        let short = BASE64.encode([1; 31]);
        let other = BASE64.encode([1; 32]);
        for (line, complaint) in [
            (format!("{id} {short}"), "line 1 "),
            (format!("{id} {other}"), "is damaged"),
            (format!("{id}{key}"), "line 1 "),
            (format!("{id} {key}!"), "line 1 "),
            (format!("NOT AN ID {key}"), "line 1 "),
            (String::new(), "has no key in it"),
            ("# only a remark".to_owned(), "has no key in it"),
        ] {
            fs::write(&path, &line).expect("written");
            let said = refused(&path);
            assert!(said.contains(complaint), "{line}: {said}");
            assert!(said.contains("backup"), "{said}");
            assert!(!said.contains(key), "the key is not told: {said}");
        }
        fs::write(&path, vec![b'#'; 70_000]).expect("written");
        assert!(refused(&path).contains("is not a master key file"));
        assert!(refused(folder.path()).contains("is not a master key file"));
        assert!(refused(&folder.path().join("no/such")).contains("its folder exists"));
    }

    #[test]
    fn root_may_use_the_file_of_the_account_that_serves_if_nobody_else_may() {
        // Only root can give a file away; and only root meets other accounts' files that it can read.
        if !geteuid().is_root() {
            return;
        }
        let folder = folder();
        let path = folder.path().join("master-keys");
        let made = open(&path).expect("made");
        std::os::unix::fs::chown(&path, Some(12_345), None).expect("given away");
        assert_eq!(open(&path).expect("read").newest(), made.newest());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("loosened");
        assert!(refused(&path).contains("others on this machine may use"));
    }

    #[test]
    fn a_key_that_is_added_wraps_and_the_older_still_unwrap() {
        let folder = folder();
        let path = folder.path().join("master-keys");
        let before = open(&path).expect("made");
        let added = MasterKeyFile::add_key(&path, &SystemRandomness).expect("added");
        let after = open(&path).expect("read");
        assert_eq!(after.newest(), added);
        assert_eq!(after.ids().collect::<Vec<_>>(), [&before.newest(), &added]);
        assert!(!before.knows(&added) && after.knows(&before.newest()));
        let mode = fs::metadata(&path).expect("a file").mode() & 0o777;
        assert_eq!(mode, 0o600);

        let key = DataKey::take(&mut [5; 32]);
        let wrap = |by: &MasterKeyFile| by.wrap(&key, b"whose").now_or_never().expect("at once");
        let unwrap = |by: &MasterKeyFile, wrapped: &Wrapped| {
            let key = by
                .unwrap(wrapped, b"whose")
                .now_or_never()
                .expect("at once");
            key.map(|key| *key.bytes())
        };
        let (older, newer) = (wrap(&before).expect("old"), wrap(&after).expect("new"));
        assert_eq!(unwrap(&after, &older).expect("old"), [5; 32]);
        assert_eq!(unwrap(&after, &newer).expect("new"), [5; 32]);
        let unknown = unwrap(&before, &newer);
        assert!(matches!(unknown, Err(MasterKeyError::Unknown(id)) if id == added));
    }

    #[test]
    fn a_file_with_any_byte_of_a_key_changed_is_refused() {
        let folder = folder();
        let path = folder.path().join("master-keys");
        open(&path).expect("made");
        let whole = fs::read(&path).expect("bytes");
        let keys = HEADING.len();
        let mut chance = Chance::seeded(11);
        for at in keys..whole.len() - 1 {
            let mut changed = whole.clone();
            let other = b"0123456789abcdefXYZ";
            let pick = usize::try_from(chance.below(18)).expect("small");
            changed[at] = if other[pick] == whole[at] {
                other[pick + 1]
            } else {
                other[pick]
            };
            fs::write(&path, &changed).expect("written");
            assert!(open(&path).is_err(), "byte {at} changed unnoticed");
        }
    }
}
