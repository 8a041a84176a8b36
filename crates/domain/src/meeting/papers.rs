//! Papers of a meeting: what was sent round for it, as a file or as where it is to be found.

use chrono::NaiveDate;

use crate::dated::TooEarly;
use crate::facts::Facts;
use crate::file::EvidenceInput;
use crate::ids::PaperId;
use crate::text::Text;
use crate::words::REASON;

use super::decide::{CALLED, TITLE, few_enough};
use super::error::MeetingError;
use super::event::{PaperAdded, PaperWithdrawn};
use super::state::Meeting;

/// The most papers a meeting can have.
pub(super) const MAX_PAPERS: usize = 100;

impl Meeting {
    /// Papers come before a meeting and after it: none is dated before it was called.
    pub(super) fn add_paper(
        &self,
        on: NaiveDate,
        id: PaperId,
        (title, document): (&str, &EvidenceInput),
        facts: &Facts,
    ) -> Result<PaperAdded, MeetingError> {
        let heading = self.heading.as_ref().ok_or(MeetingError::NotCalled)?;
        if let Some(on) = self.cancelled_on {
            return Err(MeetingError::Cancelled { on });
        }
        let called_on = heading.release.on.min(heading.arrangement.on);
        TooEarly::check(on, CALLED, Some(called_on))?;
        few_enough("papers", self.papers.len() + 1, MAX_PAPERS)?;
        if self.papers.contains_key(&id) {
            return Err(MeetingError::PaperTaken);
        }
        Ok(PaperAdded {
            paper_id: id,
            title: TITLE.require(title)?,
            document: document.checked(facts)?,
        })
    }

    pub(super) fn withdraw_paper(
        &self,
        on: NaiveDate,
        id: PaperId,
        reason: &Text,
    ) -> Result<PaperWithdrawn, MeetingError> {
        let paper = self.papers.get(&id).ok_or(MeetingError::UnknownPaper)?;
        if let Some(on) = paper.withdrawn_on {
            return Err(MeetingError::PaperWithdrawn { on });
        }
        TooEarly::check(on, "this paper was added on", Some(paper.added_on))?;
        Ok(PaperWithdrawn {
            paper_id: id,
            file: paper.file,
            reason: REASON.accept(reason)?,
        })
    }
}
