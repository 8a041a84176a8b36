//! Recording a meeting: chosen, typed, looked through once, and posted in one command.
//!
//! What is typed is kept as a draft all along: by a script as it is typed, and by every button without one. Each button that adds a row posts the
//! form and comes back with the row; where scripts run they add it in place.

mod added;
mod begin;
mod change;
mod check;
mod command;
mod ground;
mod kept;
mod onto;
mod page;
mod places;
mod rows;
pub(super) mod sheet;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};

use self::ground::Ground;
use self::kept::Kept;
use self::page::{FormPage, begun};
use self::sheet::{Step, beside, in_order, with_row, without_row};
use super::{Desk, room};
use crate::address::Address;
use crate::form::{Fields, Problems};
use crate::instead::Instead;
use crate::page::{onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

/// The pages on which a meeting is recorded.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/{slug}/record", get(begin::show))
        .route("/desk/{slug}/record/{about}", get(show).post(send))
        .route("/desk/{slug}/record/{about}/keep", post(keep))
        .route("/desk/{slug}/record/{about}/discard", post(discard))
        .route(
            "/desk/{slug}/record/{about}/check",
            get(check::show).post(check::send),
        )
        .route(
            "/desk/{slug}/meetings/{id}/items/new",
            get(room::show::<added::Page>).post(room::send::<added::Page>),
        )
}

/// What was typed but is not kept.
const fn not_kept(fields: Fields) -> Kept {
    Kept {
        fields,
        saved_at: DateTime::<Utc>::MIN_UTC,
        version: 0,
    }
}

/// `GET /desk/{slug}/record/{about}`
async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, about)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let ground = Ground::find(&web, &desk, &about).await?;
    let kept = if let Some(kept) = kept::find(&web, &desk, &about).await? {
        kept
    } else {
        let on = address.one("on").parse().ok();
        not_kept(begun(&web, &desk, (&ground, on)).await?)
    };
    shown(&FormPage::new(
        (&desk, ground),
        &kept,
        &Problems::default(),
    )?)
}

/// `POST /desk/{slug}/record/{about}`: any of its buttons.
async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, about)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let here = address.path().to_owned();
    let desk = web.desk_sending(&visit, &fields, (&slug, &here)).await?;
    let step = Step::of(&fields);
    let typed = in_order(&fields);
    let (typed, there) = match &step {
        Step::Keep => (typed, format!("{here}#kept")),
        Step::Check => (typed, format!("{here}/check")),
        Step::Add(list) => {
            let (typed, row) = with_row(&typed, list);
            (typed, format!("{here}#{row}"))
        }
        Step::Remove(row) => {
            let typed = without_row(&typed, row);
            let beside = beside(&typed, row).unwrap_or_else(|| "items".to_owned());
            (typed, format!("{here}#{beside}"))
        }
    };
    let ground = Ground::find(&web, &desk, &about).await?;
    if step == Step::Check {
        let (written, _) = command::Written::of(&typed, &ground);
        if !written.wrong.is_empty() {
            let wrong = written.wrong;
            kept::keep(&web, &desk, (&about, &typed), None).await?.ok();
            return to_mend(&FormPage::new((&desk, ground), &not_kept(typed), &wrong)?);
        }
    }
    match kept::keep(&web, &desk, (&about, &typed), None).await? {
        Ok(_) => Ok(onwards(&there)),
        Err(problems) => to_mend(&FormPage::new(
            (&desk, ground),
            &not_kept(typed),
            &problems.renamed(|_| "main".to_owned()),
        )?),
    }
}

/// `POST /desk/{slug}/record/{about}/keep`: keeps what is typed, for the page's script. It answers in a line of words.
async fn keep(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, about)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Instead> {
    let refused = |status, words: &'static str| Ok((status, words).into_response());
    let Some(visitor) = web.visitor(&visit).await? else {
        return refused(
            StatusCode::UNAUTHORIZED,
            "You are not signed in any more. Sign in again in another tab; this page keeps what you typed.",
        );
    };
    if fields.must_be_of(&visitor).is_err() {
        return refused(
            StatusCode::UNAUTHORIZED,
            "You have signed in again since this page was opened. Press “Keep what I typed” to go on.",
        );
    }
    let looker = web.looker_of(visitor).await?;
    let desk = Desk::of(looker, &slug).ok_or(Instead::NotHere)?;
    let expected = fields.one("draftVersion").parse().ok();
    let kept = kept::keep(&web, &desk, (&about, &in_order(&fields)), expected).await?;
    match kept {
        Ok((version, at)) => Ok((
            StatusCode::OK,
            [("x-draft-version", version.to_string())],
            format!("Kept on {}", uk::moment(&at)),
        )
            .into_response()),
        Err(problems) if problems.has("CONFLICT") => refused(
            StatusCode::CONFLICT,
            "This meeting was also typed in another window since. Press “Keep what I typed” to keep what stands here instead.",
        ),
        Err(problems) => {
            let words = problems.0.first().map(|one| one.message.clone());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, words.unwrap_or_default()).into_response())
        }
    }
}

/// `POST /desk/{slug}/record/{about}/discard`
async fn discard(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, about)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let desk = web
        .desk_sending(&visit, &fields, (&slug, address.path()))
        .await?;
    kept::discard(&web, &desk, &about).await?;
    Ok(onwards(&desk.at("/record?done=discarded")))
}
