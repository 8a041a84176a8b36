//! What whoever looks may do with what a public page shows them. The pages are the same for everybody; those who may, find what they
//! can do beside the heading. A desk that can do something adds its line here.

use crate::audit::audits;
use crate::desk;
use crate::documents::words::Role;
use crate::looker::Looker;
use crate::parts::{Actions, Source};

/// Where the sentences on a page of the compact that addresses call `slug` come from, for those who read its whole ledger.
pub fn source(looker: &Looker, slug: &str) -> Source {
    if audits(looker, slug) {
        Source::ledger(slug)
    } else {
        Source::default()
    }
}

/// Where it is told who changed it, when and why, for those who read the whole ledger.
fn with_record(actions: Actions, looker: &Looker, slug: &str, id: &str) -> Actions {
    if audits(looker, slug) {
        actions.and(
            "Who changed what, and when",
            format!("/audit/{slug}?of={id}"),
        )
    } else {
        actions
    }
}

/// The same for what can be compared with what it was.
fn with_comparison(actions: Actions, looker: &Looker, slug: &str, id: &str) -> Actions {
    if audits(looker, slug) {
        actions.and(
            "Compare two days or meetings",
            format!("/audit/{slug}/compare?of={id}"),
        )
    } else {
        actions
    }
}

/// With a commitment of the compact that addresses call `slug`.
pub fn with_commitment(looker: &Looker, slug: &str, id: &str) -> Actions {
    let mut actions = Actions::default();
    if desk::is_run_by(looker, slug) {
        let there = format!("{}/commitments/{id}", desk::address_of(slug));
        actions = actions.and("See to it at the desk", there);
    }
    if crate::region::judges(looker) {
        actions = actions.and("Assess it", format!("/region/commitments/{id}"));
    }
    let actions = with_record(actions, looker, slug, id);
    with_comparison(actions, looker, slug, id)
}

/// With an action plan.
pub fn with_plan(looker: &Looker, slug: &str, id: &str) -> Actions {
    let mut actions = Actions::default();
    if desk::is_run_by(looker, slug) {
        let there = format!("{}/plans/{id}", desk::address_of(slug));
        actions = actions.and("Work on the plan", there);
    }
    let actions = with_record(actions, looker, slug, id);
    with_comparison(actions, looker, slug, id)
}

/// With a meeting, called or held.
pub fn with_meeting(looker: &Looker, slug: &str, id: &str) -> Actions {
    let mut actions = Actions::default();
    if desk::is_run_by(looker, slug) {
        let there = format!("{}/meetings/{id}", desk::address_of(slug));
        actions = actions.and("See to its minutes", there);
    }
    let actions = with_record(actions, looker, slug, id);
    if audits(looker, slug) {
        actions.and(
            "What it changed elsewhere",
            format!("/audit/{slug}?meeting={id}"),
        )
    } else {
        actions
    }
}

/// With good practice of the compact that addresses call `slug`.
pub fn with_practice(looker: &Looker, slug: Option<&str>, id: &str) -> Actions {
    let mut actions = Actions::default();
    let Some(slug) = slug else {
        return actions;
    };
    if let Some(there) = desk::practice::address_of(looker, slug) {
        actions = actions.and("Revise, share or answer", format!("{there}/{id}"));
    }
    let run = looker.places(Role::Secretariat);
    for place in run.iter().filter(|place| place.slug != slug) {
        let words = match run.len() {
            1 => "Take it up, ask or say thanks".to_owned(),
            _ => format!("Take it up, ask or say thanks: {}", place.name),
        };
        let there = desk::address_of(&place.slug);
        actions = actions.and(words, format!("{there}/practice/{id}"));
    }
    with_record(actions, looker, slug, id)
}
