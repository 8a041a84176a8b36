//! Comparing two days or meetings: what is different between them, with what led there, as it is known now or was known on a day.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::differing::{self, Between, Difference, Point};
use super::{Choices, DESK, Ledger};
use crate::address::Address;
use crate::documents::scalars::Date;
use crate::form::{Choice, Field, Select};
use crate::instead::Instead;
use crate::page::Frame;
use crate::parts::{Pages, Part, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

/// How many differences stand on a page.
const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "audit/compare.html")]
struct Page {
    frame: Frame,
    ledger: Ledger,
    of: Select,
    from: Side,
    to: Side,
    known: Field,
    asked: bool,
    differences: Vec<Difference>,
    pages: Pages,
}

/// One end, as it is asked for: a meeting, or a day.
struct Side {
    meeting: Select,
    day: Field,
}

/// A field for a day, and what is wrong with what it says.
fn day(address: &Address, name: &'static str, label: &'static str) -> (Field, Option<Date>) {
    let typed = address.one(name);
    let read = typed.parse::<Date>().ok();
    let wrong = !typed.is_empty() && read.is_none();
    let field = Field {
        kind: "date",
        short: true,
        ..Field::new(name, label, "off")
    };
    let wrong = wrong.then_some("enter a real date, such as 2007-09-24");
    (field.with(typed).but(wrong), read)
}

/// What is wrong with two ends, at the second or at the one that is missing.
fn wrong_with(
    (earlier, later): (Option<&Point>, Option<&Point>),
    choices: &Choices,
) -> (Option<&'static str>, Option<&'static str>) {
    const MISSING: &str = "choose a meeting or a day";
    match (earlier, later) {
        (Some(_), None) => (None, Some(MISSING)),
        (None, Some(_)) => (Some(MISSING), None),
        (Some(earlier), Some(later)) if choices.is_before(later, earlier) => (
            None,
            Some("this is before the other end; put the earlier one first"),
        ),
        _ => (None, None),
    }
}

impl Choices {
    fn is_before(&self, one: &Point, other: &Point) -> bool {
        let days = self.day_of(one).zip(self.day_of(other));
        days.is_some_and(|(one, other)| one < other)
    }

    /// The day an end is, where it is known.
    fn day_of(&self, point: &Point) -> Option<Date> {
        match point {
            Point::Day(day) => Some(*day),
            Point::Meeting(id) => self.held_on(id),
        }
    }
}

impl Side {
    /// The same, with what is wrong with it; what is wrong with the day itself stays.
    fn but(self, wrong: Option<&'static str>) -> Self {
        let (Some(wrong), None) = (wrong, &self.day.problem) else {
            return self;
        };
        Self {
            day: self.day.but(Some(wrong)),
            ..self
        }
    }

    fn read(
        address: &Address,
        choices: &Choices,
        [meeting, on]: [&'static str; 2],
        label: &'static str,
    ) -> (Self, Option<Point>) {
        let held = choices.meetings(meeting, label, "A day, not a meeting");
        let chosen = address.some(meeting).map(str::to_owned);
        let (day, read) = day(address, on, "or the day");
        let point = chosen.clone().map(Point::Meeting).or(read.map(Point::Day));
        let meeting = held.with(chosen.unwrap_or_default());
        (Self { meeting, day }, point)
    }
}

/// Both ends as they are asked for, with what is wrong with them; and what they come to, where nothing is.
fn sides(address: &Address, choices: &Choices) -> ([Side; 2], Option<(Point, Point)>) {
    let (from, earlier) = Side::read(address, choices, ["from", "since"], "From the meeting of");
    let (to, later) = Side::read(address, choices, ["to", "until"], "To the meeting of");
    let (wrong_from, wrong_to) = wrong_with((earlier.as_ref(), later.as_ref()), choices);
    let later = later.filter(|_| wrong_to.is_none());
    ([from.but(wrong_from), to.but(wrong_to)], earlier.zip(later))
}

/// `GET /audit/{ledger}/compare`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(slug): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let ledger = Ledger::named(&web, &looker, &slug).await?;
    let choices = ledger
        .choices(&web, &looker)
        .await?
        .ok_or(Instead::NotHere)?;
    let things = choices.things();
    let of = address
        .some("of")
        .filter(|of| things.iter().any(|(id, _)| id == of));
    let ([from, to], ends) = sides(&address, &choices);
    let (known, known_on) = day(&address, "known", "As we knew it on");
    let between = ends.map(|(from, to)| Between {
        from,
        to,
        known_at: known_on.as_ref().and_then(uk::ends),
    });
    let plans: Vec<&str> = choices
        .action_plans
        .nodes
        .iter()
        .map(|it| it.id.as_str())
        .collect();
    let (mut differences, mut pages) = (Vec::new(), Pages::default());
    let asked = of.zip(between);
    if let Some((id, between)) = &asked {
        if plans.contains(id) {
            let part = Part::of(&address, SIZE);
            let found = differing::of_plan(&web, &looker, (id, between), part).await?;
            pages = pages_of!("what is different", &address, found.1);
            differences = found.0;
        } else {
            differences = differing::of_commitment(&web, &looker, (id, between)).await?;
        }
    }
    let things = things
        .iter()
        .map(|(id, words)| Choice::new(id.clone(), words.clone()));
    kept.shown(&Page {
        frame: Frame::of("Compare two days or meetings", &looker)?
            .within(DESK)
            .at(&ledger.name)
            .crumb("The record", DESK)
            .crumb(ledger.name.clone(), format!("/audit/{slug}")),
        of: Select::new("of", "What to compare", things).with(of.unwrap_or_default()),
        asked: asked.is_some(),
        ledger,
        from,
        to,
        known,
        differences,
        pages,
    })
}
