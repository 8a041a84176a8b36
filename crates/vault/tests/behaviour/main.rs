//! What the vault promises, shown on a real database.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod ahead;
mod canary;
mod crash;
mod erasing;
mod grants;
mod rotating;
mod sealing;
mod support;
