//! Folding whole ledgers in memory, as fast as they can be read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use domain::ids::LedgerId;
use ledger::reader::RawEntry;
use ledger::{Entry, LeafError, LeafHash, Position, ReadError, Reader, panic_message};
use sqlx::PgConnection;
use tokio::sync::mpsc;
use tokio::task::JoinError;
use uuid::Uuid;

use crate::table::{self, Row, TableError};
use crate::view::{View, ViewName, fold_into};
use crate::{
    ActionPlanView, AdoptionView, AssessmentView, CommitmentView, CompactOverview, FileReferences,
    GoodPracticeView, MeetingView, Mentions, PersonView, RegionRegister, RoleGrantView,
};

/// How many entries are read at once.
const PAGE: u32 = 4_000;

/// How many pages may wait to be folded while the next are read.
const AHEAD: usize = 3;

/// Why a ledger could not be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It could not be read.
    #[error(transparent)]
    Ledger(#[from] ReadError),
    /// An entry could not be decoded.
    #[error("entry {position} of ledger {ledger} cannot be decoded")]
    Leaf {
        /// The ledger.
        ledger: LedgerId,
        /// The entry.
        position: Position,
        /// What is wrong with it.
        #[source]
        source: LeafError,
    },
    /// The fold broke on an entry.
    #[error("the fold of ledger {ledger} broke: {said}")]
    Broke {
        /// The ledger.
        ledger: LedgerId,
        /// What it said.
        said: String,
    },
}

/// Every row of some views of one ledger, in memory.
#[derive(Debug, Default)]
pub(crate) struct Folds {
    views: BTreeSet<ViewName>,
    regions: BTreeMap<Uuid, RegionRegister>,
    overviews: BTreeMap<Uuid, CompactOverview>,
    commitments: BTreeMap<Uuid, CommitmentView>,
    plans: BTreeMap<Uuid, ActionPlanView>,
    mentions: BTreeMap<Uuid, Mentions>,
    grants: BTreeMap<Uuid, RoleGrantView>,
    people: BTreeMap<Uuid, PersonView>,
    meetings: BTreeMap<Uuid, MeetingView>,
    practices: BTreeMap<Uuid, GoodPracticeView>,
    adoptions: BTreeMap<Uuid, AdoptionView>,
    assessments: BTreeMap<Uuid, AssessmentView>,
    files: BTreeMap<Uuid, FileReferences>,
}

impl Folds {
    /// No rows yet, of `views`.
    pub(crate) fn of(views: impl IntoIterator<Item = ViewName>) -> Self {
        Self {
            views: views.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Folds one more entry.
    pub(crate) fn apply(&mut self, entry: &Entry) {
        for view in &self.views {
            match view {
                ViewName::RegionRegister => fold_into(&mut self.regions, entry),
                ViewName::CompactOverview => fold_into(&mut self.overviews, entry),
                ViewName::Commitment => fold_into(&mut self.commitments, entry),
                ViewName::ActionPlan => fold_into(&mut self.plans, entry),
                ViewName::Mentions => fold_into(&mut self.mentions, entry),
                ViewName::RoleGrant => fold_into(&mut self.grants, entry),
                ViewName::Person => fold_into(&mut self.people, entry),
                ViewName::Meeting => fold_into(&mut self.meetings, entry),
                ViewName::GoodPractice => fold_into(&mut self.practices, entry),
                ViewName::Adoption => fold_into(&mut self.adoptions, entry),
                ViewName::Assessment => fold_into(&mut self.assessments, entry),
                ViewName::FileReference => fold_into(&mut self.files, entry),
            }
        }
    }

    /// Writes every row.
    pub(crate) async fn save(self, connection: &mut PgConnection) -> Result<u64, TableError> {
        fn each<V: View>(
            views: BTreeMap<Uuid, V>,
            each_row: &mut dyn FnMut(Row),
        ) -> Result<(), serde_json::Error> {
            for view in views.into_values() {
                view.rows()?.into_iter().for_each(&mut *each_row);
            }
            Ok(())
        }
        table::save_many(connection, move |each_row| {
            each(self.regions, each_row)?;
            each(self.overviews, each_row)?;
            each(self.commitments, each_row)?;
            each(self.plans, each_row)?;
            each(self.mentions, each_row)?;
            each(self.grants, each_row)?;
            each(self.people, each_row)?;
            each(self.meetings, each_row)?;
            each(self.practices, each_row)?;
            each(self.adoptions, each_row)?;
            each(self.assessments, each_row)?;
            each(self.files, each_row)
        })
        .await
    }

    /// The rows of one view.
    pub(crate) fn rows(&self, view: ViewName) -> Result<Vec<Row>, serde_json::Error> {
        fn all<V: View>(rows: &BTreeMap<Uuid, V>) -> Result<Vec<Row>, serde_json::Error> {
            let rows: Result<Vec<Vec<Row>>, _> = rows.values().map(View::rows).collect();
            Ok(rows?.into_iter().flatten().collect())
        }
        match view {
            ViewName::RegionRegister => all(&self.regions),
            ViewName::CompactOverview => all(&self.overviews),
            ViewName::Commitment => all(&self.commitments),
            ViewName::ActionPlan => all(&self.plans),
            ViewName::Mentions => all(&self.mentions),
            ViewName::RoleGrant => all(&self.grants),
            ViewName::Person => all(&self.people),
            ViewName::Meeting => all(&self.meetings),
            ViewName::GoodPractice => all(&self.practices),
            ViewName::Adoption => all(&self.adoptions),
            ViewName::Assessment => all(&self.assessments),
            ViewName::FileReference => all(&self.files),
        }
    }
}

/// A page of a ledger, decoded.
pub(crate) struct Page {
    pub(crate) entries: Vec<Entry>,
    /// The last entry and the hash of its leaf.
    pub(crate) end: (Position, LeafHash),
}

/// Pages of a ledger, read and decoded ahead of whoever folds them: while one page is folded the next is
/// decoded and the one after it read.
pub(crate) struct Pages {
    pages: mpsc::Receiver<Result<Page, ReplayError>>,
}

impl Pages {
    /// The entries of `ledger` after `after`, up to `up_to` or to the end.
    pub(crate) fn read(
        reader: Reader,
        ledger: LedgerId,
        after: Position,
        up_to: Option<Position>,
    ) -> Self {
        let (raw_sender, raw) = mpsc::channel(AHEAD);
        let (sender, pages) = mpsc::channel(AHEAD);
        tokio::spawn(read_pages(reader, ledger, (after, up_to), raw_sender));
        tokio::spawn(decode_pages(ledger, raw, sender));
        Self { pages }
    }

    /// The next page; none after the last.
    pub(crate) async fn next(&mut self) -> Option<Result<Page, ReplayError>> {
        self.pages.recv().await
    }
}

type RawPage = Result<Vec<RawEntry>, ReadError>;

/// Reads pages until the end, a failure, or until nobody listens because the fold was given up.
async fn read_pages(
    reader: Reader,
    ledger: LedgerId,
    (mut after, up_to): (Position, Option<Position>),
    sender: mpsc::Sender<RawPage>,
) {
    let up_to = up_to.unwrap_or(Position::MAX);
    loop {
        let limit = u32::try_from(up_to - after).unwrap_or(PAGE).min(PAGE);
        let page = reader.read(ledger, after, limit).await;
        let next = match &page {
            Ok(page) => match page.last() {
                Some(last) => Some(last.position),
                None => return,
            },
            Err(_) => None,
        };
        if sender.send(page).await.is_err() {
            return;
        }
        match next {
            Some(next) if next < up_to => after = next,
            _ => return,
        }
    }
}

async fn decode_pages(
    ledger: LedgerId,
    mut raw: mpsc::Receiver<RawPage>,
    sender: mpsc::Sender<Result<Page, ReplayError>>,
) {
    while let Some(page) = raw.recv().await {
        let page = match page {
            Ok(page) => decode_page(ledger, &page),
            Err(error) => Some(Err(error.into())),
        };
        let Some(page) = page else { return };
        let failed = page.is_err();
        if sender.send(page).await.is_err() || failed {
            return;
        }
    }
}

/// Decodes a page; none of nothing.
fn decode_page(ledger: LedgerId, page: &[RawEntry]) -> Option<Result<Page, ReplayError>> {
    let last = page.last()?;
    let mut entries = Vec::with_capacity(page.len());
    for raw in page {
        match decoded(ledger, raw) {
            Ok(entry) => entries.push(entry),
            Err(error) => return Some(Err(error)),
        }
    }
    let end = (last.position, last.hash());
    Some(Ok(Page { entries, end }))
}

/// Every row of one view of a ledger, folded in memory from its first entry to its last.
///
/// # Errors
/// When the ledger cannot be read or an entry cannot be decoded.
pub async fn fold_ledger<V: View>(
    reader: &Reader,
    ledger: LedgerId,
) -> Result<BTreeMap<Uuid, V>, ReplayError> {
    let mut rows = BTreeMap::new();
    let mut pages = Pages::read(reader.clone(), ledger, 0, None);
    while let Some(page) = pages.next().await {
        for entry in &page?.entries {
            fold_into(&mut rows, entry);
        }
    }
    Ok(rows)
}

/// One ledger folded in memory up to an entry.
#[derive(Debug)]
pub(crate) struct Replayed {
    pub(crate) folds: Folds,
    /// How many entries were folded.
    pub(crate) entries: u64,
    /// The last entry folded and the hash of its leaf; none when there was none.
    pub(crate) end: Option<(Position, LeafHash)>,
}

/// Folds `ledger` from its first entry up to `up_to` or to its end, in a task of its own. `seen` is told how
/// many entries each page had, and can break off.
///
/// # Errors
/// When the ledger cannot be read, an entry cannot be decoded, or the fold breaks.
pub(crate) async fn replay(
    reader: &Reader,
    ledger: LedgerId,
    (views, up_to): (&BTreeSet<ViewName>, Option<Position>),
    mut seen: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Replayed, ReplayError> {
    let pages = Pages::read(reader.clone(), ledger, 0, up_to);
    let (sender, mut folded) = mpsc::channel(AHEAD);
    let folding = tokio::spawn(fold_pages(pages, Folds::of(views.iter().copied()), sender));
    while let Some(entries) = folded.recv().await {
        if seen(entries).is_break() {
            break;
        }
    }
    drop(folded);
    match folding.await {
        Ok(replayed) => replayed,
        Err(ended) => Err(broke(ledger, ended)),
    }
}

/// What the end of the task that folded means: it broke, or the whole program is ending.
fn broke(ledger: LedgerId, ended: JoinError) -> ReplayError {
    let said = match ended.try_into_panic() {
        Ok(panic) => panic_message(&*panic).to_owned(),
        Err(ended) => ended.to_string(),
    };
    ReplayError::Broke { ledger, said }
}

/// Folds page after page and says how many entries each had, until nobody listens.
async fn fold_pages(
    mut pages: Pages,
    mut folds: Folds,
    folded: mpsc::Sender<u64>,
) -> Result<Replayed, ReplayError> {
    let (mut entries, mut end) = (0, None);
    while let Some(page) = pages.next().await {
        let page = page?;
        for entry in &page.entries {
            folds.apply(entry);
        }
        let count = page.entries.len() as u64;
        entries += count;
        end = Some(page.end);
        if folded.send(count).await.is_err() {
            break;
        }
    }
    Ok(Replayed {
        folds,
        entries,
        end,
    })
}

/// An entry decoded, or why it cannot be.
pub(crate) fn decoded(ledger: LedgerId, raw: &RawEntry) -> Result<Entry, ReplayError> {
    raw.decode().map_err(|source| ReplayError::Leaf {
        ledger,
        position: raw.position,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fold_that_breaks_is_an_error_of_its_ledger_and_says_why() {
        let folding = tokio::spawn(async { panic!("an entry nobody thought of") });
        let ended: Result<(), JoinError> = folding.await;
        let ledger = LedgerId::new(Uuid::from_u128(7));
        let broke = broke(ledger, ended.expect_err("a panic"));
        assert!(matches!(&broke, ReplayError::Broke { ledger: of, said }
            if *of == ledger && said == "an entry nobody thought of"));
    }
}
