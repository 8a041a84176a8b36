//! Visibility: how far what a compact wrote down has been let out.

use serde::{Deserialize, Serialize};

/// Who something has been released to. Ordered: each step lets everyone read who could before, and more.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Being written: its secretariat's, and that of the groups it belongs to.
    #[default]
    Draft,
    /// The compact's: everyone who has a role in it.
    Compact,
    /// Released to the region: its funder, its administrators and its other compacts.
    Region,
    /// Published: everyone, signed in or not.
    Public,
}

impl Visibility {
    /// Every one there is, from the closest to the widest.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Compact, Self::Region, Self::Public];

    /// As it is stored, and as the access policies name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Compact => "compact",
            Self::Region => "region",
            Self::Public => "public",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_wider_than_the_last_and_is_stored_by_its_name() {
        assert!(Visibility::ALL.is_sorted());
        assert_eq!(Visibility::default(), Visibility::Draft);
        for visibility in Visibility::ALL {
            let stored = serde_json::to_value(visibility).expect("JSON");
            assert_eq!(stored, visibility.as_str());
        }
    }
}
