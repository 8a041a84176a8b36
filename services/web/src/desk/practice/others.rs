//! A piece of another compact's good practice, from this desk: to take it up, ask about it and give thanks for it.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use domain::ids::IdSource;

use super::Practice;
use super::take_up::{self, Here, TakeUp};
use crate::address::Address;
use crate::change::change;
use crate::desk::{Desk, register, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Fields, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::Web;

document!(
    AskAboutPractice,
    "documents/desk/ask-about-practice.graphql"
);
document!(
    ThankForPractice,
    "documents/desk/thank-for-practice.graphql"
);

#[derive(Template)]
#[template(path = "desk/practice/others.html")]
struct Page {
    frame: Frame,
    here: String,
    desk: String,
    ids: Arc<dyn IdSource>,
    practice: Practice,
    taken_up: Vec<Here>,
    form: TakeUp,
    question: Area,
    thanks: Area,
}

impl Page {
    async fn new(
        (web, desk): (&Web, &Desk),
        (practice, here): (Practice, &str),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let choices = register(web, desk).await?;
        let mut page = Self {
            frame: desk
                .practice_frame(practice.title.clone())?
                .mending(problems),
            here: here.to_owned(),
            desk: desk.at(""),
            ids: Arc::clone(&web.gateway.services().ids),
            taken_up: take_up::here(web, desk, &practice.id).await?,
            form: TakeUp::new(desk, &practice, choices),
            question: Area::new("question", "What do you want to know?"),
            thanks: Area::new("thanks", "What do you want to say?"),
            practice,
        };
        match fields.one("step") {
            "adopted" => page.form = page.form.sent(fields, problems),
            "asked" => page.question = page.question.sent(fields, problems),
            "thanked" => page.thanks = page.thanks.sent(fields, problems),
            _ => {}
        }
        Ok(page)
    }
}

fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "asked" => {
            "Your question is recorded with the practice. The answer will stand here, and under “Questions and thanks” at your desk."
        }
        "thanked" => "Your thanks are recorded with the practice.",
        _ => return None,
    })
}

/// Shows it.
///
/// # Errors
/// When it cannot be shown.
pub async fn show(
    (web, desk): (&Web, &Desk),
    (practice, address): (Practice, &Address),
) -> Result<Response, Instead> {
    let nothing = (&Fields::default(), &Problems::default());
    let mut page = Page::new((web, desk), (practice, address.path()), nothing).await?;
    page.frame = page.frame.done(done(address.one("done")));
    shown(&page)
}

/// Does what its form says.
///
/// # Errors
/// When it cannot be sent.
pub async fn send(
    (web, desk): (&Web, &Desk),
    (practice, here): (Practice, &str),
    fields: &Fields,
) -> Result<Response, Instead> {
    let step = fields.one("step");
    let problems = match step {
        "adopted" => match take_up::take_up(web, desk, (&practice, fields)).await? {
            Ok(id) => return Ok(onwards(&desk.at(&format!("/adoptions/{id}?done=adopted")))),
            Err(problems) => Some(problems),
        },
        "asked" => question(web, desk, (&practice, fields)).await?,
        "thanked" => thanks(web, desk, (&practice, fields)).await?,
        _ => return Err(Instead::NotHere),
    };
    match problems {
        None => Ok(onwards(
            &Address::read(here, "").with("done", step).to_string(),
        )),
        Some(problems) => {
            to_mend(&Page::new((web, desk), (practice, here), (fields, &problems)).await?)
        }
    }
}

async fn question(
    web: &Web,
    desk: &Desk,
    (practice, fields): (&Practice, &Fields),
) -> Result<Option<Problems>, Instead> {
    let input = ask_about_practice::AskAboutPracticeInput {
        by_compact_id: desk.place.id.clone(),
        practice_id: practice.id.clone(),
        text: fields.text("question").unwrap_or_default(),
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = ask_about_practice::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<AskAboutPractice>(&web.gateway, sent, caller).await?;
    Ok(problems_of(changed).map(|problems| at_field(problems, "question")))
}

async fn thanks(
    web: &Web,
    desk: &Desk,
    (practice, fields): (&Practice, &Fields),
) -> Result<Option<Problems>, Instead> {
    let input = thank_for_practice::ThankForPracticeInput {
        by_compact_id: desk.place.id.clone(),
        practice_id: practice.id.clone(),
        text: fields.text("thanks").unwrap_or_default(),
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = thank_for_practice::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<ThankForPractice>(&web.gateway, sent, caller).await?;
    Ok(problems_of(changed).map(|problems| at_field(problems, "thanks")))
}

/// What is wrong with the text is said at the form's field for it.
fn at_field(problems: Problems, name: &str) -> Problems {
    problems.renamed(|field| match field {
        "text" => name.to_owned(),
        other => other.to_owned(),
    })
}
