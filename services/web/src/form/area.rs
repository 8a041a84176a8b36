//! A field of several lines.

use std::borrow::Cow;

use askama::Template;

use super::{Complains, Complaint, Fields, Problems, sentence};
use crate::parts::html;

html!(Area);

/// A field of several lines.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/area.html")]
pub struct Area {
    /// What it is sent as, and found by.
    pub name: Cow<'static, str>,
    /// What stands above it.
    pub label: Cow<'static, str>,
    /// Whether its label is only said, not shown.
    pub quiet: bool,
    /// What helps to fill it in.
    pub hint: Cow<'static, str>,
    /// How many lines are seen at once.
    pub rows: u8,
    /// What is in it already.
    pub value: String,
    /// What is wrong with it.
    pub problem: Option<String>,
}

impl Area {
    /// An empty one.
    pub fn new(name: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            quiet: false,
            hint: Cow::Borrowed(""),
            rows: 4,
            value: String::new(),
            problem: None,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hinting(self, hint: impl Into<Cow<'static, str>>) -> Self {
        let hint = hint.into();
        Self { hint, ..self }
    }

    /// The same with this in it.
    #[must_use]
    pub fn with(self, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { value, ..self }
    }

    /// The same, filled in as it was sent and with what is wrong with it.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        let problem = problems.at(&self.name);
        let value = fields.one(&self.name).replace("\r\n", "\n");
        Self { value, ..self }.but(problem)
    }

    /// The same with what is wrong.
    #[must_use]
    pub fn but(self, problem: Option<impl Into<String>>) -> Self {
        let problem = problem.map(|words| sentence(&words.into()));
        Self { problem, ..self }
    }
}

impl Complains for Area {
    fn complaint(&self) -> Option<Complaint> {
        let words = self.problem.clone()?;
        let field = self.name.clone();
        Some(Complaint { field, words })
    }
}
