//! Secrets are drawn from the randomness the vault's keys are.

pub use vault::{NoRandomness, Randomness, SystemRandomness};

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
