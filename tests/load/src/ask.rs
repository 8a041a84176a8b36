//! Asking, from many connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use futures::future::try_join_all;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::place::Place;
use crate::question::Question;
use crate::tally::Tally;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A query, and what it is asked about, one after the other.
#[derive(Clone, Copy)]
pub enum Asked<'a> {
    /// As it is: what is asked again may be answered as it was.
    TheSame(&'a str, &'a [Value]),
    /// Each time with something beside it that was never asked before, and that the query does not look at.
    Anew(&'a str, &'a [Value]),
}

/// Requests, one for each turn.
enum Bodies {
    /// Written beforehand.
    TheSame(Vec<Bytes>),
    Anew(String, Vec<Value>),
}

impl Bodies {
    fn of(asked: Asked<'_>) -> Self {
        match asked {
            Asked::TheSame(query, about) => {
                Self::TheSame(about.iter().map(|it| request(query, it)).collect())
            }
            Asked::Anew(query, about) => Self::Anew(query.to_owned(), about.to_vec()),
        }
    }

    fn of_turn(&self, turn: usize) -> Bytes {
        match self {
            Self::TheSame(bodies) => bodies[turn % bodies.len()].clone(),
            Self::Anew(query, about) => {
                let mut variables = about[turn % about.len()].clone();
                variables["turn"] = turn.into();
                request(query, &variables)
            }
        }
    }
}

/// A request, as it is sent.
fn request(query: &str, variables: &Value) -> Bytes {
    let request = json!({ "query": query, "variables": variables });
    request.to_string().into()
}

/// A client of one server. Cheap to clone.
#[derive(Clone)]
pub struct Asker {
    client: Client,
    url: String,
    token: Option<String>,
}

impl Asker {
    /// A client that keeps up to `connections` open.
    ///
    /// # Errors
    /// When a client cannot be made.
    pub fn new(url: &str, token: Option<&str>, connections: usize) -> anyhow::Result<Self> {
        let client = Client::builder()
            .pool_max_idle_per_host(connections)
            .timeout(PATIENCE)
            .no_proxy()
            .build()?;
        Ok(Self {
            client,
            url: format!("{url}/graphql"),
            token: token.map(str::to_owned),
        })
    }

    /// The answer to one question.
    ///
    /// # Errors
    /// When there is none, or it says that something went wrong.
    pub async fn ask(&self, query: &str, variables: &Value) -> anyhow::Result<Value> {
        let body = self.send(request(query, variables)).await?;
        let answer: Value = serde_json::from_slice(&body)?;
        ensure!(answer.get("errors").is_none(), "{answer}");
        Ok(answer)
    }

    async fn send(&self, body: Bytes) -> anyhow::Result<Bytes> {
        let mut request = self
            .client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        ensure!(
            status.is_success(),
            "{status}: {}",
            String::from_utf8_lossy(&body)
        );
        Ok(body)
    }

    /// Asks `question` of one place after the other, from `connections` at a time, for as long as `time`.
    ///
    /// # Errors
    /// As [`Asker::ask`], and when an answer lacks what it must have.
    pub async fn ask_for(
        &self,
        question: &Question,
        places: &[Place],
        (connections, anew): (usize, bool),
        time: Duration,
    ) -> anyhow::Result<Tally> {
        self.look_closely(question, places).await?;
        let about: Vec<Value> = places.iter().map(question.about).collect();
        let asked = if anew {
            Asked::Anew(question.query, &about)
        } else {
            Asked::TheSame(question.query, &about)
        };
        self.keep_asking(asked, connections, time).await
    }

    /// Asks a query about one after the other, from `connections` at a time, for as long as `time`.
    ///
    /// # Errors
    /// As [`Asker::ask`].
    pub async fn keep_asking(
        &self,
        asked: Asked<'_>,
        connections: usize,
        time: Duration,
    ) -> anyhow::Result<Tally> {
        let bodies = Arc::new(Bodies::of(asked));
        let turn = Arc::new(AtomicUsize::new(0));
        let began = Instant::now();
        let each = (0..connections).map(|_| {
            let (client, bodies, turn) = (self.clone(), Arc::clone(&bodies), Arc::clone(&turn));
            // In a task of its own: the one who asks should not be what is waited for.
            tokio::spawn(async move {
                let mut tally = Tally::default();
                while began.elapsed() < time {
                    let body = bodies.of_turn(turn.fetch_add(1, Ordering::Relaxed));
                    let asked = Instant::now();
                    let answer = client.send(body).await?;
                    tally.answered(asked.elapsed(), answer.len());
                }
                anyhow::Ok(tally)
            })
        });
        let tallies = try_join_all(each).await?;
        let tallies = tallies.into_iter().collect::<anyhow::Result<_>>()?;
        Ok(Tally::together(tallies, began.elapsed()))
    }

    /// Asks once of a few places and reads the answers.
    async fn look_closely(&self, question: &Question, places: &[Place]) -> anyhow::Result<()> {
        for place in places.iter().take(3) {
            let answer = self.ask(question.query, &(question.about)(place)).await?;
            let found = answer.pointer(question.must_have);
            found
                .filter(|found| !found.is_null())
                .with_context(|| format!("nothing at {} in {answer}", question.must_have))?;
        }
        Ok(())
    }
}
