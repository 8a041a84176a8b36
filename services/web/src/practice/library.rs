//! The library: what there is, or what is found by words. What is chosen stands in the address.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::LIBRARY;
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::words::{Category, Visibility};
use crate::form::{Choice, Field, Select};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::Frame;
use crate::parts::{Pages, Part, Tag, pages_of};
use crate::visit::{Visit, Web};

document!(Practices, "documents/practices.graphql");
document!(PracticeSearch, "documents/practice-search.graphql");
document!(PracticeChoices, "documents/practice-choices.graphql");

const SIZE: i64 = 20;

#[derive(Template)]
#[template(path = "practice/library.html")]
struct Page {
    frame: Frame,
    words: Field,
    theme: Select,
    compact: Select,
    category: Select,
    adopted: Select,
    /// Whether words are looked for.
    searched: bool,
    /// Whether anything else is chosen.
    narrowed: bool,
    respelt: Vec<(String, String)>,
    found: Vec<Row>,
    pages: Pages,
}

/// A line of the list.
struct Row {
    id: String,
    /// In pieces, each with whether it was looked for.
    title: Vec<(String, bool)>,
    summary: Vec<(String, bool)>,
    mark: Option<Tag>,
    theme: Option<String>,
    from: String,
}

/// What was found, however it was looked for.
struct Found {
    rows: Vec<Row>,
    respelt: Vec<(String, String)>,
    pages: Pages,
}

/// `GET /good-practice`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let choices =
        ask::<PracticeChoices>(&web.gateway, practice_choices::Variables, looker.caller());
    let choices = choices.await?;
    let compact = match address.some("compact") {
        Some(slug) => {
            let mut compacts = choices.compacts.nodes.iter();
            let found = compacts.find(|compact| compact.slug == slug);
            Some(found.ok_or(Instead::NotHere)?.id.clone())
        }
        None => None,
    };
    let found = match address.some("words") {
        Some(words) => searched(&web, &looker, (&address, compact), words).await?,
        None => listed(&web, &looker, (&address, compact)).await?,
    };
    let any = || [Choice::new("", "Any")].into_iter();
    let themes = choices
        .themes
        .map(|themes| themes.nodes)
        .unwrap_or_default();
    let themes = themes
        .into_iter()
        .map(|theme| Choice::new(theme.code, theme.name));
    let compacts = choices.compacts.nodes.into_iter();
    let compacts = compacts.map(|compact| Choice::new(compact.slug, compact.name));
    let categories = Category::ALL.iter();
    let categories = categories.map(|category| Choice::new(category.name(), category.words()));
    let adopted = [
        Choice::new("yes", "Taken up by others"),
        Choice::new("no", "Not yet taken up"),
    ];
    let select = |name, label, choices: Vec<Choice>| {
        Select::new(name, label, any().chain(choices)).with(address.one(name))
    };
    kept.shown(&Page {
        frame: Frame::of("Good practice", &looker)?.within(LIBRARY),
        words: Field::words("words", "Words").with(address.one("words")),
        theme: select("theme", "Theme", themes.collect()),
        compact: select("compact", "Compact", compacts.collect()),
        category: select("category", "Kind of organisation", categories.collect()),
        adopted: select("adopted", "Taken up", adopted.into()),
        searched: address.some("words").is_some(),
        narrowed: ["theme", "compact", "category", "adopted"]
            .iter()
            .any(|name| address.some(name).is_some()),
        respelt: found.respelt,
        found: found.rows,
        pages: found.pages,
    })
}

/// What the address narrows it down to: theme, category, and whether others took it up.
fn filter(address: &Address) -> (Option<String>, Option<Category>, Option<bool>) {
    let adopted = match address.one("adopted") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let category = Category::named(address.one("category"));
    (address.some("theme").map(str::to_owned), category, adopted)
}

async fn listed(
    web: &Web,
    looker: &Looker,
    (address, compact_id): (&Address, Option<String>),
) -> Result<Found, Instead> {
    let part = Part::of(address, SIZE);
    let (theme, category, adopted) = filter(address);
    let asked = practices::Variables {
        filter: Some(practices::GoodPracticeFilterInput {
            theme,
            compact_id,
            category,
            adopted,
            organisation_id: None,
            withdrawn: false,
        }),
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<Practices>(&web.gateway, asked, looker.caller()).await?;
    let Some(region) = answer.region else {
        return Ok(Found::nothing());
    };
    let list = region.good_practices;
    let pages = pages_of!("good practice", address, list.page_info);
    let rows = list.nodes.into_iter().map(|entry| Row {
        id: entry.id,
        title: vec![(entry.title, false)],
        summary: vec![(entry.summary, false)],
        mark: entry.visibility.mark(),
        theme: entry.theme.map(|theme| theme.name),
        from: from(
            entry.organisation.map(|organisation| organisation.name),
            entry.compact.map(|compact| compact.name),
        ),
    });
    Ok(Found {
        rows: rows.collect(),
        respelt: Vec::new(),
        pages,
    })
}

async fn searched(
    web: &Web,
    looker: &Looker,
    (address, compact_id): (&Address, Option<String>),
    words: &str,
) -> Result<Found, Instead> {
    let part = Part::of(address, SIZE);
    let (theme, category, adopted) = filter(address);
    let asked = practice_search::Variables {
        words: words.chars().take(200).collect(),
        filter: Some(practice_search::GoodPracticeFilterInput {
            theme,
            compact_id,
            category,
            adopted,
            organisation_id: None,
            withdrawn: false,
        }),
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<PracticeSearch>(&web.gateway, asked, looker.caller()).await?;
    let Some(region) = answer.region else {
        return Ok(Found::nothing());
    };
    let search = region.search_practices;
    let pages = pages_of!("what was found", address, search.hits.page_info);
    let rows = search.hits.nodes.into_iter().map(|hit| Row {
        id: hit.good_practice.id,
        title: hit
            .title
            .into_iter()
            .map(|piece| (piece.text, piece.found))
            .collect(),
        summary: hit
            .summary
            .into_iter()
            .map(|piece| (piece.text, piece.found))
            .collect(),
        mark: hit.good_practice.visibility.mark(),
        theme: hit.good_practice.theme.map(|theme| theme.name),
        from: from(
            hit.good_practice
                .organisation
                .map(|organisation| organisation.name),
            hit.good_practice.compact.map(|compact| compact.name),
        ),
    });
    let respelt = search.respelt.into_iter();
    Ok(Found {
        rows: rows.collect(),
        respelt: respelt
            .map(|word| (word.typed, word.meant.join(", ")))
            .collect(),
        pages,
    })
}

impl Found {
    fn nothing() -> Self {
        Self {
            rows: Vec::new(),
            respelt: Vec::new(),
            pages: Pages::default(),
        }
    }
}

/// Whose it is.
fn from(organisation: Option<String>, compact: Option<String>) -> String {
    let both = [organisation, compact];
    both.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
