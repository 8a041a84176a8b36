//! One running PostgreSQL: started, listened to, told to stop.
//!
//! It is our child, in a process group of its own so that Ctrl-C reaches us alone and we decide the order of stopping. A
//! thread of its own starts it and waits for it. That is not only for waiting: the kernel's parent-death signal, which
//! makes PostgreSQL stop when we are killed, is bound to the *thread* that started the child.

use std::{
    collections::VecDeque,
    env,
    io::{self, BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use nix::{
    errno::Errno,
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};
use tokio::sync::watch;

use crate::{error::ClusterError, waiting::wait_until};

/// How many of PostgreSQL's last lines are kept for an error message.
const LINES_KEPT: usize = 12;

/// How long PostgreSQL may take after each harsher signal.
const HARSH_DEADLINE: Duration = Duration::from_secs(5);

/// How long the log of an ended PostgreSQL may take to reach us.
const LAST_WORDS_DEADLINE: Duration = Duration::from_secs(2);

/// A postmaster process, running or ended.
#[derive(Debug)]
pub(crate) struct Postmaster {
    pid: Pid,
    shared: Arc<Shared>,
}

/// What the keeping thread, the listening thread and the owner share.
#[derive(Debug)]
struct Shared {
    /// How it ended. Set under the lock in which it is reaped, so that no signal can go to a process id used again.
    ended: Mutex<Option<ExitStatus>>,
    changed: Condvar,
    seen_by_tasks: watch::Sender<Option<ExitStatus>>,
    last_lines: Mutex<VecDeque<String>>,
    /// Set when it and all its children have closed their end of the log.
    heard_out: AtomicBool,
}

impl Postmaster {
    /// Starts `command` and returns when it has a process id.
    pub(crate) fn spawn(command: Command, folder: &Path) -> Result<Self, ClusterError> {
        let shared = Arc::new(Shared {
            ended: Mutex::new(None),
            changed: Condvar::new(),
            seen_by_tasks: watch::Sender::new(None),
            last_lines: Mutex::new(VecDeque::with_capacity(LINES_KEPT)),
            heard_out: AtomicBool::new(false),
        });
        let (tell, started) = mpsc::sync_channel(1);
        let keeper = Arc::clone(&shared);
        thread::Builder::new()
            .name("postgresql-keeper".into())
            .spawn(move || keeper.keep(command, &tell))
            .map_err(ClusterError::io("start a thread for PostgreSQL in", folder))?;
        let pid = started
            .recv()
            .map_err(|_| ClusterError::KeeperLost)?
            .map_err(ClusterError::io("start PostgreSQL in", folder))?;
        Ok(Self { pid, shared })
    }

    pub(crate) fn pid(&self) -> i32 {
        self.pid.as_raw()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        *locked(&self.shared.ended)
    }

    /// Follows [`Self::ended`] from asynchronous code.
    pub(crate) fn watch(&self) -> watch::Receiver<Option<ExitStatus>> {
        self.shared.seen_by_tasks.subscribe()
    }

    /// The last lines it printed, as one; of an ended one, all it had to say.
    pub(crate) fn last_words(&self) -> String {
        if self.ended().is_some() {
            wait_until(LAST_WORDS_DEADLINE, || {
                self.shared.heard_out.load(Ordering::Acquire).then_some(())
            });
        }
        let lines = locked(&self.shared.last_lines);
        if lines.is_empty() {
            "nothing".into()
        } else {
            lines.iter().cloned().collect::<Vec<_>>().join("; ")
        }
    }

    /// Whether PostgreSQL says, in its own pid file, that it takes connections.
    pub(crate) fn is_ready(&self, pgdata: &Path) -> bool {
        let Ok(text) = std::fs::read_to_string(pgdata.join("postmaster.pid")) else {
            return false;
        };
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        lines.first() == Some(&self.pid.to_string().as_str()) && lines.get(7) == Some(&"ready")
    }

    /// Ends it: `first` and `patience`, then abruptly, then by force. Returns at once if it has ended.
    pub(crate) fn end(&self, first: Signal, patience: Duration) -> Result<(), ClusterError> {
        let steps = [
            (first, patience),
            (Signal::SIGQUIT, HARSH_DEADLINE),
            (Signal::SIGKILL, HARSH_DEADLINE),
        ];
        for (signal, patience) in steps {
            self.signal(signal);
            if self.wait(patience) {
                return Ok(());
            }
            tracing::warn!(pid = self.pid(), %signal, ?patience, "PostgreSQL did not stop in time");
        }
        Err(ClusterError::StopTimedOut { pid: self.pid() })
    }

    fn signal(&self, signal: Signal) {
        let ended = locked(&self.shared.ended);
        if ended.is_none()
            && let Err(error) = kill(self.pid, signal)
        {
            tracing::warn!(pid = self.pid(), %signal, %error, "could not signal PostgreSQL");
        }
    }

    fn wait(&self, deadline: Duration) -> bool {
        let ended = locked(&self.shared.ended);
        let (ended, _) = self
            .shared
            .changed
            .wait_timeout_while(ended, deadline, |ended| ended.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        ended.is_some()
    }
}

impl Shared {
    /// The keeping thread's life: start the child, tell its id, wait for it.
    fn keep(self: Arc<Self>, mut command: Command, tell: &mpsc::SyncSender<io::Result<Pid>>) {
        let spawned = command
            .spawn()
            .and_then(|child| Ok((pid_of(&child)?, child)));
        match spawned {
            Ok((pid, mut child)) => {
                if let Some(lines) = child.stderr.take() {
                    let listener = Arc::clone(&self);
                    thread::spawn(move || listener.listen(lines));
                }
                let _ = tell.send(Ok(pid));
                self.reap(pid, &mut child);
            }
            Err(error) => {
                let _ = tell.send(Err(error));
            }
        }
    }

    /// Waits without reaping, then reaps under the lock.
    fn reap(&self, pid: Pid, child: &mut Child) {
        while waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) == Err(Errno::EINTR)
        {
        }
        let mut ended = locked(&self.ended);
        let status = child.wait().unwrap_or_default();
        *ended = Some(status);
        self.changed.notify_all();
        self.seen_by_tasks.send_replace(Some(status));
    }

    /// Passes PostgreSQL's log on to ours.
    fn listen(&self, lines: impl Read) {
        for line in BufReader::new(lines).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if ["FATAL:", "PANIC:"]
                .iter()
                .any(|level| line.contains(level))
            {
                tracing::error!(target: "postgresql", "{line}");
            } else if ["ERROR:", "WARNING:"]
                .iter()
                .any(|level| line.contains(level))
            {
                tracing::warn!(target: "postgresql", "{line}");
            } else {
                tracing::debug!(target: "postgresql", "{line}");
            }
            let mut kept = locked(&self.last_lines);
            if kept.len() == LINES_KEPT {
                kept.pop_front();
            }
            kept.push_back(line);
        }
        self.heard_out.store(true, Ordering::Release);
    }
}

/// A panic in a holder of these locks leaves nothing half-changed, so its poison is of no interest.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pid_of(child: &Child) -> io::Result<Pid> {
    i32::try_from(child.id())
        .map(Pid::from_raw)
        .map_err(io::Error::other)
}

/// Starts `program`, in a process group of its own, so that it is sent `signal` when the thread that starts it ends.
///
/// `setpriv` of util-linux arranges that; without it the program runs all the same, and outlives a killed parent.
pub(crate) fn bound_to_parent(program: &Path, signal: &str) -> Command {
    let mut command = if let Some(setpriv) = setpriv() {
        let mut command = Command::new(setpriv);
        command.args(["--pdeathsig", signal, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// The `setpriv` of this machine, if it knows the parent-death signal (the one in `BusyBox` does not).
fn setpriv() -> Option<PathBuf> {
    ["/usr/bin/setpriv", "/bin/setpriv"]
        .iter()
        .map(PathBuf::from)
        .find(|path| {
            let help = Command::new(path)
                .arg("--help")
                .stdin(Stdio::null())
                .output();
            help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("--pdeathsig"))
        })
}

/// Leaves a PostgreSQL program only what it needs of our environment, and makes it speak English.
///
/// A `PGDATA` or `PGPORT` of the person who starts us must not steer our cluster.
pub(crate) fn clean_environment(command: &mut Command) {
    command.env_clear();
    for name in ["PATH", "LD_LIBRARY_PATH", "TMPDIR"] {
        if let Some(value) = env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("LC_ALL", "C").env("TZ", "UTC");
}
