//! The recorder's own door, for a gateway in another process: `POST /commands`.
//!
//! It belongs on a private network or loopback: who may send what is checked before it gets here.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};

use crate::Recorder;
use crate::submission::{Answer, RecordError, Submission};

/// The largest submission taken, in bytes.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// `POST /commands` takes a [`Submission`] and answers with an [`Answer`] or a [`RecordError`].
pub fn router(recorder: Arc<Recorder>) -> Router {
    Router::new()
        .route("/commands", post(record))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(recorder)
}

async fn record(
    State(recorder): State<Arc<Recorder>>,
    Json(submission): Json<Submission>,
) -> Result<Json<Answer>, RecordError> {
    recorder.record(submission).await.map(Json)
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
