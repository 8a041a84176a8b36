//! The one binary: `compacts serve` runs everything; the other commands are its tools.

use std::process::ExitCode;

use clap::Parser;
use compacts::cli::Cli;

/// Events are many small pieces of memory, made on one thread and given back on another. Half again as
/// many are read and written in a second as with the system's allocator (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match compacts::run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("compacts: {}", compacts::told(&error));
            ExitCode::FAILURE
        }
    }
}
