//! The secretariat's desk: a working day's tasks in as few steps as each allows, for those who run a compact and those who lead one of
//! its groups. What each of them may change, the schema decides.

mod action;
mod attendance;
mod calling;
mod commitment;
mod figures;
mod front;
mod held;
mod meeting;
mod papers;
mod plan;
mod posting;
pub mod practice;
mod publish;
mod recording;
mod report;
mod room;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::change::Changed;
use crate::documents::words::Role;
use crate::form::{Fields, LONG_FORM, Problems};
use crate::instead::Instead;
use crate::looker::{Looker, Place};
use crate::nav::COMPACTS;
use crate::page::Frame;
use crate::visit::{Visit, Web};

use attendance::register;
pub use held::Held;

/// The pages of the desk.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/{slug}", get(front::show))
        .route(
            "/desk/{slug}/actions/{id}",
            get(room::show::<action::Page>).post(room::send::<action::Page>),
        )
        .route(
            "/desk/{slug}/figures",
            get(figures::show).post(figures::send),
        )
        .route(
            "/desk/{slug}/commitments/{id}/report",
            get(room::show::<report::Page>).post(room::send::<report::Page>),
        )
        .merge(meeting::routes())
        .merge(calling::routes())
        .merge(commitment::routes())
        .merge(publish::routes())
        .merge(practice::routes())
        .merge(recording::routes())
        .merge(plan::routes())
        .layer(DefaultBodyLimit::max(LONG_FORM))
}

/// A compact's desk, and who sits at it.
pub struct Desk {
    /// Who works here.
    pub looker: Looker,
    /// The compact.
    pub place: Place,
}

/// Where a compact's desk is.
pub fn address_of(slug: &str) -> String {
    format!("/desk/{slug}")
}

/// Whether somebody works at the desk of the compact that addresses call `slug`.
pub fn is_run_by(looker: &Looker, slug: &str) -> bool {
    looker.runs(slug) || looker.holds(Role::GroupLead, slug)
}

impl Web {
    /// The desk of the compact that addresses call `slug`, for somebody who works at it.
    ///
    /// # Errors
    /// The page to sign in, and from there to `back`; [`Instead::NotHere`] for who has no business here.
    pub async fn desk(&self, visit: &Visit, slug: &str, back: &str) -> Result<Desk, Instead> {
        let looker = self.looker_in(visit, back).await?;
        Desk::of(looker, slug).ok_or(Instead::NotHere)
    }

    /// The desk that a form was sent from.
    ///
    /// # Errors
    /// As [`Web::desk`]; what was typed is held for who has to sign in first ([`Held`]).
    pub async fn desk_sending(
        &self,
        visit: &Visit,
        fields: &Fields,
        (slug, here): (&str, &str),
    ) -> Result<Desk, Instead> {
        let held = |token| Instead::Held(Held::new(here, fields, token));
        let visitor = match self.signed_in(visit, here).await {
            Ok(visitor) => visitor,
            Err(door) if fields.nothing_typed() => return Err(door),
            Err(Instead::SignIn { .. } | Instead::GoTo(_)) => return Err(held(None)),
            Err(other) => return Err(other),
        };
        let own = fields.must_be_of(&visitor).is_ok();
        let looker = self.looker_of(visitor).await?;
        if !own {
            let token = Frame::of("", &looker)?.form;
            return Err(held(token));
        }
        Desk::of(looker, slug).ok_or(Instead::NotHere)
    }
}

impl Desk {
    fn of(looker: Looker, slug: &str) -> Option<Self> {
        let here = |post: &&crate::looker::Post| {
            matches!(post.role, Role::Secretariat | Role::GroupLead)
                && post
                    .compact
                    .as_ref()
                    .is_some_and(|place| place.slug == slug)
        };
        let place = looker.posts.iter().find(here)?.compact.clone()?;
        Some(Self { looker, place })
    }

    /// Where the desk is, or a page of it: `under` begins with a slash, or is nothing.
    pub fn at(&self, under: &str) -> String {
        format!("{}{under}", address_of(&self.place.slug))
    }

    /// What a page of the desk has around it.
    ///
    /// # Errors
    /// When no token can be made for its forms.
    pub fn frame(
        &self,
        title: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Result<Frame, Instead> {
        Ok(Frame::of(title, &self.looker)?
            .within(&self.at(""))
            .at(&self.place.name)
            .crumb("Compacts", COMPACTS)
            .crumb(format!("{}: desk", self.place.name), self.at("")))
    }
}

/// What is wrong with what was sent; nothing where it is recorded.
fn to_mend<A>(changed: Changed<A>) -> Option<Problems> {
    match changed {
        Changed::Done(_) => None,
        Changed::ToMend(problems) => Some(problems),
    }
}
