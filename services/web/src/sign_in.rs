//! Signing in by password, giving the code, signing out.
//!
//! The form to sign in belongs to no session yet, so it carries no token of one. What keeps other sites from sending it is the
//! door: a browser says where a form comes from, and one of another site is refused. That is enough here, because
//! whoever is not a browser has nobody's cookies to misuse.

use accounts::{Password, SecondFactorError, SignInRefused, Standing};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gateway::identity::{Visitor, end_cookie};
use serde::Deserialize;

use crate::form::{Field, Fields};
use crate::instead::Instead;
use crate::page::{Frame, keeping, onwards, shown, to_mend, to_wait};
use crate::providers::Buttons;
use crate::visit::{Visit, Web, door_after, next_page};

/// What leads to the page to sign in.
#[derive(Default, Deserialize)]
pub struct Leading {
    /// Where to go on to.
    #[serde(default)]
    next: String,
    /// The same, for somebody who is signed in and does it again, to be trusted with more.
    again: Option<String>,
    /// What has just been done: `signed-out`, `password-set`.
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignInPage {
    frame: Frame,
    why: &'static str,
    next: String,
    email: Field,
    password: Field,
    others: Buttons,
}

/// `GET /sign-in`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Query(leading): Query<Leading>,
) -> Result<Response, Instead> {
    let next = next_page(leading.again.as_deref().unwrap_or(&leading.next));
    let visitor = web.visitor(&visit).await?;
    if let (Some(visitor), None) = (&visitor, &leading.again) {
        return Err(door_after(visitor, next).unwrap_or_else(|| Instead::go(next)));
    }
    let done = match leading.after.as_str() {
        "signed-out" => Some("You have signed out."),
        "password-set" => Some("Your password is set. Sign in with it."),
        _ => None,
    };
    let why = match &leading.again {
        Some(_) => {
            "Sign in once more. What you want to do is only done by somebody who has just proved who they are."
        }
        None => "",
    };
    shown(&SignInPage {
        frame: Frame::new("Sign in", &visit, None)?.done(done),
        why,
        next: next.to_owned(),
        email: Field::email(),
        password: Field::password(),
        others: Buttons::to_sign_in(&web.providers, next, leading.again.is_some()),
    })
}

/// `POST /sign-in`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let (email, password) = (fields.one("email"), fields.one("password"));
    let next = next_page(fields.one("next"));
    let missing = |value: &str, words| value.trim().is_empty().then_some(words);
    let page = |email: Field, password: Field| {
        let frame = Frame::new("Sign in", &visit, None)?;
        Ok::<_, Instead>(SignInPage {
            frame: frame.complaining([&email, &password]),
            why: "",
            next: next.to_owned(),
            email,
            password,
            others: Buttons::to_sign_in(&web.providers, next, false),
        })
    };
    let typed = || Field::email().with(email);
    let no_email = missing(email, "enter your e-mail address");
    let no_password = missing(password, "enter your password");
    if no_email.is_some() || no_password.is_some() {
        return to_mend(&page(
            typed().but(no_email),
            Field::password().but(no_password),
        )?);
    }
    let (secret, replaces) = (Password::typed(password), visit.token_shown());
    let accounts = web.accounts().await?;
    let come_in = accounts.sign_in(email, &secret, &visit.caller, replaces.as_ref());
    match come_in.await {
        Ok(signed_in) => {
            let visitor = web.identity.visitor(signed_in.session).await?;
            let onwards = door_after(&visitor, next).unwrap_or_else(|| Instead::go(next));
            Ok(keeping(&signed_in.token, onwards.into_response()))
        }
        Err(SignInRefused::Refused) => {
            let words = SignInRefused::Refused.to_string();
            to_mend(&page(typed(), Field::password().but(Some(words)))?)
        }
        Err(SignInRefused::TryLater(wait)) => {
            let words = Some(wait.to_string());
            to_wait(&page(typed(), Field::password().but(words))?, wait.seconds)
        }
        Err(SignInRefused::Store(error)) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    next: String,
    code: Field,
}

impl CodePage {
    fn new(visit: &Visit, visitor: &Visitor, next: &str, code: Field) -> Result<Self, Instead> {
        let frame = Frame::new("Enter your code", visit, Some(visitor))?;
        Ok(Self {
            frame: frame.complaining([&code]),
            next: next.to_owned(),
            code,
        })
    }
}

/// Whoever gave their password and owes a code.
fn owing(visitor: Option<Visitor>, next: &str) -> Result<Visitor, Instead> {
    let back = || Instead::SignIn {
        back: next.to_owned(),
    };
    let visitor = visitor.ok_or_else(back)?;
    match visitor.standing {
        Standing::OwesCode => Ok(visitor),
        _ => Err(door_after(&visitor, next).unwrap_or_else(|| Instead::go(next))),
    }
}

/// `GET /sign-in/code`
pub async fn ask_code(
    State(web): State<Web>,
    visit: Visit,
    Query(leading): Query<Leading>,
) -> Result<Response, Instead> {
    let next = next_page(&leading.next);
    let visitor = owing(web.visitor(&visit).await?, next)?;
    shown(&CodePage::new(&visit, &visitor, next, Field::code())?)
}

/// `POST /sign-in/code`
pub async fn take_code(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let next = next_page(fields.one("next"));
    let visitor = owing(web.somebody_sending(&visit, &fields).await?, next)?;
    let page =
        |problem: String| CodePage::new(&visit, &visitor, next, Field::code().but(Some(problem)));
    let code = fields.one("code");
    if code.trim().is_empty() {
        return to_mend(&page("enter the code".to_owned())?);
    }
    let accounts = web.accounts().await?;
    let passed = accounts.pass_second_factor(&visitor.session, code, &visit.caller);
    match passed.await {
        Ok(signed_in) => Ok(keeping(&signed_in.token, onwards(next))),
        Err(error @ SecondFactorError::Wrong) => to_mend(&page(error.to_string())?),
        Err(SecondFactorError::TryLater(wait)) => to_wait(&page(wait.to_string())?, wait.seconds),
        Err(SecondFactorError::Store(error)) => Err(error.into()),
        // The session or the second factor went away meanwhile.
        Err(_) => Err(Instead::SignIn {
            back: next.to_owned(),
        }),
    }
}

/// `POST /sign-out`
pub async fn sign_out(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    if let Some(visitor) = web.somebody_sending(&visit, &fields).await? {
        let (account, session) = (visitor.session.account(), visitor.session.id());
        web.accounts().await?.end_session(account, session).await?;
    }
    let mut response = onwards("/sign-in?after=signed-out");
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, end_cookie());
    Ok(response)
}
