//! Links that were sent: to come in for the first time, and to set another password.
//!
//! Such a form carries the link's own secret in its address, which nobody else can know; no further token is needed.

use accounts::{LinkPurpose, LinkRefused, LinkToken, Password, WeakPassword};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::form::{Field, Fields};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend, with_status};
use crate::providers::Buttons;
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "set-password.html")]
struct SetPage {
    frame: Frame,
    invited: bool,
    password: Field,
    repeated: Field,
    others: Buttons,
}

#[derive(Template)]
#[template(path = "link-gone.html")]
struct GonePage {
    frame: Frame,
    invited: bool,
}

impl SetPage {
    fn new(
        (web, visit): (&Web, &Visit),
        (link, purpose): (&LinkToken, LinkPurpose),
        problems: (Option<String>, Option<String>),
    ) -> Result<Self, Instead> {
        let invited = purpose == LinkPurpose::Invitation;
        let title = if invited {
            "Welcome: choose a password"
        } else {
            "Choose a new password"
        };
        let password = Field::new_password().but(problems.0);
        let repeated = Field::repeated_password().but(problems.1);
        Ok(Self {
            frame: Frame::new(title, visit, None)?.complaining([&password, &repeated]),
            invited,
            password,
            repeated,
            others: Buttons::to_take_up(&web.providers, &link.expose()),
        })
    }
}

/// `GET /invitation/{link}`
pub async fn invitation(
    State(web): State<Web>,
    visit: Visit,
    Path(link): Path<String>,
) -> Result<Response, Instead> {
    show(&web, &visit, &link, LinkPurpose::Invitation).await
}

/// `GET /reset/{link}`
pub async fn reset(
    State(web): State<Web>,
    visit: Visit,
    Path(link): Path<String>,
) -> Result<Response, Instead> {
    show(&web, &visit, &link, LinkPurpose::Reset).await
}

/// `POST /invitation/{link}`
pub async fn take_up(
    State(web): State<Web>,
    visit: Visit,
    Path(link): Path<String>,
    fields: Fields,
) -> Result<Response, Instead> {
    set(&web, &visit, (&link, LinkPurpose::Invitation), &fields).await
}

/// `POST /reset/{link}`
pub async fn set_anew(
    State(web): State<Web>,
    visit: Visit,
    Path(link): Path<String>,
    fields: Fields,
) -> Result<Response, Instead> {
    set(&web, &visit, (&link, LinkPurpose::Reset), &fields).await
}

/// The link, if it is for this.
async fn good(web: &Web, link: &str, purpose: LinkPurpose) -> Result<Option<LinkToken>, Instead> {
    let Some(token) = LinkToken::read(link) else {
        return Ok(None);
    };
    let found = web.accounts().await?.link(&token).await?;
    Ok(found
        .filter(|found| found.purpose == purpose)
        .map(|_| token))
}

async fn show(
    web: &Web,
    visit: &Visit,
    link: &str,
    purpose: LinkPurpose,
) -> Result<Response, Instead> {
    match good(web, link, purpose).await? {
        Some(link) => shown(&SetPage::new((web, visit), (&link, purpose), (None, None))?),
        None => gone(visit, purpose),
    }
}

/// The invitation of this link, if it works.
pub async fn invitation_of(web: &Web, link: &str) -> Result<Option<LinkToken>, Instead> {
    good(web, link, LinkPurpose::Invitation).await
}

/// What is shown for one that does not.
pub fn invitation_gone(visit: &Visit) -> Result<Response, Instead> {
    gone(visit, LinkPurpose::Invitation)
}

fn gone(visit: &Visit, purpose: LinkPurpose) -> Result<Response, Instead> {
    let page = GonePage {
        frame: Frame::new("This link no longer works", visit, None)?,
        invited: purpose == LinkPurpose::Invitation,
    };
    with_status(StatusCode::GONE, &page)
}

async fn set(
    web: &Web,
    visit: &Visit,
    (link, purpose): (&str, LinkPurpose),
    fields: &Fields,
) -> Result<Response, Instead> {
    let Some(link) = good(web, link, purpose).await? else {
        return gone(visit, purpose);
    };
    let (password, problems) = new_password(fields);
    let Some(password) = password else {
        return to_mend(&SetPage::new((web, visit), (&link, purpose), problems)?);
    };
    let accounts = web.accounts().await?;
    let set = accounts.set_password_by_link(&link, &password, &visit.caller);
    match set.await {
        Ok(_) => Ok(onwards("/sign-in?after=password-set")),
        Err(LinkRefused::WeakPassword(why)) => {
            let problems = (Some(why.to_string()), None);
            to_mend(&SetPage::new((web, visit), (&link, purpose), problems)?)
        }
        Err(LinkRefused::NoLonger) => gone(visit, purpose),
        Err(LinkRefused::Store(error)) => Err(error.into()),
    }
}

/// The new password, if it was typed twice alike; else what is wrong with either field.
pub fn new_password(fields: &Fields) -> (Option<Password>, (Option<String>, Option<String>)) {
    let (once, again) = (fields.one("new-password"), fields.one("repeated-password"));
    if once.is_empty() {
        let words = WeakPassword::TooShort.to_string();
        return (None, (Some(words), None));
    }
    if once != again {
        let words = "type the same password in both fields; these two differ".to_owned();
        return (None, (None, Some(words)));
    }
    (Some(Password::typed(once)), (None, None))
}
