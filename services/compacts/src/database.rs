//! The database under everything: the one that was named, or a private cluster.

use anyhow::Context;
use cluster::{Cluster, ClusterOptions};
use ledger::{Pool, ServiceRole};

use crate::settings::Settings;

/// An open database, migrated, and the private cluster it may live in.
pub struct Database {
    url: String,
    connections: u32,
    cluster: Option<Cluster>,
}

impl Database {
    /// Starts the private cluster unless a URL is set, and brings the schema up to date.
    ///
    /// # Errors
    /// When the cluster does not start, the database does not answer, or a migration fails.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let (url, cluster) = if let Some(url) = &settings.database_url {
            (url.clone(), None)
        } else {
            let cluster = Cluster::start(cluster_options(settings)).await?;
            (cluster.url().to_owned(), Some(cluster))
        };
        let database = Self {
            url,
            connections: settings.connections,
            cluster,
        };
        let owner = database.pool(ServiceRole::Owner).await?;
        ledger::migrate(&owner)
            .await
            .context("the database's tables could not be brought up to date")?;
        owner.close().await;
        Ok(database)
    }

    /// Connections that can do what `role` may, and no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pool(&self, role: ServiceRole) -> anyhow::Result<Pool> {
        ledger::connect(&self.url, role, self.connections)
            .await
            .context("the database does not answer; check `database_url`, or the log of the private cluster")
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

/// Where and how the private cluster runs.
pub fn cluster_options(settings: &Settings) -> ClusterOptions {
    ClusterOptions {
        run_as: settings.postgres_user.clone(),
        ..ClusterOptions::durable(settings.data_dir.join("postgres"))
    }
}
