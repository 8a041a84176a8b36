//! What the schema's scalars are here.

/// A day.
pub type Date = chrono::NaiveDate;

/// A moment.
pub type DateTime = chrono::DateTime<chrono::Utc>;

/// A year from April to March, written `2008-09`.
pub type Session = String;

/// A number as it was recorded, exactly: `12.50` stays `12.50`.
pub type Figure = String;

/// A place in a ledger.
pub type Position = u64;

/// An id that is not a thing's in the schema.
#[expect(
    clippy::upper_case_acronyms,
    reason = "as the schema writes it: the types of the documents refer to it by that name"
)]
pub type UUID = uuid::Uuid;

/// Anything.
#[expect(
    clippy::upper_case_acronyms,
    reason = "as the schema writes it: the types of the documents refer to it by that name"
)]
pub type JSON = serde_json::Value;
