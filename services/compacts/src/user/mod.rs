//! `compacts user`: accounts and their roles, for whoever runs an installation. It works beside a running server or
//! without one.

pub mod demo;
mod export;
mod grant;
mod list;
mod office;
mod options;
mod register;

use std::process::ExitCode;
use std::sync::Arc;

use accounts::{AccountError, AccountState, LinkToken, NewAccount};
use anyhow::{Context, bail};
use domain::Role;
use domain::ids::AccountId;

use crate::database::Database;
use crate::post::Post;
use crate::settings::Settings;
use office::Office;
pub use options::{RoleGiven, RoleNamed, User};
use register::Asked;
use views::RoleGrantView;

/// Does what was asked, and says what came of it.
///
/// # Errors
/// Why it was not done, in words for whoever asked.
pub async fn run(settings: &Settings, what: &User) -> anyhow::Result<ExitCode> {
    let database = Database::open_existing(settings).await?;
    let done = in_database(settings, &database, what).await;
    let done = done.map_err(|error| database.explain(error));
    database.close().await?;
    done.map(|()| ExitCode::SUCCESS)
}

async fn in_database(settings: &Settings, database: &Database, what: &User) -> anyhow::Result<()> {
    let office = Office::open(settings, database).await?;
    let desk = Desk {
        settings,
        database,
        office: &office,
    };
    let done = match what {
        User::Add { email, name, role } => desk.add(email, name, role).await,
        User::Grant { who, role } => desk.grant(who, role).await,
        User::List { json } => desk.list(*json).await,
        User::Disable { who } => desk.disable(who).await,
        User::Enable { who } => desk.enable(who).await,
        User::Reset { who } => desk.reset(who).await,
        User::Export { who } => desk.export(who).await,
        User::Erase { who, yes } => desk.erase(who, *yes).await,
    };
    office.close().await;
    done
}

/// Where one thing is done.
struct Desk<'a> {
    settings: &'a Settings,
    database: &'a Database,
    office: &'a Office,
}

impl Desk<'_> {
    /// Everything that can be checked is, before the account is made.
    async fn add(&self, email: &str, name: &str, role: &RoleGiven) -> anyhow::Result<()> {
        let new = NewAccount {
            name: name.to_owned(),
            email: office::email(email)?,
        };
        let asked = self.asked(role).await?;
        if let Some(there) = self.office.accounts.account_of(&new.email).await? {
            bail!(
                "there is an account with this e-mail address already, {there}; `compacts user grant` gives it a \
                 role, `compacts user reset` makes it another link"
            );
        }
        let recorder = match asked {
            Some(_) => Some(self.recorder().await?),
            None => None,
        };
        let invited = self.invite_and_grant(&new, recorder.as_ref().zip(asked));
        let invited = invited.await;
        if let Some(recorder) = recorder {
            recorder.close().await;
        }
        invited
    }

    async fn invite_and_grant(
        &self,
        new: &NewAccount,
        role: Option<(&grant::Office, Asked)>,
    ) -> anyhow::Result<()> {
        let (account, link) = self.office.accounts.invite(new).await?;
        println!("Invited: account {account}.");
        self.hand_over(account, &link, "").await?;
        let Some((recorder, asked)) = role else {
            return Ok(());
        };
        let granted = recorder.grant(&self.office.register, account, asked).await;
        let granted = granted.with_context(|| {
            format!(
                "the account was made and its link is good, but it has no role yet; give it one with `compacts user \
                 grant {account}`"
            )
        })?;
        println!("{granted}");
        Ok(())
    }

    async fn grant(&self, who: &str, role: &RoleGiven) -> anyhow::Result<()> {
        let Some(asked) = self.asked(role).await? else {
            bail!("say which role with --role");
        };
        let account = self.office.find(who).await?;
        let recorder = self.recorder().await?;
        let granted = recorder.grant(&self.office.register, account, asked).await;
        recorder.close().await;
        println!("Account {account}. {}", granted?);
        Ok(())
    }

    async fn asked(&self, given: &RoleGiven) -> anyhow::Result<Option<Asked>> {
        if let Some(option) = given.without_role() {
            bail!("{option} says something of a role, and none is named; say which with --role");
        }
        let Some(role) = given.role.map(Role::from) else {
            return Ok(None);
        };
        let asked = self.office.register.find(role, given).await?;
        asked.check(self.office.clock.today())?;
        Ok(Some(asked))
    }

    async fn recorder(&self) -> anyhow::Result<grant::Office> {
        let clock = Arc::clone(&self.office.clock);
        grant::Office::open(self.settings, self.database, clock).await
    }

    async fn list(&self, json: bool) -> anyhow::Result<()> {
        let accounts = list::every_account(self.office).await?;
        let (register, today) = (&self.office.register, self.office.clock.today());
        if json {
            println!("{}", list::json(&accounts, register, today)?);
        } else if accounts.is_empty() {
            println!("There are no accounts yet; `compacts user add` makes one.");
        } else {
            print!("{}", list::table(&accounts, register, today));
        }
        Ok(())
    }

    async fn disable(&self, who: &str) -> anyhow::Result<()> {
        let account = self.office.find(who).await?;
        match self.office.accounts.disable(account).await {
            Ok(()) => println!(
                "Account {account} is shut. Its sessions, links and tokens have ended; its roles stay on record."
            ),
            Err(AccountError::NoSuchAccount) => println!("Account {account} is shut already."),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn enable(&self, who: &str) -> anyhow::Result<()> {
        let account = self.office.find(who).await?;
        match self.office.accounts.enable(account).await {
            Ok(()) => println!(
                "Account {account} is open again. `compacts user reset {account}` makes its owner a new link."
            ),
            Err(AccountError::NoSuchAccount) => println!("Account {account} is not shut."),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn reset(&self, who: &str) -> anyhow::Result<()> {
        let account = self.office.find(who).await?;
        let accounts = &self.office.accounts;
        let (link, what) = match self.state(account).await? {
            AccountState::Active => {
                let what = "their password stays as it is until then.";
                (accounts.reset_link(account).await?, what)
            }
            AccountState::Invited => {
                let what = "the earlier invitation no longer works.";
                (accounts.invite_again(account).await?, what)
            }
            AccountState::Disabled => bail!(
                "account {account} is shut; open it first with `compacts user enable {account}`"
            ),
        };
        println!("Account {account}.");
        self.hand_over(account, &link, what).await
    }

    /// Sends a link to its owner, or prints it for whoever asked: where no mail is set up, or the letter is not taken.
    async fn hand_over(
        &self,
        account: AccountId,
        link: &LinkToken,
        what: &str,
    ) -> anyhow::Result<()> {
        if let Some(post) = Post::open(self.settings)? {
            println!("Sending its owner a letter.");
            let sent = self.office.send(&post, account, link).await?;
            match sent {
                Ok(()) => {
                    let taken =
                        "The mail server took it: it has a link by which they set a password.";
                    println!("{}", [taken, &sentence(what)].join(" ").trim_end());
                    return Ok(());
                }
                Err(error) => println!("It was not sent: {error}."),
            }
        }
        let send = "Send its owner this link, by which they set a password";
        match what {
            "" => println!("{send}."),
            _ => println!("{send}; {what}"),
        }
        println!("{}", self.office.link(link).await?);
        Ok(())
    }

    async fn export(&self, who: &str) -> anyhow::Result<()> {
        println!("{:#}", export::everything(self.office, who).await?);
        Ok(())
    }

    async fn erase(&self, who: &str, yes: bool) -> anyhow::Result<()> {
        let account = self.office.find(who).await?;
        if !yes {
            bail!(
                "nothing was erased, because it cannot be undone: the account goes for good, and its roles end today; if \
                 that is what you want, run this again with --yes"
            );
        }
        let written_down = export::where_written_down(self.office, account).await?;
        match self.office.accounts.disable(account).await {
            Ok(()) | Err(AccountError::NoSuchAccount) => {}
            Err(error) => return Err(error.into()),
        }
        self.end_roles(account).await?;
        self.office.erase(account).await?;
        println!(
            "Account {account} is erased. The record names it by this id, which leads to nobody."
        );
        for slug in written_down {
            println!(
                "Its owner is still among the people written down in {slug}; its secretariat erases them there."
            );
        }
        Ok(())
    }

    /// Ends every role an account holds or is to hold.
    async fn end_roles(&self, account: AccountId) -> anyhow::Result<()> {
        let today = self.office.clock.today();
        let register = &self.office.register;
        let to_come = |grant: &&RoleGrantView| {
            let until = grant.until.current;
            until.is_none_or(|until| until >= today && until >= grant.from)
        };
        let grants: Vec<&RoleGrantView> = register.grants_of(account).filter(to_come).collect();
        if grants.is_empty() {
            return Ok(());
        }
        let recorder = self.recorder().await?;
        let ended = recorder
            .end(register, &grants, "The account is erased")
            .await;
        recorder.close().await;
        ended
    }

    async fn state(&self, account: AccountId) -> anyhow::Result<AccountState> {
        let found = self.office.accounts.account(account).await?;
        Ok(found.context("the account was removed meanwhile")?.state)
    }
}

/// Words as they stand at the beginning of a line.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), chars.as_str())
}
