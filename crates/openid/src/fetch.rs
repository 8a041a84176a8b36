//! Asking a provider over HTTP.

use std::time::Duration;

use openidconnect::http::{self, Response};
use openidconnect::{HttpRequest, HttpResponse};

/// How long a provider may take for one answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// The longest answer that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Why an answer did not come.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// The question did not arrive, or the answer did not.
    #[error("no answer")]
    Http(#[from] reqwest::Error),
    /// The question or the answer cannot be written in HTTP.
    #[error("not HTTP")]
    Form(#[from] http::Error),
    /// The answer does not end.
    #[error("an answer of more than a megabyte")]
    TooLong,
}

/// What asks. It goes where it is told and nowhere else: a redirect is an answer like any other.
pub(crate) fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(DEADLINE)
        .build()
}

/// Asks once.
pub(crate) async fn fetch(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, FetchError> {
    let mut response = client.execute(request.try_into()?).await?;
    let mut answer = Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await? {
        if body.len() + part.len() > LONGEST {
            return Err(FetchError::TooLong);
        }
        body.extend_from_slice(&part);
    }
    Ok(answer.body(body)?)
}
