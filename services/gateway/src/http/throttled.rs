//! Who asks too often is told when to come back.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::{GRAPHQL, plain};
use crate::error::ApiError;
use crate::throttle::{Allowance, Hops, Key, Throttle, Wait};

/// Whom requests count for that came without an address: all of them together.
const NOBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Where a request comes from, behind the proxies that are trusted. Every request that is let through bears
/// it as an extension, if it is known who connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CameFrom(pub IpAddr);

/// Lets each caller ask `routes` as often as `throttle` allows. Whoever serves them tells, as
/// [`ConnectInfo`], who connected; `hops` tells whom that one speaks for.
pub fn throttled(routes: Router, throttle: Throttle, hops: Hops) -> Router {
    let state = (throttle, Arc::new(hops));
    routes.layer(from_fn_with_state(state, in_turn))
}

async fn in_turn(
    State((throttle, hops)): State<(Throttle, Arc<Hops>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from = peer.map(|ConnectInfo(peer)| hops.caller(peer.ip(), request.headers()));
    let key = Key::of(from.unwrap_or(NOBODY));
    let allowance = Allowance::new(throttle, key);
    match allowance.take() {
        Ok(()) => {
            request.extensions_mut().insert(allowance);
            if let Some(from) = from {
                request.extensions_mut().insert(CameFrom(from));
            }
            next.run(request).await
        }
        Err(wait) => {
            tracing::debug!(?key, "asked too often");
            refused(wait, request.uri().path())
        }
    }
}

pub(super) fn refused(wait: Wait, path: &str) -> Response {
    let error = ApiError::from(wait);
    let seconds = wait.0.as_secs();
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut response = if path == GRAPHQL {
        let extensions = serde_json::json!({ "code": error.code(), "retryAfterSeconds": seconds });
        let error = serde_json::json!({ "message": error.to_string(), "extensions": extensions });
        (status, axum::Json(serde_json::json!({ "errors": [error] }))).into_response()
    } else {
        plain(status, &error.to_string())
    };
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    let no_store = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, no_store);
    response
}
