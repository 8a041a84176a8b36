//! `make bench`: the ledger beside its peers, on one scratch cluster, in one run.
//!
//! Everything runs in one process against one durable PostgreSQL cluster made for the run: the ledger as
//! the services use it, cqrs-es with postgres-es as its documentation sets it up, and a floor that only puts
//! rows in. Contenders take turns in rounds, so that what else the machine does falls on all of them. It
//! prints figures, ratios and what the ratios should be; `docs/benchmarks.md` says how to read them.

mod commands;
mod cpu;
mod diary;
mod floor;
mod growth;
mod history;
mod ids;
mod machine;
mod measure;
mod ours;
mod peer;
#[cfg(feature = "protection")]
mod protection;
mod replay;
mod report;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use domain::clock::{Clock, SystemClock};
use sqlx::{Connection, PgConnection};

use crate::commands::Load;
use crate::machine::Machine;
use crate::report::{Case, Report, Settings};
use crate::server::Server;

/// As in the binary that serves; every contender has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the ledger beside its peers and prints figures, ratios and aims.
#[derive(Parser)]
struct Options {
    /// How long one sample of commands takes, in seconds.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,

    /// How many times every contender is sampled, in turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,

    /// Only these benchmarks; all of them if none is named.
    #[arg(long, value_enum)]
    only: Vec<Suite>,

    /// With so many callers sending commands at a time.
    #[arg(long, default_values_t = commands::CALLERS)]
    callers: Vec<usize>,

    /// Only contenders with this in their name: for profiling one of them.
    #[arg(long, value_name = "NAME")]
    contender: Option<String>,

    /// Small and short: proves that everything runs, measures nothing.
    #[arg(long)]
    quick: bool,

    /// Fails when an aim is missed. Not for a machine that others use.
    #[arg(long)]
    strict: bool,

    /// Writes the whole report here as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// A server to measure on instead of a scratch cluster; databases are made on it and dropped.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// A benchmark.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// Load, decide, append.
    Commands,
    /// Reading back: into a view, and a full rebuild.
    Replay,
    /// Append with many entries in the table.
    Growth,
    /// What access control and sealing add.
    #[cfg(feature = "protection")]
    Protection,
}

impl Options {
    fn wants(&self, suite: Suite) -> bool {
        self.only.is_empty() || self.only.contains(&suite)
    }

    fn settings(&self) -> Settings {
        if self.quick {
            return Settings {
                seconds: 0.1,
                rounds: 1,
                quick: true,
            };
        }
        Settings {
            seconds: self.seconds,
            rounds: self.rounds,
            quick: false,
        }
    }
}

impl Settings {
    /// How long one sample takes.
    pub fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// `full` of something, or `few` when only proving that it runs.
    pub const fn size(&self, full: usize, few: usize) -> usize {
        if self.quick { few } else { full }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    anyhow::ensure!(
        options.seconds > 0.0 && options.rounds > 0 && !options.callers.contains(&0),
        "--seconds, --rounds and --callers must be more than 0"
    );
    let server = Server::start(options.database_url.clone()).await?;
    let outcome = tokio::select! {
        outcome = run(&options, &server) => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    server.stop().await?;
    let report = outcome?;
    let (reached, all) = report.score();
    println!("\n{reached} of {all} aims reached");
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&report)?;
        std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    anyhow::ensure!(
        !options.strict || reached == all,
        "{} of {all} aims were missed",
        all - reached
    );
    Ok(())
}

async fn run(options: &Options, server: &Server) -> anyhow::Result<Report> {
    let settings = options.settings();
    let date = SystemClock.today().to_string();
    let mut connection = PgConnection::connect(server.url()).await?;
    let machine = Machine::look(&mut connection, date).await?;
    connection.close().await?;
    println!("{}", machine.lines());
    if settings.quick {
        println!("--quick: this proves that everything runs; the figures mean nothing");
    }
    let mut cases = Vec::new();
    let mut tell = |case: Case| {
        print!("{}", case.table());
        cases.push(case);
    };
    if options.wants(Suite::Commands) {
        let load = Load {
            callers: options.callers.clone(),
            contender: options.contender.clone(),
        };
        commands::run(server, settings, &load, &mut tell).await?;
    }
    if options.wants(Suite::Growth) {
        growth::run(server, settings, &mut tell).await?;
    }
    if options.wants(Suite::Replay) {
        replay::run(server, settings, options.contender.as_deref(), &mut tell).await?;
    }
    #[cfg(feature = "protection")]
    if options.wants(Suite::Protection) {
        protection::run(server, settings, &mut tell).await?;
    }
    Ok(Report {
        machine,
        settings,
        cases,
    })
}
