//! What accounts ask of the vault.
//!
//! Names and addresses are kept sealed under their owner's key and found by a keyed hash. Accounts need only these
//! three things of whoever keeps the keys, so that they can be tested without any.

use domain::ids::AccountId;
use futures::future::BoxFuture;

/// Something could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
#[error("personal data cannot be {doing}")]
pub struct SealingError {
    /// What was wanted: "sealed" or "opened".
    pub doing: &'static str,
    /// What the vault said.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Seals what is personal, and opens it again. `context` says which field it is: what was sealed for one cannot be
/// opened as another.
pub trait Sealing: Send + Sync {
    /// Seals `plain`, which belongs to `subject`.
    fn seal<'a>(
        &'a self,
        subject: AccountId,
        context: &'a str,
        plain: &'a str,
    ) -> BoxFuture<'a, Result<Vec<u8>, SealingError>>;

    /// Opens what [`Sealing::seal`] gave for the same subject and context; `None` once the subject was erased.
    fn open<'a>(
        &'a self,
        subject: AccountId,
        context: &'a str,
        sealed: &'a [u8],
    ) -> BoxFuture<'a, Result<Option<String>, SealingError>>;

    /// A keyed hash of `value`, the same every time: equal values can be found, and not read. Different for every
    /// `purpose`.
    fn blind_index(&self, purpose: &str, value: &str) -> [u8; 32];
}
