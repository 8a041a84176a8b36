//! A meeting of a group: called, held, minuted, and its minutes agreed at a later one.
//!
//! What a meeting changes elsewhere (an update of a plan, an action that was raised, a commitment's status) is recorded where it
//! belongs, in one submission with the minutes; an item of the minutes names what it led to, and every entry of that submission names
//! the meeting. So an action raised in a meeting is an action like any other.
//!
//! Four rules keep a meeting true as of any day:
//!
//! - **Its history runs forward.** Nothing is dated before the day it was called or, of what was said there, before it was held; and what
//!   is put right is not dated before it was last changed.
//! - **Minutes go one way.** They are a draft when the meeting is recorded, are circulated, and are agreed as a true record at a later
//!   meeting of the group. A correction can come at any time, with its reason; minutes that were agreed stay agreed, as corrected.
//! - **The day stays.** When a meeting began and where it was held can be put right, with a reason; the day it was held cannot. Every entry that
//!   was posted with the meeting is dated by it and names it, in plans and commitments as well, and so does every later one that
//!   says “at the meeting of 24 September”. Stored leaves do not change: another day on the meeting alone would have its own actions set on a day it
//!   was not held. A day that was wrong is said in a note since the meeting.
//! - **What happened since says so.** A note since the meeting is an entry of its own beside the minutes, never words in them.

mod command;
mod decide;
mod error;
mod event;
mod held_at;
mod papers;
mod state;
#[cfg(test)]
mod tests;

pub use command::*;
pub use error::MeetingError;
pub use event::*;
pub use state::{Meeting, Minutes};

crate::aggregate::aggregate! {
    Meeting, "meeting": MeetingCommand => MeetingEvent, MeetingError
}
