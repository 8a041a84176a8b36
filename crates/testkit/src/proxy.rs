//! A proxy between a client and PostgreSQL that cuts the connection at the worst moment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ledger::pool::Pool;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::JoinHandle;

/// Where a connection is cut, once, around one of the client's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The server never sees it.
    BeforeForwarding,
    /// The server carries it out; the client never hears.
    BeforeTheAnswer,
    /// The server never sees it, and neither side hears anything more.
    Silence,
}

/// Where the server is.
#[derive(Clone, Debug)]
enum Upstream {
    /// At a host and port.
    Tcp(String, u16),
    /// Behind a socket file.
    Socket(PathBuf),
}

/// A connection to the server, whichever way.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

impl Upstream {
    async fn connect(&self) -> std::io::Result<Box<dyn Wire>> {
        Ok(match self {
            Self::Tcp(host, port) => Box::new(TcpStream::connect((host.as_str(), *port)).await?),
            Self::Socket(path) => Box::new(UnixStream::connect(path).await?),
        })
    }
}

#[derive(Clone)]
struct Order {
    cut: Cut,
    at: At,
}

/// At which message.
#[derive(Clone)]
enum At {
    /// The first that contains this.
    Marked(Vec<u8>),
    /// The one after so many more.
    After(usize),
}

/// The proxy. Ends with its owner.
pub struct Proxy {
    address: SocketAddr,
    order: Arc<Mutex<Option<Order>>>,
    refusing: Arc<AtomicBool>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Stands in front of the server of this pool, and gives the URL of the pool's database by way of it.
    ///
    /// # Errors
    /// When no local port can be bound.
    pub async fn before(pool: &Pool) -> std::io::Result<(Self, String)> {
        let direct = pool.connect_options();
        let port = direct.get_port();
        let proxy = Self::start(match direct.get_socket() {
            Some(folder) => Upstream::Socket(folder.join(format!(".s.PGSQL.{port}"))),
            None => Upstream::Tcp(direct.get_host().to_owned(), port),
        });
        let proxy = proxy.await?;
        let (user, port) = (direct.get_username(), proxy.address.port());
        let database = direct.get_database().unwrap_or(user);
        let url = format!("postgres://{user}@127.0.0.1:{port}/{database}");
        Ok((proxy, url))
    }

    async fn start(server: Upstream) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let order: Arc<Mutex<Option<Order>>> = Arc::default();
        let shared = Arc::clone(&order);
        let refusing = Arc::new(AtomicBool::new(false));
        let refuse = Arc::clone(&refusing);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !refuse.load(Ordering::SeqCst) {
                    tokio::spawn(carry(client, server.clone(), Arc::clone(&shared)));
                }
            }
        });
        Ok(Self {
            address,
            order,
            refusing,
            accepting,
        })
    }

    /// Cuts the next connection on which a message containing `marked` comes by.
    pub fn cut(&self, cut: Cut, marked: &[u8]) {
        self.give(cut, At::Marked(marked.to_vec()));
    }

    /// Lets so many more messages by, then cuts the connection on which the next one comes. A message is what the client sends
    /// in one go.
    pub fn cut_after(&self, cut: Cut, messages: usize) {
        self.give(cut, At::After(messages));
    }

    fn give(&self, cut: Cut, at: At) {
        let order = Some(Order { cut, at });
        *self.order.lock().unwrap_or_else(PoisonError::into_inner) = order;
    }

    /// From now on hangs up on every new connection, or no longer does.
    pub fn refuse(&self, refuse: bool) {
        self.refusing.store(refuse, Ordering::SeqCst);
    }

    /// Whether the cut that was ordered has been made.
    pub fn has_cut(&self) -> bool {
        self.order
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_none()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries one connection until either side closes it or it is cut.
async fn carry(
    mut client: TcpStream,
    server: Upstream,
    order: Arc<Mutex<Option<Order>>>,
) -> std::io::Result<()> {
    let mut server = server.connect().await?;
    let (mut from_client, mut from_server) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let read = read?;
                if read == 0 {
                    return Ok(());
                }
                let message = &from_client[..read];
                match due(&order, message) {
                    None => server.write_all(message).await?,
                    Some(cut) => return make(cut, message, &mut client, &mut *server).await,
                }
            }
            read = server.read(&mut from_server) => {
                let read = read?;
                if read == 0 {
                    return Ok(());
                }
                client.write_all(&from_server[..read]).await?;
            }
        }
    }
}

/// Takes the order if this message is the one.
fn due(order: &Mutex<Option<Order>>, message: &[u8]) -> Option<Cut> {
    let mut order = order.lock().unwrap_or_else(PoisonError::into_inner);
    let contains = |marked: &[u8]| message.windows(marked.len()).any(|part| part == marked);
    let is_due = |order: &mut Order| match &mut order.at {
        At::Marked(marked) => contains(marked),
        At::After(0) => true,
        At::After(more) => {
            *more -= 1;
            false
        }
    };
    order.take_if(is_due).map(|order| order.cut)
}

async fn make(
    cut: Cut,
    message: &[u8],
    client: &mut TcpStream,
    server: &mut dyn Wire,
) -> std::io::Result<()> {
    match cut {
        Cut::BeforeForwarding => Ok(()),
        Cut::BeforeTheAnswer => {
            server.write_all(message).await?;
            // The answer has come when the server has something to say; it goes no further.
            server.read_u8().await.map(drop)
        }
        Cut::Silence => {
            // Holds both ends until the client gives up.
            let mut ignored = [0; 64];
            while client.read(&mut ignored).await? > 0 {}
            Ok(())
        }
    }
}
