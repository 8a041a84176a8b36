//! Blacking out one text: what it says is made unreadable for good, wherever it stands; the record keeps that it was, when and why.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::entry::at;
use super::{DESK, Ledger, OF_REGION};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Role;
use crate::form::{Area, Choice, Choices, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(RedactText, "documents/redact-text.graphql", one_of);

/// Whether somebody is offered to black out texts of a ledger. The schema decides.
pub fn may(looker: &Looker, slug: &str) -> bool {
    looker.runs(slug) || (slug == OF_REGION && looker.is(Role::RegionalAdministrator))
}

#[derive(Template)]
#[template(path = "audit/black-out.html")]
struct Page {
    frame: Frame,
    back: String,
    text: Uuid,
    says: String,
    command: Uuid,
    reason: Area,
    sure: Choices,
}

/// A text of an entry, and what it stands in.
struct Told {
    ledger: Ledger,
    position: String,
    subject: String,
    text: Uuid,
    says: String,
}

impl Told {
    /// The text that an address names.
    ///
    /// # Errors
    /// [`Instead::NotHere`] when it is not there to be blacked out by whoever looks.
    async fn named(
        web: &Web,
        looker: &Looker,
        (slug, position, text): (&str, String, &str),
    ) -> Result<Self, Instead> {
        if !may(looker, slug) {
            return Err(Instead::NotHere);
        }
        let ledger = Ledger::named(web, looker, slug).await?;
        let entry = at(web, looker, &ledger, &position).await?;
        let mut texts = entry.line.texts.into_iter();
        let found = texts.find(|it| it.text.to_string() == text && !it.redacted);
        let found = found.ok_or(Instead::NotHere)?;
        Ok(Self {
            ledger,
            position,
            subject: entry.subject,
            text: found.text,
            says: found.says.unwrap_or_default(),
        })
    }

    fn page(
        self,
        looker: &Looker,
        command: Uuid,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Page, Instead> {
        let back = format!("/entries/{}/{}", self.ledger.slug, self.position);
        let sure = [Choice::new(
            "yes",
            "I understand that this cannot be undone",
        )];
        Ok(Page {
            frame: Frame::of("Black out a text", looker)?
                .within(DESK)
                .at(&self.ledger.name)
                .crumb(
                    self.ledger.name.clone(),
                    format!("/audit/{}", self.ledger.slug),
                )
                .crumb(format!("Entry {}", self.position), back.clone())
                .mending(problems),
            back,
            text: self.text,
            says: self.says,
            command,
            reason: Area::new("reason", "Why?")
                .hinting("It stays on record for good, so name nobody in it.")
                .sent(fields, problems),
            sure: Choices::new(Kind::Checkboxes, "sure", "Are you sure?", sure)
                .sent(fields, problems),
        })
    }
}

/// `GET /entries/{ledger}/{position}/black-out/{text}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, position, text)): Path<(String, String, String)>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    let told = Told::named(&web, &looker, (&slug, position, &text)).await?;
    let command = web.gateway.services().ids.next();
    shown(&told.page(&looker, command, (&Fields::default(), &Problems::default()))?)
}

/// `POST /entries/{ledger}/{position}/black-out/{text}`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, position, text)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, address.path()).await?;
    let looker = web.looker_of(visitor).await?;
    let told = Told::named(&web, &looker, (&slug, position, &text)).await?;
    let command = fields
        .command()
        .unwrap_or_else(|| web.gateway.services().ids.next());
    let mut problems = Problems::default();
    let reason = fields.text("reason");
    if reason.is_none() {
        problems.add("reason", "say why it is blacked out");
    }
    if fields.one("sure") != "yes" {
        problems.add(
            "sure",
            "tick that you understand that this cannot be undone",
        );
    }
    if let (Some(reason), true) = (reason, problems.is_empty()) {
        let input = redact_text::RedactTextInput {
            id: told.subject.clone(),
            text: told.text,
            reason,
            command_id: Some(command),
            expected_version: None,
            meeting: None,
            occurred_on: None,
        };
        let variables = redact_text::Variables { input };
        match change::<RedactText>(&web.gateway, variables, looker.caller()).await? {
            Changed::Done(_) => {
                let there = format!("/entries/{slug}/{}?done=blacked-out", told.position);
                return Ok(onwards(&there));
            }
            Changed::ToMend(found) => problems = found,
        }
    }
    to_mend(&told.page(&looker, command, (&fields, &problems))?)
}
