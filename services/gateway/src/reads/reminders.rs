//! Reminders, for those who see to what they are about.

use access::{Action, Matter};
use domain::Visibility;
use domain::ids::{GroupId, LedgerId};
use reminders::{OutboxError, Reminder, State};
use views::page::{Page, PageRequest};

use super::Reads;
use super::lists::nothing;
use crate::error::ApiError;

impl From<OutboxError> for ApiError {
    fn from(error: OutboxError) -> Self {
        match error {
            OutboxError::Cursor(cursor) => cursor.into(),
            other => Self::internal(other),
        }
    }
}

impl Reads {
    /// A page of a compact's reminders: all of them for its secretariat, those of its groups for a lead, none for anybody else.
    ///
    /// # Errors
    /// When the outbox cannot be read, or the page starts at a place the list does not have.
    pub async fn reminders(
        &self,
        ledger: LedgerId,
        state: Option<State>,
        page: &PageRequest,
    ) -> Result<Page<Reminder>, ApiError> {
        let Some(compact) = self.compact_of(ledger).await? else {
            return Ok(nothing(page));
        };
        let outbox = &self.services.reminders;
        let whole = compact.matter(Visibility::Draft);
        if self.sight.may(Action::ReadReminders, whole.clone()).await? {
            return Ok(outbox.page(ledger, (state, None), page).await?);
        }
        let groups: Vec<GroupId> = match self.sight.reach(compact).await? {
            Some(reach) => reach.drafts_of.into_iter().collect(),
            None => Vec::new(),
        };
        let theirs = Matter {
            groups: groups.iter().copied().collect(),
            ..whole
        };
        if groups.is_empty() || !self.sight.may(Action::ReadReminders, theirs).await? {
            return Ok(nothing(page));
        }
        Ok(outbox.page(ledger, (state, Some(&groups)), page).await?)
    }
}
