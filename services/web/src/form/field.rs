//! A field of one line.

use std::borrow::Cow;

use askama::Template;

use super::{Complains, Complaint, Fields, Problems, sentence};
use crate::mentions::beginning;
use crate::parts::html;

html!(Field);

/// A field of one line, with all that belongs to it.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    /// What it is sent as, and found by.
    pub name: Cow<'static, str>,
    /// What stands above it.
    pub label: Cow<'static, str>,
    /// What helps to fill it in.
    pub hint: Cow<'static, str>,
    /// Whether its label is only said, not shown: a heading above stands for it.
    pub quiet: bool,
    /// Such as `password`.
    pub kind: &'static str,
    /// What browsers and password managers put into it.
    pub autocomplete: &'static str,
    /// Whether what goes in is short, as a code is.
    pub short: bool,
    /// Whether it is taken as typed: no capital letters, no spelling.
    pub plain: bool,
    /// What is in it already. Never a secret.
    pub value: String,
    /// What is wrong with it.
    pub problem: Option<String>,
}

impl Field {
    /// An empty one.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        autocomplete: &'static str,
    ) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: Cow::Borrowed(""),
            quiet: false,
            kind: "text",
            autocomplete,
            short: false,
            plain: true,
            value: String::new(),
            problem: None,
        }
    }

    /// For an e-mail address.
    pub fn email() -> Self {
        Self {
            kind: "email",
            ..Self::new("email", "E-mail address", "username")
        }
    }

    /// For a password there is.
    pub fn password() -> Self {
        Self {
            kind: "password",
            ..Self::new("password", "Password", "current-password")
        }
    }

    /// For a password that is to be.
    pub fn new_password() -> Self {
        Self {
            kind: "password",
            hint: Cow::Borrowed(
                "At least 12 characters. Three or four words that do not usually stand together are easy to \
                 remember. You may paste it from a password manager.",
            ),
            ..Self::new("new-password", "New password", "new-password")
        }
    }

    /// For the same once more, so that a slip of the finger is noticed.
    pub fn repeated_password() -> Self {
        Self {
            kind: "password",
            ..Self::new("repeated-password", "New password again", "new-password")
        }
    }

    /// For a code.
    pub fn code() -> Self {
        Self {
            short: true,
            ..Self::new("code", "Code", "one-time-code")
        }
    }

    /// The same with what was typed.
    #[must_use]
    pub fn with(self, value: &str) -> Self {
        let value = beginning(value, 300);
        Self { value, ..self }
    }

    /// The same with what is wrong.
    #[must_use]
    pub fn but(self, problem: Option<impl Into<String>>) -> Self {
        let problem = problem
            .map(Into::into)
            .map(|words: String| sentence(&words));
        Self { problem, ..self }
    }

    /// For words that people write: capital letters and spelling as usual.
    pub fn words(name: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Self {
            plain: false,
            ..Self::new(name, label, "off")
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hinting(self, hint: impl Into<Cow<'static, str>>) -> Self {
        let hint = hint.into();
        Self { hint, ..self }
    }

    /// The same, filled in as it was sent and with what is wrong with it.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        let problem = problems.at(&self.name);
        let value = fields.one(&self.name).to_owned();
        Self { value, ..self }.but(problem)
    }
}

impl Complains for Field {
    fn complaint(&self) -> Option<Complaint> {
        let words = self.problem.clone()?;
        let field = self.name.clone();
        Some(Complaint { field, words })
    }
}
