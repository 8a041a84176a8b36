//! PostgreSQL processes that an earlier run left behind.
//!
//! A server killed with SIGKILL cannot stop its PostgreSQL, and a PostgreSQL killed with SIGKILL leaves its children for
//! a moment. A process id in a file proves nothing, since ids are used again; what proves that a process works on a
//! data directory is that it stands in it. So leftovers are found by their working directory (`/proc`), told to end, and
//! waited for. They are stopped and not adopted: a stopped cluster has one known way to start, an adopted one would run
//! with whatever settings and account the earlier run gave it.

use std::{fs, os::unix::fs::MetadataExt, path::Path, time::Duration};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{error::ClusterError, waiting::wait_until};

/// How long PostgreSQL may take after each harsher signal.
const HARSH_DEADLINE: Duration = Duration::from_secs(5);

/// Ends every PostgreSQL process still working in `pgdata`, then removes the notes of a dead one.
///
/// The caller holds the directory's lock, so these belong to no living run.
pub(crate) fn clear(pgdata: &Path, patience: Duration) -> Result<(), ClusterError> {
    let found = residents(pgdata);
    if !found.is_empty() {
        tracing::warn!(path = %pgdata.display(), processes = ?found, "stopping PostgreSQL left over from an earlier run");
        end(pgdata, patience)?;
    }
    remove_stale_pid_file(pgdata)
}

/// SIGINT asks the postmaster for a fast shutdown; children whose postmaster is gone end by themselves, and those that
/// do not are asked as well. Then harder, twice.
fn end(pgdata: &Path, patience: Duration) -> Result<(), ClusterError> {
    let steps = [
        (Signal::SIGINT, patience),
        (Signal::SIGQUIT, HARSH_DEADLINE),
        (Signal::SIGKILL, HARSH_DEADLINE),
    ];
    for (signal, patience) in steps {
        for pid in told_by(signal, pgdata) {
            // It may have ended since we looked; then there is nothing to tell.
            let _ = kill(pid, signal);
        }
        if wait_until(patience, || residents(pgdata).is_empty().then_some(())).is_some() {
            return Ok(());
        }
    }
    let pids: Vec<String> = residents(pgdata).iter().map(ToString::to_string).collect();
    Err(ClusterError::LeftoversRemain {
        path: pgdata.into(),
        pids: pids.join(", "),
    })
}

/// Whom to signal: while it lives, only the postmaster, which ends its children in order; the last signal goes to all.
fn told_by(signal: Signal, pgdata: &Path) -> Vec<Pid> {
    let all = residents(pgdata);
    match postmaster_in_file(pgdata).filter(|pid| all.contains(pid)) {
        Some(postmaster) if signal != Signal::SIGKILL => vec![postmaster],
        _ => all,
    }
}

/// Every PostgreSQL process whose working directory is `pgdata`.
pub(crate) fn residents(pgdata: &Path) -> Vec<Pid> {
    let Ok(home) = fs::metadata(pgdata) else {
        return Vec::new();
    };
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &i32| {
            let stands_in = fs::metadata(format!("/proc/{pid}/cwd"));
            stands_in.is_ok_and(|found| (found.dev(), found.ino()) == (home.dev(), home.ino()))
                && is_postgres(*pid)
        })
        .map(Pid::from_raw)
        .collect()
}

/// Whether a process runs a program called `postgres`, also one whose file was replaced by an upgrade since.
fn is_postgres(pid: i32) -> bool {
    fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|program| {
        program
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("postgres"))
    })
}

/// The process id in `postmaster.pid`, whatever it is worth.
fn postmaster_in_file(pgdata: &Path) -> Option<Pid> {
    let text = fs::read_to_string(pgdata.join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
}

/// Removes `postmaster.pid` once nobody works here.
///
/// PostgreSQL would do so itself, unless another program has been given the dead one's id since; then it would refuse to
/// start for as long as that program runs.
fn remove_stale_pid_file(pgdata: &Path) -> Result<(), ClusterError> {
    let path = pgdata.join("postmaster.pid");
    if !Path::new("/proc/self/cwd").exists() || !path.exists() {
        return Ok(());
    }
    fs::remove_file(&path).map_err(ClusterError::io("remove the stale", path))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_living_program_that_was_given_a_dead_postmasters_id_is_left_alone_and_its_note_removed() {
        let folder = tempfile::tempdir().unwrap();
        let mut bystander = Command::new("sleep")
            .arg("60")
            .current_dir(folder.path())
            .spawn()
            .unwrap();
        let note = folder.path().join("postmaster.pid");
        fs::write(&note, format!("{}\n/somewhere\n", bystander.id())).unwrap();

        clear(folder.path(), Duration::from_secs(1)).unwrap();

        assert!(!note.exists());
        assert!(
            bystander.try_wait().unwrap().is_none(),
            "the bystander still runs"
        );
        bystander.kill().unwrap();
        bystander.wait().unwrap();
    }
}
