//! Roles given to accounts, and taken away.

use async_graphql::{ID, InputObject};
use domain::ids::{AccountId, GrantId, IdSource};
use domain::refusal::Refusal;
use domain::region::{GrantTerms, RoleEnding};
use domain::role::Scope;
use domain::{Command, Post, RegionCommand};
use uuid::Uuid;

use super::draft::registered;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::region::Region;
use crate::types::scalars::Date;
use crate::types::words::Role;

mutations! {
    /// Roles given to accounts, and taken away.
    RoleMutations;

    /// Give a role to an account, over what it is held over, for some days.
    grant_role(GrantRoleInput) -> GrantRolePayload {
        /// The region as it is now.
        region: Region,
    }
    /// Take a role away, or let it end sooner than it was to.
    end_role(EndRoleInput) -> EndRolePayload {
        /// The region as it is now.
        region: Region,
    }
}

/// A role for an account.
#[derive(InputObject)]
pub struct GrantRoleInput {
    /// The region.
    region_id: ID,
    /// The id of the new grant: whoever gives the role chooses it, and takes the role away under it.
    grant_id: Uuid,
    /// The account it is given to.
    account_id: Uuid,
    /// Which role.
    role: Role,
    /// The compact it is held in. A regional administrator and a funder have none; an auditor without one audits the
    /// whole region.
    compact_id: Option<ID>,
    /// The group that a group lead leads.
    group_id: Option<ID>,
    /// The organisation that a member representative speaks for.
    organisation_id: Option<ID>,
    /// The first day on which it is held.
    from: Date,
    /// The last day on which it is held, that day included; left out, it has no end.
    until: Option<Date>,
    #[graphql(flatten)]
    recording: Recording,
}

impl GrantRoleInput {
    fn post(&self, region: &Place) -> Result<Post, UserError> {
        let compact = |id: &ID| registered(NodeKind::Compact, "compactId", id);
        let group = |id: &ID| registered(NodeKind::Group, "groupId", id);
        let member = |id: &ID| region.beside(NodeKind::Organisation, "organisationId", id);
        let scope = Scope {
            compact: self.compact_id.as_ref().map(compact).transpose()?,
            group: self.group_id.as_ref().map(group).transpose()?,
            organisation: self.organisation_id.as_ref().map(member).transpose()?,
        };
        let post = Post::fit(self.role.into(), scope);
        post.map_err(|refused| {
            let field = refused.field().unwrap_or("role");
            UserError::new(field, refused.code(), refused.to_string())
        })
    }
}

impl Input for GrantRoleInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let terms = GrantTerms {
            account: AccountId::new(self.account_id),
            post: self.post(&region)?,
            from: self.from.0,
            until: self.until.map(|until| until.0),
        };
        let grant = GrantId::new(self.grant_id);
        Ok(ask(&region, RegionCommand::GrantRole { grant, terms }))
    }
}

/// The end of a role.
#[derive(InputObject)]
pub struct EndRoleInput {
    /// The region.
    region_id: ID,
    /// The grant.
    grant_id: Uuid,
    /// The first day on which the role is no longer held: the day this is decided, or a later one.
    from: Date,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for EndRoleInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let region = place(&self.region_id)?;
        let grant = GrantId::new(self.grant_id);
        let ending = RoleEnding {
            from: self.from.0,
            reason: self.reason.into(),
        };
        Ok(ask(&region, RegionCommand::EndRole { grant, ending }))
    }
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Region, "regionId", id)
}

fn ask(region: &Place, command: RegionCommand) -> Draft {
    let id = region.id();
    Draft::new(region, Command::Region { id, command })
}
