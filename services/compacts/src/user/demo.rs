//! Accounts to try the demo data with: one for every role, each called by what it is for.
//!
//! They belong to invented people and to nobody else. Each start gives all of them one new password and those whose role
//! asks for it a new second factor, and both are printed: nothing that lets somebody in is kept to be found, or the same
//! in two places.

use std::fmt;

use accounts::{
    AccountState, Accounts, Caller, EmailAddress, NewAccount, Password, Randomness, RecoveryCodes,
    SystemRandomness,
};
use anyhow::{Context, bail};
use domain::ids::AccountId;

use super::grant;
use super::office::Office;
use super::options::{RoleGiven, RoleNamed};
use crate::database::Database;
use crate::settings::Settings;

/// Somebody who is not.
struct Person {
    name: &'static str,
    email: &'static str,
    role: RoleNamed,
    compact: Option<&'static str>,
    group: Option<&'static str>,
    organisation: Option<&'static str>,
}

const fn person(name: &'static str, email: &'static str, role: RoleNamed) -> Person {
    Person {
        name,
        email,
        role,
        compact: None,
        group: None,
        organisation: None,
    }
}

const LINCOLNSHIRE: Option<&str> = Some("lincolnshire-rutland");

const PEOPLE: [Person; 7] = [
    person(
        "Demo regional administrator",
        "administrator@demo.example",
        RoleNamed::RegionalAdministrator,
    ),
    person("Demo funder", "funder@demo.example", RoleNamed::Funder),
    person("Demo auditor", "auditor@demo.example", RoleNamed::Auditor),
    Person {
        compact: LINCOLNSHIRE,
        ..person(
            "Demo secretariat (Lincolnshire and Rutland)",
            "secretariat@demo.example",
            RoleNamed::Secretariat,
        )
    },
    Person {
        compact: Some("leicestershire"),
        ..person(
            "Demo secretariat (Leicestershire)",
            "secretariat-leicestershire@demo.example",
            RoleNamed::Secretariat,
        )
    },
    Person {
        compact: LINCOLNSHIRE,
        group: Some("LD"),
        ..person(
            "Demo group lead (Learning and Development)",
            "group-lead@demo.example",
            RoleNamed::GroupLead,
        )
    },
    Person {
        compact: LINCOLNSHIRE,
        organisation: Some("Boston College"),
        ..person(
            "Demo member representative (Boston College)",
            "member@demo.example",
            RoleNamed::MemberRepresentative,
        )
    },
];

/// How to get in.
pub struct DemoAccounts {
    password: String,
    keys: Vec<Key>,
}

/// How to get in as one of them.
struct Key {
    name: &'static str,
    email: &'static str,
    second_factor: Option<(String, RecoveryCodes)>,
}

/// Makes them, or makes sure that they are there, with a password and second factors of this very start.
///
/// # Errors
/// When there is no region to belong to, or something they are to be given a role over is not there.
pub async fn make(settings: &Settings, database: &Database) -> anyhow::Result<DemoAccounts> {
    let office = Office::open(settings, database).await?;
    let recorder = grant::Office::open(settings, database, office.clock.clone()).await?;
    let made = all(&office, &recorder).await;
    recorder.close().await;
    office.close().await;
    made.context("the demo accounts could not be made")
}

async fn all(office: &Office, recorder: &grant::Office) -> anyhow::Result<DemoAccounts> {
    let password = drawn()?;
    let mut keys = Vec::with_capacity(PEOPLE.len());
    for person in &PEOPLE {
        let made = one(office, recorder, (person, &password)).await;
        keys.extend(made.with_context(|| person.name)?);
    }
    Ok(DemoAccounts { password, keys })
}

/// One of them; none for one that was shut, which stays so.
async fn one(
    office: &Office,
    recorder: &grant::Office,
    (person, password): (&Person, &str),
) -> anyhow::Result<Option<Key>> {
    let given = RoleGiven {
        role: Some(person.role),
        compact: person.compact.map(str::to_owned),
        group: person.group.map(str::to_owned),
        organisation: person.organisation.map(str::to_owned),
        ..RoleGiven::default()
    };
    let asked = office.register.find(person.role.into(), &given).await?;
    let accounts = &office.accounts;
    let account = account(accounts, person).await?;
    let known = accounts.account(account).await?;
    let known = known.context("the account was removed meanwhile")?;
    let link = match known.state {
        AccountState::Disabled => return Ok(None),
        AccountState::Invited => accounts.invite_again(account).await?,
        AccountState::Active => accounts.reset_link(account).await?,
    };
    let typed = Password::typed(password);
    accounts
        .set_password_by_link(&link, &typed, &Caller::local())
        .await?;
    if known.second_factor {
        accounts.reset_second_factor(account).await?;
    }
    recorder.grant(&office.register, account, asked).await?;
    let second_factor = if domain::Role::from(person.role).needs_second_factor() {
        Some(second_factor(office, person, &typed).await?)
    } else {
        None
    };
    Ok(Some(Key {
        name: person.name,
        email: person.email,
        second_factor,
    }))
}

async fn account(accounts: &Accounts, person: &Person) -> anyhow::Result<AccountId> {
    let email = EmailAddress::read(person.email).context("an address of the demo is none")?;
    if let Some(there) = accounts.account_of(&email).await? {
        return Ok(there);
    }
    let name = person.name.to_owned();
    let (account, _) = accounts.invite(&NewAccount { name, email }).await?;
    Ok(account)
}

/// Sets one up as its owner would: signed in, with a first code.
async fn second_factor(
    office: &Office,
    person: &Person,
    password: &Password,
) -> anyhow::Result<(String, RecoveryCodes)> {
    let (accounts, local) = (&office.accounts, Caller::local());
    let come_in = accounts.sign_in(person.email, password, &local, None);
    let session = come_in.await?.session;
    let enrolment = accounts.begin_second_factor(&session).await?;
    let code = enrolment.code_at(office.clock.now());
    let code = code.context("a secret that was just made cannot be read")?;
    let confirmed = accounts.confirm_second_factor(&session, &code, &local);
    let (signed_in, codes) = confirmed.await?;
    let session = signed_in.session;
    accounts
        .end_session(session.account(), session.id())
        .await?;
    Ok(((*enrolment.uri).clone(), codes))
}

/// A password that nobody can guess: 80 random bits.
fn drawn() -> anyhow::Result<String> {
    use fmt::Write;

    let mut bytes = [0; 10];
    SystemRandomness.fill(&mut bytes)?;
    let mut password = String::new();
    for pair in bytes.chunks(2) {
        let dash = if password.is_empty() { "" } else { "-" };
        write!(password, "{dash}{:02x}{:02x}", pair[0], pair[1])?;
    }
    Ok(password)
}

impl fmt::Display for DemoAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Demo accounts, until the next start, all with the password  {}",
            self.password
        )?;
        for key in &self.keys {
            writeln!(f, "  {:45} {}", key.name, key.email)?;
            if let Some((uri, codes)) = &key.second_factor {
                let some: Vec<&str> = codes.0.iter().take(3).map(String::as_str).collect();
                writeln!(
                    f,
                    "      in place of the app's code, each once: {}",
                    some.join("  ")
                )?;
                writeln!(f, "      for an app: {uri}")?;
            }
        }
        Ok(())
    }
}

/// Refuses to make them where others could use them, unless that is asked for.
///
/// # Errors
/// When the server can be reached from elsewhere.
pub fn must_be_here(settings: &Settings) -> anyhow::Result<()> {
    if settings.listen.ip().is_loopback() && settings.public_url.starts_with("http://") {
        return Ok(());
    }
    bail!(
        "`--demo-accounts` prints a password that lets anybody who reads it change everything, and others can reach \
         this server; if that is what you want, say `--demo-accounts=anywhere`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_for_every_role() {
        for role in domain::Role::ALL {
            let held = |person: &&Person| domain::Role::from(person.role) == role;
            assert!(
                PEOPLE.iter().any(|person| held(&person)),
                "{}",
                role.words()
            );
        }
    }

    #[test]
    fn they_are_refused_where_others_could_use_them() {
        let here = Settings::default();
        assert!(must_be_here(&here).is_ok());
        let on_the_network = Settings {
            listen: ([0, 0, 0, 0], 8080).into(),
            ..Settings::default()
        };
        let behind_a_proxy = Settings {
            public_url: "https://compacts.example.org".to_owned(),
            ..Settings::default()
        };
        for elsewhere in [on_the_network, behind_a_proxy] {
            assert!(must_be_here(&elsewhere).is_err());
        }
    }

    #[test]
    fn every_start_draws_another_password() {
        let (one, other) = (drawn().expect("one"), drawn().expect("another"));
        assert_ne!(one, other);
        assert_eq!(one.len(), 24);
    }
}
