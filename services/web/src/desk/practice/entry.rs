//! One piece of the compact's own good practice: how far it is shared, what others asked and said of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::IdSource;

use super::desk_practice::DeskPracticeGoodPracticeEvidence as Evidence;
use super::take_up::{self, Here, TakeUp};
use super::{Practice, others};
use crate::address::Address;
use crate::change::change;
use crate::desk::{Desk, register, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Visibility;
use crate::form::{Area, Choice, Choices, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(
    ReleasePractice,
    "documents/desk/release-practice.graphql",
    one_of
);
document!(WithdrawPractice, "documents/desk/withdraw-practice.graphql");
document!(AnswerQuestion, "documents/desk/answer-question.graphql");

/// Who reads it, by how far it is let out.
pub const READERS: [(Visibility, &str); 4] = [
    (Visibility::Draft, "Only us: it is a draft"),
    (Visibility::Compact, "Everybody who works in this compact"),
    (
        Visibility::Region,
        "The region: the other compacts, the funder and the administrators",
    ),
    (Visibility::Public, "Everybody: it is published"),
];

#[derive(Template)]
#[template(path = "desk/practice/entry.html")]
struct Page {
    frame: Frame,
    here: String,
    desk: String,
    ids: Arc<dyn IdSource>,
    practice: Practice,
    to: Choices,
    taken_back: Area,
    reason: Area,
    taken_up: Vec<Here>,
    take_up: TakeUp,
    /// A field for the answer to each question that waits for one, by its place.
    answers: Vec<Area>,
}

impl Evidence {
    /// Where it leads and what it says.
    fn link(&self) -> Option<(&str, &str)> {
        let file = self.file.as_ref();
        let file = file.map(|file| (file.url.as_str(), file.name.as_str()));
        let link = self.link.as_ref();
        let link = link.map(|link| {
            let words = link.note.as_deref().unwrap_or(&link.url);
            (link.url.as_str(), words)
        });
        file.or(link)
    }
}

impl Page {
    async fn new(
        (web, desk): (&Web, &Desk),
        (practice, here): (Practice, &str),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let readers = READERS.iter();
        let readers = readers.map(|(to, words)| Choice::new(to.name(), *words));
        let to = Choices::new(Kind::Radios, "to", "Who may read it?", readers);
        let answers = practice.questions.iter();
        let answers = answers.map(|question| {
            let name = format!("answers.{}", question.id);
            let label = if question.answers.is_empty() {
                "Your answer"
            } else {
                "Add to the answer"
            };
            let area = Area::new(name, label);
            // Only the question that was answered has something typed into it.
            if fields.one("questionId") == question.id {
                area.sent(fields, problems)
            } else {
                area
            }
        });
        let mut page = Self {
            frame: desk
                .practice_frame(practice.title.clone())?
                .mending(problems),
            here: here.to_owned(),
            desk: desk.at(""),
            ids: Arc::clone(&web.gateway.services().ids),
            to: to.with([practice.visibility.name()]),
            taken_back: Area::new(
                "takenBack",
                "Why, where fewer people may read it than before",
            ),
            reason: Area::new("reason", "Why is it withdrawn?"),
            taken_up: take_up::here(web, desk, &practice.id).await?,
            take_up: TakeUp::new(desk, &practice, register(web, desk).await?),
            answers: answers.collect(),
            practice,
        };
        match fields.one("step") {
            "shared" => {
                page.to = page.to.sent(fields, problems);
                page.taken_back = page.taken_back.sent(fields, problems);
            }
            "adopted" => page.take_up = page.take_up.sent(fields, problems),
            "withdrawn" => page.reason = page.reason.sent(fields, problems),
            _ => {}
        }
        Ok(page)
    }
}

fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "written" => "It is written down. It is a draft until you share it.",
        "revised" => "The new version is recorded. Those who took it up are told that it changed.",
        "shared" => "It is recorded who may read it.",
        "withdrawn" => "It is withdrawn.",
        "answered" => "Your answer is recorded. Whoever asked sees it with the practice.",
        _ => return None,
    })
}

/// Shows an entry of the compact's own.
async fn own(
    (web, desk): (&Web, &Desk),
    (practice, here): (Practice, &Address),
) -> Result<Response, Instead> {
    let nothing = (&Fields::default(), &Problems::default());
    let mut page = Page::new((web, desk), (practice, here.path()), nothing).await?;
    page.frame = page.frame.done(done(here.one("done")));
    shown(&page)
}

/// `GET /desk/{slug}/practice/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let practice = web.practice(&desk, &id).await?;
    if practice.is_of(&desk) {
        own((&web, &desk), (practice, &address)).await
    } else {
        others::show((&web, &desk), (practice, &address)).await
    }
}

/// `POST /desk/{slug}/practice/{id}`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let here = address.path();
    let desk = web.desk_sending(&visit, &fields, (&slug, here)).await?;
    let desk = desk.of_secretariat()?;
    let practice = web.practice(&desk, &id).await?;
    if !practice.is_of(&desk) {
        return others::send((&web, &desk), (practice, here), &fields).await;
    }
    let step = fields.one("step");
    let problems = match step {
        "shared" => share(&web, &desk, (&practice, &fields)).await?,
        "withdrawn" => withdraw(&web, &desk, (&practice, &fields)).await?,
        "adopted" => match take_up::take_up(&web, &desk, (&practice, &fields)).await? {
            Ok(id) => return Ok(onwards(&desk.at(&format!("/adoptions/{id}?done=adopted")))),
            Err(problems) => Some(problems),
        },
        "answered" => answer(&web, &desk, &fields).await?,
        _ => return Err(Instead::NotHere),
    };
    match problems {
        None => Ok(onwards(
            &Address::read(here, "").with("done", step).to_string(),
        )),
        Some(problems) => {
            to_mend(&Page::new((&web, &desk), (practice, here), (&fields, &problems)).await?)
        }
    }
}

async fn share(
    web: &Web,
    desk: &Desk,
    (practice, fields): (&Practice, &Fields),
) -> Result<Option<Problems>, Instead> {
    let Some(to) = Visibility::named(fields.one("to")) else {
        let mut problems = Problems::default();
        problems.add("to", "say who may read it");
        return Ok(Some(problems));
    };
    let input = release_practice::ReleasePracticeInput {
        practice_id: practice.id.clone(),
        to,
        reason: fields.text("takenBack"),
        command_id: fields.command(),
        expected_version: None,
        meeting: None,
        occurred_on: None,
    };
    let sent = release_practice::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<ReleasePractice>(&web.gateway, sent, caller).await?;
    let at_field = |field: &str| match field {
        "reason" => "takenBack".to_owned(),
        other => other.to_owned(),
    };
    Ok(problems_of(changed).map(|problems| problems.renamed(at_field)))
}

async fn withdraw(
    web: &Web,
    desk: &Desk,
    (practice, fields): (&Practice, &Fields),
) -> Result<Option<Problems>, Instead> {
    let input = withdraw_practice::WithdrawPracticeInput {
        practice_id: practice.id.clone(),
        reason: fields.text("reason").unwrap_or_default(),
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = withdraw_practice::Variables { input };
    let caller = desk.looker.caller();
    Ok(problems_of(
        change::<WithdrawPractice>(&web.gateway, sent, caller).await?,
    ))
}

async fn answer(web: &Web, desk: &Desk, fields: &Fields) -> Result<Option<Problems>, Instead> {
    let question_id = fields.one("questionId").to_owned();
    let at = format!("answers.{question_id}");
    let input = answer_question::AnswerQuestionInput {
        text: fields.text(&at).unwrap_or_default(),
        question_id,
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = answer_question::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<AnswerQuestion>(&web.gateway, sent, caller).await?;
    let at_field = |field: &str| match field {
        "text" => at.clone(),
        other => other.to_owned(),
    };
    Ok(problems_of(changed).map(|problems| problems.renamed(at_field)))
}
