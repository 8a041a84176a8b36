//! Actions: in their plans, and in lists.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use domain::ids::{ActionId, LedgerId};
use views::action_plan::ActionView;
use views::page::Page;
use views::{ActionListRow, ActionPlanView};

use super::action_change::ActionChange;
use super::action_filter::ActionFilterInput;
use super::action_plan::ActionPlan;
use super::changes::Timescale;
use super::history::Told;
use super::meeting::{MeetingItem, item_naming};
use super::objective::Objective;
use super::said::Said;
use super::scalars::Date;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::reads;

/// Where an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "views::action_plan::ActionState")]
pub enum ActionState {
    /// Still to be done.
    Open,
    /// Done.
    Completed,
    /// Given up.
    Dropped,
    /// Goes on as part of another.
    Merged,
}

/// An action under an objective.
#[derive(Clone)]
pub struct Action(Found);

/// Where an action was found.
#[derive(Clone)]
enum Found {
    /// In its plan, as that is seen.
    Plan(InPlan),
    /// In a list, which tells how it stands now. The plan is read once more is asked.
    List(Arc<ActionListRow>),
}

/// An action in its plan.
#[derive(Clone)]
struct InPlan {
    objective: Objective,
    at: usize,
}

impl InPlan {
    fn of(plan: &Arc<ActionPlanView>, id: ActionId) -> Option<Self> {
        Objective::all(plan).into_iter().find_map(|objective| {
            let mut actions = objective.view().actions.iter();
            let at = actions.position(|action| action.id == id)?;
            Some(Self { objective, at })
        })
    }

    fn view(&self) -> &ActionView {
        &self.objective.view().actions[self.at]
    }

    fn plan(&self) -> &Arc<ActionPlanView> {
        self.objective.plan()
    }
}

impl From<InPlan> for Action {
    fn from(found: InPlan) -> Self {
        Self(Found::Plan(found))
    }
}

/// What is the same in a plan and in a list.
macro_rules! told {
    ($self:ident, $in_plan:ident => $of_plan:expr, $row:ident => $of_row:expr) => {
        match &$self.0 {
            Found::Plan(found) => {
                let $in_plan = found.view();
                $of_plan
            }
            Found::List($row) => $of_row,
        }
    };
}

impl Action {
    /// The action with this id, under whichever objective.
    pub fn of(plan: &Arc<ActionPlanView>, id: ActionId) -> Option<Self> {
        InPlan::of(plan, id).map(Self::from)
    }

    /// The action at this place under an objective.
    pub(super) const fn in_plan_at(objective: Objective, at: usize) -> Self {
        Self(Found::Plan(InPlan { objective, at }))
    }

    /// An action of a list.
    fn listed(row: ActionListRow) -> Self {
        Self(Found::List(Arc::new(row)))
    }

    fn ledger(&self) -> LedgerId {
        match &self.0 {
            Found::Plan(found) => found.plan().ledger,
            Found::List(row) => row.ledger,
        }
    }

    fn node(&self) -> NodeId {
        let (plan, id) = match &self.0 {
            Found::Plan(found) => (found.plan().id, found.view().id),
            Found::List(row) => (row.plan, row.id),
        };
        NodeId::part(NodeKind::Action, self.ledger(), plan.uuid(), id.uuid())
    }

    fn timescale_now(&self) -> Option<&domain::timescale::Timescale> {
        told!(self, view => view.timescale.as_ref(), row => row.timescale.as_ref())
    }

    /// It in its plan, which is read where it was found in a list.
    async fn in_plan(&self, ctx: &Context<'_>) -> Result<InPlan, ApiError> {
        let row = match &self.0 {
            Found::Plan(found) => return Ok(found.clone()),
            Found::List(row) => row,
        };
        let node = NodeId::new(NodeKind::ActionPlan, row.ledger, row.plan.uuid());
        let plan = reads(ctx).plan(&node).await?;
        let found = plan.and_then(|plan| InPlan::of(&plan, row.id));
        // Between two looks at the views it may have been taken back.
        found.ok_or(ApiError::Moved)
    }
}

/// What will be done for an objective, by whom and when.
#[Object]
impl Action {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// The objective it serves.
    async fn objective(&self, ctx: &Context<'_>) -> async_graphql::Result<Objective> {
        Ok(self.in_plan(ctx).await?.objective)
    }

    /// The plan it belongs to.
    async fn action_plan(&self, ctx: &Context<'_>) -> async_graphql::Result<ActionPlan> {
        let found = self.in_plan(ctx).await?;
        Ok(ActionPlan::from(Arc::clone(found.plan())))
    }

    /// What will be done.
    async fn text(&self) -> Said {
        let text = told!(self, view => &view.text, row => &row.text);
        Said::new(self.ledger(), text)
    }

    /// Who will do it, in the plan's words.
    async fn owner(&self) -> Option<Said> {
        let owner = told!(self, view => view.owner.as_ref(), row => row.owner.as_ref());
        Said::maybe(self.ledger(), owner)
    }

    /// When.
    async fn timescale(&self) -> Option<Timescale> {
        let timescale = self.timescale_now();
        timescale.map(|it| Timescale::of(self.ledger(), it))
    }

    /// The timescale it was set with.
    async fn original_timescale(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Timescale>> {
        let found = self.in_plan(ctx).await?;
        let timescale = found.view().original_timescale.as_ref();
        Ok(timescale.map(|it| Timescale::of(self.ledger(), it)))
    }

    /// Where it stands.
    async fn state(&self) -> ActionState {
        told!(self, view => view.state, row => row.state).into()
    }

    /// The day it is due, where its timescale names one.
    async fn due_on(&self) -> Option<Date> {
        let timescale = self.timescale_now();
        timescale.and_then(|it| it.due_on).map(Date)
    }

    /// The date it was set.
    async fn set_on(&self) -> Option<Date> {
        told!(self, view => view.set_on(), row => row.set_on).map(Date)
    }

    /// The date it ended, unless it is open.
    async fn ended_on(&self) -> Option<Date> {
        told!(self, view => view.ended_on(), row => row.ended_on).map(Date)
    }

    /// Whether it was open on that day and past what was then its due date.
    async fn overdue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day asked about; today when left out.")] on: Option<Date>,
    ) -> async_graphql::Result<bool> {
        let today = reads(ctx).today();
        let on = on.map_or(today, |date| date.0);
        match &self.0 {
            // How it stood earlier is not told to everybody: the plan says it as it is seen.
            Found::List(row) if on == today => Ok(row.overdue_at(on)),
            _ => Ok(self.in_plan(ctx).await?.view().overdue_at(on)),
        }
    }

    /// The action it goes on as part of, once it was merged.
    async fn merged_into(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Action>> {
        let found = self.in_plan(ctx).await?;
        let into = found.view().merged_into();
        Ok(into.and_then(|into| Self::of(found.plan(), into)))
    }

    /// The item of a meeting's minutes under which it was raised.
    async fn raised_under(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<MeetingItem>> {
        let found = self.in_plan(ctx).await?;
        let (ledger, id) = (self.ledger(), found.view().id);
        let Some(set) = found.view().changes.first() else {
            return Ok(None);
        };
        let item = item_naming(ctx, ledger, &set.made, |item| {
            item.actions.iter().any(|raised| raised.action_id == id)
        });
        Ok(item.await?)
    }

    /// Everything that happened to it in the order recorded, its setting first.
    async fn changes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ActionChange>> {
        let found = self.in_plan(ctx).await?;
        let changes = found.view().changes.iter();
        let change = |view| ActionChange::of(found.plan(), view);
        Ok(changes.map(change).collect())
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Shown for Action {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let plan = reads(ctx).plan(&node.whole()).await?;
        Ok(plan.and_then(|plan| Self::of(&plan, node.uuid().into())))
    }
}

connections! {
    /// Actions: of a compact or a commitment by due date, those without one last; of an objective in the
    /// order set.
    ActionConnection, ActionEdge of Action;
}

/// A page of a compact's actions.
pub(crate) async fn actions(
    ctx: &Context<'_>,
    ledger: LedgerId,
    filter: ActionFilterInput,
    page: PageArguments,
) -> Result<ActionConnection, ApiError> {
    let reads = reads(ctx);
    let owner = filter.owner_named(&reads, ledger).await?;
    let request = page.request(reads.limits())?;
    if filter.names_an_organisation() && owner.is_none() {
        let nothing = Page::of(&request, std::iter::empty::<((), Action)>());
        return Ok(Listed::from(nothing).into());
    }
    let filter = filter.read(ledger, owner)?;
    let rows = Listed::from(reads.actions(ledger, &filter, &request).await?);
    let actions = rows.filter_map(|row| Some(Action::listed(row)));
    Ok(actions.into())
}
