//! Files: papers, evidence and attachments, kept outside the ledger.
//!
//! An event refers to a file by the hash of its content ([`domain::FileRef`]); what the file holds is here. It is *sealed* as it
//! arrives, under a key of its own that lies in the vault, so that redacting the file makes every copy of it unreadable, those
//! in backups too. `docs/files.md` tells how it fits together, `docs/decisions/08-files.md` why it is so.
//!
//! ```text
//!            ┌── hashed
//! upload ────┼── looked at: what kind of file is it?      row in file_upload
//!            └── sealed, piece by piece ──► store         incoming ──► stored ──► going ──► (gone)
//!                                                                         └─────► removed
//! ```
//!
//! * [`Files`] receives, opens, examines and sweeps.
//! * [`Uploads`] is what the recorder asks: is there such a file in this compact? Asking keeps it from being swept.
//! * [`Store`] is where the sealed content lies: a directory, or a bucket of an S3-compatible service.
//!
//! An object is never written to twice: it bears the random id that its content is sealed for, so that two who upload the same
//! content at once do not get in each other's way, and a store says nothing about what it holds.

mod content;
mod error;
mod examine;
mod files;
mod kind;
mod receive;
mod store;
mod sweep;
mod uploads;

pub use error::{FilesError, Refused};
pub use examine::{Examined, Fault, FaultOf};
pub use files::{Files, Opened, Parts};
pub use kind::Hint;
pub use receive::{Offered, ReceiveError, Received};
pub use store::{S3, Store, StoreError, Whereabouts};
pub use sweep::{Swept, UNUSED_FOR};
pub use uploads::{Room, Uploads};
