//! What accounts promise, shown over a database, in the role of the service that uses them.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod api_tokens;
mod drafts;
mod forgetting;
mod invitations;
mod office;
mod openid;
mod rights;
mod second_factors;
mod sessions;
mod sign_ins;
mod support;
mod throttling;
mod vaulted;
