//! How the other services reach the recorder: in process, or over HTTP when it runs apart.

use std::sync::Arc;
use std::time::Duration;

use crate::Recorder;
use crate::submission::{Answer, RecordError, Submission};

/// How long one submission may take over HTTP before its outcome counts as unknown.
const DEADLINE: Duration = Duration::from_secs(30);

/// A way to the recorder.
#[derive(Clone)]
pub enum RecorderClient {
    /// In the same process.
    InProcess(Arc<Recorder>),
    /// In another process, at this base URL.
    Http {
        /// Keeps connections open between submissions.
        http: reqwest::Client,
        /// Where `/commands` is.
        base: String,
    },
}

impl RecorderClient {
    /// A way to a recorder in another process.
    pub fn http(base: &str) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self::Http {
            http: reqwest::Client::new(),
            base,
        }
    }

    /// Records a submission.
    ///
    /// # Errors
    /// As [`Recorder::record`]; a lost connection is [`RecordError::OutcomeUnknown`].
    pub async fn record(&self, submission: Submission) -> Result<Answer, RecordError> {
        match self {
            Self::InProcess(recorder) => recorder.record(submission).await,
            Self::Http { http, base } => post(http, base, &submission).await,
        }
    }
}

async fn post(
    http: &reqwest::Client,
    base: &str,
    submission: &Submission,
) -> Result<Answer, RecordError> {
    let sent = http
        .post(format!("{base}/commands"))
        .timeout(DEADLINE)
        .json(submission)
        .send()
        .await;
    let response = match sent {
        Ok(response) => response,
        Err(error) if error.is_connect() => return Err(RecordError::busy(Duration::from_secs(1))),
        Err(error) => return Err(unknown(&error)),
    };
    if response.status().is_success() {
        return response.json().await.map_err(|error| unknown(&error));
    }
    Err(response
        .json()
        .await
        .unwrap_or_else(|error| unknown(&error)))
}

fn unknown(error: &reqwest::Error) -> RecordError {
    tracing::warn!(
        error = error as &dyn std::error::Error,
        "no answer from the recorder"
    );
    RecordError::OutcomeUnknown
}
