//! Letters that wait, and what takes them to the mail server, one after the other.

use std::time::Duration;

use accounts::{Accounts, LinkToken, SecurityEvent};
use anyhow::Context;
use domain::ids::AccountId;
use gateway::identity::Identity;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use web::Letters;

use super::{Letter, NotTaken, Post};

/// Letters that may wait. Whoever asks for more than the mail server takes keeps others' out for a while, and the pace of asking
/// is bounded at the door.
const WAITING: usize = 200;

/// A letter that waits: to whom, and with which link.
type Waiting = (AccountId, LinkToken);

/// Takes letters that are to be sent.
pub struct LetterBox(Sender<Waiting>);

impl Letters for LetterBox {
    fn send_reset(&self, account: AccountId, link: LinkToken) {
        if self.0.try_send((account, link)).is_err() {
            metrics::counter!("letters_total", "outcome" => "not_taken").increment(1);
            tracing::error!(%account, "a letter was not taken: too many wait, or the server is stopping");
        }
    }
}

/// Takes letters out of the box and sends them.
pub struct Round {
    post: Post,
    identity: Identity,
    take: Receiver<Waiting>,
}

impl Round {
    /// A box for letters, and what takes them out of it.
    pub fn with_box(post: Post, identity: Identity) -> (LetterBox, Self) {
        let (put, take) = channel(WAITING);
        let round = Self {
            post,
            identity,
            take,
        };
        (LetterBox(put), round)
    }

    /// Goes on until `stop`. What waits then is sent in the seconds that are left for it, each letter tried once.
    pub async fn run(mut self, stop: CancellationToken) {
        while let Some(Some(waiting)) = stop.run_until_cancelled(self.take.recv()).await {
            self.send(&waiting, Hurry::Until(&stop)).await;
        }
        self.take.close();
        let (deadline, mut left) = (Instant::now() + self.post.patience.stopping, 0);
        while let Ok(waiting) = self.take.try_recv() {
            match deadline.checked_duration_since(Instant::now()) {
                Some(time) => self.send(&waiting, Hurry::Within(time)).await,
                None => left += 1,
            }
        }
        if left > 0 {
            tracing::error!(
                left,
                "letters were not sent before the server stopped; they are asked for again"
            );
        }
        stop.cancelled().await;
    }

    /// Sends a letter, and writes down what came of it.
    async fn send(&self, waiting: &Waiting, hurry: Hurry<'_>) {
        if let Err(error) = self.try_to_send(waiting, hurry).await {
            let (account, error) = (waiting.0, crate::told(&error));
            tracing::error!(%account, error, "a letter with a link could not be sent");
        }
    }

    async fn try_to_send(&self, (account, link): &Waiting, hurry: Hurry<'_>) -> anyhow::Result<()> {
        let accounts = self.identity.accounts().await?;
        let accounts = accounts.context("there is no region any more")?;
        let Some(letter) = written(accounts, *account, link).await? else {
            // Replaced by a newer one, or too old by now: nobody misses it.
            return Ok(());
        };
        let sent = match hurry {
            Hurry::Until(stop) => self.post.deliver(&letter, stop).await,
            Hurry::Within(time) => self.post.send(&letter, time).await,
        };
        write_down(accounts, *account, &sent).await?;
        Ok(sent?)
    }
}

/// How much time there is for a letter.
enum Hurry<'a> {
    /// As much as it takes, until this is given.
    Until(&'a CancellationToken),
    /// So much, and one try.
    Within(Duration),
}

/// The letter, if its link is still good. Where its owner is written to is looked up here, and not where somebody waits for an
/// answer.
///
/// # Errors
/// When the accounts cannot be read.
pub async fn written(
    accounts: &Accounts,
    account: AccountId,
    link: &LinkToken,
) -> anyhow::Result<Option<Letter>> {
    let Some(good) = accounts.link(link).await? else {
        return Ok(None);
    };
    let owner = accounts.account(account).await?;
    Ok(owner.map(|owner| Letter::new(&owner, link.clone(), good)))
}

/// Writes down what came of a letter: to which account, and not to which address.
///
/// # Errors
/// When it cannot be.
pub async fn write_down(
    accounts: &Accounts,
    account: AccountId,
    sent: &Result<(), NotTaken>,
) -> anyhow::Result<()> {
    let (event, outcome) = match sent {
        Ok(()) => (SecurityEvent::LetterSent, "sent"),
        Err(_) => (SecurityEvent::LetterNotSent, "not_sent"),
    };
    metrics::counter!("letters_total", "outcome" => outcome).increment(1);
    accounts.record_own(event, account).await?;
    Ok(())
}
