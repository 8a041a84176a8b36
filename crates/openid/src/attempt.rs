//! Somebody on their way to a provider and back.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::refused::Refused;

/// How long somebody may take.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// How many random bytes state, nonce and PKCE's verifier have each.
const BYTES: usize = 32;

/// What a browser must come back to. It is kept where only this service and the browser that began it can tell which it is,
/// and taken out for the first answer, whatever that is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    begun_at: DateTime<Utc>,
}

impl Attempt {
    /// An attempt that begins now, made of 96 random bytes.
    pub fn new(random: &[u8; 3 * BYTES], now: DateTime<Utc>) -> Self {
        let part = |index: usize| BASE64URL_NOPAD.encode(&random[index * BYTES..][..BYTES]);
        Self {
            state: part(0),
            nonce: part(1),
            verifier: part(2),
            begun_at: now,
        }
    }

    /// What comes back in the answer's `state`: an attempt may be kept under it.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Whether an answer with this state, at this moment, is to this attempt.
    pub(crate) fn check(&self, state: Option<&str>, now: DateTime<Utc>) -> Result<(), Refused> {
        let state = state.ok_or(Refused::State)?;
        if !bool::from(self.state.as_bytes().ct_eq(state.as_bytes())) {
            return Err(Refused::State);
        }
        if now < self.begun_at || self.begun_at + PATIENCE < now {
            return Err(Refused::TooLate);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attempt(begun at {})", self.begun_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        let mut random = [0; 96];
        for (index, byte) in random.iter_mut().enumerate() {
            *byte = u8::try_from(index).expect("small");
        }
        Attempt::new(&random, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn its_three_secrets_differ_and_are_as_long_as_pkce_asks() {
        let Attempt {
            state,
            nonce,
            verifier,
            ..
        } = attempt();
        assert!(state != nonce && nonce != verifier && state != verifier);
        assert_eq!([state.len(), nonce.len(), verifier.len()], [43; 3]);
    }

    #[test]
    fn an_answer_is_to_the_attempt_whose_state_it_has_and_comes_in_time() {
        let attempt = attempt();
        let at = |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let state = attempt.state.clone();
        assert_eq!(attempt.check(Some(&state), at(0)), Ok(()));
        assert_eq!(attempt.check(Some(&state), at(10)), Ok(()));
        assert_eq!(attempt.check(Some(&state), at(11)), Err(Refused::TooLate));
        assert_eq!(attempt.check(Some(&state), at(-1)), Err(Refused::TooLate));
        for other in [
            None,
            Some(""),
            Some(&state[1..]),
            Some(attempt.nonce.as_str()),
        ] {
            assert_eq!(attempt.check(other, at(0)), Err(Refused::State));
        }
    }
}
