//! The GraphiQL page, from this binary alone.
//!
//! Its script and style are built by npm into `graphiql/dist` and embedded. A build without them still
//! works; the page then says how to make them.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::plain;

/// Everything comes from here; nothing is loaded from elsewhere. The editor writes its colours as inline
/// styles and starts its language workers from blobs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HOW_TO_BUILD: &str = "GraphiQL is not part of this build. Run `make graphiql`, then build again. \
    The API itself is at /graphql.";

#[derive(RustEmbed)]
#[folder = "graphiql/dist"]
#[allow_missing = true]
struct Assets;

/// The page.
pub(super) async fn page() -> Response {
    embedded("index.html").unwrap_or_else(|| plain(StatusCode::NOT_FOUND, HOW_TO_BUILD))
}

/// A script, style or font of the page.
pub(super) async fn asset(Path(path): Path<String>) -> Response {
    embedded(&path).unwrap_or_else(|| plain(StatusCode::NOT_FOUND, "there is no such file"))
}

fn embedded(path: &str) -> Option<Response> {
    let file = Assets::get(path)?;
    let mut response = file.data.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(path)));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    let no_referrer = HeaderValue::from_static("no-referrer");
    headers.insert(header::REFERRER_POLICY, no_referrer);
    Some(response)
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
