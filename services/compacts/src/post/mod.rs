//! Letters: how an invitation, or the link to a new password, reaches its owner.
//!
//! Whoever asks for a link on a page is answered before a letter is written, and is told the same whether there is one to write
//! or not: it waits in a short queue, in memory alone, because a link that is kept is a key that is kept. What a crash takes
//! with it is asked for again.

mod letter;
mod round;

use std::time::Duration;

use anyhow::{Context, bail};
use domain::ids::{IdSource, RandomIds};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::settings::{Mail, MailSecurity, Settings};
pub use letter::Letter;
pub use round::{Round, write_down, written};

/// How patient we are with a mail server.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// With each thing it is told.
    step: Duration,
    /// With all of one letter.
    letter: Duration,
    /// Before a letter is tried again, the first time; then twice as long.
    pause: Duration,
    /// With all letters that wait when the server stops.
    stopping: Duration,
}

const PATIENCE: Patience = Patience {
    step: Duration::from_secs(20),
    letter: Duration::from_mins(1),
    pause: Duration::from_secs(5),
    stopping: Duration::from_secs(10),
};

/// How often a letter is tried.
const ATTEMPTS: u32 = 3;

/// The way to a mail server.
#[derive(Clone)]
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    public_url: String,
    host: String,
    patience: Patience,
}

/// Why a letter was not taken. Neither the address nor the link is in the words.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It cannot be written, or the mail server will not have it, ever.
    #[error("the mail server refuses it for good, with the code {0}")]
    ForGood(String),
    /// It cannot be sent to such an address.
    #[error("mail cannot be sent to such an address")]
    Address,
    /// It may be taken later.
    #[error("the mail server does not take it now, with the code {0}")]
    Now(String),
    /// Nobody answers.
    #[error(
        "the mail server cannot be reached, or not in the way that is set, or does not answer in time"
    )]
    Unreachable,
}

impl NotTaken {
    const fn is_worth_another_try(&self) -> bool {
        matches!(self, Self::Now(_) | Self::Unreachable)
    }
}

impl Post {
    /// The way that the settings name, if they name one. Nobody is spoken to yet.
    ///
    /// # Errors
    /// When what they name cannot be used.
    pub fn open(settings: &Settings) -> anyhow::Result<Option<Self>> {
        match &settings.mail {
            Some(mail) => Self::to(mail, settings, PATIENCE).map(Some),
            None => Ok(None),
        }
    }

    fn to(mail: &Mail, settings: &Settings, patience: Patience) -> anyhow::Result<Self> {
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match mail.security {
            MailSecurity::Tls => Transport::relay(&mail.host),
            MailSecurity::StartTls => Transport::starttls_relay(&mail.host),
            MailSecurity::None => Ok(Transport::builder_dangerous(&mail.host)),
        };
        let host = settings.public_host()?.host().to_owned();
        let mut builder = builder
            .context("this machine cannot make TLS connections")?
            .port(mail.port())
            .timeout(Some(patience.step))
            .hello_name(ClientId::Domain(host.clone()));
        if let Some((name, password)) = mail.credentials()? {
            builder = builder.credentials(Credentials::new(name, password));
        }
        Ok(Self {
            transport: builder.build(),
            from: mail.from.parse().context("`mail`: `from`")?,
            public_url: settings.public_url.trim_end_matches('/').to_owned(),
            host,
            patience,
        })
    }

    /// Hands a letter over, once, and gives up after `within`.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn send(&self, letter: &Letter, within: Duration) -> Result<(), NotTaken> {
        let message = self.written(letter).map_err(|_| NotTaken::Address)?;
        let sending = timeout(within, self.transport.send(message)).await;
        match sending.map_err(|_| NotTaken::Unreachable)? {
            Ok(_) => Ok(()),
            // What a server says about a refusal may name the address: its code is enough.
            Err(error) => Err(match error.status() {
                Some(code) if error.is_permanent() => NotTaken::ForGood(code.to_string()),
                Some(code) => NotTaken::Now(code.to_string()),
                None => NotTaken::Unreachable,
            }),
        }
    }

    /// Hands it over, and tries again a few times where that may help. Once `stop` is given there is one last try, at once and
    /// in a hurry.
    ///
    /// # Errors
    /// [`NotTaken`], of the last try.
    pub async fn deliver(&self, letter: &Letter, stop: &CancellationToken) -> Result<(), NotTaken> {
        let Patience {
            letter: within,
            stopping,
            mut pause,
            ..
        } = self.patience;
        for _ in 1..ATTEMPTS {
            match stop.run_until_cancelled(self.send(letter, within)).await {
                None => return self.send(letter, stopping).await,
                Some(Err(error)) if error.is_worth_another_try() => {
                    tracing::info!(%error, "a letter is tried again");
                }
                Some(done) => return done,
            }
            if stop.run_until_cancelled(sleep(pause)).await.is_none() {
                return self.send(letter, stopping).await;
            }
            pause *= 2;
        }
        let last = stop.run_until_cancelled(self.send(letter, within)).await;
        last.unwrap_or(Err(NotTaken::Unreachable))
    }

    /// A letter as it is sent. Only the address stands in its head: a name goes no further than its text.
    fn written(&self, letter: &Letter) -> anyhow::Result<Message> {
        let Ok(to) = letter.to.parse::<Address>() else {
            bail!("mail cannot be sent to such an address");
        };
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject())
            .message_id(Some(format!("<{}@{}>", RandomIds.next(), self.host)))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text(&self.public_url))?;
        Ok(message)
    }
}

#[cfg(test)]
mod tests;
