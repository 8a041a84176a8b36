//! Subscriptions over a WebSocket, by the protocol `graphql-transport-ws`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_graphql::http::{ClientMessage, WebSocket as Protocol, WsMessage};
use async_graphql::{Data, Executor, Request, Response as Answer};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures::stream::BoxStream;
use futures::{SinkExt, StreamExt, stream};
use tracing::Instrument;

use super::incoming::Refusal;
use crate::caller::Shown;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::throttle::Allowance;

const PROTOCOL: &str = "graphql-transport-ws";

/// How long a client may say nothing at all, pings included, before the socket is closed.
const SILENCE: Duration = Duration::from_mins(2);

/// How long a message may take to leave before the client counts as gone.
const SEND: Duration = Duration::from_secs(20);

/// The longest message a client may send, in bytes.
const LONGEST: usize = 1 << 17;

/// Accepts a WebSocket that speaks our protocol.
pub(super) fn accept(
    upgrade: WebSocketUpgrade,
    gateway: Gateway,
    shown: Shown,
    allowance: Option<Allowance>,
) -> Result<Response, Refusal> {
    let upgrade = upgrade.protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(Refusal::BadUpgrade);
    }
    let span = tracing::Span::current();
    let executor = OneSocket {
        gateway,
        shown,
        allowance,
        open: Arc::new(AtomicUsize::new(0)),
    };
    let serve = move |socket| serve(socket, executor).instrument(span);
    Ok(upgrade.max_message_size(LONGEST).on_upgrade(serve))
}

async fn serve(socket: WebSocket, executor: OneSocket) {
    let (mut to_client, from_client) = socket.split();
    let closing = executor.gateway.closing().clone();
    let messages = from_client
        .take_while(|message| {
            let open = matches!(message, Ok(message) if !matches!(message, Message::Close(_)));
            std::future::ready(open)
        })
        .filter_map(|message| async {
            match message {
                Ok(Message::Text(text)) => Some(text.as_bytes().to_vec()),
                Ok(Message::Binary(bytes)) => Some(bytes.to_vec()),
                _ => None,
            }
        })
        .map(ClientMessage::from_bytes)
        .boxed();
    let protocol = async_graphql::http::WebSocketProtocols::GraphQLWS;
    let mut answers = Protocol::from_message_stream(executor, messages, protocol)
        .keepalive_timeout(SILENCE)
        .take_until(closing.clone().cancelled_owned())
        .boxed();
    while let Some(answer) = answers.next().await {
        if !send(&mut to_client, outgoing(answer)).await {
            return;
        }
    }
    let (code, reason) = if closing.is_cancelled() {
        (1001, "the service is closing; connect again in a moment")
    } else {
        (1000, "")
    };
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    send(&mut to_client, Message::Close(Some(frame))).await;
}

async fn send(to_client: &mut (impl futures::Sink<Message> + Unpin), message: Message) -> bool {
    let sent = tokio::time::timeout(SEND, to_client.send(message)).await;
    matches!(sent, Ok(Ok(())))
}

fn outgoing(message: WsMessage) -> Message {
    match message {
        WsMessage::Text(text) => Message::Text(text.into()),
        WsMessage::Close(code, reason) => Message::Close(Some(CloseFrame {
            code,
            reason: reason.into(),
        })),
    }
}

/// Executes what one socket asks for, a few things at a time.
#[derive(Clone)]
struct OneSocket {
    gateway: Gateway,
    /// Who it is, is asked for each operation: a socket may stay open for longer than a session.
    shown: Shown,
    /// What is asked on a socket counts like what is asked without one.
    allowance: Option<Allowance>,
    open: Arc<AtomicUsize>,
}

impl Executor for OneSocket {
    async fn execute(&self, request: Request) -> Answer {
        match self.shown.whose().await {
            Ok(caller) => self.gateway.execute(request, caller).await,
            Err(refused) => self.refused(refused.into()),
        }
    }

    fn execute_stream(&self, request: Request, _: Option<Arc<Data>>) -> BoxStream<'static, Answer> {
        let services = self.gateway.services();
        let allowed = self.allowance.as_ref().map_or(Ok(()), Allowance::take);
        if let Err(wait) = allowed {
            return stream::iter([self.refused(wait.into())]).boxed();
        }
        let place = Place::take(&self.open, services.limits.subscriptions);
        let Some(place) = place else {
            return stream::iter([self.refused(ApiError::TooManySubscriptions)]).boxed();
        };
        let prepared = match self.gateway.prepare(request) {
            Ok(prepared) => prepared,
            Err(refused) => return stream::iter([*refused]).boxed(),
        };
        let socket = self.clone();
        let answers = async move {
            match socket.shown.whose().await {
                Ok(caller) => socket.gateway.run_stream(prepared, caller, socket.shown),
                Err(refused) => stream::iter([socket.refused(refused.into())]).boxed(),
            }
        };
        stream::once(answers)
            .flatten()
            .map(move |answer| {
                let _held_while_open = &place;
                answer
            })
            .boxed()
    }
}

impl OneSocket {
    fn refused(&self, why: ApiError) -> Answer {
        why.into_response(self.gateway.services().ids.as_ref())
    }
}

/// One of the things a socket may have open at once.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(open: &Arc<AtomicUsize>, limit: usize) -> Option<Self> {
        let taken = open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |open| {
            (open < limit).then_some(open + 1)
        });
        taken.ok().map(|_| Self(Arc::clone(open)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
