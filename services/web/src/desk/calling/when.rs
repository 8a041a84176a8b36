//! When and where a meeting is to be: the four fields in which it is said, and what of them is sent.

use askama::Template;

use super::Arrangement;
use crate::documents::scalars::Date;
use crate::form::{DateField, Field, Fields, Problems};
use crate::parts::html;

html!(WhenFields);

/// The fields.
#[derive(Template)]
#[template(path = "desk/calling/when.html")]
pub struct WhenFields {
    on: DateField,
    words: Field,
    time: Field,
    venue: Field,
}

/// What was said in them.
pub struct When {
    pub on: Option<Date>,
    pub words: Option<String>,
    pub time: Option<String>,
    pub venue: Option<String>,
}

impl WhenFields {
    /// Empty ones.
    pub fn new() -> Self {
        Self {
            on: DateField::new("on", "On which day?")
                .hinting("For example, 24 9 2007. May be left empty while it is not fixed."),
            words: Field::words("words", "When, in the words as agreed").hinting(
                "For example, the second week of January. May be left empty where the day says it.",
            ),
            time: Field {
                short: true,
                ..Field::new("time", "At what time?", "off")
            }
            .hinting("On a 24-hour clock, such as 14:30. May be left empty."),
            venue: Field::words("venue", "Where?").hinting("May be left empty."),
        }
    }

    /// The same with what was settled before.
    pub fn with(self, settled: &Arrangement) -> Self {
        let said = |words: &Option<String>| words.clone().unwrap_or_default();
        Self {
            on: self.on.with(settled.on),
            words: self.words.with(&said(&settled.words)),
            time: self.time.with(&said(&settled.time)),
            venue: self.venue.with(&said(&settled.venue)),
        }
    }

    /// The same as it was sent.
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        Self {
            on: self.on.sent(fields, problems),
            words: self.words.sent(fields, problems),
            time: self.time.sent(fields, problems),
            venue: self.venue.sent(fields, problems),
        }
    }
}

impl When {
    /// What was said in the fields; none where it cannot be read, or says nothing of when.
    pub fn read(fields: &Fields, wrong: &mut Problems) -> Option<Self> {
        let on = match DateField::read(fields, "on") {
            Ok(on) => on,
            Err(words) => {
                wrong.add("on", words);
                return None;
            }
        };
        Some(Self {
            on,
            words: fields.some("words"),
            time: fields.some("time").map(|time| on_the_clock(&time)),
            venue: fields.some("venue"),
        })
    }
}

/// A time as the record writes it: `9:30`, `9.30` and `0930` are `09:30`. What is none of these stays, to be refused.
fn on_the_clock(typed: &str) -> String {
    let parts = typed.split_once([':', '.']).or_else(|| {
        let bare = typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_digit());
        bare.then(|| typed.split_at(2))
    });
    let number = |part: &str| part.trim().parse::<u8>().ok();
    let read = parts.and_then(|(hours, minutes)| Some((number(hours)?, number(minutes)?)));
    read.map_or_else(
        || typed.to_owned(),
        |(hours, minutes)| format!("{hours:02}:{minutes:02}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        for (typed, read) in [
            ("9:30", "09:30"),
            ("9.30", "09:30"),
            ("0930", "09:30"),
            ("14:05", "14:05"),
            ("half past nine", "half past nine"),
            ("930am", "930am"),
        ] {
            assert_eq!(on_the_clock(typed), read);
        }
    }
}
