//! The sides of a compact's good practice, each at its address: what it took up, and what is suggested to it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::address::Address;
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Session};
use crate::documents::words::{AdoptionState, Visibility};
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::{Pages, Part, Views, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(TakenUp, "documents/desk/taken-up.graphql");
document!(ForYou, "documents/desk/for-you.graphql");

use for_you::{
    ForYouCompactSuggestionsNodes as Suggestion, ForYouCompactSuggestionsNodesBecause as Because,
    ForYouCompactSuggestionsNodesBecauseMatter as Matter,
};
use taken_up::TakenUpCompactAdoptionsNodes as Adoption;

const SIZE: i64 = 20;

/// Links to each of them; the one at `current` is shown.
pub fn views(desk: &Desk, current: &str) -> Views {
    let all = [
        ("Our own", ""),
        ("Taken up from others", "/taken-up"),
        ("Questions and thanks", "/asked"),
        ("For you", "/for-you"),
    ];
    let all = all.map(|(words, under)| (words.to_owned(), desk.at_practice(under)));
    Views::new("Good practice", all, current)
}

#[derive(Template)]
#[template(path = "desk/practice/taken-up.html")]
struct TakenUpPage {
    frame: Frame,
    views: Views,
    desk: String,
    adoptions: Vec<Adoption>,
    pages: Pages,
}

/// `GET /desk/{slug}/practice/taken-up`
pub async fn taken_up(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let part = Part::latest(&address, SIZE);
    let variables = taken_up::Variables {
        compact: desk.place.id.clone(),
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<TakenUp>(&web.gateway, variables, desk.looker.caller()).await?;
    let list = answer.compact.ok_or(Instead::NotHere)?.adoptions;
    let pages = pages_of!("what was taken up", &address, list.page_info);
    shown(&TakenUpPage {
        frame: desk.practice_frame("Taken up from others")?,
        views: views(&desk, &desk.at_practice("/taken-up")),
        desk: desk.at(""),
        adoptions: list.nodes.into_iter().rev().collect(),
        pages: pages.backwards(),
    })
}

/// Why something is suggested, in words, with where what it fits is.
struct Why {
    words: String,
    title: String,
    href: String,
}

#[derive(Template)]
#[template(path = "desk/practice/for-you.html")]
struct ForYouPage {
    frame: Frame,
    views: Views,
    here: String,
    suggestions: Vec<(Suggestion, Vec<Why>)>,
    pages: Pages,
}

impl Why {
    fn of(because: &Because, slug: &str) -> Self {
        let theme = because.theme.as_ref();
        let theme = theme.map(|theme| format!("the same theme, {}", theme.name));
        let words = &because.words;
        let quoted = words.iter().map(|word| format!("“{word}”"));
        let quoted = quoted.collect::<Vec<_>>().join(", ");
        let both = (!words.is_empty()).then(|| format!("the words {quoted} in both"));
        let parts: Vec<_> = [theme, both].into_iter().flatten().collect();
        let (title, href) = match &because.matter {
            Matter::Commitment(it) => (
                format!(
                    "commitment {} of {}: {}",
                    it.ref_,
                    uk::session(&it.session),
                    it.title
                ),
                format!("/compacts/{slug}/commitments/{}", it.id),
            ),
            Matter::Objective(it) => (
                format!("objective {}: {}", it.ref_, it.title),
                format!("/compacts/{slug}/plans/{}", it.action_plan.id),
            ),
        };
        Self {
            words: parts.join(", and "),
            title,
            href,
        }
    }
}

/// `GET /desk/{slug}/practice/for-you`
pub async fn for_you(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let part = Part::of(&address, 10);
    let variables = for_you::Variables {
        compact: desk.place.id.clone(),
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<ForYou>(&web.gateway, variables, desk.looker.caller()).await?;
    let list = answer.compact.ok_or(Instead::NotHere)?.suggestions;
    let pages = pages_of!("what is suggested", &address, list.page_info);
    let suggestions = list.nodes.into_iter().map(|one| {
        let because = one.because.iter();
        let because = because.map(|because| Why::of(because, &slug)).collect();
        (one, because)
    });
    shown(&ForYouPage {
        frame: desk.practice_frame("For you")?,
        views: views(&desk, &desk.at_practice("/for-you")),
        here: desk.at_practice(""),
        suggestions: suggestions.collect(),
        pages,
    })
}
