//! The GraphiQL page, from this binary alone.
//!
//! Its script and style are built by npm into `graphiql/dist` and embedded. A build without them still
//! works; the page then says how to make them.

use axum::Extension;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

use super::{Nonce, plain};

const HOW_TO_BUILD: &str = "GraphiQL is not part of this build. Run `make graphiql`, then build again. \
    The API itself is at /graphql.";

#[derive(RustEmbed)]
#[folder = "graphiql/dist"]
#[allow_missing = true]
struct Assets;

/// The page. Its own script runs and no other; everything comes from here. The editor writes its colours as
/// inline styles.
pub(super) async fn page(Extension(nonce): Extension<Nonce>) -> Response {
    let Some(page) = Assets::get("index.html") else {
        return plain(StatusCode::NOT_FOUND, HOW_TO_BUILD);
    };
    let nonce = nonce.as_str();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let script = format!("<script nonce=\"{nonce}\" ");
    let page = String::from_utf8_lossy(&page.data).replace("<script ", &script);
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

/// A script, style or font of the page.
pub(super) async fn asset(Path(path): Path<String>) -> Response {
    match Assets::get(&path) {
        Some(file) => ([(header::CONTENT_TYPE, kind(&path))], file.data).into_response(),
        None => plain(StatusCode::NOT_FOUND, "there is no such file"),
    }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
