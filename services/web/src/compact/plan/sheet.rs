//! A plan as its pages ask for it: as it is now, or as it was on a day or at a meeting.

use crate::address::Address;
use crate::ask::ask;
use crate::compact::must_be_of;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session};
use crate::documents::words::{ActionChangeKind, ActionState, ObjectiveStateKind, Visibility};
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::parts::Part;
use crate::uk;
use crate::visit::Web;

document!(PlanPage, "documents/plan.graphql", one_of);

pub use plan_page::PlanPageActionPlan as Whole;
pub use plan_page::PlanPageActionPlanObjectivesNodes as Objective;
pub use plan_page::PlanPageActionPlanObjectivesNodesActionsNodes as Action;
pub use plan_page::PlanPageCompactCalendarNodes as Meeting;

/// How many objectives stand on a page.
pub const SIZE: i64 = 40;

/// What the address asks for: now, a day, or a meeting.
pub enum Asked {
    /// As it is now.
    Now,
    /// As it was at the end of a day.
    Day(Date),
    /// As it was after a meeting.
    Meeting(String),
    /// What stands there is no day.
    Nothing,
}

impl Asked {
    /// What `address` asks for.
    pub fn of(address: &Address) -> Self {
        match (address.some("on"), address.some("meeting")) {
            (Some(on), _) => on.parse().map_or(Self::Nothing, Self::Day),
            (None, Some(meeting)) => Self::Meeting(meeting.to_owned()),
            (None, None) => Self::Now,
        }
    }

    fn as_of(&self) -> Option<plan_page::AsOf> {
        match self {
            Self::Now | Self::Nothing => None,
            Self::Day(on) => Some(plan_page::AsOf::On(*on)),
            Self::Meeting(id) => Some(plan_page::AsOf::Meeting(id.clone())),
        }
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Option<&'static str> {
        matches!(self, Self::Nothing).then_some("Enter a real date")
    }

    fn past(&self, meetings: &[Meeting]) -> Option<String> {
        match self {
            Self::Now | Self::Nothing => None,
            Self::Day(on) => Some(format!("on {}", uk::day(on))),
            Self::Meeting(id) => {
                let found = meetings.iter().find(|meeting| meeting.id == *id);
                Some(found.map_or_else(
                    || "after that meeting".to_owned(),
                    |meeting| format!("after {}", words(meeting)),
                ))
            }
        }
    }

    /// The day that is asked for, where it is a day in the past.
    pub fn day(&self, meetings: &[Meeting]) -> Option<Date> {
        match self {
            Self::Now | Self::Nothing => None,
            Self::Day(on) => Some(*on),
            Self::Meeting(id) => {
                let found = meetings.iter().find(|meeting| meeting.id == *id);
                found.and_then(|meeting| meeting.held_on)
            }
        }
    }
}

fn words(meeting: &Meeting) -> String {
    let held = meeting.held_on.as_ref().map(uk::day).unwrap_or_default();
    match &meeting.group {
        Some(group) => format!("the meeting of {held} ({})", group.name),
        None => format!("the meeting of {held}"),
    }
}

/// The meetings that were held, the last first, to look at a plan as it was after one of them.
pub fn meetings(all: &[Meeting], chosen: &str) -> Select {
    let now = Choice::new("", "As it is now");
    Select::new(
        "meeting",
        "Show the plan",
        [now].into_iter().chain(held(all, "After")),
    )
    .with(chosen)
}

/// The same as choices, each beginning with `before`.
pub fn held<'a>(all: &'a [Meeting], before: &'a str) -> impl Iterator<Item = Choice> + 'a {
    let held = all.iter().rev().filter(|meeting| meeting.held_on.is_some());
    held.map(move |meeting| Choice::new(&meeting.id, format!("{before} {}", words(meeting))))
}

/// What was found of a plan.
pub struct Sheet {
    /// The compact's name.
    pub compact: String,
    /// Its meetings.
    pub meetings: Vec<Meeting>,
    /// What the past is that is shown, in words.
    pub past: Option<String>,
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
            as_of: asked.as_of(),
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
        let then = asked.past(&compact.calendar.nodes);
        if answer.action_plan.is_none() && then.is_none() {
            return Err(Instead::NotHere);
        }
        Ok(Self {
            compact: compact.name,
            meetings: compact.calendar.nodes,
            past: then,
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

    /// Whether it was still open on a day past the one it was due.
    pub fn overdue(&self, on: Date) -> bool {
        let due = self.timescale.as_ref().and_then(|when| when.due_on);
        self.state == ActionState::Open && due.is_some_and(|due| due < on)
    }
}
