//! `compacts serve`: all services in one process, or one of them, until it is told to stop.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use domain::clock::{Clock, SystemClock};
use domain::ids::{IdSource, RandomIds};
use gateway::{Gateway, Limits, Services};
use ledger::{Ledger, Options, Reader, ServiceRole};
use projector::Deps;
use recorder::{Recorder, RecorderClient};
use telemetry::{Figures, Health};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use views::{Historian, Projected, ViewReader};

use crate::cli::{Serve, Service};
use crate::database::Database;
use crate::health;
use crate::settings::Settings;
use crate::tools;

/// How long a request waits for the views to show what it wrote.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the views may take to show what an import recorded.
const CATCH_UP: Duration = Duration::from_mins(2);

/// What runs in this process.
struct System {
    app: Router,
    ledger: Option<Ledger>,
    recorder: Option<RecorderClient>,
    projector: TaskTracker,
    /// What tells how far the views are behind, when they are kept by this process.
    followed: Option<(Reader, Projected)>,
    stop: CancellationToken,
}

/// Serves until SIGTERM or SIGINT, then lets what is under way finish.
///
/// # Errors
/// When something it needs does not start; the message says what to do.
pub async fn serve(
    settings: &Settings,
    options: &Serve,
    figures: Figures,
) -> anyhow::Result<ExitCode> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("`listen`: {} cannot be used", settings.listen))?;
    let database = Database::open(settings).await?;
    let served = run(settings, options, figures, &database, listener).await;
    let closed = database.close().await;
    served.and(closed).map(|()| ExitCode::SUCCESS)
}

async fn run(
    settings: &Settings,
    options: &Serve,
    figures: Figures,
    database: &Database,
    listener: TcpListener,
) -> anyhow::Result<()> {
    let health = Health::default();
    let system = System::start(settings, options.only, database, &health).await?;
    let app = system.app.clone().merge(health::router(health, figures));
    let address = listener.local_addr()?;
    if options.import_reference {
        let client = system
            .recorder
            .as_ref()
            .context("`--import-reference` needs the recorder")?;
        tools::import_into(client, None).await?;
        system.catch_up().await?;
        system.catch_up().await?;
    }
    announce(address, options.only, database.is_private());
    let stop = system.stop.clone();
    tokio::spawn(stop_on_signal(stop.clone(), database.ended()));
    let serving = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let serving = tokio::spawn(serving.into_future());
    stop.cancelled().await;
    let drain = Duration::from_secs(settings.drain_seconds);
    if let Ok(served) = tokio::time::timeout(drain, serving).await {
        served??;
    } else {
        tracing::warn!("requests were still open after {drain:?}; they are cut off");
    }
    system.stop().await;
    tracing::info!("stopped");
    Ok(())
}

impl System {
    async fn start(
        settings: &Settings,
        only: Option<Service>,
        database: &Database,
        health: &Health,
    ) -> anyhow::Result<Self> {
        let runs = |service| only.is_none_or(|only| only == service);
        let mut system = Self {
            app: Router::new(),
            ledger: None,
            recorder: None,
            projector: TaskTracker::new(),
            followed: None,
            stop: CancellationToken::new(),
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        if runs(Service::Recorder) {
            system
                .start_recorder(settings, only, database, Arc::clone(&clock))
                .await?;
        } else if let Some(url) = &settings.recorder_url {
            system.recorder = Some(RecorderClient::http(url));
        }
        let reader = system.reader(database).await?;
        let projected = Projected::new(database.pool(ServiceRole::Gateway).await?);
        if runs(Service::Projector) {
            let deps = Deps {
                reader: reader.clone(),
                pool: database.pool(ServiceRole::Projector).await?,
                projected: projected.clone(),
                health: health.clone(),
                clock: Arc::clone(&clock),
            };
            system.start_projector(settings, deps);
        }
        if runs(Service::Gateway) || runs(Service::Web) {
            let services = system.services(database, reader, projected, clock).await?;
            let gateway = Gateway::new(services, system.stop.clone())?;
            system.app = system.app.merge(gateway::router(gateway.clone()));
            if runs(Service::Web) {
                system.app = system.app.merge(web::router(gateway));
            }
        }
        Ok(system)
    }

    async fn start_recorder(
        &mut self,
        settings: &Settings,
        only: Option<Service>,
        database: &Database,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<()> {
        let pool = database.pool(ServiceRole::Recorder).await?;
        let options = Options {
            writers: settings.writers,
            queue: settings.queue,
            ..Options::default()
        };
        let ledger = Ledger::start(pool, options, Arc::clone(&clock));
        let recorder = Arc::new(Recorder::new(
            ledger.clone(),
            clock,
            settings.cached_aggregates,
        ));
        let begun = recorder.finish_all_openings().await?;
        if begun > 0 {
            tracing::info!(
                begun,
                "began the ledgers of compacts whose opening had been cut short"
            );
        }
        if only == Some(Service::Recorder) {
            self.app = self
                .app
                .clone()
                .merge(recorder::router(Arc::clone(&recorder)));
        }
        self.ledger = Some(ledger);
        self.recorder = Some(RecorderClient::InProcess(recorder));
        Ok(())
    }

    fn start_projector(&mut self, settings: &Settings, deps: Deps) {
        let settings = projector::Settings {
            readiness_lag: Duration::from_secs(settings.projection_lag_seconds),
            ..projector::Settings::new(RandomIds.next())
        };
        self.followed = Some((deps.reader.clone(), deps.projected.clone()));
        self.projector
            .spawn(projector::run(deps, settings, self.stop.child_token()));
    }

    /// Waits until the views show everything that is recorded, so that whoever is told where to
    /// look finds it there.
    async fn catch_up(&self) -> anyhow::Result<()> {
        let Some((reader, projected)) = &self.followed else {
            return Ok(());
        };
        let deadline = tokio::time::Instant::now() + CATCH_UP;
        for ledger in reader.ledgers().await? {
            let head = reader.head(ledger).await?.map_or(0, |head| head.position);
            projected
                .wait(ledger, head, deadline)
                .await
                .context("the views did not catch up with the ledgers")?;
        }
        Ok(())
    }

    /// Reads ledgers: woken by this process's own appends when it makes any.
    async fn reader(&self, database: &Database) -> anyhow::Result<Reader> {
        Ok(match &self.ledger {
            Some(ledger) => ledger.reader().clone(),
            None => Reader::new(database.pool(ServiceRole::Gateway).await?),
        })
    }

    async fn services(
        &self,
        database: &Database,
        ledger: Reader,
        projected: Projected,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Services> {
        let recorder = self.recorder.clone().context(
            "a gateway without a recorder needs to know where one is: set `recorder_url`",
        )?;
        let pool = database.pool(ServiceRole::Gateway).await?;
        Ok(Services {
            views: ViewReader::new(pool.clone()),
            historian: Historian::new(ledger.clone(), pool),
            ledger,
            recorder,
            projected,
            clock,
            ids: Arc::new(RandomIds),
            limits: Limits::default(),
            patience: PATIENCE,
        })
    }

    /// Lets the projector finish its step and the ledger's writers what they were handed.
    async fn stop(self) {
        self.projector.close();
        self.projector.wait().await;
        drop(self.recorder);
        if let Some(ledger) = self.ledger {
            ledger.shutdown().await;
        }
    }
}

/// Cancels `stop` when the process is told to end, or when its private PostgreSQL ended by itself.
async fn stop_on_signal(stop: CancellationToken, ended: impl Future<Output = ()>) {
    let (mut term, mut int) = match (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) {
        (Ok(term), Ok(int)) => (term, int),
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "signals cannot be listened for; stopping");
            return stop.cancel();
        }
    };
    tokio::select! {
        _ = term.recv() => tracing::info!("told to stop; finishing what is under way"),
        _ = int.recv() => tracing::info!("interrupted; finishing what is under way"),
        () = ended => tracing::error!("the private PostgreSQL ended by itself; stopping"),
    }
    stop.cancel();
}

/// Says where to look, on standard output.
fn announce(address: std::net::SocketAddr, only: Option<Service>, private: bool) {
    println!("Compacts is at http://{address}/");
    if only.is_none_or(|only| matches!(only, Service::Gateway | Service::Web)) {
        println!("  GraphQL         http://{address}/graphql");
        println!("  try it          http://{address}/graphiql");
    }
    println!("  health          http://{address}/readyz");
    println!("  figures         http://{address}/metrics");
    println!("There is no access control yet: it listens on this machine only, and believes the");
    println!("x-actor and x-actor-role headers of whoever calls.");
    if private {
        println!("Stop it with Ctrl-C; its private PostgreSQL stops with it.");
    }
}
