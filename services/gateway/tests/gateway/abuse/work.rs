//! What a program does to answer, counted and not waited for: on a busy machine it is the same.

use std::time::Duration;

use allocation_counter::measure;
use nix::time::ClockId;
use tokio::runtime::{Builder, Runtime};

/// How often each is sent.
const ROUNDS: usize = 3;

/// How much more than what is usual an answer may take: time on the processor, and memory. (Built with the whole
/// workspace, JSON keeps the order of its fields and takes half as much again.)
const SLOWER: u32 = 10;
const MORE: u64 = 15;

/// How many bytes all rounds together may leave behind.
const KEPT: i64 = 4096;

/// What answering took, and what it left behind.
#[derive(Clone, Copy)]
pub struct Work {
    /// Time on the processor: waiting for other programs does not count.
    time: Duration,
    /// Bytes taken from memory, also those given back at once.
    taken: u64,
    /// The most that were held at one time.
    held: u64,
    /// What was not given back.
    kept: i64,
}

/// Counts what is done on this thread, where all of it is done.
pub struct Worker {
    runtime: Runtime,
}

impl Worker {
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        Self {
            runtime: runtime.expect("a runtime"),
        }
    }

    /// The work of one answer, or what is wrong with it.
    fn once<F>(&self, answer: F) -> Result<Work, String>
    where
        F: Future<Output = Result<(), String>>,
    {
        let (mut answered, begun) = (Ok(()), time());
        let memory = measure(|| answered = self.runtime.block_on(answer));
        answered.map(|()| Work {
            time: time().saturating_sub(begun),
            taken: memory.bytes_total,
            held: memory.bytes_max,
            kept: memory.bytes_current,
        })
    }

    /// The same done often: the shortest time, because what the machine does besides lengthens the
    /// others, the most memory, and all that was kept after the first.
    pub fn often<F>(&self, answer: impl Fn() -> F) -> Result<Work, String>
    where
        F: Future<Output = Result<(), String>>,
    {
        let mut most = self.once(answer())?;
        most.kept = 0;
        for _ in 0..ROUNDS {
            let work = self.once(answer())?;
            most = Work {
                time: most.time.min(work.time),
                taken: most.taken.max(work.taken),
                held: most.held.max(work.held),
                kept: most.kept + work.kept,
            };
        }
        Ok(most)
    }
}

/// How long this thread has worked.
fn time() -> Duration {
    let now = ClockId::CLOCK_THREAD_CPUTIME_ID.now();
    now.expect("a clock").into()
}

impl Work {
    pub fn shown(self) -> String {
        let Self {
            time,
            taken,
            held,
            kept,
        } = self;
        format!("takes {time:.1?}, {taken} bytes, {held} at once, and keeps {kept}")
    }

    /// What is too much in comparison with what is usual.
    pub fn wrong(self, usual: Self) -> Option<String> {
        let fine = self.time <= usual.time * SLOWER
            && self.taken <= usual.taken * MORE
            && self.held <= usual.held * MORE
            && self.kept <= KEPT;
        (!fine).then(|| format!("{}; a plain refusal {}", self.shown(), usual.shown()))
    }
}

#[test]
fn work_that_is_too_much_is_found() {
    let usual = Work {
        time: Duration::from_millis(1),
        taken: 1_000,
        held: 100,
        kept: 0,
    };
    assert_eq!(usual.wrong(usual), None);
    for too_much in [
        Work {
            time: Duration::from_millis(11),
            ..usual
        },
        Work {
            taken: 1_000 * MORE + 1,
            ..usual
        },
        Work {
            held: 100 * MORE + 1,
            ..usual
        },
        Work {
            kept: KEPT + 1,
            ..usual
        },
    ] {
        assert!(too_much.wrong(usual).is_some(), "{}", too_much.shown());
    }
}
