//! Where sealed content lies: a directory of this machine, or a bucket of an S3-compatible service.

use std::fmt;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use tokio::io::AsyncWriteExt;

use crate::content::ContentOf;
use crate::error::FilesError;

/// How much of one upload waits in memory to be written, twice over: the smallest part that S3 takes.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// How long an answer of an S3-compatible service may take, and how often it is asked again.
const PATIENCE: Duration = Duration::from_secs(30);
const TRIES: usize = 3;

/// Where the store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// A directory, made if it is not there.
    Directory(PathBuf),
    /// A bucket.
    S3(S3),
}

/// A bucket of an S3-compatible service.
#[derive(Clone, PartialEq, Eq)]
pub struct S3 {
    /// The bucket's name. It must be there.
    pub bucket: String,
    /// The region it is in; what the service calls it.
    pub region: String,
    /// Where the service is, for others than Amazon's: `https://…`, or `http://…` on this machine.
    pub endpoint: Option<String>,
    /// The account's key.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
}

/// Does not show the secret.
impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3")
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// Why there is no such store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The directory cannot be made or used.
    #[error("the directory for files, {}, cannot be made or used", .path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What is said of the bucket does not fit together.
    #[error("the bucket for files cannot be used as it is set")]
    Bucket(#[source] object_store::Error),
}

/// Keeps sealed content. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// Of a store that is one: where half-written objects lie.
    directory: Option<PathBuf>,
}

impl Store {
    /// Opens the store. A service on the network is not asked anything yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(whereabouts: &Whereabouts) -> Result<Self, StoreError> {
        match whereabouts {
            Whereabouts::Directory(path) => Self::directory(path),
            Whereabouts::S3(s3) => Self::bucket(s3),
        }
    }

    /// A store that is gone with the process: for tests.
    pub fn in_memory() -> Self {
        Self::over(Arc::new(InMemory::new()))
    }

    /// A store over any other objects.
    pub fn over(objects: Arc<dyn ObjectStore>) -> Self {
        Self {
            objects,
            directory: None,
        }
    }

    fn directory(path: &FilePath) -> Result<Self, StoreError> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Directory {
            path: path.to_owned(),
            source,
        };
        let mut builder = DirBuilder::new();
        // Sealed or not, nobody else needs to look into it.
        let made = builder.recursive(true).mode(0o700).create(path);
        made.map_err(|error| failed(error.into()))?;
        let objects = LocalFileSystem::new_with_prefix(path);
        let objects = objects.map_err(|error| failed(error.into()))?;
        // Acknowledged means on disk, here too.
        let objects = objects.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self {
            objects: Arc::new(objects),
            directory: Some(path.to_owned()),
        })
    }

    fn bucket(s3: &S3) -> Result<Self, StoreError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&s3.bucket)
            .with_region(&s3.region)
            .with_access_key_id(&s3.access_key_id)
            .with_secret_access_key(&s3.secret_access_key)
            // Not every service that calls itself compatible deletes several at once.
            .with_disable_bulk_delete(true)
            .with_client_options(ClientOptions::new().with_timeout(PATIENCE))
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: TRIES,
                retry_timeout: PATIENCE,
            });
        if let Some(endpoint) = &s3.endpoint {
            builder = builder
                .with_endpoint(endpoint)
                .with_allow_http(endpoint.starts_with("http://"));
        }
        let objects = builder.build().map_err(StoreError::Bucket)?;
        Ok(Self::over(Arc::new(objects)))
    }

    /// Begins to write. Nothing is there until it is [finished](Writing::finish).
    pub(crate) fn write(&self, of: ContentOf) -> Writing {
        let writer = BufWriter::with_capacity(Arc::clone(&self.objects), place(of), PART_BYTES);
        Writing(writer.with_max_concurrency(1))
    }

    /// What lies there, as it comes; none when nothing does.
    pub(crate) async fn read(
        &self,
        of: ContentOf,
    ) -> Result<Option<BoxStream<'static, Result<Bytes, FilesError>>>, FilesError> {
        match self.objects.get(&place(of)).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(FilesError::from).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes away what lies there, and what was being written there and was left by a crash. When nothing does, nothing happens.
    pub(crate) async fn delete(&self, of: ContentOf) -> Result<(), FilesError> {
        match self.objects.delete(&place(of)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        match &self.directory {
            Some(directory) => delete_half_written(directory, of).await,
            None => Ok(()),
        }
    }
}

/// An object being written.
pub(crate) struct Writing(BufWriter);

impl Writing {
    pub(crate) async fn put(&mut self, piece: Bytes) -> Result<(), FilesError> {
        Ok(self.0.put(piece).await?)
    }

    /// Puts it in its place, whole.
    pub(crate) async fn finish(mut self) -> Result<(), FilesError> {
        Ok(self.0.shutdown().await?)
    }

    /// Leaves nothing of it.
    pub(crate) async fn abandon(mut self) -> Result<(), FilesError> {
        Ok(self.0.abort().await?)
    }
}

/// Where content lies: under its ledger, by its random id.
fn place(of: ContentOf) -> Path {
    Path::from(format!("{}/{}", of.ledger, of.content))
}

/// The directory's own way is to write to `<place>#<n>` first and to rename: a process that is killed leaves that behind.
async fn delete_half_written(directory: &FilePath, of: ContentOf) -> Result<(), FilesError> {
    let folder = directory.join(of.ledger.to_string());
    let begins = format!("{}#", of.content);
    let mut entries = match tokio::fs::read_dir(&folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    while let Some(entry) = entries.next_entry().await? {
        if entry.file_name().to_string_lossy().starts_with(&begins) {
            tokio::fs::remove_file(entry.path()).await?;
        }
    }
    Ok(())
}
