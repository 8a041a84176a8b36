//! Days, as TOML writes them.

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A local date without a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let date = toml::value::Date::deserialize(deserializer)?;
        NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("there is no day {date}")))
    }
}
