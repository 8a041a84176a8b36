//! The first clock: when something was true, and at which meeting.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

use crate::event::StoredEvent;
use crate::facts::Facts;
use crate::ids::{GroupId, MeetingId};

/// The meeting at which something was said or decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MeetingRef {
    /// The meeting.
    pub id: MeetingId,
    /// The group that met.
    pub group: GroupId,
    /// The day it met.
    pub held_on: NaiveDate,
}

/// An event with the date it was true and, where there was one, its meeting.
///
/// The recorded moment, the second clock, is the ledger's to add.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dated<E> {
    /// The date it was true.
    pub occurred_on: NaiveDate,
    /// The meeting it came from; none for what happened between meetings.
    pub meeting: Option<MeetingRef>,
    /// What happened.
    pub event: E,
}

impl<E: StoredEvent> DomainEvent for Dated<E> {
    fn event_type(&self) -> String {
        self.event.kind().to_owned()
    }

    fn event_version(&self) -> String {
        self.event.schema_version().to_string()
    }
}

/// A command with everything it may not look up for itself: its date, its meeting, the facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Directed<C> {
    /// The date what is recorded was true.
    pub occurred_on: NaiveDate,
    /// The meeting it came from.
    pub meeting: Option<MeetingRef>,
    /// What the recorder looked up about the things the command mentions.
    pub facts: Facts,
    /// What is asked.
    pub command: C,
}

impl<C> Directed<C> {
    /// Dates `event` as this command is dated.
    pub fn dated<E>(&self, event: E) -> Dated<E> {
        Dated {
            occurred_on: self.occurred_on,
            meeting: self.meeting,
            event,
        }
    }
}

/// A date as people write it: 24 September 2007.
pub fn in_words(date: NaiveDate) -> impl std::fmt::Display {
    date.format("%-d %B %Y")
}

/// Why a change cannot bear the date it was given.
///
/// What changes a thing is never dated before the thing's last change, so that the events up to
/// any date, taken in the order they were recorded, are a history that could have been.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {}, so this cannot be dated earlier; enter that day or a later one", .what, in_words(*.on))]
pub struct TooEarly {
    /// What happened to what on that day: "this target was last changed on".
    pub what: &'static str,
    /// The day it happened.
    pub on: NaiveDate,
}

impl TooEarly {
    /// Refuses `occurred_on` when it lies before `on`, the day of `what`.
    ///
    /// # Errors
    /// [`TooEarly`] with both.
    pub fn check(
        occurred_on: NaiveDate,
        what: &'static str,
        on: Option<NaiveDate>,
    ) -> Result<(), Self> {
        match on {
            Some(on) if occurred_on < on => Err(Self { what, on }),
            _ => Ok(()),
        }
    }
}

/// Something that holds, and the day it last changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Since<T> {
    /// What holds.
    pub value: T,
    /// The day it last changed.
    pub on: NaiveDate,
}

impl<T> Since<T> {
    /// What holds, for a change that does not come too early.
    ///
    /// # Errors
    /// [`TooEarly`] when `occurred_on` lies before its last change.
    pub fn before(&self, occurred_on: NaiveDate, what: &'static str) -> Result<&T, TooEarly> {
        TooEarly::check(occurred_on, what, Some(self.on))?;
        Ok(&self.value)
    }

    /// Lets something else hold from `on`.
    pub fn change(&mut self, value: T, on: NaiveDate) {
        *self = Self { value, on };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn september(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2007, 9, day).expect("a date")
    }

    #[test]
    fn a_change_may_be_dated_on_the_day_of_the_last_one_but_not_before_it() {
        let what = "this target was last changed on";
        let last = Some(september(24));
        assert_eq!(TooEarly::check(september(24), what, last), Ok(()));
        assert_eq!(TooEarly::check(september(1), what, None), Ok(()));
        let refused = TooEarly::check(september(23), what, last).expect_err("too early");
        assert_eq!(
            refused.to_string(),
            "this target was last changed on 24 September 2007, so this cannot be dated earlier; \
             enter that day or a later one"
        );
    }
}
