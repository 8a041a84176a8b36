//! What changed in a plan between two points of its history.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, OneofObject, SimpleObject};
use chrono::{DateTime, Utc};
use domain::Text;
use domain::ids::{ActionId, LedgerId, ObjectiveId};
use views::action_plan::difference::{self, Difference};
use views::{ActionPlanView, CompactOverview, Cut};

use super::action::{Action, ActionState};
use super::action_plan::{ActionPlan, Update};
use super::changes::{CommitmentMention, ObjectiveState, Timescale};
use super::objective::Objective;
use super::record::Origin;
use super::said::Said;
use super::scalars::{Date, Position};
use super::time::{AsOf, When};
use super::words::Visibility;
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, reads};

/// Since when: exactly one of these.
#[derive(Clone, Debug, OneofObject)]
pub enum Since {
    /// After the end of a day.
    On(Date),
    /// After the end of the day of a meeting, by the meeting's id.
    Meeting(async_graphql::ID),
    /// Since the day before a meeting: what it changed itself is told too.
    BeforeMeeting(async_graphql::ID),
    /// After a position in the ledger.
    Position(Position),
}

impl Since {
    /// What was there then.
    ///
    /// # Errors
    /// When the meeting is not one of the compact's.
    async fn cut(self, reads: &Reads, compact: &CompactOverview) -> Result<Cut, ApiError> {
        let (as_of, day_before) = match self {
            Self::On(day) => (AsOf::On(day), false),
            Self::Meeting(id) => (AsOf::Meeting(id), false),
            Self::BeforeMeeting(id) => (AsOf::Meeting(id), true),
            Self::Position(position) => (AsOf::Position(position), false),
        };
        let when = When {
            as_of: Some(as_of),
            known_at: None,
        };
        let cut = when.cut(reads, compact.ledger).await?.unwrap_or_default();
        Ok(match cut.as_of {
            Some(views::AsOf::On(day)) if day_before => before(day),
            _ => cut,
        })
    }
}

/// What was there before a day.
pub(super) fn before(day: chrono::NaiveDate) -> Cut {
    Cut {
        as_of: Some(views::AsOf::On(day.pred_opt().unwrap_or(day))),
        known_at: None,
    }
}

connections! {
    /// What is different in one or several plans: the plan itself first, then its objectives and actions in the plan's order,
    /// then its updates.
    PlanChangeConnection, PlanChangeEdge of PlanChange;
}

/// What is asked of the changes of a plan.
pub(super) struct Between {
    pub(super) since: Option<Since>,
    pub(super) until: Option<AsOf>,
    pub(super) known_at: Option<DateTime<Utc>>,
}

/// What changed in a plan; since the last meeting its group held, where nothing else is asked.
pub(super) async fn changes(
    ctx: &Context<'_>,
    plan: &ActionPlanView,
    between: Between,
    page: PageArguments,
) -> Result<PlanChangeConnection, ApiError> {
    let reads = reads(ctx);
    let until = When {
        as_of: between.until,
        known_at: between.known_at,
    };
    let until = until.cut(&reads, plan.ledger).await?.unwrap_or_default();
    let Some(compact) = reads.compact(plan.ledger).await? else {
        return of(&reads, Vec::new(), &page);
    };
    let since = match between.since {
        Some(since) => since.cut(&reads, &compact).await?,
        None => since_the_last_meeting(&reads, &compact, plan, &until),
    };
    let node = NodeId::new(NodeKind::ActionPlan, plan.ledger, plan.id.uuid());
    let changes = reads.plan_between(&node, since, until).await?;
    of(&reads, PlanChange::all(changes), &page)
}

/// After the last meeting of the plan's group; from the beginning where there was none.
fn since_the_last_meeting(
    reads: &Reads,
    compact: &CompactOverview,
    plan: &ActionPlanView,
    until: &Cut,
) -> Cut {
    let last_day = match until.as_of {
        Some(views::AsOf::On(day)) => day,
        _ => reads.today(),
    };
    let meetings = compact.meetings_within(&domain::Reach::EVERYTHING);
    let held = meetings
        .iter()
        .map(|seen| seen.meeting)
        .filter(|meeting| meeting.group == plan.group.id && meeting.held_on < last_day)
        .map(|meeting| meeting.held_on);
    let as_of = held.max().map_or(views::AsOf::Position(0), views::AsOf::On);
    Cut {
        as_of: Some(as_of),
        known_at: None,
    }
}

/// A page of changes, in their order.
pub(super) fn of(
    reads: &Reads,
    changes: Vec<PlanChange>,
    page: &PageArguments,
) -> Result<PlanChangeConnection, ApiError> {
    let placed = changes.into_iter().enumerate().collect();
    Ok(Listed::of_whole(placed, page, reads.limits())?.into())
}

/// What can be different in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PlanChangeKind {
    /// The plan was set.
    PlanSet,
    /// The plan got another title.
    PlanRetitled,
    /// The plan was let out, or taken back.
    PlanReleased,
    /// An objective joined the plan.
    ObjectiveAdded,
    /// An objective got another ref.
    ObjectiveRenumbered,
    /// An objective got other words.
    ObjectiveReworded,
    /// An objective serves another commitment.
    ObjectiveLinked,
    /// An objective was dropped or taken up again, or has no action at present.
    ObjectiveMoved,
    /// An action was set.
    ActionAdded,
    /// An action got other words.
    ActionReworded,
    /// An action got another owner.
    ActionReassigned,
    /// An action got another timescale.
    ActionRescheduled,
    /// An action was done, dropped, merged or taken up again.
    ActionMoved,
    /// An action was said to have moved on.
    ActionProgressed,
    /// An update was given.
    UpdateGiven,
    /// An update was corrected.
    UpdateCorrected,
    /// An update was taken back.
    UpdateWithdrawn,
}

/// One thing that is different in a plan.
#[derive(Clone)]
pub struct PlanChange {
    plan: Arc<ActionPlanView>,
    change: difference::PlanChange,
}

impl PlanChange {
    /// What changed between two standings of a plan, as it stands at the later.
    pub(super) fn all(
        found: Option<(Arc<ActionPlanView>, Vec<difference::PlanChange>)>,
    ) -> Vec<Self> {
        let Some((plan, changes)) = found else {
            return Vec::new();
        };
        let each = changes.into_iter().map(|change| Self {
            plan: Arc::clone(&plan),
            change,
        });
        each.collect()
    }

    fn action_of(&self, id: ActionId) -> Option<Action> {
        Action::of(&self.plan, id)
    }

    fn objective_of(&self, id: ObjectiveId) -> Option<Objective> {
        Objective::of(&self.plan, id)
    }

    fn action_id(&self) -> Option<ActionId> {
        use Difference as D;
        match &self.change.what {
            D::ActionAdded { action, .. } => Some(action.id),
            D::ActionReworded(id, _)
            | D::ActionReassigned(id, _)
            | D::ActionRescheduled(id, _)
            | D::ActionMoved(id, _)
            | D::ActionProgressed(id, _) => Some(*id),
            _ => None,
        }
    }

    fn values(&self) -> (Option<PlanValue>, Option<PlanValue>) {
        use Difference as D;
        let ledger = self.plan.ledger;
        let both = |from, to| (Some(from), Some(to));
        let link = |fact: &Option<_>| PlanValue {
            commitment: fact
                .as_ref()
                .map(|fact| CommitmentMention::new(self.plan.ledger, fact)),
            ..PlanValue::default()
        };
        match &self.change.what {
            D::Set(title) => (None, Some(PlanValue::words(ledger, title))),
            D::Retitled(it) | D::ObjectiveRenumbered(_, it) => both(
                PlanValue::words(ledger, &it.from),
                PlanValue::words(ledger, &it.to),
            ),
            D::Released(it) => both(PlanValue::released(it.from), PlanValue::released(it.to)),
            D::ObjectiveAdded { objective, .. } => {
                (None, Some(PlanValue::words(ledger, &objective.words.title)))
            }
            D::ObjectiveReworded(_, it) => both(
                PlanValue::worded(ledger, &it.from),
                PlanValue::worded(ledger, &it.to),
            ),
            D::ObjectiveLinked(_, it) => both(link(&it.from), link(&it.to)),
            D::ObjectiveMoved(_, it) => both(
                PlanValue::pursued(ledger, &it.from),
                PlanValue::pursued(ledger, &it.to),
            ),
            D::ActionAdded { action, .. } => (None, Some(PlanValue::said(ledger, &action.text))),
            D::ActionReworded(_, it) => both(
                PlanValue::said(ledger, &it.from),
                PlanValue::said(ledger, &it.to),
            ),
            D::ActionReassigned(_, it) => both(
                PlanValue::owned(ledger, it.from.as_ref()),
                PlanValue::owned(ledger, it.to.as_ref()),
            ),
            D::ActionRescheduled(_, it) => both(
                PlanValue::due(ledger, it.from.as_ref()),
                PlanValue::due(ledger, it.to.as_ref()),
            ),
            D::ActionMoved(_, it) => both(self.stands(it.from), self.stands(it.to)),
            D::ActionProgressed(..) => (None, None),
            D::UpdateGiven { update, .. } => (None, Some(self.update_terms(&update.terms))),
            D::UpdateCorrected(_, it) => {
                both(self.update_terms(&it.from), self.update_terms(&it.to))
            }
            D::UpdateWithdrawn(update) => (Some(self.update_terms(&update.terms)), None),
        }
    }

    fn stands(&self, status: views::action_plan::standing::ActionStatus) -> PlanValue {
        PlanValue {
            action_state: Some(status.state.into()),
            merged_into: status.into.and_then(|into| self.action_of(into)),
            ..PlanValue::default()
        }
    }

    fn update_terms(&self, terms: &domain::action_plan::UpdateTerms) -> PlanValue {
        let objectives = terms.objectives.iter();
        PlanValue {
            objectives: objectives.filter_map(|id| self.objective_of(*id)).collect(),
            ..PlanValue::said(self.plan.ledger, &terms.text)
        }
    }
}

/// One thing that is different in a plan between two points of its history, with what was said of it on the way. What was moved
/// and moved back is no difference; `history` tells of it.
#[Object]
impl PlanChange {
    /// What is different.
    async fn kind(&self) -> PlanChangeKind {
        use Difference as D;
        use PlanChangeKind as K;
        match &self.change.what {
            D::Set(_) => K::PlanSet,
            D::Retitled(_) => K::PlanRetitled,
            D::Released(_) => K::PlanReleased,
            D::ObjectiveAdded { .. } => K::ObjectiveAdded,
            D::ObjectiveRenumbered(..) => K::ObjectiveRenumbered,
            D::ObjectiveReworded(..) => K::ObjectiveReworded,
            D::ObjectiveLinked(..) => K::ObjectiveLinked,
            D::ObjectiveMoved(..) => K::ObjectiveMoved,
            D::ActionAdded { .. } => K::ActionAdded,
            D::ActionReworded(..) => K::ActionReworded,
            D::ActionReassigned(..) => K::ActionReassigned,
            D::ActionRescheduled(..) => K::ActionRescheduled,
            D::ActionMoved(..) => K::ActionMoved,
            D::ActionProgressed(..) => K::ActionProgressed,
            D::UpdateGiven { .. } => K::UpdateGiven,
            D::UpdateCorrected(..) => K::UpdateCorrected,
            D::UpdateWithdrawn(_) => K::UpdateWithdrawn,
        }
    }

    /// The plan as it stands at the later point.
    async fn action_plan(&self) -> ActionPlan {
        ActionPlan::from(Arc::clone(&self.plan))
    }

    /// The objective it is about, as it stands at the later point; of an action, the one it serves.
    async fn objective(&self) -> Option<Objective> {
        use Difference as D;
        if let Some(action) = self.action_id() {
            let (objective, _) = self.plan.action(action)?;
            return self.objective_of(objective.id);
        }
        match &self.change.what {
            D::ObjectiveAdded { objective, .. } => self.objective_of(objective.id),
            D::ObjectiveRenumbered(id, _)
            | D::ObjectiveReworded(id, _)
            | D::ObjectiveLinked(id, _)
            | D::ObjectiveMoved(id, _) => self.objective_of(*id),
            _ => None,
        }
    }

    /// The action it is about, as it stands at the later point.
    async fn action(&self) -> Option<Action> {
        self.action_of(self.action_id()?)
    }

    /// The update it is about, as it reads at the later point.
    async fn update(&self) -> Option<Update> {
        let id = match &self.change.what {
            Difference::UpdateGiven { update, .. } | Difference::UpdateWithdrawn(update) => {
                update.id
            }
            Difference::UpdateCorrected(id, _) => *id,
            _ => return None,
        };
        Update::of(&self.plan, id)
    }

    /// What was there at the earlier point; none of what is new.
    async fn from(&self) -> Option<PlanValue> {
        self.values().0
    }

    /// What is there at the later point; none of what was taken back.
    async fn to(&self) -> Option<PlanValue> {
        self.values().1
    }

    /// Every step that led there, oldest first, with what was said.
    async fn steps(&self) -> Vec<PlanChangeStep> {
        let steps = self.change.steps.iter();
        let step = |step: &difference::Step| PlanChangeStep {
            reason: Said::maybe(self.plan.ledger, step.reason.as_ref()),
            update: step.update.and_then(|id| Update::of(&self.plan, id)),
            made: Origin::new(self.plan.ledger, step.made),
        };
        steps.map(step).collect()
    }
}

/// A value in a plan: as much of this as it has.
#[derive(Default, SimpleObject)]
pub struct PlanValue {
    /// The words: a title, a ref, what an action or an update says, who owns an action.
    text: Option<Said>,
    /// How one will know, in words: an objective's.
    indicator: Option<Said>,
    /// When.
    timescale: Option<Timescale>,
    /// The commitment an objective serves.
    commitment: Option<CommitmentMention>,
    /// How an objective is pursued.
    objective_state: Option<ObjectiveState>,
    /// Where an action stands.
    action_state: Option<ActionState>,
    /// The action it goes on as part of.
    merged_into: Option<Action>,
    /// The objectives an update speaks for, as they stand at the later point.
    objectives: Vec<Objective>,
    /// How far the plan is let out.
    visibility: Option<Visibility>,
}

impl PlanValue {
    fn words(ledger: LedgerId, text: &str) -> Self {
        Self::said(ledger, &text.into())
    }

    fn said(ledger: LedgerId, text: &Text) -> Self {
        Self {
            text: Some(Said::new(ledger, text)),
            ..Self::default()
        }
    }

    fn owned(ledger: LedgerId, owner: Option<&Text>) -> Self {
        let said = owner.map(|owner| Self::said(ledger, owner));
        said.unwrap_or_default()
    }

    fn worded(ledger: LedgerId, words: &domain::action_plan::ObjectiveWords) -> Self {
        Self {
            indicator: Said::maybe(ledger, words.indicator.as_ref()),
            ..Self::words(ledger, &words.title)
        }
    }

    fn pursued(ledger: LedgerId, state: &views::action_plan::ObjectiveState) -> Self {
        Self {
            objective_state: Some(ObjectiveState::of(ledger, state)),
            ..Self::default()
        }
    }

    fn due(ledger: LedgerId, timescale: Option<&domain::timescale::Timescale>) -> Self {
        Self {
            timescale: timescale.map(|timescale| Timescale::of(ledger, timescale)),
            ..Self::default()
        }
    }

    fn released(visibility: domain::Visibility) -> Self {
        Self {
            visibility: Some(visibility.into()),
            ..Self::default()
        }
    }
}

/// One step of a change, with what was said.
#[derive(SimpleObject)]
pub struct PlanChangeStep {
    /// Why, or what was said of it.
    reason: Option<Said>,
    /// The update it was said in.
    update: Option<Update>,
    /// Where in the record it comes from, and at which meeting.
    made: Origin,
}
