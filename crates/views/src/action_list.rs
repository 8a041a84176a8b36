//! The action list: every action of a compact, one row each, across its plans.

use chrono::NaiveDate;
use domain::Text;
use domain::Visibility;
use domain::facts::{CommitmentFact, GroupFact};
use domain::ids::{ActionId, ActionPlanId, LedgerId, ObjectiveId};
use domain::timescale::Timescale;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::action_plan::{ActionPlanView, ActionState, ActionView, ObjectiveView, Period};
use crate::ref_order::ref_order;
use crate::table::{Row, Table};

/// An action with what it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionListRow {
    /// The compact's ledger.
    pub ledger: LedgerId,
    /// The action.
    pub id: ActionId,
    /// What will be done.
    pub text: Text,
    /// Who will do it, in the plan's words.
    pub owner: Option<Text>,
    /// When.
    pub timescale: Option<Timescale>,
    /// Where it stands.
    pub state: ActionState,
    /// The date it was set.
    pub set_on: Option<NaiveDate>,
    /// The date it ended, unless it is open.
    pub ended_on: Option<NaiveDate>,
    /// When it was open, and with which due date.
    pub periods: Vec<Period>,
    /// The plan.
    pub plan: ActionPlanId,
    /// The plan's title.
    pub plan_title: String,
    /// Whose plan.
    pub group: GroupFact,
    /// How far the plan is let out.
    #[serde(default, skip_serializing_if = "is_draft")]
    pub visibility: Visibility,
    /// The objective it serves.
    pub objective: ObjectiveId,
    /// The objective's label.
    pub objective_ref: String,
    /// The objective's title.
    pub objective_title: String,
    /// The commitment the objective serves.
    pub commitment: Option<CommitmentFact>,
}

/// The row's columns.
#[derive(Serialize)]
struct Columns<'a> {
    ledger_id: LedgerId,
    action_id: ActionId,
    action_plan_id: ActionPlanId,
    objective_id: ObjectiveId,
    group_id: Uuid,
    commitment_id: Option<Uuid>,
    ref_order: String,
    owner: Option<&'a str>,
    owner_subject: Option<Uuid>,
    state: ActionState,
    due_on: Option<NaiveDate>,
    overdue_during: String,
    visibility: Visibility,
}

/// Whether there is nothing to say: rows that were saved before anything could be released say nothing either.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_draft(visibility: &Visibility) -> bool {
    *visibility == Visibility::Draft
}

impl ActionListRow {
    /// The row of an action of `plan` that serves `objective`.
    pub fn new(plan: &ActionPlanView, objective: &ObjectiveView, action: &ActionView) -> Self {
        Self {
            ledger: plan.ledger,
            id: action.id,
            text: action.text.clone(),
            owner: action.owner.clone(),
            timescale: action.timescale.clone(),
            state: action.state,
            set_on: action.set_on(),
            ended_on: action.ended_on(),
            periods: action.periods(),
            plan: plan.id,
            plan_title: plan.title.current.clone(),
            group: plan.group.clone(),
            visibility: plan.visibility.current,
            objective: objective.id,
            objective_ref: objective.label.current.clone(),
            objective_title: objective.words.current.title.clone(),
            commitment: objective.commitment.current.clone(),
        }
    }

    /// The day it is due, where its timescale names one.
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.timescale
            .as_ref()
            .and_then(|timescale| timescale.due_on)
    }

    /// Whether it was open on `date` and due before it.
    pub fn overdue_at(&self, date: NaiveDate) -> bool {
        overdue_during(&self.periods)
            .iter()
            .any(|(from, until)| *from <= date && until.is_none_or(|until| date < until))
    }

    pub(crate) fn row(&self) -> Result<Row, serde_json::Error> {
        let owner = self.owner.as_ref();
        let columns = Columns {
            ledger_id: self.ledger,
            action_id: self.id,
            action_plan_id: self.plan,
            objective_id: self.objective,
            group_id: self.group.id.uuid(),
            commitment_id: self
                .commitment
                .as_ref()
                .map(|commitment| commitment.id.uuid()),
            ref_order: ref_order(&self.objective_ref),
            owner: owner
                .filter(|owner| owner.sealed().is_none())
                .and_then(Text::plain),
            owner_subject: owner
                .and_then(Text::sealed)
                .map(|sealed| sealed.subject().uuid()),
            state: self.state,
            due_on: self.due_on(),
            overdue_during: multirange(&overdue_during(&self.periods)),
            visibility: self.visibility,
        };
        Row::new(Table::ActionList, self.id.uuid(), &columns, self)
    }
}

/// The days on which it was overdue: first day and the day after the last, apart from one another.
fn overdue_during(periods: &[Period]) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    let mut overdue: Vec<(NaiveDate, Option<NaiveDate>)> = Vec::new();
    for period in periods {
        let Some(day_after) = period.due_on.and_then(|due| due.succ_opt()) else {
            continue;
        };
        let from = period.from.max(day_after);
        if period.until.is_some_and(|until| until <= from) {
            continue;
        }
        match overdue.last_mut() {
            Some((_, until)) if *until == Some(from) => *until = period.until,
            _ => overdue.push((from, period.until)),
        }
    }
    overdue
}

/// The days as PostgreSQL writes a `datemultirange`.
fn multirange(days: &[(NaiveDate, Option<NaiveDate>)]) -> String {
    let range = |(from, until): &(NaiveDate, Option<NaiveDate>)| match until {
        Some(until) => format!("[{from},{until})"),
        None => format!("[{from},)"),
    };
    let ranges: Vec<String> = days.iter().map(range).collect();
    format!("{{{}}}", ranges.join(","))
}
