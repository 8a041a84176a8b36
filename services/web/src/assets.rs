//! What the pages load besides themselves: from this binary, and from nowhere else.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Name, type and content.
const ASSETS: [(&str, &str, &str); 2] = [
    (
        "compacts.css",
        "text/css; charset=utf-8",
        include_str!("../assets/compacts.css"),
    ),
    (
        "icon.svg",
        "image/svg+xml",
        include_str!("../assets/icon.svg"),
    ),
];

/// `GET /assets/{name}`
pub async fn serve(Path(name): Path<String>) -> Response {
    let found = ASSETS.iter().find(|(known, ..)| *known == name);
    let Some((_, kind, content)) = found else {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, *content).into_response()
}
