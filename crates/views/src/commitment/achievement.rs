//! Achievements: what came of a commitment in words.

use chrono::NaiveDate;
use domain::CommitmentEvent;
use domain::Text;
use domain::commitment::{AchievementReported, AchievementTerms, Standing};
use domain::ids::AchievementId;
use ledger::Entry;
use ledger::entry::Position;
use serde::{Deserialize, Serialize};

use super::{CommitmentView, EvidenceView, evidence, measure};
use crate::tracked::{Change, Ended, Stamp};

/// What came of a commitment, told in words, with every correction to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AchievementView {
    /// The achievement.
    pub id: AchievementId,
    /// The day it was reported.
    pub reported_on: NaiveDate,
    /// How the report puts it.
    pub standing: Standing,
    /// The words.
    pub text: Text,
    /// When it was recorded.
    pub made: Stamp,
    /// What it rests on, in the order attached; what was taken back stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceView>,
    /// Every correction, oldest first; what it said before each stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Change<AchievementTerms>>,
    /// That it was taken back, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
}

impl AchievementView {
    /// The entry that made it say what it says now: its recording or its last correction.
    pub fn stands_since(&self) -> &Stamp {
        let last = self.corrections.last();
        last.map_or(&self.made, |correction| &correction.made)
    }

    /// What it said once the entry at `position` had been recorded.
    pub fn terms_at(&self, position: Position) -> AchievementTerms {
        let mut later = self.corrections.iter();
        let next = later.find(|correction| correction.made.position > position);
        next.map_or_else(|| self.terms(), |next| next.from.clone())
    }

    fn terms(&self) -> AchievementTerms {
        AchievementTerms {
            reported_on: self.reported_on,
            standing: self.standing,
            text: self.text.clone(),
        }
    }

    fn begin(event: &AchievementReported, entry: &Entry) -> Self {
        Self {
            id: event.achievement_id,
            reported_on: event.reported_on,
            standing: event.standing,
            text: event.text.clone(),
            made: entry.into(),
            evidence: Vec::new(),
            corrections: Vec::new(),
            withdrawn: None,
        }
    }

    fn correct(&mut self, to: AchievementTerms, reason: &Text, entry: &Entry) {
        let correction = Change::correction(self.terms(), to.clone(), reason, entry);
        self.corrections.push(correction);
        self.reported_on = to.reported_on;
        self.standing = to.standing;
        self.text = to.text;
    }
}

/// What is told of a commitment, put right and taken back.
pub(super) fn apply(view: &mut CommitmentView, event: &CommitmentEvent, entry: &Entry) {
    match event {
        CommitmentEvent::AchievementReported(e) => {
            view.achievements.push(AchievementView::begin(e, entry));
        }
        CommitmentEvent::AchievementCorrected(e) => on(view, e.achievement_id, |achievement| {
            achievement.correct(e.to.clone(), &e.reason, entry);
        }),
        CommitmentEvent::AchievementWithdrawn(e) => on(view, e.achievement_id, |achievement| {
            achievement.withdrawn = Some(Ended::because(&e.reason, entry));
        }),
        other => {
            if !evidence::apply(view, other, entry) {
                measure::apply(view, other, entry);
            }
        }
    }
}

/// They are looked for from the newest, which is the one most often put right.
fn on(view: &mut CommitmentView, id: AchievementId, change: impl FnOnce(&mut AchievementView)) {
    let mut achievements = view.achievements.iter_mut().rev();
    if let Some(achievement) = achievements.find(|achievement| achievement.id == id) {
        change(achievement);
    }
}
