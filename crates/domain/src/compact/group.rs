//! The compact's groups: formed, named, chaired, wound up.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::TooEarly;
use crate::facts::{GroupFact, UnknownFact};
use crate::figure::OrganisationFact;
use crate::ids::GroupId;
use crate::names::Taken;
use crate::refusal::Item;
use crate::text::Text;
use crate::words::{Blank, REASON};

use super::error::CompactError;
use super::event::{ChairAppointed, GroupFormed, GroupRenamed, GroupWoundUp};
use super::{Compact, GroupKind};

const NAME: Blank = Blank::title("name", "the group's name");

/// A group, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) fact: GroupFact,
    chair: Option<OrganisationFact>,
    pub(super) formed_on: NaiveDate,
    changed_on: NaiveDate,
    pub(super) wound_up_on: Option<NaiveDate>,
    /// The latest day on which a commitment or an action plan of it began.
    begun_on: Option<NaiveDate>,
}

/// The event of a group's forming.
pub(super) fn formed(
    group: GroupFact,
    kind: GroupKind,
    note: Option<&Text>,
) -> Result<GroupFormed, CompactError> {
    let note = Blank::text("note", "the note").accept_any(note)?;
    Ok(GroupFormed { group, kind, note })
}

impl Compact {
    pub(super) fn form_group(
        &self,
        on: NaiveDate,
        id: GroupId,
        code: &str,
        name: &str,
    ) -> Result<GroupFact, CompactError> {
        self.existing(on)?;
        self.not_succeeded("form the group there")?;
        if self.groups.contains_key(&id) {
            return Err(CompactError::GroupIdTaken);
        }
        let code = Blank::label("code", "a code").require(code)?;
        let name = NAME.require(name)?;
        match self.codes.check(&code, &id, on) {
            Ok(()) => Ok(GroupFact { id, code, name }),
            Err(Taken::Until(until)) => Err(CompactError::CodeHeld { code, until }),
            Err(Taken::By(holder)) => {
                let group = self.group(holder).map(|group| group.name);
                let group = group.unwrap_or_default();
                Err(CompactError::CodeTaken { code, group })
            }
        }
    }

    pub(super) fn group_formed(&mut self, event: GroupFormed, on: NaiveDate) {
        let fact = event.group;
        self.codes.give(&fact.code, fact.id);
        let group = Group {
            fact,
            chair: None,
            formed_on: on,
            changed_on: on,
            wound_up_on: None,
            begun_on: None,
        };
        self.groups.insert(group.fact.id, group);
    }

    pub(super) fn rename_group(
        &self,
        on: NaiveDate,
        id: GroupId,
        name: &str,
        reason: &Text,
    ) -> Result<GroupRenamed, CompactError> {
        let group = self.working_group(on, id)?.fact.clone();
        let to = NAME.require(name)?;
        let reason = REASON.accept(reason)?;
        if group.name == to {
            return Err(CompactError::Unchanged {
                field: "name",
                what: "this is the group's name",
            });
        }
        Ok(GroupRenamed { group, to, reason })
    }

    pub(super) fn group_renamed(&mut self, event: GroupRenamed, on: NaiveDate) {
        if let Some(group) = self.groups.get_mut(&event.group.id) {
            group.fact.name = event.to;
            group.changed_on = on;
        }
    }

    pub(super) fn appoint_chair(
        &self,
        on: NaiveDate,
        id: GroupId,
        chair: Result<OrganisationFact, UnknownFact>,
    ) -> Result<ChairAppointed, CompactError> {
        let group = self.working_group(on, id)?;
        let to = chair?;
        let from = group.chair.clone();
        if from.as_ref().is_some_and(|from| from.id == to.id) {
            return Err(CompactError::Unchanged {
                field: "organisationId",
                what: "this organisation holds the chair",
            });
        }
        let group = group.fact.clone();
        Ok(ChairAppointed { group, from, to })
    }

    pub(super) fn chair_appointed(&mut self, event: ChairAppointed, on: NaiveDate) {
        if let Some(group) = self.groups.get_mut(&event.group.id) {
            group.chair = Some(event.to);
            group.changed_on = on;
        }
    }

    pub(super) fn wind_up_group(
        &self,
        on: NaiveDate,
        id: GroupId,
        reason: &Text,
    ) -> Result<GroupWoundUp, CompactError> {
        let group = self.working_group(on, id)?;
        let what = "a commitment or an action plan of this group began on";
        TooEarly::check(on, what, group.begun_on)?;
        let group = group.fact.clone();
        let reason = REASON.accept(reason)?;
        Ok(GroupWoundUp { group, reason })
    }

    pub(super) fn group_wound_up(&mut self, event: &GroupWoundUp, on: NaiveDate) {
        if let Some(group) = self.groups.get_mut(&event.group.id) {
            group.changed_on = on;
            group.wound_up_on = Some(on);
            self.codes.free(&group.fact.code, on);
        }
    }

    /// Each group, once, that a commitment is to begin in.
    pub(super) fn groups_to_begin_in(
        &self,
        on: NaiveDate,
        ids: &[GroupId],
    ) -> Result<Vec<GroupFact>, CompactError> {
        let mut groups: Vec<GroupFact> = Vec::with_capacity(ids.len());
        for (at, id) in ids.iter().enumerate() {
            let group = self.group_to_begin_in(on, *id);
            let group = group.map_err(|refusal| CompactError::InList {
                item: Item::of("groupIds", at),
                refusal: Box::new(refusal),
            })?;
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        Ok(groups)
    }

    /// The group, if it was there by `on` and is still at work: one that was wound up takes on nothing
    /// more, whatever the date.
    pub(super) fn group_to_begin_in(
        &self,
        on: NaiveDate,
        id: GroupId,
    ) -> Result<GroupFact, CompactError> {
        let group = self.groups.get(&id).ok_or(UnknownFact::Group(id))?;
        let fact = group.fact.clone();
        if let Some(on) = group.wound_up_on {
            let group = fact.name;
            return Err(CompactError::NothingBeginsIn { group, on });
        }
        TooEarly::check(on, "this group was formed on", Some(group.formed_on))?;
        Ok(fact)
    }

    /// Notes that a commitment or an action plan of a group began.
    pub(super) fn began_in(&mut self, id: GroupId, on: NaiveDate) {
        if let Some(group) = self.groups.get_mut(&id) {
            group.begun_on = group.begun_on.max(Some(on));
        }
    }

    /// The group, if it is still at work and has not changed since `on`.
    fn working_group(&self, on: NaiveDate, id: GroupId) -> Result<&Group, CompactError> {
        self.existing(on)?;
        let group = self.groups.get(&id).ok_or(UnknownFact::Group(id))?;
        if let Some(on) = group.wound_up_on {
            let group = group.fact.name.clone();
            return Err(CompactError::GroupWoundUp { group, on });
        }
        TooEarly::check(on, "this group was last changed on", Some(group.changed_on))?;
        Ok(group)
    }
}
