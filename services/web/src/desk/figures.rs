//! Figures of many measures on one page: one row for each, those left empty are passed over, and all that are filled in are recorded together
//! or none is. Where somebody else entered a figure of one of them meanwhile, both are shown before either is added.

mod meanwhile;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use self::meanwhile::{contested, ground};
use super::Desk;
use crate::address::Address;
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Position, Session, UUID};
use crate::documents::words::{CommitmentStatus, MeasureKind};
use crate::form::{Choice, Conflict, DateField, Field, Fields, Ground, Problems, Select};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend, with_status};
use crate::parts::{Pages, Part, pages_of};
use crate::session::latest_first;
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskFigures, "documents/desk/figures.graphql");
document!(RecordReadings, "documents/desk/record-readings.graphql");

use desk_figures::DeskFiguresCommitmentsNodes as Commitment;
use desk_figures::DeskFiguresCommitmentsNodesMeasures as Measure;

/// How many commitments stand on a page.
const SIZE: i64 = 50;

/// A measure, and the figure that is typed for it.
struct Row {
    at: usize,
    name: String,
    known: String,
    measure: String,
    value: Field,
    note: Field,
}

/// A commitment with its rows.
struct Promise {
    id: String,
    title: String,
    status: CommitmentStatus,
    reported: Option<Date>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "desk/figures.html")]
struct Page {
    frame: Frame,
    here: String,
    desk: String,
    /// Above the form, where somebody else entered a figure meanwhile.
    conflict: Option<Conflict>,
    ground: Ground,
    command: String,
    sessions: Select,
    on: DateField,
    source: Field,
    promises: Vec<Promise>,
    pages: Pages,
}

impl Page {
    fn any_rows(&self) -> bool {
        self.promises.iter().any(|promise| !promise.rows.is_empty())
    }
}

/// The commitments of a session, and which session that is.
struct Found {
    session: Option<String>,
    sessions: Vec<String>,
    commitments: Vec<Commitment>,
    pages: Pages,
}

async fn find(web: &Web, desk: &Desk, address: &Address) -> Result<Found, Instead> {
    let session = address.some("session").map(str::to_owned);
    let part = Part::latest(address, SIZE);
    let variables = desk_figures::Variables {
        compact: desk.place.id.clone(),
        session: session.clone(),
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<DeskFigures>(&web.gateway, variables, desk.looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let sessions = compact.sessions.into_iter().map(|one| one.session);
    Ok(Found {
        session,
        sessions: sessions.collect(),
        pages: pages_of!("commitments", address, answer.commitments.page_info).backwards(),
        commitments: latest_first(answer.commitments.nodes, |one| &one.session),
    })
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        (found, address): (Found, &Address),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let mut choices = vec![Choice::new("", "All sessions")];
        let sessions = found.sessions.iter().rev();
        choices.extend(sessions.map(|one| Choice::new(one, uk::session(one))));
        let mut at = 0;
        let ground = ground(found.measures());
        let promises = found.commitments.into_iter();
        let promises = promises.map(|one| promise(one, &mut at, (fields, problems)));
        let promises = promises.collect();
        Ok(Self {
            frame: desk.frame("Enter figures")?.mending(problems),
            here: address.path().to_owned(),
            desk: desk.at(""),
            conflict: None,
            ground,
            command: web.gateway.services().ids.next().to_string(),
            sessions: Select::new("session", "Session", choices)
                .with(found.session.unwrap_or_default())
                .going(),
            on: DateField::new("takenOn", "On which day were they counted?").sent(fields, problems),
            source: Field::words("source", "Where do they come from?")
                .hinting("Such as: returns from members, or the college's register")
                .sent(fields, problems),
            promises,
            pages: found.pages,
        })
    }
}

fn promise(
    commitment: Commitment,
    at: &mut usize,
    (fields, problems): (&Fields, &Problems),
) -> Promise {
    let rows = counted(&commitment).map(|measure| {
        let row = format!("rows.{at}");
        let place = *at;
        *at += 1;
        let quiet = |name: &str, label: String| Field {
            quiet: true,
            ..Field::words(format!("{row}.{name}"), label).sent(fields, problems)
        };
        Row {
            value: Field {
                short: true,
                ..quiet(
                    "value",
                    format!("Figure in {}: {}", measure.unit, measure.name),
                )
            },
            at: place,
            note: quiet("note", format!("Note on {}", measure.name)),
            name: measure.name.clone(),
            known: known(measure),
            measure: measure.id.clone(),
        }
    });
    let rows = rows.collect();
    Promise {
        title: format!(
            "{} {}: {}",
            commitment.session, commitment.ref_, commitment.title
        ),
        status: commitment.status,
        reported: commitment.latest_achievement.map(|one| one.reported_on),
        id: commitment.id,
        rows,
    }
}

impl Found {
    /// The measures that figures are entered of.
    fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.commitments.iter().flat_map(counted)
    }
}

/// The measures of a commitment that count something.
fn counted(commitment: &Commitment) -> impl Iterator<Item = &Measure> {
    let all = commitment.measures.iter();
    all.filter(|measure| measure.withdrawn.is_none() && measure.kind != MeasureKind::Narrative)
}

/// What is known of a measure so far.
fn known(measure: &Measure) -> String {
    let unit = &measure.unit;
    let target = measure.target.as_ref();
    let target = target.map(|figure| format!("Target {} {unit}", uk::number(figure)));
    let target = target.unwrap_or_else(|| format!("No target, in {unit}"));
    let due = measure.due_on.as_ref();
    let due = due.map_or(String::new(), |due| format!(" by {}", uk::day(due)));
    let latest = measure.latest_reading.as_ref().map_or_else(
        || "no figure yet".to_owned(),
        |reading| {
            let on = uk::day(&reading.taken_on);
            format!("last {} on {on}", uk::number(&reading.value))
        },
    );
    format!("{target}{due}; {latest}")
}

/// `GET /desk/{slug}/figures`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let found = find(&web, &desk, &address).await?;
    let nothing = (&Fields::default(), &Problems::default());
    let mut page = Page::new((&web, &desk), (found, &address), nothing)?;
    let done = match address.one("done") {
        "" => None,
        "1" => Some("One figure is recorded.".to_owned()),
        many => Some(format!(
            "{} figures are recorded.",
            many.parse::<u16>().unwrap_or(0)
        )),
    };
    page.frame = page.frame.done(done);
    shown(&page)
}

/// `POST /desk/{slug}/figures`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let desk = web
        .desk_sending(&visit, &fields, (&slug, &address.to_string()))
        .await?;
    let mut wrong = Problems::default();
    let (input, places) = readings(&fields, &mut wrong);
    let count = input.readings.len();
    let found = find(&web, &desk, &address).await?;
    if let Some(conflict) = contested(&found, &fields, address.to_string()) {
        let sent = (&fields, &wrong.of_conflict());
        let mut page = Page::new((&web, &desk), (found, &address), sent)?;
        page.conflict = Some(conflict);
        return with_status(StatusCode::CONFLICT, &page);
    }
    if wrong.is_empty() {
        let sent = record_readings::Variables { input };
        match change::<RecordReadings>(&web.gateway, sent, desk.looker.caller()).await? {
            Changed::Done(_) => {
                let there = address.with("done", &count.to_string());
                return Ok(onwards(&there.to_string()));
            }
            Changed::ToMend(problems) => wrong = problems.renamed(|place| typed_at(place, &places)),
        }
    }
    to_mend(&Page::new(
        (&web, &desk),
        (found, &address),
        (&fields, &wrong),
    )?)
}

/// The rows that are filled in, and where in the form each of them stands.
fn readings(
    fields: &Fields,
    wrong: &mut Problems,
) -> (record_readings::RecordReadingsInput, Vec<String>) {
    let taken_on = DateField::read(fields, "takenOn").unwrap_or_else(|words| {
        wrong.add("takenOn", words);
        None
    });
    let source = fields.some("source");
    let mut places = Vec::new();
    let mut readings = Vec::new();
    for at in fields.rows("rows") {
        let row = format!("rows.{at}");
        let Some(value) = fields.some(&format!("{row}.value")) else {
            continue;
        };
        readings.push(record_readings::ReadingRowInput {
            measure_id: fields.one(&format!("{row}.measureId")).to_owned(),
            note: fields.some(&format!("{row}.note")),
            source: source.clone().unwrap_or_default(),
            taken_on: taken_on.unwrap_or_default(),
            value: value.replace(',', ""),
            ..Default::default()
        });
        places.push(row);
    }
    match readings.first() {
        None => wrong.add("rows.0.value", "fill in at least one figure"),
        Some(_) if taken_on.is_none() && wrong.is_empty() => {
            wrong.add("takenOn", "say on which day they were counted");
        }
        Some(_) => {}
    }
    if source.is_none() && !places.is_empty() {
        wrong.add("source", "say where the figures come from");
    }
    let input = record_readings::RecordReadingsInput {
        readings,
        command_id: fields.command(),
        ..Default::default()
    };
    (input, places)
}

/// Where in the form the schema's place was typed.
fn typed_at(place: &str, rows: &[String]) -> String {
    let Some(rest) = place.strip_prefix("readings.") else {
        return place.to_owned();
    };
    let (at, field) = rest.split_once('.').unwrap_or((rest, ""));
    let row = at.parse().ok().and_then(|at: usize| rows.get(at));
    match (row, field) {
        (_, "takenOn" | "source") | (None, _) => field.to_owned(),
        (Some(row), "note") => format!("{row}.note"),
        (Some(row), _) => format!("{row}.value"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_left_empty_are_passed_over_and_a_row_in_error_is_found_again() {
        let fields = Fields::from_iter([
            ("takenOn.day", "31"),
            ("takenOn.month", "3"),
            ("takenOn.year", "2009"),
            ("source", "returns"),
            ("rows.0.measureId", "a"),
            ("rows.0.value", " "),
            ("rows.1.measureId", "b"),
            ("rows.1.value", "1,200"),
        ]);
        let mut wrong = Problems::default();
        let (input, places) = readings(&fields, &mut wrong);
        assert!(wrong.is_empty());
        assert_eq!(input.readings.len(), 1);
        assert_eq!(
            (
                input.readings[0].measure_id.as_str(),
                input.readings[0].value.as_str()
            ),
            ("b", "1200")
        );
        assert_eq!(typed_at("readings.0.value", &places), "rows.1.value");
        assert_eq!(typed_at("readings.0.takenOn", &places), "takenOn");
    }
}
