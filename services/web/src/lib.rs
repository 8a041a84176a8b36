//! Pages: a client of the GraphQL schema.
//!
//! Every page asks the schema one question, in process, and shows the answer: what a page can show,
//! any client can ask for.

mod ask;
mod home;

use axum::Router;
use axum::routing::get;
use gateway::Gateway;

/// The pages.
pub fn router(gateway: Gateway) -> Router {
    Router::new()
        .route("/", get(home::show))
        .with_state(gateway)
}
