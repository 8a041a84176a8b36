//! Who may read an assessment: those it concerns, or as many more as the funder releases it to.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::judged::{Commitment, Judged, asked, readers};
use super::{BOARD, judges};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Visibility;
use crate::form::{Area, Choice, Choices, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(
    ReleaseAssessment,
    "documents/release-assessment.graphql",
    one_of
);

#[derive(Template)]
#[template(path = "region/release.html")]
struct Page {
    frame: Frame,
    commitment: Commitment,
    one: Judged,
    command: Uuid,
    to: Choices,
    reason: Area,
}

/// The assessment of this id that the funder made of a commitment.
///
/// # Errors
/// [`Instead::NotHere`] when there is none.
fn named(commitment: &Commitment, id: &str) -> Result<Judged, Instead> {
    let made = commitment.assessments.as_ref();
    let mut made = made.into_iter().flat_map(|it| &it.nodes);
    made.find(|it| it.id == id).cloned().ok_or(Instead::NotHere)
}

impl Page {
    fn new(
        looker: &Looker,
        (commitment, one): (Commitment, Judged),
        command: Uuid,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let all = Visibility::ALL.iter();
        let all = all.map(|it| Choice::new(it.name(), readers(*it)));
        let to = Choices::new(Kind::Radios, "to", "Who may read it?", all);
        let reason = Area::new("reason", "Why, where fewer people may read it than before")
            .hinting("May be left empty where more people may read it.");
        Ok(Self {
            frame: Frame::of("Who may read your assessment", looker)?
                .within(BOARD)
                .at(&commitment.compact.name)
                .crumb("The region's board", BOARD)
                .crumb(
                    format!("{}. {}", commitment.ref_, commitment.title),
                    format!("/region/commitments/{}", commitment.id),
                )
                .mending(problems),
            to: to.sent(fields, problems),
            reason: reason.sent(fields, problems),
            commitment,
            one,
            command,
        })
    }

    /// How far it can be let out at all.
    const fn bound(&self) -> Option<&'static str> {
        match self.commitment.visibility {
            Visibility::Public => None,
            Visibility::Region => Some("the region"),
            Visibility::Compact | Visibility::Draft => Some("the compact"),
        }
    }
}

/// `GET /region/commitments/{id}/release`
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
    let one = named(&commitment, address.one("of"))?;
    let command = web.gateway.services().ids.next();
    let stands: Fields = [("to", one.visibility.name())].into_iter().collect();
    let stands = (&stands, &Problems::default());
    shown(&Page::new(&looker, (commitment, one), command, stands)?)
}

/// `POST /region/commitments/{id}/release`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, address.path()).await?;
    let looker = web.looker_of(visitor).await?;
    let (commitment, _) = asked(&web, &looker, &id).await?;
    let one = named(&commitment, fields.one("of"))?;
    let command = fields
        .command()
        .unwrap_or_else(|| web.gateway.services().ids.next());
    let mut problems = Problems::default();
    if let Some(to) = Visibility::named(fields.one("to")) {
        let input = release_assessment::ReleaseAssessmentInput {
            assessment_id: one.id.clone(),
            to,
            reason: fields.text("reason"),
            command_id: Some(command),
            expected_version: None,
            meeting: None,
            occurred_on: None,
        };
        let variables = release_assessment::Variables { input };
        match change::<ReleaseAssessment>(&web.gateway, variables, looker.caller()).await? {
            Changed::Done(_) => {
                return Ok(onwards(&format!("/region/commitments/{id}?done=released")));
            }
            Changed::ToMend(found) => problems = found,
        }
    } else {
        problems.add("to", "choose who may read it");
    }
    let page = Page::new(&looker, (commitment, one), command, (&fields, &problems))?;
    to_mend(&page)
}
