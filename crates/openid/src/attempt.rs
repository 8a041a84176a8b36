//! Somebody on their way to a provider and back.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;

use crate::refused::Refused;

/// How long somebody may take.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// How far the provider's clock may be from ours.
const SLACK: TimeDelta = TimeDelta::minutes(1);

/// How many random bytes state, nonce and PKCE's verifier have each.
const BYTES: usize = 32;

/// What a browser must come back to. What it is made of is kept where only the browser that began it has it, and is good for
/// one answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    begun_at: DateTime<Utc>,
    /// How long ago the person may have proved to the provider who they are.
    proved_within: TimeDelta,
}

impl Attempt {
    /// An attempt that began at `now`, made of 96 random bytes. A provider that keeps people signed in asks them again when it
    /// did so longer than `proved_within` ago; with zero, in any case.
    pub fn new(random: &[u8; 3 * BYTES], now: DateTime<Utc>, proved_within: TimeDelta) -> Self {
        let part = |index: usize| BASE64URL_NOPAD.encode(&random[index * BYTES..][..BYTES]);
        Self {
            state: part(0),
            nonce: part(1),
            verifier: part(2),
            begun_at: now,
            proved_within,
        }
    }

    /// How long ago the person may have proved who they are, as the provider is asked: in seconds.
    pub(crate) fn oldest_proof(&self) -> Duration {
        self.proved_within.to_std().unwrap_or_default()
    }

    /// Whether a proof at `proved_at` is as recent as was asked.
    pub(crate) fn is_recent(&self, proved_at: DateTime<Utc>) -> bool {
        proved_at + self.proved_within + SLACK >= self.begun_at
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
        Attempt::new(&random, DateTime::UNIX_EPOCH, TimeDelta::hours(1))
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
    #[test]
    fn a_proof_is_recent_for_as_long_as_was_asked_and_a_minute_for_the_clocks() {
        let attempt = attempt();
        let at = |minutes| DateTime::UNIX_EPOCH - TimeDelta::minutes(minutes);
        assert!(attempt.is_recent(at(-1)), "made for this attempt");
        assert!(attempt.is_recent(at(61)));
        assert!(!attempt.is_recent(at(62)));
    }
}
