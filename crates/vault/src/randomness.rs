//! Where keys and nonces come from: the operating system in service, a fixed sequence in tests.

/// Fills buffers with bytes nobody can guess. Must be fit for keys: a sequence that repeats is for tests only.
pub trait Randomness: Send + Sync {
    /// Fills all of `bytes`.
    ///
    /// # Errors
    /// When the source cannot give any.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The operating system has no random bytes to give.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct NoRandomness(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// The operating system's source, and the one place it is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|error| NoRandomness(error.to_string().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Randomness, SystemRandomness};

    #[test]
    fn two_draws_differ() {
        let draw = || {
            let mut bytes = [0; 32];
            SystemRandomness.fill(&mut bytes).unwrap();
            bytes
        };
        assert_ne!(draw(), draw());
    }
}
