//! A field of whatever kind: for forms whose fields are told one after the other.

use std::fmt;

use super::{Area, Choices, DateField, Field, Fields, Problems, Select};
use crate::parts::html;

html!(Blank);

/// A field of whatever kind.
#[derive(Clone, Debug)]
pub enum Blank {
    /// One line.
    Line(Field),
    /// Several lines.
    Text(Area),
    /// A day.
    Day(DateField),
    /// Things to tick.
    Ticks(Choices),
    /// One out of a list.
    List(Select),
}

impl Blank {
    /// The same, filled in as it was sent and with what is wrong with it.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        match self {
            Self::Line(field) => Self::Line(field.sent(fields, problems)),
            Self::Text(area) => Self::Text(area.sent(fields, problems)),
            Self::Day(day) => Self::Day(day.sent(fields, problems)),
            Self::Ticks(choices) => Self::Ticks(choices.sent(fields, problems)),
            Self::List(select) => Self::List(select.sent(fields, problems)),
        }
    }
}

impl fmt::Display for Blank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(field) => field.fmt(f),
            Self::Text(area) => area.fmt(f),
            Self::Day(day) => day.fmt(f),
            Self::Ticks(choices) => choices.fmt(f),
            Self::List(select) => select.fmt(f),
        }
    }
}

macro_rules! from {
    ($($kind:ident($part:ty)),+) => { $(
        impl From<$part> for Blank {
            fn from(part: $part) -> Self {
                Self::$kind(part)
            }
        }
    )+ };
}

from!(
    Line(Field),
    Text(Area),
    Day(DateField),
    Ticks(Choices),
    List(Select)
);
