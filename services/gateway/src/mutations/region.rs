//! Changes to the region's register.

use async_graphql::{ID, InputObject};
use domain::ids::{CompactId, IdSource, IndicatorId, OrganisationId, RegionId};
use domain::region::{CompactParticulars, IndicatorTerms};
use domain::{Command, RegionCommand};
use uuid::Uuid;

use super::draft::new_id;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::{NodeId, NodeKind};
use crate::types::compact::Compact;
use crate::types::region::{Indicator, Organisation, Region, Theme};
use crate::types::scalars::Date;
use crate::types::words::Category;

mutations! {
    /// Changes to the region's register.
    RegionMutations;

    /// Begin the region's record.
    establish_region(EstablishRegionInput) -> EstablishRegionPayload {
        /// The region as it is now.
        region: Region,
    }
    /// Write down, or replace, one point of the challenge to public employers.
    set_challenge(SetChallengeInput) -> SetChallengePayload {
        /// The region as it is now.
        region: Region,
    }
    /// Add a theme to the register.
    add_theme(AddThemeInput) -> AddThemePayload {
        /// The region as it is now.
        region: Region,
        /// The new theme.
        theme: Theme,
    }
    /// Give a theme another name.
    rename_theme(RenameThemeInput) -> RenameThemePayload {
        /// The region as it is now.
        region: Region,
        /// The theme as it is now.
        theme: Theme,
    }
    /// Define an indicator: what is counted, in which unit, and whether it may be added up.
    define_indicator(DefineIndicatorInput) -> DefineIndicatorPayload {
        /// The region as it is now.
        region: Region,
        /// The new indicator.
        indicator: Indicator,
    }
    /// Correct an indicator's terms.
    correct_indicator(CorrectIndicatorInput) -> CorrectIndicatorPayload {
        /// The region as it is now.
        region: Region,
        /// The indicator as it is now.
        indicator: Indicator,
    }
    /// Register an organisation, once for the whole region.
    register_organisation(RegisterOrganisationInput) -> RegisterOrganisationPayload {
        /// The region as it is now.
        region: Region,
        /// The new organisation.
        organisation: Organisation,
    }
    /// Give an organisation another name.
    rename_organisation(RenameOrganisationInput) -> RenameOrganisationPayload {
        /// The region as it is now.
        region: Region,
        /// The organisation as it is now.
        organisation: Organisation,
    }
    /// Move an organisation to another category.
    recategorise_organisation(RecategoriseOrganisationInput) -> RecategoriseOrganisationPayload {
        /// The region as it is now.
        region: Region,
        /// The organisation as it is now.
        organisation: Organisation,
    }
    /// Open a compact. Its own record begins with it.
    open_compact(OpenCompactInput) -> OpenCompactPayload {
        /// The region as it is now.
        region: Region,
        /// The new compact.
        compact: Compact,
    }
}

/// What begins the region's record.
#[derive(InputObject)]
pub struct EstablishRegionInput {
    /// The id of the new region; made when left out.
    new_id: Option<Uuid>,
    /// Its name in URLs: lower-case letters, digits and hyphens.
    slug: String,
    /// Its name.
    name: String,
    /// Who pays for the approach.
    funder: String,
    /// What else the papers say of it.
    note: Option<String>,
    /// What one compact's secretariat costs a year, in pounds sterling.
    secretariat_cost_gbp_per_year: Option<u32>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for EstablishRegionInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let id: RegionId = new_id(self.new_id, ids);
        let region = Place::fresh(NodeKind::Region, id.ledger(), id.uuid(), "newId");
        let command = RegionCommand::EstablishRegion {
            slug: self.slug,
            name: self.name,
            funder: self.funder,
            note: self.note.map(Into::into),
            secretariat_cost_gbp_per_year: self.secretariat_cost_gbp_per_year,
        };
        Ok(ask(&region, command).making())
    }
}

/// A point of the challenge to public employers.
#[derive(InputObject)]
pub struct SetChallengeInput {
    /// The region.
    region_id: ID,
    /// Its label; a point with this label is replaced.
    #[graphql(name = "ref")]
    label: String,
    /// Its words.
    text: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for SetChallengeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let command = RegionCommand::SetChallenge {
            label: self.label,
            text: self.text,
        };
        Ok(ask(&region, command))
    }
}

/// A new theme.
#[derive(InputObject)]
pub struct AddThemeInput {
    /// The region.
    region_id: ID,
    /// Its code, such as `skills-pledge`; never changes.
    code: String,
    /// Its name.
    name: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AddThemeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let theme = NodeId::theme(region.ledger(), &self.code);
        let command = RegionCommand::AddTheme {
            code: self.code,
            name: self.name,
        };
        Ok(ask(&region, command).about_node(theme).making())
    }
}

/// A theme's new name.
#[derive(InputObject)]
pub struct RenameThemeInput {
    /// The region.
    region_id: ID,
    /// The theme's code.
    code: String,
    /// The new name.
    name: String,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RenameThemeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let theme = NodeId::theme(region.ledger(), &self.code);
        let command = RegionCommand::RenameTheme {
            code: self.code,
            name: self.name,
            reason: self.reason.into(),
        };
        Ok(ask(&region, command).about_node(theme))
    }
}

/// A new indicator.
#[derive(InputObject)]
pub struct DefineIndicatorInput {
    /// The region.
    region_id: ID,
    /// The id of the new indicator; made when left out.
    new_id: Option<Uuid>,
    /// What is counted.
    name: String,
    /// The unit: "organisations", "people", "events".
    unit: String,
    /// Whether figures of different compacts may be added up.
    additive: bool,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for DefineIndicatorInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let indicator: IndicatorId = new_id(self.new_id, ids);
        let terms = IndicatorTerms {
            name: self.name,
            unit: self.unit,
            additive: self.additive,
        };
        let command = RegionCommand::DefineIndicator { indicator, terms };
        let draft = ask(&region, command).about(NodeKind::Indicator, indicator.uuid());
        Ok(draft.making())
    }
}

/// An indicator's right terms.
#[derive(InputObject)]
pub struct CorrectIndicatorInput {
    /// The region.
    region_id: ID,
    /// The indicator.
    indicator_id: ID,
    /// What is counted.
    name: String,
    /// The unit.
    unit: String,
    /// Whether figures of different compacts may be added up.
    additive: bool,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectIndicatorInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let indicator: IndicatorId =
            region.beside(NodeKind::Indicator, "indicatorId", &self.indicator_id)?;
        let terms = IndicatorTerms {
            name: self.name,
            unit: self.unit,
            additive: self.additive,
        };
        let command = RegionCommand::CorrectIndicator {
            indicator,
            terms,
            reason: self.reason.into(),
        };
        Ok(ask(&region, command).about(NodeKind::Indicator, indicator.uuid()))
    }
}

/// A new organisation.
#[derive(InputObject)]
pub struct RegisterOrganisationInput {
    /// The region.
    region_id: ID,
    /// The id of the new organisation; made when left out.
    new_id: Option<Uuid>,
    /// Its name.
    name: String,
    /// The part of the sector it belongs to.
    category: Category,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RegisterOrganisationInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let organisation: OrganisationId = new_id(self.new_id, ids);
        let command = RegionCommand::RegisterOrganisation {
            organisation,
            name: self.name,
            category: self.category.into(),
        };
        let draft = ask(&region, command).about(NodeKind::Organisation, organisation.uuid());
        Ok(draft.making())
    }
}

/// An organisation's new name.
#[derive(InputObject)]
pub struct RenameOrganisationInput {
    /// The organisation.
    organisation_id: ID,
    /// The region.
    region_id: ID,
    /// The new name.
    name: String,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RenameOrganisationInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let organisation = registered_organisation(&region, &self.organisation_id)?;
        let command = RegionCommand::RenameOrganisation {
            organisation,
            name: self.name,
            reason: self.reason.into(),
        };
        Ok(ask(&region, command).about(NodeKind::Organisation, organisation.uuid()))
    }
}

/// An organisation's new category.
#[derive(InputObject)]
pub struct RecategoriseOrganisationInput {
    /// The organisation.
    organisation_id: ID,
    /// The region.
    region_id: ID,
    /// The new category.
    category: Category,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RecategoriseOrganisationInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let organisation = registered_organisation(&region, &self.organisation_id)?;
        let command = RegionCommand::RecategoriseOrganisation {
            organisation,
            category: self.category.into(),
            reason: self.reason.into(),
        };
        Ok(ask(&region, command).about(NodeKind::Organisation, organisation.uuid()))
    }
}

/// A new compact.
#[derive(InputObject)]
pub struct OpenCompactInput {
    /// The region.
    region_id: ID,
    /// The id of the new compact; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    particulars: Particulars,
    #[graphql(flatten)]
    recording: Recording,
}

/// What is said of a compact when it is opened.
#[derive(InputObject)]
pub struct Particulars {
    /// Its name in URLs: lower-case letters, digits and hyphens.
    slug: String,
    /// Its name.
    name: String,
    /// The ground it covers.
    area: String,
    /// The day it was launched.
    launched_on: Date,
    /// The year a trial began, where there was one.
    pilot_from_year: Option<u16>,
}

impl From<Particulars> for CompactParticulars {
    fn from(said: Particulars) -> Self {
        Self {
            slug: said.slug,
            name: said.name,
            area: said.area,
            launched_on: said.launched_on.0,
            pilot_from_year: said.pilot_from_year,
        }
    }
}

impl Input for OpenCompactInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let compact: CompactId = new_id(self.new_id, ids);
        let node = NodeId::new(NodeKind::Compact, compact.ledger(), compact.uuid());
        let command = RegionCommand::OpenCompact {
            compact,
            particulars: self.particulars.into(),
        };
        Ok(ask(&region, command).about_node(node).making())
    }
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Region, "regionId", id)
}

fn ask(region: &Place, command: RegionCommand) -> Draft {
    let id = region.id();
    Draft::new(region, Command::Region { id, command })
}

fn registered_organisation(region: &Place, id: &ID) -> Result<OrganisationId, UserError> {
    region.beside(NodeKind::Organisation, "organisationId", id)
}
