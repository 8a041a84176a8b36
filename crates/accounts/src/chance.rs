//! Randomness as an argument, like the clock and the ids.

/// Where secrets come from: [`SystemRandomness`] in service, something repeatable in tests.
pub trait Randomness: Send + Sync {
    /// Fills `bytes` so that nobody can guess them.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The machine gave no randomness. Nothing secret may be made without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the machine gives no random numbers, so no secret can be made")]
pub struct NoRandomness;

/// The operating system's random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// `N` bytes that nobody can guess.
///
/// # Errors
/// [`NoRandomness`].
pub(crate) fn random<const N: usize>(
    randomness: &dyn Randomness,
) -> Result<zeroize::Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = zeroize::Zeroizing::new([0; N]);
    randomness.fill(&mut *bytes)?;
    Ok(bytes)
}
