//! What can happen to the region's register.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::facts::{GroupFact, ThemeCode};
use crate::ids::{AccountId, CompactId, GrantId, IndicatorId, OrganisationId};
use crate::redaction::TextRedacted;
use crate::role::Post;
use crate::text::Text;

use super::category::Category;

events! {
    /// Everything that can happen to the region.
    pub enum RegionEvent {
        /// The region's record began.
        "region.established" v 2 reads 1 => Established(RegionEstablished),
        /// What the funder's region asks of every public employer was written down or replaced.
        "region.challenge_set" v 1 => ChallengeSet(ChallengeSet),
        /// A theme joined the register.
        "region.theme_added" v 1 => ThemeAdded(ThemeAdded),
        /// A theme got another name.
        "region.theme_renamed" v 2 reads 1 => ThemeRenamed(ThemeRenamed),
        /// An indicator joined the register.
        "region.indicator_defined" v 1 => IndicatorDefined(IndicatorDefined),
        /// An indicator's terms were corrected.
        "region.indicator_corrected" v 2 reads 1 => IndicatorCorrected(IndicatorCorrected),
        /// An organisation joined the register.
        "region.organisation_registered" v 1 => OrganisationRegistered(OrganisationRegistered),
        /// An organisation got another name.
        "region.organisation_renamed" v 2 reads 1 => OrganisationRenamed(OrganisationRenamed),
        /// An organisation moved to another category.
        "region.organisation_recategorised" v 2 reads 1 => OrganisationRecategorised(OrganisationRecategorised),
        /// A compact was opened: it has a ledger of its own from here on.
        "region.compact_opened" v 1 => CompactOpened(CompactOpened),
        /// An account was given a role.
        "region.role_granted" v 1 => RoleGranted(RoleGranted),
        /// A role was taken away, or made to end sooner.
        "region.role_ended" v 2 reads 1 => RoleEnded(RoleEnded),
        /// A text was redacted.
        "region.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// The region's record began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionEstablished {
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who pays for the approach.
    pub funder: String,
    /// What else the papers say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// What one compact's secretariat costs a year, in pounds sterling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secretariat_cost_gbp_per_year: Option<u32>,
}

/// One point of the challenge to public employers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChallengeSet {
    /// Its label.
    #[serde(rename = "ref")]
    pub label: String,
    /// Its words.
    pub text: String,
    /// The words it replaces, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// A theme joined the register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThemeAdded {
    /// Its code; never changes.
    pub code: ThemeCode,
    /// Its name.
    pub name: String,
}

/// A theme got another name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThemeRenamed {
    /// Its code.
    pub code: ThemeCode,
    /// The name until now.
    pub from: String,
    /// The name from now on.
    pub to: String,
    /// Why.
    pub reason: Text,
}

/// What an indicator counts, and how its figures may be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorTerms {
    /// What is counted.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// Whether figures of different compacts may be added up.
    pub additive: bool,
}

/// An indicator joined the register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorDefined {
    /// The indicator.
    pub indicator_id: IndicatorId,
    /// Its terms.
    #[serde(flatten)]
    pub terms: IndicatorTerms,
}

/// An indicator's terms were corrected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndicatorCorrected {
    /// The indicator.
    pub indicator_id: IndicatorId,
    /// The terms until now.
    pub from: IndicatorTerms,
    /// The terms from now on.
    pub to: IndicatorTerms,
    /// Why.
    pub reason: Text,
}

/// An organisation joined the register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrganisationRegistered {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// The part of the sector it belongs to.
    pub category: Category,
}

/// An organisation got another name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrganisationRenamed {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The name until now.
    pub from: String,
    /// The name from now on.
    pub to: String,
    /// Why.
    pub reason: Text,
}

/// An organisation moved to another category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrganisationRecategorised {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The category until now.
    pub from: Category,
    /// The category from now on.
    pub to: Category,
    /// Why.
    pub reason: Text,
}

/// A compact was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompactOpened {
    /// The compact, and so its ledger.
    pub compact_id: CompactId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The ground it covers.
    pub area: String,
    /// The day it was launched.
    pub launched_on: NaiveDate,
    /// The year a trial began, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pilot_from_year: Option<u16>,
}

/// A role in someone's hands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// The account: an id, and nothing about the person.
    pub account_id: AccountId,
    /// The role, and what it is held over.
    #[serde(flatten)]
    pub post: Post,
    /// The group as its compact had it, for a group lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupFact>,
}

/// An account was given a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleGranted {
    /// The grant.
    pub grant_id: GrantId,
    /// Who was given what.
    #[serde(flatten)]
    pub held: Holding,
    /// The first day on which it is held.
    pub from: NaiveDate,
    /// The last day on which it is held; none has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// A role was taken away, or made to end sooner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleEnded {
    /// The grant.
    pub grant_id: GrantId,
    /// Who held what.
    #[serde(flatten)]
    pub held: Holding,
    /// The first day on which it is no longer held.
    pub from: NaiveDate,
    /// Why.
    pub reason: Text,
}

crate::texts! {
    RegionEstablished { note }
    ChallengeSet {}
    ThemeAdded {}
    ThemeRenamed { reason }
    IndicatorDefined {}
    IndicatorCorrected { reason }
    OrganisationRegistered {}
    OrganisationRenamed { reason }
    OrganisationRecategorised { reason }
    CompactOpened {}
    RoleGranted {}
    RoleEnded { reason }
}
