//! A day, in three fields, as people here write it: day, month, year.

use std::borrow::Cow;

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::{Complains, Complaint, Fields, Problems, sentence};
use crate::parts::html;

html!(DateField);

/// A day in three fields: `name.day`, `name.month`, `name.year`.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/date.html")]
pub struct DateField {
    /// What the three are sent under; the first is found by it.
    pub name: Cow<'static, str>,
    /// What is asked.
    pub legend: Cow<'static, str>,
    /// Whether that is only said, not shown.
    pub quiet: bool,
    /// What helps to fill it in.
    pub hint: Cow<'static, str>,
    /// The day of the month, as typed.
    pub day: String,
    /// The month, as typed.
    pub month: String,
    /// The year, as typed.
    pub year: String,
    /// What is wrong.
    pub problem: Option<String>,
}

/// What is said of three fields that are no day.
const NO_DAY: &str = "enter a real date, such as 24 9 2007";

impl DateField {
    /// An empty one.
    pub fn new(name: impl Into<Cow<'static, str>>, legend: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            legend: legend.into(),
            quiet: false,
            hint: Cow::Borrowed("For example, 24 9 2007"),
            day: String::new(),
            month: String::new(),
            year: String::new(),
            problem: None,
        }
    }

    /// The same with a hint of its own.
    #[must_use]
    pub fn hinting(self, hint: impl Into<Cow<'static, str>>) -> Self {
        let hint = hint.into();
        Self { hint, ..self }
    }

    /// The same with this day.
    #[must_use]
    pub fn with(self, day: Option<NaiveDate>) -> Self {
        let part = |part: fn(NaiveDate) -> String| day.map(part).unwrap_or_default();
        Self {
            day: part(|day| day.day().to_string()),
            month: part(|day| day.month().to_string()),
            year: part(|day| day.year().to_string()),
            ..self
        }
    }

    /// The same, filled in as it was sent and with what is wrong with it.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        let problem = problems.at(&self.name).map(|words| sentence(&words));
        let typed = |part: &str| fields.one(&format!("{}.{part}", self.name)).to_owned();
        Self {
            day: typed("day"),
            month: typed("month"),
            year: typed("year"),
            problem,
            ..self
        }
    }

    /// The day that was sent under `name`; none where nothing was typed.
    ///
    /// # Errors
    /// What to say, where what was typed is no day.
    pub fn read(fields: &Fields, name: &str) -> Result<Option<NaiveDate>, &'static str> {
        let typed = |part: &str| fields.one(&format!("{name}.{part}")).trim().to_owned();
        let (day, month, year) = (typed("day"), typed("month"), typed("year"));
        if day.is_empty() && month.is_empty() && year.is_empty() {
            return Ok(None);
        }
        let year = match year.parse::<i32>() {
            Ok(short @ 0..=99) if year.len() <= 2 => Some(2000 + short),
            Ok(year @ 1900..=2200) => Some(year),
            _ => None,
        };
        let parts = (year, month_of(&month), day.parse().ok());
        let (Some(year), Some(month), Some(day)) = parts else {
            return Err(NO_DAY);
        };
        NaiveDate::from_ymd_opt(year, month, day)
            .map(Some)
            .ok_or(NO_DAY)
    }
}

impl DateField {
    /// The day that was sent under `name`; where what was typed is no day, `problems` says so.
    pub fn taken(fields: &Fields, name: &str, problems: &mut Problems) -> Option<NaiveDate> {
        Self::read(fields, name).unwrap_or_else(|words| {
            problems.add(name, words);
            None
        })
    }
}

/// What is said of one field that is no day.
const NO_DAY_IN_ONE: &str = "enter a real date, such as 30/11/2007, or leave it empty";

impl DateField {
    /// The day that was typed in one field, such as 30/11/2007; none where nothing was typed.
    ///
    /// # Errors
    /// What to say, where it is no day.
    pub fn in_one(typed: &str) -> Result<Option<NaiveDate>, &'static str> {
        let parts = typed.split(|letter: char| !letter.is_alphanumeric());
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        let (day, month, year) = match parts[..] {
            [] => return Ok(None),
            [day, month, year] => (day, month, year),
            _ => return Err(NO_DAY_IN_ONE),
        };
        let fields = [("one.day", day), ("one.month", month), ("one.year", year)];
        Self::read(&Fields::from_iter(fields), "one").map_err(|_| NO_DAY_IN_ONE)
    }
}

/// The month's number, written as a number or by its name.
fn month_of(typed: &str) -> Option<u32> {
    let named = typed.parse::<chrono::Month>().ok();
    let named = named.map(|month| month.number_from_month());
    typed.parse().ok().or(named)
}

impl Complains for DateField {
    fn complaint(&self) -> Option<Complaint> {
        let words = self.problem.clone()?;
        let field = self.name.clone();
        Some(Complaint { field, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(day: &str, month: &str, year: &str) -> Result<Option<NaiveDate>, &'static str> {
        let fields = [("on.day", day), ("on.month", month), ("on.year", year)];
        DateField::read(&Fields::from_iter(fields), "on")
    }

    #[test]
    fn a_day_is_read_as_people_write_it_and_what_is_none_is_said() {
        let day = NaiveDate::from_ymd_opt(2007, 9, 24);
        assert_eq!(sent("24", "9", "2007"), Ok(day));
        assert_eq!(sent(" 24 ", "September", "07"), Ok(day));
        assert_eq!(sent("24", "sep", "2007"), Ok(day));
        assert_eq!(sent("", "", ""), Ok(None));
        for (day, month, year) in [
            ("31", "9", "2007"),
            ("", "9", "2007"),
            ("24", "13", "2007"),
            ("24", "9", "20070"),
            ("x", "9", "2007"),
        ] {
            assert_eq!(sent(day, month, year), Err(NO_DAY), "{day} {month} {year}");
        }
    }

    #[test]
    fn a_due_date_is_read_from_one_field_as_people_write_it() {
        let day = NaiveDate::from_ymd_opt(2007, 11, 30);
        for typed in [
            "30/11/2007",
            "30.11.07",
            "30 November 2007",
            " 30-Nov-2007 ",
        ] {
            assert_eq!(DateField::in_one(typed), Ok(day), "{typed}");
        }
        assert_eq!(DateField::in_one("  "), Ok(None));
        assert!(DateField::in_one("November").is_err() && DateField::in_one("31/11/2007").is_err());
    }
}
