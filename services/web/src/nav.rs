//! Where the navigation leads: what everybody may see, and what the roles of whoever looks are for.
//!
//! A new desk adds its line in [`entries`]. A line leads to a page that is there.

use crate::desk;
use crate::documents::words::Role;
use crate::looker::Looker;
use crate::practice::LIBRARY;

/// A line of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether the page that is shown belongs to it.
    pub current: bool,
}

impl Entry {
    fn to(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
            current: false,
        }
    }
}

/// Where the public's pages begin.
pub const COMPACTS: &str = "/";

/// What everybody may see.
pub fn of_everybody() -> Vec<Entry> {
    vec![
        Entry::to("Compacts", COMPACTS),
        Entry::to("Good practice", LIBRARY),
        Entry::to("Region's board", crate::region::BOARD),
    ]
}

/// What whoever looks may see and do.
pub fn entries(looker: &Looker) -> Vec<Entry> {
    let mut entries = of_everybody();
    entries.extend(desks(looker));
    entries
}

/// The desks that go with somebody's roles.
fn desks(looker: &Looker) -> Vec<Entry> {
    let mut places = looker.places(Role::Secretariat);
    for led in looker.places(Role::GroupLead) {
        if !places.contains(&led) {
            places.push(led);
        }
    }
    let desks = places.iter().map(|place| {
        let text = match places.len() {
            1 => "Your desk".to_owned(),
            _ => format!("{}: desk", place.name),
        };
        Entry::to(text, desk::address_of(&place.slug))
    });
    let mut desks: Vec<Entry> = desks.collect();
    if desks.is_empty()
        && let [place] = looker.places(Role::MemberRepresentative)[..]
    {
        let there = format!("/compacts/{}", place.slug);
        desks.push(Entry::to("Your compact", there));
    }
    if looker.is(Role::Auditor) || looker.is(Role::RegionalAdministrator) {
        desks.push(Entry::to("The record", crate::audit::DESK));
    }
    desks
}
