//! Good practice: what an organisation does that others could, written down in versions and shared as far as its compact lets it out.
//!
//! Three rules keep it true for those who take it up elsewhere:
//!
//! - **Versions are numbered and stay.** What is revised is the next version; nothing is written over. Once others have been able to
//!   read it, a revision says what was changed and why, because somebody may work by the version before.
//! - **A version is seen by those who could read while it stood.** Which versions another compact can take up follows from that, and
//!   from whether the practice is still let out to it ([`GoodPractice::fact`]).
//! - **Questions and thanks are kept where the practice is.** They come from the secretariats of other compacts, and each names the
//!   compact it came from. How many of a compact's can wait for an answer is bounded, for it is somebody else's record.

mod command;
mod decide;
mod error;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::*;
pub use error::GoodPracticeError;
pub use event::*;
pub use state::GoodPractice;

crate::aggregate::aggregate! {
    GoodPractice, "good-practice": GoodPracticeCommand => GoodPracticeEvent, GoodPracticeError
}
