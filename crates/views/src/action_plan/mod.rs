//! One group's action plan. Nothing in it is overwritten: the plan is its history.

mod action;
pub mod difference;
mod objective;
pub mod standing;
mod update;

use domain::facts::GroupFact;
use domain::ids::{ActionId, ActionPlanId, GroupId, LedgerId, ObjectiveId, UpdateId};
use domain::stream::StreamKind;
use domain::{ActionPlanEvent, Event, Visibility};
use ledger::Entry;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use action::{ActionChange, ActionState, ActionView, Happened, Period};
pub use objective::{ObjectiveState, ObjectiveView};
pub use update::UpdateView;

use crate::action_list::ActionListRow;
use crate::table::{Row, Table};
use crate::tracked::{Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// A plan with its objectives, their actions, and the updates that speak for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionPlanView {
    /// The plan.
    pub id: ActionPlanId,
    /// The compact's ledger.
    pub ledger: LedgerId,
    /// Whose plan, as the group was called when the plan was set.
    pub group: GroupFact,
    /// Its title.
    pub title: Tracked<String>,
    /// How far it is let out, and everything in it with it.
    #[serde(
        default = "Tracked::at_birth",
        skip_serializing_if = "Tracked::is_as_at_birth"
    )]
    pub visibility: Tracked<Visibility>,
    /// Its objectives in the order added; dropped ones stay.
    pub objectives: Vec<ObjectiveView>,
    /// Its updates in the order recorded, each once however many objectives it speaks for; corrected and
    /// withdrawn ones stay.
    pub updates: Vec<UpdateView>,
    /// When it was set.
    pub set: Stamp,
    /// The last entry that spoke of it.
    pub last: Stamp,
    /// How many entries its stream has: the `expectedVersion` of the next command.
    pub version: u64,
}

impl ActionPlanView {
    /// An objective by its id.
    pub fn objective(&self, id: ObjectiveId) -> Option<&ObjectiveView> {
        self.objectives.iter().find(|objective| objective.id == id)
    }

    /// An update by its id.
    pub fn update(&self, id: UpdateId) -> Option<&UpdateView> {
        self.updates.iter().find(|update| update.id == id)
    }

    /// An action by its id, with the objective it serves.
    pub fn action(&self, id: ActionId) -> Option<(&ObjectiveView, &ActionView)> {
        self.actions().find(|(_, action)| action.id == id)
    }

    /// Every action with the objective it serves.
    pub fn actions(&self) -> impl Iterator<Item = (&ObjectiveView, &ActionView)> {
        self.objectives.iter().flat_map(|objective| {
            objective
                .actions
                .iter()
                .map(move |action| (objective, action))
        })
    }

    fn objective_mut(&mut self, id: ObjectiveId) -> Option<&mut ObjectiveView> {
        self.objectives
            .iter_mut()
            .find(|objective| objective.id == id)
    }

    fn action_mut(&mut self, id: ActionId) -> Option<&mut ActionView> {
        self.objectives
            .iter_mut()
            .flat_map(|objective| objective.actions.iter_mut())
            .find(|action| action.id == id)
    }

    fn apply_plan(&mut self, event: &ActionPlanEvent, entry: &Entry) {
        match event {
            ActionPlanEvent::Retitled(e) => {
                self.title
                    .change(e.to.clone(), Why::because(&e.reason), entry);
            }
            ActionPlanEvent::VisibilityChanged(e) => {
                let why = Why::said(e.reason.as_ref(), None);
                self.visibility.change(e.to, why, entry);
            }
            ActionPlanEvent::UpdateRecorded(_)
            | ActionPlanEvent::UpdateCorrected(_)
            | ActionPlanEvent::UpdateWithdrawn(_) => update::apply(self, event, entry),
            ActionPlanEvent::ObjectiveAdded(e) => {
                self.objectives.push(ObjectiveView::begin(e, entry));
            }
            other => objective::apply(self, other, entry),
        }
    }
}

impl Fold for ActionPlanView {
    fn key(entry: &Entry) -> Option<Uuid> {
        let stream = entry.recorded.stream;
        (stream.kind == StreamKind::ActionPlan).then_some(stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        let Event::ActionPlan(ActionPlanEvent::Set(event)) = &entry.event else {
            return None;
        };
        Some(Self {
            id: entry.recorded.stream.id.into(),
            ledger: entry.recorded.ledger,
            group: event.group.clone(),
            title: Tracked::new(event.title.clone()),
            visibility: Tracked::at_birth(),
            objectives: Vec::new(),
            updates: Vec::new(),
            set: entry.into(),
            last: entry.into(),
            version: entry.recorded.stream_version,
        })
    }

    fn apply(&mut self, entry: &Entry) {
        let Event::ActionPlan(event) = &entry.event else {
            return;
        };
        self.apply_plan(event, entry);
        self.last = entry.into();
        self.version = entry.recorded.stream_version;
    }
}

impl View for ActionPlanView {
    const NAME: ViewName = ViewName::ActionPlan;
    const TABLE: Table = Table::ActionPlan;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            action_plan_id: self.id,
            group_id: self.group.id,
            title: &self.title.current,
            visibility: self.visibility.current,
        };
        let plan = Row::new(Self::TABLE, self.id.uuid(), &columns, self);
        let actions = self
            .actions()
            .map(|(objective, action)| ActionListRow::new(self, objective, action).row());
        std::iter::once(plan).chain(actions).collect()
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns<'a> {
    ledger_id: LedgerId,
    action_plan_id: ActionPlanId,
    group_id: GroupId,
    title: &'a str,
    visibility: Visibility,
}
