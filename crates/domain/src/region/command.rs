//! What can be asked of the region's register.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::facts::{Mentions, ThemeCode};
use crate::ids::{AccountId, CompactId, GrantId, IndicatorId, OrganisationId, SubjectId};
use crate::role::Post;
use crate::text::{Text, Texts};

use super::category::Category;
use super::event::IndicatorTerms;

/// Everything that can be asked of the region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum RegionCommand {
    /// Begin the region's record.
    EstablishRegion {
        /// Its name in URLs.
        slug: String,
        /// Its name.
        name: String,
        /// Who pays for the approach.
        funder: String,
        /// What else the papers say of it.
        note: Option<Text>,
        /// What one compact's secretariat costs a year, in pounds sterling.
        secretariat_cost_gbp_per_year: Option<u32>,
    },
    /// Write down, or replace, one point of the challenge to public employers.
    SetChallenge {
        /// Its label.
        label: String,
        /// Its words.
        text: String,
    },
    /// Add a theme.
    AddTheme {
        /// Its code; never changes.
        code: ThemeCode,
        /// Its name.
        name: String,
    },
    /// Give a theme another name.
    RenameTheme {
        /// Its code.
        code: ThemeCode,
        /// The new name.
        name: String,
        /// Why.
        reason: Text,
    },
    /// Define an indicator.
    DefineIndicator {
        /// The new indicator.
        indicator: IndicatorId,
        /// Its terms.
        terms: IndicatorTerms,
    },
    /// Correct an indicator's terms.
    CorrectIndicator {
        /// The indicator.
        indicator: IndicatorId,
        /// The right terms.
        terms: IndicatorTerms,
        /// Why.
        reason: Text,
    },
    /// Register an organisation.
    RegisterOrganisation {
        /// The new organisation.
        organisation: OrganisationId,
        /// Its name.
        name: String,
        /// The part of the sector it belongs to.
        category: Category,
    },
    /// Give an organisation another name.
    RenameOrganisation {
        /// The organisation.
        organisation: OrganisationId,
        /// The new name.
        name: String,
        /// Why.
        reason: Text,
    },
    /// Move an organisation to another category.
    RecategoriseOrganisation {
        /// The organisation.
        organisation: OrganisationId,
        /// The new category.
        category: Category,
        /// Why.
        reason: Text,
    },
    /// Open a compact; the recorder then begins the compact's own ledger.
    OpenCompact {
        /// The new compact.
        compact: CompactId,
        /// Its particulars.
        particulars: CompactParticulars,
    },
    /// Give a role to an account.
    GrantRole {
        /// The new grant.
        grant: GrantId,
        /// Which role, to whom, for how long.
        terms: GrantTerms,
    },
    /// Take a role away, or let it end sooner than it was to.
    EndRole {
        /// The grant.
        grant: GrantId,
        /// From when, and why.
        ending: RoleEnding,
    },
    /// Take one of the texts in its history out for good.
    RedactText {
        /// The text, as what has a key of its own.
        text: SubjectId,
        /// Why.
        reason: Text,
    },
}

/// What is said of a role when it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantTerms {
    /// To whom.
    pub account: AccountId,
    /// Which role, over what.
    pub post: Post,
    /// The first day on which it is held.
    pub from: NaiveDate,
    /// The last day on which it is held; none has no end.
    pub until: Option<NaiveDate>,
}

/// What is said of a role when it is taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleEnding {
    /// The first day on which the role is no longer held.
    pub from: NaiveDate,
    /// Why.
    pub reason: Text,
}

/// What is said of a compact when it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompactParticulars {
    /// Its name in URLs: lower-case letters, digits and hyphens.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The ground it covers.
    pub area: String,
    /// The day it was launched.
    pub launched_on: NaiveDate,
    /// The year a trial began, where there was one.
    pub pilot_from_year: Option<u16>,
}

impl RegionCommand {
    /// What the recorder must look up before this can be decided: a group is in its compact's ledger, and
    /// everything else is in the region's own.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        if let Self::GrantRole { terms, .. } = self {
            let named = terms.post.compact().zip(terms.post.group());
            mentions.groups_of.extend(named);
        }
        mentions
    }
}

crate::texts! {
    RoleEnding { reason }
}

impl Texts for RegionCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::EstablishRegion { note, .. } => note.texts(each),
            Self::RenameTheme { reason, .. }
            | Self::CorrectIndicator { reason, .. }
            | Self::RenameOrganisation { reason, .. }
            | Self::RecategoriseOrganisation { reason, .. }
            | Self::RedactText { reason, .. } => reason.texts(each),
            Self::EndRole { ending, .. } => ending.texts(each),
            Self::SetChallenge { .. }
            | Self::AddTheme { .. }
            | Self::DefineIndicator { .. }
            | Self::RegisterOrganisation { .. }
            | Self::OpenCompact { .. }
            | Self::GrantRole { .. } => {}
        }
    }
}
