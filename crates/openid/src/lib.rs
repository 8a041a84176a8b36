//! Signing in by an OpenID provider's word: the protocol, and nothing of accounts.
//!
//! A browser is sent to the provider with an [`Attempt`] in hand, and comes back with an [`Answer`]. If everything about the
//! answer is as it must be, what comes of it is a [`Vouched`]: who says so, and what it calls the person. Which account that
//! is, is decided elsewhere, and so is where an attempt is kept meanwhile: with the one browser that began it, and for one
//! answer only.
//!
//! # What is checked
//!
//! The code flow with PKCE (S256), and nothing else. The answer must carry the attempt's state, within ten minutes; name the
//! provider where the provider says it does so (RFC 9207), so that one provider's answer cannot be passed off as another's; and
//! carry a code that the provider itself, at the address its own document names, turns into an identity token. Of the token:
//! a signature by one of the provider's published keys, with an asymmetric algorithm that the provider says it uses; the
//! issuer and the client, each exactly, and no other audience; the authorised party, where one is named; the attempt's
//! nonce; not expired, issued now and not in the future; the access token's hash, where there is one; and, where it says when
//! the person proved who they are, that this was as recent as was asked.
//!
//! Redirects are not followed, answers are at most a megabyte, and every question has a deadline. A provider that did not answer
//! is left alone for a moment, and whoever wants to go there meanwhile is told at once.

mod answer;
mod attempt;
mod fetch;
mod provider;
mod refused;
mod settings;

pub use answer::{Answer, Vouched};
pub use attempt::Attempt;
pub use provider::Provider;
pub use refused::{Refused, Unreachable};
pub use settings::{ProviderSettings, Secret, SettingsError};
