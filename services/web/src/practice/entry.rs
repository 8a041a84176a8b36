//! An entry of the library: what is done, who does it, and who took it up.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::LIBRARY;
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::{AdoptionState, Category, Visibility};
use crate::instead::Instead;
use crate::may;
use crate::page::Frame;
use crate::parts::Actions;
use crate::uk;
use crate::visit::{Visit, Web};

document!(PracticePage, "documents/practice.graphql");

use practice_page::PracticePageGoodPractice as Whole;
use practice_page::PracticePageGoodPracticeEvidence as Evidence;

#[derive(Template)]
#[template(path = "practice/entry.html")]
struct Page {
    frame: Frame,
    actions: Actions,
    practice: Whole,
}

impl Evidence {
    /// Where it leads and what it says.
    fn link(&self) -> Option<(&str, &str)> {
        let file = self.file.as_ref();
        let file = file.map(|file| (file.url.as_str(), file.name.as_str()));
        let link = self.link.as_ref();
        let link = link.map(|link| {
            let words = link.note.as_deref().unwrap_or(&link.url);
            (link.url.as_str(), words)
        });
        file.or(link)
    }
}

/// `GET /good-practice/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(id): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let asked = practice_page::Variables { id };
    let answer = ask::<PracticePage>(&web.gateway, asked, looker.caller()).await?;
    let practice = answer.good_practice.ok_or(Instead::NotHere)?;
    let compact = practice.compact.as_ref();
    let slug = compact.map(|compact| compact.slug.as_str());
    let frame = Frame::of(practice.title.clone(), &looker)?.within(LIBRARY);
    kept.shown(&Page {
        frame: frame.crumb("Good practice", LIBRARY),
        actions: may::with_practice(&looker, slug, &practice.id),
        practice,
    })
}
