//! Who is asking. Until people sign in, a caller names itself in two headers, and the service listens on
//! this machine only.

use recorder::Actor;

/// The header that names the actor.
pub const ACTOR: &str = "x-actor";
/// The header that names the actor's role.
pub const ROLE: &str = "x-actor-role";

/// The longest actor or role, in bytes.
const LONGEST: usize = 64;

/// Who is asking: an actor in a role, or the public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The actor; none for the public, who may ask but change nothing.
    pub actor: Option<Actor>,
    /// What the request is called in logs, here and wherever it goes from here.
    pub correlation: Option<String>,
}

/// Why a caller's headers could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCaller {
    /// One header came without the other.
    #[error("send both headers, `x-actor` and `x-actor-role`, or neither")]
    Half,
    /// A header does not fit.
    #[error("the header `{0}` must be 1 to 64 visible ASCII characters without spaces")]
    Unfit(&'static str),
}

impl Caller {
    /// Nobody in particular.
    pub fn public() -> Self {
        Self::default()
    }

    /// This actor.
    pub const fn actor(actor: Actor) -> Self {
        Self {
            actor: Some(actor),
            correlation: None,
        }
    }

    /// The same caller, with a request of this name.
    #[must_use]
    pub fn correlated(self, correlation: impl Into<String>) -> Self {
        let correlation = Some(correlation.into());
        Self {
            correlation,
            ..self
        }
    }

    /// The caller that a request's headers name.
    ///
    /// # Errors
    /// [`BadCaller`] when one header is missing or does not fit.
    pub fn from_headers(headers: &axum::http::HeaderMap) -> Result<Self, BadCaller> {
        let read = |name: &'static str| match headers.get(name) {
            None => Ok(None),
            Some(value) => fitting(value.as_bytes())
                .map(Some)
                .ok_or(BadCaller::Unfit(name)),
        };
        match (read(ACTOR)?, read(ROLE)?) {
            (Some(id), Some(role)) => Ok(Self::actor(Actor { id, role })),
            (None, None) => Ok(Self::public()),
            _ => Err(BadCaller::Half),
        }
    }
}

fn fitting(bytes: &[u8]) -> Option<String> {
    let fits =
        !bytes.is_empty() && bytes.len() <= LONGEST && bytes.iter().all(u8::is_ascii_graphic);
    fits.then(|| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::*;

    fn caller(actor: Option<&[u8]>, role: Option<&[u8]>) -> Result<Caller, BadCaller> {
        let mut headers = HeaderMap::new();
        for (name, value) in [(ACTOR, actor), (ROLE, role)] {
            if let Some(value) = value {
                headers.insert(name, HeaderValue::from_bytes(value).expect("a header"));
            }
        }
        Caller::from_headers(&headers)
    }

    #[test]
    fn both_headers_make_an_actor_and_none_the_public() {
        let actor = caller(Some(b"p-17"), Some(b"secretariat"))
            .expect("a caller")
            .actor;
        assert_eq!(
            actor.map(|actor| actor.role),
            Some("secretariat".to_owned())
        );
        assert_eq!(caller(None, None), Ok(Caller::public()));
    }

    #[test]
    fn half_a_name_or_an_odd_one_is_refused() {
        assert_eq!(caller(Some(b"p-17"), None), Err(BadCaller::Half));
        for odd in [&b""[..], b"two words", b"caf\xc3\xa9", &[b'x'; 65]] {
            assert_eq!(
                caller(Some(odd), Some(b"chair")),
                Err(BadCaller::Unfit(ACTOR))
            );
        }
    }
}
