//! Adoptions: a compact, or an organisation of it, takes up what another does well.
//!
//! An adoption is the adopter's own record, in its own ledger: whose practice it was and in which version stands in it as it was named
//! then, so the credit stays whatever becomes of the source. Only what the adopter may see can be taken up; the recorder looks it up,
//! and what the adopter may not see does not exist for it.
//!
//! What has come of it is told as it goes: what was changed to fit ([`PracticeAdapted`], which may also follow the source to a later
//! version or name the practice that was written from it), how it went ([`ResultReported`]), and that it was given up.

mod command;
mod decide;
mod error;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::*;
pub use error::AdoptionError;
pub use event::*;
pub use state::Adoption;

crate::aggregate::aggregate! {
    Adoption, "adoption": AdoptionCommand => AdoptionEvent, AdoptionError
}
