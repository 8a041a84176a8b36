//! Writing somebody down, and putting right what is said of them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::{Person, Said, address_of, frame, run, sender, somebody};
use crate::address::Address;
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Fields, Problems};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(EnterPerson, "documents/enter-person.graphql", one_of);
document!(CorrectPerson, "documents/correct-person.graphql", one_of);
document!(PeopleChoices, "documents/people-choices.graphql");

#[derive(Template)]
#[template(path = "people/new.html")]
struct NewPage {
    frame: Frame,
    slug: String,
    command: Uuid,
    said: Said,
}

#[derive(Template)]
#[template(path = "people/correct.html")]
struct CorrectPage {
    frame: Frame,
    slug: String,
    id: String,
    version: i64,
    command: Uuid,
    said: Said,
    reason: Area,
}

/// An empty form with the organisations there are.
async fn nobody_yet(web: &Web, looker: &Looker) -> Result<Said, Instead> {
    let asked = ask::<PeopleChoices>(&web.gateway, people_choices::Variables, looker.caller());
    let organisations = asked.await?.organisations.map(|it| it.nodes);
    let organisations = organisations.unwrap_or_default().into_iter();
    Ok(Said::of(organisations.map(|it| (it.id, it.name))))
}

/// `GET /people/{slug}/new`
pub async fn ask_new(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(slug): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    let place = run(&looker, &slug)?;
    shown(&NewPage {
        frame: frame("Write somebody down".to_owned(), &looker, place)?
            .crumb("People", address_of(&slug)),
        command: web.gateway.services().ids.next(),
        said: nobody_yet(&web, &looker).await?,
        slug,
    })
}

/// `POST /people/{slug}/new`
pub async fn enter(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, Instead> {
    let looker = sender(&web, &visit, &fields, address.path()).await?;
    let place = run(&looker, &slug)?;
    let command = fields
        .command()
        .unwrap_or_else(|| web.gateway.services().ids.next());
    let input = enter_person::EnterPersonInput {
        compact_id: place.id.clone(),
        name: fields.one("name").trim().to_owned(),
        position: fields.some("position"),
        organisation_id: fields.some("organisationId"),
        email: fields.some("email"),
        telephone: fields.some("telephone"),
        command_id: Some(command),
        expected_version: None,
        meeting: None,
        new_id: None,
        occurred_on: None,
    };
    let variables = enter_person::Variables { input };
    match change::<EnterPerson>(&web.gateway, variables, looker.caller()).await? {
        Changed::Done(_) => Ok(onwards(&format!("{}?done=entered", address_of(&slug)))),
        Changed::ToMend(problems) => to_mend(&NewPage {
            frame: frame("Write somebody down".to_owned(), &looker, place)?
                .crumb("People", address_of(&slug))
                .mending(&problems),
            command,
            said: nobody_yet(&web, &looker).await?.sent(&fields, &problems),
            slug,
        }),
    }
}

fn correct_page(
    looker: &Looker,
    slug: &str,
    (person, said): (&Person, Said),
    (command, reason): (Uuid, Area),
    problems: &Problems,
) -> Result<CorrectPage, Instead> {
    let place = run(looker, slug)?;
    let name = person.name.clone().unwrap_or_default();
    Ok(CorrectPage {
        frame: frame(name, looker, place)?
            .crumb("People", address_of(slug))
            .mending(problems),
        slug: slug.to_owned(),
        id: person.id.clone(),
        version: person.version,
        command,
        said,
        reason,
    })
}

fn why() -> Area {
    Area::new("reason", "Why is it changed?")
        .hinting("For example: they have another post. It stays on record; name nobody in it.")
}

/// `GET /people/{slug}/{id}`
pub async fn ask_correction(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    run(&looker, &slug)?;
    let (person, organisations) = somebody(&web, &looker, &id).await?;
    let organisations = organisations.into_iter().map(|it| (it.id, it.name));
    let said = Said::of(organisations).filled(&person);
    let command = web.gateway.services().ids.next();
    let problems = Problems::default();
    shown(&correct_page(
        &looker,
        &slug,
        (&person, said),
        (command, why()),
        &problems,
    )?)
}

/// `POST /people/{slug}/{id}`
pub async fn correct(
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
    let input = correct_person::CorrectPersonInput {
        person_id: id.clone(),
        name: fields.one("name").trim().to_owned(),
        position: fields.some("position"),
        organisation_id: fields.some("organisationId"),
        email: fields.some("email"),
        telephone: fields.some("telephone"),
        reason: fields.text("reason").unwrap_or_default(),
        command_id: Some(command),
        expected_version: fields.one("expectedVersion").parse().ok(),
        meeting: None,
        occurred_on: None,
    };
    let variables = correct_person::Variables { input };
    match change::<CorrectPerson>(&web.gateway, variables, looker.caller()).await? {
        Changed::Done(_) => Ok(onwards(&format!("{}?done=corrected", address_of(&slug)))),
        Changed::ToMend(problems) => {
            let (person, organisations) = somebody(&web, &looker, &id).await?;
            let organisations = organisations.into_iter().map(|it| (it.id, it.name));
            let said = Said::of(organisations).sent(&fields, &problems);
            let reason = why().sent(&fields, &problems);
            to_mend(&correct_page(
                &looker,
                &slug,
                (&person, said),
                (command, reason),
                &problems,
            )?)
        }
    }
}
