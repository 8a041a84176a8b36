//! Who a compact has written down.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{frame, place};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::{Pages, Part, pages_of};
use crate::visit::{Visit, Web};

document!(People, "documents/people.graphql");

use people::PeopleCompactPeopleNodes as Person;

/// How many people stand on a page.
const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "people/list.html")]
struct Page {
    frame: Frame,
    slug: String,
    runs: bool,
    organisation: Select,
    people: Vec<Person>,
    pages: Pages,
}

/// `GET /people/{slug}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(slug): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    let place = place(&looker, &slug)?;
    let Part {
        first,
        after,
        last,
        before,
    } = Part::of(&address, SIZE);
    let variables = people::Variables {
        slug: slug.clone(),
        organisation_id: address.some("organisation").map(str::to_owned),
        first,
        after,
        last,
        before,
    };
    let answer = ask::<People>(&web.gateway, variables, looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let organisations = answer.organisations.map(|it| it.nodes).unwrap_or_default();
    let choices = organisations
        .into_iter()
        .map(|it| Choice::new(it.id, it.name));
    let choices = [Choice::new("", "All organisations")]
        .into_iter()
        .chain(choices);
    let done = match address.one("done") {
        "entered" => Some("They are written down."),
        "corrected" => Some("What is said of them is put right, everywhere at once."),
        "erased" => {
            Some("They are erased. What was said of them cannot be read any more, by anybody.")
        }
        _ => None,
    };
    shown(&Page {
        frame: frame("People".to_owned(), &looker, place)?.done(done),
        runs: looker.runs(&slug),
        organisation: Select::new("organisation", "Organisation", choices)
            .with(address.one("organisation"))
            .going(),
        pages: pages_of!("people", &address, compact.people.page_info),
        people: compact.people.nodes,
        slug,
    })
}
