//! What was typed into a form whose session had ended meanwhile. It is shown back, hidden in a form of its own, so that it goes on
//! from where it was once its owner is signed in again: nothing has to be typed twice, with scripts or without.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::form::{Fields, TOKEN};
use crate::page::{Frame, with_status};

/// A form that is held.
#[derive(Debug)]
pub struct Held {
    there: String,
    fields: Vec<(String, String)>,
    token: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/held.html")]
struct Page {
    frame: Frame,
    there: String,
    fields: Vec<(String, String)>,
    token: Option<String>,
}

impl Held {
    /// What was sent to `there`; with a token, where somebody is signed in by now.
    pub fn new(there: &str, fields: &Fields, token: Option<String>) -> Self {
        let typed = fields.iter().filter(|(name, _)| *name != TOKEN);
        Self {
            there: there.to_owned(),
            fields: typed
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            token,
        }
    }
}

impl IntoResponse for Held {
    fn into_response(self) -> Response {
        let title = match self.token {
            Some(_) => "Go on with what you typed",
            None => "Sign in again to go on",
        };
        let page = Page {
            frame: Frame::bare(title),
            there: self.there,
            fields: self.fields,
            token: self.token,
        };
        match with_status(StatusCode::FORBIDDEN, &page) {
            Ok(response) => response,
            Err(instead) => instead.into_response(),
        }
    }
}
