//! The cluster of the run, and databases on it.

use std::str::FromStr;

use anyhow::Context;
use cluster::{Cluster, ClusterOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;

/// A durable cluster in a temporary folder, or a server that was there already.
///
/// Durable although it is thrown away: what an acknowledged commit costs is what is measured.
pub struct Server {
    url: String,
    cluster: Option<(Cluster, TempDir)>,
}

impl Server {
    /// Takes the server at `url`, or makes a cluster.
    ///
    /// # Errors
    /// When the cluster cannot be made or started.
    pub async fn start(url: Option<String>) -> anyhow::Result<Self> {
        if let Some(url) = url {
            return Ok(Self { url, cluster: None });
        }
        // Not the user's own temporary folder: run by root, PostgreSQL's account must be able to reach it.
        let folder = tempfile::Builder::new()
            .prefix("compacts-bench-")
            .tempdir_in("/tmp")?;
        let cluster =
            Cluster::start(ClusterOptions::durable(folder.path().join("cluster"))).await?;
        Ok(Self {
            url: cluster.url().to_owned(),
            cluster: Some((cluster, folder)),
        })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes an empty database, replacing the one an earlier benchmark left under its name.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn fresh_database(&self, name: &str) -> anyhow::Result<String> {
        let name = format!("bench_{name}");
        let mut connection = PgConnection::connect(&self.url).await?;
        for statement in [
            format!("drop database if exists {name} with (force)"),
            format!("create database {name}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await?;
        }
        connection.close().await?;
        let options = PgConnectOptions::from_str(&self.url)?.database(&name);
        Ok(options.to_url_lossy().to_string())
    }

    /// Makes a database with the ledger's tables.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn fresh_ledger(&self, name: &str) -> anyhow::Result<String> {
        let url = self.fresh_database(name).await?;
        let mut connection = PgConnection::connect(&url).await?;
        ledger::MIGRATOR
            .run(&mut connection)
            .await
            .context("making the ledger's tables")?;
        connection.close().await?;
        Ok(url)
    }

    /// Lets the server finish what filling databases left to be done, so that it is not done while
    /// something is measured: statistics and visibility of each database at `urls`, then everything
    /// to disk.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn settle(&self, urls: &[&str]) -> anyhow::Result<()> {
        for url in urls {
            let mut connection = PgConnection::connect(url).await?;
            sqlx::raw_sql("vacuum analyze")
                .execute(&mut connection)
                .await?;
            connection.close().await?;
        }
        let mut connection = PgConnection::connect(&self.url).await?;
        sqlx::raw_sql("checkpoint").execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// Stops the cluster and removes its folder.
    ///
    /// # Errors
    /// When either fails.
    pub async fn stop(self) -> anyhow::Result<()> {
        if let Some((cluster, folder)) = self.cluster {
            cluster.stop().await?;
            folder.close()?;
        }
        Ok(())
    }
}
