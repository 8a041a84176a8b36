//! What a check says: how much it looked at, and everything that is not as it must be.

use std::fmt;

use domain::ids::LedgerId;
use ledger::Position;
use uuid::Uuid;

use crate::table::Table;
use crate::view::ViewName;

/// What a check found, and how much it looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// How many ledgers there are.
    pub ledgers: u64,
    /// How many entries were read, decoded and written again.
    pub entries: u64,
    /// How many streams they belong to.
    pub streams: u64,
    /// How many view rows were compared with the fold of their ledger.
    pub rows: u64,
    /// The views that do not stand at the end of their ledger. It is no fault while entries are being folded,
    /// but what a view has not folded was not checked.
    pub behind: Vec<Behind>,
    /// Everything that is not as it must be; empty when all is well.
    pub findings: Vec<Finding>,
}

/// A view that has not been folded to the end of its ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The ledger.
    pub ledger: LedgerId,
    /// The view.
    pub view: ViewName,
    /// The last entry folded into it; 0 when it has never been folded.
    pub position: Position,
    /// The last entry there is.
    pub head: Position,
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            ledger,
            view,
            position,
            head,
        } = self;
        write!(f, "ledger {ledger}, {view}: at {position} of {head}")
    }
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The ledger.
    pub ledger: LedgerId,
    /// Where in it.
    pub place: Place,
    /// What differs.
    pub what: String,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An entry of the ledger.
    Entry(Position),
    /// A row of a view.
    Row {
        /// The table.
        table: Table,
        /// The row's key.
        key: Uuid,
    },
    /// A view's checkpoint.
    Checkpoint(ViewName),
    /// The words kept of a piece of good practice.
    Words(Uuid),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ledger {}, ", self.ledger)?;
        match &self.place {
            Place::Entry(position) => write!(f, "entry {position}")?,
            Place::Row { table, key } => write!(f, "{table} {key}")?,
            Place::Checkpoint(view) => write!(f, "checkpoint of {view}")?,
            Place::Words(practice) => write!(f, "good_practice_words {practice}")?,
        }
        write!(f, ": {}", self.what)
    }
}
