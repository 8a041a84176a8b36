//! Good practice at the desk: what the compact itself wrote down, shared and was asked about, and what it took up from others.

mod adoption;
pub mod asked;
mod came;
mod entry;
mod others;
mod ours;
mod sheet;
mod take_up;
mod views;
mod write;

use axum::Router;
use axum::routing::get;

use super::Desk;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::Visibility;
use crate::form::Choice;
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::Frame;
use crate::visit::{Visit, Web};

document!(DeskPractice, "documents/desk/practice.graphql");
document!(Themes, "documents/desk/themes.graphql");

use desk_practice::DeskPracticeGoodPractice as Practice;

/// The pages of these tasks.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/{slug}/practice", get(ours::show))
        .route("/desk/{slug}/practice/taken-up", get(views::taken_up))
        .route("/desk/{slug}/practice/asked", get(asked::show))
        .route("/desk/{slug}/practice/for-you", get(views::for_you))
        .route(
            "/desk/{slug}/practice/new",
            get(write::begin).post(write::write),
        )
        .route(
            "/desk/{slug}/practice/{id}",
            get(entry::show).post(entry::send),
        )
        .route(
            "/desk/{slug}/practice/{id}/revise",
            get(write::again).post(write::revise),
        )
        .route(
            "/desk/{slug}/adoptions/{id}",
            get(adoption::show).post(adoption::send),
        )
}

/// Where the good practice of the compact that addresses call `slug` is seen to; none for who does not run it.
pub fn address_of(looker: &Looker, slug: &str) -> Option<String> {
    let there = format!("{}/practice", super::address_of(slug));
    looker.runs(slug).then_some(there)
}

impl Web {
    /// The desk, for who runs the compact: nobody else writes good practice down.
    ///
    /// # Errors
    /// As [`Web::desk`].
    async fn practice_desk(&self, visit: &Visit, slug: &str, back: &str) -> Result<Desk, Instead> {
        self.desk(visit, slug, back).await?.of_secretariat()
    }

    /// The themes there are to choose from.
    async fn themes(&self, desk: &Desk) -> Result<Vec<Choice>, Instead> {
        let answer = ask::<Themes>(&self.gateway, themes::Variables, desk.looker.caller()).await?;
        let themes = answer.themes.map(|themes| themes.nodes);
        let themes = themes.unwrap_or_default().into_iter();
        let choices = themes.map(|theme| Choice::new(theme.code, theme.name));
        Ok(choices.collect())
    }

    /// A piece of good practice that whoever works at the desk may read.
    async fn practice(&self, desk: &Desk, id: &str) -> Result<Practice, Instead> {
        let asked = desk_practice::Variables { id: id.to_owned() };
        let answer = ask::<DeskPractice>(&self.gateway, asked, desk.looker.caller()).await?;
        answer.good_practice.ok_or(Instead::NotHere)
    }

    /// One of the compact's own.
    async fn own_practice(&self, desk: &Desk, id: &str) -> Result<Practice, Instead> {
        let practice = self.practice(desk, id).await?;
        let own = practice.is_of(desk);
        own.then_some(practice).ok_or(Instead::NotHere)
    }
}

impl Desk {
    /// The same for who runs the compact.
    fn of_secretariat(self) -> Result<Self, Instead> {
        let runs = self.looker.runs(&self.place.slug);
        runs.then_some(self).ok_or(Instead::NotHere)
    }

    /// Where good practice is seen to, or a page of it: `under` begins with a slash, or is nothing.
    fn at_practice(&self, under: &str) -> String {
        self.at(&format!("/practice{under}"))
    }

    /// What a page below the list has around it.
    fn practice_frame(
        &self,
        title: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Result<Frame, Instead> {
        let frame = self.frame(title)?;
        Ok(frame.crumb("Good practice", self.at_practice("")))
    }
}

impl Practice {
    fn is_of(&self, desk: &Desk) -> bool {
        let compact = self.compact.as_ref();
        compact.is_some_and(|compact| compact.id == desk.place.id)
    }
}
