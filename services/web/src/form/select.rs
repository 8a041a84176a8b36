//! One out of a list that opens.

use std::borrow::Cow;

use askama::Template;

use super::{Complains, Complaint, Fields, Problems, sentence};
use crate::parts::html;

html!(Select);

/// Something that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent when it is.
    pub value: String,
    /// What it says.
    pub label: String,
    /// What helps to choose it. A list that opens shows none.
    pub hint: String,
}

impl Choice {
    /// One without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
        }
    }
}

/// One out of a list that opens.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/select.html")]
pub struct Select {
    /// What it is sent as, and found by.
    pub name: Cow<'static, str>,
    /// What stands above it.
    pub label: Cow<'static, str>,
    /// Whether its label is only said, not shown.
    pub quiet: bool,
    /// What helps to choose.
    pub hint: Cow<'static, str>,
    /// What there is to choose from.
    pub choices: Vec<Choice>,
    /// The value of what is chosen.
    pub value: String,
    /// Whether choosing shows another page at once, where scripts run. For choices that stand in the address.
    pub goes: bool,
    /// What is wrong with it.
    pub problem: Option<String>,
}

impl Select {
    /// One of these.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            quiet: false,
            hint: Cow::Borrowed(""),
            choices: choices.into_iter().collect(),
            value: String::new(),
            goes: false,
            problem: None,
        }
    }

    /// The same with this chosen.
    #[must_use]
    pub fn with(self, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { value, ..self }
    }

    /// The same, showing another page at once.
    #[must_use]
    pub fn going(self) -> Self {
        Self { goes: true, ..self }
    }

    /// The same, chosen as it was sent and with what is wrong with it.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        let problem = problems.at(&self.name).map(|words| sentence(&words));
        let value = fields.one(&self.name).to_owned();
        Self {
            value,
            problem,
            ..self
        }
    }
}

impl Complains for Select {
    fn complaint(&self) -> Option<Complaint> {
        let words = self.problem.clone()?;
        let field = self.name.clone();
        Some(Complaint { field, words })
    }
}
