//! Drafts: an input on its way to becoming a command.

use async_graphql::ID;
use domain::ids::{IdSource, LedgerId};
use domain::session::Session;
use domain::stream::StreamId;
use domain::{Command, MeetingRef};
use uuid::Uuid;

use super::recording::{Recording, id_in};
use super::user_error::UserError;
use crate::node::{NodeId, NodeKind};
use crate::types::history::whole_of;
use crate::types::scalars;

/// What every mutation's input can do.
pub trait Input: Send {
    /// What it says about its recording.
    fn recording(&self) -> &Recording;

    /// The command it asks for. New ids come from `ids` where the sender chose none.
    ///
    /// # Errors
    /// What the person can mend, when a field cannot be read.
    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError>;
}

/// A command, and what its payload will show.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The aggregate that is changed.
    pub whole: NodeId,
    /// The part of it, or the new thing, that the change is about.
    pub part: Option<NodeId>,
    /// What the change makes new, if it makes something.
    pub made: Option<NodeId>,
    /// What is asked of it.
    pub command: Command,
    /// What is asked of others with it, all of it or nothing, each with the input's name of what asks it.
    pub also: Vec<(String, Command)>,
    /// The meeting it comes from, where the input itself says so.
    pub meeting: Option<MeetingRef>,
    /// The input's name of the changed thing's id, to say which one is unknown.
    pub ledger_field: &'static str,
    /// Fields that the domain knows by another name than this input: (the domain's, the input's).
    pub renamed: &'static [(&'static str, &'static str)],
    /// The changes an update carries, as its input names them, in order.
    pub changes: Vec<&'static str>,
    /// The rows that each ask one thing, where the input is a list of such rows.
    pub rows: Option<Rows>,
}

/// The rows of an input that asks the same of several things.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The input's name of the list.
    name: &'static str,
    /// What each row is about, in order.
    pub parts: Vec<NodeId>,
}

impl Draft {
    /// A command to the aggregate at `place`.
    pub fn new(place: &Place, command: Command) -> Self {
        Self {
            whole: place.node.clone(),
            part: None,
            made: None,
            command,
            also: Vec::new(),
            meeting: None,
            ledger_field: place.field,
            renamed: &[],
            changes: Vec::new(),
            rows: None,
        }
    }

    /// What the rows of a list ask for, recorded all of it or nothing. A refusal names the row: `readings.3.value`.
    ///
    /// # Errors
    /// The row that cannot be read; and when there is no row, there are more than [`MOST_ROWS`], or they are of different ledgers.
    pub fn of_rows(
        name: &'static str,
        rows: impl ExactSizeIterator<Item = Result<Self, UserError>>,
        kind: NodeKind,
    ) -> Result<Self, UserError> {
        if rows.len() > MOST_ROWS {
            let message = format!("send at most {MOST_ROWS} at a time; send the rest after them");
            return Err(UserError::new(name, "TOO_MANY", message));
        }
        let mut all: Option<Self> = None;
        let mut parts = Vec::with_capacity(rows.len());
        for (nth, row) in rows.enumerate() {
            let at = format!("{name}.{nth}");
            let row = row.map_err(|error| error.inside(&at))?;
            parts.extend(row.part.clone());
            match &mut all {
                None => {
                    let also = named_in(&at, row.also).collect();
                    all = Some(Self { also, ..row });
                }
                Some(all) if all.whole.ledger == row.whole.ledger => {
                    all.also.push((at.clone(), row.command));
                    all.also.extend(named_in(&at, row.also));
                }
                Some(_) => {
                    let elsewhere = UserError::elsewhere(row.ledger_field, kind, NodeKind::Compact);
                    return Err(elsewhere.inside(&at));
                }
            }
        }
        let none = || {
            UserError::new(
                name,
                "MISSING",
                "there is nothing in this list; fill in a row",
            )
        };
        let all = all.ok_or_else(none)?;
        Ok(Self {
            made: None,
            part: None,
            rows: Some(Rows { name, parts }),
            ..all
        })
    }

    /// The same, about this part.
    pub fn about(mut self, kind: NodeKind, id: impl Into<Uuid>) -> Self {
        let NodeId { ledger, .. } = self.whole;
        self.part = Some(match kind.whole() {
            Some(_) => NodeId::part(kind, ledger, self.whole.uuid(), id.into()),
            None => NodeId::new(kind, ledger, id.into()),
        });
        self
    }

    /// The same, about something with a ledger of its own, or none by UUID.
    pub fn about_node(mut self, node: NodeId) -> Self {
        self.part = Some(node);
        self
    }

    /// The same, making the part it is about; or the whole, when it is about no part.
    pub fn making(mut self) -> Self {
        self.made = Some(self.part.clone().unwrap_or_else(|| self.whole.clone()));
        self
    }

    /// The same, carrying changes of these names.
    pub fn carrying(mut self, changes: Vec<&'static str>) -> Self {
        self.changes = changes;
        self
    }

    /// The same, asking this of others with it.
    pub fn leading_to(mut self, also: Vec<(String, Command)>) -> Self {
        self.also = also;
        self
    }

    /// The same, at a meeting.
    pub fn at(mut self, meeting: MeetingRef) -> Self {
        self.meeting = Some(meeting);
        self
    }

    /// The way to an input field that the domain knows as `path`.
    pub fn path_of(&self, path: String) -> String {
        if let Some(rows) = &self.rows {
            return self.path_in_a_row(rows, &path);
        }
        if let Some(path) = self.path_of_other(&path) {
            return path;
        }
        let known = self.renamed.iter().find(|(from, _)| *from == path);
        if let Some((_, to)) = known {
            return (*to).to_owned();
        }
        let mut steps = path.splitn(3, '.');
        let (Some("changes"), Some(at), Some(field)) = (steps.next(), steps.next(), steps.next())
        else {
            return path;
        };
        let name = at.parse().ok().and_then(|at: usize| self.changes.get(at));
        match name {
            Some(name) => format!("changes.{at}.{name}.{field}"),
            None => path,
        }
    }

    /// The way to a field of a row. What is said of the recording is said once, for all of them.
    fn path_in_a_row(&self, rows: &Rows, path: &str) -> String {
        let first = format!("{}.0", rows.name);
        let (asked, field) = match path.strip_prefix("commands.") {
            Some(rest) => rest.split_once('.').unwrap_or((rest, "")),
            None => ("0", path),
        };
        if OF_RECORDING.contains(&field) {
            return field.to_owned();
        }
        let nth = asked
            .parse::<usize>()
            .ok()
            .and_then(|nth| nth.checked_sub(1));
        let also = nth.and_then(|nth| self.also.get(nth));
        let name = also.map_or(&first, |(name, _)| name);
        let mut renamed = self.renamed.iter();
        let field = renamed
            .find(|(from, _)| *from == field)
            .map_or(field, |(_, to)| to);
        if field.is_empty() {
            name.clone()
        } else {
            format!("{name}.{field}")
        }
    }

    /// The way to a field of what is asked of others, which the recorder names by its number.
    fn path_of_other(&self, path: &str) -> Option<String> {
        let rest = path.strip_prefix("commands.")?;
        let (nth, field) = rest.split_once('.').unwrap_or((rest, ""));
        let nth: usize = nth.parse().ok()?;
        let (name, _) = self.also.get(nth.checked_sub(1)?)?;
        Some(if field.is_empty() {
            name.clone()
        } else {
            format!("{name}.{field}")
        })
    }

    /// The same, with fields of other names.
    pub fn renaming(mut self, renamed: &'static [(&'static str, &'static str)]) -> Self {
        self.renamed = renamed;
        self
    }
}

/// The most rows one change may have: what a secretariat types in at one sitting, and well within what one command may write.
pub const MOST_ROWS: usize = 200;

/// What a row asks of others, under its name in the whole input.
fn named_in(at: &str, also: Vec<(String, Command)>) -> impl Iterator<Item = (String, Command)> {
    also.into_iter()
        .map(move |(name, command)| (format!("{at}.{name}"), command))
}

/// Fields of every input that are not a row's.
const OF_RECORDING: [&str; 4] = ["commandId", "occurredOn", "meeting", "expectedVersion"];

/// The aggregate that an input names, and so the ledger.
#[derive(Clone, Debug)]
pub struct Place {
    node: NodeId,
    field: &'static str,
}

impl Place {
    /// Reads the id of an aggregate.
    ///
    /// # Errors
    /// When the id names something else.
    pub fn read(kind: NodeKind, field: &'static str, id: &ID) -> Result<Self, UserError> {
        let node = NodeId::expect(kind, id).map_err(|error| UserError::not_a_node(field, error))?;
        Ok(Self { node, field })
    }

    /// Reads the id of a part of an aggregate: where the aggregate is, and which part.
    ///
    /// # Errors
    /// When the id names something else.
    pub fn of_part<T: From<Uuid>>(
        kind: NodeKind,
        field: &'static str,
        id: &ID,
    ) -> Result<(Self, T), UserError> {
        let part = NodeId::expect(kind, id).map_err(|error| UserError::not_a_node(field, error))?;
        let node = part.whole();
        Ok((Self { node, field }, part.uuid().into()))
    }

    /// The aggregate of a stream.
    pub fn of_stream(ledger: LedgerId, stream: StreamId, field: &'static str) -> Self {
        let node = whole_of(ledger, stream);
        Self { node, field }
    }

    /// A new aggregate in a ledger that is known.
    pub fn fresh(kind: NodeKind, ledger: LedgerId, id: Uuid, field: &'static str) -> Self {
        let node = NodeId::new(kind, ledger, id);
        Self { node, field }
    }

    /// Whether both are the same aggregate.
    pub fn is(&self, other: &Self) -> bool {
        self.node == other.node
    }

    /// Refuses a draft that changes something in another ledger.
    ///
    /// # Errors
    /// When it does.
    pub fn same_ledger(&self, other: &Draft, field: &str, kind: NodeKind) -> Result<(), UserError> {
        if other.whole.ledger == self.ledger() {
            return Ok(());
        }
        Err(UserError::elsewhere(field, kind, NodeKind::Compact))
    }

    /// The aggregate's ledger.
    pub const fn ledger(&self) -> LedgerId {
        self.node.ledger
    }

    /// The aggregate's id.
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.node.uuid().into()
    }

    /// Reads the id of another part of the same aggregate.
    ///
    /// # Errors
    /// When the id names something else, or a part of another aggregate.
    pub fn own<T: From<Uuid>>(&self, kind: NodeKind, field: &str, id: &ID) -> Result<T, UserError> {
        let part = NodeId::expect(kind, id).map_err(|error| UserError::not_a_node(field, error))?;
        if part.whole() == self.node {
            Ok(part.uuid().into())
        } else {
            Err(UserError::elsewhere(field, kind, self.node.kind))
        }
    }

    /// Reads the id of something in the same ledger.
    ///
    /// # Errors
    /// When the id names something else, or something in another ledger.
    pub fn beside<T: From<Uuid>>(
        &self,
        kind: NodeKind,
        field: &str,
        id: &ID,
    ) -> Result<T, UserError> {
        id_in(self.ledger(), kind, field, id).map(T::from)
    }
}

/// Reads the id of something in the region's register.
pub(super) fn registered<T: From<Uuid>>(
    kind: NodeKind,
    field: &str,
    id: &ID,
) -> Result<T, UserError> {
    let node = NodeId::expect(kind, id).map_err(|error| UserError::not_a_node(field, error))?;
    Ok(node.uuid().into())
}

/// The id the sender chose for something new, or a new one.
pub(super) fn new_id<T: From<Uuid>>(chosen: Option<Uuid>, ids: &dyn IdSource) -> T {
    chosen.unwrap_or_else(|| ids.next()).into()
}

/// Reads a figure as typed.
pub(super) fn figure(
    field: &str,
    typed: &scalars::Figure,
) -> Result<domain::figure::Figure, UserError> {
    let read = typed.0.parse::<domain::figure::Figure>();
    read.map_err(|error| UserError::new(field, "NOT_A_FIGURE", error.to_string()))
}

/// Reads a session as typed.
pub(super) fn session(field: &str, typed: &scalars::Session) -> Result<Session, UserError> {
    let read = typed.0.trim().parse::<Session>();
    read.map_err(|error| UserError::new(field, "NOT_A_SESSION", error.to_string()))
}
