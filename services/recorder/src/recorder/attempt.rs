//! One attempt at a submission: what it rests on is looked up, it is decided, and appended if what it rests on still stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::facts::Mentions;
use domain::ids::{LedgerId, RegionId};
use domain::{Command, Directed, Role};
use ledger::{Append, Premise, Receipt};

use super::Inner;
use super::failure::{Failed, failed, refused, unknown_person};
use super::request::{Request, is_companion, nth, passes_over};
use crate::aggregates::Loaded;
use crate::authority::{Authority, signing};
use crate::erasing::Erased;
use crate::facts::Latest;
use crate::submission::{Installation, RecordError, Sender, Submission};
use crate::texts;

/// How much is read anew before something is decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Footing {
    /// Nothing: it is decided on what is remembered, and recorded if that holds still. Nothing is refused on this.
    Remembered,
    /// How far the streams go that facts come from.
    Asked,
    /// That, and the aggregates themselves.
    Fresh,
}

/// What was decided, and is to be recorded.
pub(crate) struct Decided {
    pub(crate) occurred_on: NaiveDate,
    /// The last command, its texts sealed, where something is to be erased.
    pub(crate) command: Option<Command>,
    pub(crate) append: Append,
    /// What it was decided on that may have changed meanwhile.
    premises: Vec<Premise>,
    /// The aggregates it was decided on; nobody else decides on them meanwhile.
    pub(crate) loaded: Loaded,
}

impl Inner {
    /// Decides once.
    pub(super) async fn decide(
        &self,
        submission: &Submission<Sender>,
        request: &Request,
        footing: Footing,
    ) -> Result<Decided, Failed> {
        let (ledger, commands) = (submission.ledger, &request.commands);
        let mentions = self
            .mentions(ledger, commands)
            .await
            .map_err(Failed::Final)?;
        let region = self.region_of(submission).await.map_err(Failed::Final)?;
        let latest = self.latest(ledger, (&mentions, region), footing).await;
        let latest = latest.map_err(Failed::Final)?;
        let authority = self.authority(submission, region, &latest).await;
        let authority = authority.map_err(Failed::Final)?;
        let facts = self.facts.find_each(ledger, &mentions, &latest).await;
        let facts = facts.map_err(Failed::Final)?;
        let loaded = Loaded::checkout(&self.aggregates, ledger, commands).await;
        let mut loaded = loaded.map_err(Failed::Final)?;
        if footing == Footing::Fresh {
            loaded.refresh().await.map_err(Failed::Final)?;
        }
        let mut allowed = Vec::with_capacity(commands.len());
        let (mut last, mut passed_over) = (None, false);
        for (at, mut facts) in facts.into_iter().enumerate() {
            let command = &commands[at];
            passed_over = passes_over(command, &loaded, passed_over);
            if passed_over {
                continue;
            }
            if let Some(authority) = authority.as_ref().filter(|_| !is_companion(command)) {
                let roles = authority.allow(ledger, command, &loaded, &facts);
                allowed.push(roles.map_err(Failed::Denied)?);
            }
            if at == 0 {
                loaded.expect_version(submission)?;
            }
            loaded.add_facts(&mentions[at], &mut facts);
            let unknown = facts.check_people(&mentions[at]);
            unknown.map_err(|unknown| Failed::Refused(unknown_person(&unknown)))?;
            let mut command = command.clone();
            let sealed = texts::seal(&self.vault, ledger, &mut command, &loaded).await;
            sealed.map_err(Failed::Final)?;
            last = request.erased.map(|_| command.clone());
            let directed = Directed {
                occurred_on: request.occurred_on,
                meeting: submission.meeting,
                facts,
                command,
            };
            if let Err(refusal) = loaded.decide(directed).await.map_err(Failed::Final)? {
                return Err(self.refused(ledger, nth(commands, at), refusal).await);
            }
        }
        let append = signed(submission, request, &mut loaded, &allowed)?;
        Ok(Decided {
            occurred_on: request.occurred_on,
            command: last,
            premises: latest.premises(ledger, &append.streams),
            append,
            loaded,
        })
    }

    /// What commands mention; what is asked of an assessment mentions what that is about.
    async fn mentions(
        &self,
        ledger: LedgerId,
        commands: &[Command],
    ) -> Result<Vec<Mentions>, RecordError> {
        let mut all = Vec::with_capacity(commands.len());
        for command in commands {
            let mut mentions = command.mentions();
            if let Command::Assessment { id, .. } = command
                && mentions.reported.is_empty()
            {
                mentions
                    .reported
                    .extend(self.facts.judged(ledger, *id).await?);
            }
            all.push(mentions);
        }
        Ok(all)
    }

    /// How far the streams go that a decision will rest on, as far as that is asked.
    async fn latest(
        &self,
        ledger: LedgerId,
        (mentions, region): (&[Mentions], Option<RegionId>),
        footing: Footing,
    ) -> Result<Latest, RecordError> {
        match footing {
            Footing::Remembered => Ok(Latest::remembered()),
            Footing::Asked | Footing::Fresh => self.facts.latest(ledger, mentions, region).await,
        }
    }

    pub(super) async fn append(
        &self,
        submission: &Submission<Sender>,
        decided: Decided,
    ) -> Result<Receipt, Failed> {
        // What the sender saw is the first command's aggregate; of the rest they said nothing.
        let first = submission.commands.first().map(Command::stream);
        let seen = first.filter(|_| submission.expected_version.is_some());
        let Decided {
            append, premises, ..
        } = decided;
        let receipt = self.ledger.append_given(append, &premises).await;
        let receipt = receipt.map_err(|error| failed(error, seen))?;
        if !receipt.repeated {
            decided.loaded.keep(&receipt);
        }
        Ok(receipt)
    }

    /// The region whose roles count for an account's submission; none for the installation's own.
    async fn region_of(
        &self,
        submission: &Submission<Sender>,
    ) -> Result<Option<RegionId>, RecordError> {
        if matches!(submission.actor, Sender::Installation(_)) {
            return Ok(None);
        }
        let of_region = |command: &Command| {
            matches!(command, Command::Region { .. } | Command::Assessment { .. })
        };
        if submission.commands.iter().any(of_region) {
            return Ok(Some(RegionId::new(submission.ledger.uuid())));
        }
        let region = self.facts.region_of(submission.ledger).await?;
        region.map(Some).ok_or(RecordError::UnknownLedger)
    }

    /// What an account may do; none for the installation, which is not asked.
    async fn authority<'a>(
        &'a self,
        submission: &'a Submission<Sender>,
        region: Option<RegionId>,
        latest: &Latest,
    ) -> Result<Option<Authority<'a>>, RecordError> {
        let (Sender::Account(actor), Some(region)) = (&submission.actor, region) else {
            return Ok(None);
        };
        let holders = self.facts.holders(region, latest).await?;
        let today = self.clock.today();
        Ok(Some(Authority::new(
            &self.access,
            actor,
            (region, holders),
            today,
        )))
    }
}

/// Nothing is read anew before something that can be recorded, except where it could not be undone, and where roles are
/// given in the very record that says who may give them.
pub(super) fn first_footing(submission: &Submission<Sender>, erased: Option<Erased>) -> Footing {
    let of_region = |command: &Command| matches!(command, Command::Region { .. });
    if erased.is_some() || submission.commands.iter().any(of_region) {
        Footing::Asked
    } else {
        Footing::Remembered
    }
}

/// What was decided, signed.
fn signed(
    submission: &Submission<Sender>,
    request: &Request,
    loaded: &mut Loaded,
    allowed: &[Arc<BTreeSet<Role>>],
) -> Result<Append, Failed> {
    let streams = loaded.take_appends().map_err(Failed::Final)?;
    if streams.is_empty() {
        let message = "nothing would change: the record says all of this already; change something \
                       before you send it, or leave it as it is";
        return Err(Failed::Refused(refused("NOTHING_CHANGED", "", message)));
    }
    let (actor, role) = match &submission.actor {
        Sender::Account(actor) => {
            let role = signing(allowed).ok_or(Failed::Denied(RecordError::UnknownLedger))?;
            (actor.account.to_string(), role.as_str().to_owned())
        }
        Sender::Installation(Installation { id, role }) => (id.clone(), role.clone()),
    };
    Ok(Append {
        ledger: submission.ledger,
        command: submission.command_id,
        digest: request.digest,
        actor,
        role,
        causation: submission.causation,
        streams,
    })
}
