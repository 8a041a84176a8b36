//! Every situation a decision can be asked in, as one role's holder sees it.
//!
//! What the policies look at has few values: is it my compact, my group, my organisation, my region, and how
//! far was it released? Taken together they are a few hundred situations, and they can all be asked.

use std::collections::BTreeSet;

use domain::ids::{AccountId, CompactId, GrantId, GroupId, OrganisationId, RegionId};
use domain::{Post, Role, Visibility};
use uuid::Uuid;

use crate::principal::{Grant, Principal};
use crate::resource::{Matter, Resource};

/// Where something is, seen from a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the compact the role is held in.
    Own,
    /// In another compact of the region.
    Beside,
    /// In another region.
    Elsewhere,
}

/// What is asked for, seen from a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Situation {
    /// Something in a compact.
    Matter {
        place: Place,
        visibility: Visibility,
        own_group: bool,
        own_organisation: bool,
        own_asking: bool,
    },
    /// A region: one's own, or another.
    Region { own: bool },
    /// A role in a region; none of a compact when it is the whole region's.
    Appointment { place: Place, post: Post },
}

const fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

const REGION: RegionId = RegionId::new(id(1));
const OTHER_REGION: RegionId = RegionId::new(id(2));
const COMPACT: CompactId = CompactId::new(id(3));
const OTHER_COMPACT: CompactId = CompactId::new(id(4));
const GROUP: GroupId = GroupId::new(id(5));
const ORGANISATION: OrganisationId = OrganisationId::new(id(6));
const ACCOUNT: AccountId = AccountId::new(id(7));

/// Someone with this one role on every day there is, in the compact and the region of [`Place::Own`].
pub(crate) fn holder(post: Post) -> Principal {
    let grant = Grant {
        id: GrantId::new(id(8)),
        account: ACCOUNT,
        region: REGION,
        post,
        from: chrono::NaiveDate::MIN,
        until: None,
    };
    Principal::account(ACCOUNT, [grant])
}

/// Each role, held over the compact, the group and the organisation that are one's own.
pub(crate) fn posts() -> [Post; 7] {
    let compact_id = COMPACT;
    [
        Post::MemberRepresentative {
            compact_id,
            organisation_id: ORGANISATION,
        },
        Post::GroupLead {
            compact_id,
            group_id: GROUP,
        },
        Post::Secretariat { compact_id },
        Post::Auditor {
            compact_id: Some(compact_id),
        },
        Post::Auditor { compact_id: None },
        Post::Funder,
        Post::RegionalAdministrator,
    ]
}

impl Situation {
    /// Every situation there is.
    pub(crate) fn all() -> Vec<Self> {
        let places = [Place::Own, Place::Beside, Place::Elsewhere];
        let mut all = vec![Self::Region { own: true }, Self::Region { own: false }];
        for place in places {
            for visibility in Visibility::ALL {
                for flags in 0..8_u8 {
                    all.push(Self::Matter {
                        place,
                        visibility,
                        own_group: flags & 1 > 0,
                        own_organisation: flags & 2 > 0,
                        own_asking: flags & 4 > 0,
                    });
                }
            }
            let posts = posts().into_iter();
            all.extend(posts.map(|post| Self::Appointment { place, post }));
        }
        all
    }

    /// The thing itself.
    pub(crate) fn resource(self) -> Resource {
        match self {
            Self::Region { own } => Resource::Region(if own { REGION } else { OTHER_REGION }),
            Self::Appointment { place, post } => {
                let region = place.region();
                let post = within(post, place.compact());
                Resource::Appointment { region, post }
            }
            Self::Matter {
                place,
                visibility,
                own_group,
                own_organisation,
                own_asking,
            } => Resource::Matter(Matter {
                compact: place.compact(),
                region: place.region(),
                visibility,
                groups: own_group
                    .then_some(GROUP)
                    .into_iter()
                    .collect::<BTreeSet<_>>(),
                organisation: own_organisation.then_some(ORGANISATION),
                asking: own_asking.then_some(COMPACT),
            }),
        }
    }
}

impl Place {
    const fn region(self) -> RegionId {
        match self {
            Self::Own | Self::Beside => REGION,
            Self::Elsewhere => OTHER_REGION,
        }
    }

    const fn compact(self) -> CompactId {
        match self {
            Self::Own | Self::Elsewhere => COMPACT,
            Self::Beside => OTHER_COMPACT,
        }
    }
}

/// The role, held in this compact where it is held in one.
fn within(post: Post, compact: CompactId) -> Post {
    let mut scope = post.scope();
    scope.compact = scope.compact.map(|_| compact);
    Post::fit(post.role(), scope).unwrap_or(post)
}

/// Whether the secretariat may give it.
pub(crate) const fn is_given_by_secretariats(role: Role) -> bool {
    matches!(role, Role::GroupLead | Role::MemberRepresentative)
}
