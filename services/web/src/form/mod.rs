//! Forms: what came back, and what is shown again when something is missing.
//!
//! A field is named as the mutation's input names it (`title`, `items.1.actions.0.text`): what the schema says is wrong then finds
//! its field by itself ([`Problems`]). Every form of a change carries the token of its session (`frame.token()`) and, hidden, the
//! id of its command, so that a form sent twice changes one thing.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header;

use gateway::identity::Visitor;

use crate::instead::Instead;
use crate::mentions::put_back_into;

mod area;
mod blank;
mod choices;
mod clock;
mod contest;
mod date;
mod field;
mod ground;
mod posted;
mod problems;
mod select;
mod upload;

pub use area::Area;
pub use blank::Blank;
pub use choices::{Choices, Kind};
pub use clock::{as_read, time_of_day};
pub use contest::{Contested, Settled, settle};
pub use date::DateField;
pub use field::Field;
pub use ground::{Conflict, Ground};
pub use posted::{Brought, Posted, Taken};
pub use problems::{Complains, Complaint, Problem, Problems};
pub use select::{Choice, Select};
pub use upload::{Sent, Upload};

/// What a form's token is called.
pub const TOKEN: &str = "form";

/// What the id of a form's command is called.
pub const COMMAND: &str = "commandId";

/// The longest form of somebody who works here, in bytes: a whole meeting, with whom its texts mention.
pub const LONG_FORM: usize = 2 * 1024 * 1024;

/// The most fields of a form that are read.
const MOST_FIELDS: usize = 10_000;

/// A form as it was sent. What was not sent is empty: a page says what it misses.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let fields = fields.into_iter();
        Self(
            fields
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

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
        Ok(Self::sent(fields.into_owned().take(MOST_FIELDS).collect()))
    }
}

impl Fields {
    /// What a browser sent, with whom it mentions where names still stand.
    fn sent(fields: Vec<(String, String)>) -> Self {
        Self(put_back_into(fields))
    }

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

    /// What was sent as `name`, without what surrounds it; none where that is nothing.
    pub fn some(&self, name: &str) -> Option<String> {
        let sent = self.one(name).trim();
        (!sent.is_empty()).then(|| sent.to_owned())
    }

    /// What was sent as `name`, with line ends as people mean them; none where that is nothing.
    pub fn text(&self, name: &str) -> Option<String> {
        self.some(name).map(|text| text.replace("\r\n", "\n"))
    }

    /// The places there are in a list: the numbers in `name.0.…`, `name.1.…`, in order, each once.
    pub fn rows(&self, name: &str) -> Vec<usize> {
        let inside = self.0.iter().filter_map(|(sent, _)| {
            let rest = sent.strip_prefix(name)?.strip_prefix('.')?;
            rest.split('.').next()?.parse().ok()
        });
        let rows: std::collections::BTreeSet<usize> = inside.collect();
        rows.into_iter().collect()
    }

    /// Adds a field, as though it had been sent.
    fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Everything that was sent, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let sent = self.0.iter();
        sent.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether it has nothing in it but what the page put there.
    pub fn nothing_typed(&self) -> bool {
        let own = |name: &str| name == TOKEN || name == COMMAND;
        self.0
            .iter()
            .all(|(name, value)| own(name) || value.trim().is_empty())
    }

    /// The id of the form's command; none where it was lost.
    pub fn command(&self) -> Option<uuid::Uuid> {
        self.one(COMMAND).parse().ok()
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

/// A message as it stands at the beginning of a line: errors are written to follow something.
pub fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_list_are_found_by_their_numbers_and_lines_end_as_they_are_meant() {
        let sent = Fields::from_iter([
            ("items.10.title", "b"),
            ("items.2.title", "a"),
            ("items.2.actions.0.text", "x\r\ny"),
            ("itemsother.7", "no"),
            ("items.none", "no"),
        ]);
        assert_eq!(sent.rows("items"), [2, 10]);
        assert_eq!(sent.rows("items.2.actions"), [0]);
        assert_eq!(sent.text("items.2.actions.0.text").as_deref(), Some("x\ny"));
        assert_eq!((sent.some("note"), sent.command()), (None, None));
    }
}
