//! Accounts: who is at the door. Never what they may do.
//!
//! Somebody is let in by a password and, where it is asked for, a code from an app; or by an OpenID provider that vouches
//! for them; or, if it is a program, by a token. What comes of it is an account's id. Which roles that account has is
//! written in the region's ledger and decided elsewhere, which is why the one rule here that depends on a role (who must
//! have a second factor) is handed in as an answer.
//!
//! Nothing here speaks HTTP and nothing sends mail: a link or a session is handed over as a value, and a service puts it
//! into a cookie or a letter. `docs/accounts.md` lists the limits and shapes.
//!
//! # What holds everywhere
//!
//! - **Nothing that lets somebody in is stored as it is.** Passwords are hashed slowly, random secrets quickly; names,
//!   addresses and the seeds of codes are sealed.
//! - **What works once works once**, however many try at the same moment: what is used up is used up by a single
//!   statement with a condition, and its rows are counted.
//! - **An account that is not there cannot be told from one that is**: the same answer, after the same work.
//! - **When sign-ins must end, they end at once.** An account has an epoch; a session of an earlier one is none.
//! - **A caller that hangs up stops nothing half-way**: what writes more than one row runs in a task of its own.

mod account;
mod accounts;
mod api_token;
mod caller;
mod chance;
mod csrf;
mod draft;
mod email;
mod enrolment;
mod erasing;
mod error;
mod link;
mod openid;
mod openid_attempt;
mod password;
mod recovery;
mod sealing;
mod second_factor;
mod secret;
mod security_log;
mod session;
mod settings;
mod sign_in;
mod subject;
mod sweep;
mod throttle;
mod totp;
mod vaulted;

pub use account::{Account, AccountState, NewAccount};
pub use accounts::{Accounts, Parts};
pub use api_token::{
    ApiTokenId, ApiTokenListed, LONGEST_TOKEN_LIFE_DAYS, NewApiToken, TokenAccess, TokenBearer,
    TokenError, TokenRefused, TokenScope,
};
pub use caller::Caller;
pub use chance::{NoRandomness, Randomness, SystemRandomness};
pub use csrf::CsrfToken;
pub use draft::{
    DRAFT_KEPT_DAYS, Draft, DraftError, DraftListed, DraftOf, LONGEST_DRAFT, MOST_DRAFTS,
};
pub use email::EmailAddress;
pub use enrolment::Enrolment;
pub use erasing::AccountErasures;
pub use error::{AccountError, StoreError};
pub use link::{LinkFor, LinkPurpose, LinkRefused, ResetLetter};
pub use openid::{OpenIdLinked, OpenIdPerson, Proof};
pub use openid_attempt::{Errand, OpenIdAttempt, OpenIdErrand};
pub use password::{HashingError, LONGEST_PASSWORD, Password, SHORTEST_PASSWORD, WeakPassword};
pub use recovery::RecoveryCodes;
pub use sealing::{Sealing, SealingError};
pub use second_factor::SecondFactorError;
pub use secret::{
    API_TOKEN_PREFIX, ApiToken, KeptLink, LinkToken, NotAToken, OpenIdTicket, SessionToken,
};
pub use security_log::{SecurityEntry, SecurityEvent};
pub use session::{SessionListed, Standing, Way, WebSession, WebSessionId};
pub use settings::{Hashing, Settings};
pub use sign_in::{SignInRefused, SignedIn};
pub use subject::{Forgotten, Holdings};
pub use sweep::Swept;
pub use throttle::RetryAfter;
pub use vaulted::VaultSealing;
