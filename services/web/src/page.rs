//! What every page has around it, and how it leaves.

use accounts::{Randomness, SessionToken, SystemRandomness};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use gateway::Nonce;
use gateway::identity::{Visitor, session_cookie};

use crate::ask::PageError;
use crate::form::{Complaint, Field};
use crate::instead::Instead;
use crate::visit::Visit;

/// What every page has around it.
pub struct Frame {
    /// Its name: in the window's title, and at the top.
    pub title: &'static str,
    /// Marks its styles.
    pub nonce: Nonce,
    /// What is wrong with the form on it.
    pub complaints: Vec<Complaint>,
    /// The token its forms carry; none where nobody is signed in.
    pub form: Option<String>,
}

impl Frame {
    /// For whoever looks, signed in or not.
    ///
    /// # Errors
    /// When no token can be made for its forms.
    pub fn new(
        title: &'static str,
        visit: &Visit,
        visitor: Option<&Visitor>,
    ) -> Result<Self, Instead> {
        let form = visitor.map(|visitor| form_token(&SystemRandomness, visitor));
        Ok(Self {
            title,
            nonce: visit.nonce.clone(),
            complaints: Vec::new(),
            form: form.transpose()?,
        })
    }

    /// The same, with what is wrong with these fields.
    #[must_use]
    pub fn complaining<'a>(mut self, fields: impl IntoIterator<Item = &'a Field>) -> Self {
        let found = fields.into_iter().filter_map(Field::complaint);
        self.complaints.extend(found);
        self
    }

    /// The token its forms carry; empty where nobody is signed in.
    pub fn token(&self) -> &str {
        self.form.as_deref().unwrap_or_default()
    }
}

fn form_token(randomness: &dyn Randomness, visitor: &Visitor) -> Result<String, Instead> {
    let token = visitor.session.csrf().expose(randomness);
    token.map_err(|error| Instead::Broken(PageError::Behind(error.into())))
}

/// A page as it leaves: nobody keeps a copy, neither the browser nor anybody on the way.
///
/// # Errors
/// When it cannot be written.
pub fn shown(page: &impl Template) -> Result<Response, Instead> {
    with_status(StatusCode::OK, page)
}

/// The same with something to mend.
///
/// # Errors
/// When it cannot be written.
pub fn to_mend(page: &impl Template) -> Result<Response, Instead> {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// The same for whoever has to wait.
///
/// # Errors
/// When it cannot be written.
pub fn to_wait(page: &impl Template, seconds: u32) -> Result<Response, Instead> {
    let mut response = with_status(StatusCode::TOO_MANY_REQUESTS, page)?;
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

/// The same with this status.
///
/// # Errors
/// When it cannot be written.
pub fn with_status(status: StatusCode, page: &impl Template) -> Result<Response, Instead> {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((status, no_store, Html(page.render()?)).into_response())
}

/// The answer, with the session the browser is to keep from now on.
pub fn keeping(token: &SessionToken, mut response: Response) -> Response {
    if let Some(cookie) = session_cookie(token) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Another page to look at, after something was done.
pub fn onwards(to: &str) -> Response {
    Instead::go(to).into_response()
}
