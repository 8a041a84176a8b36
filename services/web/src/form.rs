//! Forms: what came back, and what is shown again when something is missing.

use askama::Template;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header;

use gateway::identity::Visitor;

use crate::instead::Instead;

/// What a form's token is called.
pub const TOKEN: &str = "form";

/// A form as it was sent. What was not sent is empty: a page says what it misses.
pub struct Fields(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Instead;

    async fn from_request(request: Request, state: &S) -> Result<Self, Instead> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Instead::FormUnreadable);
        }
        let body = axum::body::Bytes::from_request(request, state).await;
        let body = body.map_err(|error: BytesRejection| {
            tracing::debug!(status = %error.status(), "a form could not be read");
            Instead::FormUnreadable
        })?;
        let fields = form_urlencoded::parse(&body);
        Ok(Self(fields.into_owned().collect()))
    }
}

impl Fields {
    /// What was sent as `name`; empty when nothing was.
    pub fn one(&self, name: &str) -> &str {
        let sent = self.0.iter().find(|(sent, _)| sent == name);
        sent.map_or("", |(_, value)| value)
    }

    /// Everything that was sent as `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of_it = self.0.iter().filter(move |(sent, _)| sent == name);
        of_it.map(|(_, value)| value.as_str())
    }

    /// Makes sure that the form is one of this session's.
    ///
    /// # Errors
    /// [`Instead::FormOutOfDate`].
    pub fn must_be_of(&self, visitor: &Visitor) -> Result<(), Instead> {
        let own = visitor.session.csrf().is(self.one(TOKEN));
        own.then_some(()).ok_or(Instead::FormOutOfDate)
    }
}

/// A field of one line, with all that belongs to it.
#[derive(Template)]
#[template(path = "field.html")]
pub struct Field {
    /// What it is sent as, and found by.
    pub name: &'static str,
    /// What stands above it.
    pub label: &'static str,
    /// What helps to fill it in.
    pub hint: &'static str,
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
    pub const fn new(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        Self {
            name,
            label,
            hint: "",
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
            hint: "At least 12 characters. Three or four words that do not usually stand together are easy to \
                   remember. You may paste it from a password manager.",
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
        let value = value.chars().take(300).collect();
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

    /// What is wrong with it, for the summary above the form.
    pub fn complaint(&self) -> Option<Complaint> {
        let words = self.problem.clone()?;
        let field = self.name;
        Some(Complaint { field, words })
    }
}

/// Something that is wrong, and the field to mend it in.
pub struct Complaint {
    /// The field's id.
    pub field: &'static str,
    /// What is wrong.
    pub words: String,
}

/// A message as it stands at the beginning of a line: errors are written to follow something.
pub fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), chars.as_str())
}
