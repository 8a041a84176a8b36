//! What is written.

use accounts::{Account, LinkFor, LinkPurpose, LinkToken};
use chrono::{DateTime, Utc};
use domain::dated::in_words;

/// A letter with a link.
#[derive(Clone)]
pub struct Letter {
    /// Where it goes.
    pub(super) to: String,
    name: String,
    link: LinkToken,
    purpose: LinkPurpose,
    until: DateTime<Utc>,
}

impl Letter {
    /// To the owner of this account, with a link that is good for this.
    pub fn new(owner: &Account, link: LinkToken, good: LinkFor) -> Self {
        Self {
            to: owner.email.clone(),
            name: on_one_line(&owner.name),
            link,
            purpose: good.purpose,
            until: good.expires_at,
        }
    }

    pub(super) const fn subject(&self) -> &'static str {
        match self.purpose {
            LinkPurpose::Invitation => "Your account with Compacts",
            LinkPurpose::Reset => "Choose a new password for Compacts",
        }
    }

    pub(super) fn text(&self, public_url: &str) -> String {
        let (name, link) = (&self.name, self.link.expose());
        let until = format!(
            "until {} at {} UTC",
            in_words(self.until.date_naive()),
            self.until.format("%H:%M")
        );
        let link = link.as_str();
        match self.purpose {
            LinkPurpose::Invitation => format!(
                "Hello {name},\r\n\r\nan account was made for you at {public_url}. To begin, open this link:\r\n\r\n\
                 {public_url}/invitation/{link}\r\n\r\nIt works once, {until}.\r\n\r\n\
                 If you did not expect this, you need do nothing: nobody can use the account without the link.\r\n\r\n\
                 This letter was sent by a program. Answers to it may not be read.\r\n"
            ),
            LinkPurpose::Reset => format!(
                "Hello {name},\r\n\r\nsomebody, most likely you, asked for a new password at {public_url}. Choose it \
                 here:\r\n\r\n{public_url}/reset/{link}\r\n\r\nThe link works once, {until}.\r\n\r\n\
                 If it was not you, you need do nothing: your password stays as it is.\r\n\r\n\
                 This letter was sent by a program. Answers to it may not be read.\r\n"
            ),
        }
    }
}

/// A name as it stands in a line: nothing in it begins another.
fn on_one_line(name: &str) -> String {
    let plain = name.split(|c: char| c.is_control() || c.is_whitespace());
    let words: Vec<&str> = plain.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
