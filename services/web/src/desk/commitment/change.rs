//! One change of a commitment, of one of its measures or of a reading: asked for in a form, shown beside what it replaces, and sent with the
//! version that was seen, so that what somebody else changed meanwhile is not written over unseen.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::measure::{self, MeasureStep};
use super::reading::{self, ReadingStep};
use super::sheet::{Differing, Said, Sheet};
use super::step::{self, Step};
use super::take;
use super::{Choosable, Commitment, Measure, Reading, choosable, find};
use crate::address::Address;
use crate::desk::Desk;
use crate::form::{COMMAND, Fields, Problems, TOKEN};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

/// What an address asks to change.
struct Asked {
    id: String,
    measure: Option<String>,
    reading: Option<String>,
    step: String,
}

/// A change, and what it is of.
enum Change<'c> {
    Whole(Step),
    Measure(MeasureStep, &'c Measure),
    Reading(ReadingStep, &'c Measure, &'c Reading),
}

#[derive(Template)]
#[template(path = "desk/commitment/change.html")]
struct Form {
    frame: Frame,
    here: String,
    back: String,
    about: String,
    command: String,
    version: i64,
    conflict: bool,
    sheet: Sheet,
}

#[derive(Template)]
#[template(path = "desk/commitment/check.html")]
struct Check {
    frame: Frame,
    here: String,
    about: String,
    differing: Vec<Differing>,
    reason: String,
    on: String,
    /// What was typed, to be sent on.
    fields: Vec<(String, String)>,
}

impl<'c> Change<'c> {
    /// The change that an address asks for.
    fn of(commitment: &'c Commitment, asked: &Asked) -> Result<Self, Instead> {
        let named = &asked.step;
        let change = match (&asked.measure, &asked.reading) {
            (Some(id), _) => {
                let measure = commitment.measures.iter().find(|one| one.id == *id);
                let step = MeasureStep::named(named);
                step.zip(measure)
                    .map(|(step, measure)| Self::Measure(step, measure))
            }
            (None, Some(id)) => {
                let mut all = commitment.measures.iter().flat_map(|measure| {
                    let readings = measure.readings.nodes.iter();
                    readings.map(move |reading| (measure, reading))
                });
                let found = all.find(|(_, reading)| reading.id == *id);
                let step = ReadingStep::named(named);
                step.zip(found)
                    .map(|(step, (measure, reading))| Self::Reading(step, measure, reading))
            }
            (None, None) => Step::named(named).map(Self::Whole),
        };
        change.ok_or(Instead::NotHere)
    }

    /// Whether it can be asked for, as things stand.
    fn is_open(&self, commitment: &Commitment) -> bool {
        match self {
            Self::Whole(step) => step.is_open(commitment),
            Self::Measure(step, measure) => step.is_open(commitment, measure),
            Self::Reading(step, _, reading) => step.is_open(reading),
        }
    }

    fn needs_choices(&self) -> bool {
        matches!(self, Self::Whole(step) if step.needs_choices())
    }

    fn sheet(&self, commitment: &Commitment, choices: Option<&Choosable>) -> Sheet {
        match self {
            Self::Whole(step) => step::sheet(*step, commitment, choices),
            Self::Measure(step, measure) => measure::sheet(*step, measure),
            Self::Reading(step, measure, reading) => reading::sheet(*step, measure, reading),
        }
    }

    /// What it is of, in words.
    fn about(&self, commitment: &Commitment) -> String {
        let session = uk::session(&commitment.session);
        let whole = format!("{session}, {}", commitment.called());
        match self {
            Self::Whole(_) => whole,
            Self::Measure(_, measure) | Self::Reading(_, measure, _) => {
                format!("{whole}. Measure: {}", measure.name)
            }
        }
    }

    /// What it replaces by what, where that is to be seen first.
    fn differing(&self, said: &Said<'_>, wrong: &mut Problems) -> Vec<Differing> {
        match self {
            Self::Whole(_) => Vec::new(),
            Self::Measure(step, measure) => measure::differing(*step, measure, said, wrong),
            Self::Reading(step, measure, reading) => {
                reading::differing(*step, (measure, reading), said, wrong)
            }
        }
    }

    async fn record(
        &self,
        (web, desk): (&Web, &Desk),
        commitment: &Commitment,
        said: &Said<'_>,
    ) -> Result<Option<Problems>, Instead> {
        let there = (web, desk.looker.caller());
        match self {
            Self::Whole(step) => take::record(*step, there, commitment, said).await,
            Self::Measure(step, measure) => measure::record(*step, there, &measure.id, said).await,
            Self::Reading(step, _, reading) => {
                reading::record(*step, there, &reading.id, said).await
            }
        }
    }

    /// Where to go on to when it is recorded.
    fn landing(&self, back: &str) -> String {
        let (done, of) = match self {
            Self::Whole(step) => (step.name().to_owned(), None),
            Self::Measure(step, measure) => (format!("measure-{}", step.name()), Some(&measure.id)),
            Self::Reading(step, _, reading) => {
                (format!("reading-{}", step.name()), Some(&reading.id))
            }
        };
        let there = Address::read(back, "").with("done", &done);
        match of {
            Some(id) => there.with("of", id).to_string(),
            None => there.to_string(),
        }
    }
}

/// What is around a form of the desk: the commitment it is of.
///
/// # Errors
/// When no token can be made for it.
pub fn about_frame(
    desk: &Desk,
    title: &'static str,
    commitment: &Commitment,
) -> Result<Frame, Instead> {
    Ok(desk
        .frame(title)?
        .crumb("Commitments", desk.at("/commitments"))
        .crumb(
            format!("{}, {}", commitment.session, commitment.ref_),
            whole(desk, commitment),
        ))
}

/// Where a commitment's page of the desk is.
pub fn whole(desk: &Desk, commitment: &Commitment) -> String {
    desk.at(&format!("/commitments/{}", commitment.id))
}

async fn form(
    (web, desk, here): (&Web, &Desk, &str),
    (commitment, change): (&Commitment, &Change<'_>),
    (fields, problems): (&Fields, &Problems),
) -> Result<Form, Instead> {
    let choices = if change.needs_choices() {
        Some(choosable(web, desk).await?)
    } else {
        None
    };
    let mut sheet = change.sheet(commitment, choices.as_ref());
    if !fields.nothing_typed() {
        let blanks = sheet.blanks.into_iter();
        sheet.blanks = blanks.map(|blank| blank.sent(fields, problems)).collect();
    }
    Ok(Form {
        frame: about_frame(desk, sheet.title, commitment)?.mending(problems),
        here: here.to_owned(),
        back: whole(desk, commitment),
        about: change.about(commitment),
        command: web.gateway.services().ids.next().to_string(),
        version: commitment.version,
        conflict: problems.has("CONFLICT"),
        sheet,
    })
}

async fn showing(
    web: &Web,
    visit: &Visit,
    (slug, asked): (&str, Asked),
    address: &Address,
) -> Result<Response, Instead> {
    let desk = web.desk(visit, slug, address.path()).await?;
    must_run(&desk)?;
    let commitment = find(web, &desk, &asked.id).await?;
    let change = Change::of(&commitment, &asked)?;
    if !change.is_open(&commitment) {
        return Ok(onwards(&whole(&desk, &commitment)));
    }
    let nothing = (&Fields::default(), &Problems::default());
    let there = (web, &desk, address.path());
    shown(&form(there, (&commitment, &change), nothing).await?)
}

async fn sending(
    web: &Web,
    visit: &Visit,
    (slug, asked): (&str, Asked),
    (address, fields): (&Address, &Fields),
) -> Result<Response, Instead> {
    let here = address.path();
    let desk = web.desk_sending(visit, fields, (slug, here)).await?;
    must_run(&desk)?;
    let mut commitment = find(web, &desk, &asked.id).await?;
    let change = Change::of(&commitment, &asked)?;
    let mut wrong = Problems::default();
    let said = Said::read(fields, &mut wrong);
    let differing = change.differing(&said, &mut wrong);
    let back_to_form = !fields.one("again").is_empty();
    if wrong.is_empty() && !back_to_form {
        if !differing.is_empty() && fields.one("confirmed").is_empty() {
            let about = change.about(&commitment);
            return shown(&check(
                (web, &desk, here),
                (&commitment, about),
                &said,
                differing,
            )?);
        }
        match change.record((web, &desk), &commitment, &said).await? {
            None => return Ok(onwards(&change.landing(&whole(&desk, &commitment)))),
            Some(problems) => wrong = problems,
        }
    }
    if wrong.has("CONFLICT") {
        commitment = find(web, &desk, &asked.id).await?;
    }
    let wrong = wrong.renamed(|place| match place {
        "expectedVersion" => "conflict".to_owned(),
        other => other.to_owned(),
    });
    let change = Change::of(&commitment, &asked)?;
    let page = form((web, &desk, here), (&commitment, &change), (fields, &wrong)).await?;
    if wrong.is_empty() {
        return shown(&page);
    }
    to_mend(&page)
}

/// Commitments are the secretariat's to change.
///
/// # Errors
/// [`Instead::NotHere`] for others.
pub fn must_run(desk: &Desk) -> Result<(), Instead> {
    let runs = desk.looker.runs(&desk.place.slug);
    runs.then_some(()).ok_or(Instead::NotHere)
}

/// A commitment that is proposed, whose measure was refused: the form of the measure as it was typed, to go on with.
///
/// # Errors
/// When it cannot be shown.
pub async fn measure_refused(
    (web, desk): (&Web, &Desk),
    id: &str,
    (fields, problems): (&Fields, &Problems),
) -> Result<Response, Instead> {
    let commitment = find(web, desk, id).await?;
    let change = Change::Whole(Step::AddMeasure);
    let here = format!("{}/{}", whole(desk, &commitment), Step::AddMeasure.name());
    let there = (web, desk, here.as_str());
    let mut page = form(there, (&commitment, &change), (fields, problems)).await?;
    let done = "The commitment is proposed. Its measure is not recorded yet: something is to be mended first.";
    page.frame = page.frame.done(Some(done));
    to_mend(&page)
}

fn check(
    (web, desk, here): (&Web, &Desk, &str),
    (commitment, about): (&Commitment, String),
    said: &Said<'_>,
    differing: Vec<Differing>,
) -> Result<Check, Instead> {
    let today = web.identity.clock().now().date_naive();
    let own = |name: &str| [TOKEN, "again", "confirmed"].contains(&name);
    let typed = said.fields.iter().filter(|(name, _)| !own(name));
    let mut fields: Vec<_> = typed
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if said.fields.command().is_none() {
        let command = web.gateway.services().ids.next().to_string();
        fields.push((COMMAND.to_owned(), command));
    }
    Ok(Check {
        frame: about_frame(desk, "Check the change before it is recorded", commitment)?,
        here: here.to_owned(),
        about,
        differing,
        reason: said.reason(),
        on: uk::day(&said.occurred_on.unwrap_or(today)),
        fields,
    })
}

/// `GET /desk/{slug}/commitments/{id}/{step}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id, step)): Path<(String, String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    showing(&web, &visit, (&slug, Asked::whole(id, step)), &address).await
}

/// `POST /desk/{slug}/commitments/{id}/{step}`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id, step)): Path<(String, String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let asked = Asked::whole(id, step);
    sending(&web, &visit, (&slug, asked), (&address, &fields)).await
}

/// `GET /desk/{slug}/commitments/{id}/measures/{measure}/{step}`
pub async fn show_measure(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id, measure, step)): Path<(String, String, String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let asked = Asked::measure(id, measure, step);
    showing(&web, &visit, (&slug, asked), &address).await
}

/// `POST /desk/{slug}/commitments/{id}/measures/{measure}/{step}`
pub async fn send_measure(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id, measure, step)): Path<(String, String, String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let asked = Asked::measure(id, measure, step);
    sending(&web, &visit, (&slug, asked), (&address, &fields)).await
}

/// `GET /desk/{slug}/commitments/{id}/readings/{reading}/{step}`
pub async fn show_reading(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id, reading, step)): Path<(String, String, String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let asked = Asked::reading(id, reading, step);
    showing(&web, &visit, (&slug, asked), &address).await
}

/// `POST /desk/{slug}/commitments/{id}/readings/{reading}/{step}`
pub async fn send_reading(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id, reading, step)): Path<(String, String, String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let asked = Asked::reading(id, reading, step);
    sending(&web, &visit, (&slug, asked), (&address, &fields)).await
}

impl Asked {
    const fn whole(id: String, step: String) -> Self {
        Self {
            id,
            measure: None,
            reading: None,
            step,
        }
    }

    const fn measure(id: String, measure: String, step: String) -> Self {
        Self {
            id,
            measure: Some(measure),
            reading: None,
            step,
        }
    }

    const fn reading(id: String, reading: String, step: String) -> Self {
        Self {
            id,
            measure: None,
            reading: Some(reading),
            step,
        }
    }
}
