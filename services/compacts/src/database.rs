//! The database under everything: the one that was named, or a private cluster.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use cluster::{Cluster, ClusterError, ClusterOptions, RunningCluster};
use ledger::{Address, Pool, Schema, ServiceRole};
use tokio::time::{Instant, sleep};

use crate::settings::Settings;

/// How long a tool waits for the database of a server that is just starting, or stopping.
const STARTING: Duration = Duration::from_secs(20);

/// How often it looks meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// An open database, where it is, and what it said of itself when it was opened.
pub struct Database {
    address: Address,
    connections: u32,
    place: Place,
    identity: String,
    schema: Schema,
    switched_off: Vec<String>,
}

/// Where a database is.
enum Place {
    /// Where a URL says.
    Named,
    /// In a private cluster of our own.
    Private(Cluster),
    /// In the private cluster that another process keeps running, by its id. It is that one's.
    Beside { holder: String, data_dir: PathBuf },
}

impl Database {
    /// Starts the private cluster unless a URL is set, and brings the tables up to date.
    ///
    /// # Errors
    /// When the cluster does not start, the database does not answer or may lose what is recorded, or its tables
    /// cannot be brought up to date.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let (url, place) = match &settings.database_url {
            Some(url) => (url.clone(), Place::Named),
            None => private(Cluster::start(cluster_options(settings)).await?),
        };
        let mut database = Self::at(settings, url, place).await?;
        database.prepare(settings).await?;
        Ok(database)
    }

    /// The same for work on data that is there already: where there is none, none is made, and a server that is
    /// running shares its private cluster. Its tables are the server's to bring up to date.
    ///
    /// # Errors
    /// As [`Database::open`], when no server has run there yet, and when a running one's tables are of another
    /// version.
    pub async fn open_existing(settings: &Settings) -> anyhow::Result<Self> {
        let mut database = Self::reach(settings).await?;
        match database.place {
            Place::Beside { .. } => database.must_be_current()?,
            Place::Named | Place::Private(_) => database.prepare(settings).await?,
        }
        Ok(database)
    }

    /// The same for a look: nothing in it is changed, its tables neither.
    ///
    /// # Errors
    /// As [`Database::open_existing`], whosever the tables are.
    pub async fn look_into(settings: &Settings) -> anyhow::Result<Self> {
        let database = Self::reach(settings).await?;
        database.must_be_current()?;
        Ok(database)
    }

    /// Data that is there already, as it is: by its URL, in the private cluster, or in the one that a running
    /// server keeps.
    ///
    /// # Errors
    /// When no server has run there yet, or the cluster neither starts nor runs.
    pub async fn reach(settings: &Settings) -> anyhow::Result<Self> {
        if let Some(empty) = nothing_yet(settings)? {
            bail!(
                "there is no data in {} yet; say where it is with --data-dir or --database-url, or begin \
                 with `compacts serve`",
                empty.display()
            );
        }
        let (url, place) = match &settings.database_url {
            Some(url) => (url.clone(), Place::Named),
            None => private_or_beside(settings).await?,
        };
        Self::at(settings, url, place).await
    }

    /// Lets the database say what it is.
    async fn at(settings: &Settings, url: String, place: Place) -> anyhow::Result<Self> {
        let connections = settings.connections;
        let address = Address::new(&url, settings.service_password.as_deref())?;
        let owner = ledger::connect(&address, ServiceRole::Owner, connections).await?;
        let database = Self {
            address,
            connections,
            place,
            identity: ledger::identity(&owner).await?,
            schema: ledger::schema(&owner).await?,
            switched_off: ledger::pool::unsafe_settings(&owner).await?,
        };
        owner.close().await;
        Ok(database)
    }

    /// Makes sure that what is recorded here is kept, and that the tables are this program's.
    async fn prepare(&mut self, settings: &Settings) -> anyhow::Result<()> {
        if !settings.allow_unsafe_database
            && let Some(why) = self.may_lose_data()
        {
            bail!("{why}");
        }
        if matches!(self.schema, Schema::Absent | Schema::Earlier) {
            let owner = self.pool(ServiceRole::Owner).await?;
            ledger::migrate(&owner)
                .await
                .context("the database's tables could not be brought up to date")?;
            owner.close().await;
            self.schema = Schema::Current;
        }
        self.must_be_current()
    }

    fn must_be_current(&self) -> anyhow::Result<()> {
        match other_version(self.schema) {
            Some(what) => bail!("{what}"),
            None => Ok(()),
        }
    }

    /// How its tables stood to this program.
    pub const fn schema(&self) -> Schema {
        self.schema
    }

    /// What tells it from every other database.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The server's settings by which a crash may lose what is recorded.
    pub fn switched_off(&self) -> &[String] {
        &self.switched_off
    }

    /// Why nothing should be recorded here; none when what is recorded is kept.
    pub fn may_lose_data(&self) -> Option<String> {
        (!self.switched_off.is_empty()).then(|| {
            format!(
                "the PostgreSQL behind `database_url` runs with {} switched off, and a crash may lose or ruin \
                 what it called recorded; switch it on there, or set `allow_unsafe_database` if nobody \
                 would miss the data",
                self.switched_off.join(" and ")
            )
        })
    }

    /// Connections that can do what `role` may, and no more. A service has it proved first that this is so, and that
    /// the database keeps compacts apart.
    ///
    /// # Errors
    /// When the database does not answer, or the proof fails.
    pub async fn pool(&self, role: ServiceRole) -> anyhow::Result<Pool> {
        let pool = ledger::connect(&self.address, role, self.connections).await?;
        if role != ServiceRole::Owner {
            let mut connection = pool.acquire().await?;
            ledger::isolation::prove(&mut connection, role).await?;
        }
        Ok(pool)
    }

    /// Whether it is a private cluster of our own.
    pub const fn is_private(&self) -> bool {
        matches!(self.place, Place::Private(_))
    }

    /// Whether it is in the private cluster that another process keeps.
    pub const fn is_beside(&self) -> bool {
        matches!(self.place, Place::Beside { .. })
    }

    /// Where it is, in words.
    pub fn place(&self) -> String {
        match &self.place {
            Place::Named => "by URL".to_owned(),
            Place::Private(_) => "private cluster".to_owned(),
            Place::Beside { holder, .. } => {
                format!("private cluster that process {holder} is running")
            }
        }
    }

    /// Ends when the private cluster ended by itself; never for a database that was named.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let ended = match &self.place {
            Place::Private(cluster) => Some(cluster.ended()),
            Place::Named | Place::Beside { .. } => None,
        };
        async move {
            match ended {
                Some(ended) => ended.await,
                None => std::future::pending().await,
            }
        }
    }

    /// An error of work in it, with what explains it if the process that keeps it has taken it away.
    pub fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        match &self.place {
            Place::Beside { holder, data_dir } if RunningCluster::find(data_dir).is_none() => error
                .context(format!(
                    "process {holder} stopped meanwhile, and its private PostgreSQL with it; run this again"
                )),
            _ => error,
        }
    }

    /// Stops the private cluster, if there is one of our own. Every pool must be closed by now.
    ///
    /// # Errors
    /// When the cluster does not stop in time.
    pub async fn close(self) -> anyhow::Result<()> {
        match self.place {
            Place::Private(cluster) => cluster.stop().await.map_err(Into::into),
            Place::Named | Place::Beside { .. } => Ok(()),
        }
    }
}

/// A private cluster of our own, or the one another process keeps in the same place.
async fn private_or_beside(settings: &Settings) -> anyhow::Result<(String, Place)> {
    let deadline = Instant::now() + STARTING;
    loop {
        let options = cluster_options(settings);
        let data_dir = options.data_dir.clone();
        let holder = match Cluster::start(options).await {
            Ok(cluster) => return Ok(private(cluster)),
            Err(ClusterError::InUse { holder, .. }) => holder,
            Err(error) => return Err(error.into()),
        };
        if let Some(running) = RunningCluster::find(&data_dir) {
            let url = running.url().to_owned();
            return Ok((url, Place::Beside { holder, data_dir }));
        }
        if Instant::now() >= deadline {
            bail!(
                "process {holder} is using {}, but its PostgreSQL takes no connections; it may be \
                 starting or stopping: wait for it, or end it, and run this again",
                data_dir.display()
            );
        }
        sleep(LOOK_AGAIN).await;
    }
}

fn private(cluster: Cluster) -> (String, Place) {
    (cluster.url().to_owned(), Place::Private(cluster))
}

/// Why this program cannot work with such tables, and what to do; none when it can.
pub fn other_version(schema: Schema) -> Option<String> {
    let version = env!("CARGO_PKG_VERSION");
    match schema {
        Schema::Current => None,
        Schema::Absent => Some(
            "the database has no tables yet; begin with `compacts serve`, which makes them"
                .to_owned(),
        ),
        Schema::Earlier => Some(format!(
            "the database's tables are older than this program (version {version}); start `compacts serve` \
             of this version, which brings them up to date, and run this again"
        )),
        Schema::Later => Some(format!(
            "the database's tables are newer than this program (version {version}); use the version of \
             Compacts that made them, or a later one"
        )),
        Schema::Another => Some(format!(
            "the database's tables were made by another build of Compacts than this program (version \
             {version}), and the two do not agree about them; use the build that made them"
        )),
    }
}

/// The folder a private cluster would be made in, when none has been yet.
///
/// # Errors
/// When the folder cannot be looked into.
pub fn nothing_yet(settings: &Settings) -> anyhow::Result<Option<PathBuf>> {
    if settings.database_url.is_some() {
        return Ok(None);
    }
    let folder = cluster_options(settings).data_dir;
    let made = Cluster::is_made(&folder)?;
    Ok((!made).then_some(folder))
}

/// Where and how the private cluster runs.
pub fn cluster_options(settings: &Settings) -> ClusterOptions {
    ClusterOptions {
        run_as: settings.postgres_user.clone(),
        ..ClusterOptions::durable(settings.data_dir.join("postgres"))
    }
}
