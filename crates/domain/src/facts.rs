//! Facts: what the recorder looked up elsewhere before a command was decided.
//!
//! An aggregate sees only itself. A command that mentions a theme, an organisation, a group or
//! another commitment lists them ([`Mentions`]); the recorder looks each up and hands over what it
//! found. What is missing here does not exist, and the aggregate says so in the user's words.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::commitment::{Commitment, Outcome, Status};
use crate::compact::Compact;
use crate::figure::{IndicatorFact, OrganisationFact};
use crate::file::{FileFact, FileHash};
use crate::good_practice::{GoodPractice, PracticeFact};
use crate::ids::{
    CommitmentId, CompactId, GoodPracticeId, GroupId, IndicatorId, OrganisationId, PersonId,
};
use crate::session::Session;
use crate::visibility::Visibility;

/// A theme's code in the region's register, such as `skills-pledge`.
pub type ThemeCode = String;

/// A group as its compact had it at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFact {
    /// The group.
    pub id: GroupId,
    /// Its code: "LD".
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A commitment as it stood at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitmentFact {
    /// The commitment.
    pub id: CommitmentId,
    /// Its session.
    pub session: Session,
    /// Its ref then.
    #[serde(rename = "ref")]
    pub label: String,
    /// Its title then.
    pub title: String,
}

/// A compact as the region's register had it at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompactFact {
    /// The compact.
    pub id: CompactId,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A piece of good practice that is mentioned, in one of its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PracticeMention {
    /// The compact whose it is.
    pub compact: CompactId,
    /// The practice.
    pub practice: GoodPracticeId,
    /// The version; none for the one that stands.
    pub version: Option<u32>,
}
/// A commitment as its compact reports it, to somebody who judges it from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedFact {
    /// The commitment as it is called.
    pub commitment: CommitmentFact,
    /// How far it is let out.
    pub visibility: Visibility,
    /// The groups it belongs to.
    pub groups: BTreeSet<GroupId>,
    /// Its readings and achievements that stand.
    pub outcomes: BTreeSet<Outcome>,
    /// Where the compact's ledger ends.
    pub head: u64,
}

/// What a command mentions that lives outside its own aggregate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Themes by code.
    pub themes: BTreeSet<ThemeCode>,
    /// Indicators of the region.
    pub indicators: BTreeSet<IndicatorId>,
    /// Organisations of the region.
    pub organisations: BTreeSet<OrganisationId>,
    /// Compacts of the region.
    pub compacts: BTreeSet<CompactId>,
    /// Groups of this compact.
    pub groups: BTreeSet<GroupId>,
    /// Commitments of this compact.
    pub commitments: BTreeSet<CommitmentId>,
    /// Groups of compacts that are named with them: the region's register speaks of groups it does not have.
    pub groups_of: BTreeSet<(CompactId, GroupId)>,
    /// People of this compact that the texts mention.
    pub people: BTreeSet<PersonId>,
    /// Files that were uploaded in this compact.
    pub files: BTreeSet<FileHash>,
    /// Good practice, of this compact or of others.
    pub practices: BTreeSet<PracticeMention>,
    /// Commitments of compacts that are named with them: the region's ledger speaks of commitments it does not have.
    pub reported: BTreeSet<(CompactId, CommitmentId)>,
}

/// What was found of what was mentioned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Themes found, by code, with their names.
    pub themes: BTreeMap<ThemeCode, String>,
    /// Indicators found.
    pub indicators: BTreeMap<IndicatorId, IndicatorFact>,
    /// Organisations found.
    pub organisations: BTreeMap<OrganisationId, OrganisationFact>,
    /// Compacts found.
    pub compacts: BTreeMap<CompactId, CompactFact>,
    /// Groups found.
    pub groups: BTreeMap<GroupId, GroupFact>,
    /// Those of them that were wound up, and on which day.
    pub wound_up: BTreeMap<GroupId, NaiveDate>,
    /// Commitments found.
    pub commitments: BTreeMap<CommitmentId, CommitmentFact>,
    /// Those of them that are withdrawn at present.
    pub withdrawn: BTreeSet<CommitmentId>,
    /// People found, those who were erased among them: what was said of them may still be put right.
    pub people: BTreeSet<PersonId>,
    /// Commitments of compacts of the region found, each with what came of it.
    pub reported: BTreeMap<(CompactId, CommitmentId), ReportedFact>,
    /// Files found, by their hash.
    pub files: BTreeMap<FileHash, FileFact>,
    /// Good practice found, of what this compact may see.
    pub practices: BTreeMap<PracticeMention, PracticeFact>,
}

/// Something a command mentions that is not there, or no longer stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownFact {
    /// No such theme.
    #[error("there is no theme “{0}” in the region's register; choose one that is listed there")]
    Theme(ThemeCode),
    /// No such indicator.
    #[error("that indicator is not in the region's register; choose one that is, or have it added")]
    Indicator(IndicatorId),
    /// No such organisation.
    #[error(
        "that organisation is not in the region's register; choose one that is, or have it registered"
    )]
    Organisation(OrganisationId),
    /// No such compact.
    #[error("that compact is not in the region's register")]
    Compact(CompactId),
    /// No such group.
    #[error("that group is not in this compact; choose one of its groups, or form it first")]
    Group(GroupId),
    /// No such commitment.
    #[error("that commitment is not in this compact's statement")]
    Commitment(CommitmentId),
    /// The commitment was taken back: nothing new is tied to it.
    #[error("that commitment was withdrawn; choose one that stands, or reopen it first")]
    Withdrawn(CommitmentId),
    /// No such good practice, or none that this compact may see.
    #[error(
        "there is no such good practice, or not in that version; choose one that is shared with you"
    )]
    Practice(GoodPracticeId),
    /// The good practice was withdrawn: nobody takes it up any more.
    #[error("that good practice was withdrawn; choose one that stands")]
    PracticeWithdrawn(GoodPracticeId),
}

/// A text mentions somebody who was never entered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a text mentions somebody who is not there: there is no such person in this compact; choose them from its people"
)]
pub struct UnknownPerson(pub PersonId);

impl UnknownFact {
    /// What machines know it by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Withdrawn(_) => "COMMITMENT_WITHDRAWN",
            Self::PracticeWithdrawn(_) => "PRACTICE_WITHDRAWN",
            _ => "UNKNOWN",
        }
    }

    /// The input field it is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Theme(_) => "themes",
            Self::Indicator(_) => "indicatorId",
            Self::Organisation(_) => "organisationId",
            Self::Compact(_) => "compactId",
            Self::Group(_) => "groupId",
            Self::Commitment(_) | Self::Withdrawn(_) => "commitmentId",
            Self::Practice(_) | Self::PracticeWithdrawn(_) => "practiceId",
        }
    }
}

impl Facts {
    /// Adds a commitment as it is now, if it was proposed.
    pub fn add_commitment(&mut self, id: CommitmentId, commitment: &Commitment) {
        let Some(fact) = commitment.fact(id) else {
            return;
        };
        self.commitments.insert(id, fact);
        if commitment.status() == Status::Withdrawn {
            self.withdrawn.insert(id);
        } else {
            self.withdrawn.remove(&id);
        }
    }

    /// Adds a piece of good practice in the version that is mentioned, if it is there and is read by those who read from `lowest` up.
    pub fn add_practice(
        &mut self,
        mention: PracticeMention,
        practice: &GoodPractice,
        lowest: Visibility,
    ) {
        let found = practice.fact(mention.practice, mention.version, lowest);
        self.practices.extend(found.map(|fact| (mention, fact)));
    }
    /// Adds a group of a compact, if it was formed.
    pub fn add_group(&mut self, id: GroupId, compact: &Compact) {
        let Some(fact) = compact.group(id) else {
            return;
        };
        self.groups.insert(id, fact);
        match compact.wound_up_on(id) {
            Some(on) => self.wound_up.insert(id, on),
            None => self.wound_up.remove(&id),
        };
    }

    /// The themes, each checked to exist, in the order given and each once.
    ///
    /// # Errors
    /// [`UnknownFact::Theme`] for the first that is not in the register.
    pub fn themes(&self, codes: &[ThemeCode]) -> Result<Vec<ThemeCode>, UnknownFact> {
        let mut seen = BTreeSet::new();
        for code in codes {
            if !self.themes.contains_key(code) {
                return Err(UnknownFact::Theme(code.clone()));
            }
        }
        Ok(codes
            .iter()
            .filter(|code| seen.insert(*code))
            .cloned()
            .collect())
    }

    /// The groups, in the order given and each once.
    ///
    /// # Errors
    /// [`UnknownFact::Group`] for the first that is not in the compact.
    pub fn groups(&self, ids: &[GroupId]) -> Result<Vec<GroupFact>, UnknownFact> {
        let mut seen = BTreeSet::new();
        ids.iter()
            .filter(|id| seen.insert(**id))
            .map(|id| self.group(*id))
            .collect()
    }

    /// One group.
    ///
    /// # Errors
    /// [`UnknownFact::Group`] when it is not in the compact.
    pub fn group(&self, id: GroupId) -> Result<GroupFact, UnknownFact> {
        self.groups.get(&id).cloned().ok_or(UnknownFact::Group(id))
    }

    /// One indicator.
    ///
    /// # Errors
    /// [`UnknownFact::Indicator`] when it is not in the register.
    pub fn indicator(&self, id: IndicatorId) -> Result<IndicatorFact, UnknownFact> {
        self.indicators
            .get(&id)
            .cloned()
            .ok_or(UnknownFact::Indicator(id))
    }

    /// One organisation.
    ///
    /// # Errors
    /// [`UnknownFact::Organisation`] when it is not in the register.
    pub fn organisation(&self, id: OrganisationId) -> Result<OrganisationFact, UnknownFact> {
        self.organisations
            .get(&id)
            .cloned()
            .ok_or(UnknownFact::Organisation(id))
    }

    /// One commitment.
    ///
    /// # Errors
    /// [`UnknownFact::Commitment`] when it is not in the compact, [`UnknownFact::Withdrawn`] when it was
    /// taken back.
    pub fn commitment(&self, id: CommitmentId) -> Result<CommitmentFact, UnknownFact> {
        if self.withdrawn.contains(&id) {
            return Err(UnknownFact::Withdrawn(id));
        }
        self.commitments
            .get(&id)
            .cloned()
            .ok_or(UnknownFact::Commitment(id))
    }

    /// One piece of good practice, in the version that is mentioned.
    ///
    /// # Errors
    /// [`UnknownFact::Practice`] when there is none, or none in that version, that this compact may see;
    /// [`UnknownFact::PracticeWithdrawn`] when it was withdrawn.
    pub fn practice(&self, mention: PracticeMention) -> Result<PracticeFact, UnknownFact> {
        match self.practices.get(&mention) {
            None => Err(UnknownFact::Practice(mention.practice)),
            Some(fact) if fact.withdrawn => Err(UnknownFact::PracticeWithdrawn(mention.practice)),
            Some(fact) => Ok(fact.clone()),
        }
    }

    /// Insists that everybody whom texts mention was entered. No aggregate knows a compact's people, so this is looked at once
    /// for any command, before it is decided.
    ///
    /// # Errors
    /// [`UnknownPerson`] for the first who was not.
    pub fn check_people(&self, mentions: &Mentions) -> Result<(), UnknownPerson> {
        match mentions.people.difference(&self.people).next() {
            Some(person) => Err(UnknownPerson(*person)),
            None => Ok(()),
        }
    }

    /// One compact.
    ///
    /// # Errors
    /// [`UnknownFact::Compact`] when it is not in the register.
    pub fn compact(&self, id: CompactId) -> Result<CompactFact, UnknownFact> {
        self.compacts
            .get(&id)
            .cloned()
            .ok_or(UnknownFact::Compact(id))
    }
}

impl Mentions {
    /// Whether anything mentioned lives in the region's register.
    pub fn names_the_region(&self) -> bool {
        !(self.themes.is_empty()
            && self.indicators.is_empty()
            && self.organisations.is_empty()
            && self.compacts.is_empty())
    }
}
