//! The texts in views: sealed as they were recorded, and opened only where a view is shown.

use domain::{Text, Texts, texts};

use crate::action_plan::{ActionChange, Happened};
use crate::action_plan::{ActionView, ObjectiveState, ObjectiveView, UpdateView};
use crate::adoption::{AdaptationView, ResultView};
use crate::assessment::{AnswerView, ChallengeView};
use crate::commitment::{AchievementView, CarriedForward, EvidenceView, MeasureView, ReadingView};
use crate::compact_overview::{GroupView, Succession};
use crate::file_reference::Referred;
use crate::good_practice::{PracticeVersion, QuestionView, SaidView, ThanksView};
use crate::meeting::{Holding, MeetingItemView, NoteView, PaperView};
use crate::region_register::{ChallengePoint, IndicatorView, OrganisationView, ThemeView};
use crate::tracked::{Change, Ended, Tracked};
use crate::{
    ActionListRow, ActionPlanView, AdoptionView, AssessmentView, CommitmentView, CompactOverview,
    FileReferences, GoodPracticeView, MeetingView, Mentions, PersonView, RegionRegister,
    RoleGrantView,
};

texts! {
    Ended { reason }
    ActionPlanView { title, visibility, objectives, updates }
    ObjectiveView { label, words, commitment, state, actions }
    ActionView { text, owner, timescale, original_timescale, changes }
    ActionChange { happened, reason }
    UpdateView { text, corrections, withdrawn }
    ActionListRow { text, owner, timescale }
    CommitmentView {
        label, words, classification, status, due_on, measures, achievements, visibility, carried_forward
    }
    CarriedForward { reason }
    MeasureView { baseline, target, due_on, readings, withdrawn }
    ReadingView { terms, evidence, withdrawn }
    AchievementView { text, evidence, corrections, withdrawn }
    EvidenceView { evidence, withdrawn }
    CompactOverview { name, corrections, groups, succeeded }
    GroupView { name, note, chair, wound_up }
    Succession { reason }
    RegionRegister { note, challenge, themes, indicators, organisations }
    ChallengePoint { text }
    ThemeView { name }
    IndicatorView { terms }
    OrganisationView { name, category }
    RoleGrantView { until }
    PersonView { terms, erased }
    Mentions {}
    FileReferences { files }
    Referred { file }
    MeetingView { arrangement, cancelled, agenda, attendance, items, notes, papers, minutes, visibility }
    PaperView { document, withdrawn }
    MeetingItemView { words, notes }
    NoteView { text }
    AssessmentView { judgement, challenge, withdrawn }
    ChallengeView { comment, answers }
    AnswerView { text }
    Holding { corrections }
    GoodPracticeView { versions, visibility, withdrawn, questions, thanks }
    PracticeVersion { terms, changed, reason }
    QuestionView { text, answers }
    SaidView { text }
    ThanksView { text }
    AdoptionView { note, adaptations, results, withdrawn, visibility }
    AdaptationView { changed }
    ResultView { text, evidence }
}

impl<T: Texts> Texts for Tracked<T> {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        self.current.texts(each);
        self.changes.texts(each);
    }
}

impl<T: Texts> Texts for Change<T> {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        self.from.texts(each);
        self.to.texts(each);
        self.reason.texts(each);
    }
}

impl Texts for ObjectiveState {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::NoneAtPresent { note, timescale } => {
                note.texts(each);
                timescale.texts(each);
            }
            Self::Dropped { reason } => reason.texts(each),
            Self::Active => {}
        }
    }
}

impl Texts for Happened {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::Set {
                text,
                owner,
                timescale,
            } => {
                text.texts(each);
                owner.texts(each);
                timescale.texts(each);
            }
            Self::Rescheduled { from, to } => {
                from.texts(each);
                to.texts(each);
            }
            Self::Reassigned { from, to } => {
                from.texts(each);
                to.texts(each);
            }
            Self::Reworded { from, to } => {
                from.texts(each);
                to.texts(each);
            }
            Self::Progressed
            | Self::Completed
            | Self::Dropped
            | Self::Reopened { .. }
            | Self::Merged { .. } => {}
        }
    }
}
