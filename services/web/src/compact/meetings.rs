//! The meetings of a compact, the latest first.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{frame, views};
use crate::address::Address;
use crate::arranged::arranged;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::{MinutesState, Visibility};
use crate::form::sentence;
use crate::instead::Instead;
use crate::page::Frame;
use crate::parts::{Pages, Part, Views, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(Meetings, "documents/meetings.graphql");

use meetings::MeetingsCompactCalendarNodes as Meeting;

const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "compact/meetings.html")]
struct Page {
    frame: Frame,
    views: Views,
    slug: String,
    meetings: Vec<Meeting>,
    pages: Pages,
}

impl Meeting {
    /// When it was held or is to be, as far as that is known.
    fn when(&self) -> String {
        if let Some(held) = &self.held_on {
            return uk::weekday(held);
        }
        let when = self.arrangement.as_ref();
        let when = when.map(|when| arranged!(day of when));
        sentence(&when.unwrap_or_default().day())
    }

    fn place(&self) -> Option<&str> {
        let called = self.arrangement.as_ref();
        let called = called.and_then(|arrangement| arrangement.venue.as_deref());
        self.venue.as_deref().or(called)
    }
}

/// `GET /compacts/{slug}/meetings`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(slug): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let Part {
        first,
        after,
        last,
        before,
    } = Part::latest(&address, SIZE);
    let asked = meetings::Variables {
        slug,
        first,
        after,
        last,
        before,
    };
    let answer = ask::<Meetings>(&web.gateway, asked, looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let place = (compact.slug.as_str(), compact.name.as_str());
    let mut meetings = compact.calendar.nodes;
    meetings.reverse();
    kept.shown(&Page {
        frame: frame("Meetings", &looker, place)?,
        views: views(place, "/meetings"),
        pages: pages_of!("meetings", &address, compact.calendar.page_info).backwards(),
        slug: compact.slug.clone(),
        meetings,
    })
}
