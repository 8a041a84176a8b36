//! A compact's own pages: what it is, what it promised, how far it has come, and what was said at its meetings.
//!
//! They are the same for everybody. Who works in the compact sees its drafts on them, marked; who may change something finds it beside
//! the heading ([`crate::may`]).

mod commitment;
mod meeting;
mod meetings;
mod overview;
pub mod plan;
mod plans;

use axum::Router;
use axum::routing::get;

use crate::instead::Instead;
use crate::looker::Looker;
use crate::nav::COMPACTS;
use crate::page::Frame;
use crate::parts::Views;
use crate::visit::Web;

/// The routes of these pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/compacts/{slug}", get(overview::show))
        .route("/compacts/{slug}/commitments/{id}", get(commitment::show))
        .route("/compacts/{slug}/plans", get(plans::show))
        .route("/compacts/{slug}/plans/{id}", get(plan::show))
        .route("/compacts/{slug}/meetings", get(meetings::show))
        .route("/compacts/{slug}/meetings/{id}", get(meeting::show))
}

/// What stands around a page of the compact `name`, which addresses call `slug`: one step below its first page.
fn frame(
    title: impl Into<std::borrow::Cow<'static, str>>,
    looker: &Looker,
    (slug, name): (&str, &str),
) -> Result<Frame, Instead> {
    let frame = Frame::of(title, looker)?.within(COMPACTS).at(name);
    Ok(frame
        .crumb("Compacts", COMPACTS)
        .crumb(name, format!("/compacts/{slug}")))
}

/// The views of a compact.
fn views((slug, name): (&str, &str), current: &str) -> Views {
    let here = |rest: &str| format!("/compacts/{slug}{rest}");
    let all = [
        ("Commitments".to_owned(), here("")),
        ("Action plans".to_owned(), here("/plans")),
        ("Meetings".to_owned(), here("/meetings")),
        (
            "Good practice".to_owned(),
            format!("/good-practice?compact={slug}"),
        ),
    ];
    Views::new(format!("Pages of {name}"), all, &here(current))
}

/// Whether the thing belongs to the compact that the address names: it is at no other address.
fn must_be_of(slug: &str, own: &str) -> Result<(), Instead> {
    (slug == own).then_some(()).ok_or(Instead::NotHere)
}
