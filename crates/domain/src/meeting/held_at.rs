//! When a meeting that was held began, and where it was held: put right. The day it was held stays.

use chrono::NaiveDate;

use crate::text::Text;
use crate::words::REASON;

use super::decide::{VENUE, any, time_of_day};
use super::error::MeetingError;
use super::event::{HeldAt, MeetingCorrected};
use super::state::Meeting;

impl Meeting {
    pub(super) fn correct(
        &self,
        on: NaiveDate,
        (time, venue): (Option<&str>, Option<&str>),
        reason: &Text,
    ) -> Result<MeetingCorrected, MeetingError> {
        self.was_held(on)?;
        let held_at = self.held_at.as_ref().ok_or(MeetingError::NotHeld)?;
        let from = held_at.before(on, "when and where it was held was last put right on")?;
        let to = HeldAt {
            time: time_of_day(time)?,
            venue: any(VENUE, venue)?,
        };
        let reason = REASON.accept(reason)?;
        if *from == to {
            return Err(MeetingError::Unchanged("venue"));
        }
        let from = from.clone();
        Ok(MeetingCorrected { from, to, reason })
    }
}
