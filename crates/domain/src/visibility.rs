//! Visibility: how far what a compact wrote down has been let out, how that changes, and how far down someone reads.
//!
//! A commitment and an action plan have a visibility; everything below them is as visible as they are. Both
//! change it by the one rule that is here.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Since, TooEarly};
use crate::ids::GroupId;
use crate::text::Text;
use crate::words::{REASON, TextError};

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

    /// Whether it has left the compact: the region's totals are made of what has, and of nothing else.
    pub const fn is_released(self) -> bool {
        matches!(self, Self::Region | Self::Public)
    }

    /// What something of this visibility is, in words: "released to the region".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::Compact => "released to the compact",
            Self::Region => "released to the region",
            Self::Public => "released to the public",
        }
    }
}

/// How far something is let out changed: it was released, or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisibilityChanged {
    /// How far it was let out until now.
    pub from: Visibility,
    /// How far from now on.
    pub to: Visibility,
    /// Why; always there when fewer people can read it than before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Why something was not released or taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// No reason was given for taking it back, or one that is too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// It is let out that far already.
    #[error("nothing would change: this is {} already; choose another, or leave it as it is", .0.words())]
    Unchanged(Visibility),
}

impl ReleaseError {
    /// A code that stays the same when the words change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::Unchanged(_) => "UNCHANGED",
        }
    }

    /// The input field it is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Text(error) => error.field(),
            Self::TooEarly(_) => "occurredOn",
            Self::Unchanged(_) => "to",
        }
    }
}

impl Since<Visibility> {
    /// Lets it out as far as `to` from `on`. Taking it back needs a reason; releasing it may have one.
    ///
    /// A change is dated no earlier than the last, nor than the day the thing began. Other changes of the
    /// thing do not matter to it: what has long ended can still be released, as of a day before it did.
    ///
    /// # Errors
    /// [`ReleaseError`] when nothing would change, a reason is missing, or the day lies too early.
    pub(crate) fn release(
        &self,
        on: NaiveDate,
        to: Visibility,
        reason: Option<&Text>,
    ) -> Result<VisibilityChanged, ReleaseError> {
        let from = *self.before(on, "who can read this was settled on")?;
        if from == to {
            return Err(ReleaseError::Unchanged(from));
        }
        let reason = if to < from {
            Some(REASON.insist(reason)?)
        } else {
            REASON.accept_any(reason)?
        };
        Ok(VisibilityChanged { from, to, reason })
    }
}

crate::texts! {
    VisibilityChanged { reason }
}

/// How far down someone reads in a compact's ledger: what lists and counts keep within.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reach {
    /// The lowest visibility that is read whatever it belongs to; everything wider is read too.
    pub lowest: Visibility,
    /// The groups whose matters are read from drafts up.
    pub drafts_of: BTreeSet<GroupId>,
}

impl Reach {
    /// Down to every draft, of whatever group.
    pub const EVERYTHING: Self = Self::from_up(Visibility::Draft);

    /// What was released to everyone, and nothing else.
    pub const PUBLIC: Self = Self::from_up(Visibility::Public);

    /// From this visibility up, and no group's drafts.
    pub const fn from_up(lowest: Visibility) -> Self {
        let drafts_of = BTreeSet::new();
        Self { lowest, drafts_of }
    }

    /// Whether something of this visibility that belongs to these groups is within it.
    pub fn covers<'a>(
        &self,
        visibility: Visibility,
        groups: impl IntoIterator<Item = &'a GroupId>,
    ) -> bool {
        let its = |group| self.drafts_of.contains(group);
        self.lowest <= visibility || groups.into_iter().any(its)
    }

    /// The visibilities that are read whatever something belongs to.
    pub fn visibilities(&self) -> impl Iterator<Item = Visibility> {
        let lowest = self.lowest;
        let all = Visibility::ALL.into_iter();
        all.filter(move |visibility| lowest <= *visibility)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn may(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2008, 5, day).expect("a day of May")
    }

    #[test]
    fn it_is_released_without_a_reason_and_taken_back_only_with_one() {
        for from in Visibility::ALL {
            let now = Since {
                value: from,
                on: may(2),
            };
            for to in Visibility::ALL {
                let unsaid = now.release(may(2), to, None);
                let said = now.release(may(3), to, Some(&" as the group decided ".into()));
                if to == from {
                    assert_eq!(unsaid, Err(ReleaseError::Unchanged(from)));
                    assert_eq!(said, Err(ReleaseError::Unchanged(from)));
                    continue;
                }
                let reason = Some("as the group decided".into());
                assert_eq!(said, Ok(VisibilityChanged { from, to, reason }));
                match unsaid {
                    Ok(changed) => assert!(to > from && changed.reason.is_none(), "{to:?}"),
                    Err(refused) => {
                        assert!(to < from, "{to:?}");
                        assert_eq!(refused.to_string(), "enter the reason");
                        assert_eq!((refused.code(), refused.field()), ("MISSING", "reason"));
                    }
                }
            }
            let early = now.release(may(1), Visibility::Region, Some(&"x".into()));
            let early = early.expect_err("too early");
            assert_eq!(
                early.to_string(),
                "who can read this was settled on 2 May 2008, so this cannot be dated earlier; \
                 enter that day or a later one"
            );
            let named = (early.code(), early.field());
            assert_eq!(named, ("DATED_TOO_EARLY", "occurredOn"));
        }
    }

    #[test]
    fn a_release_that_changes_nothing_says_how_things_are() {
        let refused = ReleaseError::Unchanged(Visibility::Region);
        assert_eq!(
            refused.to_string(),
            "nothing would change: this is released to the region already; choose another, or \
             leave it as it is"
        );
        assert_eq!((refused.code(), refused.field()), ("UNCHANGED", "to"));
    }

    #[test]
    fn a_reach_covers_what_is_wide_enough_and_its_own_groups_drafts() {
        let [own, other] = [1, 2].map(|n| GroupId::new(Uuid::from_u128(n)));
        let lead = Reach {
            drafts_of: [own].into(),
            ..Reach::from_up(Visibility::Compact)
        };
        assert!(lead.covers(Visibility::Draft, &[other, own]));
        assert!(!lead.covers(Visibility::Draft, &[other]));
        assert!(!lead.covers(Visibility::Draft, &[]));
        assert!(lead.covers(Visibility::Compact, &[]));
        for visibility in Visibility::ALL {
            assert!(Reach::EVERYTHING.covers(visibility, &[]));
            let published = visibility == Visibility::Public;
            assert_eq!(Reach::PUBLIC.covers(visibility, &[own]), published);
            for lowest in Visibility::ALL {
                let reach = Reach::from_up(lowest);
                let listed = reach.visibilities().any(|listed| listed == visibility);
                assert_eq!(listed, reach.covers(visibility, &[]));
            }
        }
    }

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
