//! The commitments that an objective can serve.

use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::Session;
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::uk;
use crate::visit::Web;

document!(
    CommitmentsServed,
    "documents/desk/commitments-served.graphql"
);

/// How many pages of commitments are offered at most.
const MOST_PAGES: usize = 20;

/// The commitments of the desk's compact to choose from, the latest year first.
///
/// # Errors
/// When the schema does not answer.
pub async fn commitments(web: &Web, desk: &Desk) -> Result<Select, Instead> {
    let mut all = Vec::new();
    let mut after = None;
    for _ in 0..MOST_PAGES {
        let variables = commitments_served::Variables {
            compact: desk.place.id.clone(),
            after,
        };
        let answer = ask::<CommitmentsServed>(&web.gateway, variables, desk.looker.caller());
        let page = answer.await?.commitments;
        all.extend(page.nodes);
        after = page.page_info.end_cursor;
        if !page.page_info.has_next_page {
            break;
        }
    }
    all.sort_by(|one, other| other.session.cmp(&one.session));
    let none = [Choice::new("", "None")];
    let all = all.into_iter().map(|one| {
        let session = uk::session(&one.session);
        Choice::new(one.id, format!("{session}, {}: {}", one.ref_, one.title))
    });
    Ok(Select::new(
        "commitmentId",
        "Which commitment does it serve?",
        none.into_iter().chain(all),
    ))
}
