//! Erasing somebody: first what it does, then the reason, then it is done for good.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::{Person, address_of, frame, run, sender, somebody};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Choice, Choices, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(ErasePerson, "documents/erase-person.graphql", one_of);

#[derive(Template)]
#[template(path = "people/erase.html")]
struct Page {
    frame: Frame,
    slug: String,
    id: String,
    command: Uuid,
    reason: Area,
    sure: Choices,
}

impl Page {
    fn new(
        looker: &Looker,
        slug: &str,
        person: &Person,
        command: Uuid,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let name = person.name.clone().unwrap_or_default();
        let sure = [Choice::new(
            "yes",
            "I understand that this cannot be undone",
        )];
        Ok(Self {
            frame: frame(format!("Erase {name}"), looker, run(looker, slug)?)?
                .crumb("People", address_of(slug))
                .crumb(name, format!("/people/{slug}/{}", person.id))
                .mending(problems),
            slug: slug.to_owned(),
            id: person.id.clone(),
            command,
            reason: Area::new("reason", "Why?")
                .hinting("It stays on record for good. Say who asked for it, such as “the person themselves”, and not who it was.")
                .sent(fields, problems),
            sure: Choices::new(Kind::Checkboxes, "sure", "Are you sure?", sure).sent(fields, problems),
        })
    }
}

/// `GET /people/{slug}/{id}/erase`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    run(&looker, &slug)?;
    let (person, _) = somebody(&web, &looker, &id).await?;
    let command = web.gateway.services().ids.next();
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new(&looker, &slug, &person, command, nothing)?)
}

/// `POST /people/{slug}/{id}/erase`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Instead> {
    let looker = sender(&web, &visit, &fields, address.path()).await?;
    run(&looker, &slug)?;
    let command = fields
        .command()
        .unwrap_or_else(|| web.gateway.services().ids.next());
    let mut problems = Problems::default();
    let reason = fields.text("reason");
    if reason.is_none() {
        problems.add("reason", "say who asked for it, or why it is done");
    }
    if fields.one("sure") != "yes" {
        problems.add(
            "sure",
            "tick that you understand that this cannot be undone",
        );
    }
    if let (Some(reason), true) = (reason, problems.is_empty()) {
        let input = erase_person::ErasePersonInput {
            person_id: id.clone(),
            reason,
            command_id: Some(command),
            expected_version: None,
            meeting: None,
            occurred_on: None,
        };
        let variables = erase_person::Variables { input };
        match change::<ErasePerson>(&web.gateway, variables, looker.caller()).await? {
            Changed::Done(_) => {
                return Ok(onwards(&format!("{}?done=erased", address_of(&slug))));
            }
            Changed::ToMend(found) => problems = found,
        }
    }
    let (person, _) = somebody(&web, &looker, &id).await?;
    to_mend(&Page::new(
        &looker,
        &slug,
        &person,
        command,
        (&fields, &problems),
    )?)
}
