//! The people a compact has written down: who they are, put right, handed out to themselves, and erased.
//!
//! Whoever works in the compact sees them; its secretariat changes them. What an erasure does is in `docs/personal-data.md`.

mod erase;
mod export;
mod list;
mod write;

use axum::Router;
use axum::routing::{get, post};

use crate::ask::ask;
use crate::documents::document;
use crate::documents::words::Role;
use crate::form::{Choice, Field, Fields, Problems, Select};
use crate::instead::Instead;
use crate::looker::{Looker, Place};
use crate::page::Frame;
use crate::visit::{Visit, Web};

document!(PersonPage, "documents/person.graphql");

use person_page::PersonPageNode as Node;
use person_page::PersonPageNodeOnPerson as Person;
use person_page::PersonPageOrganisationsNodes as Organisation;

/// Their pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/people/{slug}", get(list::show))
        .route("/people/{slug}/new", get(write::ask_new).post(write::enter))
        .route(
            "/people/{slug}/{id}",
            get(write::ask_correction).post(write::correct),
        )
        .route(
            "/people/{slug}/{id}/erase",
            get(erase::show).post(erase::send),
        )
        .route("/people/{slug}/{id}/export", post(export::send))
}

/// Where a compact's people are.
fn address_of(slug: &str) -> String {
    format!("/people/{slug}")
}

/// The compact in which somebody works, by its name in addresses.
///
/// # Errors
/// [`Instead::NotHere`] when they work in no such compact.
fn place<'a>(looker: &'a Looker, slug: &str) -> Result<&'a Place, Instead> {
    let places = looker.posts.iter().filter_map(|post| post.compact.as_ref());
    let mut here = places.filter(|place| place.slug == slug);
    here.next().ok_or(Instead::NotHere)
}

/// The compact that somebody runs.
///
/// # Errors
/// [`Instead::NotHere`] when they do not run it.
fn run<'a>(looker: &'a Looker, slug: &str) -> Result<&'a Place, Instead> {
    if looker.holds(Role::Secretariat, slug) {
        place(looker, slug)
    } else {
        Err(Instead::NotHere)
    }
}

fn frame(title: String, looker: &Looker, place: &Place) -> Result<Frame, Instead> {
    Ok(Frame::of(title, looker)?
        .at(&place.name)
        .crumb(place.name.clone(), format!("/compacts/{}", place.slug)))
}

/// Somebody, for whoever runs their compact, with the organisations of the register.
///
/// # Errors
/// [`Instead::NotHere`] when they are not there.
async fn somebody(
    web: &Web,
    looker: &Looker,
    id: &str,
) -> Result<(Person, Vec<Organisation>), Instead> {
    let variables = person_page::Variables { id: id.to_owned() };
    let answer = ask::<PersonPage>(&web.gateway, variables, looker.caller()).await?;
    let organisations = answer.organisations.map(|it| it.nodes).unwrap_or_default();
    match answer.node {
        Some(Node::Person(person)) if person.name.is_some() => Ok((person, organisations)),
        _ => Err(Instead::NotHere),
    }
}

/// What is said of somebody, as fields.
struct Said {
    name: Field,
    position: Field,
    organisation: Select,
    email: Field,
    telephone: Field,
}

impl Said {
    fn of(organisations: impl Iterator<Item = (String, String)>) -> Self {
        let choices = organisations.map(|(id, name)| Choice::new(id, name));
        let choices = [Choice::new("", "None, or not known")]
            .into_iter()
            .chain(choices);
        Self {
            name: Field::words("name", "Name"),
            position: Field::words("position", "What they do").hinting("Their job title."),
            organisation: Select::new("organisationId", "Organisation", choices),
            email: Field {
                kind: "email",
                ..Field::new("email", "E-mail address", "off")
            },
            telephone: Field {
                kind: "tel",
                ..Field::new("telephone", "Telephone number", "off")
            },
        }
    }

    fn filled(self, person: &Person) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let organisation = person.organisation.as_ref().map(|it| it.id.clone());
        Self {
            name: self.name.with(&text(&person.name)),
            position: self.position.with(&text(&person.position)),
            organisation: self.organisation.with(organisation.unwrap_or_default()),
            email: self.email.with(&text(&person.email)),
            telephone: self.telephone.with(&text(&person.telephone)),
        }
    }

    fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        Self {
            name: self.name.sent(fields, problems),
            position: self.position.sent(fields, problems),
            organisation: self.organisation.sent(fields, problems),
            email: self.email.sent(fields, problems),
            telephone: self.telephone.sent(fields, problems),
        }
    }
}

/// Whoever sent a form of this session's, with what they may do.
async fn sender(web: &Web, visit: &Visit, fields: &Fields, back: &str) -> Result<Looker, Instead> {
    let visitor = web.sender(visit, fields, back).await?;
    web.looker_of(visitor).await
}
