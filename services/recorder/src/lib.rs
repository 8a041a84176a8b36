//! Authorises, loads, decides, appends: writes the ledger and nothing else.

pub mod client;
pub mod submission;

pub use client::RecorderClient;
pub use submission::{Actor, Answer, RecordError, Submission};

/// Decides submissions and appends what they decide.
pub struct Recorder {}

impl Recorder {
    /// Records a submission: all of its commands, or none.
    ///
    /// # Errors
    /// [`RecordError`] says why nothing was recorded.
    pub async fn record(&self, submission: Submission) -> Result<Answer, RecordError> {
        let _ = submission;
        Err(RecordError::UnknownLedger)
    }
}
