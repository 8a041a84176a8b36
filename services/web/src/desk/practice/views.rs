//! The sides of a compact's good practice, each at its address: its own, what it took up, what others asked and said, what is suggested.

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
document!(Asked, "documents/desk/asked.graphql");

use for_you::{
    ForYouCompactSuggestionsNodes as Suggestion, ForYouCompactSuggestionsNodesBecause as Because,
    ForYouCompactSuggestionsNodesBecauseMatter as Matter,
};
use taken_up::TakenUpCompactAdoptionsNodes as Adoption;

const SIZE: i64 = 20;

/// How many pages of a hundred entries are looked through for what waits.
const MOST_PAGES: usize = 20;

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

/// Something another compact asked or said.
pub struct Said {
    /// The practice it is about.
    pub practice: String,
    /// What that is called.
    pub title: String,
    /// Who.
    pub by: String,
    /// When.
    pub on: Date,
    /// What.
    pub text: String,
}

/// What others asked that waits for an answer, the oldest first; and what they said in thanks, the latest first.
pub async fn said(web: &Web, desk: &Desk) -> Result<(Vec<Said>, Vec<Said>), Instead> {
    let (mut waiting, mut thanks, mut after) = (Vec::new(), Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let variables = asked::Variables {
            compact: desk.place.id.clone(),
            after,
        };
        let answer = ask::<Asked>(&web.gateway, variables, desk.looker.caller()).await?;
        let Some(compact) = answer.compact else {
            break;
        };
        for entry in compact.good_practices.nodes {
            let said = |by: String, on: Date, text: String| Said {
                practice: entry.id.clone(),
                title: entry.title.clone(),
                by,
                on,
                text,
            };
            let open = entry
                .questions
                .into_iter()
                .filter(|it| it.answers.is_empty());
            waiting.extend(open.map(|it| said(it.asked_by.name, it.made.occurred_on, it.text)));
            let given = entry.thanks.into_iter();
            thanks.extend(given.map(|it| said(it.given_by.name, it.made.occurred_on, it.text)));
        }
        after = compact.good_practices.page_info.end_cursor;
        if !compact.good_practices.page_info.has_next_page {
            break;
        }
    }
    waiting.sort_by_key(|said| said.on);
    thanks.sort_by_key(|said| std::cmp::Reverse(said.on));
    Ok((waiting, thanks))
}

#[derive(Template)]
#[template(path = "desk/practice/asked.html")]
struct AskedPage {
    frame: Frame,
    views: Views,
    here: String,
    waiting: Vec<Said>,
    thanks: Vec<Said>,
    pages: Pages,
}

/// `GET /desk/{slug}/practice/asked`
pub async fn asked_of_us(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let (waiting, thanks) = said(&web, &desk).await?;
    let page = address.one("page").parse().unwrap_or(1_usize).max(1);
    let (thanks, pages) = part_of(thanks, page, &address);
    shown(&AskedPage {
        frame: desk.practice_frame("Questions and thanks")?,
        views: views(&desk, &desk.at_practice("/asked")),
        here: desk.at_practice(""),
        waiting,
        thanks,
        pages,
    })
}

/// One page of a list that is here already, and the way to those beside it.
fn part_of<T>(all: Vec<T>, page: usize, address: &Address) -> (Vec<T>, Pages) {
    const SIZE: usize = 20;
    let count = all.len();
    let part: Vec<T> = all.into_iter().skip((page - 1) * SIZE).take(SIZE).collect();
    let lead = |page: usize| Some(address.with("page", &page.to_string()).to_string());
    let pages = Pages {
        of: "thanks",
        before: if page > 1 { lead(page - 1) } else { None },
        after: if page * SIZE < count {
            lead(page + 1)
        } else {
            None
        },
    };
    (part, pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_paged_by_the_address() {
        let address = Address::read("/x", "");
        let (part, pages) = part_of((0..45).collect(), 1, &address);
        assert_eq!((part.len(), part[0]), (20, 0));
        assert_eq!(
            (pages.before, pages.after.as_deref()),
            (None, Some("/x?page=2"))
        );
        let (part, pages) = part_of((0..45).collect(), 3, &address);
        assert_eq!(part, [40, 41, 42, 43, 44]);
        assert_eq!(
            (pages.before.as_deref(), pages.after),
            (Some("/x?page=2"), None)
        );
    }
}
