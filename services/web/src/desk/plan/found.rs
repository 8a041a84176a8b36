//! An objective as its forms stand on it.

use super::May;
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, DateTime, Position, Session};
use crate::documents::words::{ActionChangeKind, ActionState, ObjectiveStateKind};
use crate::instead::Instead;
use crate::visit::Web;

document!(DeskObjective, "documents/desk/objective.graphql");

pub use desk_objective::DeskObjectiveNodeOnObjective as Objective;
pub use desk_objective::DeskObjectiveNodeOnObjectiveActionPlan as Plan;

use desk_objective::DeskObjectiveNode as Node;

/// An objective, the plan it belongs to, and what may be changed in it.
pub struct Found {
    /// The objective.
    pub objective: Objective,
    /// Its plan.
    pub plan: Plan,
    /// What may be changed.
    pub may: May,
}

/// The objective `id` of the desk's compact.
///
/// # Errors
/// [`Instead::NotHere`] when there is none, or less than `least` may be changed in its plan.
pub async fn find(web: &Web, desk: &Desk, (id, least): (&str, May)) -> Result<Found, Instead> {
    let variables = desk_objective::Variables { id: id.to_owned() };
    let answer = ask::<DeskObjective>(&web.gateway, variables, desk.looker.caller()).await?;
    let Some(Node::Objective(objective)) = answer.node else {
        return Err(Instead::NotHere);
    };
    let plan = objective.action_plan.clone();
    if plan.compact.slug != desk.place.slug {
        return Err(Instead::NotHere);
    }
    let may = May::of(desk, plan.group.as_ref().map(|group| group.id.as_str()));
    may.must(least)?;
    Ok(Found {
        objective,
        plan,
        may,
    })
}
