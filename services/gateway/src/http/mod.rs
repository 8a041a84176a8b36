//! GraphQL over HTTP: what arrives, what is refused at the door, what is answered.
//!
//! Our own handler: POST takes `application/json` and nothing else (so that no page elsewhere can post
//! a form here), GET runs queries only, there are no batches and no uploads: files come and go by themselves, at `/files`.

mod answer;
mod door;
mod files;
mod graphiql;
mod headers;
mod incoming;
mod socket;
mod throttled;

use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tracing::Instrument;

use crate::answers::Asked;
use crate::caller::{Caller, Identify, Shown};
use crate::gateway::Gateway;
use crate::services::Services;
use crate::throttle::{Allowance, Wait};
use answer::Accepts;
pub use door::{Door, guarded};
pub use headers::Nonce;
use incoming::{CorrelationId, Refusal};
pub use throttled::{CameFrom, throttled};

/// Where answers are GraphQL, refusals too.
const GRAPHQL: &str = "/graphql";

/// Where files are taken.
pub const UPLOADS: &str = "/files";

/// The gateway's routes: `/graphql` and, for people, `/graphiql`. Who sends a request is found by `identify`. Whoever
/// serves them puts them, with everything else it serves, behind [`guarded`].
pub fn router(gateway: Gateway, identify: Arc<dyn Identify>) -> Router {
    Router::new()
        .route(GRAPHQL, any(graphql))
        .route(UPLOADS, post(files::upload))
        .route("/files/{compact}/{hash}", get(files::download))
        .route("/graphiql", get(graphiql::page))
        .route("/graphiql/{*path}", get(graphiql::asset))
        .with_state(Desk { gateway, identify })
}

/// The gateway, and who says who is at the door.
#[derive(Clone)]
struct Desk {
    gateway: Gateway,
    identify: Arc<dyn Identify>,
}

/// Answers one request in a span of its own, with a correlation id that the answer carries too.
async fn graphql(State(desk): State<Desk>, request: Request) -> Response {
    let ids = desk.gateway.services().ids.as_ref();
    let correlation = incoming::correlation(request.headers(), ids);
    let span = tracing::info_span!(
        "graphql",
        correlation = %correlation,
        operation = tracing::field::Empty,
        otel.name = tracing::field::Empty,
        kind = tracing::field::Empty,
        actor = tracing::field::Empty,
    );
    let named = correlation.clone();
    let answer = async move {
        match respond(&desk, request, &named).await {
            Ok(response) => response,
            Err(refusal) => refusal.into_response(),
        }
    };
    named_answer(answer.instrument(span).await, &correlation)
}

fn named_answer(mut response: Response, correlation: &CorrelationId) -> Response {
    if let Some(id) = correlation.header() {
        response.headers_mut().insert(incoming::REQUEST_ID, id);
    }
    response
}

/// The same for a request that is not GraphQL.
async fn correlated<A: Future<Output = Response> + Send>(
    desk: &Desk,
    name: &'static str,
    request: Request,
    answer: impl FnOnce(Request, String) -> A,
) -> Response {
    let ids = desk.gateway.services().ids.as_ref();
    let correlation = incoming::correlation(request.headers(), ids);
    let span = tracing::info_span!(
        "files",
        correlation = %correlation,
        otel.name = name,
        actor = tracing::field::Empty,
    );
    let answer = answer(request, correlation.to_string());
    named_answer(answer.instrument(span).await, &correlation)
}

async fn respond(
    desk: &Desk,
    mut request: Request,
    correlation: &CorrelationId,
) -> Result<Response, Refusal> {
    let Desk { gateway, identify } = desk;
    let shown = Shown::new(
        Arc::clone(identify),
        request.headers().clone(),
        from(&request),
        Some(correlation.to_string()),
    );
    let mut caller = shown.whose().await?;
    caller.has_names_marked = incoming::has_names_marked(request.headers());
    if caller.token().is_some()
        && let Err(wait) = count_token(&mut request)
    {
        return Ok(throttled::refused(wait, GRAPHQL));
    }
    if let Some(account) = caller.account() {
        tracing::Span::current().record("actor", tracing::field::display(account));
    }
    match *request.method() {
        Method::GET if incoming::is_upgrade(request.headers()) => {
            upgrade(gateway, shown, request).await
        }
        Method::GET => {
            let accepts = Accepts::read(request.headers())?;
            let asked = incoming::from_query_string(request.uri(), &gateway.services().documents)?;
            run(gateway, asked, (caller, shown), (Method::GET, accepts)).await
        }
        Method::POST => {
            let accepts = Accepts::read(request.headers())?;
            let Services {
                limits, documents, ..
            } = gateway.services();
            let asked = incoming::from_body(request, limits.body_bytes, documents).await?;
            run(gateway, asked, (caller, shown), (Method::POST, accepts)).await
        }
        _ => Err(Refusal::Method),
    }
}

/// Counts a request for the token that is shown with it.
fn count_token(request: &mut Request) -> Result<(), Wait> {
    let shown = request.headers().get(header::AUTHORIZATION).cloned();
    let allowance = request.extensions_mut().get_mut::<Allowance>();
    match (shown, allowance) {
        (Some(shown), Some(allowance)) => allowance.take_for_token(shown.as_bytes()),
        _ => Ok(()),
    }
}

/// The address a request comes from, where whoever serves it says so.
fn from(request: &Request) -> Option<IpAddr> {
    let CameFrom(address) = request.extensions().get()?;
    Some(*address)
}

async fn run(
    gateway: &Gateway,
    request: async_graphql::Request,
    (caller, shown): (Caller, Shown),
    (method, accepts): (Method, Accepts),
) -> Result<Response, Refusal> {
    let mut asked = match accepts {
        Accepts::Events => None,
        Accepts::Json | Accepts::GraphqlResponse => Asked::by(&caller, &request),
    };
    if let Some(asked) = &mut asked
        && let Some(kept) = gateway.kept(asked).await
    {
        return Ok(answer::document(kept, accepts));
    }
    let prepared = match gateway.prepare(request) {
        Ok(prepared) => prepared,
        Err(refused) => return Ok(answer::single(&refused, accepts)),
    };
    if method == Method::GET && prepared.kind == OperationType::Mutation {
        return Err(Refusal::MutationOnGet);
    }
    let span = tracing::Span::current();
    let name = prepared.operation.as_deref().unwrap_or("(anonymous)");
    span.record("operation", name);
    span.record("otel.name", name);
    span.record("kind", tracing::field::display(prepared.kind));
    if accepts == Accepts::Events {
        let answers = gateway.run_stream(prepared, caller, shown);
        return Ok(answer::events(answers, span));
    }
    if prepared.kind == OperationType::Subscription {
        return Err(Refusal::SubscriptionNeedsEvents);
    }
    let asked = asked.filter(|_| prepared.is_answered_alike());
    let response = gateway.run(prepared, caller).await;
    let Some(asked) = asked.filter(|_| response.is_ok()) else {
        return Ok(answer::single(&response, accepts));
    };
    let body = answer::written(&response);
    gateway.keep(&asked, body.clone());
    Ok(answer::document(body, accepts))
}

async fn upgrade(gateway: &Gateway, shown: Shown, request: Request) -> Result<Response, Refusal> {
    let (mut parts, _) = request.into_parts();
    let allowance = parts.extensions.remove::<Allowance>();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|_| Refusal::BadUpgrade)?;
    socket::accept(upgrade, gateway.clone(), shown, allowance)
}

/// A short answer in words, for people and for clients that did not ask for GraphQL.
fn plain(status: StatusCode, words: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, headers, format!("{words}\n")).into_response()
}
