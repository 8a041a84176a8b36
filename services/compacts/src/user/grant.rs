//! Giving a role to an account, through the recorder.

use std::sync::Arc;
use std::time::Duration;

use access::Access;
use anyhow::{Context, bail};
use chrono::NaiveDate;
use domain::clock::Clock;
use domain::dated::in_words;
use domain::ids::{AccountId, CommandId, GrantId, IdSource, RandomIds};
use domain::region::{GrantTerms, RoleEnding};
use domain::{Command, RegionCommand};
use ledger::{Ledger, Options, ServiceRole};
use recorder::{Installation, RecordError, Recorder, Submission};
use views::RoleGrantView;

use super::register::{Asked, Register};
use crate::database::Database;
use crate::keys;
use crate::settings::Settings;

/// How often one submission is sent while the recorder is busy or its answer is lost.
const ATTEMPTS: u32 = 6;

/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// Whom the record names for what is done here: whoever may use the machine's command line.
pub const OPERATOR: &str = "operator";

/// A recorder of our own. One in a running server goes on beside it.
pub struct Office {
    ledger: Ledger,
    recorder: Recorder,
    clock: Arc<dyn Clock>,
}

impl Office {
    /// Opens it.
    ///
    /// # Errors
    /// When the database does not let a recorder in.
    pub async fn open(
        settings: &Settings,
        database: &Database,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let pool = database.pool(ServiceRole::Recorder).await?;
        let keys = database.pool(ServiceRole::Keys).await?;
        let vault = keys::open_vault(settings, keys, Arc::clone(&clock)).await?;
        let ledger = Ledger::start(pool, Options::default(), Arc::clone(&clock));
        let recorder = Recorder::new(
            ledger.clone(),
            Arc::new(Access::load()?),
            vault,
            Arc::clone(&clock),
            settings.cached_aggregates,
        );
        Ok(Self {
            ledger,
            recorder,
            clock,
        })
    }

    /// Gives a role, and says what came of it. One that the account holds as asked already is left as it is, so the same
    /// thing may be asked again.
    ///
    /// # Errors
    /// What the recorder refused it for.
    pub async fn grant(
        &self,
        register: &Register,
        account: AccountId,
        asked: Asked,
    ) -> anyhow::Result<String> {
        let today = self.clock.today();
        let held = register
            .grants_of(account)
            .find(|grant| grant.held.post == asked.post && is_it(grant, asked, today));
        if let Some(held) = held {
            let days = days(held.from, held.until.current);
            return Ok(format!(
                "It holds that role already, {days}; nothing was added."
            ));
        }
        let from = asked.from.unwrap_or(today);
        let terms = GrantTerms {
            account,
            post: asked.post,
            from,
            until: asked.until,
        };
        let grant = GrantId::new(RandomIds.next());
        let command = RegionCommand::GrantRole { grant, terms };
        self.send(register, vec![command]).await?;
        let role = asked.post.role().words();
        Ok(format!(
            "It has been given the role of {role}, {}.",
            days(from, asked.until)
        ))
    }

    /// Ends roles today, or on the day they were to begin: all of them or none.
    ///
    /// # Errors
    /// What the recorder refused it for.
    pub async fn end(
        &self,
        register: &Register,
        grants: &[&RoleGrantView],
        reason: &str,
    ) -> anyhow::Result<()> {
        let today = self.clock.today();
        let ending = |grant: &&RoleGrantView| RegionCommand::EndRole {
            grant: grant.id,
            ending: RoleEnding {
                from: today.max(grant.from),
                reason: reason.into(),
            },
        };
        self.send(register, grants.iter().map(ending).collect())
            .await
    }

    /// Sends commands under one id until there is an answer.
    async fn send(&self, register: &Register, commands: Vec<RegionCommand>) -> anyhow::Result<()> {
        let region = &register.region;
        let id = region.id;
        let submission = Submission {
            ledger: region.ledger,
            command_id: CommandId::new(RandomIds.next()),
            actor: Installation {
                id: OPERATOR.to_owned(),
                role: OPERATOR.to_owned(),
            },
            causation: None,
            occurred_on: None,
            meeting: None,
            expected_version: None,
            commands: commands
                .into_iter()
                .map(|command| Command::Region { id, command })
                .collect(),
        };
        for _ in 1..ATTEMPTS {
            let wait = match self.recorder.record_own(submission.clone()).await {
                Ok(_) => return Ok(()),
                Err(RecordError::Busy {
                    retry_after_seconds,
                }) => Duration::from_secs(retry_after_seconds),
                Err(RecordError::OutcomeUnknown) => Duration::from_secs(1),
                Err(refused) => bail!(refused),
            };
            tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
        }
        let last = self.recorder.record_own(submission).await;
        last.map(|_| ()).context("it could not be recorded")
    }

    /// Puts it away, when what was handed to the ledger is written.
    pub async fn close(self) {
        drop(self.recorder);
        self.ledger.shutdown().await;
    }
}

/// Whether a grant is what is asked for: to the same last day, and from the same first one, or held by today where none
/// was named.
fn is_it(grant: &RoleGrantView, asked: Asked, today: NaiveDate) -> bool {
    let from = match asked.from {
        Some(from) => grant.from == from,
        None => grant.is_held(today),
    };
    from && grant.until.current == asked.until
}

/// The days on which a role is held, in words.
pub fn days(from: NaiveDate, until: Option<NaiveDate>) -> String {
    let from = in_words(from);
    match until {
        Some(until) => format!("from {from} to {}", in_words(until)),
        None => format!("from {from}"),
    }
}
