//! The form of a meeting: when, who came, the items with the plan beside them, and the next meeting.

use askama::Template;

use super::ground::{Expected, Ground};
use super::kept::Kept;
use super::rows::{ActionRow, ChangeRow, EMPTY, ItemRow, Typed, UpdateRow};
use super::sheet::SUGGESTED;
use crate::desk::Desk;
use crate::desk::attendance::{Table, as_typed};
use crate::documents::scalars::Date;
use crate::form::{COMMAND, DateField, Field, Fields, Problems};
use crate::instead::Instead;
use crate::page::Frame;
use crate::uk;
use crate::visit::Web;

/// The form of a meeting.
#[derive(Template)]
#[template(path = "desk/recording/form.html")]
pub struct FormPage {
    /// What is around it.
    pub frame: Frame,
    here: String,
    saved: Option<String>,
    version: i64,
    command: String,
    on: DateField,
    time: Field,
    venue: Field,
    came: Table,
    items: Vec<ItemRow>,
    next: Next,
    ground: Ground,
    empty: Empty,
}

/// When and where the group meets next.
struct Next {
    on: DateField,
    words: Field,
    time: Field,
    venue: Field,
}

/// The empty rows that a script adds.
pub struct Empty {
    item: ItemRow,
    /// Of an action.
    pub action: ActionRow,
    /// Of an update.
    pub update: UpdateRow,
    /// Of a change that an update carries.
    pub change: ChangeRow,
}

/// A field of the form itself, as it was typed.
fn words(typed: Typed<'_>, name: &'static str, label: &'static str) -> Field {
    Field::words(name, label).sent(typed.fields, typed.problems)
}

impl Next {
    fn new(typed: Typed<'_>) -> Self {
        Self {
            on: DateField::new("next.on", "On which day, if it is fixed?")
                .sent(typed.fields, typed.problems),
            words: words(typed, "next.words", "Or when, in words")
                .hinting("Such as: late November"),
            time: Field {
                short: true,
                ..words(typed, "next.time", "At what time will it begin?")
                    .hinting("Such as 10:30 or 2pm. May be left empty.")
            },
            venue: words(typed, "next.venue", "Where will it be?"),
        }
    }
}

impl Empty {
    /// Of a form that stands on this.
    pub fn new(ground: &Ground) -> Self {
        let (fields, problems) = (Fields::default(), Problems::default());
        let nothing = Typed {
            fields: &fields,
            problems: &problems,
            ground,
        };
        let row = || EMPTY.to_owned();
        Self {
            item: ItemRow::new(nothing, row()),
            action: ActionRow::new(nothing, row()),
            update: UpdateRow::new(nothing, row()),
            change: ChangeRow::new(nothing, row()),
        }
    }
}

impl FormPage {
    /// The form as it was typed.
    ///
    /// # Errors
    /// When no token can be made for it.
    pub fn new(
        (desk, ground): (&Desk, Ground),
        kept: &Kept,
        problems: &Problems,
    ) -> Result<Self, Instead> {
        let fields = &kept.fields;
        let title = format!("Record a meeting: {}", ground.group_name);
        let here = desk.at(&format!("/record/{}", ground.about));
        let typed = Typed {
            fields,
            problems,
            ground: &ground,
        };
        let rows = fields.rows("items").into_iter();
        let rows = rows.map(|at| format!("items.{at}"));
        Ok(Self {
            frame: desk.frame(title)?.mending(problems),
            saved: (kept.version > 0).then(|| uk::moment(&kept.saved_at)),
            version: kept.version,
            command: fields.one(COMMAND).to_owned(),
            on: DateField::new("occurredOn", "When was it held?").sent(fields, problems),
            time: Field {
                short: true,
                ..words(typed, "time", "At what time did it begin?")
                    .hinting("Such as 10:30 or 2pm. May be left empty.")
            },
            venue: words(typed, "venue", "Where was it held?"),
            came: Table::new(&here, &ground.may_come, (fields, problems)),
            items: rows.map(|row| ItemRow::new(typed, row)).collect(),
            next: Next::new(typed),
            empty: Empty::new(&ground),
            here,
            ground,
        })
    }
}

/// The form as it begins: what is known beforehand is in it.
///
/// # Errors
/// When the schema does not answer.
pub async fn begun(
    web: &Web,
    desk: &Desk,
    (ground, on): (&Ground, Option<Date>),
) -> Result<Fields, Instead> {
    let on = on.or(ground.on);
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut put = |name: String, value: String| fields.push((name, value));
    put(
        COMMAND.to_owned(),
        web.gateway.services().ids.next().to_string(),
    );
    let day = DateField::new("", "").with(on);
    put("occurredOn.day".to_owned(), day.day);
    put("occurredOn.month".to_owned(), day.month);
    put("occurredOn.year".to_owned(), day.year);
    put(
        "time".to_owned(),
        ground.arranged.0.clone().unwrap_or_default(),
    );
    put(
        "venue".to_owned(),
        ground.arranged.1.clone().unwrap_or_default(),
    );
    for (name, value) in as_typed(&[], &ground.may_come).iter() {
        put(name.to_owned(), value.to_owned());
    }
    let proposed = if ground.agenda.is_empty() {
        ground.expected(web, desk, on).await?
    } else {
        Vec::new()
    };
    let mut at = 0;
    for item in ground.agenda.iter().chain(&proposed) {
        put_item(&mut put, at, item);
        at += 1;
    }
    for plan in ground.plans.iter().filter(|plan| plan.own) {
        let titled = ground.agenda.iter().any(|item| item.title == plan.title);
        if !titled {
            let item = Expected {
                id: None,
                title: plan.title.clone(),
                note: None,
            };
            put_item(&mut put, at, &item);
            put(format!("items.{at}.updates.0.text"), String::new());
            at += 1;
        }
    }
    Ok(fields.into_iter().collect())
}

fn put_item(put: &mut impl FnMut(String, String), at: usize, item: &Expected) {
    put(format!("items.{at}.title"), item.title.clone());
    let id = item.id.clone().unwrap_or_default();
    put(format!("items.{at}.itemId"), id);
    if item.id.is_none() {
        put(format!("items.{at}.{SUGGESTED}"), item.title.clone());
    }
    let note = item.note.clone().unwrap_or_default();
    put(format!("items.{at}.note"), note);
}
