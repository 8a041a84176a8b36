//! The one binary: `compacts serve` runs everything; the other commands are its tools.

use std::process::ExitCode;

use clap::Parser;
use compacts::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match compacts::run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("compacts: {error:#}");
            ExitCode::FAILURE
        }
    }
}
