//! Reading the views' tables: one thing by id, many by ids for a loader, and lists in pages.
//!
//! A list of what can be released takes a [`Reach`] and is the list of what is within it: nothing else is on its pages, moves
//! a cursor or makes it go on.
//!
//! Texts come as they are saved, sealed: a list shows few of the texts of what is on it, so whoever shows one has it opened
//! ([`ViewReader::open`]).
//!
//! Every list is ordered by columns that end in an id, so each row is on exactly one page.

/// Reads one page of a list: one statement, whichever way the list is walked, with its comparison and its
/// order turned round to walk it backwards.
///
/// The statement ends where its next condition goes. `from` says by which parameter no place to start
/// from is told, the columns the list is ordered by, and their values in the row to start from.
macro_rules! walk {
    (
        $work:expr, $page:expr; $select:tt,
        from $nowhere:tt, $columns:tt, $place:tt,
        order $forwards:tt, $backwards:tt, limit $limit:tt;
        [$($argument:expr),+ $(,)?];
        $row:ident => $turned:expr
    ) => {{
        macro_rules! rows {
            ($beyond:tt, $order:tt) => {
                sqlx::query!(
                    $select + " (" + $nowhere + " is null or " + $columns + $beyond + $place
                        + ") order by " + $order + " limit " + $limit,
                    $($argument),+
                )
                .fetch_all(&mut *$work)
                .await?
                .into_iter()
                .map(|$row| $turned)
                .collect::<Result<Vec<_>, QueryError>>()?
            };
        }
        let rows = match $page.walk() {
            $crate::page::Walk::Forwards => rows!(" > ", $forwards),
            $crate::page::Walk::Backwards => rows!(" < ", $backwards),
        };
        $crate::page::Page::of($page, rows)
    }};
}

mod actions;
mod assessments;
mod commitments;
mod compacts;
mod files;
mod grants;
mod meetings;
mod people;
mod plans;
mod practices;
mod progress;
mod regions;

pub use actions::ActionFilter;
pub use commitments::CommitmentFilter;
pub use practices::{AdoptionFilter, Passed, PracticeFilter};

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ids::LedgerId;
use domain::{Reach, Texts};
use ledger::{InScope, Scope};
use sqlx::PgPool;
use uuid::Uuid;
use vault::{Vault, VaultError};

use crate::naming::Reads;
use crate::page::BadCursor;
use crate::table::TableError;
use crate::view::View;

/// Why a view could not be read.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The database could not be read.
    #[error("the views could not be read")]
    Database(#[from] sqlx::Error),
    /// A saved document is not one this build can read.
    #[error("a saved view cannot be read; rebuild the views")]
    Document(#[from] serde_json::Error),
    /// The texts could not be opened.
    #[error("the texts could not be opened")]
    Vault(#[from] VaultError),
    /// It could not be told what whoever asks may read.
    #[error("it could not be told what whoever asks may read")]
    Whoever(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The page asked for starts at a place this list does not have.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
}

/// Reads views. Cheap to clone; every clone shares the pool.
#[derive(Clone)]
pub struct ViewReader {
    pool: PgPool,
    /// Opens the texts of what is read, for whoever shows it; they stay sealed without.
    pub(crate) vault: Option<Vault>,
    /// Whom it is shown to.
    pub(crate) shown_to: Option<Arc<dyn Reads>>,
}

impl From<TableError> for QueryError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Database(error) => Self::Database(error),
            TableError::Document(error) => Self::Document(error),
        }
    }
}

/// A reach as statements take it.
pub(crate) struct Bounds {
    /// The visibilities that are read.
    pub(crate) visibilities: Vec<String>,
    /// The groups whose drafts are read too.
    pub(crate) groups: Vec<Uuid>,
}

impl From<&Reach> for Bounds {
    fn from(reach: &Reach) -> Self {
        let visibilities = reach.visibilities();
        Self {
            visibilities: visibilities.map(|it| it.as_str().to_owned()).collect(),
            groups: reach.drafts_of.iter().map(|group| group.uuid()).collect(),
        }
    }
}

impl ViewReader {
    /// A reader over `pool`.
    pub const fn new(pool: PgPool) -> Self {
        Self {
            pool,
            vault: None,
            shown_to: None,
        }
    }

    /// The same, and texts are opened with this vault.
    #[must_use]
    pub fn opening(self, vault: Vault) -> Self {
        let vault = Some(vault);
        Self { vault, ..self }
    }

    /// The same, for somebody: where a text mentions people, they are shown the names they may be told.
    #[must_use]
    pub fn shown_to(self, whoever: Arc<dyn Reads>) -> Self {
        let shown_to = Some(whoever);
        Self { shown_to, ..self }
    }

    /// Opens the texts of things that stand in one ledger, all together, if it is to open any, and names the people they
    /// mention.
    ///
    /// # Errors
    /// When the vault cannot, or the names cannot be read.
    pub async fn open<'a, T: Texts + 'a>(
        &self,
        ledger: LedgerId,
        things: impl IntoIterator<Item = &'a mut T>,
    ) -> Result<(), QueryError> {
        let Some(vault) = &self.vault else {
            return Ok(());
        };
        let mut things: Vec<&mut T> = things.into_iter().collect();
        let each = things.iter_mut().map(|thing| &mut **thing);
        vault.open_texts(ledger, each).await?;
        self.name_people(ledger, &mut things).await
    }

    /// Begins reading about these ledgers, and no others.
    pub(crate) async fn about(
        &self,
        scope: impl Into<Scope>,
    ) -> Result<InScope<'static>, sqlx::Error> {
        scope.into().begin(&self.pool).await
    }

    /// Those of `keys` that `ledger` has, by key.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn many<V: View>(
        &self,
        ledger: LedgerId,
        keys: &[Uuid],
    ) -> Result<BTreeMap<Uuid, V>, QueryError> {
        let mut work = self.about(ledger).await?;
        Ok(crate::table::load(&mut work, ledger, keys).await?)
    }

    /// Those of `keys` that `ledger` has, by key, each with how many bytes its document has.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn many_measured<V: View>(
        &self,
        ledger: LedgerId,
        keys: &[Uuid],
    ) -> Result<BTreeMap<Uuid, (V, usize)>, QueryError> {
        let mut work = self.about(ledger).await?;
        Ok(crate::table::load_measured(&mut work, ledger, keys).await?)
    }

    /// The row of one key, if `ledger` has it.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn one<V: View>(&self, ledger: LedgerId, key: Uuid) -> Result<Option<V>, QueryError> {
        Ok(self.many(ledger, &[key]).await?.remove(&key))
    }
}
