//! The cookie a browser keeps its session in.
//!
//! Its name begins with `__Host-`: a browser takes such a cookie only over a connection nobody can listen in on (or from
//! the machine itself), for the whole of this very host, and lets no other host set it. No script can read it, and other
//! sites' forms do not send it.

use accounts::SessionToken;
use axum::http::{HeaderMap, HeaderValue, header};

/// What it is called.
pub const NAME: &str = "__Host-compacts";

/// What it is kept under. `Lax`, so that a link in a letter leads to a page that knows its reader.
const KEPT: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// The one session a browser shows.
pub fn session(headers: &HeaderMap) -> Option<&str> {
    only(headers, NAME)
}

/// The one cookie of that name. Two cannot come from a browser, and are none.
pub fn only<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.filter_map(|line| line.to_str().ok());
    let mut values = pairs
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == wanted)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// Has the browser keep a session until it is closed, or the session ends.
pub fn session_cookie(token: &SessionToken) -> Option<HeaderValue> {
    let cookie = format!("{NAME}={}; {KEPT}", *token.expose());
    let mut cookie = HeaderValue::try_from(cookie).ok()?;
    cookie.set_sensitive(true);
    Some(cookie)
}

/// Has the browser forget it.
pub fn end_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-compacts=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, line.parse().expect("a header"));
        }
        session(&headers).map(str::to_owned)
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        assert_eq!(
            shown(&["a=1; __Host-compacts=x; b=2"]).as_deref(),
            Some("x")
        );
        assert_eq!(shown(&["a=1", "__Host-compacts=x"]).as_deref(), Some("x"));
        assert_eq!(shown(&[]), None);
        for none in [
            "compacts=x",
            "__host-compacts=x",
            "x__Host-compacts=x",
            "__Host-compacts",
        ] {
            assert_eq!(shown(&[none]), None, "{none}");
        }
    }

    #[test]
    fn two_sessions_at_once_are_none() {
        assert_eq!(shown(&["__Host-compacts=x; __Host-compacts=y"]), None);
        assert_eq!(shown(&["__Host-compacts=x", "__Host-compacts=x"]), None);
    }

    #[test]
    fn the_cookie_is_forgotten_as_it_was_kept() {
        let end = end_cookie();
        let end = end.to_str().expect("text");
        assert_eq!(end, format!("{NAME}=; {KEPT}; Max-Age=0"));
    }
}
