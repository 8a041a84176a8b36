//! Where an operator's tools look: `/healthz`, `/readyz` and `/metrics`.

use axum::extract::State;
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use telemetry::{Figures, Health};

/// `/healthz` answers while the process lives; `/readyz` answers 200 when every check is green and
/// 503 with the reasons when one is not; `/metrics` is for Prometheus.
pub fn router(health: Health, figures: Figures) -> Router {
    let ready = Router::new()
        .route("/readyz", get(readyz))
        .with_state(health);
    let metrics = Router::new()
        .route("/metrics", get(metrics))
        .with_state(figures);
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .merge(ready)
        .merge(metrics)
}

async fn readyz(State(health): State<Health>) -> impl IntoResponse {
    let report = health.report();
    let status = if report.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(report))
}

async fn metrics(State(figures): State<Figures>) -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4")],
        figures.render(),
    )
}
