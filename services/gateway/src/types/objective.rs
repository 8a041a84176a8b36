//! Objectives of a plan and the actions under them.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object};
use domain::Text;
use domain::ids::{ActionId, CommitmentId, LedgerId, ObjectiveId};
use views::action_plan::{ActionView, ObjectiveView};
use views::page::Page;
use views::queries::ActionFilter;
use views::{ActionListRow, ActionPlanView, Stamp};

use super::action_plan::{ActionPlan, Update, UpdateConnection};
use super::changes::{
    CommitmentMention, LinkChange, ObjectiveState, ObjectiveStateChange, TextChange, Timescale,
    Wording, WordingChange,
};
use super::commitment::Commitment;
use super::history::Told;
use super::meeting::{MeetingItem, item_naming};
use super::record::Origin;
use super::said::Said;
use super::scalars::Date;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, node_of, reads, uuid_in};

/// An objective of a plan.
#[derive(Clone)]
pub struct Objective {
    plan: Arc<ActionPlanView>,
    at: usize,
}

impl Objective {
    /// Every objective of a plan, in the order added.
    pub fn all(plan: &Arc<ActionPlanView>) -> Vec<Self> {
        let count = plan.objectives.len();
        (0..count).map(|at| Self::at(plan, at)).collect()
    }

    /// The objective with this id.
    pub fn of(plan: &Arc<ActionPlanView>, id: ObjectiveId) -> Option<Self> {
        let at = plan
            .objectives
            .iter()
            .position(|objective| objective.id == id)?;
        Some(Self::at(plan, at))
    }

    fn at(plan: &Arc<ActionPlanView>, at: usize) -> Self {
        Self {
            plan: Arc::clone(plan),
            at,
        }
    }

    /// Its place in the order added: the position of the entry that added it.
    pub fn place(&self) -> u64 {
        self.view().added.position
    }

    fn view(&self) -> &ObjectiveView {
        &self.plan.objectives[self.at]
    }

    fn node(&self) -> NodeId {
        let ActionPlanView { ledger, id, .. } = &*self.plan;
        NodeId::part(
            NodeKind::Objective,
            *ledger,
            id.uuid(),
            self.view().id.uuid(),
        )
    }
}

/// What a plan is to reach.
#[Object]
impl Objective {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// The plan it belongs to.
    async fn action_plan(&self) -> ActionPlan {
        ActionPlan::from(Arc::clone(&self.plan))
    }

    /// Its label in the plan.
    #[graphql(name = "ref")]
    async fn label(&self) -> &str {
        &self.view().label.current
    }

    /// Every change of its ref, oldest first.
    async fn ref_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.plan.ledger, &self.view().label.changes, Clone::clone)
    }

    /// What is to be reached.
    async fn title(&self) -> &str {
        &self.view().words.current.title
    }

    /// How one will know, in words.
    async fn indicator(&self) -> Option<Said> {
        let indicator = self.view().words.current.indicator.as_ref();
        Said::maybe(self.plan.ledger, indicator)
    }

    /// Every change of its words, oldest first.
    async fn wording_changes(&self) -> Vec<WordingChange> {
        let ledger = self.plan.ledger;
        WordingChange::all(ledger, &self.view().words.changes, |words| {
            Wording::of_objective(ledger, words)
        })
    }

    /// The commitment it serves, as that is now.
    async fn commitment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Commitment>> {
        let Some(served) = &self.view().commitment.current else {
            return Ok(None);
        };
        let node = NodeId::new(NodeKind::Commitment, self.plan.ledger, served.id.uuid());
        Ok(reads(ctx).commitment(&node).await?.map(Commitment::from))
    }

    /// Every change of the commitment it serves, oldest first.
    async fn commitment_changes(&self) -> Vec<LinkChange> {
        let ledger = self.plan.ledger;
        LinkChange::all(ledger, &self.view().commitment.changes, |served| {
            served
                .as_ref()
                .map(|fact| CommitmentMention::new(ledger, fact))
        })
    }

    /// Whether it is pursued, has no action at present, or was dropped.
    async fn state(&self) -> ObjectiveState {
        ObjectiveState::of(self.plan.ledger, &self.view().state.current)
    }

    /// Every change of how it is pursued, oldest first.
    async fn state_changes(&self) -> Vec<ObjectiveStateChange> {
        let ledger = self.plan.ledger;
        ObjectiveStateChange::all(ledger, &self.view().state.changes, |state| {
            ObjectiveState::of(ledger, state)
        })
    }

    /// Its actions in the order set; ended ones stay.
    async fn actions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ActionConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = self.view().actions.iter().enumerate();
        let all = all.map(|(at, action)| (set_at(action), at)).collect();
        let rows = Listed::of_whole(all, &page, reads(ctx).limits())?;
        let action = |at| InPlan {
            objective: self.clone(),
            at,
        };
        Ok(rows.filter_map(|at| Some(action(at).into())).into())
    }

    /// The updates that speak for it as they read now, oldest first; withdrawn ones stay.
    async fn updates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<UpdateConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let ids = self.view().updates.iter();
        let updates = ids.filter_map(|id| self.plan.update(*id));
        Ok(Update::page(&reads(ctx), &self.plan, updates, &page)?)
    }

    /// Where in the record it joined the plan.
    async fn added(&self) -> Origin {
        Origin::new(self.plan.ledger, self.view().added)
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Shown for Objective {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let plan = reads(ctx).plan(&node.whole()).await?;
        Ok(plan.and_then(|plan| Self::of(&plan, node.uuid().into())))
    }
}

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
        &self.objective.plan
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
        let change = |view: &views::action_plan::ActionChange| ActionChange {
            plan: Arc::clone(found.plan()),
            view: view.clone(),
        };
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

/// What can happen to an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActionChangeKind {
    /// It was set.
    Set,
    /// It moved on.
    Progressed,
    /// It got another timescale.
    Rescheduled,
    /// It got another owner.
    Reassigned,
    /// Its words changed.
    Reworded,
    /// It was done.
    Completed,
    /// It was given up.
    Dropped,
    /// It was taken up again.
    Reopened,
    /// It goes on as part of another.
    Merged,
}

/// One thing that happened to an action.
pub struct ActionChange {
    plan: Arc<ActionPlanView>,
    view: views::action_plan::ActionChange,
}

use views::action_plan::Happened;

impl ActionChange {
    fn said(&self, text: Option<&Text>) -> Option<Said> {
        Said::maybe(self.plan.ledger, text)
    }

    fn timescale(&self, timescale: Option<&domain::timescale::Timescale>) -> Option<Timescale> {
        timescale.map(|it| Timescale::of(self.plan.ledger, it))
    }
}

/// One thing that happened to an action, with what it was before and after where that changed.
#[Object]
impl ActionChange {
    /// What happened.
    async fn kind(&self) -> ActionChangeKind {
        match self.view.happened {
            Happened::Set { .. } => ActionChangeKind::Set,
            Happened::Progressed => ActionChangeKind::Progressed,
            Happened::Rescheduled { .. } => ActionChangeKind::Rescheduled,
            Happened::Reassigned { .. } => ActionChangeKind::Reassigned,
            Happened::Reworded { .. } => ActionChangeKind::Reworded,
            Happened::Completed => ActionChangeKind::Completed,
            Happened::Dropped => ActionChangeKind::Dropped,
            Happened::Reopened { .. } => ActionChangeKind::Reopened,
            Happened::Merged { .. } => ActionChangeKind::Merged,
        }
    }

    /// Why, or what was said of it.
    async fn reason(&self) -> Option<Said> {
        self.said(self.view.reason.as_ref())
    }

    /// The timescale until then, when it was rescheduled.
    async fn from_timescale(&self) -> Option<Timescale> {
        match &self.view.happened {
            Happened::Rescheduled { from, .. } => self.timescale(from.as_ref()),
            _ => None,
        }
    }

    /// The timescale from then on, when it was set or rescheduled.
    async fn to_timescale(&self) -> Option<Timescale> {
        match &self.view.happened {
            Happened::Set { timescale, .. } => self.timescale(timescale.as_ref()),
            Happened::Rescheduled { to, .. } => self.timescale(Some(to)),
            _ => None,
        }
    }

    /// Who owned it until then, when it was reassigned.
    async fn from_owner(&self) -> Option<Said> {
        match &self.view.happened {
            Happened::Reassigned { from, .. } => self.said(from.as_ref()),
            _ => None,
        }
    }

    /// Who owned it from then on, when it was set or reassigned.
    async fn to_owner(&self) -> Option<Said> {
        match &self.view.happened {
            Happened::Set { owner, .. } => self.said(owner.as_ref()),
            Happened::Reassigned { to, .. } => self.said(Some(to)),
            _ => None,
        }
    }

    /// Its words until then, when it was reworded.
    async fn from_text(&self) -> Option<Said> {
        match &self.view.happened {
            Happened::Reworded { from, .. } => self.said(Some(from)),
            _ => None,
        }
    }

    /// Its words from then on, when it was set or reworded.
    async fn to_text(&self) -> Option<Said> {
        match &self.view.happened {
            Happened::Set { text, .. } => self.said(Some(text)),
            Happened::Reworded { to, .. } => self.said(Some(to)),
            _ => None,
        }
    }

    /// How it had ended, when it was reopened.
    async fn reopened_from(&self) -> Option<ActionState> {
        match self.view.happened {
            Happened::Reopened { from } => Some(from.into()),
            _ => None,
        }
    }

    /// The action that carries on, when it was merged.
    async fn merged_into(&self) -> Option<Action> {
        match self.view.happened {
            Happened::Merged { into } => Action::of(&self.plan, into),
            _ => None,
        }
    }

    /// The update it was said in, if it was.
    async fn update(&self) -> Option<Update> {
        Update::of(&self.plan, self.view.update?)
    }

    /// Where in the record it comes from.
    async fn made(&self) -> Origin {
        let made: Stamp = self.view.made;
        Origin::new(self.plan.ledger, made)
    }
}

connections! {
    /// Actions: of a compact or a commitment by due date, those without one last; of an objective in the
    /// order set.
    ActionConnection, ActionEdge of Action;
    /// Objectives of a plan, in the order added.
    ObjectiveConnection, ObjectiveEdge of Objective;
}

/// An action's place in the order set: the position of the entry that set it.
fn set_at(action: &ActionView) -> u64 {
    let set = action.changes.first();
    set.map_or(0, |set| set.made.position)
}

/// Which actions; what is left out does not narrow the list.
#[derive(Default, InputObject)]
pub struct ActionFilterInput {
    /// Of this group's plans.
    group_id: Option<ID>,
    /// Of this plan.
    action_plan_id: Option<ID>,
    /// Under objectives that serve this commitment.
    commitment_id: Option<ID>,
    /// Under objectives that serve a commitment with this theme, by its code.
    theme: Option<String>,
    /// Whose owner has this in it, in capitals or not.
    owner: Option<String>,
    /// Whose owner names this organisation as the register calls it; not with `owner`.
    organisation_id: Option<ID>,
    /// That stand so.
    state: Option<ActionState>,
    /// Due before this date.
    due_before: Option<Date>,
    /// Open on this date and past what was then their due date.
    overdue_on: Option<Date>,
    #[graphql(skip)]
    served: Option<CommitmentId>,
}

impl ActionFilterInput {
    /// The actions that serve this commitment.
    pub fn of_commitment(id: CommitmentId) -> Self {
        Self {
            served: Some(id),
            ..Self::default()
        }
    }

    /// What an owner has to have in it: the words asked for, or the name of the organisation. None where there is no such
    /// organisation, or nothing was asked.
    async fn owner_named(
        &self,
        reads: &Reads,
        ledger: LedgerId,
    ) -> Result<Option<String>, ApiError> {
        let Some(id) = &self.organisation_id else {
            return Ok(self.owner.clone());
        };
        let bad_input = |message: &str| ApiError::BadInput {
            argument: "organisationId",
            message: message.to_owned(),
        };
        if self.owner.is_some() {
            return Err(bad_input("send either `owner` or `organisationId`"));
        }
        let id = node_of(NodeKind::Organisation, "organisationId", id)?;
        let region = reads.region_of(ledger).await?;
        let named = region.and_then(|region| {
            let organisation = region.organisations.get(&id.uuid().into())?;
            Some(organisation.name.current.clone())
        });
        Ok(named)
    }

    fn read(self, ledger: LedgerId) -> Result<ActionFilter, ApiError> {
        let id = |kind, argument, id: Option<ID>| {
            id.map(|id| uuid_in(ledger, kind, argument, &id))
                .transpose()
        };
        let commitment = id(NodeKind::Commitment, "commitmentId", self.commitment_id)?;
        Ok(ActionFilter {
            group: id(NodeKind::Group, "groupId", self.group_id)?.map(Into::into),
            plan: id(NodeKind::ActionPlan, "actionPlanId", self.action_plan_id)?.map(Into::into),
            objective: None,
            commitment: self.served.or(commitment.map(Into::into)),
            theme: self.theme,
            owner: self.owner,
            state: self.state.map(Into::into),
            due_before: self.due_before.map(|date| date.0),
            overdue_at: self.overdue_on.map(|date| date.0),
        })
    }
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
    if filter.organisation_id.is_some() && owner.is_none() {
        let nothing = Page::of(&request, std::iter::empty::<((), Action)>());
        return Ok(Listed::from(nothing).into());
    }
    let filter = ActionFilterInput { owner, ..filter }.read(ledger)?;
    let rows = Listed::from(reads.actions(ledger, &filter, &request).await?);
    let actions = rows.filter_map(|row| Some(Action::listed(row)));
    Ok(actions.into())
}
