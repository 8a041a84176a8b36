//! What whoever looks may do with what a public page shows them. The pages are the same for everybody; those who may, find what they
//! can do beside the heading. A desk that can do something adds its line here.

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
pub fn with_meeting(_looker: &Looker, _slug: &str, _id: &str) -> Actions {
    Actions::default()
}

/// With good practice of the compact that addresses call `slug`.
pub fn with_practice(_looker: &Looker, _slug: Option<&str>, _id: &str) -> Actions {
    Actions::default()
}
