//! The door: takes connections, so many at a time, and does not wait for ever for what comes in on them.
//!
//! What goes out may take as long as it likes: a subscription stays open. But whoever connects has to say
//! what they want, all of it, in good time, and who keeps silent makes room for others.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header;
use axum::middleware::{AddExtension, Next, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use futures::{StreamExt, stream};
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Layer;

/// The pause after a connection could not be taken for want of something, such as open files.
const SHORT_OF_SOMETHING: Duration = Duration::from_millis(250);

/// How much the door lets in.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections open at once, subscriptions included. More wait in the system's own bounded queue.
    pub connections: usize,
    /// How long a request's head may take to arrive, and a connection may stand idle.
    pub head: Duration,
    /// How long its body may take after that.
    pub body: Duration,
    /// How long it may take when it is a file.
    pub file: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            file: Duration::from_mins(10),
        }
    }
}

/// Serves `app` until `stop`; then takes nothing more on, and waits for what is under way.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, stop: CancellationToken) {
    let app = app.layer(from_fn_with_state(limits, in_good_time));
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = TaskTracker::new();
    let taking = async {
        while let Ok(place) = Arc::clone(&places).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let connection = Connection {
                        stream,
                        _place: place,
                    };
                    // Who connected goes with each request: what they may do depends on it.
                    let app = Extension(ConnectInfo(peer)).layer(app.clone());
                    connections.spawn(converse(connection, app, limits.head, stop.clone()));
                }
                Err(error) if is_the_callers(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(SHORT_OF_SOMETHING).await;
                }
            }
        }
    };
    stop.run_until_cancelled(taking).await;
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// Whether only the caller has gone.
fn is_the_callers(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

/// Answers what comes on one connection.
async fn converse(
    connection: Connection,
    app: AddExtension<Router, ConnectInfo<SocketAddr>>,
    head: Duration,
    stop: CancellationToken,
) {
    let (io, service) = (TokioIo::new(connection), TowerToHyperService::new(app));
    let conversation = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(io, service)
        .with_upgrades();
    let mut conversation = pin!(conversation);
    let ended = tokio::select! {
        ended = conversation.as_mut() => ended,
        () = stop.cancelled() => {
            conversation.as_mut().graceful_shutdown();
            conversation.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Gives up on a body that does not arrive.
async fn in_good_time(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let time = if carries_files(&request) {
        limits.file
    } else {
        limits.body
    };
    let (parts, body) = request.into_parts();
    let body = if body.is_end_stream() {
        body
    } else {
        let deadline = Instant::now() + time;
        let pieces = body.into_data_stream();
        Body::from_stream(stream::unfold(pieces, move |mut pieces| async move {
            let piece = match timeout_at(deadline, pieces.next()).await {
                Ok(piece) => piece?,
                Err(_) => Err(axum::Error::new(io::Error::from(ErrorKind::TimedOut))),
            };
            Some((piece, pieces))
        }))
    };
    next.run(Request::from_parts(parts, body)).await
}

/// Whether files may come with it: as an upload, or in the parts of a form.
fn carries_files(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    request.uri().path() == gateway::UPLOADS || kind.starts_with("multipart/form-data")
}

/// A connection, and its place among those there may be, also when it has become something else than HTTP.
struct Connection {
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(20);
    const SOON: Duration = Duration::from_millis(100);

    /// Opens a door to something that echoes, and something that never ends.
    async fn open(limits: Limits) -> (SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let endless = || async {
            let first = stream::once(async { io::Result::Ok(Bytes::from("begun")) });
            Body::from_stream(first.chain(stream::pending()))
        };
        let who = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        let app = Router::new()
            .route("/", post(|body: Bytes| async move { body }))
            .route("/endless", get(endless))
            .route("/who", get(who));
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, app, limits, stop.clone()));
        (address, stop)
    }

    async fn say(address: SocketAddr, words: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        stream.write_all(words.as_bytes()).await.expect("said");
        stream
    }

    /// Reads until `wanted` came.
    async fn hears(stream: &mut TcpStream, wanted: &str) {
        let mut heard = Vec::new();
        while !String::from_utf8_lossy(&heard).contains(wanted) {
            let read = timeout(DEADLINE, stream.read_buf(&mut heard)).await;
            let read = read.expect("in time").expect("read");
            assert!(read > 0, "{}", String::from_utf8_lossy(&heard));
        }
    }

    /// Reads to the end.
    async fn rest(mut stream: TcpStream) -> String {
        let mut heard = String::new();
        let read = timeout(DEADLINE, stream.read_to_string(&mut heard)).await;
        read.expect("hung up in time").expect("text");
        heard
    }

    const ECHO: &str = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n";

    #[tokio::test]
    async fn every_request_tells_who_connected() {
        let (address, _stop) = open(Limits::default()).await;
        let mut stream = say(address, "GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let own = stream.local_addr().expect("an address").to_string();
        hears(&mut stream, &own).await;
    }

    #[tokio::test]
    async fn who_does_not_come_to_the_point_is_hung_up_on() {
        let (address, _stop) = open(Limits {
            head: SOON,
            ..Limits::default()
        })
        .await;
        for words in ["", "POST / HTTP/1.1\r\nhost:"] {
            let heard = rest(say(address, words).await).await;
            assert!(!heard.contains("200"), "{heard}");
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_arrive_is_given_up() {
        let (address, _stop) = open(Limits {
            body: SOON,
            ..Limits::default()
        })
        .await;
        let mut whole = say(address, &format!("{ECHO}hello")).await;
        hears(&mut whole, "hello").await;
        let heard = rest(say(address, &format!("{ECHO}he")).await).await;
        assert!(heard.starts_with("HTTP/1.1 400"), "{heard}");
    }

    #[tokio::test]
    async fn there_are_so_many_connections_and_no_more_and_one_that_goes_makes_room() {
        let (address, _stop) = open(Limits {
            connections: 1,
            ..Limits::default()
        })
        .await;
        let asked = format!("{ECHO}hello");
        let mut first = say(address, &asked).await;
        hears(&mut first, "hello").await;
        let mut second = say(address, &asked).await;
        for _ in 0..10 {
            first.write_all(asked.as_bytes()).await.expect("said");
            hears(&mut first, "hello").await;
        }
        let early = second.try_read(&mut [0; 1]).map_err(|error| error.kind());
        assert_eq!(early, Err(ErrorKind::WouldBlock));
        drop(first);
        hears(&mut second, "hello").await;
    }

    #[tokio::test]
    async fn an_answer_that_goes_on_is_not_cut_off_by_what_limits_a_question() {
        let (address, stop) = open(Limits {
            head: SOON,
            body: SOON,
            ..Limits::default()
        })
        .await;
        let mut stream = say(address, "GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").await;
        hears(&mut stream, "begun").await;
        // Others come and are hung up on meanwhile.
        rest(say(address, "").await).await;
        let more = stream.try_read(&mut [0; 1]).map_err(|error| error.kind());
        assert_eq!(more, Err(ErrorKind::WouldBlock), "it is open still");
        stop.cancel();
    }
}
