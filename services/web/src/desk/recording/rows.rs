//! The rows of the form of a meeting: an item, and under it the actions raised and the updates given, with the changes these carry. Each
//! is written once and serves what was typed, and the empty row that a script adds.

use askama::Template;

use super::change::{NO_ACTION, OBJECTIVE_DROPPED};
use super::command::NEW_OBJECTIVE;
use super::ground::Ground;
use super::sheet::SUGGESTED;
use crate::form::{Area, Choice, Field, Fields, Problems, Select};
use crate::parts::html;

/// What stands in the place of a row's name in the empty rows that a script adds.
pub const EMPTY: &str = "@row@";

/// What was typed, what is wrong with it, and what it stands on.
#[derive(Clone, Copy)]
pub struct Typed<'t> {
    /// The form.
    pub fields: &'t Fields,
    /// What is wrong with it.
    pub problems: &'t Problems,
    /// What it stands on.
    pub ground: &'t Ground,
}

impl Typed<'_> {
    fn field(self, row: &str, name: &str, label: &'static str) -> Field {
        Field::words(format!("{row}.{name}"), label).sent(self.fields, self.problems)
    }

    fn area(self, row: &str, name: &str, (label, rows): (&'static str, u8)) -> Area {
        let area = Area::new(format!("{row}.{name}"), label);
        Area { rows, ..area }.sent(self.fields, self.problems)
    }

    fn below(self, row: &str, list: &str) -> Vec<String> {
        let list = format!("{row}.{list}");
        let rows = self.fields.rows(&list).into_iter();
        rows.map(|at| format!("{list}.{at}")).collect()
    }
}

/// An item of the minutes.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether something is on the page, and none says more"
)]
#[derive(Template)]
#[template(path = "desk/recording/item.html")]
pub struct ItemRow {
    row: String,
    title: Field,
    item_id: String,
    suggested: String,
    note: String,
    discussion: Area,
    decision: Area,
    carried_over: bool,
    actions: Vec<ActionRow>,
    updates: Vec<UpdateRow>,
    has_plans: bool,
    /// Whether it is the only one, which cannot be taken out.
    alone: bool,
    /// Whether there is a plan in which an action could stand.
    raises: bool,
}

/// An action that was raised.
#[derive(Template)]
#[template(path = "desk/recording/action.html")]
pub struct ActionRow {
    row: String,
    text: Area,
    owner: Field,
    when: Field,
    due: Field,
    objective: Select,
}

/// An objective that an update can speak for.
pub struct Tick {
    id: String,
    value: String,
    label: String,
    chosen: bool,
}

/// An update to a plan.
#[derive(Template)]
#[template(path = "desk/recording/update.html")]
pub struct UpdateRow {
    row: String,
    plans: Vec<(String, Vec<Tick>)>,
    problem: Option<String>,
    text: Area,
    changes: Vec<ChangeRow>,
}

/// A change that an update carries.
#[derive(Template)]
#[template(path = "desk/recording/change.html")]
pub struct ChangeRow {
    row: String,
    of: Select,
    what: Select,
    when: Field,
    due: Field,
    owner: Field,
    text: Field,
    reason: Field,
}

html!(ItemRow, ActionRow, UpdateRow, ChangeRow);

impl ItemRow {
    /// The row of this name.
    pub fn new(typed: Typed<'_>, row: String) -> Self {
        let one = |name: &str| typed.fields.one(&format!("{row}.{name}")).to_owned();
        let actions = typed.below(&row, "actions").into_iter();
        let updates = typed.below(&row, "updates").into_iter();
        Self {
            title: typed.field(&row, "title", "Heading"),
            item_id: one("itemId"),
            suggested: one(SUGGESTED),
            note: one("note"),
            discussion: typed.area(&row, "discussion", ("What was said", 3)),
            decision: typed.area(&row, "decision", ("What was decided", 2)),
            carried_over: one("carriedOver") == "yes",
            actions: actions.map(|row| ActionRow::new(typed, row)).collect(),
            updates: updates.map(|row| UpdateRow::new(typed, row)).collect(),
            has_plans: !typed.ground.plans.is_empty(),
            alone: false,
            raises: true,
            row,
        }
    }

    /// The same where it is the only one; `raises` says whether there is a plan in which an action could stand.
    #[must_use]
    pub fn alone(self, raises: bool) -> Self {
        Self {
            alone: true,
            raises,
            ..self
        }
    }
}

impl ActionRow {
    /// The row of this name.
    pub fn new(typed: Typed<'_>, row: String) -> Self {
        let mut choices = vec![Choice::new(
            NEW_OBJECTIVE,
            "None of these: a heading of its own",
        )];
        let of_all = typed.ground.plans.iter().flat_map(|plan| &plan.objectives);
        choices.extend(
            of_all.map(|one| Choice::new(&one.id, format!("{}: {}", one.label, one.title))),
        );
        Self {
            text: typed.area(&row, "text", ("What will be done", 2)),
            owner: typed.field(&row, "owner", "Who will do it"),
            when: typed
                .field(
                    &row,
                    "timescale.text",
                    "By when, in the words that were agreed",
                )
                .hinting("Such as: end of November, or before the next meeting"),
            due: typed
                .field(&row, "due", "Due date, if it names a day")
                .hinting("Such as 30/11/2007"),
            objective: Select::new(
                format!("{row}.objective"),
                "Which objective it serves",
                choices,
            )
            .sent(typed.fields, typed.problems),
            row,
        }
    }
}

impl UpdateRow {
    /// The row of this name.
    pub fn new(typed: Typed<'_>, row: String) -> Self {
        let name = format!("{row}.objectiveIds");
        let ticked: Vec<&str> = typed.fields.all(&name).collect();
        let mut count = 0;
        let mut tick = |value: &str, label: String| {
            count += 1;
            let id = match count {
                1 => name.clone(),
                more => format!("{name}-{more}"),
            };
            Tick {
                id,
                value: value.to_owned(),
                label,
                chosen: ticked.contains(&value),
            }
        };
        let plans = typed.ground.plans.iter().map(|plan| {
            let ticks = plan
                .objectives
                .iter()
                .map(|one| tick(&one.id, format!("{}: {}", one.label, one.title)));
            (plan.title.clone(), ticks.collect())
        });
        let plans = plans.collect();
        let changes = typed.below(&row, "changes").into_iter();
        Self {
            plans,
            problem: typed.problems.at(&name),
            text: typed.area(&row, "text", ("What was reported", 3)),
            changes: changes.map(|row| ChangeRow::new(typed, row)).collect(),
            row,
        }
    }
}

/// What can be said of an action or of an objective.
const WHAT: [(&str, &str); 9] = [
    ("", "Choose what happened"),
    ("COMPLETED", "Action: done"),
    ("PROGRESSED", "Action: moved on"),
    ("RESCHEDULED", "Action: another timescale"),
    ("REASSIGNED", "Action: somebody else will do it"),
    ("REWORDED", "Action: other words"),
    ("DROPPED", "Action: given up"),
    (NO_ACTION, "Objective: no action at present"),
    (OBJECTIVE_DROPPED, "Objective: given up"),
];

impl ChangeRow {
    /// The row of this name.
    pub fn new(typed: Typed<'_>, row: String) -> Self {
        let objectives = || typed.ground.plans.iter().flat_map(|plan| &plan.objectives);
        let mut of = vec![Choice::new("", "Choose an action or an objective")];
        for one in objectives() {
            let actions = one.actions.iter();
            of.extend(actions.map(|action| {
                Choice::new(
                    &action.id,
                    format!("{}, action: {}", one.label, action.text),
                )
            }));
            let label = format!("{}, objective: {}", one.label, one.title);
            of.push(Choice::new(&one.id, label));
        }
        let what = WHAT
            .iter()
            .map(|(value, label)| Choice::new(*value, *label));
        Self {
            of: Select::new(format!("{row}.of"), "Which action or objective", of)
                .sent(typed.fields, typed.problems),
            what: Select::new(format!("{row}.what"), "What happened", what)
                .sent(typed.fields, typed.problems),
            when: typed.field(&row, "timescale.text", "The new timescale, in words"),
            due: typed
                .field(&row, "due", "Due date, if it names a day")
                .hinting("Such as 30/11/2007"),
            owner: typed.field(&row, "owner", "Who will do it now"),
            text: typed.field(&row, "text", "The new words"),
            reason: typed.field(&row, "reason", "Why, or what was said of it"),
            row,
        }
    }
}

/// What happened, in words, as it was chosen.
pub fn words_of(what: &str) -> &'static str {
    let chosen = WHAT.iter().find(|(value, _)| *value == what);
    let words = chosen.map_or("", |(_, label)| label);
    words.split_once(": ").map_or(words, |(_, words)| words)
}
