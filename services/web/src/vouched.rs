//! By an OpenID provider's word: to sign in, to link it to an account, to take up an invitation.
//!
//! Every way there begins with a form of ours, so that no other site sets anybody on it. A form may not lead to another
//! site by itself (`form-action`), hence the page in between, which leads on at once. Every way back ends at one address for
//! each provider. Whatever is wrong there is told in the same words; which it was is in the log.

use accounts::{
    AccountError, Errand, LinkRefused, OpenIdAttempt, OpenIdErrand, OpenIdPerson, OpenIdTicket,
    Proof, SecurityEvent, SignInRefused, SignedIn, WebSessionId,
};
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use openid::{Answer, Attempt, Refused, Unreachable, Vouched};

use crate::form::Fields;
use crate::instead::Instead;
use crate::link;
use crate::page::{Frame, keeping, onwards, shown, with_status};
use crate::providers::Named;
use crate::ticket;
use crate::visit::{ACCOUNT, Visit, Web, door_after, next_page};

#[derive(Template)]
#[template(path = "to-provider.html")]
struct LeavingPage {
    frame: Frame,
    name: String,
    there: String,
}

#[derive(Template)]
#[template(path = "provider-refused.html")]
struct RefusedPage {
    frame: Frame,
    name: String,
}

#[derive(Template)]
#[template(path = "provider-down.html")]
struct DownPage {
    frame: Frame,
    name: String,
}

/// Why nobody was let in, and nothing was linked.
#[derive(Debug, thiserror::Error)]
enum NotVouched {
    /// What came back is no answer: something stands in it twice.
    #[error("the answer cannot be read")]
    Unreadable,
    /// The browser shows no ticket, or one that is used, too old, or for another provider.
    #[error("this browser is on no way that leads back here")]
    NoAttempt,
    /// The provider's answer is not good.
    #[error(transparent)]
    Protocol(Refused),
    /// No account that can be used belongs to whom the provider vouches for.
    #[error("nobody here is known by what the provider says")]
    Nobody,
    /// Whoever set out to link an account is not signed in to it any more.
    #[error("the session that set out has ended")]
    SessionEnded,
    /// The invitation is gone, or its reader is linked to another account.
    #[error("the invitation cannot be taken up by them")]
    Invitation,
    /// Somebody else is linked to them already.
    #[error("they are linked to another account")]
    Taken,
}

/// What comes of an answer, if not a page to go on to.
enum Ending {
    /// It is refused. Whether an attempt was used up by it: only then it is written down, because only then it was counted.
    Refused(NotVouched, bool),
    /// The provider cannot be asked.
    Down(Unreachable),
    /// Something else is shown.
    Instead(Instead),
}

impl<E: Into<Instead>> From<E> for Ending {
    fn from(error: E) -> Self {
        Self::Instead(error.into())
    }
}

const fn refused(why: NotVouched) -> Ending {
    Ending::Refused(why, true)
}

fn named<'w>(web: &'w Web, key: &str) -> Result<&'w Named, Instead> {
    web.providers.find(key).ok_or(Instead::NotHere)
}

/// `POST /sign-in/openid/{provider}`
pub async fn sign_in(
    State(web): State<Web>,
    visit: Visit,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Instead> {
    let named = named(&web, &key)?;
    let what = OpenIdErrand {
        issuer: named.provider.issuer().to_owned(),
        errand: Errand::SignIn,
        prove_anew: fields.one("again") == "yes",
        next: next_page(fields.one("next")).to_owned(),
    };
    set_out(&web, &visit, named, what).await
}

/// `POST /invitation/{link}/openid/{provider}`
pub async fn take_up(
    State(web): State<Web>,
    visit: Visit,
    Path((link, key)): Path<(String, String)>,
) -> Result<Response, Instead> {
    let named = named(&web, &key)?;
    let Some(link) = link::invitation_of(&web, &link).await? else {
        return link::invitation_gone(&visit);
    };
    let what = OpenIdErrand {
        issuer: named.provider.issuer().to_owned(),
        errand: Errand::Invitation(link.kept()),
        prove_anew: false,
        next: ACCOUNT.to_owned(),
    };
    set_out(&web, &visit, named, what).await
}

/// `POST /account/openid/{provider}/link`
pub async fn link(
    State(web): State<Web>,
    visit: Visit,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, ACCOUNT).await?;
    let named = named(&web, &key)?;
    let issuer = named.provider.issuer();
    let accounts = web.accounts().await?;
    let begun = accounts.begin_openid_link(&visitor.session, issuer, &visit.caller);
    match begun.await {
        Ok(begun) => lead_there(&web, &visit, named, begun).await,
        Err(AccountError::TryLater(wait)) => Err(Instead::Wait(wait)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /account/openid/unlink`
pub async fn unlink(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, ACCOUNT).await?;
    let accounts = web.accounts().await?;
    let gone = accounts.unlink_openid(&visitor.session, fields.one("issuer"));
    match gone.await {
        Ok(()) => Ok(onwards("/account?after=unlinked")),
        Err(AccountError::NoSuchAccount) => Ok(onwards("/account?after=not-unlinked")),
        Err(error) => Err(error.into()),
    }
}

async fn set_out(
    web: &Web,
    visit: &Visit,
    named: &Named,
    what: OpenIdErrand,
) -> Result<Response, Instead> {
    let begun = web.accounts().await?.begin_openid(what, &visit.caller);
    match begun.await {
        Ok(begun) => lead_there(web, visit, named, begun).await,
        Err(AccountError::TryLater(wait)) => Err(Instead::Wait(wait)),
        Err(error) => Err(error.into()),
    }
}

/// The page that leads on to the provider.
async fn lead_there(
    web: &Web,
    visit: &Visit,
    named: &Named,
    (ticket, kept): (OpenIdTicket, OpenIdAttempt),
) -> Result<Response, Instead> {
    let attempt = attempt(web, &ticket, &kept).await?;
    match named.provider.begin(&attempt, &named.back).await {
        Ok(there) => {
            let page = shown(&LeavingPage {
                frame: Frame::new("You are being taken there", visit, None)?,
                name: named.provider.name().to_owned(),
                there: there.into(),
            })?;
            Ok(ticket::handed_out(&ticket, page))
        }
        Err(unreachable) => down(visit, named, &unreachable),
    }
}

/// What the protocol goes by. The same each time for one ticket.
async fn attempt(
    web: &Web,
    ticket: &OpenIdTicket,
    kept: &OpenIdAttempt,
) -> Result<Attempt, Instead> {
    let proved_within = if kept.what.prove_anew {
        TimeDelta::zero()
    } else {
        web.accounts().await?.longest_session()
    };
    Ok(Attempt::new(
        &ticket.attempt(),
        kept.begun_at,
        proved_within,
    ))
}

/// `GET /sign-in/openid/{provider}/back`
pub async fn back(
    State(web): State<Web>,
    visit: Visit,
    Path(key): Path<String>,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Result<Response, Instead> {
    let named = named(&web, &key)?;
    let ended = answered(&web, &visit, named, answer.map(|Query(answer)| answer)).await;
    let response = match ended {
        Ok(response) => response,
        Err(Ending::Down(unreachable)) => down(&visit, named, &unreachable)?,
        Err(Ending::Instead(instead)) => return Err(instead),
        Err(Ending::Refused(why, counted)) => {
            let issuer = named.provider.issuer();
            tracing::info!(target: "security", issuer, %why, "a provider's word was not taken");
            // Where accounts were asked, they have written it down.
            if counted && !matches!(why, NotVouched::Nobody) {
                let refused = SecurityEvent::SignInRefused;
                let accounts = web.accounts().await?;
                accounts.record(refused, None, None, &visit.caller).await?;
            }
            let page = RefusedPage {
                frame: Frame::new("This did not work", &visit, None)?,
                name: named.provider.name().to_owned(),
            };
            with_status(StatusCode::FORBIDDEN, &page)?
        }
    };
    Ok(ticket::taken(response))
}

fn down(visit: &Visit, named: &Named, unreachable: &Unreachable) -> Result<Response, Instead> {
    tracing::warn!(error = %unreachable, "nobody can sign in by this provider's word just now");
    let page = DownPage {
        frame: Frame::new("Try again later", visit, None)?,
        name: named.provider.name().to_owned(),
    };
    with_status(StatusCode::SERVICE_UNAVAILABLE, &page)
}

/// Takes the browser's ticket, and does what it is for if the provider's answer is good.
async fn answered(
    web: &Web,
    visit: &Visit,
    named: &Named,
    answer: Result<Answer, QueryRejection>,
) -> Result<Response, Ending> {
    let no_attempt = || Ending::Refused(NotVouched::NoAttempt, false);
    let ticket = ticket::shown(&visit.headers).ok_or_else(no_attempt)?;
    let taken = web.accounts().await?.take_openid(&ticket).await?;
    let kept = taken.ok_or_else(no_attempt)?;
    if kept.what.issuer != named.provider.issuer() {
        return Err(refused(NotVouched::NoAttempt));
    }
    let answer = answer.map_err(|_| refused(NotVouched::Unreadable))?;
    let attempt = attempt(web, &ticket, &kept).await?;
    let vouched = named.provider.finish(&attempt, answer, &named.back).await;
    let vouched = vouched.map_err(|why| match why {
        Refused::Unreachable(unreachable) => Ending::Down(unreachable),
        why => refused(NotVouched::Protocol(why)),
    })?;
    match kept.what.errand {
        Errand::SignIn => come_in(web, visit, vouched, &kept.what.next).await,
        Errand::Link(session) => link_up(web, visit, vouched, session).await,
        Errand::Invitation(link) => {
            let person = person(&vouched);
            let accounts = web.accounts().await?;
            let accepted = accounts.accept_invitation_vouched(link, &person, &visit.caller);
            accepted.await.map_err(|error| match error {
                LinkRefused::Store(error) => error.into(),
                LinkRefused::NoLonger | LinkRefused::WeakPassword(_) => {
                    refused(NotVouched::Invitation)
                }
            })?;
            come_in(web, visit, vouched, &kept.what.next).await
        }
    }
}

fn person(vouched: &Vouched) -> OpenIdPerson {
    OpenIdPerson {
        issuer: vouched.issuer.clone(),
        subject: vouched.subject.clone(),
    }
}

async fn come_in(
    web: &Web,
    visit: &Visit,
    vouched: Vouched,
    next: &str,
) -> Result<Response, Ending> {
    let proof = Proof {
        at: vouched.proved_at,
        second_factor: vouched.second_factor_done,
    };
    let (person, replaces) = (person(&vouched), visit.token_shown());
    let accounts = web.accounts().await?;
    let came = accounts.sign_in_vouched(&person, proof, replaces.as_ref(), &visit.caller);
    let SignedIn { token, session } = came.await.map_err(|error| match error {
        SignInRefused::Refused | SignInRefused::TryLater(_) => refused(NotVouched::Nobody),
        SignInRefused::Store(error) => error.into(),
    })?;
    let visitor = web.identity.visitor(session).await?;
    let next = next_page(next);
    let onwards = door_after(&visitor, next).unwrap_or_else(|| Instead::go(next));
    Ok(keeping(&token, onwards.into_response()))
}

async fn link_up(
    web: &Web,
    visit: &Visit,
    vouched: Vouched,
    session: WebSessionId,
) -> Result<Response, Ending> {
    let visitor = web.visitor(visit).await?;
    let visitor = visitor.filter(|visitor| visitor.session.id() == session);
    let visitor = visitor.ok_or(refused(NotVouched::SessionEnded))?;
    let (accounts, person) = (web.accounts().await?, person(&vouched));
    let linked = accounts.link_openid(&visitor.session, &person, &visit.caller);
    match linked.await {
        Ok(()) => Ok(onwards("/account?after=linked")),
        Err(AccountError::NoSuchAccount) => Err(refused(NotVouched::Taken)),
        Err(error) => Err(error.into()),
    }
}
