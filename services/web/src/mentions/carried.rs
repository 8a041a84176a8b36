//! What a form carries beside a field: what it said, and whom it mentioned. It is read again when the form comes back, from whoever sent
//! it: who could write it otherwise could as well type a mention, and whether there is such a person is asked where it is recorded.

use domain::ids::PersonId;
use domain::mention::marked::{Piece, bare, marked, pieces, seen};
use serde::{Deserialize, Serialize};

/// What follows the name of the field.
const AFTER: &str = ".mentions";

/// What a field said, with names marked.
pub struct Carried(String);

/// A part of it, as it is carried.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Part {
    Words(String),
    Person(String, PersonId),
}

/// What it is carried as.
pub fn name_for(field: &str) -> String {
    format!("{field}{AFTER}")
}

/// The field that this is carried for; none where it is a field itself.
pub fn of(name: &str) -> Option<&str> {
    name.strip_suffix(AFTER)
}

/// A marked text as it is carried.
pub fn write(says: &str) -> String {
    let parts = pieces(says).map(|piece| match piece {
        Piece::Words(words) => Part::Words(bare(words).into_owned()),
        Piece::Person(name, person) => Part::Person(name.to_owned(), person),
    });
    serde_json::to_string(&parts.collect::<Vec<_>>()).unwrap_or_default()
}

impl Carried {
    /// What was carried; none where it was not written here.
    pub fn read(carried: &str) -> Option<Self> {
        let parts: Vec<Part> = serde_json::from_str(carried).ok()?;
        let parts = parts.iter().map(|part| match part {
            Part::Words(words) => bare(words).into_owned(),
            Part::Person(name, person) => marked(name, *person),
        });
        Some(Self(parts.collect()))
    }

    /// What the field said, with names marked.
    pub fn says(&self) -> &str {
        &self.0
    }

    /// Whether it was seen as this.
    pub fn is_seen_as(&self, typed: &str) -> bool {
        seen(&self.0) == typed.replace("\r\n", "\n")
    }
}
