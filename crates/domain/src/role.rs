//! Roles, and what each is held over.
//!
//! A role alone says nothing: a secretariat is the secretariat *of a compact*. [`Post`] is the two together,
//! and only those that belong together can be made: there is no funder of a group, and no group lead
//! of a region.

use serde::{Deserialize, Serialize};

use crate::ids::{CompactId, GroupId, OrganisationId};
use crate::refusal::Refusal;

/// What someone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Keeps the region's register, opens compacts, gives roles.
    RegionalAdministrator,
    /// Pays, and reads what compacts have released.
    Funder,
    /// Reads everything in what was opened to it, drafts and history included, and changes nothing.
    Auditor,
    /// Runs a compact.
    Secretariat,
    /// Leads a group of a compact.
    GroupLead,
    /// Speaks for an organisation in a compact.
    MemberRepresentative,
}

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 6] = [
        Self::RegionalAdministrator,
        Self::Funder,
        Self::Auditor,
        Self::Secretariat,
        Self::GroupLead,
        Self::MemberRepresentative,
    ];

    /// As it is stored, and as the access policies name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RegionalAdministrator => "regional-administrator",
            Self::Funder => "funder",
            Self::Auditor => "auditor",
            Self::Secretariat => "secretariat",
            Self::GroupLead => "group-lead",
            Self::MemberRepresentative => "member-representative",
        }
    }

    /// Whether whoever holds it must have a second factor: it opens what has not been released, and lets it be changed
    /// or taken away.
    pub const fn needs_second_factor(self) -> bool {
        match self {
            Self::RegionalAdministrator | Self::Auditor | Self::Secretariat => true,
            Self::Funder | Self::GroupLead | Self::MemberRepresentative => false,
        }
    }

    /// As people say it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::RegionalAdministrator => "regional administrator",
            Self::Funder => "funder",
            Self::Auditor => "auditor",
            Self::Secretariat => "secretariat",
            Self::GroupLead => "group lead",
            Self::MemberRepresentative => "member representative",
        }
    }
}

/// A role together with what it is held over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "kebab-case")]
pub enum Post {
    /// Of the region in whose ledger it was granted.
    RegionalAdministrator,
    /// Of the region.
    Funder,
    /// Of one compact, or of the region and so of all its compacts.
    Auditor {
        /// The compact; none is the whole region.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        compact_id: Option<CompactId>,
    },
    /// Of a compact.
    Secretariat {
        /// The compact.
        compact_id: CompactId,
    },
    /// Of a group.
    GroupLead {
        /// The compact whose group it is.
        compact_id: CompactId,
        /// The group.
        group_id: GroupId,
    },
    /// Of an organisation.
    MemberRepresentative {
        /// The compact it is represented in.
        compact_id: CompactId,
        /// The organisation.
        organisation_id: OrganisationId,
    },
}

/// What a role is to be held over, as it was typed: any of these may be missing, or too much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// A compact.
    pub compact: Option<CompactId>,
    /// A group of that compact.
    pub group: Option<GroupId>,
    /// An organisation in that compact.
    pub organisation: Option<OrganisationId>,
}

/// Why a role cannot be held over what was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IllFitting {
    /// Something must be named that was not.
    #[error("the role of {} is held over {what}; choose one", .role.words())]
    Missing {
        /// The role.
        role: Role,
        /// The input field.
        field: &'static str,
        /// What must be named: "a compact".
        what: &'static str,
    },
    /// Something was named that the role has nothing to do with.
    #[error("the role of {} is not held over {what}; leave it out", .role.words())]
    TooMuch {
        /// The role.
        role: Role,
        /// The input field.
        field: &'static str,
        /// What was named: "one compact".
        what: &'static str,
    },
}

impl Refusal for IllFitting {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "MISSING",
            Self::TooMuch { .. } => "ROLE_DOES_NOT_FIT",
        }
    }

    fn field(&self) -> Option<&'static str> {
        let (Self::Missing { field, .. } | Self::TooMuch { field, .. }) = self;
        Some(field)
    }
}

impl Post {
    /// The role held over this scope, if they fit.
    ///
    /// # Errors
    /// [`IllFitting`] for the first thing that is missing or too much.
    pub fn fit(role: Role, scope: Scope) -> Result<Self, IllFitting> {
        let Scope {
            compact,
            group,
            organisation,
        } = scope;
        let compact_id = || needed(role, "compactId", "a compact", compact);
        let without = |named: bool, field, what| {
            let refused = IllFitting::TooMuch { role, field, what };
            if named { Err(refused) } else { Ok(()) }
        };
        if role != Role::GroupLead {
            without(group.is_some(), "groupId", "a group")?;
        }
        if role != Role::MemberRepresentative {
            without(organisation.is_some(), "organisationId", "an organisation")?;
        }
        if matches!(role, Role::RegionalAdministrator | Role::Funder) {
            without(compact.is_some(), "compactId", "one compact")?;
        }
        Ok(match role {
            Role::RegionalAdministrator => Self::RegionalAdministrator,
            Role::Funder => Self::Funder,
            Role::Auditor => Self::Auditor {
                compact_id: compact,
            },
            Role::Secretariat => Self::Secretariat {
                compact_id: compact_id()?,
            },
            Role::GroupLead => Self::GroupLead {
                compact_id: compact_id()?,
                group_id: needed(role, "groupId", "a group", group)?,
            },
            Role::MemberRepresentative => Self::MemberRepresentative {
                compact_id: compact_id()?,
                organisation_id: needed(role, "organisationId", "an organisation", organisation)?,
            },
        })
    }

    /// The role.
    pub const fn role(self) -> Role {
        match self {
            Self::RegionalAdministrator => Role::RegionalAdministrator,
            Self::Funder => Role::Funder,
            Self::Auditor { .. } => Role::Auditor,
            Self::Secretariat { .. } => Role::Secretariat,
            Self::GroupLead { .. } => Role::GroupLead,
            Self::MemberRepresentative { .. } => Role::MemberRepresentative,
        }
    }

    /// The compact it is held in; none when it is the whole region's.
    pub const fn compact(self) -> Option<CompactId> {
        match self {
            Self::RegionalAdministrator | Self::Funder => None,
            Self::Auditor { compact_id } => compact_id,
            Self::Secretariat { compact_id }
            | Self::GroupLead { compact_id, .. }
            | Self::MemberRepresentative { compact_id, .. } => Some(compact_id),
        }
    }

    /// The group it is held over, where it is a group lead's.
    pub const fn group(self) -> Option<GroupId> {
        match self {
            Self::GroupLead { group_id, .. } => Some(group_id),
            _ => None,
        }
    }

    /// The organisation it speaks for, where it is a member representative's.
    pub const fn organisation(self) -> Option<OrganisationId> {
        match self {
            Self::MemberRepresentative {
                organisation_id, ..
            } => Some(organisation_id),
            _ => None,
        }
    }

    /// What it is held over.
    pub const fn scope(self) -> Scope {
        Scope {
            compact: self.compact(),
            group: self.group(),
            organisation: self.organisation(),
        }
    }
}

fn needed<T>(
    role: Role,
    field: &'static str,
    what: &'static str,
    named: Option<T>,
) -> Result<T, IllFitting> {
    named.ok_or(IllFitting::Missing { role, field, what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn scopes() -> impl Iterator<Item = Scope> {
        (0..8).map(|bits: u8| Scope {
            compact: (bits & 1 > 0).then(|| Uuid::from_u128(1).into()),
            group: (bits & 2 > 0).then(|| Uuid::from_u128(2).into()),
            organisation: (bits & 4 > 0).then(|| Uuid::from_u128(3).into()),
        })
    }

    /// Which of compact, group and organisation a role is held over; both of the auditor's.
    fn fitting(role: Role) -> &'static [[bool; 3]] {
        match role {
            Role::RegionalAdministrator | Role::Funder => &[[false, false, false]],
            Role::Auditor => &[[false, false, false], [true, false, false]],
            Role::Secretariat => &[[true, false, false]],
            Role::GroupLead => &[[true, true, false]],
            Role::MemberRepresentative => &[[true, false, true]],
        }
    }

    #[test]
    fn a_role_fits_only_what_it_is_held_over_and_gives_it_back() {
        for (role, scope) in Role::ALL
            .into_iter()
            .flat_map(|role| scopes().map(move |scope| (role, scope)))
        {
            let named = [
                scope.compact.is_some(),
                scope.group.is_some(),
                scope.organisation.is_some(),
            ];
            match Post::fit(role, scope) {
                Ok(post) => {
                    assert!(fitting(role).contains(&named), "{role:?} {scope:?}");
                    assert_eq!((post.role(), post.scope()), (role, scope));
                }
                Err(refused) => {
                    assert!(!fitting(role).contains(&named), "{role:?} {scope:?}");
                    assert!(refused.field().is_some());
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_in_plain_words() {
        let refused = |role, scope| Post::fit(role, scope).expect_err("ill-fitting").to_string();
        assert_eq!(
            refused(Role::Secretariat, Scope::default()),
            "the role of secretariat is held over a compact; choose one"
        );
        let compact = Some(Uuid::from_u128(1).into());
        let scope = Scope {
            compact,
            ..Scope::default()
        };
        assert_eq!(
            refused(Role::Funder, scope),
            "the role of funder is not held over one compact; leave it out"
        );
    }

    #[test]
    fn a_role_is_stored_by_its_name() {
        for role in Role::ALL {
            let stored = serde_json::to_value(role).expect("JSON");
            assert_eq!(stored, role.as_str());
        }
    }
}
