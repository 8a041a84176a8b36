//! `compacts serve`: all services in one process, or one of them, until it is told to stop.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use gateway::Door;
use telemetry::{Figures, Health};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{DemoAccounts, Serve, Service};
use crate::database::Database;
use crate::door;
use crate::health;
use crate::keys;
use crate::neighbour::Signature;
use crate::settings::Settings;
use crate::system::System;
use crate::tools;
use crate::user::demo;

/// Serves until SIGTERM or SIGINT, then lets what is under way finish.
///
/// # Errors
/// When something it needs does not start, or ends by itself; the message says what to do.
pub async fn serve(
    settings: &Settings,
    options: &Serve,
    figures: Figures,
) -> anyhow::Result<ExitCode> {
    check_parts(settings, options)?;
    let listener = TcpListener::bind(settings.listen).await.with_context(|| {
        format!(
            "`listen`: {} cannot be used; stop what is there, or choose another with --listen",
            settings.listen
        )
    })?;
    let database = Database::open(settings).await?;
    if !database.switched_off().is_empty() {
        tracing::warn!(
            switched_off = database.switched_off().join(", "),
            "a crash of the database may lose what is recorded here; `allow_unsafe_database` allows it"
        );
    }
    let served = run(settings, options, figures, &database, listener).await;
    let closed = database.close().await;
    served.and(closed).map(|()| ExitCode::SUCCESS)
}

/// Refuses, before anything is started, parts that could not work together.
fn check_parts(settings: &Settings, options: &Serve) -> anyhow::Result<()> {
    if options.demo_accounts == Some(DemoAccounts::Here) {
        demo::must_be_here(settings)?;
    }
    let Some(only) = options.only else {
        return Ok(());
    };
    if only == Service::Recorder && !settings.listen.ip().is_loopback() {
        bail!(
            "`listen` must be a loopback address for `--only recorder`: it does not ask who sends a command, \
             because the gateway has"
        );
    }
    if options.demo_accounts.is_some() {
        bail!("`--demo-accounts` needs all services in one process; leave `--only` out");
    }
    if settings.database_url.is_none() {
        bail!(
            "`--only` needs `database_url`: services that run apart share one database, and a private \
             one is for a single process. Set it, or leave `--only` out"
        );
    }
    let asks_a_recorder = matches!(only, Service::Gateway | Service::Web);
    if asks_a_recorder && settings.recorder_url.is_none() {
        bail!(
            "a gateway without a recorder needs to know where one is: set `recorder_url` to where \
             `compacts serve --only recorder` listens, such as http://127.0.0.1:8081"
        );
    }
    if options.import_reference && only != Service::Recorder {
        bail!(
            "`--import-reference` needs the recorder in this process; give it to `--only recorder`, or \
             run `compacts import reference`"
        );
    }
    Ok(())
}

async fn run(
    settings: &Settings,
    options: &Serve,
    figures: Figures,
    database: &Database,
    listener: TcpListener,
) -> anyhow::Result<()> {
    if options.only.is_none() {
        // Made at the first start, by the account that serves: a tool that is run by another finds it here.
        keys::master_key(settings)?;
    }
    let health = Health::default();
    let mut system = System::start(settings, options.only, database, &health).await?;
    let routes = system
        .app()
        .merge(health::router(health, figures, Signature::of(database)));
    let door = Door {
        host: Some(settings.public_host()?),
        https: settings.https(),
        ..Door::default()
    };
    let app = gateway::guarded(routes, door);
    let address = listener.local_addr()?;
    if options.import_reference {
        tools::import_into(system.own_recorder()?, None).await?;
        // The region's ledger says which compacts there are: once it is shown, theirs are waited for too.
        system.catch_up().await?;
        system.catch_up().await?;
    }
    let demo = match options.demo_accounts {
        Some(_) => Some(demo::make(settings, database).await?),
        None => None,
    };
    system.catch_up().await?;
    announce(address, options.only, database.is_private());
    if let Some(demo) = demo {
        println!("{demo}");
    }
    let closing = system.closing();
    let serving = door::serve(listener, app, door::Limits::default(), closing.clone());
    let mut serving = tokio::spawn(serving);
    let ended = tokio::select! {
        told = told_to_stop() => told,
        () = database.ended() => {
            system.give_up_database();
            Err(anyhow!(
                "the private PostgreSQL ended by itself; the log has its last words. Start again: it recovers"
            ))
        }
        part = system.part_ended() => Err(anyhow!("the {part} ended by itself; the log says why. Start again")),
        served = &mut serving => Err(anyhow!("the HTTP server ended by itself: {served:?}")),
    };
    if let Err(error) = &ended {
        tracing::error!(%error, "stopping");
    }
    closing.cancel();
    let drain = Duration::from_secs(settings.drain_seconds);
    if !serving.is_finished() && tokio::time::timeout(drain, serving).await.is_err() {
        tracing::warn!("requests were still open after {drain:?}; they are cut off");
    }
    system.stop().await;
    tracing::info!("stopped");
    ended
}

/// Ends when the process is told to end.
async fn told_to_stop() -> anyhow::Result<()> {
    let cannot = "signals cannot be listened for";
    let mut term = signal(SignalKind::terminate()).context(cannot)?;
    let mut int = signal(SignalKind::interrupt()).context(cannot)?;
    tokio::select! {
        _ = term.recv() => tracing::info!("told to stop; finishing what is under way"),
        _ = int.recv() => tracing::info!("interrupted; finishing what is under way"),
    }
    Ok(())
}

/// Says where to look, on standard output.
fn announce(address: std::net::SocketAddr, only: Option<Service>, private: bool) {
    match only {
        None => println!("Compacts is at http://{address}/"),
        Some(only) => println!("The {} of Compacts is at http://{address}/", only.name()),
    }
    if only.is_none_or(|only| matches!(only, Service::Gateway | Service::Web)) {
        println!("  GraphQL         http://{address}/graphql");
        println!("  try it          http://{address}/graphiql");
    }
    if only.is_none_or(|only| only == Service::Web) {
        println!("  sign in         http://{address}/sign-in");
    }
    if only == Some(Service::Recorder) {
        println!("  recorder_url    http://{address} (for gateways)");
    }
    println!("  health          http://{address}/readyz");
    println!("  figures         http://{address}/metrics");
    if private {
        println!("Stop it with Ctrl-C; its private PostgreSQL stops with it.");
    }
}
