//! A commitment as lists show it.
//!
//! A commitment that is reported on for years is long, and a list shows little of it: where it stands, and how far each
//! measure has come. So beside the whole document a row keeps a short one, and lists read that.

use super::{AchievementView, CommitmentView, MeasureView};

/// How much is read of each commitment of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// [What a list shows](CommitmentView::brief).
    Brief,
    /// Everything.
    Whole,
}

impl CommitmentView {
    /// The same with as much of what came of it as a list shows: of each measure's readings the one that counts, and of
    /// the achievements the latest. What was promised, and every change to it, is all there.
    #[must_use]
    pub fn brief(&self) -> Self {
        let Self {
            id,
            ledger,
            session,
            label,
            words,
            classification,
            status,
            due_on,
            measures,
            achievements: _,
            visibility,
            last_outside,
            carried_forward,
            proposed,
            last,
            version,
            brief: _,
        } = self;
        let latest: Option<&AchievementView> = self.latest_achievement();
        Self {
            id: *id,
            ledger: *ledger,
            session: *session,
            label: label.clone(),
            words: words.clone(),
            classification: classification.clone(),
            status: status.clone(),
            due_on: due_on.clone(),
            measures: measures.iter().map(MeasureView::brief).collect(),
            achievements: latest.cloned().into_iter().collect(),
            visibility: visibility.clone(),
            last_outside: *last_outside,
            carried_forward: carried_forward.clone(),
            proposed: *proposed,
            last: *last,
            version: *version,
            brief: true,
        }
    }
}

impl MeasureView {
    fn brief(&self) -> Self {
        let Self {
            id,
            indicator,
            kind,
            baseline,
            target,
            due_on,
            readings: _,
            added,
            withdrawn,
        } = self;
        Self {
            id: *id,
            indicator: indicator.clone(),
            kind: *kind,
            baseline: baseline.clone(),
            target: target.clone(),
            due_on: due_on.clone(),
            readings: self.latest_reading().cloned().into_iter().collect(),
            added: *added,
            withdrawn: withdrawn.clone(),
        }
    }
}
