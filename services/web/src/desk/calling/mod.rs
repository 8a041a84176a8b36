//! Meetings before they are held: called, moved, called off, given an agenda, and the paper that goes round beforehand.

mod agenda;
mod call;
mod changes;
mod paper;
mod settle;
mod when;

use axum::Router;
use axum::routing::get;

use super::{Desk, room};
use crate::arranged::arranged;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::instead::Instead;
use crate::visit::Web;

document!(CalledMeeting, "documents/desk/called.graphql");

use called_meeting::{CalledMeetingMeeting as Called, When as Arrangement};

/// The pages on which a meeting is prepared.
pub fn routes() -> Router<Web> {
    Router::new()
        .route(
            "/desk/{slug}/call",
            get(room::show::<call::Page>).post(room::send::<call::Page>),
        )
        .route(
            "/desk/{slug}/meetings/{id}/settle",
            get(room::show::<settle::Page>).post(room::send::<settle::Page>),
        )
        .route(
            "/desk/{slug}/meetings/{id}/agenda",
            get(agenda::show).post(agenda::send),
        )
        .route("/desk/{slug}/meetings/{id}/paper", get(paper::show))
}

impl Called {
    /// What it is called on a page: whose, and for when.
    fn title(&self) -> String {
        let group = self.group.as_ref();
        let group = group.map_or("A meeting", |group| group.name.as_str());
        let when = self.arrangement.as_ref().map(|when| arranged!(when));
        format!("{group}, {}", when.unwrap_or_default().in_words())
    }

    /// Whether anything about it can still be settled.
    const fn is_open(&self) -> bool {
        self.held_on.is_none() && self.cancelled.is_none() && self.arrangement.is_some()
    }
}

impl Arrangement {
    fn in_words(&self) -> String {
        arranged!(self).in_words()
    }
}

/// A meeting of the desk's compact that was called and is still to be held.
async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Called, Instead> {
    let variables = called_meeting::Variables { id: id.to_owned() };
    let answer = ask::<CalledMeeting>(&web.gateway, variables, desk.looker.caller()).await?;
    let here = |met: &Called| {
        let group = met.group.as_ref();
        met.is_open() && group.is_some_and(|group| group.compact.slug == desk.place.slug)
    };
    answer.meeting.filter(here).ok_or(Instead::NotHere)
}
