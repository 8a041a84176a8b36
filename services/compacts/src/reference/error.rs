//! What can be wrong with the files, said so that whoever keeps them can mend it.

use chrono::NaiveDate;
use domain::session::Session;

/// Why the reference data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// A file or the directory could not be read.
    #[error("{file} cannot be read")]
    Unreadable {
        /// The file or directory.
        file: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file is not TOML, lacks a field, has one that is not known, or one of the wrong kind.
    #[error("{file}, line {line}, {table}: {message}")]
    Malformed {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The table it stands in, as its heading is written.
        table: String,
        /// What is wrong there.
        message: String,
    },
    /// A file can be read, but something in it does not fit.
    #[error("{file}, {entry}, {field}: {fault}")]
    Wrong {
        /// The file.
        file: String,
        /// The entry: "priority 2009-10/3".
        entry: String,
        /// The field of the entry.
        field: &'static str,
        /// What is wrong there.
        fault: Box<Fault>,
    },
}

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A theme that region.toml does not list.
    #[error("there is no theme “{0}” in region.toml; use one of its codes, or add it there")]
    UnknownTheme(String),
    /// A group that the compact does not have.
    #[error("this file has no group “{0}”; use one of its codes, or add the group")]
    UnknownGroup(String),
    /// An aim that the charter does not have.
    #[error("the charter in this file has no aim “{0}”; use one of its refs, or add the aim")]
    UnknownAim(String),
    /// An organisation that no compact names.
    #[error("there is no organisation “{0}” in this file; spell it as it is listed, or add it")]
    UnknownOrganisation(String),
    /// An objective that the plan does not have.
    #[error("this plan has no objective “{0}”; use one of its refs")]
    UnknownObjective(String),
    /// An objective that the change names and its update does not.
    #[error(
        "the change names objective “{0}”, which its update does not speak for; name it there too"
    )]
    OutsideUpdate(String),
    /// A meeting that the file does not list.
    #[error(
        "this file lists no meeting of the group, or of the steering group, on {0}; add the meeting, or correct the date"
    )]
    UnknownMeeting(NaiveDate),
    /// Two entries under one ref, code, slug or name.
    #[error("“{0}” is given out twice; each may stand here once")]
    Duplicate(String),
    /// One organisation in two categories.
    #[error("“{name}” is in category {here} here and {there} in {file}; decide on one")]
    TwoCategories {
        /// The organisation.
        name: String,
        /// Its category here.
        here: &'static str,
        /// Its category elsewhere.
        there: &'static str,
        /// Where else.
        file: String,
    },
    /// One name spelled two ways.
    #[error(
        "“{here}” is spelled “{there}” in {file}; spell it one way, so that it is counted once"
    )]
    TwoSpellings {
        /// The name here.
        here: String,
        /// The name elsewhere.
        there: String,
        /// Where else.
        file: String,
    },
    /// One indicator in two units.
    #[error("“{name}” is counted in {here} here and in {there} in {file}; decide on one")]
    TwoUnits {
        /// The indicator.
        name: String,
        /// Its unit here.
        here: String,
        /// Its unit elsewhere.
        there: String,
        /// Where else.
        file: String,
    },
    /// A unit of which it is not known whether its figures may be added up.
    #[error(
        "it is not known whether figures in “{0}” may be added up; use people, organisations, events or yes-no"
    )]
    UnknownUnit(String),
    /// A compact that no file is about.
    #[error("there is no compact “{0}” among the files; use its slug as region.toml lists it")]
    UnknownCompact(String),
    /// A compact's file that is not there.
    #[error("there is no file “{0}” beside region.toml; add it, or take the entry out")]
    NoSuchFile(String),
    /// A file that no entry of region.toml names.
    #[error(
        "region.toml does not list this file, so it would be left out; list it, or take the file away"
    )]
    Unlisted,
    /// A compact that goes by another slug in its own file.
    #[error("region.toml calls this compact “{0}”; use the same slug in both")]
    OtherSlug(String),
    /// Something dated before what it depends on.
    #[error("{on} is before {what} on {from}; correct one of the dates")]
    TooEarly {
        /// The date given.
        on: NaiveDate,
        /// What must come first.
        what: &'static str,
        /// The date that had.
        from: NaiveDate,
    },
    /// A commitment to a session that had ended before the compact was launched.
    #[error("the session {session} was over when the compact was launched on {launched}")]
    BeforeLaunch {
        /// The session.
        session: Session,
        /// The launch.
        launched: NaiveDate,
    },
    /// An objective with neither an action nor a word on why there is none.
    #[error(
        "the objective has no action; say what will be done, or add a note that says why there is none"
    )]
    NeitherActionNorNote,
    /// A note on an objective that has an action.
    #[error(
        "the objective has an action, so there is nowhere to keep a note; put it in the timescale's note"
    )]
    NoteBesideAction,
    /// An owner of no action.
    #[error("the objective has no action to own; take the owner out, or say what will be done")]
    OwnerWithoutAction,
    /// A change to the action of an objective that has none open.
    #[error("objective “{0}” has no open action that could change")]
    NoOpenAction(String),
    /// A change to the action of an objective that has more than one open.
    #[error("objective “{0}” has several open actions, and the change does not say which it means")]
    SeveralOpenActions(String),
    /// A change to an objective that was given up.
    #[error("objective “{0}” was dropped earlier in this plan")]
    ObjectiveDropped(String),
    /// A region without compacts.
    #[error("list at least one compact; the region's record begins with the first")]
    NoCompacts,
    /// Nothing where something must be named.
    #[error("name at least one objective")]
    Nothing,
}

/// Where in the files something stands; makes an error out of a fault there.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    /// The file.
    pub file: &'a str,
    /// The entry in it.
    pub entry: String,
}

impl Place<'_> {
    /// The error that `field` of this entry has `fault`.
    pub fn wrong(&self, field: &'static str, fault: Fault) -> ReferenceError {
        ReferenceError::Wrong {
            file: self.file.to_owned(),
            entry: self.entry.clone(),
            field,
            fault: Box::new(fault),
        }
    }
}
