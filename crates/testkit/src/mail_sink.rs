//! A mail server that keeps what it is told, on this machine, without TLS.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// How long a letter may take to arrive.
const DEADLINE: Duration = Duration::from_mins(1);

/// How a mail server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It takes every letter.
    Takes,
    /// It answers every recipient with this line.
    Answers(&'static str),
    /// It says that it is busy to so many letters, and takes those after them.
    TakesAfter(usize),
    /// It says nothing, ever.
    Hangs,
    /// It takes so many letters, and then says nothing, ever.
    HangsAfter(usize),
    /// It hangs up when it is told whom a letter is for.
    Drops,
}

/// The server, until dropped.
pub struct MailSink {
    /// Its port on 127.0.0.1.
    pub port: u16,
    told: Arc<Mutex<Told>>,
    serving: JoinHandle<()>,
}

/// What it was told.
#[derive(Default)]
struct Told {
    connections: usize,
    letters: Vec<String>,
    lines: Vec<String>,
}

impl MailSink {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no port to be had.
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let told = Arc::<Mutex<Told>>::default();
        let kept = Arc::clone(&told);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let nth = {
                    let mut told = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    told.connections += 1;
                    told.connections
                };
                tokio::spawn(converse(stream, (manner, nth), Arc::clone(&kept)));
            }
        });
        Self {
            port,
            told,
            serving,
        }
    }

    /// Waits until so many letters were taken, and gives them, each with its head and without the marks of long lines.
    ///
    /// # Panics
    /// When they do not arrive.
    pub async fn letters(&self, count: usize) -> Vec<String> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let letters = self.told().letters.clone();
            if letters.len() >= count {
                return letters;
            }
            assert!(
                Instant::now() < deadline,
                "{} of {count} letters",
                letters.len()
            );
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// How many letters were taken by now.
    pub fn taken(&self) -> usize {
        self.told().letters.len()
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.told().connections
    }

    /// Every line it was told outside of letters.
    pub fn lines(&self) -> Vec<String> {
        self.told().lines.clone()
    }

    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn converse(stream: TcpStream, (manner, nth): (Manner, usize), told: Arc<Mutex<Told>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let (mut letter, mut reply) = (None::<String>, "220 ready");
    let hangs = match manner {
        Manner::Hangs => true,
        Manner::HangsAfter(count) => nth > count,
        _ => false,
    };
    if hangs {
        reply = "";
    }
    loop {
        if !reply.is_empty()
            && write
                .write_all(format!("{reply}\r\n").as_bytes())
                .await
                .is_err()
        {
            return;
        }
        let Ok(Some(line)) = lines.next_line().await else {
            return;
        };
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        reply = match (&mut letter, line.as_str()) {
            (Some(text), ".") => {
                told.letters.push(text.replace("=\n", ""));
                letter = None;
                "250 taken"
            }
            (Some(text), line) => {
                text.push_str(line);
                text.push('\n');
                ""
            }
            (None, line) => {
                told.lines.push(line.to_owned());
                match (line.split(' ').next().unwrap_or_default(), manner) {
                    _ if hangs => "",
                    ("DATA", _) => {
                        letter = Some(String::new());
                        "354 go on"
                    }
                    ("RCPT", Manner::Drops) => return,
                    ("RCPT", Manner::Answers(line)) => line,
                    ("RCPT", Manner::TakesAfter(count)) if nth <= count => "451 busy",
                    _ => "250 fine",
                }
            }
        };
    }
}
