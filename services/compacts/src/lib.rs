//! What the one binary is made of: `serve`, and the tools beside it.

pub mod cli;
mod database;
mod doctor;
mod door;
pub mod generate;
mod health;
mod keys;
mod neighbour;
mod post;
mod readiness;
pub mod reference;
mod serve;
pub mod settings;
mod sweeping;
mod system;
mod tools;
pub mod user;

use std::process::ExitCode;

use cli::{Cli, Import, Overrides, Task};
use settings::Settings;
use telemetry::Figures;

/// Does what the command line asks.
///
/// # Errors
/// What stopped it, in words for the person at the terminal.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Task::Schema = cli.task {
        print!("{}", gateway::schema_sdl());
        return Ok(ExitCode::SUCCESS);
    }
    let settings = settings(&cli)?;
    telemetry::init(&settings.log())?;
    let figures = Figures::install()?;
    match &cli.task {
        Task::Serve(options) => serve::serve(&settings, options, figures).await,
        Task::Import {
            what: Import::Reference { from },
        } => tools::import_reference(&settings, from.as_deref()).await,
        Task::Generate(size) => tools::generate(&settings, (*size).into()).await,
        Task::Rebuild { view } => tools::rebuild(&settings, view.as_deref()).await,
        Task::Check => tools::check(&settings).await,
        Task::User { what } => user::run(&settings, what).await,
        Task::Doctor => doctor::doctor(&settings).await,
        Task::Schema => Ok(ExitCode::SUCCESS),
    }
}

/// The settings from every source, the command line's last.
fn settings(cli: &Cli) -> anyhow::Result<Settings> {
    let Overrides {
        config,
        data_dir,
        database_url,
    } = &cli.overrides;
    let mut settings = Settings::load(config.as_deref())?;
    if let Some(data_dir) = data_dir {
        settings.data_dir.clone_from(data_dir);
    }
    if database_url.is_some() {
        settings.database_url.clone_from(database_url);
    }
    if let Task::Serve(options) = &cli.task {
        settings.listen = options.listen.unwrap_or(settings.listen);
        if options.recorder_url.is_some() {
            settings.recorder_url.clone_from(&options.recorder_url);
        }
    }
    settings.check()?;
    Ok(settings)
}

/// An error with its causes, for a person: a cause that was told already is not told again.
pub fn told(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        if told.contains(&cause) {
            told
        } else if told.is_empty() {
            cause
        } else {
            format!("{told}: {cause}")
        }
    })
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::told;

    #[test]
    fn every_cause_is_told_once() {
        let cause = anyhow::anyhow!("the disk is full");
        let error = cause
            .context("it broke: the disk is full")
            .context("could not start");
        assert_eq!(told(&error), "could not start: it broke: the disk is full");
        let error = anyhow::Result::<()>::Err(anyhow::anyhow!("b")).context("a");
        assert_eq!(told(&error.expect_err("an error")), "a: b");
    }
}
