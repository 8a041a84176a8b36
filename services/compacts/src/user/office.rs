//! Everything that work on accounts needs, opened and put away again.

use std::sync::Arc;

use accounts::{
    AccountErasures, Accounts, EmailAddress, LinkPurpose, LinkToken, Parts, VaultSealing,
};
use anyhow::{Context, bail};
use domain::clock::{Clock, SystemClock};
use domain::dated::in_words;
use domain::ids::{AccountId, LedgerId, RandomIds};
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::{Pool, Reader, ServiceRole};

use tokio_util::sync::CancellationToken;
use vault::Vault;
use views::Historian;

use super::grant::OPERATOR;
use super::register::Register;
use crate::database::Database;
use crate::keys;
use crate::post::{self, NotTaken, Post};
use crate::settings::Settings;

/// The accounts of an installation, its region, and the way to the database under both.
pub struct Office {
    /// The accounts.
    pub accounts: Accounts,
    /// The region.
    pub register: Register,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Tells what ledgers hold, names and all.
    pub historian: Historian,
    /// Reads ledgers.
    pub reader: Reader,
    /// Opens what is sealed.
    pub vault: Vault,
    public_url: String,
    pools: [Pool; 2],
}

/// Whoever runs the installation, who answers for what is held in it.
struct Operator;

impl views::Reads for Operator {
    fn reads_people(
        &self,
        _: LedgerId,
    ) -> BoxFuture<'_, Result<bool, Box<dyn std::error::Error + Send + Sync>>> {
        std::future::ready(Ok(true)).boxed()
    }
}

impl Office {
    /// Opens it. Connections are those of the services, and may do no more than these.
    ///
    /// # Errors
    /// When there is no region yet, or the vault does not open.
    pub async fn open(settings: &Settings, database: &Database) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let pool = database.pool(ServiceRole::Gateway).await?;
        let reader = Reader::new(pool.clone());
        let register = Register::read(reader.clone()).await?;
        let keys = database.pool(ServiceRole::Keys).await?;
        let vault = keys::open_vault(settings, keys.clone(), Arc::clone(&clock)).await?;
        let parts = Parts {
            pool: pool.clone(),
            sealing: Arc::new(VaultSealing::new(vault.clone(), register.region.ledger)),
            clock: Arc::clone(&clock),
            ids: Arc::new(RandomIds),
            randomness: Arc::new(accounts::SystemRandomness),
        };
        let historian = Historian::new(reader.clone(), pool.clone()).opening(vault.clone());
        Ok(Self {
            historian: historian.shown_to(Arc::new(Operator)),
            reader,
            vault,
            accounts: Accounts::new(parts, settings.accounts())?,
            register,
            clock,
            public_url: settings.public_url.trim_end_matches('/').to_owned(),
            pools: [pool, keys],
        })
    }

    /// The account that is meant: by its e-mail address, or by its id.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find(&self, who: &str) -> anyhow::Result<AccountId> {
        let found = if let Ok(id) = who.trim().parse::<AccountId>() {
            self.accounts.account(id).await?.map(|account| account.id)
        } else {
            self.accounts.account_of(&email(who)?).await?
        };
        found.context(
            "there is no such account; `compacts user list` shows those there are, and `compacts user add` makes one",
        )
    }

    /// A link for a person, and until when it is good.
    ///
    /// # Errors
    /// When it is not there, or not good any more.
    pub async fn link(&self, link: &LinkToken) -> anyhow::Result<String> {
        let Some(good) = self.accounts.link(link).await? else {
            bail!(
                "the link was replaced by a newer one meanwhile; run `compacts user reset` for another"
            );
        };
        let page = match good.purpose {
            LinkPurpose::Invitation => "invitation",
            LinkPurpose::Reset => "reset",
        };
        let until = good.expires_at;
        Ok(format!(
            "It is good once, until {} at {} UTC:\n\n  {}/{page}/{}\n",
            in_words(until.date_naive()),
            until.format("%H:%M"),
            self.public_url,
            *link.expose()
        ))
    }

    /// Hands a letter with a link to the mail server, and writes down what came of it.
    ///
    /// # Errors
    /// When the accounts cannot be read; whether the letter was taken is the answer.
    pub async fn send(
        &self,
        post: &Post,
        account: AccountId,
        link: &LinkToken,
    ) -> anyhow::Result<Result<(), NotTaken>> {
        let replaced =
            "the link was replaced by a newer one meanwhile; run `compacts user reset` for another";
        let letter = post::written(&self.accounts, account, link).await?;
        let letter = letter.context(replaced)?;
        let sent = post.deliver(&letter, &CancellationToken::new()).await;
        post::write_down(&self.accounts, account, &sent).await?;
        Ok(sent)
    }

    /// Erases an account for good.
    ///
    /// # Errors
    /// When it stopped on the way; a running server carries it on.
    pub async fn erase(&self, account: AccountId) -> anyhow::Result<()> {
        let erasures = AccountErasures::new(self.accounts.clone(), self.vault.clone());
        let region = self.register.region.ledger;
        let erased = erasures.erase(account, region, OPERATOR).await;
        erased.context("the erasure stopped on the way; the server carries it on when it runs")?;
        Ok(())
    }

    /// Puts everything away.
    pub async fn close(self) {
        for pool in self.pools {
            pool.close().await;
        }
    }
}

/// Reads an e-mail address as it was typed. What was typed is not repeated: it may be somebody's.
///
/// # Errors
/// When no letter could be sent to it.
pub fn email(typed: &str) -> anyhow::Result<EmailAddress> {
    EmailAddress::read(typed).context("that is no e-mail address; write it like clerk@example.org")
}
