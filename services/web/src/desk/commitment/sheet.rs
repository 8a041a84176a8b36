//! The form of one change: what it is about, how that stands now, and what is asked.

use super::Commitment;
use crate::documents::scalars::{Date, UUID};
use crate::form::{Area, Blank, DateField, Fields, Ground, Problems};

/// The form of one change.
pub struct Sheet {
    /// What is done with it.
    pub title: &'static str,
    /// What is to be known before.
    pub lead: &'static str,
    /// How it stands now.
    pub stands: Vec<(&'static str, String)>,
    /// What is asked.
    pub blanks: Vec<Blank>,
    /// What the button says.
    pub button: &'static str,
}

/// What is written differently from now on: shown side by side before it is sent.
pub struct Differing {
    /// What it is.
    pub what: &'static str,
    /// What it has been until now.
    pub from: String,
    /// What it will be.
    pub to: String,
}

/// What every form of a change says besides.
#[derive(Clone, Copy)]
pub struct Said<'f> {
    /// What was typed.
    pub fields: &'f Fields,
    /// The day it happened; today, where none was typed.
    pub occurred_on: Option<Date>,
    /// The version whoever typed it saw.
    pub version: Option<i64>,
    /// The id of the change: sent twice, it is made once.
    pub command: Option<UUID>,
}

impl<'f> Said<'f> {
    /// What a form says.
    pub fn read(fields: &'f Fields, wrong: &mut Problems) -> Self {
        Self {
            fields,
            occurred_on: day(fields, "occurredOn", wrong),
            version: Ground::expected(fields),
            command: fields.command(),
        }
    }

    /// Why; empty where nothing was typed, and then the schema asks for it.
    pub fn reason(&self) -> String {
        self.fields.text("reason").unwrap_or_default()
    }

    /// Whether whoever typed it has seen what it replaces by what. Sent twice, it says the second time what is there already.
    pub fn is_confirmed(&self) -> bool {
        !self.fields.one("confirmed").is_empty()
    }

    /// A figure, without what people put between its thousands.
    pub fn figure(&self, name: &str) -> Option<String> {
        let typed = self.fields.some(name)?;
        Some(typed.replace([',', ' '], ""))
    }

    /// Makes sure that a reason was given.
    pub fn wants_reason(&self, wrong: &mut Problems) {
        if self.reason().is_empty() {
            wrong.add("reason", "say why it is changed");
        }
    }
}

/// The day that was typed, and a word where it is none.
pub fn day(fields: &Fields, name: &str, wrong: &mut Problems) -> Option<Date> {
    DateField::read(fields, name).unwrap_or_else(|words| {
        wrong.add(name, words);
        None
    })
}

/// Whether this is written as a number is.
pub fn is_figure(typed: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match typed.split_once('.') {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(typed),
    }
}

/// Why something is done.
pub fn why(label: &'static str) -> Blank {
    Area::new("reason", label)
        .hinting("It stays beside the change for good. Write it for somebody who was not there.")
        .into()
}

/// When something was done.
pub fn when(legend: &'static str) -> Blank {
    DateField::new("occurredOn", legend)
        .hinting("For example, 24 9 2007. Today, when left empty.")
        .into()
}

/// How the whole of it stands.
pub fn stands(commitment: &Commitment) -> Vec<(&'static str, String)> {
    let since = crate::uk::day(&commitment.status_since);
    let mut all = vec![(
        "Where it stands",
        format!("{}, since {since}", commitment.status.words()),
    )];
    for measure in &commitment.measures {
        if measure.withdrawn.is_none() {
            let (target, latest) = (measure.target(), measure.latest());
            all.push((
                "Measured by",
                format!("{}: target {target}, last reading {latest}", measure.name),
            ));
        }
    }
    if let Some(last) = &commitment.latest_achievement {
        let on = crate::uk::day(&last.reported_on);
        let standing = last.standing.words();
        all.push(("Last report", format!("{standing}, on {on}: {}", last.text)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_digits_with_at_most_one_point_between_them() {
        for good in ["0", "25", "12.50"] {
            assert!(is_figure(good), "{good}");
        }
        for bad in ["", "many", "1.", ".5", "1.2.3", "-4", "1e3"] {
            assert!(!is_figure(bad), "{bad}");
        }
    }

    #[test]
    fn what_a_form_says_is_read_and_a_day_that_is_none_is_named() {
        let fields = Fields::from_iter([
            ("occurredOn.day", "31"),
            ("occurredOn.month", "2"),
            ("occurredOn.year", "2008"),
            ("expectedVersion", "7"),
            ("target", " 1,200 "),
            ("reason", "  "),
        ]);
        let mut wrong = Problems::default();
        let said = Said::read(&fields, &mut wrong);
        assert!(wrong.at("occurredOn").is_some());
        assert_eq!(said.version, Some(7));
        assert_eq!(said.figure("target").as_deref(), Some("1200"));
        said.wants_reason(&mut wrong);
        assert_eq!(wrong.at("reason").as_deref(), Some("Say why it is changed"));
    }
}
