//! `make bench-region` and, with `--pages` and with `--peer`, `make bench-web`: what people ask most of a large region, from many
//! connections at a time.
//!
//! It is a client like any other: it asks a server that is running already, as the public or with a token, and knows nothing but
//! the schema. What it asks about is found by asking: every request is about another compact, and with `--anew` about something more that
//! was never asked before, so that no answer is one that was given. Every answer is read to its end and must be without errors, and what was asked for must be there.

mod ask;
mod pages;
mod peer;
mod place;
mod question;
mod tally;

use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;

use crate::ask::Asker;
use crate::pages::Visitor;
use crate::place::places;
use crate::question::QUESTIONS;
use crate::tally::{Tally, resident};

/// Asks a running server what people ask most, and prints how long it takes.
#[derive(Parser)]
struct Options {
    /// Where the server is.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,

    /// How many connections ask at a time.
    #[arg(long, default_value_t = 16)]
    connections: usize,

    /// For how many seconds each question is asked.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,

    /// An API token to ask with; the public asks without one.
    #[arg(long)]
    token: Option<String>,

    /// Asks for every answer to be made anew: none is one that was kept.
    #[arg(long)]
    anew: bool,

    /// Looks at the main pages in the place of asking the schema.
    #[arg(long)]
    pages: bool,

    /// With `--pages`, looks at them as the holder of this account, for whom each is made anew; the public looks without one.
    #[arg(long, value_name = "EMAIL", requires = "password")]
    account: Option<String>,

    /// The account's password.
    #[arg(long, requires = "account")]
    password: Option<String>,

    /// Asks the same of `PostGraphile`, which is there, in turns with ours.
    #[arg(long, value_name = "URL")]
    peer: Option<String>,

    /// The server's process, to say how much memory it has.
    #[arg(long)]
    pid: Option<u32>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    anyhow::ensure!(
        options.connections > 0 && options.seconds > 0.0,
        "--connections and --seconds must be more than 0"
    );
    let time = Duration::from_secs_f64(options.seconds);
    if let Some(peer) = &options.peer {
        let ours = Asker::new(&options.url, options.token.as_deref(), options.connections)?;
        let theirs = Asker::new(peer, None, options.connections)?;
        peer::compare((&ours, &theirs), options.connections, time).await?;
    } else if options.pages {
        let mut visitor = Visitor::new(&options.url, options.connections)?;
        if let (Some(email), Some(password)) = (&options.account, &options.password) {
            visitor = visitor
                .sign_in(email, password, options.connections)
                .await?;
        }
        visitor.measure(options.connections, time).await?;
    } else {
        questions(&options, time).await?;
    }
    if let Some(pid) = options.pid {
        let (now, most) = resident(pid).context("reading how much memory the server has")?;
        println!("memory of the server: {now} MiB, at most {most} MiB");
    }
    Ok(())
}

async fn questions(options: &Options, time: Duration) -> anyhow::Result<()> {
    let client = Asker::new(&options.url, options.token.as_deref(), options.connections)?;
    let places = places(&client).await.context("looking around")?;
    println!(
        "{} compacts; {} connections; {} s each",
        places.len(),
        options.connections,
        options.seconds
    );
    println!("{}", Tally::HEAD);
    for question in QUESTIONS {
        if question.signed_in && options.token.is_none() {
            println!(
                "{}: not asked; the public is not told, so give a --token",
                question.name
            );
            continue;
        }
        let asked = client.ask_for(question, &places, (options.connections, options.anew), time);
        let tally = asked
            .await
            .with_context(|| format!("asking for {}", question.name))?;
        println!("{}", tally.line(question.name));
    }
    Ok(())
}
