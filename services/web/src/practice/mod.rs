//! The good practice library: what an organisation does that others could, found by words or by filters, with credit kept.

mod entry;
mod library;

use axum::Router;
use axum::routing::get;

use crate::visit::Web;

/// Where the library is.
pub const LIBRARY: &str = "/good-practice";

/// The routes of these pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/good-practice", get(library::show))
        .route("/good-practice/{id}", get(entry::show))
}
