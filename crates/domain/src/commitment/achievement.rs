//! Achievements: what came of a commitment, reported in words, put right and taken back.
//!
//! A report may move the commitment's status; putting the report right or taking it back moves nothing:
//! what others have relied on since is changed in the open, by concluding or reopening.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::TooEarly;
use crate::ids::AchievementId;
use crate::text::Text;
use crate::words::{Blank, REASON};

use super::Commitment;
use super::error::CommitmentError;
use super::event::{
    AchievementCorrected, AchievementReported, AchievementTerms, AchievementWithdrawn,
    CommitmentEvent,
};
use super::statement::unchanged;
use super::status::{Standing, Status};

const TEXT: Blank = Blank::text("text", "what came of it");

/// An achievement, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Achievement {
    terms: AchievementTerms,
    changed_on: NaiveDate,
    withdrawn_on: Option<NaiveDate>,
}

impl Achievement {
    /// Whether it was not taken back.
    pub(super) const fn stands(&self) -> bool {
        self.withdrawn_on.is_none()
    }

    /// The words.
    pub(super) const fn text(&self) -> &Text {
        &self.terms.text
    }
}

impl AchievementTerms {
    /// The same, trimmed, if it has words and its day has come by `on`.
    fn checked(&self, on: NaiveDate) -> Result<Self, CommitmentError> {
        CommitmentError::no_later("reportedOn", self.reported_on, on)?;
        let text = TEXT.accept(&self.text)?;
        Ok(Self {
            text,
            ..self.clone()
        })
    }
}

impl Commitment {
    /// The report and, where it says that work has begun or is done, the change of status.
    pub(super) fn report_achievement(
        &self,
        on: NaiveDate,
        achievement_id: AchievementId,
        asked: &AchievementTerms,
    ) -> Result<Vec<CommitmentEvent>, CommitmentError> {
        self.open_for_reports(on)?;
        if self.achievements.contains_key(&achievement_id) {
            let (field, thing) = ("achievementId", "an achievement");
            return Err(CommitmentError::IdTaken { field, thing });
        }
        let terms = asked.checked(on)?;
        let report = AchievementReported {
            achievement_id,
            reported_on: terms.reported_on,
            standing: terms.standing,
            text: terms.text,
        };
        let mut events = vec![report.into()];
        events.extend(self.brought_about(on, terms.standing)?);
        Ok(events)
    }

    fn brought_about(
        &self,
        on: NaiveDate,
        standing: Standing,
    ) -> Result<Option<CommitmentEvent>, CommitmentError> {
        if self.life.status.has_ended() {
            return Ok(None);
        }
        if let Some(conclusion) = standing.conclusion() {
            return Ok(Some(self.conclude(on, conclusion)?.into()));
        }
        if standing.is_under_way() && self.life.status == Status::Agreed {
            return Ok(Some(self.start(on)?.into()));
        }
        Ok(None)
    }

    pub(super) fn achievement_reported(&mut self, event: AchievementReported, on: NaiveDate) {
        self.life.reported(on);
        let achievement = Achievement {
            terms: AchievementTerms {
                reported_on: event.reported_on,
                standing: event.standing,
                text: event.text,
            },
            changed_on: on,
            withdrawn_on: None,
        };
        self.achievements.insert(event.achievement_id, achievement);
    }

    pub(super) fn correct_achievement(
        &self,
        on: NaiveDate,
        achievement_id: AchievementId,
        asked: &AchievementTerms,
        reason: &Text,
    ) -> Result<AchievementCorrected, CommitmentError> {
        let achievement = self.changing_achievement(on, achievement_id)?;
        let to = asked.checked(on)?;
        let reason = REASON.accept(reason)?;
        if achievement.terms == to {
            return Err(unchanged("text", "this is what the report says"));
        }
        Ok(AchievementCorrected {
            achievement_id,
            from: achievement.terms.clone(),
            to,
            reason,
        })
    }

    pub(super) fn achievement_corrected(&mut self, event: AchievementCorrected, on: NaiveDate) {
        self.life.reported(on);
        if let Some(achievement) = self.achievements.get_mut(&event.achievement_id) {
            achievement.terms = event.to;
            achievement.changed_on = on;
        }
    }

    pub(super) fn withdraw_achievement(
        &self,
        on: NaiveDate,
        achievement_id: AchievementId,
        reason: &Text,
    ) -> Result<AchievementWithdrawn, CommitmentError> {
        self.changing_achievement(on, achievement_id)?;
        let reason = REASON.accept(reason)?;
        Ok(AchievementWithdrawn {
            achievement_id,
            reason,
        })
    }

    pub(super) fn achievement_withdrawn(&mut self, event: &AchievementWithdrawn, on: NaiveDate) {
        self.life.reported(on);
        if let Some(achievement) = self.achievements.get_mut(&event.achievement_id) {
            achievement.changed_on = on;
            achievement.withdrawn_on = Some(on);
        }
    }

    /// Something was said of an achievement that leaves its words as they are.
    pub(super) fn achievement_changed(&mut self, id: AchievementId, on: NaiveDate) {
        self.life.reported(on);
        if let Some(achievement) = self.achievements.get_mut(&id) {
            achievement.changed_on = on;
        }
    }

    /// An achievement that stands and has not changed since `on`.
    pub(super) fn changing_achievement(
        &self,
        on: NaiveDate,
        id: AchievementId,
    ) -> Result<&Achievement, CommitmentError> {
        self.open_for_reports(on)?;
        let achievement = self.achievements.get(&id);
        let achievement = achievement.ok_or(CommitmentError::UnknownAchievement)?;
        if let Some(on) = achievement.withdrawn_on {
            return Err(CommitmentError::AchievementWithdrawn { on });
        }
        let what = "this achievement was last changed on";
        TooEarly::check(on, what, Some(achievement.changed_on))?;
        Ok(achievement)
    }
}
