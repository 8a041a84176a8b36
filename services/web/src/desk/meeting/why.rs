//! Why something of a meeting's record was wrong, and when that was found: asked wherever it is put right.

use askama::Template;

use super::later::{self, AT, At};
use crate::documents::scalars::Date;
use crate::form::{Area, Choice, DateField, Fields, Problems, Select};
use crate::parts::html;

/// The fields.
#[derive(Template)]
#[template(
    source = "{{ reason }}{% if let Some(at) = at %}{{ at }}{% endif %}{{ on }}",
    ext = "html"
)]
pub struct Why {
    reason: Area,
    at: Option<Select>,
    on: DateField,
}

html!(Why);

/// What was said in them.
pub struct Given {
    /// Why.
    pub reason: String,
    /// When.
    pub occurred_on: Option<Date>,
    /// At which meeting, where it was at one.
    pub at: Option<At>,
}

impl Why {
    /// Empty ones, with the group's later meetings to choose from.
    pub fn new(later: &[At]) -> Self {
        let none = Choice::new("", "At none: it was noticed between meetings");
        let choices = || [none].into_iter().chain(later.iter().map(At::choice));
        Self {
            reason: Area {
                rows: 2,
                ..Area::new("reason", "Why is it put right?")
            }
            .hinting("It stays on record beside what was there."),
            at: (!later.is_empty())
                .then(|| Select::new(AT, "At which meeting was it put right?", choices())),
            on: if later.is_empty() {
                DateField::new("occurredOn", "When was that found?")
                    .hinting("For example, 24 9 2007. Today, when left empty.")
            } else {
                DateField::new("occurredOn", "Or on which day?").hinting(
                    "For example, 24 9 2007. Today, when left empty. Where a meeting is chosen, its day counts.",
                )
            },
        }
    }

    /// The same as it was sent, with what is wrong.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        Self {
            reason: self.reason.sent(fields, problems),
            at: self.at.map(|at| at.sent(fields, problems)),
            on: self.on.sent(fields, problems),
        }
    }
}

impl Given {
    /// What was said in the fields; what is missing goes into `wrong`.
    pub fn read(fields: &Fields, wrong: &mut Problems) -> Self {
        let day = DateField::taken(fields, "occurredOn", wrong);
        let reason = fields.text("reason").unwrap_or_default();
        if reason.is_empty() {
            wrong.add("reason", "say why it is put right");
        }
        let at = later::chosen(fields);
        Self {
            reason,
            occurred_on: at.as_ref().map(|at| at.held_on).or(day),
            at,
        }
    }
}
