//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The commitments ledger for partnerships.
#[derive(Debug, Parser)]
#[command(name = "compacts", version, about, propagate_version = true)]
pub struct Cli {
    /// Settings that hold for every command.
    #[command(flatten)]
    pub overrides: Overrides,
    /// What to do.
    #[command(subcommand)]
    pub task: Task,
}

/// Settings given on the command line; they win over the file and the environment.
#[derive(Clone, Debug, Default, Args)]
pub struct Overrides {
    /// The settings file [default: compacts.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the private PostgreSQL cluster lives [default: .compacts]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Use this PostgreSQL instead of a private cluster
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "COMPACTS_DATABASE_URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Serve: all services in one process, or one of them
    Serve(Serve),
    /// Import data through commands
    Import {
        /// What to import.
        #[command(subcommand)]
        what: Import,
    },
    /// Fold the ledgers anew, compare with the views, and swap the new tables in
    Rebuild {
        /// Only this view [default: all]
        #[arg(long, value_name = "NAME")]
        view: Option<String>,
    },
    /// Check that every view equals the fold of its ledger, and every ledger is whole
    Check,
    /// Look for what could stop this machine from serving, and say what to do
    Doctor,
    /// Print the GraphQL schema
    Schema,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Serve only this; the others run elsewhere on the same database
    #[arg(long, value_enum)]
    pub only: Option<Service>,
    /// Where to serve HTTP [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Where the recorder is, for a gateway on its own
    #[arg(long, value_name = "URL")]
    pub recorder_url: Option<String>,
    /// Import the East Midlands reference data first (once: a second import does nothing)
    #[arg(long)]
    pub import_reference: bool,
}

/// A service that can run on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// Takes commands and writes the ledger.
    Recorder,
    /// Folds ledgers into views.
    Projector,
    /// Serves GraphQL.
    Gateway,
    /// Serves pages, and GraphQL for them.
    Web,
}

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// The East Midlands compacts of 2007 to 2010
    Reference {
        /// Read the files from here instead of the ones built in
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
}
