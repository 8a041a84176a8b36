//! A thing as it was: the choice of a day or a meeting, what the address asks for, and the strip that says that the past is shown.

use askama::Template;

use crate::address::Address;
use crate::documents::scalars::Date;
use crate::form::{Choice, Select};
use crate::parts::html;
use crate::uk;

/// What an address asks for: now, a day, or a meeting.
pub enum Asked {
    /// As it is now.
    Now,
    /// As it was at the end of a day.
    Day(Date),
    /// As it was after a meeting.
    Meeting(String),
    /// What stands there is no day.
    Nothing,
}

/// A meeting at which, or after which, a thing can be looked at.
pub struct Met {
    /// Its id.
    pub id: String,
    /// The day it was held; none while it was not.
    pub held_on: Option<Date>,
    /// Whose it was: the group's id and name.
    pub group: Option<(String, String)>,
}

/// What a page of a thing says of the past: which was asked for, and among which is chosen.
pub struct Past {
    /// What it is that is looked at, such as `plan`.
    pub what: &'static str,
    /// Where the page is.
    pub here: String,
    /// What the past is that is shown, in words; none where it is the present.
    pub then: Option<String>,
    /// Among which is chosen.
    pub choice: Choosing,
}

/// The fields in which a day or a meeting is chosen.
#[derive(Template)]
#[template(path = "parts/as-of.html")]
pub struct Choosing {
    meetings: Select,
    on: String,
    problem: Option<&'static str>,
}

html!(Choosing);

impl Asked {
    /// What `address` asks for.
    pub fn of(address: &Address) -> Self {
        match (address.some("on"), address.some("meeting")) {
            (Some(on), _) => on.parse().map_or(Self::Nothing, Self::Day),
            (None, Some(meeting)) => Self::Meeting(meeting.to_owned()),
            (None, None) => Self::Now,
        }
    }

    /// The same as a document's own words for it: those for a day, and those for a meeting.
    pub fn as_of<A>(&self, on: impl Fn(Date) -> A, at: impl Fn(String) -> A) -> Option<A> {
        match self {
            Self::Now | Self::Nothing => None,
            Self::Day(day) => Some(on(*day)),
            Self::Meeting(id) => Some(at(id.clone())),
        }
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Option<&'static str> {
        matches!(self, Self::Nothing).then_some("Enter a real date")
    }

    /// What the past is that is asked for, in words.
    pub fn in_words(&self, meetings: &[Met]) -> Option<String> {
        match self {
            Self::Now | Self::Nothing => None,
            Self::Day(on) => Some(format!("on {}", uk::day(on))),
            Self::Meeting(id) => {
                let found = meetings.iter().find(|meeting| meeting.id == *id);
                Some(found.map_or_else(
                    || "after that meeting".to_owned(),
                    |meeting| format!("after {}", meeting.in_words()),
                ))
            }
        }
    }

    /// The day that is asked for, where it is a day in the past.
    pub fn day(&self, meetings: &[Met]) -> Option<Date> {
        match self {
            Self::Now | Self::Nothing => None,
            Self::Day(on) => Some(*on),
            Self::Meeting(id) => {
                let found = meetings.iter().find(|meeting| meeting.id == *id);
                found.and_then(|meeting| meeting.held_on)
            }
        }
    }
}

impl Met {
    fn in_words(&self) -> String {
        let held = self.held_on.as_ref().map(uk::day).unwrap_or_default();
        match &self.group {
            Some((_, group)) => format!("the meeting of {held} ({group})"),
            None => format!("the meeting of {held}"),
        }
    }

    /// Those that were held, the last first, as choices that begin with `before`.
    pub fn held<'a>(all: &'a [Self], before: &'a str) -> impl Iterator<Item = Choice> + 'a {
        let held = all.iter().rev().filter(|meeting| meeting.held_on.is_some());
        held.map(move |meeting| {
            Choice::new(&meeting.id, format!("{before} {}", meeting.in_words()))
        })
    }
}

impl Past {
    /// What the page at `address`, which shows a `what`, says of the past.
    pub fn new(what: &'static str, address: &Address, (asked, meetings): (&Asked, &[Met])) -> Self {
        let now = Choice::new("", "As it is now");
        let choices = [now].into_iter().chain(Met::held(meetings, "After"));
        Self {
            what,
            here: address.path().to_owned(),
            then: asked.in_words(meetings),
            choice: Choosing {
                meetings: Select::new("meeting", format!("Show the {what}"), choices)
                    .with(address.one("meeting")),
                on: address.one("on").to_owned(),
                problem: asked.problem(),
            },
        }
    }

    /// Whether it is the past that is shown.
    pub const fn is_shown(&self) -> bool {
        self.then.is_some()
    }

    /// Whether somebody looks back, or tried to.
    pub const fn looks_back(&self) -> bool {
        self.then.is_some() || self.choice.problem.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_that_is_asked_for_is_told_in_words_and_what_is_no_day_is_none() {
        let meetings = [Met {
            id: "m".to_owned(),
            held_on: Date::from_ymd_opt(2007, 9, 24),
            group: Some(("g".to_owned(), "Steering group".to_owned())),
        }];
        let told = |query| {
            let asked = Asked::of(&Address::read("/here", query));
            (
                asked.in_words(&meetings),
                asked.day(&meetings),
                asked.problem(),
            )
        };
        let day = Date::from_ymd_opt(2007, 9, 24);
        let after = "after the meeting of 24 September 2007 (Steering group)".to_owned();
        assert_eq!(told("meeting=m"), (Some(after), day, None));
        let on = "on 24 September 2007".to_owned();
        assert_eq!(told("on=2007-09-24"), (Some(on), day, None));
        assert_eq!(told("on=soon"), (None, None, Some("Enter a real date")));
        assert_eq!(told(""), (None, None, None));
    }
}
