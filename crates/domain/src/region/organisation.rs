//! The register's organisations: each once for the whole region, whichever compacts it sits in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::Since;
use crate::facts::UnknownFact;
use crate::ids::OrganisationId;
use crate::text::Text;
use crate::words::{Blank, REASON};

use super::Region;
use super::category::Category;
use super::error::{Named, RegionError};
use super::event::{OrganisationRecategorised, OrganisationRegistered, OrganisationRenamed};

const NAME: Blank = Blank::title("name", "the organisation's name");

/// An organisation, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Organisation {
    pub(super) name: String,
    category: Category,
}

impl Region {
    pub(super) fn register_organisation(
        &self,
        on: NaiveDate,
        organisation_id: OrganisationId,
        name: &str,
        category: Category,
    ) -> Result<OrganisationRegistered, RegionError> {
        if self.organisations.contains_key(&organisation_id) {
            let field = "organisationId";
            return Err(RegionError::IdTaken { field });
        }
        let name = self.free_organisation_name(on, organisation_id, name)?;
        Ok(OrganisationRegistered {
            organisation_id,
            name,
            category,
        })
    }

    pub(super) fn organisation_registered(&mut self, event: OrganisationRegistered, on: NaiveDate) {
        let id = event.organisation_id;
        self.organisation_names.give(&event.name, id);
        let value = Organisation {
            name: event.name,
            category: event.category,
        };
        self.organisations.insert(id, Since { value, on });
    }

    pub(super) fn rename_organisation(
        &self,
        on: NaiveDate,
        organisation_id: OrganisationId,
        name: &str,
        reason: &Text,
    ) -> Result<OrganisationRenamed, RegionError> {
        let from = self.registered(on, organisation_id)?.name.clone();
        let to = self.free_organisation_name(on, organisation_id, name)?;
        let reason = REASON.accept(reason)?;
        if from == to {
            return Err(RegionError::Unchanged {
                field: "name",
                what: "this is the organisation's name",
            });
        }
        Ok(OrganisationRenamed {
            organisation_id,
            from,
            to,
            reason,
        })
    }

    pub(super) fn organisation_renamed(&mut self, event: OrganisationRenamed, on: NaiveDate) {
        let id = event.organisation_id;
        if let Some(organisation) = self.organisations.get_mut(&id) {
            let from = &mut organisation.value.name;
            self.organisation_names.change(from, &event.to, id, on);
            *from = event.to;
            organisation.on = on;
        }
    }

    pub(super) fn recategorise_organisation(
        &self,
        on: NaiveDate,
        organisation_id: OrganisationId,
        to: Category,
        reason: &Text,
    ) -> Result<OrganisationRecategorised, RegionError> {
        let from = self.registered(on, organisation_id)?.category;
        let reason = REASON.accept(reason)?;
        if from == to {
            return Err(RegionError::Unchanged {
                field: "category",
                what: "the organisation is in this category",
            });
        }
        Ok(OrganisationRecategorised {
            organisation_id,
            from,
            to,
            reason,
        })
    }

    pub(super) fn organisation_recategorised(
        &mut self,
        event: &OrganisationRecategorised,
        on: NaiveDate,
    ) {
        if let Some(organisation) = self.organisations.get_mut(&event.organisation_id) {
            organisation.value.category = event.to;
            organisation.on = on;
        }
    }

    fn registered(&self, on: NaiveDate, id: OrganisationId) -> Result<&Organisation, RegionError> {
        let organisation = self.organisations.get(&id);
        let organisation = organisation.ok_or(UnknownFact::Organisation(id))?;
        Ok(organisation.before(on, "this organisation was last changed on")?)
    }

    fn free_organisation_name(
        &self,
        on: NaiveDate,
        taker: OrganisationId,
        name: &str,
    ) -> Result<String, RegionError> {
        let name = NAME.require(name)?;
        let checked = self.organisation_names.check(&name, &taker, on);
        checked.map_err(|taken| {
            let holder = |id| self.organisation(id).map(|organisation| organisation.name);
            RegionError::taken(Named::Organisation, &name, taken, holder)
        })?;
        Ok(name)
    }
}
