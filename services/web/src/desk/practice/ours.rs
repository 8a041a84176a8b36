//! What the compact wrote down, a page at a time, narrowed by the address.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::{Category, Visibility};
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::{Pages, Part, Views, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskPractices, "documents/desk/practices.graphql");

use desk_practices::DeskPracticesCompactGoodPracticesNodes as Entry;

const SIZE: i64 = 20;

#[derive(Template)]
#[template(path = "desk/practice/ours.html")]
struct Page {
    frame: Frame,
    here: String,
    views: Views,
    theme: Select,
    withdrawn: Select,
    narrowed: bool,
    entries: Vec<Entry>,
    pages: Pages,
}

impl Entry {
    fn waiting(&self) -> usize {
        let questions = self.questions.iter();
        questions
            .filter(|question| question.answers.is_empty())
            .count()
    }
}

/// `GET /desk/{slug}/practice`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let part = Part::of(&address, SIZE);
    let variables = desk_practices::Variables {
        compact: desk.place.id.clone(),
        filter: Some(desk_practices::GoodPracticeFilterInput {
            theme: address.some("theme").map(str::to_owned),
            compact_id: None,
            category: None,
            organisation_id: None,
            adopted: None,
            withdrawn: address.one("withdrawn") == "too",
        }),
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<DeskPractices>(&web.gateway, variables, desk.looker.caller()).await?;
    let list = answer.compact.ok_or(Instead::NotHere)?.good_practices;
    let themes = answer.themes.map(|themes| themes.nodes);
    let themes = themes.unwrap_or_default().into_iter();
    let themes = themes.map(|theme| Choice::new(theme.code, theme.name));
    let any = [Choice::new("", "Any")].into_iter();
    let withdrawn = [Choice::new("", "Left out"), Choice::new("too", "Shown too")];
    let done = match address.one("done") {
        "written" => Some("It is written down. It is a draft until you share it."),
        _ => None,
    };
    shown(&Page {
        frame: desk.frame("Good practice")?.done(done),
        here: desk.at_practice(""),
        views: super::views::views(&desk, &desk.at_practice("")),
        theme: Select::new("theme", "Theme", any.chain(themes))
            .with(address.one("theme"))
            .going(),
        withdrawn: Select::new("withdrawn", "What was withdrawn", withdrawn)
            .with(address.one("withdrawn"))
            .going(),
        narrowed: address.some("theme").is_some(),
        pages: pages_of!("good practice", &address, list.page_info),
        entries: list.nodes,
    })
}
