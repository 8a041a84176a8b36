//! Rounds: every compact is looked at again and again, so many at a time.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::Reach;
use domain::ids::LedgerId;
use ledger::Pool;
use views::action_plan::ActionState;
use views::commitment::Detail;
use views::page::{Cursor, Page};
use views::queries::QueryError;
use views::{ActionFilter, CommitmentFilter, PageRequest, ViewReader};

use crate::noticing::{self, Notice, Terms};
use crate::outbox::{Noted, Outbox, OutboxError};

/// How many compacts are looked at in one round.
const AT_ONCE: i64 = 50;

/// How many rows of a list are read at a time.
const PAGE: u32 = 100;

/// Looks at compacts and notes what holds. Cheap to clone.
#[derive(Clone)]
pub struct Rounds {
    views: ViewReader,
    outbox: Outbox,
    terms: Terms,
    every: TimeDelta,
}

/// What a look at one compact came to, or that it could not be looked at.
pub type Looked = Result<Noted, LookError>;

/// What a round came to.
#[derive(Debug, Default)]
pub struct Ticked {
    /// The compacts that were taken, each with what came of it.
    pub looked: Vec<(LedgerId, Looked)>,
}

/// Why a compact could not be looked at. It is looked at again.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The views could not be read.
    #[error(transparent)]
    Views(#[from] QueryError),
    /// The outbox could not be written.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

impl Ticked {
    /// Whether there may be more compacts waiting to be looked at.
    pub fn more(&self) -> bool {
        self.looked.len() as u64 >= AT_ONCE.unsigned_abs()
    }
}

impl Rounds {
    /// Looks at each compact every so often, through connections of a role that reads views and writes the outbox.
    pub fn new(pool: Pool, terms: Terms, every: Duration) -> Self {
        Self {
            views: ViewReader::new(pool.clone()),
            outbox: Outbox::new(pool),
            terms,
            every: TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX),
        }
    }

    /// The outbox.
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// One round, at this moment: looks at the compacts whose turn it is, up to fifty. What a compact says does not stop the others.
    ///
    /// # Errors
    /// When it cannot be told whose turn it is.
    pub async fn tick(&self, now: DateTime<Utc>, today: NaiveDate) -> Result<Ticked, OutboxError> {
        let mut ticked = Ticked::default();
        for ledger in self.outbox.take_turns(now, self.every, AT_ONCE).await? {
            let looked = self.look(ledger, now, today).await;
            ticked.looked.push((ledger, looked));
        }
        Ok(ticked)
    }

    /// Looks at one compact, whosever turn it is.
    ///
    /// # Errors
    /// [`LookError`]; then nothing was noted.
    pub async fn look(&self, ledger: LedgerId, now: DateTime<Utc>, today: NaiveDate) -> Looked {
        let notices = self.holding(ledger, today).await?;
        Ok(self.outbox.note(ledger, &notices, now).await?)
    }

    /// What holds in a compact on this day.
    async fn holding(&self, ledger: LedgerId, today: NaiveDate) -> Result<Vec<Notice>, LookError> {
        let (views, terms, all) = (&self.views, &self.terms, &Reach::EVERYTHING);
        let mut notices = Vec::new();
        let soon = today + TimeDelta::days(i64::from(terms.due_soon_days) + 1);
        let due = ActionFilter {
            state: Some(ActionState::Open),
            due_before: Some(soon),
            ..ActionFilter::default()
        };
        let mut page = Pages::default();
        while let Some(request) = page.next() {
            let found = page.read(views.actions(ledger, &due, all, &request).await?);
            notices.extend(
                found
                    .iter()
                    .filter_map(|it| noticing::of_action(it, today, terms)),
            );
        }
        let mut page = Pages::default();
        while let Some(request) = page.next() {
            let found = page.read(views.action_plans(ledger, None, all, &request).await?);
            notices.extend(
                found
                    .iter()
                    .filter_map(|it| noticing::of_plan(it, today, terms)),
            );
        }
        let any = CommitmentFilter::default();
        let mut page = Pages::default();
        while let Some(request) = page.next() {
            let found = page.read(
                views
                    .commitments(ledger, &any, all, (&request, Detail::Whole))
                    .await?,
            );
            notices.extend(
                found
                    .iter()
                    .filter_map(|it| noticing::of_commitment(it, today, terms)),
            );
        }
        let mut meetings = Vec::new();
        let mut page = Pages::default();
        while let Some(request) = page.next() {
            meetings.extend(page.read(views.meetings(ledger, None, all, &request).await?));
        }
        notices.extend(noticing::of_meetings(&meetings, today, terms));
        Ok(notices)
    }
}

/// Goes through a list page by page.
#[derive(Default)]
struct Pages {
    after: Option<Cursor>,
    over: bool,
}

impl Pages {
    fn next(&self) -> Option<PageRequest> {
        (!self.over).then(|| PageRequest::first(PAGE, self.after.clone()))
    }

    fn read<T>(&mut self, page: Page<T>) -> Vec<T> {
        self.after = page.edges.last().map(|edge| edge.cursor.clone());
        self.over = !page.has_next_page || self.after.is_none();
        page.into_nodes()
    }
}
