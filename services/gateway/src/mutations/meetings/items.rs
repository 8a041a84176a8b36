//! Items of the minutes, and what each led to: updates, actions, commitments moved.

use async_graphql::{Enum, ID, InputObject};
use chrono::NaiveDate;
use domain::action_plan::{Change, ObjectiveWords};
use domain::ids::{ActionId, ActionPlanId, GroupId, IdSource, ObjectiveId};
use domain::meeting as model;
use domain::timescale::Timescale;
use domain::{ActionPlanCommand, Command, CommitmentCommand};
use uuid::Uuid;

use super::item_id;
use crate::mutations::action_plan::UpdateSaidInput;
use crate::mutations::changes::TimescaleInput;
use crate::mutations::draft::new_id;
use crate::mutations::{Place, UserError};
use crate::node::NodeKind;

/// Where an action stands that belongs to no objective a plan has yet.
#[derive(InputObject)]
pub struct NewObjectiveInput {
    /// The plan; left out with a meeting that is recorded, the group's plan of actions from its meetings, which is set with it
    /// where there is none yet.
    action_plan_id: Option<ID>,
    /// The ref of the objective, which is titled as the item is. Several actions of an item can name one. Left out with the
    /// plan, the day of the meeting and the number of the item.
    #[graphql(name = "ref")]
    label: Option<String>,
}

/// An action raised under an item of the minutes: an action of a plan like any other.
#[derive(InputObject)]
pub struct ItemActionInput {
    /// The minutes' own label, such as ii.
    #[graphql(name = "ref")]
    label: Option<String>,
    /// The objective it serves; or else `newObjective`.
    objective_id: Option<ID>,
    /// A new objective for it.
    new_objective: Option<NewObjectiveInput>,
    /// The id of the new action; made when left out.
    new_id: Option<Uuid>,
    /// What will be done.
    text: String,
    /// Who will do it.
    owner: Option<String>,
    /// When.
    timescale: Option<TimescaleInput>,
}

/// Where a commitment is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CommitmentMove {
    /// Agreed.
    Agreed,
    /// Work on it began.
    InProgress,
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
}

/// A commitment whose status is moved under an item of the minutes.
#[derive(InputObject)]
pub struct ItemCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    /// Where to.
    to: CommitmentMove,
}

/// An item of the minutes, and what it led to.
#[derive(InputObject)]
pub struct MeetingItemInput {
    /// The item of the agenda, where it was on it.
    item_id: Option<ID>,
    /// The id of a new item; made when left out.
    new_id: Option<Uuid>,
    /// Its heading.
    title: String,
    /// What was said.
    discussion: Option<String>,
    /// What was decided.
    decision: Option<String>,
    /// The updates given: each speaks for one or several objectives of a plan, and may carry changes.
    #[graphql(default)]
    updates: Vec<UpdateSaidInput>,
    /// The actions raised.
    #[graphql(default)]
    actions: Vec<ItemActionInput>,
    /// The commitments moved.
    #[graphql(default)]
    commitments: Vec<ItemCommitmentInput>,
    /// Whether it is put off to the next meeting.
    #[graphql(default)]
    carried_over: bool,
}

/// What an item leads to, each with the input's name of it.
pub(super) type Led = Vec<(String, Command)>;

/// The meeting that items belong to.
pub(super) struct Within<'a> {
    /// The meeting.
    pub(super) meeting: &'a Place,
    /// Of a meeting that is being recorded, the group and the day: its actions can stand in the plan of its meetings.
    pub(super) held: Option<(GroupId, NaiveDate)>,
}

impl MeetingItemInput {
    /// The item, and what it leads to elsewhere. `at` is the input's name of it.
    pub(super) fn read(
        self,
        within: &Within<'_>,
        (at, number): (&str, usize),
        ids: &dyn IdSource,
    ) -> Result<(model::MinutedItemInput, Led), UserError> {
        let meeting = within.meeting;
        let inside = |error: UserError| error.inside(at);
        let item = item_id(meeting, self.item_id.as_ref(), self.new_id, ids).map_err(inside)?;
        let mut led = Led::new();
        let mut updates = Vec::with_capacity(self.updates.len());
        for (nth, update) in self.updates.into_iter().enumerate() {
            let name = format!("{at}.updates.{nth}");
            let drafted = update.draft(ids).map_err(|error| error.inside(&name))?;
            let within = meeting.same_ledger(&drafted, "actionPlanId", NodeKind::ActionPlan);
            within.map_err(|error| error.inside(&name))?;
            let part = drafted
                .part
                .as_ref()
                .map_or_else(Uuid::nil, crate::node::NodeId::uuid);
            updates.push(model::SaidInput {
                plan: drafted.whole.uuid().into(),
                update: part.into(),
            });
            led.push((name, drafted.command));
        }
        let mut raised = Raised::new(within, number, self.title.clone());
        for (nth, action) in self.actions.into_iter().enumerate() {
            let name = format!("{at}.actions.{nth}");
            let read = raised.read(action, &name, ids);
            read.map_err(|error| error.inside(&name))?;
        }
        led.extend(raised.led);
        let mut commitments = Vec::with_capacity(self.commitments.len());
        for (nth, moved) in self.commitments.into_iter().enumerate() {
            let name = format!("{at}.commitments.{nth}");
            let id = meeting.beside(NodeKind::Commitment, "commitmentId", &moved.commitment_id);
            let id = id.map_err(|error| error.inside(&name))?;
            commitments.push(id);
            let command = moved.to.into();
            led.push((name, Command::Commitment { id, command }));
        }
        let words = model::ItemWordsInput {
            title: self.title,
            discussion: self.discussion.map(Into::into),
            decision: self.decision.map(Into::into),
        };
        let minuted = model::MinutedItemInput {
            item,
            words,
            actions: raised.actions,
            updates,
            commitments,
            carried_over: self.carried_over,
        };
        Ok((minuted, led))
    }
}

impl From<CommitmentMove> for CommitmentCommand {
    fn from(to: CommitmentMove) -> Self {
        use domain::commitment::Conclusion as C;
        let conclusion = match to {
            CommitmentMove::Agreed => return Self::AgreeCommitment,
            CommitmentMove::InProgress => return Self::StartCommitment,
            CommitmentMove::Achieved => C::Achieved,
            CommitmentMove::PartlyAchieved => C::PartlyAchieved,
            CommitmentMove::NotAchieved => C::NotAchieved,
        };
        Self::ConcludeCommitment { conclusion }
    }
}

/// The actions raised under one item, and the objectives made for them.
struct Raised<'a> {
    within: &'a Within<'a>,
    /// The item's number in the minutes.
    number: usize,
    title: String,
    objectives: Vec<(ActionPlanId, String, ObjectiveId)>,
    actions: Vec<model::RaisedInput>,
    led: Led,
}

impl<'a> Raised<'a> {
    const fn new(within: &'a Within<'a>, number: usize, title: String) -> Self {
        Self {
            within,
            number,
            title,
            objectives: Vec::new(),
            actions: Vec::new(),
            led: Vec::new(),
        }
    }

    fn read(
        &mut self,
        input: ItemActionInput,
        name: &str,
        ids: &dyn IdSource,
    ) -> Result<(), UserError> {
        let (plan, objective) = match (&input.objective_id, &input.new_objective) {
            (Some(id), None) => {
                let (plan, objective) = crate::mutations::objectives::objective(id)?;
                if plan.ledger() != self.within.meeting.ledger() {
                    let compact = NodeKind::Compact;
                    return Err(UserError::elsewhere(
                        "objectiveId",
                        NodeKind::Objective,
                        compact,
                    ));
                }
                (plan.id(), objective)
            }
            (None, Some(new)) => self.objective(new, name, ids)?,
            _ => {
                let message = "say either the objective it serves or a new objective for it";
                return Err(UserError::new("objectiveId", "MISSING", message));
            }
        };
        let action: ActionId = new_id(input.new_id, ids);
        self.actions.push(model::RaisedInput {
            label: input.label,
            plan,
            action,
        });
        let change = Change::SetAction {
            action,
            objective,
            text: input.text.into(),
            owner: input.owner.map(Into::into),
            timescale: input.timescale.map(Timescale::from),
        };
        let command = ActionPlanCommand::MakeChange { change };
        self.led
            .push((name.to_owned(), Command::ActionPlan { id: plan, command }));
        Ok(())
    }

    /// A plan that is there, and the ref in it.
    fn of_plan(&self, id: &ID, label: Option<&str>) -> Result<(ActionPlanId, String), UserError> {
        let place = Place::read(NodeKind::ActionPlan, "actionPlanId", id)?;
        if place.ledger() != self.within.meeting.ledger() {
            let compact = NodeKind::Compact;
            return Err(UserError::elsewhere(
                "actionPlanId",
                NodeKind::ActionPlan,
                compact,
            ));
        }
        let Some(label) = label else {
            let message = "enter the ref of the new objective";
            return Err(UserError::new("ref", "MISSING", message));
        };
        Ok((place.id(), label.trim().to_owned()))
    }

    /// The plan of the group's meetings, which is set now where there is none yet, and the ref in it.
    fn of_meetings(
        &mut self,
        label: Option<&str>,
        name: &str,
    ) -> Result<(ActionPlanId, String), UserError> {
        let Some((group, held_on)) = self.within.held else {
            let message = "say which plan the new objective is in";
            return Err(UserError::new("actionPlanId", "MISSING", message));
        };
        let plan = ActionPlanId::of_meetings(group);
        if !self.objectives.iter().any(|(of, ..)| *of == plan) {
            let title = "Actions from meetings".to_owned();
            let command = ActionPlanCommand::SetActionPlan { group, title };
            let name = format!("{name}.newObjective");
            self.led
                .push((name, Command::ActionPlan { id: plan, command }));
        }
        let label = label.map_or_else(
            || format!("{}/{}", held_on.format("%y%m%d"), self.number),
            |label| label.trim().to_owned(),
        );
        Ok((plan, label))
    }

    /// The new objective, made once for all actions of the item that name it.
    fn objective(
        &mut self,
        new: &NewObjectiveInput,
        name: &str,
        ids: &dyn IdSource,
    ) -> Result<(ActionPlanId, ObjectiveId), UserError> {
        let inside = |error: UserError| error.inside("newObjective");
        let (plan, label) = match &new.action_plan_id {
            Some(id) => self.of_plan(id, new.label.as_deref()).map_err(inside)?,
            None => self
                .of_meetings(new.label.as_deref(), name)
                .map_err(inside)?,
        };
        let known = self.objectives.iter();
        let mut known = known.filter(|(of, known, _)| *of == plan && *known == label);
        if let Some((_, _, objective)) = known.next() {
            return Ok((plan, *objective));
        }
        let objective: ObjectiveId = new_id(None, ids);
        let command = ActionPlanCommand::AddObjective {
            objective,
            label: label.clone(),
            words: ObjectiveWords {
                title: self.title.clone(),
                indicator: None,
            },
            commitment: None,
        };
        let name = format!("{name}.newObjective");
        self.led
            .push((name, Command::ActionPlan { id: plan, command }));
        self.objectives.push((plan, label, objective));
        Ok((plan, objective))
    }
}
