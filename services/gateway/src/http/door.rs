//! Who may knock: whoever calls this server by its own name, and no page of another site.
//!
//! A browser carries requests of any page to any address, `127.0.0.1` too, and brings its cookies along. So whoever
//! asks must have called this server by a name of its own (a page elsewhere can make its own name lead here, but not
//! call itself `localhost`, nor by our public name), and a browser must say that the page asking came from here.
//! Programs that send no `Origin`, such as curl, have no page behind them.
//!
//! One thing another site may do: lead somebody here. A link in a letter is followed from wherever letters are read. It
//! shows a page and changes nothing; `/graphql` is no page.
//!
//! `tower_http::csrf` decides the same for what changes something, and lets every GET pass, a WebSocket's too: that
//! would be a way in for other sites, so all methods are looked at here.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use vault::{Randomness, SystemRandomness};

use super::headers::protect;
use super::{GRAPHQL, plain};

/// What the browser says of where a request comes from.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What the browser says of what a request is for.
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What the door has to know.
#[derive(Clone)]
pub struct Door {
    /// Where the nonces of pages come from.
    pub randomness: Arc<dyn Randomness>,
    /// What people call this server, besides the names of the machine itself: a host, and a port where it is not the usual.
    pub host: Option<Authority>,
    /// Whether people come by HTTPS, through a proxy: browsers are told to come no other way.
    pub https: bool,
}

impl Default for Door {
    /// With the system's own randomness, and by plain HTTP.
    fn default() -> Self {
        Self {
            randomness: Arc::new(SystemRandomness),
            host: None,
            https: false,
        }
    }
}

/// Lets only what calls this server by its name, and comes from no other site, reach `routes`: their answers, and
/// their absence. Every answer, refusals too, tells the browser what it may not do.
pub fn guarded(routes: Router, door: Door) -> Router {
    routes
        .layer(from_fn_with_state(door.clone(), guard))
        .layer(from_fn_with_state(door, protect))
}

async fn guard(State(door): State<Door>, request: Request, next: Next) -> Response {
    match door.admit(&request) {
        Ok(()) => next.run(request).await,
        Err(stranger) => {
            let path = request.uri().path();
            tracing::warn!(%stranger, path = first_of(path), "refused at the door");
            stranger.answer(path)
        }
    }
}

/// As much of a path as may stand in a log: what follows may be the secret of a link.
fn first_of(path: &str) -> &str {
    let second = path.char_indices().skip(1).find(|(_, char)| *char == '/');
    second.map_or(path, |(at, _)| &path[..at])
}

impl Door {
    fn admit(&self, request: &Request) -> Result<(), Stranger> {
        let headers = request.headers();
        let called = called(request).ok_or(Stranger::Host)?;
        let is_public = self.host.as_ref().is_some_and(|host| is(host, &called));
        if !is_public && !is_this_machine(&called) {
            return Err(Stranger::Host);
        }
        if is_led_here(request) {
            return Ok(());
        }
        let from_here = |site: &str| matches!(site, "same-origin" | "none");
        let site = only(headers, &FETCH_SITE).map_err(|()| Stranger::Page)?;
        if site.is_some_and(|site| !from_here(site)) {
            return Err(Stranger::Page);
        }
        let schemes = if self.https && is_public {
            &["https://"][..]
        } else {
            &["http://", "https://"]
        };
        match only(headers, &header::ORIGIN) {
            Ok(None) => Ok(()),
            Ok(Some(origin)) if is_page_of(origin, schemes, &called) => Ok(()),
            _ => Err(Stranger::Page),
        }
    }
}

/// Whether somebody followed a link: a page is asked for, for a window of its own.
fn is_led_here(request: &Request) -> bool {
    let headers = request.headers();
    let says = |name: HeaderName, what| only(headers, &name) == Ok(Some(what));
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.uri().path() != GRAPHQL
        && !headers.contains_key(header::ORIGIN)
        && !headers.contains_key(header::UPGRADE)
        && says(FETCH_MODE, "navigate")
        && says(FETCH_DEST, "document")
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Stranger {
    /// It called this machine by a name that is not its own, or by none.
    #[error(
        "this server does not answer to that name: call it by its public address, or on its own machine by http://localhost and its port"
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

fn is(host: &Authority, called: &Authority) -> bool {
    host.as_str().eq_ignore_ascii_case(called.as_str())
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
fn is_page_of(origin: &str, schemes: &[&str], called: &Authority) -> bool {
    let authority = schemes
        .iter()
        .find_map(|scheme| origin.strip_prefix(scheme));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(called.as_str()))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn admitted(headers: &[(&str, &str)]) -> Result<(), Stranger> {
        at(&Door::default(), (Method::GET, "/graphql"), headers)
    }

    fn at(
        door: &Door,
        (method, path): (Method, &str),
        headers: &[(&str, &str)],
    ) -> Result<(), Stranger> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        door.admit(&request.body(Body::empty()).expect("a request"))
    }

    fn public(https: bool) -> Door {
        Door {
            host: Some(Authority::from_static("compacts.example.org")),
            https,
            ..Door::default()
        }
    }

    #[test]
    fn a_public_server_is_called_by_its_public_name_and_by_no_other() {
        let called = |host| at(&public(true), (Method::GET, "/"), &[("host", host)]);
        for own in [
            "compacts.example.org",
            "Compacts.Example.Org",
            "localhost:8080",
        ] {
            assert_eq!(called(own), Ok(()), "{own}");
        }
        for foreign in [
            "compacts.example.org:81",
            "evil.example",
            "compacts.example.org.evil.example",
            "x@compacts.example.org",
        ] {
            assert_eq!(called(foreign), Err(Stranger::Host), "{foreign}");
        }
    }

    #[test]
    fn where_people_come_by_https_only_a_page_that_came_without_it_is_foreign() {
        let from = |https, origin| {
            let headers = [("host", "compacts.example.org"), ("origin", origin)];
            at(&public(https), (Method::POST, "/sign-in"), &headers)
        };
        assert_eq!(from(true, "https://compacts.example.org"), Ok(()));
        let plain = "http://compacts.example.org";
        assert_eq!(from(true, plain), Err(Stranger::Page));
        assert_eq!(from(false, plain), Ok(()));
    }

    #[test]
    fn another_site_may_lead_somebody_to_a_page_and_do_nothing_else() {
        let led = [
            ("host", "localhost"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        let go = |method, path, more: &[(&'static str, &'static str)]| {
            at(&Door::default(), (method, path), &[&led[..], more].concat())
        };
        assert_eq!(go(Method::GET, "/invitation/x", &[]), Ok(()));
        let foreign = Err(Stranger::Page);
        assert_eq!(go(Method::POST, "/sign-in", &[]), foreign);
        assert_eq!(go(Method::GET, "/graphql", &[]), foreign);
        assert_eq!(go(Method::GET, "/", &[("upgrade", "websocket")]), foreign);
        assert_eq!(
            go(Method::GET, "/", &[("origin", "http://evil.example")]),
            foreign
        );
        let framed = [&led[..3], &[("sec-fetch-dest", "iframe")]].concat();
        let framed = at(&Door::default(), (Method::GET, "/account"), &framed);
        assert_eq!(framed, foreign);
    }

    #[test]
    fn a_links_secret_does_not_stand_in_the_log() {
        assert_eq!(first_of("/invitation/secret"), "/invitation");
        assert_eq!(first_of("/reset/secret/"), "/reset");
        assert_eq!(first_of("/"), "/");
        assert_eq!(first_of("/graphql"), "/graphql");
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
