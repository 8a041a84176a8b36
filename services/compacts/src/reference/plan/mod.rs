//! The plan: every command the papers amount to, in the order in which things happened.

mod action_plan;
mod commitment;
mod compact;
mod meeting;
mod practice;
mod register;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::ids::{CommandId, LedgerId, MeetingId};
use domain::{Command, MeetingRef};
use recorder::{Installation, Submission};

use super::ReferenceData;
use super::error::ReferenceError;
use super::path::Path;
use super::report::LeftForLater;
use register::Register;

/// The actor every imported entry is recorded under.
const ACTOR: &str = "reference-import";

/// One submission, and where in the reference data it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is about, such as `lincolnshire-rutland/commitment/2007-08/1`.
    pub path: Path,
    /// The day it was true.
    pub on: NaiveDate,
    /// What is sent.
    pub submission: Submission<Installation>,
}

/// Everything there is to import, sorted by date, and within a day in the order of the files.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The submissions, each with its path.
    pub steps: Vec<Step>,
    /// The ledgers they go to, with the names people know them by; the region's comes first.
    pub ledgers: Vec<(LedgerId, String)>,
    /// What the files hold that is not imported yet.
    pub left: Vec<LeftForLater>,
}

impl Plan {
    /// The submissions alone, in order.
    pub fn submissions(&self) -> impl Iterator<Item = &Submission<Installation>> {
        self.steps.iter().map(|step| &step.submission)
    }
}

/// Works out what to import. Pure: the same files always give the same plan.
///
/// # Errors
/// [`ReferenceError::Wrong`] when something in the files does not fit the rest; it names the file,
/// the entry and the field.
pub fn plan(data: &ReferenceData) -> Result<Plan, ReferenceError> {
    let register = Register::gather(data)?;
    let region = Path::root(&data.region.region.slug);
    let mut ledgers = vec![(region.id(), data.region.region.name.clone())];
    let mut steps = register::steps(data, &register)?;
    for (file, compact) in &data.compacts {
        let compact = compact::Compact::new(file, compact, &register)?;
        ledgers.push((compact.path.id(), compact.data.compact.name.clone()));
        steps.extend(compact.steps()?);
    }
    steps.extend(practice::adoptions(data)?);
    // A stable sort: what happened on one day keeps the order of the files.
    steps.sort_by_key(|step| step.on);
    let left = LeftForLater::in_data(data);
    Ok(Plan {
        steps,
        ledgers,
        left,
    })
}

/// The day something was true, and the meeting it came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct When {
    pub on: NaiveDate,
    pub meeting: Option<MeetingRef>,
}

impl From<NaiveDate> for When {
    fn from(on: NaiveDate) -> Self {
        Self { on, meeting: None }
    }
}

/// Gathers the steps of one ledger.
pub(crate) struct Scribe {
    ledger: LedgerId,
    actor: &'static str,
    role: &'static str,
    pub steps: Vec<Step>,
    /// What was said at meetings, to be recorded with them.
    said: BTreeMap<MeetingId, Vec<Command>>,
}

impl Scribe {
    fn new(ledger: LedgerId, role: &'static str) -> Self {
        Self::signing(ACTOR, ledger, role)
    }

    /// Writes as `actor`, in `role`.
    pub(crate) const fn signing(actor: &'static str, ledger: LedgerId, role: &'static str) -> Self {
        Self {
            ledger,
            actor,
            role,
            steps: Vec::new(),
            said: BTreeMap::new(),
        }
    }

    /// Keeps what was said at a meeting until the meeting is written down: it is one submission.
    fn said_at(&mut self, meeting: MeetingRef, command: Command) {
        self.said.entry(meeting.id).or_default().push(command);
    }

    /// What was said at a meeting.
    fn take_said_at(&mut self, meeting: MeetingId) -> Vec<Command> {
        self.said.remove(&meeting).unwrap_or_default()
    }

    /// Writes down that `what` was done to what stands at `path`.
    pub(crate) fn write(
        &mut self,
        path: &Path,
        what: &str,
        when: impl Into<When>,
        commands: Vec<Command>,
    ) {
        let When { on, meeting } = when.into();
        let command_id: CommandId = path.command(what);
        self.steps.push(Step {
            path: path.clone(),
            on,
            submission: Submission {
                ledger: self.ledger,
                command_id,
                actor: Installation {
                    id: self.actor.to_owned(),
                    role: self.role.to_owned(),
                },
                causation: None,
                occurred_on: Some(on),
                meeting,
                expected_version: None,
                commands,
            },
        });
    }
}
