//! Who may knock: programs and pages of this machine, for as long as nobody has to sign in.
//!
//! A browser carries requests of any page to any address, `127.0.0.1` too. So whoever asks must have
//! called this machine by a name of its own (a page elsewhere can make its own name lead here, but not
//! call itself `localhost`), and a browser must say that the page asking came from here. Programs that
//! send no `Origin`, such as curl, have no page behind them.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use vault::{Randomness, SystemRandomness};

use super::headers::protect;
use super::{GRAPHQL, plain};

/// What the browser says of where a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What the door has to know.
#[derive(Clone)]
pub struct Door {
    /// Where the nonces of pages come from.
    pub randomness: Arc<dyn Randomness>,
    /// Whether people come by HTTPS, through a proxy: browsers are told to come no other way.
    pub https: bool,
}

impl Default for Door {
    /// With the system's own randomness, and by plain HTTP.
    fn default() -> Self {
        Self {
            randomness: Arc::new(SystemRandomness),
            https: false,
        }
    }
}

/// Lets only what this machine itself asks reach `routes`: their answers, and their absence. Every answer,
/// refusals too, tells the browser what it may not do.
pub fn guarded(routes: Router, door: Door) -> Router {
    routes
        .layer(from_fn(guard))
        .layer(from_fn_with_state(door, protect))
}

async fn guard(request: Request, next: Next) -> Response {
    match admit(&request) {
        Ok(()) => next.run(request).await,
        Err(stranger) => {
            tracing::warn!(%stranger, path = request.uri().path(), "refused at the door");
            stranger.answer(request.uri().path())
        }
    }
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Stranger {
    /// It called this machine by a name that is not its own, or by none.
    #[error(
        "this server answers on its own machine only: call it by http://localhost or http://127.0.0.1 and its port"
    )]
    Host,
    /// A page from elsewhere sent it.
    #[error(
        "a page of another site sent this, and only pages of this server may: open this server's own address in the browser"
    )]
    Page,
}

impl Stranger {
    const fn code(self) -> &'static str {
        match self {
            Self::Host => "FOREIGN_HOST",
            Self::Page => "FOREIGN_PAGE",
        }
    }

    fn answer(self, path: &str) -> Response {
        if path != GRAPHQL {
            return plain(StatusCode::FORBIDDEN, &self.to_string());
        }
        let body = serde_json::json!({
            "errors": [{ "message": self.to_string(), "extensions": { "code": self.code() } }]
        });
        (StatusCode::FORBIDDEN, axum::Json(body)).into_response()
    }
}

fn admit(request: &Request) -> Result<(), Stranger> {
    let headers = request.headers();
    let called = called(request).ok_or(Stranger::Host)?;
    if !is_this_machine(&called) {
        return Err(Stranger::Host);
    }
    let from_here = |site: &str| matches!(site, "same-origin" | "none");
    let site = only(headers, &FETCH_SITE).map_err(|()| Stranger::Page)?;
    if site.is_some_and(|site| !from_here(site)) {
        return Err(Stranger::Page);
    }
    match only(headers, &header::ORIGIN) {
        Ok(None) => Ok(()),
        Ok(Some(origin)) if is_page_of(origin, &called) => Ok(()),
        _ => Err(Stranger::Page),
    }
}

/// What the server was called: the authority of the request's target, or else its one `Host`.
fn called(request: &Request) -> Option<Authority> {
    let host = only(request.headers(), &header::HOST).ok()?;
    match (request.uri().authority(), host) {
        (Some(authority), _) => Some(authority.clone()),
        (None, host) => host?.parse().ok(),
    }
}

/// The value of a header that may come once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, ()> {
    let mut values = headers.get_all(name).iter();
    let (first, more) = (values.next(), values.next());
    match (first, more) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

fn is_this_machine(called: &Authority) -> bool {
    let host = called.host();
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let address = bare.unwrap_or(host).parse::<IpAddr>();
    let own = host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|at| at.is_loopback());
    own && !called.as_str().contains('@')
}

/// Whether an `Origin` is that of the server as it was called. `null` is nobody's.
fn is_page_of(origin: &str, called: &Authority) -> bool {
    let authority = ["http://", "https://"]
        .iter()
        .find_map(|scheme| origin.strip_prefix(scheme));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(called.as_str()))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn admitted(headers: &[(&str, &str)]) -> Result<(), Stranger> {
        let mut request = Request::get("/graphql");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        admit(&request.body(Body::empty()).expect("a request"))
    }

    #[test]
    fn this_machine_is_called_by_a_name_of_its_own() {
        for own in [
            "localhost",
            "LocalHost:8080",
            "127.0.0.1",
            "127.0.0.1:9",
            "127.0.0.2:8080",
            "[::1]",
            "[::1]:8080",
        ] {
            assert_eq!(admitted(&[("host", own)]), Ok(()), "{own}");
        }
        for foreign in [
            "",
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "evil@localhost",
            "0.0.0.0:8080",
            "10.0.0.1",
            "[::]",
        ] {
            assert_eq!(
                admitted(&[("host", foreign)]),
                Err(Stranger::Host),
                "{foreign}"
            );
        }
        assert_eq!(admitted(&[]), Err(Stranger::Host));
        let twice = [("host", "localhost"), ("host", "evil.example")];
        assert_eq!(admitted(&twice), Err(Stranger::Host));
    }

    #[test]
    fn a_page_must_be_of_the_very_server_it_asks() {
        let from = |origin| admitted(&[("host", "localhost:8080"), ("origin", origin)]);
        assert_eq!(from("http://localhost:8080"), Ok(()));
        for foreign in [
            "null",
            "",
            "http://evil.example",
            "http://localhost",
            "http://localhost:3000",
            "http://127.0.0.1:8080",
            "http://localhost:8080.evil.example",
            "file://localhost:8080",
        ] {
            assert_eq!(from(foreign), Err(Stranger::Page), "{foreign}");
        }
        let twice = [
            ("host", "localhost"),
            ("origin", "http://localhost"),
            ("origin", "http://evil.example"),
        ];
        assert_eq!(admitted(&twice), Err(Stranger::Page));
    }

    #[test]
    fn what_the_browser_says_of_the_page_counts_even_without_an_origin() {
        let site = |site| admitted(&[("host", "localhost"), ("sec-fetch-site", site)]);
        assert_eq!(site("same-origin"), Ok(()));
        assert_eq!(site("none"), Ok(()), "typed by a person");
        for foreign in ["cross-site", "same-site", "something new"] {
            assert_eq!(site(foreign), Err(Stranger::Page), "{foreign}");
        }
    }
}
