//! Scalars: dates, figures, sessions and positions as they cross the edge.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

/// A day, written `2007-09-24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

/// A day, written `2007-09-24`.
#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text_of(value)?;
        let date = text.parse().map_err(|_| {
            InputValueError::custom(format!("“{text}” is not a date; write it as 2007-09-24"))
        })?;
        Ok(Self(date))
    }

    fn to_value(&self) -> Value {
        self.0.to_string().into()
    }
}

/// An exact number in the unit of its indicator, written as text so that `0.1` stays `0.1`. As typed
/// by a person: whether it is a number is checked where it is used, and said in `userErrors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure(pub String);

/// An exact number in the unit of its indicator, written as text (`"60"`, `"12.5"`) so that 0.1 stays
/// 0.1. A whole JSON number is read too.
#[Scalar]
impl ScalarType for Figure {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::Number(number) => Ok(Self(number.to_string())),
            other => text_of(other).map(Self),
        }
    }

    fn to_value(&self) -> Value {
        self.0.clone().into()
    }
}

impl From<domain::figure::Figure> for Figure {
    fn from(figure: domain::figure::Figure) -> Self {
        Self(figure.to_string())
    }
}

/// A session as typed; whether it is one is checked where it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session(pub String);

/// The year a commitment belongs to, April to March, written `2008-09`.
#[Scalar]
impl ScalarType for Session {
    fn parse(value: Value) -> InputValueResult<Self> {
        text_of(value).map(Self)
    }

    fn to_value(&self) -> Value {
        self.0.clone().into()
    }
}

impl From<domain::session::Session> for Session {
    fn from(session: domain::session::Session) -> Self {
        Self(session.to_string())
    }
}

/// A place in a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub u64);

/// A place in a ledger: a whole number from 1, without gaps; 0 stands before the first entry. It can
/// outgrow the 32 bits of `Int`.
#[Scalar]
impl ScalarType for Position {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number.as_u64().map(Self),
            Value::String(text) => text.parse().ok().map(Self),
            _ => None,
        }
        .ok_or_else(|| InputValueError::custom(format!("{value} is not a position")))
    }

    fn to_value(&self) -> Value {
        self.0.into()
    }
}

fn text_of<T: ScalarType + async_graphql::InputType>(
    value: Value,
) -> Result<String, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(InputValueError::expected_type(other)),
    }
}
