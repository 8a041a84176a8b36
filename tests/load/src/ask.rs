//! Asking, from many connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use futures::future::try_join_all;
use reqwest::Client;
use serde_json::{Value, json};

use crate::place::Place;
use crate::question::Question;
use crate::tally::Tally;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client of one server.
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
        let body = self.send(query, variables).await?;
        let answer: Value = serde_json::from_slice(&body)?;
        ensure!(answer.get("errors").is_none(), "{answer}");
        Ok(answer)
    }

    async fn send(&self, query: &str, variables: &Value) -> anyhow::Result<Vec<u8>> {
        let mut request = self
            .client
            .post(&self.url)
            .json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await?;
        let status = response.status();
        let body = response.bytes().await?.to_vec();
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
        connections: usize,
        time: Duration,
    ) -> anyhow::Result<Tally> {
        self.look_closely(question, places).await?;
        let about: Vec<Value> = places.iter().map(question.about).collect();
        self.keep_asking(question.query, &about, connections, time)
            .await
    }

    /// Asks a query about one after the other, from `connections` at a time, for as long as `time`.
    ///
    /// # Errors
    /// As [`Asker::ask`].
    pub async fn keep_asking(
        &self,
        query: &str,
        about: &[Value],
        connections: usize,
        time: Duration,
    ) -> anyhow::Result<Tally> {
        let turn = Arc::new(AtomicUsize::new(0));
        let began = Instant::now();
        let each = (0..connections).map(|_| {
            let turn = Arc::clone(&turn);
            async move {
                let mut tally = Tally::default();
                while began.elapsed() < time {
                    let variables = &about[turn.fetch_add(1, Ordering::Relaxed) % about.len()];
                    let asked = Instant::now();
                    let answer = self.send(query, variables).await?;
                    tally.answered(asked.elapsed(), answer.len());
                }
                anyhow::Ok(tally)
            }
        });
        let tallies = try_join_all(each).await?;
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
