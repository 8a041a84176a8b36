//! One change of a commitment, of one of its measures or of a reading: asked for in a form, shown beside what it replaces, and sent with the
//! version that was seen, so that what somebody else changed meanwhile is not written over unseen.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::asked::{Asked, Change};
use super::sheet::{Differing, Said, Sheet};
use super::step::Step;
use super::{Choosable, Commitment, choosable, find};
use crate::address::Address;
use crate::desk::Desk;
use crate::form::{COMMAND, Conflict, Contested, Fields, Ground, Problems, Settled, TOKEN, settle};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend, with_status};
use crate::uk;
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "desk/commitment/change.html")]
struct Form {
    frame: Frame,
    here: String,
    back: String,
    about: String,
    command: String,
    /// Above the form, where somebody else changed it meanwhile.
    conflict: Option<Conflict>,
    ground: Ground,
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

/// What there is to choose from, where a change asks for it.
async fn choices(
    (web, desk): (&Web, &Desk),
    change: &Change<'_>,
) -> Result<Option<Choosable>, Instead> {
    if !change.needs_choices() {
        return Ok(None);
    }
    Ok(Some(choosable(web, desk).await?))
}

fn form(
    (web, desk, here): (&Web, &Desk, &str),
    (commitment, change, choices): (&Commitment, &Change<'_>, Option<&Choosable>),
    (fields, problems): (&Fields, &Problems),
) -> Result<Form, Instead> {
    let mut sheet = change.sheet(commitment, choices);
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
        conflict: None,
        ground: change.ground(commitment),
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
    let choices = choices((web, &desk), &change).await?;
    let of = (&commitment, &change, choices.as_ref());
    shown(&form(there, of, nothing)?)
}

/// A form that was sent.
struct Sending<'s> {
    at: (&'s Web, &'s Desk),
    asked: &'s Asked,
    said: &'s Said<'s>,
}

impl Contested for Sending<'_> {
    type Thing = Commitment;

    async fn find(&self) -> Result<Commitment, Instead> {
        let (web, desk) = self.at;
        find(web, desk, &self.asked.id).await
    }

    fn ground(&self, commitment: &Commitment) -> Ground {
        let change = Change::of(commitment, self.asked);
        change.map_or_else(
            |_| Ground::new(commitment.version),
            |change| change.ground(commitment),
        )
    }

    async fn record(
        &self,
        commitment: &Commitment,
        version: Option<i64>,
    ) -> Result<Option<Problems>, Instead> {
        let change = Change::of(commitment, self.asked)?;
        let said = Said {
            version,
            ..*self.said
        };
        change.record(self.at, commitment, &said).await
    }
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
    let there = (web, &desk, here);
    let commitment = find(web, &desk, &asked.id).await?;
    let change = Change::of(&commitment, &asked)?;
    let mut wrong = Problems::default();
    let said = Said::read(fields, &mut wrong);
    let differing = change.differing(&said, &mut wrong);
    let again = !fields.one("again").is_empty();
    let confirmed = differing.is_empty() || said.is_confirmed();
    if !(wrong.is_empty() && confirmed && !again) {
        if change.ground(&commitment).is_other_than(fields) {
            return contested(there, (&commitment, &asked), (&said, wrong.of_conflict())).await;
        }
        if again || !wrong.is_empty() {
            return mending(there, (&commitment, &asked), (fields, &wrong)).await;
        }
        let about = (&commitment, change.about(&commitment));
        return shown(&check(there, about, &said, differing)?);
    }
    let sending = Sending {
        at: (web, &desk),
        asked: &asked,
        said: &said,
    };
    match settle(&sending, fields).await? {
        Settled::Recorded(_) => Ok(onwards(&change.landing(&whole(&desk, &commitment)))),
        Settled::ToMend(found, problems) => {
            mending(there, (&found, &asked), (fields, &problems)).await
        }
        Settled::Contested(found, problems) => {
            contested(there, (&found, &asked), (&said, problems)).await
        }
    }
}

/// The form as it was typed, with what is to be mended.
async fn mending(
    (web, desk, here): (&Web, &Desk, &str),
    (commitment, asked): (&Commitment, &Asked),
    (fields, wrong): (&Fields, &Problems),
) -> Result<Response, Instead> {
    let change = Change::of(commitment, asked)?;
    let choices = choices((web, desk), &change).await?;
    let of = (commitment, &change, choices.as_ref());
    let page = form((web, desk, here), of, (fields, wrong))?;
    if wrong.is_empty() {
        return shown(&page);
    }
    to_mend(&page)
}

/// The form as it was typed, below both versions of what somebody else changed meanwhile.
async fn contested(
    (web, desk, here): (&Web, &Desk, &str),
    (commitment, asked): (&Commitment, &Asked),
    (said, wrong): (&Said<'_>, Problems),
) -> Result<Response, Instead> {
    let change = Change::of(commitment, asked)?;
    let choices = choices((web, desk), &change).await?;
    let choices = choices.as_ref();
    let of = (commitment, &change, choices);
    let mut page = form((web, desk, here), of, (said.fields, &wrong))?;
    let back = whole(desk, commitment);
    let typed = |part: &str| change.typed(said, (part, choices));
    let conflict = page.ground.against(said.fields, back, typed);
    page.conflict = Some(conflict);
    with_status(StatusCode::CONFLICT, &page)
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
    let choices = choices((web, desk), &change).await?;
    let of = (&commitment, &change, choices.as_ref());
    let mut page = form(there, of, (fields, problems))?;
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
