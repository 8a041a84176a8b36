//! Asking the schema, and what to show when it does not answer.

use async_graphql::{Request, ServerError};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use gateway::{Caller, Gateway};
use serde::de::DeserializeOwned;

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The schema refused the question.
    #[error("the question was not answered: {0:?}")]
    Unanswered(Vec<ServerError>),
    /// The answer does not have the shape the page was written for.
    #[error("the answer does not fit the page")]
    Answer(#[source] serde_json::Error),
    /// The page could not be written.
    #[error("the page could not be written")]
    Template(#[from] askama::Error),
    /// Something the page needs does not work.
    #[error("what the page needs does not work")]
    Behind(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Asks the schema as somebody.
///
/// # Errors
/// [`PageError`] when there is no answer, or not the expected one.
pub async fn ask<A: DeserializeOwned>(
    gateway: &Gateway,
    question: &str,
    caller: Caller,
) -> Result<A, PageError> {
    let answer = gateway.execute(Request::new(question), caller).await;
    if !answer.errors.is_empty() {
        return Err(PageError::Unanswered(answer.errors));
    }
    let data = answer.data.into_json().map_err(PageError::Answer)?;
    serde_json::from_value(data).map_err(PageError::Answer)
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        tracing::error!(
            error = &self as &dyn std::error::Error,
            "a page could not be shown"
        );
        let page = "<!doctype html><html lang=\"en-GB\"><title>Something went wrong</title>\
            <h1>Something went wrong</h1><p>The page cannot be shown just now. \
            Nothing in the record is affected. Try again in a minute.</p></html>";
        (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response()
    }
}
