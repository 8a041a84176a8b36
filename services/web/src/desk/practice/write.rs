//! Writing a piece of good practice down, and revising it: one form for both, with files or without.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::Practice;
use super::sheet::{self, Ground, Sheet};
use crate::address::Address;
use crate::desk::Desk;
use crate::documents::words::Visibility;
use crate::form::{Area, Fields, Posted, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "desk/practice/write.html")]
struct Page {
    frame: Frame,
    here: String,
    command: String,
    sheet: Sheet,
    /// What is asked of whoever changes what is there already.
    revising: Option<Revising>,
}

/// What was changed, why, and on which version it rests.
struct Revising {
    changed: Area,
    reason: Area,
    version: String,
    number: i64,
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        (ground, here, practice): (Ground, &str, Option<&Practice>),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let frame = match practice {
            None => desk.practice_frame("Write down good practice")?,
            Some(practice) => desk.practice_frame("Revise good practice")?.crumb(
                &practice.title,
                desk.at_practice(&format!("/{}", practice.id)),
            ),
        };
        let mut sheet = Sheet::new(ground);
        let mut revising = practice.map(Revising::new);
        if let Some(practice) = practice {
            sheet = sheet.saying(practice);
        }
        if !fields.nothing_typed() {
            sheet = sheet.sent(fields, problems);
            revising = revising.map(|it| it.sent(fields, problems));
        }
        Ok(Self {
            frame: frame.mending(problems),
            here: here.to_owned(),
            command: web.gateway.services().ids.next().to_string(),
            sheet,
            revising,
        })
    }
}

impl Revising {
    fn new(practice: &Practice) -> Self {
        let shared = practice.visibility != Visibility::Draft;
        let hint = if shared {
            "Those who took it up see this beside the difference."
        } else {
            "May be left empty as long as nobody else has seen it."
        };
        Self {
            changed: Area::new("changed", "What did you change?").hinting(hint),
            reason: Area::new("reason", "Why?"),
            version: practice.version.to_string(),
            number: practice.number,
        }
    }

    fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        Self {
            changed: self.changed.sent(fields, problems),
            reason: self.reason.sent(fields, problems),
            version: fields.one("expectedVersion").to_owned(),
            ..self
        }
    }
}

/// `GET /desk/{slug}/practice/new`
pub async fn begin(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let ground = Ground::find(&web, &desk).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new(
        (&web, &desk),
        (ground, address.path(), None),
        nothing,
    )?)
}

/// `POST /desk/{slug}/practice/new`
pub async fn write(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
    posted: Posted,
) -> Result<Response, Instead> {
    let here = address.path();
    let (desk, (fields, wrong)) = web.desk_posting(&visit, posted, (&slug, here)).await?;
    let desk = desk.of_secretariat()?;
    let mut problems = sheet::missing(&fields);
    problems.0.extend(wrong.0);
    if problems.is_empty() {
        match sheet::write(&web, &desk, &fields).await? {
            Ok(id) => {
                return Ok(onwards(&desk.at_practice(&format!("/{id}?done=written"))));
            }
            Err(wrong) => problems = wrong,
        }
    }
    let ground = Ground::find(&web, &desk).await?;
    to_mend(&Page::new(
        (&web, &desk),
        (ground, here, None),
        (&fields, &problems),
    )?)
}

/// `GET /desk/{slug}/practice/{id}/revise`
pub async fn again(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let practice = web.own_practice(&desk, &id).await?;
    let ground = Ground::find(&web, &desk).await?;
    let nothing = (&Fields::default(), &Problems::default());
    let about = (ground, address.path(), Some(&practice));
    shown(&Page::new((&web, &desk), about, nothing)?)
}

/// `POST /desk/{slug}/practice/{id}/revise`
pub async fn revise(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    posted: Posted,
) -> Result<Response, Instead> {
    let here = address.path();
    let (desk, (fields, wrong)) = web.desk_posting(&visit, posted, (&slug, here)).await?;
    let desk = desk.of_secretariat()?;
    let practice = web.own_practice(&desk, &id).await?;
    let mut problems = sheet::missing(&fields);
    problems.0.extend(wrong.0);
    if problems.is_empty() {
        let asked = (&practice, &fields);
        match sheet::revise(&web, desk.looker.caller(), asked).await? {
            None => return Ok(onwards(&desk.at_practice(&format!("/{id}?done=revised")))),
            Some(wrong) => problems = wrong,
        }
    }
    let ground = Ground::find(&web, &desk).await?;
    to_mend(&Page::new(
        (&web, &desk),
        (ground, here, Some(&practice)),
        (&fields, &problems),
    )?)
}
