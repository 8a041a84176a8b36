//! What whoever looks may do with what a public page shows them. The pages are the same for everybody; those who may, find what they
//! can do beside the heading. A desk that can do something adds its line here.

use crate::desk;
use crate::looker::Looker;
use crate::parts::Actions;

/// With a commitment of the compact that addresses call `slug`.
pub fn with_commitment(_looker: &Looker, _slug: &str, _id: &str) -> Actions {
    Actions::default()
}

/// With an action plan.
pub fn with_plan(_looker: &Looker, _slug: &str, _id: &str) -> Actions {
    Actions::default()
}

/// With a meeting, called or held.
pub fn with_meeting(looker: &Looker, slug: &str, id: &str) -> Actions {
    if !desk::is_run_by(looker, slug) {
        return Actions::default();
    }
    let there = format!("{}/meetings/{id}", desk::address_of(slug));
    Actions::default().and("See to its minutes", there)
}

/// With good practice of the compact that addresses call `slug`.
pub fn with_practice(_looker: &Looker, _slug: Option<&str>, _id: &str) -> Actions {
    Actions::default()
}
