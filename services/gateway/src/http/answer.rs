//! Answers as they leave: one JSON document, or a stream of events.

use std::convert::Infallible;
use std::time::Duration;

use async_graphql::{Response as Answer, Value};
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, stream};

use super::incoming::Refusal;

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

/// How often an idle stream of events says that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// What kind of answer a client takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accepts {
    /// `application/graphql-response+json`: the status tells whether the request was understood.
    GraphqlResponse,
    /// `application/json`: any well-formed request is answered with 200.
    Json,
    /// `text/event-stream`: one event for each answer.
    Events,
}

impl Accepts {
    /// The answer the client likes best, by quality and then by the order written.
    ///
    /// # Errors
    /// [`Refusal::NotAcceptable`] when it takes none of ours.
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        let accept = headers.get_all(header::ACCEPT);
        let accept: Vec<&str> = accept
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        if accept.is_empty() {
            return Ok(Self::Json);
        }
        let ranges = accept.iter().flat_map(|value| value.split(','));
        let mut best: Option<(Self, f32)> = None;
        for (kind, quality) in ranges.filter_map(range) {
            if quality > best.map_or(0.0, |(_, best)| best) {
                best = Some((kind, quality));
            }
        }
        best.map(|(kind, _)| kind).ok_or(Refusal::NotAcceptable)
    }
}

fn range(text: &str) -> Option<(Accepts, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let kind = match parts.next()?.to_ascii_lowercase().as_str() {
        GRAPHQL_RESPONSE => Accepts::GraphqlResponse,
        JSON | "application/*" | "*/*" => Accepts::Json,
        EVENTS => Accepts::Events,
        _ => return None,
    };
    let quality = parts.find_map(|parameter| parameter.strip_prefix("q="));
    Some((kind, quality.map_or(1.0, |q| q.parse().unwrap_or(0.0))))
}

/// One answer as one document.
pub(super) fn single(answer: &Answer, accepts: Accepts) -> Response {
    if accepts == Accepts::Events {
        return events(
            stream::iter([clone_of(answer)]).boxed(),
            tracing::Span::current(),
        );
    }
    let mut response = document(written(answer), accepts);
    *response.status_mut() = status(answer, accepts);
    if let Some(wait) = retry_after(answer) {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

/// An answer as it is written.
pub(super) fn written(answer: &Answer) -> Bytes {
    serde_json::to_vec(answer).unwrap_or_default().into()
}

/// An answer without errors, as it was written.
pub(super) fn document(body: Bytes, accepts: Accepts) -> Response {
    let content_type = match accepts {
        Accepts::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        Accepts::Json | Accepts::Events => "application/json; charset=utf-8",
    };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

fn clone_of(answer: &Answer) -> Answer {
    let mut copy = Answer::new(answer.data.clone());
    copy.errors.clone_from(&answer.errors);
    copy
}

/// Asked too often is 429 and busy is 503, whatever the client accepts. Otherwise a request that was not understood is 400 where the
/// client reads the status, and 200 where it does not.
fn status(answer: &Answer, accepts: Accepts) -> StatusCode {
    if retry_after(answer).is_some() {
        return if extensions(answer, "code").any(|code| *code == Value::from("TOO_MANY_REQUESTS")) {
            StatusCode::TOO_MANY_REQUESTS
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
    }
    let understood = !answer.errors.iter().any(|error| error.path.is_empty());
    if understood || accepts == Accepts::Json {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    }
}

fn retry_after(answer: &Answer) -> Option<HeaderValue> {
    let seconds = extensions(answer, "retryAfterSeconds").find_map(|seconds| match seconds {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    })?;
    Some(HeaderValue::from(seconds))
}

/// What the errors of an answer say under this name.
fn extensions<'a>(answer: &'a Answer, name: &str) -> impl Iterator<Item = &'a Value> {
    let errors = answer.errors.iter();
    errors.filter_map(move |error| error.extensions.as_ref()?.get(name))
}

/// Answers as events, each `next`, and `complete` at the end (GraphQL over SSE, distinct connections).
pub(super) fn events(answers: BoxStream<'static, Answer>, span: tracing::Span) -> Response {
    let next = answers.map(|answer| {
        let data = serde_json::to_string(&answer).unwrap_or_default();
        Event::default().event("next").data(data)
    });
    let complete = stream::once(async { Event::default().event("complete").data("") });
    let events = next.chain(complete).map(Ok::<_, Infallible>);
    let events = InSpan {
        stream: Box::pin(events),
        span,
    };
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(ALIVE))
        .into_response();
    let unbuffered = HeaderValue::from_static("no");
    response
        .headers_mut()
        .insert("x-accel-buffering", unbuffered);
    response
}

/// A stream whose every step belongs to the request's span.
struct InSpan<S> {
    stream: std::pin::Pin<Box<S>>,
    span: tracing::Span,
}

impl<S: Stream> Stream for InSpan<S> {
    type Item = S::Item;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<S::Item>> {
        let span = self.span.clone();
        let _entered = span.enter();
        self.stream.as_mut().poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(accept: &str) -> Option<Accepts> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().expect("a header"));
        Accepts::read(&headers).ok()
    }

    #[test]
    fn the_client_gets_what_it_likes_best() {
        assert_eq!(accepts("*/*"), Some(Accepts::Json));
        assert_eq!(accepts("text/event-stream"), Some(Accepts::Events));
        assert_eq!(
            accepts("application/graphql-response+json, application/json;q=0.9"),
            Some(Accepts::GraphqlResponse)
        );
        assert_eq!(
            accepts("application/graphql-response+json;q=0.5, application/json"),
            Some(Accepts::Json)
        );
        assert_eq!(accepts("text/html"), None);
        assert_eq!(accepts("application/json;q=0"), None);
    }
}
