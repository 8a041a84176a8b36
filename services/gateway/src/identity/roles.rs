//! Roles, as far as they matter at the door, and as their holder reads them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::ids::LedgerId;
use views::{RegionRegister, RoleGrantView, ViewReader};

use super::IdentityError;

/// A role in words, and until when it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// Such as "secretariat of the Derbyshire Public Sector Compact".
    pub words: String,
    /// The last day on which it is held; none has no end.
    pub until: Option<NaiveDate>,
}

/// Says what these roles are held over.
pub(super) async fn in_words(
    views: &ViewReader,
    held: Vec<RoleGrantView>,
) -> Result<Vec<HeldRole>, IdentityError> {
    let mut regions: BTreeMap<LedgerId, Option<RegionRegister>> = BTreeMap::new();
    let mut roles = Vec::with_capacity(held.len());
    for grant in held {
        let ledger = grant.ledger;
        if let std::collections::btree_map::Entry::Vacant(place) = regions.entry(ledger) {
            place.insert(views.one(ledger, grant.region().uuid()).await?);
        }
        let region = regions.get(&ledger).and_then(Option::as_ref);
        roles.push(HeldRole {
            words: words(&grant, region),
            until: grant.until.current,
        });
    }
    Ok(roles)
}

fn words(grant: &RoleGrantView, region: Option<&RegionRegister>) -> String {
    let post = grant.held.post;
    let role = post.role().words();
    let compact = post.compact().and_then(|id| {
        let mut compacts = region?.compacts.iter();
        let found = compacts.find(|compact| compact.id == id)?;
        Some(found.name.as_str())
    });
    let organisation = post.organisation().and_then(|id| {
        let found = region?.organisations.get(&id)?;
        Some(found.name.current.as_str())
    });
    let group = grant.held.group.as_ref().map(|group| group.name.as_str());
    match (compact, group, organisation) {
        (Some(compact), Some(group), _) => format!("{role} of {group}, {compact}"),
        (Some(compact), _, Some(organisation)) => {
            format!("{role} of {organisation} in {compact}")
        }
        (Some(compact), ..) => format!("{role} of {compact}"),
        _ => match region {
            Some(region) => format!("{role} of the region {}", region.name),
            None => role.to_owned(),
        },
    }
}
