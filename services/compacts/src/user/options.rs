//! What can be said on the command line about accounts and roles.

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use domain::Role;

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Make an account, give it a role if one is named, and send or print the link by which its owner sets a password
    Add {
        /// Where its owner is written to
        #[arg(long)]
        email: String,
        /// What its owner is called
        #[arg(long)]
        name: String,
        /// The role to give it.
        #[command(flatten)]
        role: RoleGiven,
    },
    /// Give an account a role
    Grant {
        /// The account: its e-mail address, or its id as `user list` shows it
        #[arg(value_name = "ACCOUNT")]
        who: String,
        /// The role to give it.
        #[command(flatten)]
        role: RoleGiven,
    },
    /// List the accounts with their roles
    List {
        /// As JSON, for programs; with the roles that are over, too
        #[arg(long)]
        json: bool,
    },
    /// Shut an account: its sessions, links and tokens end at once
    Disable {
        /// The account: its e-mail address, or its id as `user list` shows it
        #[arg(value_name = "ACCOUNT")]
        who: String,
    },
    /// Open an account that was shut
    Enable {
        /// The account: its e-mail address, or its id as `user list` shows it
        #[arg(value_name = "ACCOUNT")]
        who: String,
    },
    /// Print everything held about somebody, as JSON to be given to them
    Export {
        /// Who: their e-mail address, or their account's id as `user list` shows it
        #[arg(value_name = "PERSON")]
        who: String,
    },
    /// Erase an account for good: its name and address, its sessions and tokens; its roles end today
    Erase {
        /// The account: its e-mail address, or its id as `user list` shows it
        #[arg(value_name = "ACCOUNT")]
        who: String,
        /// Yes, for good
        #[arg(long)]
        yes: bool,
    },
    /// Send or print a link for a new password; for somebody who was invited and has not come, another invitation
    Reset {
        /// The account: its e-mail address, or its id as `user list` shows it
        #[arg(value_name = "ACCOUNT")]
        who: String,
    },
}

/// A role, what it is held over, and for which days.
#[derive(Clone, Debug, Default, Args)]
pub struct RoleGiven {
    /// The role
    #[arg(long, value_enum)]
    pub role: Option<RoleNamed>,
    /// The compact it is held in, by its name in URLs; an auditor without one audits the whole region
    #[arg(long, value_name = "SLUG")]
    pub compact: Option<String>,
    /// The group that a group lead leads, by its code
    #[arg(long, value_name = "CODE")]
    pub group: Option<String>,
    /// The organisation that a member representative speaks for, by its name or id
    #[arg(long, value_name = "NAME")]
    pub organisation: Option<String>,
    /// The first day on which it is held, as 2026-01-31 [default: today]
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// The last day on which it is held, that day included [default: it has no end]
    #[arg(long, value_name = "DATE")]
    pub until: Option<NaiveDate>,
}

/// A role as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleNamed {
    /// Keeps the region's register, opens compacts, gives roles.
    RegionalAdministrator,
    /// Reads what compacts have released.
    Funder,
    /// Reads everything in a compact or the region, and changes nothing.
    Auditor,
    /// Runs a compact.
    Secretariat,
    /// Leads a group of a compact.
    GroupLead,
    /// Speaks for an organisation in a compact.
    MemberRepresentative,
}

impl From<RoleNamed> for Role {
    fn from(named: RoleNamed) -> Self {
        match named {
            RoleNamed::RegionalAdministrator => Self::RegionalAdministrator,
            RoleNamed::Funder => Self::Funder,
            RoleNamed::Auditor => Self::Auditor,
            RoleNamed::Secretariat => Self::Secretariat,
            RoleNamed::GroupLead => Self::GroupLead,
            RoleNamed::MemberRepresentative => Self::MemberRepresentative,
        }
    }
}

impl RoleGiven {
    /// What was said of a role that was not named; none when nothing was.
    pub fn without_role(&self) -> Option<&'static str> {
        let said = [
            (self.compact.is_some(), "--compact"),
            (self.group.is_some(), "--group"),
            (self.organisation.is_some(), "--organisation"),
            (self.from.is_some(), "--from"),
            (self.until.is_some(), "--until"),
        ];
        let first = said.into_iter().find(|(given, _)| *given);
        first.filter(|_| self.role.is_none()).map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_typed_as_it_is_stored() {
        for named in RoleNamed::value_variants() {
            let typed = named.to_possible_value().expect("a name");
            assert_eq!(typed.get_name(), Role::from(*named).as_str());
        }
        assert_eq!(RoleNamed::value_variants().len(), Role::ALL.len());
    }

    #[test]
    fn what_is_said_of_a_role_that_is_not_named_is_noticed() {
        let said = RoleGiven {
            group: Some("LD".to_owned()),
            ..RoleGiven::default()
        };
        assert_eq!(said.without_role(), Some("--group"));
        let named = RoleGiven {
            role: Some(RoleNamed::GroupLead),
            ..said
        };
        assert_eq!(named.without_role(), None);
        assert_eq!(RoleGiven::default().without_role(), None);
    }
}
