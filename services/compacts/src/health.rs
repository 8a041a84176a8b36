//! Where an operator's tools look: `/healthz`, `/readyz` and `/metrics`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, SERVER};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use telemetry::{Figures, Health};

use crate::neighbour::Signature;

/// `/healthz` answers while the process lives; `/readyz` answers 200 when every check is green and
/// 503 with the reasons when one is not, and says who answers; `/metrics` is for Prometheus.
pub fn router(health: Health, figures: Figures, signature: Signature) -> Router {
    let ready = Router::new()
        .route("/readyz", get(readyz))
        .with_state((health, signature));
    let metrics = Router::new()
        .route("/metrics", get(metrics))
        .with_state(figures);
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .merge(ready)
        .merge(metrics)
}

async fn readyz(State((health, signature)): State<(Health, Signature)>) -> impl IntoResponse {
    let report = health.report();
    let status = if report.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, [(SERVER, signature.to_string())], Json(report))
}

async fn metrics(State(figures): State<Figures>) -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4")],
        figures.render(),
    )
}
