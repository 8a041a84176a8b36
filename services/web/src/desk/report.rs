//! What came of a commitment, reported in words, with what it rests on where that is at hand.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::Desk;
use crate::address::Address;
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session, UUID};
use crate::documents::words::{CommitmentStatus, Standing};
use crate::form::{Area, Choice, Choices, DateField, Field, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskCommitment, "documents/desk/commitment.graphql");
document!(
    ReportAchievement,
    "documents/desk/report-achievement.graphql",
    one_of
);

use desk_commitment::DeskCommitmentCommitment as Commitment;

#[derive(Template)]
#[template(path = "desk/report.html")]
struct Page {
    frame: Frame,
    here: String,
    command: String,
    commitment: Commitment,
    standing: Choices,
    text: Area,
    on: DateField,
    link: Field,
    link_note: Field,
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        (commitment, here): (Commitment, &str),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let ways = Standing::ALL.iter();
        let ways = ways.map(|way| Choice::new(way.name(), way.words()));
        let figures = desk.at("/figures");
        Ok(Self {
            frame: desk
                .frame("Report what came of it")?
                .crumb("Enter figures", figures)
                .mending(problems),
            here: here.to_owned(),
            command: web.gateway.services().ids.next().to_string(),
            commitment,
            standing: Choices::new(Kind::Radios, "standing", "How does it stand?", ways)
                .sent(fields, problems),
            text: Area::new("text", "What came of it").sent(fields, problems),
            on: DateField::new("reportedOn", "On which day is it reported?")
                .hinting("Today, when left empty.")
                .sent(fields, problems),
            link: Field {
                kind: "url",
                ..Field::new("link", "Where what it rests on can be seen", "off")
            }
            .hinting(
                "The address of a page or a paper, beginning with https://. May be left empty.",
            )
            .sent(fields, problems),
            link_note: Field::words("linkNote", "What is to be seen there").sent(fields, problems),
        })
    }
}

async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Commitment, Instead> {
    let variables = desk_commitment::Variables { id: id.to_owned() };
    let answer = ask::<DeskCommitment>(&web.gateway, variables, desk.looker.caller()).await?;
    let found = answer.commitment;
    let here = found.filter(|commitment| commitment.compact.id == desk.place.id);
    here.ok_or(Instead::NotHere)
}

/// `GET /desk/{slug}/commitments/{id}/report`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let commitment = find(&web, &desk, &id).await?;
    let nothing = (&Fields::default(), &Problems::default());
    let mut page = Page::new((&web, &desk), (commitment, address.path()), nothing)?;
    let done = match address.one("done") {
        "reported" => Some("The report is recorded."),
        _ => None,
    };
    page.frame = page.frame.done(done);
    shown(&page)
}

/// `POST /desk/{slug}/commitments/{id}/report`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let here = address.path();
    let desk = web.desk_sending(&visit, &fields, (&slug, here)).await?;
    let commitment = find(&web, &desk, &id).await?;
    let mut wrong = Problems::default();
    let today = web.identity.clock().now().date_naive();
    if let Some(input) = report(&commitment, (&fields, today), &mut wrong) {
        let sent = report_achievement::Variables { input };
        match change::<ReportAchievement>(&web.gateway, sent, desk.looker.caller()).await? {
            Changed::Done(_) => {
                let there = Address::read(here, "").with("done", "reported");
                return Ok(onwards(&there.to_string()));
            }
            Changed::ToMend(problems) => {
                wrong = problems.renamed(|place| {
                    if place.starts_with("evidence") {
                        "link".to_owned()
                    } else {
                        place.to_owned()
                    }
                });
            }
        }
    }
    to_mend(&Page::new(
        (&web, &desk),
        (commitment, here),
        (&fields, &wrong),
    )?)
}

/// The report as it is to be recorded; none where something is missing.
fn report(
    commitment: &Commitment,
    (fields, today): (&Fields, Date),
    wrong: &mut Problems,
) -> Option<report_achievement::ReportAchievementInput> {
    let on = DateField::read(fields, "reportedOn").unwrap_or_else(|words| {
        wrong.add("reportedOn", words);
        None
    });
    let standing = Standing::named(fields.one("standing"));
    if standing.is_none() {
        wrong.add("standing", "say how it stands");
    }
    let text = fields.text("text");
    if text.is_none() {
        wrong.add("text", "say what came of it");
    }
    if !wrong.is_empty() {
        return None;
    }
    let link = fields
        .some("link")
        .map(|url| report_achievement::LinkInput {
            note: fields.some("linkNote"),
            url,
        });
    let evidence = link.map(|link| report_achievement::EvidenceInput {
        link: Some(link),
        file: None,
        new_id: None,
    });
    Some(report_achievement::ReportAchievementInput {
        commitment_id: commitment.id.clone(),
        evidence: evidence.into_iter().collect(),
        reported_on: on.unwrap_or(today),
        standing: standing?,
        text: text?,
        command_id: fields.command(),
        expected_version: None,
        meeting: None,
        new_id: None,
        occurred_on: Some(on.unwrap_or(today)),
    })
}
