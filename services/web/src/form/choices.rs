//! Things to tick: one of them, or as many as apply.

use std::borrow::Cow;

use askama::Template;

use super::{Choice, Complains, Complaint, Fields, Problems, sentence};
use crate::parts::html;

html!(Choices);

/// Whether one is ticked or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of them.
    Radios,
    /// As many as apply.
    Checkboxes,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Radios => "radios",
            Self::Checkboxes => "checkboxes",
        }
    }

    const fn input(self) -> &'static str {
        match self {
            Self::Radios => "radio",
            Self::Checkboxes => "checkbox",
        }
    }
}

/// Things to tick.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/choices.html")]
pub struct Choices {
    /// What each is sent as; the first is found by it.
    pub name: Cow<'static, str>,
    /// What is asked.
    pub legend: Cow<'static, str>,
    /// Whether that is only said, not shown.
    pub quiet: bool,
    /// What helps to choose.
    pub hint: Cow<'static, str>,
    /// One, or many.
    pub kind: Kind,
    /// Whether they are small, for long lists and tables.
    pub small: bool,
    /// Whether they stand in one line where there is room.
    pub inline: bool,
    /// What there is to choose from.
    pub choices: Vec<Choice>,
    /// The values of what is ticked.
    pub chosen: Vec<String>,
    /// What is wrong.
    pub problem: Option<String>,
}

impl Choices {
    /// One of these, or as many as apply.
    pub fn new(
        kind: Kind,
        name: impl Into<Cow<'static, str>>,
        legend: impl Into<Cow<'static, str>>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Self {
        Self {
            name: name.into(),
            legend: legend.into(),
            quiet: false,
            hint: Cow::Borrowed(""),
            kind,
            small: false,
            inline: false,
            choices: choices.into_iter().collect(),
            chosen: Vec::new(),
            problem: None,
        }
    }

    /// The same with these ticked.
    #[must_use]
    pub fn with(self, chosen: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let chosen = chosen.into_iter().map(Into::into).collect();
        Self { chosen, ..self }
    }

    /// The same, ticked as it was sent and with what is wrong.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        let problem = problems.at(&self.name).map(|words| sentence(&words));
        let chosen = fields.all(&self.name).map(str::to_owned).collect();
        Self {
            chosen,
            problem,
            ..self
        }
    }

    /// What the control of the choice in this place is found by.
    pub fn id(&self, at: &usize) -> String {
        match *at {
            0 => self.name.clone().into_owned(),
            at => format!("{}-{}", self.name, at + 1),
        }
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.chosen.contains(&choice.value)
    }
}

impl Complains for Choices {
    fn complaint(&self) -> Option<Complaint> {
        let words = self.problem.clone()?;
        let field = self.name.clone();
        Some(Complaint { field, words })
    }
}
