//! What came of a commitment, reported in words, with what it rests on where that is at hand.

use askama::Template;

use super::room::{Answered, At, Room, Sent, or_on_to};
use super::{Desk, to_mend as problems_of};
use crate::address::Address;
use crate::ask::ask;
use crate::change::change;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session, UUID};
use crate::documents::words::{CommitmentStatus, Standing};
use crate::form::{Area, Choice, Choices, DateField, Field, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::Frame;
use crate::uk;
use crate::visit::Web;

document!(DeskCommitment, "documents/desk/commitment.graphql");
document!(
    ReportAchievement,
    "documents/desk/report-achievement.graphql",
    one_of
);

use desk_commitment::DeskCommitmentCommitment as Commitment;

#[derive(Template)]
#[template(path = "desk/report.html")]
pub struct Page {
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

async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Commitment, Instead> {
    let variables = desk_commitment::Variables { id: id.to_owned() };
    let answer = ask::<DeskCommitment>(&web.gateway, variables, desk.looker.caller()).await?;
    let found = answer.commitment;
    let here = found.filter(|commitment| commitment.compact.id == desk.place.id);
    here.ok_or(Instead::NotHere)
}

impl Room for Page {
    type Thing = Commitment;

    async fn find(at: At<'_>) -> Result<Commitment, Instead> {
        find(at.web, at.desk, at.named(0)?).await
    }

    async fn new(
        at: At<'_>,
        commitment: &Commitment,
        (fields, problems): Sent<'_>,
    ) -> Result<Self, Instead> {
        let done = match at.address.one("done") {
            "reported" => Some("The report is recorded."),
            _ => None,
        };
        let ways = Standing::ALL.iter();
        let ways = ways.map(|way| Choice::new(way.name(), way.words()));
        let figures = at.desk.at("/figures");
        Ok(Self {
            frame: at
                .desk
                .frame("Report what came of it")?
                .crumb("Enter figures", figures)
                .done(done)
                .mending(problems),
            here: at.address.path().to_owned(),
            command: at.command(),
            commitment: commitment.clone(),
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

    async fn record(
        at: At<'_>,
        commitment: &Commitment,
        (fields, _): (&Fields, Option<i64>),
    ) -> Answered {
        let mut wrong = Problems::default();
        let today = at.web.identity.clock().now().date_naive();
        let Some(input) = report(commitment, (fields, today), &mut wrong) else {
            return Ok(Err(wrong));
        };
        let sent = report_achievement::Variables { input };
        let caller = at.desk.looker.caller();
        let changed = change::<ReportAchievement>(&at.web.gateway, sent, caller).await?;
        let at_link = |place: &str| match place {
            evidence if evidence.starts_with("evidence") => "link".to_owned(),
            other => other.to_owned(),
        };
        let problems = problems_of(changed).map(|problems| problems.renamed(at_link));
        let there = Address::read(at.address.path(), "").with("done", "reported");
        Ok(or_on_to(problems, there.to_string()))
    }
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
