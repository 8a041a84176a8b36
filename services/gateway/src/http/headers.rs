//! What every answer tells the browser it may not do, whatever is in it.
//!
//! Answers carry no page, unless they say so: the policy they get is that nothing may be loaded, run or
//! framed. A page brings a policy of its own, and names in it the [`Nonce`] of this one answer, so that
//! only what the page itself was written with runs: nothing that found its way into it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vault::Randomness;

use super::Door;
use super::plain;

/// For answers that are no pages.
const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What no page of ours needs of the machine it is shown on.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), \
    geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// Two years, as browsers ask of whoever means it.
const HTTPS_ONLY: &str = "max-age=63072000";

/// The same for every answer.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: with that, a browser calls the origin of our own forms `null`, as it does a stranger's.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// What marks the scripts and styles of one answer as its own: 128 bits that nobody can guess. Every
/// request bears one as an extension.
#[derive(Clone, Debug)]
pub struct Nonce(Arc<str>);

impl Nonce {
    fn new(randomness: &dyn Randomness) -> Result<Self, vault::NoRandomness> {
        let mut bytes = [0; 16];
        randomness.fill(&mut bytes)?;
        Ok(Self(STANDARD.encode(bytes).into()))
    }

    /// As it stands in a page.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Gives the request its nonce, and the answer its headers.
pub(super) async fn protect(
    State(door): State<Door>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut response = match Nonce::new(door.randomness.as_ref()) {
        Ok(nonce) => {
            request.extensions_mut().insert(nonce);
            next.run(request).await
        }
        Err(error) => {
            tracing::error!(%error, "a request could not be given a nonce");
            plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "something went wrong on our side",
            )
        }
    };
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(NOTHING));
    if door.https {
        let value = HeaderValue::from_static(HTTPS_ONLY);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}
