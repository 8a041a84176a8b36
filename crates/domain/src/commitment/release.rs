//! How far the commitment is let out, with its measures, readings and achievements.

use chrono::NaiveDate;

use crate::dated::Since;
use crate::text::Text;
use crate::visibility::{Visibility, VisibilityChanged};

use super::Commitment;
use super::error::CommitmentError;

impl Commitment {
    /// How far it is let out: a draft until it is released.
    pub fn visibility(&self) -> Visibility {
        let release = self.release.as_ref();
        release.map_or_else(Visibility::default, |release| release.value)
    }

    pub(super) fn release(
        &self,
        on: NaiveDate,
        to: Visibility,
        reason: Option<&Text>,
    ) -> Result<VisibilityChanged, CommitmentError> {
        let release = self.release.as_ref().ok_or(CommitmentError::NotProposed)?;
        Ok(release.release(on, to, reason)?)
    }

    pub(super) fn born(&mut self, on: NaiveDate) {
        let value = Visibility::default();
        self.release = Some(Since { value, on });
    }

    pub(super) fn released(&mut self, event: &VisibilityChanged, on: NaiveDate) {
        if let Some(release) = &mut self.release {
            release.change(event.to, on);
        }
    }
}
