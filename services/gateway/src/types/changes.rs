//! Changes of a value: what it was, what it became, why, and where that is recorded.
//!
//! The views keep every change of every value that can change; one type per kind of value shows them.

use async_graphql::{ID, SimpleObject};
use domain::action_plan::ObjectiveWords;
use domain::commitment::{Baseline as DomainBaseline, CommitmentWords};
use domain::ids::LedgerId;
use domain::timescale::Timescale as DomainTimescale;
use views::Change;

use super::assessment::Judgement;
use super::meeting::{Arrangement, Attendance, HeldAt, ItemWords};
use super::objective::Objective;
use super::record::Origin;
use super::said::Said;
use super::scalars::{Date, Figure};
use super::words::{Category, Standing, Status, Visibility};

/// Writes the type of a change of one kind of value.
macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident of $value:ty;)+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// What it was until then.
            from: $value,
            /// What it was from then on.
            to: $value,
            /// Why, where it was said.
            reason: Option<Said>,
            /// Where in the record the change comes from.
            made: Origin,
        }

        impl $name {
            /// Every change of a value, oldest first.
            pub(super) fn all<T>(
                ledger: LedgerId,
                changes: &[Change<T>],
                show: impl Fn(&T) -> $value,
            ) -> Vec<Self> {
                let one = |change: &Change<T>| Self {
                    from: show(&change.from),
                    to: show(&change.to),
                    reason: Said::maybe(ledger, change.reason.as_ref()),
                    made: Origin::new(ledger, change.made),
                };
                changes.iter().map(one).collect()
            }
        }
    )+};
}

changes! {
    /// A change of a text.
    TextChange of String;
    /// A change of when and where a meeting is to be.
    ArrangementChange of Arrangement;
    /// When a meeting began and where it was held was put right.
    HeldAtChange of HeldAt;
    /// Who came was taken down, or put right.
    AttendanceChange of Option<Vec<Attendance>>;
    /// A correction of what an item of the minutes says.
    ItemWordsChange of ItemWords;
    /// A change of a title and what was said beside it.
    WordingChange of Wording;
    /// A change of a date that may be absent.
    DateChange of Option<Date>;
    /// A change of a figure that may be absent.
    FigureChange of Option<Figure>;
    /// A change of a baseline.
    BaselineChange of Option<Baseline>;
    /// A change of where a commitment stands.
    StatusChange of Status;
    /// A change of how far something is let out.
    VisibilityChange of Visibility;
    /// A change of what a commitment belongs to.
    PlacesChange of Places;
    /// A change of the commitment an objective serves.
    LinkChange of Option<CommitmentMention>;
    /// A change of how an objective is pursued.
    ObjectiveStateChange of ObjectiveState;
    /// A change of an organisation's category.
    CategoryChange of Category;
    /// A change of an indicator's terms.
    TermsChange of Terms;
    /// A change of a group's chair.
    ChairChange of Option<OrganisationMention>;
    /// Another view of an outcome.
    JudgementChange of Judgement;
    /// A change of what a reading says.
    ReadingChange of ReadingTerms;
    /// A change of what a report of an achievement says.
    AchievementChange of AchievementTerms;
    /// A change of what an update says, and for which objectives.
    UpdateChange of UpdateTerms;
    /// A change of what is said of a person.
    PersonChange of PersonTerms;
}

/// A title and what was said beside it.
#[derive(SimpleObject)]
pub struct Wording {
    /// The title.
    title: String,
    /// What was said beside it: a commitment's comment, an objective's indicator in words.
    comment: Option<Said>,
}

impl Wording {
    /// A commitment's words.
    pub(super) fn of_commitment(ledger: LedgerId, words: &CommitmentWords) -> Self {
        Self {
            title: words.title.clone(),
            comment: Said::maybe(ledger, words.comment.as_ref()),
        }
    }

    /// An objective's words.
    pub(super) fn of_objective(ledger: LedgerId, words: &ObjectiveWords) -> Self {
        Self {
            title: words.title.clone(),
            comment: Said::maybe(ledger, words.indicator.as_ref()),
        }
    }
}

/// What was counted before the work began.
#[derive(SimpleObject)]
pub struct Baseline {
    /// The date it is counted on.
    on: Date,
    /// The figure, once it is known.
    value: Option<Figure>,
}

impl From<DomainBaseline> for Baseline {
    fn from(baseline: DomainBaseline) -> Self {
        Self {
            on: Date(baseline.on),
            value: baseline.value.map(Figure::from),
        }
    }
}

/// What a commitment belonged to, as things were called at the time.
#[derive(SimpleObject)]
pub struct Places {
    /// The charter's aims it served, by their refs.
    aims: Vec<String>,
    /// The codes of the region's themes.
    themes: Vec<String>,
    /// The names of the compact's groups.
    groups: Vec<String>,
}

impl From<&domain::commitment::Classification> for Places {
    fn from(places: &domain::commitment::Classification) -> Self {
        let groups = places.groups.iter().map(|group| group.name.clone());
        Self {
            aims: places.aims.clone(),
            themes: places.themes.clone(),
            groups: groups.collect(),
        }
    }
}

/// A commitment as it was called when it was mentioned.
#[derive(SimpleObject)]
pub struct CommitmentMention {
    /// Its id.
    id: ID,
    /// Its session.
    session: super::scalars::Session,
    /// Its ref then.
    #[graphql(name = "ref")]
    label: String,
    /// Its title then.
    title: String,
}

impl CommitmentMention {
    /// A commitment of this ledger as a fact has it.
    pub fn new(ledger: LedgerId, fact: &domain::facts::CommitmentFact) -> Self {
        let kind = crate::node::NodeKind::Commitment;
        Self {
            id: crate::node::NodeId::new(kind, ledger, fact.id.uuid()).encode(),
            session: fact.session.into(),
            label: fact.label.clone(),
            title: fact.title.clone(),
        }
    }
}

/// An organisation as it was called when it was mentioned.
#[derive(SimpleObject)]
pub struct OrganisationMention {
    /// Its name then.
    name: String,
}

impl From<&domain::figure::OrganisationFact> for OrganisationMention {
    fn from(fact: &domain::figure::OrganisationFact) -> Self {
        Self {
            name: fact.name.clone(),
        }
    }
}

/// What an indicator counts, and how its figures may be used.
#[derive(SimpleObject)]
pub struct Terms {
    /// What is counted.
    name: String,
    /// The unit.
    unit: String,
    /// Whether figures of different compacts may be added up.
    additive: bool,
}

impl From<&domain::region::IndicatorTerms> for Terms {
    fn from(terms: &domain::region::IndicatorTerms) -> Self {
        Self {
            name: terms.name.clone(),
            unit: terms.unit.clone(),
            additive: terms.additive,
        }
    }
}

/// What a reading says.
#[derive(SimpleObject)]
pub struct ReadingTerms {
    /// The day it was counted.
    pub(super) taken_on: Date,
    /// The figure, in the indicator's unit.
    pub(super) value: Figure,
    /// Where it came from.
    pub(super) source: Said,
    /// What was said about it.
    pub(super) note: Option<Said>,
    /// The organisations it is made up of, as far as they are known.
    pub(super) by_organisation: Vec<OrganisationFigure>,
}

/// One organisation's part of a reading.
#[derive(SimpleObject)]
pub struct OrganisationFigure {
    /// The organisation's name then.
    organisation: String,
    /// The figure.
    value: Figure,
}

impl OrganisationFigure {
    /// Those a reading is made up of.
    pub(super) fn all(terms: &domain::commitment::ReadingTerms) -> Vec<Self> {
        let parts = terms.by_organisation.iter().map(|part| Self {
            organisation: part.organisation.name.clone(),
            value: part.value.into(),
        });
        parts.collect()
    }
}

impl ReadingTerms {
    /// The terms of a reading of this ledger.
    pub(super) fn of(ledger: LedgerId, terms: &domain::commitment::ReadingTerms) -> Self {
        Self {
            taken_on: Date(terms.taken_on),
            value: terms.value.into(),
            source: Said::new(ledger, &terms.source),
            note: Said::maybe(ledger, terms.note.as_ref()),
            by_organisation: OrganisationFigure::all(terms),
        }
    }
}

/// What a report of an achievement says.
#[derive(SimpleObject)]
pub struct AchievementTerms {
    /// The day it was reported.
    reported_on: Date,
    /// How the report puts it.
    standing: Standing,
    /// The words.
    text: Said,
}

impl AchievementTerms {
    /// The terms of a report of this ledger.
    pub(super) fn of(ledger: LedgerId, terms: &domain::commitment::AchievementTerms) -> Self {
        Self {
            reported_on: Date(terms.reported_on),
            standing: terms.standing.into(),
            text: Said::new(ledger, &terms.text),
        }
    }
}

/// What an update says.
#[derive(SimpleObject)]
pub struct UpdateTerms {
    /// The words.
    pub(super) text: Said,
    /// The objectives it speaks for, in the order named.
    pub(super) objectives: Vec<Objective>,
}

/// What is said of a person.
#[derive(SimpleObject)]
pub struct PersonTerms {
    /// Their name.
    name: Said,
    /// What they do: their job title.
    position: Option<Said>,
    /// Where they do it.
    organisation: Option<OrganisationMention>,
    /// Their e-mail address.
    email: Option<Said>,
    /// Their telephone number.
    telephone: Option<Said>,
}

impl PersonTerms {
    /// What is said of a person of this ledger.
    pub(super) fn of(ledger: LedgerId, terms: &domain::person::PersonTerms) -> Self {
        Self {
            name: Said::new(ledger, &terms.name),
            position: Said::maybe(ledger, terms.position.as_ref()),
            organisation: terms.organisation.as_ref().map(OrganisationMention::from),
            email: Said::maybe(ledger, terms.email.as_ref()),
            telephone: Said::maybe(ledger, terms.telephone.as_ref()),
        }
    }
}

/// When something is to be done.
#[derive(SimpleObject)]
pub struct Timescale {
    /// The words as agreed: "End of July 07".
    text: String,
    /// The last day that honours the words; none where they name no day.
    due_on: Option<Date>,
    /// What was said beside it.
    note: Option<Said>,
}

impl Timescale {
    /// A timescale of this ledger.
    pub(super) fn of(ledger: LedgerId, timescale: &DomainTimescale) -> Self {
        Self {
            text: timescale.text.clone(),
            due_on: timescale.due_on.map(Date),
            note: Said::maybe(ledger, timescale.note.as_ref()),
        }
    }
}

/// How an objective is pursued.
#[derive(SimpleObject)]
pub struct ObjectiveState {
    /// Which of the three.
    pub(super) kind: ObjectiveStateKind,
    /// Why there is no action at present, or why it was dropped.
    pub(super) note: Option<Said>,
    /// A timescale the plan gives although there is no action at present.
    pub(super) timescale: Option<Timescale>,
}

/// How an objective is pursued, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
pub enum ObjectiveStateKind {
    /// It is part of the plan.
    Active,
    /// "None at present": there is no action yet.
    NoneAtPresent,
    /// It was given up.
    Dropped,
}

impl ObjectiveState {
    /// The state of an objective of this ledger.
    pub(super) fn of(ledger: LedgerId, state: &views::action_plan::ObjectiveState) -> Self {
        use views::action_plan::ObjectiveState as State;
        let (kind, note, timescale) = match state {
            State::Active => (ObjectiveStateKind::Active, None, None),
            State::NoneAtPresent { note, timescale } => {
                let timescale = timescale.as_ref();
                let timescale = timescale.map(|it| Timescale::of(ledger, it));
                (ObjectiveStateKind::NoneAtPresent, Some(note), timescale)
            }
            State::Dropped { reason } => (ObjectiveStateKind::Dropped, Some(reason), None),
        };
        Self {
            kind,
            note: Said::maybe(ledger, note),
            timescale,
        }
    }
}
