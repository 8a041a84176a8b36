//! Sessions: the year a commitment belongs to.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A year from April to March, written `2008-09`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Session {
    first_year: u16,
}

/// Why a text is not a session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a session; write the year it starts and the next, such as 2008-09")]
pub struct NotASession(String);

impl Session {
    /// The session that `date` falls into.
    pub fn containing(date: NaiveDate) -> Self {
        let year = if date.month() >= 4 {
            date.year()
        } else {
            date.year() - 1
        };
        Self {
            first_year: u16::try_from(year).unwrap_or_default(),
        }
    }

    /// Its first day, 1 April.
    pub fn starts_on(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.first_year.into(), 4, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Its last day, 31 March of the next year.
    pub fn ends_on(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(i32::from(self.first_year) + 1, 3, 31).unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.first_year, (self.first_year + 1) % 100)
    }
}

impl std::str::FromStr for Session {
    type Err = NotASession;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || NotASession(text.to_owned());
        let (first, second) = text.split_once('-').ok_or_else(refused)?;
        if first.len() != 4 || second.len() != 2 {
            return Err(refused());
        }
        let first_year: u16 = first.parse().map_err(|_| refused())?;
        let second: u16 = second.parse().map_err(|_| refused())?;
        let follows = (1900..3000).contains(&first_year) && (first_year + 1) % 100 == second;
        if follows {
            Ok(Self { first_year })
        } else {
            Err(refused())
        }
    }
}

impl Serialize for Session {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Session {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_two_consecutive_years() {
        for good in ["2007-08", "2009-10", "1999-00"] {
            assert_eq!(
                good.parse::<Session>().map(|s| s.to_string()).as_deref(),
                Ok(good)
            );
        }
        for bad in ["2007", "2007-09", "07-08", "2007/08", "2007-008", ""] {
            assert!(bad.parse::<Session>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_session_runs_from_april_to_march() {
        let session: Session = "2008-09".parse().expect("a session");
        assert_eq!(Session::containing(session.starts_on()), session);
        assert_eq!(Session::containing(session.ends_on()), session);
        assert!(Session::containing(session.ends_on().succ_opt().expect("a day")) > session);
    }
}
