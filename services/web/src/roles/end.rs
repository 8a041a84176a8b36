//! Taking a role away, with the reason.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::give::{Choosing, choices};
use super::{ROLES, frame, must_give};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, DateField, Fields, Problems};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(EndRole, "documents/end-role.graphql");

#[derive(Template)]
#[template(path = "roles/end.html")]
struct Page {
    frame: Frame,
    here: String,
    command: String,
    from: DateField,
    reason: Area,
}

impl Page {
    fn new(
        (web, looker): (&Web, &Looker),
        grant: Uuid,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        Ok(Self {
            frame: frame("Take a role away", looker)?
                .crumb("Who holds which role", ROLES)
                .mending(problems),
            here: format!("{ROLES}/{grant}/end"),
            command: web.gateway.services().ids.next().to_string(),
            from: DateField::new("from", "From which day is it no longer held?")
                .hinting("Today, when left empty.")
                .sent(fields, problems),
            reason: Area::new("reason", "Why?")
                .hinting("It stays on record; name nobody in it.")
                .sent(fields, problems),
        })
    }
}

/// The grant that an address names.
fn grant(id: &str) -> Result<Uuid, Instead> {
    id.parse().map_err(|_| Instead::NotHere)
}

/// `GET /roles/{id}/end`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(id): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    must_give(&looker)?;
    let grant = grant(&id)?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &looker), grant, nothing)?)
}

/// `POST /roles/{id}/end`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, address.path()).await?;
    let looker = web.looker_of(visitor).await?;
    must_give(&looker)?;
    let grant = grant(&id)?;
    let mut wrong = Problems::default();
    let Choosing { region, .. } = choices(&web, &looker).await?;
    let today = web.identity.clock().today();
    let from = DateField::read(&fields, "from").unwrap_or_else(|words| {
        wrong.add("from", words);
        None
    });
    let reason = fields.text("reason");
    if reason.is_none() {
        wrong.add("reason", "say why it is taken away");
    }
    if let (true, Some(reason)) = (wrong.is_empty(), reason) {
        let input = end_role::EndRoleInput {
            region_id: region,
            grant_id: grant,
            from: from.unwrap_or(today),
            reason,
            command_id: fields.command(),
            expected_version: None,
            meeting: None,
            occurred_on: None,
        };
        let sent = end_role::Variables { input };
        match change::<EndRole>(&web.gateway, sent, looker.caller()).await? {
            Changed::Done(_) => return Ok(onwards(&format!("{ROLES}?done=ended"))),
            Changed::ToMend(problems) => wrong = problems,
        }
    }
    to_mend(&Page::new((&web, &looker), grant, (&fields, &wrong))?)
}
