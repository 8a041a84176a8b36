//! Why a provider's word was not taken.

/// Why nobody was vouched for. What a person is told is the same for everything but their own change of mind; which of these it
/// was belongs in the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The answer is not to this attempt.
    #[error("the answer is not to what this browser began")]
    State,
    /// The answer is, and came too late.
    #[error("the answer came too late; begin again")]
    TooLate,
    /// It comes from another provider, or does not say where from though this provider always does.
    #[error("the answer does not come from the provider that was asked")]
    Mixed,
    /// The person, or the provider, said no: the error's code.
    #[error("the provider did not vouch for anybody: {0}")]
    Declined(String),
    /// There is neither a code nor an error, or there are both.
    #[error("the answer makes no sense")]
    Senseless,
    /// The provider did not turn the code into a token: its code was used before, is not its own, or not for us.
    #[error("the provider did not accept the code: {0}")]
    Code(String),
    /// There is no identity token.
    #[error("the provider gave no identity token")]
    NoToken,
    /// The identity token is not as it must be.
    #[error("the identity token cannot be trusted: {0}")]
    Token(String),
    /// The provider could not be asked.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
}

/// The provider does not answer, or not as a provider must.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the OpenID provider {issuer} cannot be used now: {said}")]
pub struct Unreachable {
    /// Which.
    pub issuer: String,
    /// What came instead.
    pub said: String,
}
