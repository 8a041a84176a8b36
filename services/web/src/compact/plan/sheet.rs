//! A plan as its pages ask for it: as it is now, or as it was on a day or at a meeting.

use crate::ask::ask;
use crate::compact::must_be_of;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session};
use crate::documents::words::{ActionChangeKind, ActionState, ObjectiveStateKind, Visibility};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::parts::Part;
use crate::past::{Asked, Met};
use crate::visit::Web;

document!(PlanPage, "documents/plan.graphql", one_of);

pub use plan_page::PlanPageActionPlan as Whole;
pub use plan_page::PlanPageActionPlanObjectivesNodes as Objective;
pub use plan_page::PlanPageActionPlanObjectivesNodesActionsNodes as Action;
use plan_page::PlanPageCompactCalendarNodes as Meeting;

/// How many objectives stand on a page.
pub const SIZE: i64 = 40;

impl From<Meeting> for Met {
    fn from(meeting: Meeting) -> Self {
        Self {
            id: meeting.id,
            held_on: meeting.held_on,
            group: meeting.group.map(|group| (group.id, group.name)),
        }
    }
}

/// What was found of a plan.
pub struct Sheet {
    /// The compact's name.
    pub compact: String,
    /// Its meetings.
    pub meetings: Vec<Met>,
    /// The plan; none where there was none to see then.
    pub plan: Option<Whole>,
}

impl Sheet {
    /// The part of the plan `id` that is asked for.
    ///
    /// # Errors
    /// [`Instead::NotHere`] where there is no such plan in the compact that addresses call `slug`.
    pub async fn ask(
        (web, looker): (&Web, &Looker),
        (slug, id): (&str, &str),
        asked: &Asked,
        part: Part,
    ) -> Result<Self, Instead> {
        let variables = plan_page::Variables {
            slug: slug.to_owned(),
            id: id.to_owned(),
            as_of: asked.as_of(plan_page::AsOf::On, plan_page::AsOf::Meeting),
            first: part.first,
            after: part.after,
            last: part.last,
            before: part.before,
        };
        let answer = ask::<PlanPage>(&web.gateway, variables, looker.caller()).await?;
        let compact = answer.compact.ok_or(Instead::NotHere)?;
        if let Some(plan) = &answer.action_plan {
            must_be_of(slug, &plan.compact.slug)?;
        }
        let is_now = matches!(asked, Asked::Now | Asked::Nothing);
        if answer.action_plan.is_none() && is_now {
            return Err(Instead::NotHere);
        }
        Ok(Self {
            compact: compact.name,
            meetings: compact.calendar.nodes.into_iter().map(Met::from).collect(),
            plan: answer.action_plan,
        })
    }

    /// What the page is called.
    pub fn title(&self) -> String {
        let plan = self.plan.as_ref();
        plan.map_or_else(|| "Action plan".to_owned(), |plan| plan.title.clone())
    }
}

impl Whole {
    /// The ref under which an update that speaks for several objectives is told on this page; none where it is this one's.
    pub fn told_at(&self, update: &str, here: &str) -> Option<&str> {
        let tells = |objective: &&Objective| {
            let mut updates = objective.updates.nodes.iter();
            updates.any(|one| one.id == update)
        };
        let first = self.objectives.nodes.iter().find(tells)?;
        (first.ref_ != here).then_some(first.ref_.as_str())
    }
}

impl Objective {
    /// The meeting at which it was dropped, where it is, or that there is no action for it: the meeting's id and its day.
    pub fn came_so_at(&self) -> Option<(&str, Date)> {
        let last = self.state_changes.last()?;
        let is_so =
            last.to.kind == self.state.kind && self.state.kind != ObjectiveStateKind::Active;
        let meeting = last.made.meeting.as_ref().filter(|_| is_so)?;
        Some((meeting.id.as_str(), meeting.held_on?))
    }
}

impl Action {
    /// Whether its timescale is another than was first agreed.
    pub fn moved(&self) -> Option<&str> {
        let first = self.original_timescale.as_ref()?.text.as_str();
        let now = self.timescale.as_ref().map(|now| now.text.as_str());
        (now != Some(first)).then_some(first)
    }

    /// Why it is where it is, for one that is no longer open.
    pub fn reason(&self) -> Option<&str> {
        if self.state == ActionState::Open {
            return None;
        }
        self.changes.last()?.reason.as_deref()
    }

    /// The meeting at which it came to be where it is, for one that is no longer open: its id and its day.
    pub fn ended_at(&self) -> Option<(&str, Date)> {
        let last = self.changes.last()?;
        let meeting = last.made.meeting.as_ref();
        let meeting = meeting.filter(|_| self.state != ActionState::Open)?;
        Some((meeting.id.as_str(), meeting.held_on?))
    }

    /// Whether it was still open on a day past the one it was due.
    pub fn overdue(&self, on: Date) -> bool {
        let due = self.timescale.as_ref().and_then(|when| when.due_on);
        self.state == ActionState::Open && due.is_some_and(|due| due < on)
    }
}
