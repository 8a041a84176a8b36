//! The file on the disk: ours alone, and replaced whole.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;
use zeroize::Zeroizing;

use super::error::{MasterFileError, shown};

/// The largest file that is read. A key takes a hundred bytes.
const LIMIT: u64 = 64 * 1024;

/// Writes a file of ours alone into the same folder, and waits for the disk.
pub(super) fn write_beside(
    path: &Path,
    text: &str,
) -> Result<tempfile::NamedTempFile, MasterFileError> {
    let failed = MasterFileError::io(path);
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
pub(super) fn sync_folder(path: &Path) -> Result<(), MasterFileError> {
    let folder = OpenOptions::new()
        .read(true)
        .custom_flags(nix::fcntl::OFlag::O_DIRECTORY.bits())
        .open(folder(path));
    folder
        .and_then(|folder| folder.sync_all())
        .map_err(MasterFileError::io(path))
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Reads the file, once it is known to be ours alone. What is asked is the open file, not what its name may point to by now.
pub(super) fn read(path: &Path, file: &mut File) -> Result<Zeroizing<String>, MasterFileError> {
    let about = file.metadata().map_err(MasterFileError::io(path))?;
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
        .map_err(MasterFileError::io(path))?;
    Ok(text)
}
