//! Assessing what a compact released: how far it was completed, how sure that is, and why.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::judged::{Commitment, asked};
use super::{BOARD, judges};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::{Completion, Confidence};
use crate::form::{Area, Choice, Choices, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(Assess, "documents/assess.graphql", one_of);

#[derive(Template)]
#[template(path = "region/assess.html")]
struct Page {
    frame: Frame,
    commitment: Commitment,
    of: String,
    about: String,
    says: Option<String>,
    position: Position,
    command: Uuid,
    completion: Choices,
    confidence: Choices,
    comment: Area,
}

/// What is judged: the commitment as a whole, or one outcome of it.
enum About {
    Whole,
    Reading { words: String, says: String },
    Report { words: String, says: String },
}

impl About {
    /// What `of` names of a commitment.
    ///
    /// # Errors
    /// [`Instead::NotHere`] when it names nothing that stands.
    fn named(commitment: &Commitment, of: &str) -> Result<Self, Instead> {
        if of.is_empty() {
            return Ok(Self::Whole);
        }
        for measure in &commitment.measures {
            let mut readings = measure.readings.nodes.iter();
            if let Some(read) = readings.find(|it| it.id == of && it.withdrawn.is_none()) {
                let figure = uk::number(&read.value);
                return Ok(Self::Reading {
                    words: format!("The figure of {}", uk::day(&read.taken_on)),
                    says: format!(
                        "{}: {figure} {}, from {}",
                        measure.name, measure.unit, read.source
                    ),
                });
            }
        }
        let mut reports = commitment.achievements.nodes.iter();
        let report = reports.find(|it| it.id == of && it.withdrawn.is_none());
        report.map_or(Err(Instead::NotHere), |report| {
            Ok(Self::Report {
                words: format!("The report of {}", uk::day(&report.reported_on)),
                says: format!("{}: {}", report.standing.words(), report.text),
            })
        })
    }

    fn words(self) -> (String, Option<String>) {
        match self {
            Self::Whole => ("The commitment as a whole".to_owned(), None),
            Self::Reading { words, says } | Self::Report { words, says } => (words, Some(says)),
        }
    }
}

fn completion() -> Choices {
    let all = Completion::ALL.iter();
    let all = all.map(|it| Choice::new(it.name(), it.words()));
    Choices::new(Kind::Radios, "completion", "How far was it completed?", all)
}

fn confidence() -> Choices {
    let all = Confidence::ALL.iter();
    let all = all.map(|it| Choice::new(it.name(), it.words()));
    let choices = Choices::new(Kind::Radios, "confidence", "How sure are you?", all);
    Choices {
        inline: true,
        ..choices
    }
}

fn comment() -> Area {
    Area::new("comment", "Why?").hinting("The compact reads this, and can see what you looked at.")
}

impl Page {
    fn new(
        looker: &Looker,
        commitment: Commitment,
        (of, command): (&str, Uuid),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let (about, says) = About::named(&commitment, of)?.words();
        let looked_at = fields.one("position").parse().ok();
        Ok(Self {
            frame: Frame::of("Assess what was reported", looker)?
                .within(BOARD)
                .at(&commitment.compact.name)
                .crumb("The region's board", BOARD)
                .crumb(
                    format!("{}. {}", commitment.ref_, commitment.title),
                    format!("/region/commitments/{}", commitment.id),
                )
                .mending(problems),
            position: looked_at.unwrap_or(commitment.last_changed.position),
            of: of.to_owned(),
            about,
            says,
            command,
            completion: completion().sent(fields, problems),
            confidence: confidence().sent(fields, problems),
            comment: comment().sent(fields, problems),
            commitment,
        })
    }
}

/// `GET /region/commitments/{id}/assess`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(id): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    if !judges(&looker) {
        return Err(Instead::NotHere);
    }
    let (commitment, _) = asked(&web, &looker, &id).await?;
    let command = web.gateway.services().ids.next();
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new(
        &looker,
        commitment,
        (address.one("of"), command),
        nothing,
    )?)
}

/// `POST /region/commitments/{id}/assess`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, address.path()).await?;
    let looker = web.looker_of(visitor).await?;
    let (commitment, region) = asked(&web, &looker, &id).await?;
    let of = fields.one("of").to_owned();
    let about = About::named(&commitment, &of)?;
    let command = fields
        .command()
        .unwrap_or_else(|| web.gateway.services().ids.next());
    let (completion, confidence) = (fields.one("completion"), fields.one("confidence"));
    let judged = Completion::named(completion).zip(Confidence::named(confidence));
    let mut problems = missing(&fields);
    if let (Some((completion, confidence)), Some(region), true) =
        (judged, region, problems.is_empty())
    {
        let input = assess::AssessInput {
            region_id: region,
            commitment_id: matches!(about, About::Whole).then(|| id.clone()),
            reading_id: matches!(about, About::Reading { .. }).then(|| of.clone()),
            achievement_id: matches!(about, About::Report { .. }).then(|| of.clone()),
            completion,
            confidence,
            comment: fields.text("comment").unwrap_or_default(),
            position: fields.one("position").parse().ok(),
            command_id: Some(command),
            expected_version: None,
            meeting: None,
            new_id: None,
            occurred_on: None,
        };
        let variables = assess::Variables { input };
        match change::<Assess>(&web.gateway, variables, looker.caller()).await? {
            Changed::Done(_) => {
                return Ok(onwards(&format!("/region/commitments/{id}?done=assessed")));
            }
            Changed::ToMend(found) => problems = found,
        }
    }
    to_mend(&Page::new(
        &looker,
        commitment,
        (&of, command),
        (&fields, &problems),
    )?)
}

/// What was not filled in.
fn missing(fields: &Fields) -> Problems {
    let mut problems = Problems::default();
    if Completion::named(fields.one("completion")).is_none() {
        problems.add("completion", "choose how far it was completed");
    }
    if Confidence::named(fields.one("confidence")).is_none() {
        problems.add("confidence", "choose how sure you are");
    }
    if fields.text("comment").is_none() {
        problems.add("comment", "say why you judge it so");
    }
    problems
}
