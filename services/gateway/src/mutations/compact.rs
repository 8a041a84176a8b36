//! Changes to a compact: its name, its groups and their chairs, its succession.

use async_graphql::{ID, InputObject};
use domain::ids::{CompactId, GroupId, IdSource, OrganisationId, RegionId};
use domain::{Command, CompactCommand};
use uuid::Uuid;

use super::draft::{new_id, registered};
use super::region::Particulars;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::compact::Compact;
use crate::types::group::Group;
use crate::types::scalars::Date;
use crate::types::words::GroupKind;

mutations! {
    /// Changes to a compact.
    CompactMutations;

    /// Begin a compact's own record. Opening a compact does this; send it only where that was interrupted.
    establish_compact(EstablishCompactInput) -> EstablishCompactPayload {
        /// The compact as it is now.
        compact: Compact,
    }
    /// Give a compact another name.
    rename_compact(RenameCompactInput) -> RenameCompactPayload {
        /// The compact as it is now.
        compact: Compact,
    }
    /// Put right what is said of where a compact is at work, and since when.
    correct_compact(CorrectCompactInput) -> CorrectCompactPayload {
        /// The compact as it is now.
        compact: Compact,
    }
    /// Form a group.
    form_group(FormGroupInput) -> FormGroupPayload {
        /// The compact as it is now.
        compact: Compact,
        /// The new group.
        group: Group,
    }
    /// Give a group another name.
    rename_group(RenameGroupInput) -> RenameGroupPayload {
        /// The compact as it is now.
        compact: Compact,
        /// The group as it is now.
        group: Group,
    }
    /// Appoint the organisation that takes a group's chair.
    appoint_chair(AppointChairInput) -> AppointChairPayload {
        /// The compact as it is now.
        compact: Compact,
        /// The group as it is now.
        group: Group,
    }
    /// Wind a group up.
    wind_up_group(WindUpGroupInput) -> WindUpGroupPayload {
        /// The compact as it is now.
        compact: Compact,
        /// The group as it is now.
        group: Group,
    }
    /// Record that another compact carries on from this one.
    succeed_compact(SucceedCompactInput) -> SucceedCompactPayload {
        /// The compact as it is now.
        compact: Compact,
    }
}

/// What begins a compact's own record.
#[derive(InputObject)]
pub struct EstablishCompactInput {
    /// The compact, as the region opened it.
    compact_id: ID,
    /// The region it belongs to.
    region_id: ID,
    #[graphql(flatten)]
    particulars: Particulars,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for EstablishCompactInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = place(&self.compact_id)?;
        let region: RegionId = registered(NodeKind::Region, "regionId", &self.region_id)?;
        let command = CompactCommand::EstablishCompact {
            compact: compact.id(),
            region,
            particulars: self.particulars.into(),
        };
        Ok(ask(&compact, command))
    }
}

/// A compact's new name.
#[derive(InputObject)]
pub struct RenameCompactInput {
    /// The compact.
    compact_id: ID,
    /// The new name.
    name: String,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RenameCompactInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = place(&self.compact_id)?;
        let command = CompactCommand::RenameCompact {
            name: self.name,
            reason: self.reason.into(),
        };
        Ok(ask(&compact, command))
    }
}

/// What is right about where a compact is at work, and since when.
#[derive(InputObject)]
pub struct CorrectCompactInput {
    /// The compact.
    compact_id: ID,
    /// The ground it covers.
    area: String,
    /// The day it was launched.
    launched_on: Date,
    /// The year a trial began, where there was one; none when left out.
    pilot_from_year: Option<u16>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectCompactInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = place(&self.compact_id)?;
        let command = CompactCommand::CorrectCompact {
            area: self.area,
            launched_on: self.launched_on.0,
            pilot_from_year: self.pilot_from_year,
            reason: self.reason.into(),
        };
        Ok(ask(&compact, command))
    }
}

/// A new group.
#[derive(InputObject)]
pub struct FormGroupInput {
    /// The compact.
    compact_id: ID,
    /// The id of the new group; made when left out.
    new_id: Option<Uuid>,
    /// Its code, such as LD; unique among the compact's standing groups.
    code: String,
    /// What kind of group.
    kind: GroupKind,
    /// Its name.
    name: String,
    /// What it is for, or anything said about it.
    note: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for FormGroupInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = place(&self.compact_id)?;
        let group: GroupId = new_id(self.new_id, ids);
        let command = CompactCommand::FormGroup {
            group,
            code: self.code,
            kind: self.kind.into(),
            name: self.name,
            note: self.note.map(Into::into),
        };
        Ok(ask(&compact, command)
            .about(NodeKind::Group, group.uuid())
            .making())
    }
}

/// A group's new name.
#[derive(InputObject)]
pub struct RenameGroupInput {
    /// The group.
    group_id: ID,
    /// The new name.
    name: String,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RenameGroupInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (compact, group) = group_place(&self.group_id)?;
        let command = CompactCommand::RenameGroup {
            group,
            name: self.name,
            reason: self.reason.into(),
        };
        Ok(ask(&compact, command).about(NodeKind::Group, group.uuid()))
    }
}

/// The organisation that takes a group's chair.
#[derive(InputObject)]
pub struct AppointChairInput {
    /// The group.
    group_id: ID,
    /// The organisation.
    organisation_id: ID,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AppointChairInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (compact, group) = group_place(&self.group_id)?;
        let organisation: OrganisationId = registered(
            NodeKind::Organisation,
            "organisationId",
            &self.organisation_id,
        )?;
        let command = CompactCommand::AppointChair {
            group,
            organisation,
        };
        Ok(ask(&compact, command).about(NodeKind::Group, group.uuid()))
    }
}

/// Why a group ends its work.
#[derive(InputObject)]
pub struct WindUpGroupInput {
    /// The group.
    group_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WindUpGroupInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (compact, group) = group_place(&self.group_id)?;
        let command = CompactCommand::WindUpGroup {
            group,
            reason: self.reason.into(),
        };
        Ok(ask(&compact, command).about(NodeKind::Group, group.uuid()))
    }
}

/// The compact that carries on.
#[derive(InputObject)]
pub struct SucceedCompactInput {
    /// The compact that ends.
    compact_id: ID,
    /// The compact that carries on.
    by_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for SucceedCompactInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = place(&self.compact_id)?;
        let by: CompactId = registered(NodeKind::Compact, "byId", &self.by_id)?;
        let command = CompactCommand::SucceedCompact {
            by,
            reason: self.reason.into(),
        };
        Ok(ask(&compact, command).renaming(&[("compactId", "byId")]))
    }
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Compact, "compactId", id)
}

/// The compact a group belongs to, which its id tells, and the group.
fn group_place(id: &ID) -> Result<(Place, GroupId), UserError> {
    let group = Place::read(NodeKind::Group, "groupId", id)?;
    let ledger = group.ledger();
    let compact = Place::fresh(NodeKind::Compact, ledger, ledger.uuid(), "groupId");
    Ok((compact, group.id()))
}

fn ask(compact: &Place, command: CompactCommand) -> Draft {
    let id = compact.id();
    Draft::new(compact, Command::Compact { id, command })
}
