//! Pages: a client of the GraphQL schema.
//!
//! Every page asks the schema one question, in process, and shows the answer: what a page can show,
//! any client can ask for.

mod ask;
mod assets;
mod home;

use axum::extract::Request;
use axum::http::header;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use gateway::{Gateway, Nonce};

/// The pages. Whoever serves them puts them behind [`gateway::guarded`], which gives each request its nonce.
pub fn router(gateway: Gateway) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/assets/{name}", get(assets::serve))
        .layer(from_fn(guard))
        .with_state(gateway)
}

/// Tells the browser what a page may do, whatever is on it: load from this very server alone, and take
/// for its own only what bears this answer's nonce.
async fn guard(Extension(nonce): Extension<Nonce>, request: Request, next: Next) -> Response {
    let nonce = nonce.as_str();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let headers = [(header::CONTENT_SECURITY_POLICY, policy)];
    (headers, next.run(request).await).into_response()
}
