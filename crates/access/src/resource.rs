//! What is asked for: a region, something in a compact, or a role.

use std::collections::BTreeSet;

use domain::ids::{CompactId, GroupId, OrganisationId, RegionId};
use domain::{Post, Visibility};

/// What an action is to be done to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The region: its register, its accounts, its totals, its ledger.
    Region(RegionId),
    /// Something in a compact.
    Matter(Matter),
    /// A role that is, or is to be, given in a region.
    Appointment {
        /// The region in whose ledger it is given.
        region: RegionId,
        /// The role, and what it is held over.
        post: Post,
    },
}

impl Resource {
    /// The compact it belongs to; none for what is the whole region's.
    pub const fn compact(&self) -> Option<CompactId> {
        match self {
            Self::Region(_) => None,
            Self::Matter(matter) => Some(matter.compact),
            Self::Appointment { post, .. } => post.compact(),
        }
    }
}

/// Something in a compact, as far as access depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Matter {
    /// The compact.
    pub compact: CompactId,
    /// The region the compact's own record says it belongs to.
    pub region: RegionId,
    /// How far it has been released. The strictest for what is not there yet.
    pub visibility: Visibility,
    /// The groups it belongs to: a plan's group, a commitment's groups; none for what is the whole compact's.
    pub groups: BTreeSet<GroupId>,
    /// For a figure, the one organisation it is reported for; none when it is of several, or of none that is
    /// named. For a correction both the figure that stands and the one put in its place must be that one's.
    pub organisation: Option<OrganisationId>,
    /// The compact, of the same region, in whose name something is asked about it; none when nothing is.
    pub asking: Option<CompactId>,
}

/// A ledger: what a list or a stream of entries is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CompactLedger {
    /// The compact whose ledger it is.
    pub compact: CompactId,
    /// The region the compact's own record says it belongs to.
    pub region: RegionId,
}

impl CompactLedger {
    /// Something in it that is of no group and no organisation.
    pub const fn matter(self, visibility: Visibility) -> Matter {
        Matter {
            compact: self.compact,
            region: self.region,
            visibility,
            groups: BTreeSet::new(),
            organisation: None,
            asking: None,
        }
    }
}

impl From<Matter> for Resource {
    fn from(matter: Matter) -> Self {
        Self::Matter(matter)
    }
}
