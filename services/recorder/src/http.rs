//! The recorder's own door, for a gateway in another process: `POST /commands`.
//!
//! It belongs on a private network or loopback: who may send what is checked before it gets here.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use tracing::Instrument;

use crate::Recorder;
use crate::submission::{Answer, RecordError, Submission};

/// The largest submission taken, in bytes.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// The header that names a request in every log it leaves a trace in.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// The longest request id that is taken over, in bytes.
const LONGEST_ID: usize = 64;

/// `POST /commands` takes a [`Submission`] and answers with an [`Answer`] or a [`RecordError`].
pub fn router(recorder: Arc<Recorder>) -> Router {
    Router::new()
        .route("/commands", post(record))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(recorder)
}

async fn record(
    State(recorder): State<Arc<Recorder>>,
    headers: HeaderMap,
    Json(submission): Json<Submission>,
) -> Result<Json<Answer>, RecordError> {
    let span = tracing::info_span!("request", correlation = tracing::field::Empty);
    if let Some(correlation) = correlation(&headers) {
        span.record("correlation", correlation);
    }
    recorder.record(submission).instrument(span).await.map(Json)
}

/// What the sender calls the request, if that may stand in a log.
fn correlation(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(plain)).then_some(id)
}

impl IntoResponse for RecordError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict { .. } | Self::CommandReused => StatusCode::CONFLICT,
            Self::UnknownLedger => StatusCode::NOT_FOUND,
            Self::Busy { .. } | Self::OutcomeUnknown => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let wait = match &self {
            Self::Busy {
                retry_after_seconds,
            } => Some(*retry_after_seconds),
            _ => None,
        };
        let mut response = (status, Json(self)).into_response();
        if let Some(seconds) = wait {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_stand_in_a_log_is_not_taken_for_a_requests_name() {
        let long = "x".repeat(LONGEST_ID + 1);
        for (sent, taken) in [
            ("from-a-proxy_7.b", true),
            ("", false),
            ("two words", false),
            ("a\u{7f}b", false),
            (long.as_str(), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_str(sent) {
                headers.insert(REQUEST_ID, value);
            }
            assert_eq!(correlation(&headers), taken.then_some(sent), "{sent:?}");
        }
    }
}
