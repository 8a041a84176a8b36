//! Making a cluster: once per data directory, in a folder beside its final place.
//!
//! `initdb` takes a second or two and can be interrupted at any point. It works in a `making-*` folder that is renamed
//! when everything, our database included, is in it; so a data directory holds a whole cluster or none.

use std::{
    fs::OpenOptions,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::{
    DATABASE, SUPERUSER, account::Account, error::ClusterError, home::Home, options::Durability,
    postmaster::clean_environment, programs::Programs,
};

/// Settings for a small machine, written once; whoever runs the machine may change them there.
///
/// What must not change (sockets only, durability) is given on the command line instead, which wins over this file.
const TUNING: &str = "
# Settings for a small machine. Change them as you like; sockets and durability are set by the server itself.
shared_buffers = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
";

/// Makes a cluster in `home`, owned by `account`.
pub(crate) fn make(
    home: &Home,
    programs: &Programs,
    account: &Account,
    durability: Durability,
) -> Result<(), ClusterError> {
    tracing::info!(path = %home.path().display(), version = programs.major(), "making a new PostgreSQL cluster");
    if durability == Durability::Scratch {
        home.mark_scratch()?;
    }
    let staging = home.staging()?;
    account.own(staging.path())?;
    run_initdb(home, programs, account, durability, staging.path())?;
    append_tuning(staging.path())?;
    create_database(home, programs, account, durability, staging.path())?;
    home.adopt(staging)
}

/// Encoding UTF-8; text sorts by code point (the same on every machine and version) and letters have their case.
fn run_initdb(
    home: &Home,
    programs: &Programs,
    account: &Account,
    durability: Durability,
    staging: &Path,
) -> Result<(), ClusterError> {
    let mut command = Command::new(programs.path("initdb"));
    command.arg("--pgdata").arg(staging).args([
        "--username",
        SUPERUSER,
        "--encoding=UTF8",
        "--locale=C",
        "--lc-ctype=C.UTF-8",
        "--data-checksums",
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
    ]);
    if durability == Durability::Scratch {
        command.arg("--no-sync");
    }
    command.stdin(Stdio::null());
    let output = run(&mut command, account, staging)?;
    judge(home, &output)
}

fn append_tuning(staging: &Path) -> Result<(), ClusterError> {
    let path = staging.join("postgresql.conf");
    OpenOptions::new()
        .append(true)
        .open(&path)
        .and_then(|mut file| {
            file.write_all(TUNING.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .map_err(ClusterError::io("write", path))
}

/// Creates our database with PostgreSQL in single-user mode: no server, no socket, no client program.
fn create_database(
    home: &Home,
    programs: &Programs,
    account: &Account,
    durability: Durability,
    staging: &Path,
) -> Result<(), ClusterError> {
    let mut command = Command::new(programs.path("postgres"));
    command.arg("--single").arg("-D").arg(staging);
    if durability == Durability::Scratch {
        command.args(["-c", "fsync=off"]);
    }
    command
        .args(["-c", "exit_on_error=on", "postgres"])
        .stdin(Stdio::piped());
    account.apply(&mut command);
    clean_environment(&mut command);
    let mut child = command
        .current_dir(staging)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(ClusterError::io("start PostgreSQL in", staging))?;
    let written = child
        .stdin
        .take()
        .map(|mut input| writeln!(input, "CREATE DATABASE {DATABASE}"));
    let output = child
        .wait_with_output()
        .map_err(ClusterError::io("wait for PostgreSQL in", staging))?;
    judge(home, &output)?;
    written
        .unwrap_or(Ok(()))
        .map_err(ClusterError::io("speak to PostgreSQL in", staging))
}

fn run(command: &mut Command, account: &Account, folder: &Path) -> Result<Output, ClusterError> {
    account.apply(command);
    clean_environment(command);
    command
        .current_dir(folder)
        .output()
        .map_err(ClusterError::io("start PostgreSQL's initdb in", folder))
}

/// Success, or the error that says what the program said.
fn judge(home: &Home, output: &Output) -> Result<(), ClusterError> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if ClusterError::speaks_of_full_disk(&said) {
        return Err(ClusterError::DiskFull {
            path: home.path().into(),
        });
    }
    let telling: Vec<&str> = said
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = telling[telling.len().saturating_sub(5)..].join("; ");
    Err(ClusterError::InitFailed {
        path: home.path().into(),
        said: if last.is_empty() {
            output.status.to_string()
        } else {
            last
        },
    })
}
