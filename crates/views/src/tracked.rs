//! Values that change but are never overwritten.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{GroupId, UpdateId};
use domain::{MeetingRef, Reach, Text, Visibility};
use ledger::Entry;
use ledger::entry::Position;
use serde::{Deserialize, Serialize};

/// Where in the record something comes from: the place, both clocks, the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The position in the ledger.
    pub position: Position,
    /// The date it was true.
    pub on: NaiveDate,
    /// The moment it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The meeting it came from; none for what happened between meetings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<MeetingRef>,
}

impl From<&Entry> for Stamp {
    fn from(entry: &Entry) -> Self {
        let recorded = &entry.recorded;
        Self {
            position: recorded.position,
            on: recorded.occurred_on,
            recorded_at: recorded.recorded_at,
            meeting: recorded.meeting,
        }
    }
}

/// One change of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    /// The value until then.
    pub from: T,
    /// The value from then on.
    pub to: T,
    /// Why, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// The update to the plan it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<UpdateId>,
    /// When, and at which meeting.
    pub made: Stamp,
}

impl<T> Change<T> {
    /// Something was found wrong and put right.
    pub fn correction(from: T, to: T, reason: &Text, entry: &Entry) -> Self {
        Self {
            from,
            to,
            reason: Some(reason.clone()),
            update: None,
            made: entry.into(),
        }
    }
}

/// A value with every change it went through, in the order recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracked<T> {
    /// The value now.
    pub current: T,
    /// Every change, oldest first.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change<T>>,
}

impl<T> Tracked<T> {
    /// A value that has not changed yet.
    pub const fn new(value: T) -> Self {
        Self {
            current: value,
            changes: Vec::new(),
        }
    }

    /// The value it began with.
    pub fn original(&self) -> &T {
        self.changes
            .first()
            .map_or(&self.current, |first| &first.from)
    }

    /// The value once the entry at `position` had been recorded.
    pub fn at(&self, position: Position) -> &T {
        self.changes
            .iter()
            .find(|change| change.made.position > position)
            .map_or(&self.current, |next| &next.from)
    }
}

impl Tracked<Visibility> {
    /// How far something is let out when it begins.
    pub fn at_birth() -> Self {
        Self::new(Visibility::default())
    }

    /// Whether what is let out like this, and belongs to these groups, was within `reach` once the entry at `position`
    /// had been recorded. What was recorded while it was not is told to nobody who reads no lower, however far it was
    /// let out since.
    pub fn was_within<'a>(
        &self,
        reach: &Reach,
        groups: impl IntoIterator<Item = &'a GroupId>,
        position: Position,
    ) -> bool {
        reach.covers(*self.at(position), groups)
    }

    /// Whether it was never let out. Views that were saved before anything could be say nothing of it.
    pub fn is_as_at_birth(&self) -> bool {
        *self == Self::at_birth()
    }
}

impl<T: Clone> Tracked<T> {
    /// Moves to `to`; what stood until now stays visible as the change's `from`.
    pub fn change(&mut self, to: T, why: Why<'_>, entry: &Entry) {
        let from = std::mem::replace(&mut self.current, to.clone());
        self.changes.push(Change {
            from,
            to,
            reason: why.reason.cloned(),
            update: why.update,
            made: entry.into(),
        });
    }
}

/// Why a value changed: the reason given and the update it was given in, as far as there were any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Why<'a> {
    /// The reason.
    pub reason: Option<&'a Text>,
    /// The update.
    pub update: Option<UpdateId>,
}

impl<'a> Why<'a> {
    /// Nothing was said.
    pub const UNSAID: Self = Self {
        reason: None,
        update: None,
    };

    /// A reason was given.
    pub fn because(reason: &'a Text) -> Self {
        Self {
            reason: Some(reason),
            update: None,
        }
    }

    /// Something was or was not said in an update.
    pub fn said(reason: Option<&'a Text>, update: Option<UpdateId>) -> Self {
        Self { reason, update }
    }
}

/// That something ended, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Why.
    pub reason: Text,
    /// When, and at which meeting.
    pub made: Stamp,
}

impl Ended {
    /// It ended with this entry.
    pub fn because(reason: &Text, entry: &Entry) -> Self {
        Self {
            reason: reason.clone(),
            made: entry.into(),
        }
    }
}
