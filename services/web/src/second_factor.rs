//! Setting up the second factor, and the codes on paper.

use accounts::{Enrolment, RecoveryCodes, SecondFactorError, Standing};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use gateway::identity::Visitor;
use serde::Deserialize;

use crate::form::{Field, Fields};
use crate::instead::Instead;
use crate::page::{Frame, keeping, shown, to_mend, to_wait};
use crate::qr;
use crate::visit::{ACCOUNT, Visit, Web, next_page};

const TITLE: &str = "Set up a second factor";

/// What leads here.
#[derive(Default, Deserialize)]
pub struct Leading {
    #[serde(default)]
    next: String,
}

/// Why it is to be set up, and a button to begin.
#[derive(Template)]
#[template(path = "second-factor.html")]
struct BeginPage {
    frame: Frame,
    next: String,
    required: bool,
}

/// The secret, and a field for the first code. After a wrong code without the secret, which is shown once.
#[derive(Template)]
#[template(path = "second-factor-confirm.html")]
struct ConfirmPage {
    frame: Frame,
    next: String,
    secret: Option<Secret>,
    code: Field,
}

/// What an app is set up with.
struct Secret {
    /// In groups of four, as it is typed.
    spelt: String,
    /// As an app on the same device opens it.
    uri: String,
    /// As a phone scans it: SVG.
    picture: String,
}

/// The codes for when the app is lost.
#[derive(Template)]
#[template(path = "recovery-codes.html")]
pub struct CodesPage {
    frame: Frame,
    next: String,
    codes: Vec<String>,
}

impl CodesPage {
    /// Shows `codes`, and leads on to `next`.
    ///
    /// # Errors
    /// When the page cannot be made.
    pub fn new(
        visit: &Visit,
        visitor: &Visitor,
        codes: RecoveryCodes,
        next: &str,
    ) -> Result<Self, Instead> {
        Ok(Self {
            frame: Frame::new("Keep these codes", visit, Some(visitor))?,
            next: next.to_owned(),
            codes: codes.0,
        })
    }
}

/// Somebody without one, who sent a form of their own session's, and where they go afterwards.
async fn sender<'a>(
    web: &Web,
    visit: &Visit,
    fields: &'a Fields,
) -> Result<(Visitor, &'a str), Instead> {
    let next = next_page(fields.one("next"));
    let visitor = without_one(web.somebody_sending(visit, fields).await?, next)?;
    Ok((visitor, next))
}

/// Whoever is signed in and has no second factor yet.
fn without_one(visitor: Option<Visitor>, next: &str) -> Result<Visitor, Instead> {
    let visitor = visitor.ok_or_else(|| Instead::SignIn {
        back: next.to_owned(),
    })?;
    match visitor.standing {
        Standing::OwesCode => Err(Instead::go(format!("/sign-in/code?next={next}"))),
        _ if visitor.session.has_second_factor() => Err(Instead::go(ACCOUNT)),
        Standing::In | Standing::OwesSecondFactor => Ok(visitor),
    }
}

/// `GET /set-up-second-factor`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Query(leading): Query<Leading>,
) -> Result<Response, Instead> {
    let next = next_page(&leading.next);
    let visitor = without_one(web.visitor(&visit).await?, next)?;
    shown(&BeginPage {
        frame: Frame::new(TITLE, &visit, Some(&visitor))?,
        next: next.to_owned(),
        required: visitor.second_factor_required,
    })
}

/// `POST /set-up-second-factor`: another secret each time it is sent.
pub async fn begin(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let (visitor, next) = sender(&web, &visit, &fields).await?;
    let accounts = web.accounts().await?;
    let enrolment = accounts.begin_second_factor(&visitor.session).await;
    let enrolment = enrolment.map_err(not_now)?;
    shown(&ConfirmPage {
        frame: Frame::new(TITLE, &visit, Some(&visitor))?,
        next: next.to_owned(),
        secret: Some(Secret::of(&enrolment)),
        code: first_code(),
    })
}

/// `POST /set-up-second-factor/confirm`
pub async fn confirm(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let (visitor, next) = sender(&web, &visit, &fields).await?;
    let page = |problem: String| {
        let code = first_code().but(Some(problem));
        let frame = Frame::new(TITLE, &visit, Some(&visitor))?;
        Ok::<_, Instead>(ConfirmPage {
            frame: frame.complaining([&code]),
            next: next.to_owned(),
            secret: None,
            code,
        })
    };
    let accounts = web.accounts().await?;
    let confirmed =
        accounts.confirm_second_factor(&visitor.session, fields.one("code"), &visit.caller);
    match confirmed.await {
        Ok((signed_in, codes)) => {
            let visitor = web.identity.visitor(signed_in.session).await?;
            let page = CodesPage::new(&visit, &visitor, codes, next)?;
            Ok(keeping(&signed_in.token, shown(&page)?))
        }
        Err(error @ SecondFactorError::Wrong) => to_mend(&page(error.to_string())?),
        Err(SecondFactorError::TryLater(wait)) => to_wait(&page(wait.to_string())?, wait.seconds),
        Err(error) => Err(not_now(error)),
    }
}

fn first_code() -> Field {
    Field {
        label: "Code that your app shows now".into(),
        ..Field::code()
    }
}

fn not_now(error: SecondFactorError) -> Instead {
    match error {
        SecondFactorError::Store(error) => error.into(),
        SecondFactorError::SignInAgain => Instead::go("/sign-in?again=/set-up-second-factor"),
        SecondFactorError::NotSet => Instead::go("/set-up-second-factor"),
        SecondFactorError::SessionEnded => Instead::SignIn {
            back: "/set-up-second-factor".to_owned(),
        },
        SecondFactorError::AlreadySet
        | SecondFactorError::Wrong
        | SecondFactorError::TryLater(_) => Instead::go(ACCOUNT),
    }
}

impl Secret {
    fn of(enrolment: &Enrolment) -> Self {
        let letters: Vec<char> = enrolment.seed.chars().collect();
        let groups = letters.chunks(4).map(|group| group.iter().collect());
        Self {
            spelt: groups.collect::<Vec<String>>().join(" "),
            uri: (*enrolment.uri).clone(),
            picture: qr::svg(&enrolment.uri).unwrap_or_default(),
        }
    }
}
