//! The actions of a plan that are open, to choose from.

use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::form::Choice;
use crate::instead::Instead;
use crate::visit::Web;

document!(PlanOpenActions, "documents/desk/plan-open-actions.graphql");

/// How many pages of actions are offered at most.
const MOST_PAGES: usize = 20;

/// The open actions of a plan, in the order of their objectives' refs.
///
/// # Errors
/// When the schema does not answer.
pub async fn actions(web: &Web, desk: &Desk, plan: &str) -> Result<Vec<Choice>, Instead> {
    let mut open = Vec::new();
    let mut after = None;
    for _ in 0..MOST_PAGES {
        let variables = plan_open_actions::Variables {
            compact: desk.place.id.clone(),
            plan: plan.to_owned(),
            after,
        };
        let answer = ask::<PlanOpenActions>(&web.gateway, variables, desk.looker.caller());
        let page = answer.await?.actions;
        open.extend(page.nodes);
        after = page.page_info.end_cursor;
        if !page.page_info.has_next_page {
            break;
        }
    }
    open.sort_by_key(|one| one.objective.ref_.parse::<u32>().unwrap_or(u32::MAX));
    let choices = open.into_iter().map(|one| {
        let words = format!("{}: {}", one.objective.ref_, one.text);
        Choice::new(one.id, words)
    });
    Ok(choices.collect())
}
