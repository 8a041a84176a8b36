//! The auditor's desk: what was recorded of anything, by whom in which role, when it was true and when it was written down; what two
//! days differ in; and the entry behind every sentence.
//!
//! It shows what the schema answers: whoever runs a compact finds its own ledger here, an auditor those they were granted.

mod about;
mod black_out;
mod compare;
mod differing;
mod entry;
mod history;
mod kinds;
mod ledgers;

use axum::Router;
use axum::routing::get;

use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Session};
use crate::documents::words::Role;
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::uk;
use crate::visit::Web;

document!(AuditLedgers, "documents/audit-ledgers.graphql");
document!(AuditChoices, "documents/audit-choices.graphql");

pub use audit_choices::AuditChoicesCompact as Choices;

/// Where the desk is.
pub const DESK: &str = "/audit";

/// What the region's own ledger is called in addresses.
const OF_REGION: &str = "the-region";

/// Its pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/audit", get(ledgers::show))
        .route("/audit/{ledger}", get(history::show))
        .route("/audit/{ledger}/compare", get(compare::show))
        .route("/audit/{ledger}/see/{id}", get(about::lead))
        .route("/entries/{ledger}/{position}", get(entry::show))
        .route(
            "/entries/{ledger}/{position}/black-out/{text}",
            get(black_out::show).post(black_out::send),
        )
}

/// Whether somebody reads the whole ledger of the compact that addresses call `slug`.
pub fn audits(looker: &Looker, slug: &str) -> bool {
    audits_all(looker) || looker.holds(Role::Auditor, slug) || looker.holds(Role::Secretariat, slug)
}

/// Whether somebody audits the whole region.
pub fn audits_all(looker: &Looker) -> bool {
    let mut posts = looker.posts.iter();
    posts.any(|post| post.role == Role::Auditor && post.compact.is_none())
}

/// Whether somebody reads the region's own ledger.
fn audits_region(looker: &Looker) -> bool {
    audits_all(looker) || looker.is(Role::RegionalAdministrator)
}

/// A ledger: the region's, or a compact's.
pub struct Ledger {
    /// Its id in the schema.
    pub id: String,
    /// What addresses call it.
    pub slug: String,
    /// Whose it is.
    pub name: String,
}

/// The ledgers that somebody reads, the region's last.
///
/// # Errors
/// When the schema does not answer.
async fn ledgers(web: &Web, looker: &Looker) -> Result<Vec<Ledger>, Instead> {
    let answer =
        ask::<AuditLedgers>(&web.gateway, audit_ledgers::Variables, looker.caller()).await?;
    let compacts = answer.compacts.nodes.into_iter();
    let compacts = compacts.filter(|compact| audits(looker, &compact.slug));
    let mut ledgers: Vec<Ledger> = compacts
        .map(|compact| Ledger {
            id: compact.id,
            slug: compact.slug,
            name: compact.name,
        })
        .collect();
    let region = answer.region.filter(|_| audits_region(looker));
    ledgers.extend(region.map(|region| Ledger {
        id: region.id,
        slug: OF_REGION.to_owned(),
        name: format!("{}: the region's own record", region.name),
    }));
    Ok(ledgers)
}

impl Ledger {
    /// The one that an address names.
    ///
    /// # Errors
    /// [`Instead::NotHere`] when it is not there for whoever looks.
    async fn named(web: &Web, looker: &Looker, slug: &str) -> Result<Self, Instead> {
        let mut all = ledgers(web, looker).await?.into_iter();
        all.find(|ledger| ledger.slug == slug)
            .ok_or(Instead::NotHere)
    }

    /// What there is to choose from in it; nothing in the region's.
    async fn choices(&self, web: &Web, looker: &Looker) -> Result<Option<Choices>, Instead> {
        if self.slug == OF_REGION {
            return Ok(None);
        }
        let variables = audit_choices::Variables {
            slug: self.slug.clone(),
        };
        let answer = ask::<AuditChoices>(&web.gateway, variables, looker.caller()).await?;
        Ok(answer.compact)
    }
}

impl Choices {
    /// The meetings that were held, the last first: id, day, and words.
    fn held(&self) -> Vec<(&str, Date, String)> {
        let meetings = self.calendar.nodes.iter().rev();
        let held = meetings.filter_map(|meeting| {
            let on = meeting.held_on?;
            let group = meeting
                .group
                .as_ref()
                .map_or("", |group| group.name.as_str());
            Some((
                meeting.id.as_str(),
                on,
                format!("{}: {group}", uk::day(&on)),
            ))
        });
        held.collect()
    }

    /// The day a meeting was held, if it is one of these.
    fn held_on(&self, meeting: &str) -> Option<Date> {
        let mut held = self.held().into_iter();
        held.find_map(|(id, on, _)| (id == meeting).then_some(on))
    }

    /// A choice among the meetings that were held.
    fn meetings(&self, name: &'static str, label: &'static str, none: &'static str) -> Select {
        let first = [Choice::new("", none)];
        let held = self.held().into_iter();
        let held = held.map(|(id, _, words)| Choice::new(id, words));
        Select::new(name, label, first.into_iter().chain(held))
    }

    /// The plans and the commitments, by id, in words.
    fn things(&self) -> Vec<(String, String)> {
        let plans = self.action_plans.nodes.iter();
        let plans = plans.map(|plan| (plan.id.clone(), format!("Plan: {}", plan.title)));
        let commitments = self.commitments.nodes.iter();
        let commitments = commitments.map(|it| {
            let words = format!("Commitment {} of {}: {}", it.ref_, it.session, it.title);
            (it.id.clone(), words)
        });
        plans.chain(commitments).collect()
    }
}
