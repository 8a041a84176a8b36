//! The things questions are asked about: two regions, two compacts, groups and organisations that share ids across them.

use std::collections::BTreeSet;

use access::{Action, Asker, Grant, Matter, Principal, Resource};
use chrono::{Days, NaiveDate};
use domain::ids::{AccountId, CompactId, GroupId, OrganisationId, RegionId};
use domain::{Post, Visibility};
use uuid::Uuid;

use super::table;

pub const fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// The first is one's own. The same id may stand for a compact in either region, and so on down.
pub const REGIONS: [RegionId; 2] = [RegionId::new(id(1)), RegionId::new(id(2))];
pub const COMPACTS: [CompactId; 2] = [CompactId::new(id(3)), CompactId::new(id(4))];
pub const GROUPS: [GroupId; 2] = [GroupId::new(id(5)), GroupId::new(id(6))];
pub const ORGANISATIONS: [OrganisationId; 2] =
    [OrganisationId::new(id(7)), OrganisationId::new(id(8))];
pub const ACCOUNT: AccountId = AccountId::new(id(9));

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 9, 24).expect("a date")
}

pub fn day(offset: i64) -> NaiveDate {
    let days = Days::new(offset.unsigned_abs());
    let day = if offset < 0 {
        today().checked_sub_days(days)
    } else {
        today().checked_add_days(days)
    };
    day.expect("a date")
}

/// When a role is held, seen from today: today only, not yet, no longer. The last days are in `start.rs`.
pub const TIMES: [(i64, Option<i64>); 3] = [(0, Some(0)), (1, None), (-9, Some(-1))];

/// Today and no other day.
pub const NOW: (i64, Option<i64>) = TIMES[0];

pub fn grant(post: Post, (from, until): (i64, Option<i64>)) -> Grant {
    Grant {
        id: id(10).into(),
        account: ACCOUNT,
        region: REGIONS[0],
        post,
        from: day(from),
        until: until.map(day),
    }
}

/// Every role in one's own compact, group and organisation.
pub fn own_posts() -> Vec<Post> {
    posts_in(COMPACTS[0], GROUPS[0], ORGANISATIONS[0])
}

pub fn posts_in(
    compact_id: CompactId,
    group_id: GroupId,
    organisation_id: OrganisationId,
) -> Vec<Post> {
    vec![
        Post::RegionalAdministrator,
        Post::Funder,
        Post::Auditor { compact_id: None },
        Post::Auditor {
            compact_id: Some(compact_id),
        },
        Post::Secretariat { compact_id },
        Post::GroupLead {
            compact_id,
            group_id,
        },
        Post::MemberRepresentative {
            compact_id,
            organisation_id,
        },
    ]
}

fn sets_of_groups() -> [BTreeSet<GroupId>; 4] {
    let [own, other] = GROUPS;
    [
        BTreeSet::new(),
        [own].into(),
        [other].into(),
        [own, other].into(),
    ]
}

/// Everything that can be asked for.
pub fn resources() -> Vec<Resource> {
    let mut all: Vec<Resource> = REGIONS.map(Resource::Region).into();
    for region in REGIONS {
        for compact in COMPACTS {
            let posts = posts_in(compact, GROUPS[1], ORGANISATIONS[1]);
            all.extend(
                posts
                    .into_iter()
                    .map(|post| Resource::Appointment { region, post }),
            );
            for visibility in Visibility::ALL {
                for groups in sets_of_groups() {
                    let organisations = [None].into_iter().chain(ORGANISATIONS.map(Some));
                    all.extend(organisations.map(|organisation| {
                        Resource::Matter(Matter {
                            compact,
                            region,
                            visibility,
                            groups: groups.clone(),
                            organisation,
                            asking: None,
                        })
                    }));
                    all.extend(COMPACTS.map(|asking| {
                        Resource::Matter(Matter {
                            compact,
                            region,
                            visibility,
                            groups: groups.clone(),
                            organisation: None,
                            asking: Some(asking),
                        })
                    }));
                }
            }
        }
    }
    all
}

/// A question on which policies and table do not agree, in words for whoever has to mend one of them.
#[derive(Debug)]
pub struct Disagreement(
    #[expect(dead_code, reason = "it is read in the panic of whoever expected none")] String,
);

/// Who has these grants; the public has none.
pub fn principal(grants: &[Grant]) -> Principal {
    if grants.is_empty() {
        Principal::PUBLIC
    } else {
        Principal::account(ACCOUNT, grants.iter().copied())
    }
}

/// Asks the policies, and of the table what it says today.
pub fn compare(
    asker: &Asker<'_>,
    grants: &[Grant],
    action: Action,
    resource: &Resource,
) -> Result<bool, Box<Disagreement>> {
    let decided = asker.decide(action, resource);
    let expected = table::may(grants, today(), action, resource);
    let makes_sense = table::makes_sense(action, resource);
    let agreed = decided.allowed == expected
        && decided.allowed != decided.determined_by.is_empty()
        && decided.errors.is_empty() == makes_sense;
    if agreed {
        return Ok(expected);
    }
    let question = format!("{} of {resource:?} with {grants:?}", action.name());
    Err(Box::new(Disagreement(format!(
        "{question}: expected {expected}, not {decided:?}"
    ))))
}
