//! `make bench-web`: the main pages, from many connections at a time, as a browser asks that has been here before, and what the first
//! visit weighs.
//!
//! The pages are found by following links from the first one, in every compact. They are asked for without the tag of the copy a browser
//! has, so every one is sent whole. The public is handed pages that were made before; for somebody who is signed in every one is made anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use futures::future::try_join_all;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};

use crate::tally::Tally;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a form is sent.
const FORM: &str = "application/x-www-form-urlencoded";

/// What is aimed at, for people to hold the figures against.
const AIMS: &str = "aims: p50 10 ms and p99 30 ms on the reference data at 16 connections (20 and 80 ms with 50 compacts); \
    a first visit under 60 kB, 15 kB after; the server under 96 MiB with the reference data";

/// A client of one server's pages. Cheap to clone.
#[derive(Clone)]
pub struct Visitor {
    client: Client,
    url: String,
}

/// A kind of page, and where there are such.
struct Kind {
    name: &'static str,
    paths: Vec<String>,
}

impl Visitor {
    /// A client that keeps up to `connections` open.
    ///
    /// # Errors
    /// When a client cannot be made.
    pub fn new(url: &str, connections: usize) -> anyhow::Result<Self> {
        Ok(Self {
            client: client(connections).build()?,
            url: url.to_owned(),
        })
    }

    /// The same, signed in as the holder of this account.
    ///
    /// # Errors
    /// When the server does not let them in.
    pub async fn sign_in(
        self,
        email: &str,
        password: &str,
        connections: usize,
    ) -> anyhow::Result<Self> {
        let door = format!("{}/sign-in", self.url);
        let form = [("email", email), ("password", password)];
        let form = Url::parse_with_params(&door, form)?
            .query()
            .map(str::to_owned);
        let sent = self.client.post(&door).header(CONTENT_TYPE, FORM);
        let answer = sent.body(form.unwrap_or_default()).send().await?;
        let cookie = answer.headers().get(SET_COOKIE);
        let cookie = cookie.and_then(|line| line.to_str().ok()?.split(';').next());
        let cookie = cookie.with_context(|| format!("{email} is not let in"))?;
        let mut always = HeaderMap::new();
        always.insert(COOKIE, HeaderValue::from_str(cookie)?);
        Ok(Self {
            client: client(connections).default_headers(always).build()?,
            ..self
        })
    }

    /// Measures every main page for `time` and prints a line for each, then what visits weigh.
    ///
    /// # Errors
    /// When a page is not there, or answered otherwise than with 200.
    pub async fn measure(&self, connections: usize, time: Duration) -> anyhow::Result<()> {
        println!("{}", Tally::HEAD);
        let mut heaviest = 0;
        for kind in self.kinds().await? {
            let asked = self.ask_for(&kind, connections, time).await;
            let tally = asked.with_context(|| format!("asking for {}", kind.name))?;
            println!("{}", tally.line(kind.name));
            for path in kind.paths.iter().take(3) {
                heaviest = heaviest.max(self.weight(path).await?);
            }
        }
        let assets = self.assets().await?;
        println!(
            "first visit: at most {} bytes compressed ({assets} of them styles, script and icon); after: at most {heaviest}",
            heaviest + assets
        );
        println!("{AIMS}");
        Ok(())
    }

    async fn kinds(&self) -> anyhow::Result<Vec<Kind>> {
        let all = |text: &str, start: &str| links(text, start);
        let home = self.text("/").await?;
        let compacts = all(&home, "/compacts/");
        ensure!(!compacts.is_empty(), "no compact on the first page");
        let (mut commitments, mut plans, mut past, mut meetings) = (vec![], vec![], vec![], vec![]);
        for compact in &compacts {
            let page = self.text(compact).await?;
            commitments.extend(all(&page, &format!("{compact}/commitments/")));
            let page = self.text(&format!("{compact}/plans")).await?;
            plans.extend(all(&page, &format!("{compact}/plans/")));
            let page = self.text(&format!("{compact}/meetings")).await?;
            meetings.extend(all(&page, &format!("{compact}/meetings/")));
        }
        past.extend(plans.iter().map(|plan| format!("{plan}?on=2007-10-01")));
        let library = self.text("/good-practice").await?;
        let under = |rest: &str| {
            compacts
                .iter()
                .map(|compact| format!("{compact}{rest}"))
                .collect()
        };
        let kind = |name, paths| Kind { name, paths };
        let kinds = vec![
            kind("the region", vec!["/".to_owned()]),
            kind("a compact", compacts.clone()),
            kind("a commitment", commitments),
            kind("the plans of a compact", under("/plans")),
            kind("a plan", plans),
            kind("a plan as it was", past),
            kind("the meetings of a compact", under("/meetings")),
            kind("a meeting's minutes", meetings),
            kind(
                "the good practice library",
                vec!["/good-practice".to_owned()],
            ),
            kind(
                "good practice found by words",
                ["training", "skills", "equality"]
                    .map(|word| format!("/good-practice?words={word}"))
                    .to_vec(),
            ),
            kind("an entry of the library", all(&library, "/good-practice/")),
        ];
        Ok(kinds
            .into_iter()
            .filter(|kind| !kind.paths.is_empty())
            .collect())
    }

    async fn ask_for(
        &self,
        kind: &Kind,
        connections: usize,
        time: Duration,
    ) -> anyhow::Result<Tally> {
        let paths: Arc<[String]> = kind.paths.clone().into();
        let turn = Arc::new(AtomicUsize::new(0));
        let began = Instant::now();
        let each = (0..connections).map(|_| {
            let (visitor, paths, turn) = (self.clone(), Arc::clone(&paths), Arc::clone(&turn));
            // In a task of its own: the one who looks should not be what is waited for.
            tokio::spawn(async move {
                let mut tally = Tally::default();
                while began.elapsed() < time {
                    let at = turn.fetch_add(1, Ordering::Relaxed) % paths.len();
                    let asked = Instant::now();
                    let bytes = visitor.weight(&paths[at]).await?;
                    tally.answered(asked.elapsed(), bytes);
                }
                anyhow::Ok(tally)
            })
        });
        let tallies = try_join_all(each).await?;
        let tallies = tallies.into_iter().collect::<anyhow::Result<_>>()?;
        Ok(Tally::together(tallies, began.elapsed()))
    }

    /// What all that a page loads weighs.
    async fn assets(&self) -> anyhow::Result<usize> {
        let home = self.text("/").await?;
        let mut bytes = 0;
        for asset in attributes(&home, "/assets/") {
            bytes += self.weight(&asset).await?;
        }
        ensure!(bytes > 0, "the pages have no styles: run `make pages`");
        Ok(bytes)
    }

    /// How many bytes come over the network.
    async fn weight(&self, path: &str) -> anyhow::Result<usize> {
        let request = self.client.get(format!("{}{path}", self.url));
        let response = request.header("accept-encoding", "gzip, br").send().await?;
        let status = response.status();
        let bytes = response.bytes().await?;
        ensure!(status == 200, "{path}: {status}");
        Ok(bytes.len())
    }

    async fn text(&self, path: &str) -> anyhow::Result<String> {
        let response = self
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await?;
        ensure!(response.status() == 200, "{path}: {}", response.status());
        Ok(response.text().await?)
    }
}

fn client(connections: usize) -> ClientBuilder {
    Client::builder()
        .pool_max_idle_per_host(connections)
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .no_proxy()
}

/// What a page's attributes say that begins like this, each once.
fn attributes(page: &str, start: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in page.split('"').filter(|text| text.starts_with(start)) {
        if !found.iter().any(|one| one == text) {
            found.push(text.to_owned());
        }
    }
    found
}

/// The pages one step below this address that a page links to.
fn links(page: &str, start: &str) -> Vec<String> {
    let below = |link: &String| !link[start.len()..].contains(['/', '?', '#']);
    let mut links = attributes(page, start);
    links.retain(below);
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_each_once_and_one_step_below() {
        let page = "<a href=\"/compacts/x\">x</a><a href=\"/compacts/x\">x</a><a href=\"/compacts/x/plans\">\
            <a href=\"/compacts/y?session=1\"><link href=\"/assets/a.css\">";
        assert_eq!(links(page, "/compacts/"), ["/compacts/x"]);
        assert_eq!(attributes(page, "/assets/"), ["/assets/a.css"]);
    }
}
