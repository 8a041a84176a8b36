//! The database under everything: the one that was named, or a private cluster.

use std::path::PathBuf;

use anyhow::{Context, bail};
use cluster::{Cluster, ClusterOptions};
use ledger::{Pool, ServiceRole};

use crate::settings::Settings;

/// An open database, migrated, and the private cluster it may live in.
pub struct Database {
    url: String,
    connections: u32,
    cluster: Option<Cluster>,
    switched_off: Vec<String>,
}

impl Database {
    /// Starts the private cluster unless a URL is set, and brings the schema up to date.
    ///
    /// # Errors
    /// When the cluster does not start, the database does not answer or may lose what is recorded, or a
    /// migration fails.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let (url, cluster) = if let Some(url) = &settings.database_url {
            (url.clone(), None)
        } else {
            let cluster = Cluster::start(cluster_options(settings)).await?;
            (cluster.url().to_owned(), Some(cluster))
        };
        let mut database = Self {
            url,
            connections: settings.connections,
            cluster,
            switched_off: Vec::new(),
        };
        let owner = database.pool(ServiceRole::Owner).await?;
        let switched_off = ledger::pool::unsafe_settings(&owner).await?;
        if !switched_off.is_empty() && !settings.allow_unsafe_database {
            bail!(
                "the PostgreSQL behind `database_url` runs with {} switched off, and a crash may lose or ruin \
                 what it called recorded; switch it on there, or set `allow_unsafe_database` if nobody \
                 would miss the data",
                switched_off.join(" and ")
            );
        }
        ledger::migrate(&owner)
            .await
            .context("the database's tables could not be brought up to date")?;
        owner.close().await;
        database.switched_off = switched_off;
        Ok(database)
    }

    /// The same for what works on data that is there already: where there is none, none is made.
    ///
    /// # Errors
    /// As [`Database::open`], and when no server has run there yet.
    pub async fn open_existing(settings: &Settings) -> anyhow::Result<Self> {
        if let Some(empty) = nothing_yet(settings) {
            bail!(
                "there is no data in {} yet; say where it is with --data-dir or --database-url, or begin \
                 with `compacts serve`",
                empty.display()
            );
        }
        Self::open(settings).await
    }

    /// Connections that can do what `role` may, and no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pool(&self, role: ServiceRole) -> anyhow::Result<Pool> {
        Ok(ledger::connect(&self.url, role, self.connections).await?)
    }

    /// The server's settings by which a crash may lose what is recorded. There are some only where that
    /// is allowed.
    pub fn switched_off(&self) -> &[String] {
        &self.switched_off
    }

    /// Whether it is a private cluster.
    pub const fn is_private(&self) -> bool {
        self.cluster.is_some()
    }

    /// Ends when the private cluster ended by itself; never for a database that was named.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let ended = self.cluster.as_ref().map(Cluster::ended);
        async move {
            match ended {
                Some(ended) => ended.await,
                None => std::future::pending().await,
            }
        }
    }

    /// Stops the private cluster, if there is one. Every pool must be closed by now.
    ///
    /// # Errors
    /// When the cluster does not stop in time.
    pub async fn close(self) -> anyhow::Result<()> {
        match self.cluster {
            Some(cluster) => cluster.stop().await.map_err(Into::into),
            None => Ok(()),
        }
    }
}

/// The folder a private cluster would be made in, when none has been yet.
pub fn nothing_yet(settings: &Settings) -> Option<PathBuf> {
    let folder = cluster_options(settings).data_dir;
    (settings.database_url.is_none() && !folder.exists()).then_some(folder)
}

/// Where and how the private cluster runs.
pub fn cluster_options(settings: &Settings) -> ClusterOptions {
    ClusterOptions {
        run_as: settings.postgres_user.clone(),
        ..ClusterOptions::durable(settings.data_dir.join("postgres"))
    }
}
