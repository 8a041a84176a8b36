//! The `scratch-postgres` program: the command's database, exit code and signals, and nothing left afterwards.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

const DEADLINE: Duration = Duration::from_mins(1);

fn scratch_postgres() -> Command {
    Command::new(env!("CARGO_BIN_EXE_scratch-postgres"))
}

/// The scratch folder a `PGHOST` stands in.
fn folder_of(socket_folder: &str) -> PathBuf {
    Path::new(socket_folder.trim())
        .parent()
        .expect("set up")
        .to_path_buf()
}

#[test]
fn the_command_gets_a_database_and_its_exit_code_is_passed_on_and_nothing_is_left() {
    let script = "psql -X -A -t -d \"$DATABASE_URL\" -c 'SELECT 6 * 7' && echo \"$PGHOST\"; exit 3";
    let output = scratch_postgres()
        .args(["--", "sh", "-c", script])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();

    assert_eq!(
        output.status.code(),
        Some(3),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(lines[0], "42");
    assert!(!folder_of(lines[1]).exists());
}

#[test]
fn a_signal_ends_the_command_and_the_cluster_and_the_code_says_which() {
    for (signal, code) in [(Signal::SIGTERM, 143), (Signal::SIGINT, 130)] {
        let mut program = scratch_postgres()
            .args(["sh", "-c", "echo \"$PGHOST\"; exec sleep 60"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut socket_folder = String::new();
        BufReader::new(program.stdout.take().unwrap())
            .read_line(&mut socket_folder)
            .unwrap();
        assert!(folder_of(&socket_folder).exists());

        kill(Pid::from_raw(i32::try_from(program.id()).unwrap()), signal).unwrap();
        assert_eq!(program.wait().unwrap().code(), Some(code));
        assert!(!folder_of(&socket_folder).exists());
    }
}

#[test]
fn a_killed_scratch_postgres_leaves_no_server_running() {
    let mut program = scratch_postgres()
        .args(["sh", "-c", "echo \"$PGHOST\"; exec cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut socket_folder = String::new();
    BufReader::new(program.stdout.take().unwrap())
        .read_line(&mut socket_folder)
        .unwrap();
    let folder = folder_of(&socket_folder);
    let note = fs::read_to_string(folder.join("pgdata/postmaster.pid")).unwrap();
    let postmaster = note.lines().next().unwrap().to_owned();

    program.kill().unwrap();
    program.wait().unwrap();
    if Command::new("setpriv").arg("--help").output().is_ok() {
        let started = Instant::now();
        while Path::new(&format!("/proc/{postmaster}")).exists() {
            assert!(started.elapsed() < DEADLINE, "PostgreSQL still runs");
            thread::sleep(Duration::from_millis(10));
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_command_that_is_not_there_is_named() {
    let output = scratch_postgres().arg("no-such-program").output().unwrap();
    assert_eq!(output.status.code(), Some(126));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-program"));
}

#[test]
fn no_command_at_all_prints_the_usage() {
    let output = scratch_postgres().output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("usage:"));
}
