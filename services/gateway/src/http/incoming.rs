//! Requests as they arrive: read strictly, refused in words.

use async_graphql::Variables;
use axum::body::to_bytes;
use axum::extract::{Query, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::ids::IdSource;
use serde::Deserialize;

use crate::caller::NotIdentified;
use crate::trusted::TrustedDocuments;

/// The header that names a request in every log it leaves a trace in.
pub(super) const REQUEST_ID: &str = "x-request-id";

/// The header by which names are asked for that are marked where they stand in the place of mentions.
const MENTIONS: &str = "x-mentions";

/// The longest correlation id that is taken over from a client, in bytes.
const LONGEST_ID: usize = 64;

/// Why a request is refused before it is looked at as GraphQL.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// Who sends it could not be found out.
    #[error(transparent)]
    Caller(#[from] NotIdentified),
    /// Neither GET nor POST.
    #[error("send GET or POST")]
    Method,
    /// A mutation came by GET.
    #[error("a mutation must be sent by POST")]
    MutationOnGet,
    /// The body is something else than JSON.
    #[error("send the body as application/json")]
    ContentType,
    /// The body is too long.
    #[error("the body is longer than {limit} bytes")]
    TooLong {
        /// The longest there may be, in bytes.
        limit: usize,
    },
    /// The body was not received whole.
    #[error("the body could not be read")]
    Broken,
    /// The body is a batch.
    #[error("send one request at a time; batches are not taken")]
    Batch,
    /// The body or the query string does not have the members of a GraphQL request.
    #[error(
        "send an object with `query` or `documentId`, and `operationName` and `variables` where there are any: {0}"
    )]
    Malformed(String),
    /// It names a document that is not known here.
    #[error(
        "no document with this id is known here; send its text as `query`, or ask for one of this version's documents"
    )]
    UnknownDocument,
    /// No answer the client accepts can be given.
    #[error(
        "accept application/graphql-response+json or application/json, or text/event-stream for a subscription"
    )]
    NotAcceptable,
    /// A subscription came to a transport with one answer.
    #[error("a subscription needs `accept: text/event-stream`, or a WebSocket")]
    SubscriptionNeedsEvents,
    /// The upgrade is not one to a WebSocket with our protocol.
    #[error("upgrade to a WebSocket with the protocol graphql-transport-ws")]
    BadUpgrade,
}

impl Refusal {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Caller(refused) => refused.status,
            Self::Method | Self::MutationOnGet => StatusCode::METHOD_NOT_ALLOWED,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAcceptable | Self::SubscriptionNeedsEvents => StatusCode::NOT_ACCEPTABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Caller(refused) => refused.code,
            Self::Method => "METHOD_NOT_ALLOWED",
            Self::MutationOnGet => "MUTATION_ON_GET",
            Self::ContentType => "CONTENT_TYPE",
            Self::TooLong { .. } => "BODY_TOO_LONG",
            Self::Broken => "BODY_BROKEN",
            Self::Batch => "BATCH",
            Self::Malformed(_) => "BAD_REQUEST",
            Self::UnknownDocument => "UNKNOWN_DOCUMENT",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::SubscriptionNeedsEvents => "SUBSCRIPTION_NEEDS_EVENTS",
            Self::BadUpgrade => "BAD_UPGRADE",
        }
    }

    const fn allow(&self) -> Option<&'static str> {
        match self {
            Self::Method => Some("GET, POST"),
            Self::MutationOnGet => Some("POST"),
            _ => None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({
            "errors": [{ "message": self.to_string(), "extensions": { "code": self.code() } }]
        });
        let mut response = (self.status(), axum::Json(body)).into_response();
        if let Some(allow) = self.allow() {
            let allow = HeaderValue::from_static(allow);
            response.headers_mut().insert(header::ALLOW, allow);
        }
        if let Self::Caller(refused) = &self
            && let Some(wait) = refused.retry_after
        {
            let seconds = HeaderValue::from(wait.as_secs().max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// The members of a request, as sent. Extensions are read past.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Members {
    fn request(self, documents: &TrustedDocuments) -> Result<async_graphql::Request, Refusal> {
        let query = match (self.query, self.document_id) {
            (Some(query), None) => query,
            (None, Some(id)) => {
                let known = documents.text(&id);
                known.ok_or(Refusal::UnknownDocument)?.to_owned()
            }
            (Some(_), Some(_)) => {
                let words = "send `query` or `documentId`, not both";
                return Err(Refusal::Malformed(words.to_owned()));
            }
            (None, None) => return Err(Refusal::Malformed("neither is there".to_owned())),
        };
        let variables = serde_json::Value::Object(self.variables.unwrap_or_default());
        let request = async_graphql::Request::new(query).variables(Variables::from_json(variables));
        Ok(match self.operation_name {
            Some(name) => request.operation_name(name),
            None => request,
        })
    }
}

/// The members of a request by GET: the variables are JSON in a string.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryString {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
}

/// Reads a request's body: JSON, one object, not too long.
pub(super) async fn from_body(
    request: Request,
    limit: usize,
    documents: &TrustedDocuments,
) -> Result<async_graphql::Request, Refusal> {
    if !is_json(request.headers()) {
        return Err(Refusal::ContentType);
    }
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(Refusal::TooLong { limit });
    }
    let body = to_bytes(request.into_body(), limit)
        .await
        .map_err(|error| {
            let cause = std::error::Error::source(&error);
            if cause.is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>) {
                Refusal::TooLong { limit }
            } else {
                Refusal::Broken
            }
        })?;
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Refusal::Batch);
    }
    let members: Members =
        serde_json::from_slice(&body).map_err(|error| Refusal::Malformed(error.to_string()))?;
    members.request(documents)
}

/// Reads a request's query string.
pub(super) fn from_query_string(
    uri: &Uri,
    documents: &TrustedDocuments,
) -> Result<async_graphql::Request, Refusal> {
    let malformed = |words: String| Refusal::Malformed(words);
    let Query(sent) =
        Query::<QueryString>::try_from_uri(uri).map_err(|error| malformed(error.body_text()))?;
    let variables = sent.variables.as_deref().filter(|text| !text.is_empty());
    let variables = variables.map(serde_json::from_str).transpose();
    let members = Members {
        query: sent.query,
        document_id: sent.document_id,
        operation_name: sent.operation_name,
        variables: variables.map_err(|error| malformed(format!("variables: {error}")))?,
    };
    members.request(documents)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    let Some(content_type) = content_type.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = content_type.split(';').map(str::trim);
    let json = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let utf8 = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, charset)| {
            charset
                .trim()
                .trim_matches('"')
                .eq_ignore_ascii_case("utf-8")
        });
    json && utf8
}

/// Whether whoever sends this has names marked that stand in the place of mentions.
pub(super) fn has_names_marked(headers: &HeaderMap) -> bool {
    let asked = headers.get(MENTIONS);
    asked.is_some_and(|how| how.as_bytes().eq_ignore_ascii_case(b"marked"))
}

/// Whether this asks to become a WebSocket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE);
    upgrade.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// The id that ties everything this request causes together: the client's, where it fits, or a new one.
pub(super) fn correlation(headers: &HeaderMap, ids: &dyn IdSource) -> CorrelationId {
    let sent = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    let fits = |id: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(plain)
    };
    CorrelationId(
        sent.filter(fits)
            .map_or_else(|| ids.next().to_string(), str::to_owned),
    )
}

/// An id that ties a request's traces together; always fit for a header.
#[derive(Clone)]
pub(super) struct CorrelationId(String);

impl std::fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl CorrelationId {
    /// The id as a header.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}
