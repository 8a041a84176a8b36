//! How the other services reach the recorder: in process, or over HTTP when it runs apart.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::Recorder;
use crate::http::REQUEST_ID;
use crate::submission::{Answer, RecordError, Submission};

/// How long one submission may take over HTTP before its outcome counts as unknown.
const DEADLINE: Duration = Duration::from_secs(30);

/// How long it may take to reach a recorder before it counts as not there.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a connection is kept for the next submission: less than a recorder keeps it.
const IDLE: Duration = Duration::from_secs(20);

/// When to come back to a recorder that is not there: it may just be starting again.
const COME_BACK: Duration = Duration::from_secs(2);

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

/// Why there is no way to a recorder.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It is not an address.
    #[error("“{0}” is not the address of a recorder; write it like http://127.0.0.1:8081")]
    Address(String),
    /// Connections cannot be made at all.
    #[error("connections to the recorder cannot be set up")]
    Setup(#[source] reqwest::Error),
}

impl RecorderClient {
    /// A way to a recorder in another process. Proxies that the environment names are for the world
    /// outside, and are passed by.
    ///
    /// # Errors
    /// [`ClientError`] when `base` is not an HTTP address.
    pub fn http(base: &str) -> Result<Self, ClientError> {
        let url = reqwest::Url::parse(base).ok();
        if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            return Err(ClientError::Address(base.to_owned()));
        }
        let http = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .build()
            .map_err(ClientError::Setup)?;
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self::Http { http, base })
    }

    /// Records a submission.
    ///
    /// # Errors
    /// As [`Recorder::record`]; a lost connection is [`RecordError::OutcomeUnknown`].
    pub async fn record(&self, submission: Submission) -> Result<Answer, RecordError> {
        self.record_for(submission, None).await
    }

    /// Records a submission on behalf of the request `correlation`, which a recorder in another process then
    /// names in its log. One in this process does so anyway: its span is inside the request's.
    ///
    /// # Errors
    /// As [`RecorderClient::record`].
    pub async fn record_for(
        &self,
        submission: Submission,
        correlation: Option<&str>,
    ) -> Result<Answer, RecordError> {
        match self {
            Self::InProcess(recorder) => recorder.record(submission).await,
            Self::Http { http, base } => {
                let sending = Sending {
                    http,
                    to: format!("{base}/commands"),
                    submission: &submission,
                    correlation,
                    deadline: Instant::now() + DEADLINE,
                };
                sending.post().await
            }
        }
    }
}

/// One submission on its way.
struct Sending<'a> {
    http: &'a reqwest::Client,
    to: String,
    submission: &'a Submission,
    correlation: Option<&'a str>,
    deadline: Instant,
}

/// What became of one send.
enum Sent {
    Answered(Result<Answer, RecordError>),
    /// Nobody took it.
    NotTaken(reqwest::Error),
    /// Somebody may have taken it; no answer came.
    Unanswered(reqwest::Error),
}

impl Sending<'_> {
    /// Sends a submission, and sends it once more when no answer came: under its id it has one effect, and
    /// the second answer settles what became of the first send.
    async fn post(&self) -> Result<Answer, RecordError> {
        let lost = match self.send().await {
            Sent::Answered(answer) => return answer,
            Sent::NotTaken(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the recorder is not there"
                );
                return Err(RecordError::busy(COME_BACK));
            }
            Sent::Unanswered(error) => error,
        };
        tracing::warn!(
            error = &lost as &dyn std::error::Error,
            "no answer from the recorder"
        );
        match self.send().await {
            Sent::Answered(answer) => answer,
            Sent::NotTaken(_) | Sent::Unanswered(_) => Err(RecordError::OutcomeUnknown),
        }
    }

    async fn send(&self) -> Sent {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let mut request = self.http.post(&self.to).timeout(left);
        if let Some(correlation) = self.correlation {
            request = request.header(REQUEST_ID, correlation);
        }
        let response = match request.json(self.submission).send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return Sent::NotTaken(error),
            Err(error) => return Sent::Unanswered(error),
        };
        let answered = if response.status().is_success() {
            response.json().await.map(Ok)
        } else {
            response.json().await.map(Err)
        };
        answered.map_or_else(Sent::Unanswered, Sent::Answered)
    }
}
