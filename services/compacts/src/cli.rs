//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::generate::Size;
use crate::user::User;

/// The commitments ledger for partnerships
#[derive(Debug, Parser)]
#[command(
    name = "compacts",
    version,
    about = "The commitments ledger for partnerships",
    after_help = "Begin with `compacts serve --import-reference`. Every other setting is in the settings file \
                  or in COMPACTS_<SETTING> in the environment; deploy/compacts.toml explains them."
)]
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
    /// Use this PostgreSQL instead of a private cluster: `postgres://user@host/database`
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
    /// Import data; importing it again adds nothing
    Import {
        /// What to import.
        #[command(subcommand)]
        what: Import,
    },
    /// Fill an empty database with an invented region, large enough to measure; the same every time
    Generate(Generate),
    /// Make the views anew from the ledgers, say what differed, and swap them in
    Rebuild {
        /// Only this view [default: all]
        #[arg(long, value_name = "NAME")]
        view: Option<String>,
    },
    /// Accounts: invite people, give them roles, shut accounts
    User {
        /// What to do.
        #[command(subcommand)]
        what: User,
    },
    /// Check that every ledger is whole and every view is what its ledger says
    Check,
    /// Look for what could stop this machine from serving, and say what to do
    Doctor,
    /// Print the GraphQL schema
    Schema,
}

/// Options of `generate`.
#[derive(Clone, Copy, Debug, Args)]
pub struct Generate {
    /// How many compacts
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub compacts: u32,
    /// How many organisations each compact has
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub organisations: u32,
    /// How many years of history, from 2007 on
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=18))]
    pub years: u32,
    /// Another number makes another region of the same size
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

impl From<Generate> for Size {
    fn from(asked: Generate) -> Self {
        let Generate {
            compacts,
            organisations,
            years,
            seed,
        } = asked;
        Self {
            compacts,
            organisations,
            years,
            seed,
        }
    }
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Serve only this; the others run elsewhere on the same database (needs a database URL)
    #[arg(long, value_enum)]
    pub only: Option<Service>,
    /// Where to serve HTTP [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Where the recorder listens, for `--only gateway` and `--only web`
    #[arg(long, value_name = "URL")]
    pub recorder_url: Option<String>,
    /// Import the East Midlands reference data first (once: a second import does nothing)
    #[arg(long)]
    pub import_reference: bool,
    /// Make an account for every role in that data, and print how to sign in with each; `anywhere` also where others
    /// can reach this server
    #[arg(
        long,
        value_enum,
        value_name = "WHERE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "here",
        requires = "import_reference"
    )]
    pub demo_accounts: Option<DemoAccounts>,
}

/// Where demo accounts are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DemoAccounts {
    /// Where nobody but this machine itself can use them.
    Here,
    /// Also where others can.
    Anywhere,
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

impl Service {
    /// Its name, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recorder => "recorder",
            Self::Projector => "projector",
            Self::Gateway => "gateway",
            Self::Web => "pages",
        }
    }
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_put_together_right() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_system_service_starts_us_with_options_we_have() {
        let unit = include_str!("../../../deploy/compacts.service");
        let line = unit
            .lines()
            .find_map(|line| line.strip_prefix("ExecStart="));
        let cli = Cli::try_parse_from(line.expect("a line").split_whitespace());
        let cli = cli.expect("options we have");
        assert!(matches!(cli.task, Task::Serve(_)));
        assert!(cli.overrides.config.is_some() && cli.overrides.data_dir.is_some());
    }

    #[test]
    fn the_container_starts_us_with_options_we_have() {
        let file = include_str!("../../../deploy/Containerfile");
        let words = |instruction| {
            let line = file.lines().find_map(|line| line.strip_prefix(instruction));
            serde_json::from_str::<Vec<String>>(line.expect("a line")).expect("a list")
        };
        let line = [words("ENTRYPOINT "), words("CMD ")].concat();
        let cli = Cli::try_parse_from(line).expect("options we have");
        assert!(matches!(cli.task, Task::Serve(_)));
    }
}
