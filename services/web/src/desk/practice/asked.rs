//! Questions and thanks: what others asked and said about the compact's good practice, and what the compact asked others, with the answers.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::views::views;
use crate::address::Address;
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::{Pages, Views};
use crate::uk;
use crate::visit::{Visit, Web};

document!(Asked, "documents/desk/asked.graphql");
document!(AskedByUs, "documents/desk/asked-by-us.graphql");

/// How many pages of a hundred entries are looked through for what was asked.
const MOST_PAGES: usize = 20;

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

/// Something the compact asked another about its good practice.
struct OurQuestion {
    /// The practice it is about.
    practice: String,
    /// What that is called.
    title: String,
    /// When.
    on: Date,
    /// What.
    text: String,
    /// What it was answered, oldest first.
    answers: Vec<String>,
}

/// What the compact asked others, the latest first. Of what others wrote it sees its own questions, and nobody else's.
async fn asked_by_us(web: &Web, desk: &Desk) -> Result<Vec<OurQuestion>, Instead> {
    let (mut all, mut after) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let variables = asked_by_us::Variables { after };
        let answer = ask::<AskedByUs>(&web.gateway, variables, desk.looker.caller()).await?;
        let Some(region) = answer.region else {
            break;
        };
        let theirs = region.good_practices.nodes.into_iter().filter(|entry| {
            let compact = entry.compact.as_ref();
            compact.is_none_or(|compact| compact.id != desk.place.id)
        });
        for entry in theirs {
            all.extend(entry.questions.into_iter().map(|it| OurQuestion {
                practice: entry.id.clone(),
                title: entry.title.clone(),
                on: it.made.occurred_on,
                text: it.text,
                answers: it.answers.into_iter().map(|answer| answer.text).collect(),
            }));
        }
        after = region.good_practices.page_info.end_cursor;
        if !region.good_practices.page_info.has_next_page {
            break;
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.on));
    Ok(all)
}

#[derive(Template)]
#[template(path = "desk/practice/asked.html")]
struct AskedPage {
    frame: Frame,
    views: Views,
    here: String,
    waiting: Vec<Said>,
    ours: Vec<OurQuestion>,
    thanks: Vec<Said>,
    pages: Pages,
}

/// `GET /desk/{slug}/practice/asked`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let (waiting, thanks) = said(&web, &desk).await?;
    let ours = asked_by_us(&web, &desk).await?;
    let page = address.one("page").parse().unwrap_or(1_usize).max(1);
    let (thanks, pages) = part_of(thanks, page, &address);
    shown(&AskedPage {
        frame: desk.practice_frame("Questions and thanks")?,
        views: views(&desk, &desk.at_practice("/asked")),
        here: desk.at_practice(""),
        waiting,
        ours,
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
