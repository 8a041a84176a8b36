//! Reminders: what is overdue, due soon, stale or waiting, noticed as days go by and kept in an outbox until it is sent.
//!
//! Nothing happens when an action falls due; so somebody has to look at the clock. Every few minutes each compact is looked at: what
//! holds *today*, by the views ([`noticing`]), is compared with what the outbox has ([`Outbox::note`]), in one transaction. So each
//! reminder is there once, whoever looks and however often: it is known by what it is about and by its *occasion*, the date that
//! makes it due. An action that is rescheduled is another occasion. What no longer holds before it was sent is cancelled.
//!
//! ```text
//!           ┌────────► cancelled ──(it holds again)──► due
//!           │              ▲
//!  due ─────┴──► sending ──┼──► delivered
//!   ▲               │      │
//!   └─(its claim ───┴──► failed ──(after a while)──► sending
//!      ran out)
//! ```
//!
//! It reads views and writes its outbox, and nothing else. An outbox holds ids and dates, no names and no texts: what is
//! to be said is looked up when it is sent.

pub mod noticing;
mod outbox;
mod reminder;
mod round;
mod run;

pub use outbox::{MAX_ATTEMPTS, Noted, Outbox, OutboxError};
pub use reminder::{Key, Kind, NotAKind, Reminder, State};
pub use round::{Looked, Rounds, Ticked};
pub use run::{Watch, run};
