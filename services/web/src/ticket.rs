//! The cookie a browser holds while its owner is at a provider.
//!
//! Kept as the session's is, and for as long as an attempt. Another attempt takes its place, so a browser is on one way at a
//! time.

use accounts::OpenIdTicket;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use gateway::identity::only_cookie;

/// What it is called.
const NAME: &str = "__Host-compacts-openid";

/// What it is kept under. `Lax`, because the provider's page leads back here.
const KEPT: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// The ticket a browser shows, whatever it is worth.
pub fn shown(headers: &HeaderMap) -> Option<OpenIdTicket> {
    OpenIdTicket::read(only_cookie(headers, NAME)?)
}

/// The answer, with the ticket the browser is to hold for ten minutes.
pub fn handed_out(ticket: &OpenIdTicket, mut response: Response) -> Response {
    let cookie = format!("{NAME}={}; {KEPT}; Max-Age=600", *ticket.expose());
    if let Ok(mut cookie) = HeaderValue::try_from(cookie) {
        cookie.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The answer, with which the browser forgets its ticket.
pub fn taken(mut response: Response) -> Response {
    let cookie = "__Host-compacts-openid=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
    let cookie = HeaderValue::from_static(cookie);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn a_ticket_is_found_again_beside_a_session_and_forgotten_as_it_was_kept() {
        let text = "A".repeat(43);
        let ticket = OpenIdTicket::read(&text).expect("a ticket");
        let set = |response: Response| {
            let line = response.headers()[header::SET_COOKIE].clone();
            line.to_str().expect("text").to_owned()
        };
        let out = set(handed_out(&ticket, ().into_response()));
        assert_eq!(out, format!("{NAME}={text}; {KEPT}; Max-Age=600"));
        let gone = set(taken(().into_response()));
        assert_eq!(gone, format!("{NAME}=; {KEPT}; Max-Age=0"));
        let mut headers = HeaderMap::new();
        let held = format!("__Host-compacts=x; {NAME}={text}");
        headers.insert(header::COOKIE, held.parse().expect("a header"));
        let found = shown(&headers).expect("a ticket");
        assert_eq!(*found.expose(), text);
        let twice = format!("{NAME}={text}");
        headers.append(header::COOKIE, twice.parse().expect("a header"));
        assert!(shown(&headers).is_none(), "no browser shows two");
    }
}
