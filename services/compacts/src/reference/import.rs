//! Sending the plan: one submission after another, in order, each at most once.

use std::collections::HashMap;
use std::time::Duration;

use chrono::NaiveDate;
use domain::ids::LedgerId;
use domain::stream::StreamId;
use recorder::{Answer, Installation, RecordError, Submission};

use super::path::Path;
use super::plan::{Plan, Step};
use super::report::{ImportReport, LedgerReport};

/// How often one submission is sent while the recorder is busy or its answer is lost.
const ATTEMPTS: u32 = 6;
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How far an import has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Submissions answered, this one included.
    pub done: usize,
    /// Submissions in all.
    pub total: usize,
    /// What was just recorded.
    pub path: &'a Path,
    /// The day it was true.
    pub on: NaiveDate,
}

/// Why an import stopped. What was recorded before stays; importing again carries on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files were changed since they were imported.
    #[error(
        "the file differs from what was imported before at {path}; what is recorded is not rewritten: \
         make the change as a new command, or import into an empty database"
    )]
    Differs {
        /// Where.
        path: Path,
    },
    /// The recorder did not record a submission.
    #[error(
        "{path} was not recorded ({done} of {total} are; importing again carries on from there)"
    )]
    NotRecorded {
        /// Which.
        path: Path,
        /// How many were before it.
        done: usize,
        /// How many there are.
        total: usize,
        /// What the recorder said.
        #[source]
        source: RecordError,
    },
}

/// What records a submission of the installation's own.
pub trait Record: AsyncFn(Submission<Installation>) -> Result<Answer, RecordError> {}

impl<F: AsyncFn(Submission<Installation>) -> Result<Answer, RecordError>> Record for F {}

/// Has every submission of `plan` recorded by `record`, in order, and reports what was new. `progress` is called
/// after each.
///
/// Safe to repeat and to interrupt: the ids in the plan are the same every time, so what was
/// recorded before is answered again and adds nothing.
///
/// # Errors
/// [`ImportError`] at the first submission that is not recorded. A busy recorder is waited for,
/// and a lost answer asked for again, a bounded number of times.
pub async fn import(
    record: impl Record,
    plan: &Plan,
    mut progress: impl FnMut(Progress<'_>),
) -> Result<ImportReport, ImportError> {
    let total = plan.steps.len();
    let mut tally = Tally::default();
    for (done, step) in plan.steps.iter().enumerate() {
        let answer = send(&record, step).await.map_err(|source| match source {
            RecordError::CommandReused => ImportError::Differs {
                path: step.path.clone(),
            },
            source => ImportError::NotRecorded {
                path: step.path.clone(),
                done,
                total,
                source,
            },
        })?;
        tally.add(step, &answer);
        progress(Progress {
            done: done + 1,
            total,
            path: &step.path,
            on: step.on,
        });
    }
    Ok(tally.report(plan))
}

/// Sends one submission until there is an answer. One whose outcome was unknown counts as new even
/// if the next answer calls it a repeat: this import sent it first.
pub(crate) async fn send(record: &impl Record, step: &Step) -> Result<Answer, RecordError> {
    let mut unsure = false;
    let mut attempt = 1;
    loop {
        let error = match record(step.submission.clone()).await {
            Ok(answer) => {
                let repeated = answer.repeated && !unsure;
                return Ok(Answer { repeated, ..answer });
            }
            Err(error) => error,
        };
        let wait = match &error {
            RecordError::Busy {
                retry_after_seconds,
            } => Duration::from_secs(*retry_after_seconds),
            RecordError::OutcomeUnknown => {
                unsure = true;
                Duration::from_secs(1)
            }
            _ => return Err(error),
        };
        if attempt == ATTEMPTS {
            return Err(error);
        }
        attempt += 1;
        tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
    }
}

/// Counts while the import runs.
#[derive(Default)]
struct Tally {
    ledgers: HashMap<LedgerId, LedgerReport>,
    /// The version of each stream as last answered.
    versions: HashMap<(LedgerId, StreamId), u64>,
}

impl Tally {
    fn add(&mut self, step: &Step, answer: &Answer) {
        let mut entries = 0;
        for (stream, version) in &answer.streams {
            let seen = self.versions.entry((answer.ledger, *stream)).or_default();
            entries += version.saturating_sub(*seen);
            *seen = *version;
        }
        let commands = step.submission.commands.len();
        let ledger = answer.ledger;
        let report = self.ledgers.entry(ledger).or_insert_with(|| LedgerReport {
            ledger,
            name: String::new(),
            commands: 0,
            repeated: 0,
            entries: 0,
        });
        report.commands += commands;
        if answer.repeated {
            report.repeated += commands;
        } else {
            report.entries += entries;
        }
    }

    fn report(mut self, plan: &Plan) -> ImportReport {
        let ledgers = plan.ledgers.iter().filter_map(|(ledger, name)| {
            let report = self.ledgers.remove(ledger)?;
            let name = name.clone();
            Some(LedgerReport { name, ..report })
        });
        ImportReport {
            ledgers: ledgers.collect(),
            left: plan.left.clone(),
        }
    }
}
