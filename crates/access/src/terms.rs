//! What is told to the policies about who asks and what for, in the terms of their schema.
//!
//! A compact is named with its region, a group and a seat with their compact: whoever opens a compact or forms
//! a group chooses its id, and an id that was chosen to equal another's must not open the other's door.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Entity, EntityId, EntityTypeName, EntityUid, ParseErrors, RestrictedExpression,
};
use chrono::NaiveDate;
use domain::ids::{CompactId, GroupId, OrganisationId, RegionId};
use domain::{Post, Role, Visibility};

use crate::principal::Principal;
use crate::resource::{Matter, Resource};

/// The schema's types of thing, and the things there are only a few of.
pub(crate) struct Terms {
    account: EntityTypeName,
    region: EntityTypeName,
    compact: EntityTypeName,
    group: EntityTypeName,
    seat: EntityTypeName,
    visitor: EntityUid,
    matter: EntityUid,
    appointment: EntityUid,
    visibilities: [RestrictedExpression; Visibility::ALL.len()],
    roles: [RestrictedExpression; Role::ALL.len()],
}

type Attributes = HashMap<String, RestrictedExpression>;

/// Why something could not be told.
pub(crate) type TellingError = Box<cedar_policy::EntityAttrEvaluationError>;

impl Terms {
    /// The terms of the schema.
    pub(crate) fn new() -> Result<Self, Box<ParseErrors>> {
        let kind = EntityTypeName::from_str;
        let one = |name: &str, id: &str| Ok::<_, Box<ParseErrors>>(uid(&kind(name)?, id));
        let (visibility, role) = (kind("Visibility")?, kind("Role")?);
        Ok(Self {
            account: kind("Account")?,
            region: kind("Region")?,
            compact: kind("Compact")?,
            group: kind("Group")?,
            seat: kind("Seat")?,
            visitor: one("Visitor", "anyone")?,
            matter: one("Matter", "this")?,
            appointment: one("Appointment", "this")?,
            visibilities: Visibility::ALL.map(|it| reference(uid(&visibility, it.as_str()))),
            roles: Role::ALL.map(|it| reference(uid(&role, it.as_str()))),
        })
    }

    /// Who asks, with the roles that count on `today`.
    pub(crate) fn principal(
        &self,
        principal: &Principal,
        today: NaiveDate,
    ) -> Result<Entity, TellingError> {
        let Some(account) = principal.id() else {
            let visitor = self.visitor.clone();
            return Ok(Entity::new_no_attrs(visitor, HashSet::new()));
        };
        let mut held = Held::default();
        for grant in principal.grants_on(today) {
            self.hold(&mut held, grant.region, grant.post);
        }
        let account = uid(&self.account, &account.to_string());
        Ok(Entity::new(account, held.attributes(), HashSet::new())?)
    }

    fn hold(&self, held: &mut Held, region_id: RegionId, post: Post) {
        let region = self.region(region_id);
        let compact = |id| self.compact(region_id, id);
        match post {
            Post::RegionalAdministrator => held.administers.insert(region),
            Post::Funder => held.funds.insert(region),
            Post::Auditor { compact_id: None } => held.audits_region.insert(region),
            Post::Auditor {
                compact_id: Some(id),
            } => held.audits.insert(compact(id)),
            Post::Secretariat { compact_id } => {
                held.secretariat_of.insert(compact(compact_id));
                held.work(region, compact(compact_id))
            }
            Post::GroupLead {
                compact_id,
                group_id,
            } => {
                held.leads
                    .insert(self.group(region_id, compact_id, group_id));
                held.work(region, compact(compact_id))
            }
            Post::MemberRepresentative {
                compact_id,
                organisation_id,
            } => {
                held.represents
                    .insert(self.seat(region_id, compact_id, organisation_id));
                held.work(region, compact(compact_id))
            }
        };
    }

    /// What kind of thing is asked for.
    pub(crate) fn kind(&self, resource: &Resource) -> &EntityTypeName {
        match resource {
            Resource::Region(_) => &self.region,
            Resource::Matter(_) => self.matter.type_name(),
            Resource::Appointment { .. } => self.appointment.type_name(),
        }
    }

    /// What is asked for.
    pub(crate) fn resource(&self, resource: &Resource) -> Result<Entity, TellingError> {
        match resource {
            Resource::Region(id) => Ok(Entity::new_no_attrs(self.region(*id), HashSet::new())),
            Resource::Matter(matter) => self.matter(matter),
            Resource::Appointment { region, post } => self.appointment(*region, *post),
        }
    }

    fn matter(&self, matter: &Matter) -> Result<Entity, TellingError> {
        let Matter {
            compact,
            region,
            visibility,
            ref groups,
            organisation,
            asking,
        } = *matter;
        let groups = groups
            .iter()
            .map(|group| self.group(region, compact, *group));
        let visibility = self.visibilities[visibility as usize].clone();
        let mut attributes = Attributes::from([
            ("region".to_owned(), reference(self.region(region))),
            (
                "compact".to_owned(),
                reference(self.compact(region, compact)),
            ),
            ("visibility".to_owned(), visibility),
            ("groups".to_owned(), set(groups)),
        ]);
        if let Some(organisation) = organisation {
            let seat = self.seat(region, compact, organisation);
            attributes.insert("organisation".to_owned(), reference(seat));
        }
        if let Some(asking) = asking {
            let asking = self.compact(region, asking);
            attributes.insert("asking".to_owned(), reference(asking));
        }
        Ok(Entity::new(
            self.matter.clone(),
            attributes,
            HashSet::new(),
        )?)
    }

    fn appointment(&self, region: RegionId, post: Post) -> Result<Entity, TellingError> {
        let role = self.roles[post.role() as usize].clone();
        let mut attributes = Attributes::from([
            ("region".to_owned(), reference(self.region(region))),
            ("role".to_owned(), role),
        ]);
        if let Some(compact) = post.compact() {
            let compact = self.compact(region, compact);
            attributes.insert("compact".to_owned(), reference(compact));
        }
        Ok(Entity::new(
            self.appointment.clone(),
            attributes,
            HashSet::new(),
        )?)
    }

    fn region(&self, id: RegionId) -> EntityUid {
        uid(&self.region, &id.to_string())
    }

    fn compact(&self, region: RegionId, id: CompactId) -> EntityUid {
        uid(&self.compact, &format!("{region}/{id}"))
    }

    fn group(&self, region: RegionId, compact: CompactId, id: GroupId) -> EntityUid {
        uid(&self.group, &format!("{region}/{compact}/{id}"))
    }

    fn seat(&self, region: RegionId, compact: CompactId, id: OrganisationId) -> EntityUid {
        uid(&self.seat, &format!("{region}/{compact}/{id}"))
    }
}

/// What someone's roles come to.
#[derive(Default)]
struct Held {
    administers: BTreeSet<EntityUid>,
    funds: BTreeSet<EntityUid>,
    audits_region: BTreeSet<EntityUid>,
    audits: BTreeSet<EntityUid>,
    secretariat_of: BTreeSet<EntityUid>,
    leads: BTreeSet<EntityUid>,
    represents: BTreeSet<EntityUid>,
    works_in: BTreeSet<EntityUid>,
    belongs_to: BTreeSet<EntityUid>,
}

impl Held {
    fn work(&mut self, region: EntityUid, compact: EntityUid) -> bool {
        self.belongs_to.insert(region);
        self.works_in.insert(compact)
    }

    fn attributes(self) -> Attributes {
        let named = [
            ("administers", self.administers),
            ("funds", self.funds),
            ("auditsRegion", self.audits_region),
            ("audits", self.audits),
            ("secretariatOf", self.secretariat_of),
            ("leads", self.leads),
            ("represents", self.represents),
            ("worksIn", self.works_in),
            ("belongsTo", self.belongs_to),
        ];
        let named = named.map(|(name, held)| (name.to_owned(), set(held)));
        Attributes::from(named)
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn reference(uid: EntityUid) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid)
}

fn set(uids: impl IntoIterator<Item = EntityUid>) -> RestrictedExpression {
    RestrictedExpression::new_set(uids.into_iter().map(reference))
}
