//! Every route that the source names, as it is served: its answers say what the browser may not do.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::server::{self, Server};

/// The source of all services.
const SERVICES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The paths of all routes in the source below `folder`, with something in place of what varies.
fn routes(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            routes(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).expect("text");
            found.extend(routes_in(&source));
        }
    }
}

fn routes_in(source: &str) -> Vec<String> {
    let calls = source.split(".route(").skip(1);
    calls.map(|call| filled_in(written(source, call))).collect()
}

/// The path as it is written, or as the constant says that is written in its place.
fn written<'s>(source: &'s str, call: &'s str) -> &'s str {
    let call = call.trim_start();
    let text = call.strip_prefix('"').or_else(|| {
        let name = call.split(',').next()?;
        let said = source.split_once(&format!("const {name}: &str = \""));
        said.map(|(_, text)| text)
    });
    let text = text.and_then(|text| text.split('"').next());
    text.unwrap_or_else(|| panic!("which route is this? {call:.60}"))
}

fn filled_in(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        if part.starts_with('{') {
            "something"
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What is missing from the headers of an answer.
fn missing(headers: &HeaderMap) -> Vec<&'static str> {
    let wanted = [
        ("content-security-policy", "default-src 'none'; "),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "accelerometer=()"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    let said = |name: &str, wanted: &str| {
        let values: Vec<_> = headers.get_all(name).iter().collect();
        matches!(values[..], [value] if value.as_bytes().starts_with(wanted.as_bytes()))
    };
    let missing = wanted
        .into_iter()
        .filter(|(name, value)| !said(name, value));
    missing.map(|(name, _)| name).collect()
}

#[tokio::test]
async fn every_route_there_is_and_every_refusal_tells_the_browser_what_it_may_not_do() {
    let mut paths = BTreeSet::from(["/there-is-nothing-here".to_owned()]);
    routes(Path::new(SERVICES), &mut paths);
    for known in [
        "/",
        "/assets/something",
        "/graphql",
        "/graphiql",
        "/graphiql/something",
    ]
    .into_iter()
    .chain(["/healthz", "/readyz", "/metrics"])
    {
        assert!(paths.contains(known), "{known} is not among {paths:?}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let server = Server::start(&folder.path().join("data"), &[]).await;
    let client = server.handle();
    for path in &paths {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE] {
            for origin in [None, Some("https://elsewhere.example")] {
                let headers = client.headers(method.clone(), path, origin).await;
                let missing = missing(&headers);
                assert!(
                    missing.is_empty(),
                    "{method} {path} {origin:?}: {missing:?}"
                );
            }
        }
    }
    server.stop().await;
}

#[test]
fn a_route_is_found_however_it_is_written_and_an_answer_without_its_headers_too() {
    let source = "const AT: &str = \"/at\"; r.route(\n  \"/a/{b}/c\",\n get(x)).route(AT, get(x))";
    assert_eq!(routes_in(source), ["/a/something/c", "/at"]);
    assert_eq!(missing(&HeaderMap::new()).len(), 6);
}

/// Who comes through to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// Nobody: it is not there, or not to be sent to.
    Nobody,
    /// Everybody: there is something to see, or it says what is missing.
    Everybody,
    /// Who signed in. Others are led to where they can.
    SignedIn,
}

use For::{Everybody, Nobody, SignedIn};

impl For {
    /// What an answer to a stranger says of it.
    fn told(status: u16, to: Option<&str>) -> Self {
        match (status, to) {
            (303, Some(to)) if to.starts_with("/sign-in?next=") => SignedIn,
            (405, None) => Nobody,
            _ => Everybody,
        }
    }
}

/// A UUID, where a path has room for an id.
const ID: &str = "00000000-0000-0000-0000-000000000000";

/// Every route there is, with who comes through to look and who to send.
const DOORS: &[(&str, For, For)] = &[
    ("/", Everybody, Nobody),
    ("/accessibility", Everybody, Nobody),
    ("/account", SignedIn, Nobody),
    ("/account/openid/{provider}/link", Nobody, SignedIn),
    ("/account/openid/unlink", Nobody, SignedIn),
    ("/account/password", SignedIn, SignedIn),
    ("/account/recovery-codes", Nobody, SignedIn),
    ("/account/second-factor/take-away", Nobody, SignedIn),
    ("/account/sessions/end-others", Nobody, SignedIn),
    ("/account/sessions/{id}/end", Nobody, SignedIn),
    ("/account/tokens/new", SignedIn, SignedIn),
    ("/account/tokens/{id}/revoke", Nobody, SignedIn),
    ("/assets/{name}", Everybody, Nobody),
    ("/compacts/{slug}", Everybody, Nobody),
    ("/compacts/{slug}/commitments/{id}", Everybody, Nobody),
    ("/compacts/{slug}/meetings", Everybody, Nobody),
    ("/compacts/{slug}/meetings/{id}", Everybody, Nobody),
    ("/compacts/{slug}/plans", Everybody, Nobody),
    ("/compacts/{slug}/plans/{id}", Everybody, Nobody),
    // What somebody typed at a desk is shown back to whoever sent it, to go on with once they are signed in again.
    ("/desk/{slug}", SignedIn, Nobody),
    ("/desk/{slug}/actions/{id}", SignedIn, Everybody),
    ("/desk/{slug}/as/{audience}", SignedIn, Nobody),
    ("/desk/{slug}/as/{audience}/{id}", SignedIn, Nobody),
    ("/desk/{slug}/call", SignedIn, Everybody),
    ("/desk/{slug}/commitments", SignedIn, Nobody),
    ("/desk/{slug}/commitments/new", SignedIn, Everybody),
    ("/desk/{slug}/commitments/{id}", SignedIn, Nobody),
    (
        "/desk/{slug}/commitments/{id}/carry-forward",
        SignedIn,
        Everybody,
    ),
    (
        "/desk/{slug}/commitments/{id}/measures/{measure}/{step}",
        SignedIn,
        Everybody,
    ),
    (
        "/desk/{slug}/commitments/{id}/readings/{reading}/{step}",
        SignedIn,
        Everybody,
    ),
    ("/desk/{slug}/commitments/{id}/report", SignedIn, Everybody),
    ("/desk/{slug}/commitments/{id}/{step}", SignedIn, Everybody),
    ("/desk/{slug}/figures", SignedIn, Everybody),
    ("/desk/{slug}/meetings/{id}", SignedIn, Nobody),
    ("/desk/{slug}/meetings/{id}/agenda", SignedIn, Everybody),
    ("/desk/{slug}/meetings/{id}/attendance", SignedIn, Everybody),
    ("/desk/{slug}/meetings/{id}/items/new", SignedIn, Everybody),
    (
        "/desk/{slug}/meetings/{id}/items/{item}",
        SignedIn,
        Everybody,
    ),
    ("/desk/{slug}/meetings/{id}/minutes", Nobody, Everybody),
    ("/desk/{slug}/meetings/{id}/paper", SignedIn, Nobody),
    ("/desk/{slug}/meetings/{id}/place", SignedIn, Everybody),
    ("/desk/{slug}/meetings/{id}/settle", SignedIn, Everybody),
    ("/desk/{slug}/objectives/{id}", SignedIn, Everybody),
    ("/desk/{slug}/objectives/{id}/act", SignedIn, Everybody),
    ("/desk/{slug}/plans", SignedIn, Nobody),
    ("/desk/{slug}/plans/new", SignedIn, Everybody),
    ("/desk/{slug}/plans/{id}", SignedIn, Nobody),
    ("/desk/{slug}/plans/{id}/add", SignedIn, Everybody),
    ("/desk/{slug}/plans/{id}/title", SignedIn, Everybody),
    ("/desk/{slug}/plans/{id}/update", SignedIn, Everybody),
    ("/desk/{slug}/updates/{id}", SignedIn, Everybody),
    ("/desk/{slug}/publish", SignedIn, Everybody),
    ("/desk/{slug}/adoptions/{id}", SignedIn, Everybody),
    ("/desk/{slug}/meetings/{id}/papers", Nobody, Everybody),
    ("/desk/{slug}/practice", SignedIn, Nobody),
    ("/desk/{slug}/practice/asked", SignedIn, Nobody),
    ("/desk/{slug}/practice/for-you", SignedIn, Nobody),
    ("/desk/{slug}/practice/new", SignedIn, Everybody),
    ("/desk/{slug}/practice/{id}", SignedIn, Everybody),
    ("/desk/{slug}/practice/{id}/revise", SignedIn, Everybody),
    ("/desk/{slug}/practice/taken-up", SignedIn, Nobody),
    ("/desk/{slug}/record", SignedIn, Nobody),
    ("/desk/{slug}/record/{about}", SignedIn, Everybody),
    ("/desk/{slug}/record/{about}/check", SignedIn, Everybody),
    ("/desk/{slug}/record/{about}/discard", Nobody, Everybody),
    // A script asks it, and is told in words that nobody is signed in.
    ("/desk/{slug}/record/{about}/keep", Nobody, Everybody),
    ("/audit", SignedIn, Nobody),
    ("/audit/{ledger}", SignedIn, Nobody),
    ("/audit/{ledger}/compare", SignedIn, Nobody),
    ("/audit/{ledger}/see/{id}", SignedIn, Nobody),
    ("/entries/{ledger}/{position}", SignedIn, Nobody),
    (
        "/entries/{ledger}/{position}/black-out/{text}",
        SignedIn,
        SignedIn,
    ),
    ("/files", Nobody, Everybody),
    ("/files/{compact}/{hash}", Everybody, Nobody),
    ("/forgotten", Everybody, Everybody),
    ("/good-practice", Everybody, Nobody),
    ("/good-practice/{id}", Everybody, Nobody),
    ("/graphiql", Everybody, Nobody),
    ("/graphiql/{*path}", Everybody, Nobody),
    // Its own tests hold what is told to whom.
    ("/graphql", Everybody, Everybody),
    ("/healthz", Everybody, Nobody),
    ("/invitation/{link}", Everybody, Everybody),
    ("/invitation/{link}/openid/{provider}", Nobody, Everybody),
    ("/metrics", Everybody, Nobody),
    ("/people/{slug}", SignedIn, Nobody),
    ("/people/{slug}/new", SignedIn, SignedIn),
    ("/people/{slug}/{id}", SignedIn, SignedIn),
    ("/people/{slug}/{id}/erase", SignedIn, SignedIn),
    ("/people/{slug}/{id}/export", Nobody, SignedIn),
    ("/readyz", Everybody, Nobody),
    ("/region", Everybody, Nobody),
    ("/region/adoptions", Everybody, Nobody),
    ("/region/commitments/{id}", SignedIn, Nobody),
    ("/region/commitments/{id}/assess", SignedIn, SignedIn),
    ("/region/commitments/{id}/release", SignedIn, SignedIn),
    ("/region/progress", SignedIn, Nobody),
    ("/region/to-assess", SignedIn, Nobody),
    ("/region/totals", SignedIn, Nobody),
    ("/region/undertakings", Everybody, Nobody),
    ("/reset/{link}", Everybody, Everybody),
    ("/roles", SignedIn, Nobody),
    ("/roles/give", SignedIn, SignedIn),
    ("/roles/{id}/end", SignedIn, SignedIn),
    ("/set-up-second-factor", SignedIn, SignedIn),
    ("/set-up-second-factor/confirm", Nobody, SignedIn),
    ("/sign-in", Everybody, Everybody),
    ("/sign-in/code", SignedIn, SignedIn),
    ("/sign-in/openid/{provider}", Nobody, Everybody),
    ("/sign-in/openid/{provider}/back", Everybody, Nobody),
    ("/sign-out", Nobody, Everybody),
    ("/start", SignedIn, Nobody),
    // The recorder's own way in, in a process of its own; and two of a test.
    ("/commands", Everybody, Everybody),
    ("/endless", Everybody, Everybody),
    ("/who", Everybody, Everybody),
];

#[tokio::test]
async fn who_has_not_signed_in_comes_to_no_more_than_is_for_everybody() {
    let mut paths = BTreeSet::new();
    routes(Path::new(SERVICES), &mut paths);
    let listed = DOORS.iter().map(|(path, ..)| filled_in(path));
    assert_eq!(listed.collect::<BTreeSet<_>>(), paths, "list every route");
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let server = Server::start(&folder.path().join("data"), &["--import-reference"]).await;
    let client = server.handle();
    for &(path, to_look, to_send) in DOORS {
        let path = path.replace("{id}", ID);
        for (method, wanted) in [(Method::GET, to_look), (Method::POST, to_send)] {
            let (status, to) = client.stranger(method.clone(), &filled_in(&path)).await;
            let told = For::told(status, to.as_deref());
            assert_eq!(told, wanted, "{method} {path}: {status} {to:?}");
            if ["/commands", "/endless", "/who"].contains(&&*path) {
                assert_eq!(status, 404, "{path} is served");
            }
        }
    }
    server.stop().await;
}

#[test]
fn what_a_stranger_is_told_says_for_whom_it_is() {
    assert_eq!(For::told(303, Some("/sign-in?next=/account")), SignedIn);
    assert_eq!(For::told(303, Some("/forgotten")), Everybody);
    assert_eq!(For::told(200, None), Everybody);
    assert_eq!(For::told(405, None), Nobody);
}
