//! When and where a meeting is to be: the four fields in which it is said, and what of them is sent.

use askama::Template;

use super::Arrangement;
use crate::documents::scalars::Date;
use crate::form::{DateField, Field, Fields, Problems, time_of_day};
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
            .hinting("Such as 14:30 or 2.30pm. May be left empty."),
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
        let time = match time_of_day(fields, "time") {
            Ok(time) => time,
            Err(words) => {
                wrong.add("time", words);
                return None;
            }
        };
        Some(Self {
            on,
            words: fields.some("words"),
            time,
            venue: fields.some("venue"),
        })
    }
}
