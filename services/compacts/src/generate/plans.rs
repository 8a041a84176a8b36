//! A session's action plans: set at its beginning by two groups, and moved on from meeting to meeting.

use chrono::NaiveDate;
use domain::action_plan::{Change, ObjectiveWords};
use domain::ids::{ActionId, ActionPlanId, ObjectiveId, UpdateId};
use domain::meeting::{RaisedInput, SaidInput};
use domain::timescale::Timescale;
use domain::{ActionPlanCommand, Command, Visibility};

use super::compact::Compact;
use super::dice::Dice;
use super::region::day;
use super::words::{deed, reason, said, undertaking};
use crate::reference::{Path, Scribe, Step};

/// How many objectives a plan has.
const OBJECTIVES: u32 = 8;

/// How many objectives one update speaks for.
const TOGETHER: usize = 2;

/// The plans of one session, one of each theme group.
pub(super) struct Plans<'a>(Vec<Plan<'a>>);

/// A group's plan for one session.
pub(super) struct Plan<'a> {
    compact: &'a Compact<'a>,
    year: u32,
    code: &'static str,
    path: Path,
}

/// What a meeting of the group led to in the plan.
pub(super) struct Led {
    pub commands: Vec<Command>,
    pub updates: Vec<SaidInput>,
    pub actions: Vec<RaisedInput>,
}

/// The plans of a session.
pub(super) fn of<'a>(compact: &'a Compact<'a>, year: u32) -> Plans<'a> {
    let plan = |code| Plan {
        compact,
        year,
        code,
        path: compact.path.of("plan", format_args!("{code}/{year}")),
    };
    Plans(["LD", "RR"].map(plan).into())
}

impl Plans<'_> {
    /// The plan of the group of this code.
    pub fn of_group(&self, code: &str) -> Option<&Plan<'_>> {
        self.0.iter().find(|plan| plan.code == code)
    }

    /// The plans as they are set.
    pub fn steps(&self) -> Vec<Step> {
        let mut scribe = Vec::new();
        for plan in &self.0 {
            let mut own = plan.compact.scribe();
            plan.set(&mut own);
            scribe.append(&mut own.steps);
        }
        scribe
    }
}

impl Plan<'_> {
    fn command(&self, command: ActionPlanCommand) -> Command {
        let id: ActionPlanId = self.path.id();
        Command::ActionPlan { id, command }
    }

    fn objective(&self, nth: u32) -> Path {
        self.path.of("objective", nth + 1)
    }

    fn set(&self, scribe: &mut Scribe) {
        let on = day(self.year, 2);
        let set = ActionPlanCommand::SetActionPlan {
            group: self.compact.group(self.code),
            title: format!("{} action plan {}", self.code, 2007 + self.year),
        };
        let release = ActionPlanCommand::ReleaseActionPlan {
            to: Visibility::Public,
            reason: None,
        };
        let mut commands = vec![self.command(set), self.command(release)];
        for nth in 0..OBJECTIVES {
            let path = self.objective(nth);
            let dice = Dice(&path);
            commands.push(self.command(ActionPlanCommand::AddObjective {
                objective: path.id(),
                label: (nth + 1).to_string(),
                words: ObjectiveWords {
                    title: undertaking(&dice),
                    indicator: Some("It is done, and members say so.".into()),
                },
                commitment: None,
            }));
            let change = self.action(&path, 0, on);
            commands.push(self.command(ActionPlanCommand::MakeChange { change }));
        }
        scribe.write(&self.path, "set", on, commands);
    }

    /// A new action of an objective.
    fn action(&self, objective: &Path, nth: u32, on: NaiveDate) -> Change {
        let path = objective.of("action", nth);
        let dice = Dice(&path);
        Change::SetAction {
            action: path.id(),
            objective: objective.id(),
            text: deed(&dice).into(),
            owner: Some(format!("Owner {} of {}", dice.below("owner", 10), self.code).into()),
            timescale: Some(within(on, 60 + dice.below("due", 120) as u64)),
        }
    }

    /// What a meeting, the `nth` of its session, says of the plan: each time of every other objective, two in one breath; and a new action.
    pub fn heard(&self, nth: u32, on: NaiveDate) -> Led {
        let mut led = Led {
            commands: Vec::new(),
            updates: Vec::new(),
            actions: Vec::new(),
        };
        let of: Vec<u32> = (0..OBJECTIVES).filter(|it| it % 2 == nth % 2).collect();
        for (number, objectives) in of.chunks(TOGETHER).enumerate() {
            let path = self.path.of("update", format_args!("{nth}/{number}"));
            let changes = objectives.iter().map(|it| self.change(*it, nth, on));
            let update: UpdateId = path.id();
            led.commands.push(
                self.command(ActionPlanCommand::RecordUpdate {
                    update,
                    text: said(&Dice(&path)).into(),
                    objectives: objectives
                        .iter()
                        .map(|it| self.objective(*it).id::<ObjectiveId>())
                        .collect(),
                    changes: changes.collect(),
                }),
            );
            led.updates.push(SaidInput {
                plan: self.path.id(),
                update,
            });
        }
        let objective = self.objective(nth % OBJECTIVES);
        let change = self.action(&objective, nth + 1, on);
        let action: ActionId = objective.of("action", nth + 1).id();
        led.commands
            .push(self.command(ActionPlanCommand::MakeChange { change }));
        led.actions.push(RaisedInput {
            label: Some("i".to_owned()),
            plan: self.path.id(),
            action,
        });
        led
    }

    /// What becomes of an objective's first action: it moves on when it is first spoken of, and mostly ends the second time.
    fn change(&self, objective: u32, meeting: u32, on: NaiveDate) -> Change {
        let path = self.objective(objective);
        let dice = Dice(&path);
        let action: ActionId = path.of("action", 0).id();
        let reason = reason(&dice).into();
        match (meeting / 2, dice.below("change", 6)) {
            (0, 0 | 1) => Change::RescheduleAction {
                action,
                // Later than whatever it was set to.
                timescale: within(on, 200),
                reason,
            },
            (0, 2) => Change::ReassignAction {
                action,
                owner: "The facilitator".into(),
                reason: Some(reason),
            },
            (0, _) | (_, 5) => Change::ProgressAction { action, note: None },
            (_, 4) => Change::DropAction { action, reason },
            _ => Change::CompleteAction { action, note: None },
        }
    }
}

/// A timescale that ends so many days from `on`.
fn within(on: NaiveDate, days: u64) -> Timescale {
    let due = on.checked_add_days(chrono::Days::new(days)).unwrap_or(on);
    Timescale {
        text: due.format("by %-d %B %Y").to_string(),
        due_on: Some(due),
        note: None,
    }
}
