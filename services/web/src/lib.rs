//! Pages: a client of the GraphQL schema.
//!
//! Every page asks the schema one question, in process, and shows the answer: what a page can show,
//! any client can ask for.

mod ask;
mod assets;
mod home;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use gateway::Gateway;

/// Pages run no script and load from this very server alone.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The pages.
pub fn router(gateway: Gateway) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/assets/{name}", get(assets::serve))
        .layer(map_response(guard))
        .with_state(gateway)
}

/// Tells the browser what a page may not do, whatever is on it.
async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
