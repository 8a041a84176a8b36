//! `scratch-postgres [--] COMMAND...`: runs a command beside a throwaway PostgreSQL.
//!
//! The command finds the database by `DATABASE_URL` (and `PGHOST`, `PGUSER`, ...). Its exit code is ours; the cluster and
//! its files are gone when we end, on a signal too. `PG_BIN` names the folder of the PostgreSQL programs, if need be.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{ExitCode, ExitStatus},
};

use cluster::{ClusterError, ScratchCluster};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, getpgrp, tcgetpgrp},
};
use tokio::{
    process::{Child, Command},
    signal::unix::{SignalKind, signal},
};

const USAGE: &str = "usage: scratch-postgres [--] COMMAND [ARGUMENT...]";

/// The shell's code for a command that could not be started.
const CANNOT_RUN: u8 = 126;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut words = env::args_os().skip(1).peekable();
    words.next_if(|word| word == "--");
    let Some(program) = words.next() else {
        say(USAGE);
        return ExitCode::from(2);
    };
    match run(program, words.collect()).await {
        Ok(code) => code,
        Err(error) => {
            say(&with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

/// Starts the cluster, runs the command, stops the cluster.
async fn run(program: OsString, arguments: Vec<OsString>) -> Result<ExitCode, ClusterError> {
    // From here on a signal is ours to handle, so that none can end us between the cluster's start and its stop.
    let mut signals = Signals::listen().map_err(|source| ClusterError::Io {
        doing: "listen for signals in",
        path: PathBuf::from("this process"),
        source,
    })?;
    let scratch = ScratchCluster::start().await?;
    let spawned = Command::new(&program)
        .args(arguments)
        .envs(scratch.cluster().environment())
        .spawn();
    let code = match spawned {
        Ok(mut child) => exit_code(&attend(&mut child, &mut signals).await),
        Err(error) => {
            say(&format!("{}: {error}", program.display()));
            ExitCode::from(CANNOT_RUN)
        }
    };
    scratch.stop().await?;
    Ok(code)
}

/// Waits for the command to end, passing signals on to it meanwhile.
async fn attend(child: &mut Child, signals: &mut Signals) -> io::Result<ExitStatus> {
    let pid = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .map(Pid::from_raw);
    loop {
        tokio::select! {
            status = child.wait() => return status,
            received = signals.next() => {
                if let Some(pid) = pid && !(received == Signal::SIGINT && the_terminal_told_the_command_too()) {
                    // It may have ended this very moment; then `wait` says so next.
                    let _ = kill(pid, received);
                }
            }
        }
    }
}

/// Ctrl-C goes to every process of the terminal's foreground group; sent on, the command would get it twice.
fn the_terminal_told_the_command_too() -> bool {
    tcgetpgrp(io::stdin()).is_ok_and(|foreground| foreground == getpgrp())
}

/// The command's own code, or what a shell would give for the signal that ended it.
fn exit_code(status: &io::Result<ExitStatus>) -> ExitCode {
    let code = match status {
        Ok(status) => status
            .code()
            .or_else(|| status.signal().map(|signal| 128 + signal)),
        Err(_) => None,
    };
    code.and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The signals that ask a program to end.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::SIGINT,
            _ = self.terminate.recv() => Signal::SIGTERM,
            _ = self.hang_up.recv() => Signal::SIGHUP,
        }
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

/// Says something to whoever runs us; if even that fails there is nobody to tell.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "scratch-postgres: {text}");
}
