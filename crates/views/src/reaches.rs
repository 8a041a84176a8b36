//! How low someone reads in each of several ledgers: what lists across compacts keep within.

use domain::ids::LedgerId;
use domain::{Reach, Visibility};
use ledger::Scope;
use uuid::Uuid;

/// How low someone reads in each of several compacts' ledgers. Of what belongs to no group, such as good practice and its
/// adoption; whose drafts are read besides is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaches(Vec<(LedgerId, Visibility)>);

/// Reaches as statements take them: each ledger as often as it has visibilities that are read.
pub(crate) struct Pairs {
    pub(crate) ledgers: Vec<Uuid>,
    pub(crate) visibilities: Vec<String>,
}

impl FromIterator<(LedgerId, Reach)> for Reaches {
    fn from_iter<T: IntoIterator<Item = (LedgerId, Reach)>>(each: T) -> Self {
        let lowest = each.into_iter();
        Self(
            lowest
                .map(|(ledger, reach)| (ledger, reach.lowest))
                .collect(),
        )
    }
}

impl Reaches {
    /// The same, of what has left its compact: the same for everyone who reads as far.
    #[must_use]
    pub fn released(&self) -> Self {
        let each = self.0.iter();
        Self(
            each.map(|(ledger, lowest)| (*ledger, (*lowest).max(Visibility::Region)))
                .collect(),
        )
    }

    /// Whether nothing is read anywhere.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ledgers something is read in.
    pub(crate) fn scope(&self) -> Scope {
        self.0.iter().map(|(ledger, _)| *ledger).collect()
    }

    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = Pairs {
            ledgers: Vec::new(),
            visibilities: Vec::new(),
        };
        for (ledger, lowest) in &self.0 {
            for visibility in Reach::from_up(*lowest).visibilities() {
                pairs.ledgers.push(ledger.uuid());
                pairs.visibilities.push(visibility.as_str().to_owned());
            }
        }
        pairs
    }

    /// The ledgers whose compact's own affairs are read: what it took up is told there even when the source is seen no more.
    pub(crate) fn own(&self) -> Vec<Uuid> {
        let own = self.0.iter();
        let own = own.filter(|(_, lowest)| *lowest <= Visibility::Compact);
        own.map(|(ledger, _)| ledger.uuid()).collect()
    }
}
