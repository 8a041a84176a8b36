//! Who says so: one entry of a ledger, as it is stored, with what it says in plain words and how anybody checks it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{DESK, Ledger};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, DateTime, Position, UUID};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::Frame;
use crate::uk;
use crate::visit::{Visit, Web};

document!(AuditEntry, "documents/audit-entry.graphql");

pub(super) use audit_entry::AuditEntryEntry as Entry;

#[derive(Template)]
#[template(path = "audit/entry.html")]
struct Page {
    frame: Frame,
    ledger: Ledger,
    entry: Entry,
    /// Where what it changed is seen.
    see: Option<String>,
    /// Whether it is the region's ledger, whose meetings have no pages.
    of_region: bool,
    /// Whether whoever looks may make a text of it unreadable.
    blacks_out: bool,
}

/// The entry at a place in a ledger.
///
/// # Errors
/// [`Instead::NotHere`] when there is none for whoever looks.
pub(super) async fn at(
    web: &Web,
    looker: &Looker,
    ledger: &Ledger,
    position: &str,
) -> Result<Entry, Instead> {
    let position: Position = position.parse().map_err(|_| Instead::NotHere)?;
    let variables = audit_entry::Variables {
        ledger: ledger.id.clone(),
        position,
    };
    let answer = ask::<AuditEntry>(&web.gateway, variables, looker.caller()).await?;
    answer.entry.ok_or(Instead::NotHere)
}

/// `GET /entries/{ledger}/{position}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, position)): Path<(String, String)>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    let ledger = Ledger::named(&web, &looker, &slug).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let entry = at(&web, &looker, &ledger, &position).await?;
    let done = (address.one("done") == "blacked-out")
        .then_some("The text is blacked out. Nobody can read it any more.");
    kept.shown(&Page {
        frame: Frame::of(format!("Entry {}", entry.position), &looker)?
            .within(DESK)
            .at(&ledger.name)
            .crumb("The record", DESK)
            .crumb(ledger.name.clone(), format!("/audit/{slug}"))
            .done(done),
        blacks_out: super::black_out::may(&looker, &slug),
        of_region: slug == super::OF_REGION,
        see: super::about::see(&slug, (&entry.subject, &entry.line.parts))
            .filter(|_| slug != super::OF_REGION),
        ledger,
        entry,
    })
}
