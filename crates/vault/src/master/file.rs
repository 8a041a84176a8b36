//! Master keys in a file: one line each, an id and the key in base64, the newest last.
//!
//! ```text
//! # Compacts master keys, the newest last. …
//! 81b16ba0c2d5f2f7 pYv0…=
//! ```
//! The id is the beginning of the key's own hash, so a damaged key is noticed before it is used. Whoever has this file and the
//! database reads everything, and without it nobody does: only the account that serves may read it, and its backup is kept
//! apart from the database's.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use nix::unistd::geteuid;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{MasterKey, MasterKeyError, MasterKeyId, Wrapped, wrapping};
use crate::key::DataKey;
use crate::randomness::{NoRandomness, Randomness};

/// What stands at the top of a new file.
const HEADING: &str = "\
# Compacts master keys, the newest last. Whoever has this file can read the personal data in the database; without it
# nobody can. Keep a copy apart from the database's backups. Add a key with the program, not by hand.
";

/// The largest file that is read. A key takes a hundred bytes.
const LIMIT: u64 = 64 * 1024;

/// Why the file cannot serve. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MasterFileError {
    /// Others may read or write it.
    #[error(
        "others on this machine may use the master key file {path} (its mode is {mode:03o}); if nobody has read it, run: chmod 600 {path}"
    )]
    Loose {
        /// The file.
        path: String,
        /// Its permissions.
        mode: u32,
    },
    /// It is another account's.
    #[error(
        "the master key file {path} belongs to account {owner}, but this runs as {runs_as}; give it to the account that serves with: chown {runs_as} {path}"
    )]
    NotOurs {
        /// The file.
        path: String,
        /// Its owner.
        owner: u32,
        /// Who we are.
        runs_as: u32,
    },
    /// It is a folder, a device or the like, or far too large.
    #[error("{0} is not a master key file; name another, or move it away and a new one is made")]
    NotAFile(String),
    /// A line is not a key.
    #[error(
        "line {line} of the master key file {path} is not an id and a key of 32 bytes in base64; bring the file back from its backup"
    )]
    NotAKey {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// A key is not the one its id says.
    #[error(
        "the key on line {line} of the master key file {path} is damaged; bring the file back from its backup"
    )]
    Damaged {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// There is no key in it.
    #[error("the master key file {0} has no key in it; bring it back from its backup")]
    Empty(String),
    /// It cannot be read or written.
    #[error(
        "the master key file {path} cannot be used; see that its folder exists and that this account may write there"
    )]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// No randomness for a new key.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

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
        .map_err(io_error(path))?;
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
        let mut file = File::open(path).map_err(io_error(path))?;
        let mut text = read(path, &mut file)?;
        parse(path, &text)?;
        let (id, line) = new_line(randomness)?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&line);
        write_beside(path, &text)?
            .persist(path)
            .map_err(|error| io_error(path)(error.error))?;
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
        let wrapped = self.key(&self.newest).and_then(|master| {
            wrapping::wrap((&self.newest, master), key, bound, &*self.randomness)
        });
        ready(wrapped).boxed()
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
        Err(error) => Err(io_error(path)(error.error)),
    }
}

/// Writes a file of ours alone into the same folder, and waits for the disk.
fn write_beside(path: &Path, text: &str) -> Result<tempfile::NamedTempFile, MasterFileError> {
    let failed = io_error(path);
    let written = || {
        let mut beside = tempfile::Builder::new()
            .prefix(".master-keys-")
            .permissions(PermissionsExt::from_mode(0o600))
            .tempfile_in(folder(path))?;
        beside.write_all(text.as_bytes())?;
        beside.as_file().sync_all()?;
        Ok(beside)
    };
    written().map_err(failed)
}

/// Makes the file's name last, and not only what is in it.
fn sync_folder(path: &Path) -> Result<(), MasterFileError> {
    let folder = OpenOptions::new()
        .read(true)
        .custom_flags(nix::fcntl::OFlag::O_DIRECTORY.bits())
        .open(folder(path));
    folder
        .and_then(|folder| folder.sync_all())
        .map_err(io_error(path))
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Reads the file, once it is known to be ours alone. What is asked is the open file, not what its name may point to by now.
fn read(path: &Path, file: &mut File) -> Result<Zeroizing<String>, MasterFileError> {
    let about = file.metadata().map_err(io_error(path))?;
    if !about.is_file() || about.len() > LIMIT {
        return Err(MasterFileError::NotAFile(shown(path)));
    }
    let runs_as = geteuid();
    // Root reads every file anyway: it runs the tools beside a service that has an account of its own.
    if about.uid() != runs_as.as_raw() && !runs_as.is_root() {
        return Err(MasterFileError::NotOurs {
            path: shown(path),
            owner: about.uid(),
            runs_as: runs_as.as_raw(),
        });
    }
    let mode = about.mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = shown(path);
        return Err(MasterFileError::Loose { path, mode });
    }
    let length = usize::try_from(about.len()).unwrap_or_default();
    let mut text = Zeroizing::new(String::with_capacity(length + 128));
    file.take(LIMIT)
        .read_to_string(&mut text)
        .map_err(io_error(path))?;
    Ok(text)
}

fn parse(path: &Path, text: &str) -> Result<Vec<(MasterKeyId, DataKey)>, MasterFileError> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(at, line)| key_of(path, at, line))
        .collect()
}

fn key_of(path: &Path, line: usize, text: &str) -> Result<(MasterKeyId, DataKey), MasterFileError> {
    let not_a_key = || MasterFileError::NotAKey {
        path: shown(path),
        line,
    };
    let (id, key) = text.split_once(' ').ok_or_else(not_a_key)?;
    let id: MasterKeyId = id.parse().map_err(|_| not_a_key())?;
    let mut key = Zeroizing::new(BASE64.decode(key.trim()).map_err(|_| not_a_key())?);
    let key = DataKey::try_take(&mut key).ok_or_else(not_a_key)?;
    if id.as_str() != fingerprint(&key) {
        let path = shown(path);
        return Err(MasterFileError::Damaged { path, line });
    }
    Ok((id, key))
}

/// A new key and its line.
fn new_line(
    randomness: &dyn Randomness,
) -> Result<(MasterKeyId, Zeroizing<String>), MasterFileError> {
    let key = DataKey::draw(randomness)?;
    let id = fingerprint(&key);
    let encoded = Zeroizing::new(BASE64.encode(key.bytes()));
    let line = Zeroizing::new([id.as_str(), " ", &encoded, "\n"].concat());
    Ok((MasterKeyId(id), line))
}

/// The beginning of the key's hash, in hexadecimal. It names the key and gives nothing of it away.
fn fingerprint(key: &DataKey) -> String {
    let hash = Sha256::new()
        .chain_update(b"compacts master key id 1\0")
        .chain_update(key.bytes())
        .finalize();
    hex::encode(&hash[..8])
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> MasterFileError {
    let path = shown(path);
    move |source| MasterFileError::Io { path, source }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs;

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
