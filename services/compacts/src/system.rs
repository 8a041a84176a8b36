//! What runs in this process: the services asked for, wired to one another.

use std::sync::Arc;
use std::time::Duration;

use access::Access;
use anyhow::Context;
use axum::Router;
use chrono::TimeDelta;
use domain::clock::{Clock, SystemClock};
use domain::ids::{IdSource, RandomIds};
use files::{Files, Parts, Store};
use gateway::identity::{Household, Identity};
use gateway::{Decisions, Gateway, Grants, Limits, Services, Throttle, TrustedDocuments};
use ledger::{Ledger, Options, Pool, Reader, ServiceRole};
use projector::Deps;
use recorder::{Recorder, RecorderClient};
use reminders::{Outbox, Rounds, Watch};
use telemetry::Health;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vault::{Purge, SystemRandomness, Vault};
use views::search::PurgeWords;
use views::{Historian, Projected, ViewReader};
use web::{Letters, Web, Works};

use crate::cli::Service;
use crate::database::Database;
use crate::keys;
use crate::post::{Post, Round};
use crate::readiness::Readiness;
use crate::settings::Settings;
use crate::sweeping;

/// How long a request waits for the views to show what it wrote.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often each compact is looked at for reminders.
const LOOK_EVERY: Duration = Duration::from_mins(5);

/// How long the views may take to show what an import recorded.
const CATCH_UP: Duration = Duration::from_mins(2);

/// What runs in this process.
pub struct System {
    app: Router,
    access: Arc<Access>,
    clock: Arc<dyn Clock>,
    ledger: Option<Ledger>,
    /// The recorder, when it is in this process.
    own_recorder: Option<Arc<Recorder>>,
    recorder: Option<RecorderClient>,
    pools: Vec<Pool>,
    /// Seals and opens texts and what is kept of people, once it was needed.
    vault: Option<Vault>,
    /// What tells how far the views are behind, when they are kept by this process.
    followed: Option<(Reader, Projected)>,
    /// Long-lived work, each part by its name. None of it ends before it is told to.
    parts: JoinSet<&'static str>,
    /// Ends what a client could keep open for ever.
    closing: CancellationToken,
    /// Ends the parts.
    stop: CancellationToken,
}

/// What the pages ask, known to the gateway beforehand.
fn documents(settings: &Settings) -> TrustedDocuments {
    TrustedDocuments::new(web::trusted().into_values())
        .only_these_for_the_public(settings.trusted_documents_only)
}

impl System {
    /// Starts every service, or the one asked for.
    ///
    /// # Errors
    /// When the database does not answer, or an opening cut short earlier cannot be finished.
    pub async fn start(
        settings: &Settings,
        only: Option<Service>,
        database: &Database,
        health: &Health,
    ) -> anyhow::Result<Self> {
        let runs = |service| only.is_none_or(|only| only == service);
        let mut system = Self {
            app: Router::new(),
            access: Arc::new(Access::load()?),
            clock: Arc::new(SystemClock),
            ledger: None,
            own_recorder: None,
            recorder: None,
            pools: Vec::new(),
            vault: None,
            followed: None,
            parts: JoinSet::new(),
            closing: CancellationToken::new(),
            stop: CancellationToken::new(),
        };
        if runs(Service::Recorder) {
            system.start_recorder(settings, only, database).await?;
        } else if let Some(url) = &settings.recorder_url {
            system.recorder = Some(RecorderClient::http(url).context("`recorder_url`")?);
        }
        let pool = system.pool(database, ServiceRole::Gateway).await?;
        let reader = system.reader(&pool);
        let projected = Projected::new(pool.clone());
        if runs(Service::Projector) {
            let pool = system.pool(database, ServiceRole::Projector).await?;
            system.start_reminders(settings, pool.clone(), health);
            let deps = Deps {
                reader: system.reader(&pool),
                pool,
                projected: projected.clone(),
                health: health.clone(),
                clock: Arc::clone(&system.clock),
            };
            system.start_projector(settings, deps);
        }
        if runs(Service::Gateway) || runs(Service::Web) {
            let throttle = Throttle::new(settings.paces());
            let vault = system.vault(settings, database).await?;
            let grants = Grants::new(ViewReader::new(pool.clone()), projected.clone());
            let reading = (pool.clone(), reader, projected);
            let identity = system
                .identity(settings, database, (pool.clone(), grants.clone()))
                .await?;
            let files = system.files(settings, pool.clone(), vault.clone())?;
            let asking = (throttle.clone(), documents(settings));
            let services = system.services(reading, asking, (vault, files), (&identity, grants))?;
            let gateway = Gateway::new(services, system.closing.clone())?;
            let mut asked = gateway::router(gateway.clone(), Arc::new(identity.clone()));
            if runs(Service::Web) {
                asked = asked.merge(system.pages(settings, gateway, identity)?);
            }
            // The recorder's own way in is not among them: all gateways there are share one address.
            let asked = gateway::throttled(asked, throttle, settings.hops());
            system.app = system.app.merge(asked);
        }
        system.watch(health, pool).await;
        Ok(system)
    }

    /// The pages, a client of this gateway.
    fn pages(
        &mut self,
        settings: &Settings,
        gateway: Gateway,
        identity: Identity,
    ) -> anyhow::Result<Router> {
        Ok(web::router(Web::from(Works {
            gateway,
            providers: settings.providers(&self.clock)?,
            letters: self.letters(settings, identity.clone())?,
            shelf: web::Shelf::default(),
            posts: web::Posts::default(),
            public_url: settings.public_url.trim_end_matches('/').to_owned(),
            identity,
        })))
    }

    async fn pool(&mut self, database: &Database, role: ServiceRole) -> anyhow::Result<Pool> {
        let pool = database.pool(role).await?;
        self.pools.push(pool.clone());
        Ok(pool)
    }

    /// The vault of the whole process: opened once.
    async fn vault(&mut self, settings: &Settings, database: &Database) -> anyhow::Result<Vault> {
        if let Some(vault) = &self.vault {
            return Ok(vault.clone());
        }
        let keys = self.pool(database, ServiceRole::Keys).await?;
        let vault = keys::open_vault(settings, keys, Arc::clone(&self.clock)).await?;
        self.vault = Some(vault.clone());
        Ok(vault)
    }

    async fn start_recorder(
        &mut self,
        settings: &Settings,
        only: Option<Service>,
        database: &Database,
    ) -> anyhow::Result<()> {
        let pool = self.pool(database, ServiceRole::Recorder).await?;
        let options = Options {
            writers: settings.writers,
            queue: settings.queue,
            ..Options::default()
        };
        let words: Arc<dyn Purge> = Arc::new(PurgeWords::new(pool.clone()));
        let ledger = Ledger::start(pool, options, Arc::clone(&self.clock));
        let recorder = Recorder::new(
            ledger.clone(),
            Arc::clone(&self.access),
            self.vault(settings, database).await?,
            Arc::clone(&self.clock),
            settings.cached_aggregates,
        );
        let recorder = Arc::new(recorder.purging([words]));
        let begun = recorder.finish_all_openings().await?;
        if begun > 0 {
            tracing::info!(
                begun,
                "began the ledgers of compacts whose opening had been cut short"
            );
        }
        let erasures = sweeping::erasures(Arc::clone(&recorder), self.stop.child_token());
        self.part("carrying on of erasures", erasures);
        if only == Some(Service::Recorder) {
            let door = recorder::router(Arc::clone(&recorder));
            self.app = self.app.clone().merge(door);
        }
        self.ledger = Some(ledger);
        self.own_recorder = Some(Arc::clone(&recorder));
        self.recorder = Some(RecorderClient::InProcess(recorder));
        Ok(())
    }

    /// Tells who is at the door, and keeps what has ended from piling up behind it.
    async fn identity(
        &mut self,
        settings: &Settings,
        database: &Database,
        (pool, grants): (Pool, Grants),
    ) -> anyhow::Result<Identity> {
        let views = ViewReader::new(pool.clone());
        let vault = self.vault(settings, database).await?;
        let household = Household {
            vault: vault.clone(),
            pool,
            clock: Arc::clone(&self.clock),
            ids: Arc::new(RandomIds),
            settings: settings.accounts(),
        };
        let identity = Identity::new(household, views, grants);
        let sweeping = sweeping::accounts(identity.clone(), vault, self.stop.child_token());
        self.part("sweeping of accounts", sweeping);
        Ok(identity)
    }

    /// The files, and what keeps those that nothing refers to from piling up.
    fn files(&mut self, settings: &Settings, pool: Pool, vault: Vault) -> anyhow::Result<Files> {
        let files = Files::new(Parts {
            store: Store::open(&settings.files()?)?,
            pool,
            vault,
            clock: Arc::clone(&self.clock),
            ids: Arc::new(RandomIds),
            randomness: Arc::new(SystemRandomness),
            room: settings.room(),
        });
        let unused_for = TimeDelta::hours(settings.unused_file_hours.into());
        let sweeping = sweeping::files(files.clone(), unused_for, self.stop.child_token());
        self.part("sweeping of files", sweeping);
        Ok(files)
    }

    /// The box for letters, where a mail server is set.
    fn letters(
        &mut self,
        settings: &Settings,
        identity: Identity,
    ) -> anyhow::Result<Option<Arc<dyn Letters>>> {
        let Some(post) = Post::open(settings)? else {
            return Ok(None);
        };
        let (letters, round) = Round::with_box(post, identity);
        let round = round.run(self.stop.child_token());
        self.part("sending of letters", round);
        Ok(Some(Arc::new(letters)))
    }

    /// What looks at the clock, beside what keeps the views it reads.
    fn start_reminders(&mut self, settings: &Settings, pool: Pool, health: &Health) {
        let watch = Watch {
            rounds: Rounds::new(pool, settings.reminders(), LOOK_EVERY),
            clock: Arc::clone(&self.clock),
            health: health.clone(),
            readiness_lag: LOOK_EVERY * 3,
        };
        let running = reminders::run(watch, self.stop.child_token());
        self.part("noticing of reminders", running);
    }

    fn start_projector(&mut self, settings: &Settings, deps: Deps) {
        let settings = projector::Settings {
            readiness_lag: Duration::from_secs(settings.projection_lag_seconds),
            ..projector::Settings::new(RandomIds.next())
        };
        self.followed = Some((deps.reader.clone(), deps.projected.clone()));
        let running = projector::run(deps, settings, self.stop.child_token());
        self.part("projector", running);
    }

    /// Reads ledgers over this pool: woken by this process's own appends when it makes any.
    fn reader(&self, pool: &Pool) -> Reader {
        match &self.ledger {
            Some(ledger) => ledger.reader().over(pool.clone()),
            None => Reader::new(pool.clone()),
        }
    }

    fn services(
        &self,
        (pool, ledger, projected): (Pool, Reader, Projected),
        (throttle, documents): (Throttle, TrustedDocuments),
        (vault, files): (Vault, Files),
        (identity, grants): (&Identity, Grants),
    ) -> anyhow::Result<Services> {
        Ok(Services {
            views: ViewReader::new(pool.clone()).opening(vault.clone()),
            reminders: Outbox::new(pool.clone()),
            historian: Historian::new(ledger.clone(), pool).opening(vault),
            decisions: Decisions::by(Arc::clone(&self.access)),
            grants,
            files,
            ledger,
            recorder: self.recorder()?.clone(),
            projected,
            clock: Arc::clone(&self.clock),
            ids: Arc::new(RandomIds),
            limits: Limits::default(),
            throttle,
            documents,
            security: Arc::new(identity.clone()),
            drafts: Arc::new(identity.clone()),
            patience: PATIENCE,
        })
    }

    /// Looks at once, so that who asks after the start is told what was found.
    async fn watch(&mut self, health: &Health, pool: Pool) {
        let readiness = Readiness::new(health, pool, self.ledger.clone());
        readiness.look().await;
        let running = readiness.run(self.stop.child_token());
        self.part("watch over readiness", running);
    }

    fn part(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.parts.spawn(async move {
            // A panic would take the name with it.
            let task = tokio::spawn(work);
            if let Err(error) = task.await {
                tracing::error!(%error, part = name, "a part of the server broke");
            }
            name
        });
    }

    /// What is served over HTTP.
    pub fn app(&self) -> Router {
        self.app.clone()
    }

    /// The way to the recorder.
    ///
    /// # Errors
    /// When there is none here and none was named.
    fn recorder(&self) -> anyhow::Result<&RecorderClient> {
        self.recorder.as_ref().context("there is no recorder here")
    }

    /// The recorder in this process, for the installation's own work.
    ///
    /// # Errors
    /// When it runs in another process, or nowhere.
    pub fn own_recorder(&self) -> anyhow::Result<&Recorder> {
        self.own_recorder
            .as_deref()
            .context("there is no recorder in this process")
    }

    /// Cancel it, and no more requests are taken: those under way go on to their end, subscriptions are
    /// ended. Everything behind them works on until [`System::stop`].
    pub fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    /// Waits until the views show everything that is recorded, so that whoever is told where to
    /// look finds it there.
    ///
    /// # Errors
    /// When they do not, in good time.
    pub async fn catch_up(&self) -> anyhow::Result<()> {
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

    /// The first part to end, whatever made it. A server with a part missing looks alive and is not.
    pub async fn part_ended(&mut self) -> &'static str {
        match self.parts.join_next().await {
            Some(ended) => ended.unwrap_or("server"),
            None => std::future::pending().await,
        }
    }

    /// The database is gone for good: nothing waits for a connection to it any longer.
    pub fn give_up_database(&self) {
        for pool in &self.pools {
            // Closed from here on; there is nothing to wait for.
            drop(pool.close());
        }
    }

    /// Lets the ledger's writers finish what they were handed, and then the projector its step. Requests
    /// that are drained before wait for both: the views must follow for as long as anything is recorded.
    pub async fn stop(mut self) {
        self.closing.cancel();
        drop(self.own_recorder);
        drop(self.recorder);
        if let Some(ledger) = self.ledger {
            ledger.shutdown().await;
        }
        self.stop.cancel();
        while self.parts.join_next().await.is_some() {}
    }
}
