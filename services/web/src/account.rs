//! Who somebody is here: their roles, where they are signed in, their tokens, and what they can change of it.

use accounts::{
    AccountError, ApiTokenId, ApiTokenListed, OpenIdLinked, Password, SessionListed, Way,
    WebSessionId,
};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use gateway::identity::{HeldRole, Visitor};
use serde::Deserialize;
use uuid::Uuid;

use crate::audit::DESK;
use crate::documents::words::Role;
use crate::form::{Field, Fields};
use crate::instead::Instead;
use crate::link::new_password;
use crate::looker::Looker;
use crate::page::{Frame, keeping, onwards, shown, to_mend, to_wait};
use crate::providers::{Button, Providers};
use crate::roles;
use crate::second_factor::CodesPage;
use crate::tokens::scope_in_words;
use crate::uk;
use crate::visit::{ACCOUNT, Visit, Web};

/// What leads here.
#[derive(Default, Deserialize)]
pub struct Leading {
    /// What has just been done.
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    email: String,
    password: bool,
    linked: Vec<LinkedRow>,
    linkable: Vec<Button>,
    roles: Vec<HeldRole>,
    looks_after: Vec<(String, String)>,
    second_factor: bool,
    second_factor_required: bool,
    codes_left: u32,
    sessions: Vec<SessionRow>,
    tokens: Vec<TokenRow>,
}

/// A provider whose word is taken for the account.
struct LinkedRow {
    issuer: String,
    name: String,
    since: String,
    /// Whether it may be taken away: something else lets its owner in.
    may_go: bool,
}

/// A session among others.
struct SessionRow {
    id: Uuid,
    this_one: bool,
    what: String,
    began: String,
    last_seen: String,
}

/// A token among others.
struct TokenRow {
    id: Uuid,
    name: String,
    may: &'static str,
    scope: String,
    ends: String,
    last_used: String,
    good: bool,
}

/// `GET /account`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Query(leading): Query<Leading>,
) -> Result<Response, Instead> {
    let visitor = web.signed_in(&visit, ACCOUNT).await?;
    let id = visitor.session.account();
    let accounts = web.accounts().await?;
    let own = accounts.account(id).await?.ok_or(Instead::NotHere)?;
    let now = web.identity.clock().now();
    let sessions = accounts.sessions(id).await?;
    let names = web.compact_names(&visitor).await?;
    let tokens = accounts.tokens(id, None).await?;
    let links = accounts.openid_links(id).await?;
    let issuers: Vec<&str> = links.iter().map(|link| link.issuer.as_str()).collect();
    let may_go = own.password || links.len() > 1;
    let looker = web.looker_of(visitor.clone()).await?;
    let linkable = web.providers.buttons_but(&issuers);
    shown(&AccountPage {
        frame: Frame::of("Your account", &looker)?.done(done(&leading.after)),
        name: own.name,
        email: own.email,
        password: own.password,
        linked: links
            .iter()
            .map(|link| linked_row(link, &web.providers, may_go))
            .collect(),
        linkable,
        roles: web.identity.roles(id).await?,
        looks_after: looks_after(&looker),
        second_factor: own.second_factor,
        second_factor_required: visitor.second_factor_required,
        codes_left: accounts.recovery_codes_left(id).await?,
        sessions: sessions
            .into_iter()
            .map(|listed| session_row(&listed, &visitor))
            .collect(),
        tokens: tokens
            .into_iter()
            .map(|listed| token_row(listed, &names, now))
            .collect(),
    })
}

/// What somebody may look after besides their own account: what it says, and where it is.
fn looks_after(looker: &Looker) -> Vec<(String, String)> {
    let places = looker
        .posts
        .iter()
        .filter(|post| post.role != Role::Auditor);
    let mut places: Vec<_> = places.filter_map(|post| post.compact.as_ref()).collect();
    places.dedup();
    let desks = looker.places(Role::Secretariat).into_iter();
    let desks = desks.map(|it| {
        (
            format!("The desk of {}", it.name),
            format!("/desk/{}", it.slug),
        )
    });
    let audited = looker.is(Role::Auditor);
    let audited = audited.then(|| ("The record that you audit".to_owned(), DESK.to_owned()));
    let people = places.into_iter();
    let people = people.map(|it| {
        (
            format!("People of {}", it.name),
            format!("/people/{}", it.slug),
        )
    });
    let records = looker.places(Role::Secretariat).into_iter();
    let records = records.map(|it| {
        (
            format!("The record of {}", it.name),
            format!("/audit/{}", it.slug),
        )
    });
    let roles = roles::sees_roles(looker);
    let roles = roles.then(|| ("Who holds which role".to_owned(), roles::ROLES.to_owned()));
    let work = desks.chain(audited);
    work.chain(people).chain(records).chain(roles).collect()
}

fn done(after: &str) -> Option<&'static str> {
    Some(match after {
        "session-ended" => "That browser has been signed out.",
        "others-ended" => "Every other browser has been signed out.",
        "second-factor-gone" => {
            "The second factor is taken away. From now on your password alone lets somebody in."
        }
        "token-revoked" => "The token is revoked. Nothing can use it any more.",
        "linked" => "You can sign in that way from now on.",
        "unlinked" => "You can no longer sign in that way.",
        "not-unlinked" => {
            "Nothing was changed: it is the only way into your account, or was taken away before."
        }
        "password-changed" => "Your password is changed. Every other browser has been signed out.",
        _ => return None,
    })
}

fn linked_row(link: &OpenIdLinked, providers: &Providers, may_go: bool) -> LinkedRow {
    LinkedRow {
        name: providers.name_of(&link.issuer).to_owned(),
        since: day(link.linked_at),
        issuer: link.issuer.clone(),
        may_go,
    }
}

fn session_row(listed: &SessionListed, visitor: &Visitor) -> SessionRow {
    let network = listed.network.as_deref().unwrap_or("this machine");
    let way = match listed.way {
        Way::Password => "by password",
        Way::OpenId => "by another service",
    };
    let and_code = if listed.second_factor {
        " and code"
    } else {
        ""
    };
    SessionRow {
        id: listed.id.0,
        this_one: listed.id == visitor.session.id(),
        what: format!("{}, from {network}, {way}{and_code}", listed.agent),
        began: moment(listed.created_at),
        last_seen: moment(listed.last_seen_at),
    }
}

fn token_row(
    listed: ApiTokenListed,
    names: &[(domain::ids::CompactId, String)],
    now: DateTime<Utc>,
) -> TokenRow {
    let ended = listed
        .revoked_at
        .map(|at| format!("revoked on {}", day(at)));
    let expired = listed.expires_at <= now;
    let ends = match (&ended, expired) {
        (Some(revoked), _) => revoked.clone(),
        (None, true) => format!("ended on {}", day(listed.expires_at)),
        (None, false) => format!("ends on {}", day(listed.expires_at)),
    };
    TokenRow {
        id: listed.id.0,
        may: match listed.access {
            accounts::TokenAccess::Read => "reads",
            accounts::TokenAccess::Write => "reads and changes",
        },
        scope: scope_in_words(&listed.scope, names),
        ends,
        last_used: listed.last_used_at.map_or_else(
            || "never used".to_owned(),
            |at| format!("last used on {}", moment(at)),
        ),
        good: ended.is_none() && !expired,
        name: listed.name,
    }
}

/// A moment, as it stands on a page.
pub fn moment(at: DateTime<Utc>) -> String {
    uk::moment(&at)
}

/// Its day.
pub fn day(at: DateTime<Utc>) -> String {
    uk::day(&at.date_naive())
}

/// `POST /account/sessions/{id}/end`
pub async fn end_session(
    State(web): State<Web>,
    visit: Visit,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, ACCOUNT).await?;
    let account = visitor.session.account();
    let ended = web.accounts().await?.end_session(account, WebSessionId(id));
    if ended.await? {
        Ok(onwards("/account?after=session-ended"))
    } else {
        Err(Instead::NotHere)
    }
}

/// `POST /account/sessions/end-others`
pub async fn end_other_sessions(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, ACCOUNT).await?;
    let accounts = web.accounts().await?;
    accounts.end_other_sessions(&visitor.session).await?;
    Ok(onwards("/account?after=others-ended"))
}

/// `POST /account/second-factor/take-away`: whoever holds a role that needs one goes on to set up another.
pub async fn take_second_factor_away(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, ACCOUNT).await?;
    let accounts = web.accounts().await?;
    accounts.drop_second_factor(&visitor.session).await?;
    Ok(onwards(if visitor.second_factor_required {
        "/set-up-second-factor?next=/account"
    } else {
        "/account?after=second-factor-gone"
    }))
}

/// `POST /account/tokens/{id}/revoke`
pub async fn revoke_token(
    State(web): State<Web>,
    visit: Visit,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, ACCOUNT).await?;
    let account = visitor.session.account();
    let revoked = web.accounts().await?.revoke_token(account, ApiTokenId(id));
    if revoked.await? {
        Ok(onwards("/account?after=token-revoked"))
    } else {
        Err(Instead::NotHere)
    }
}

/// `POST /account/recovery-codes`: ten new ones.
pub async fn renew_codes(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, ACCOUNT).await?;
    let codes = web.accounts().await?.renew_recovery_codes(&visitor.session);
    shown(&CodesPage::new(&visit, &visitor, codes.await?, ACCOUNT)?)
}

#[derive(Template)]
#[template(path = "change-password.html")]
struct PasswordPage {
    frame: Frame,
    current: Field,
    password: Field,
    repeated: Field,
}

/// What is wrong with the current password, the new one, and its repetition.
type Problems = (Option<String>, Option<String>, Option<String>);

impl PasswordPage {
    fn new(visit: &Visit, visitor: &Visitor, problems: Problems) -> Result<Self, Instead> {
        let current = Field {
            name: "current-password".into(),
            label: "Current password".into(),
            ..Field::password()
        };
        let current = current.but(problems.0);
        let password = Field::new_password().but(problems.1);
        let repeated = Field::repeated_password().but(problems.2);
        let frame = Frame::new("Change your password", visit, Some(visitor))?;
        Ok(Self {
            frame: frame.complaining([&current, &password, &repeated]),
            current,
            password,
            repeated,
        })
    }
}

/// `GET /account/password`
pub async fn ask_password(State(web): State<Web>, visit: Visit) -> Result<Response, Instead> {
    let visitor = web.signed_in(&visit, "/account/password").await?;
    shown(&PasswordPage::new(&visit, &visitor, (None, None, None))?)
}

/// `POST /account/password`
pub async fn change_password(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, "/account/password").await?;
    let page = |problems: Problems| PasswordPage::new(&visit, &visitor, problems);
    let current = fields.one("current-password");
    let (new, (of_new, of_repeated)) = new_password(&fields);
    let missing = current
        .is_empty()
        .then(|| "enter the password you have now".to_owned());
    let (Some(new), None) = (new, &missing) else {
        return to_mend(&page((missing, of_new, of_repeated))?);
    };
    let current = Password::typed(current);
    let accounts = web.accounts().await?;
    let changed = accounts.change_password(&visitor.session, (&current, &new), &visit.caller);
    match changed.await {
        Ok(signed_in) => {
            let onwards = onwards("/account?after=password-changed");
            Ok(keeping(&signed_in.token, onwards))
        }
        Err(error @ AccountError::WrongPassword) => {
            to_mend(&page((Some(error.to_string()), None, None))?)
        }
        Err(AccountError::WeakPassword(why)) => {
            to_mend(&page((None, Some(why.to_string()), None))?)
        }
        Err(AccountError::TryLater(wait)) => {
            to_wait(&page((Some(wait.to_string()), None, None))?, wait.seconds)
        }
        Err(error) => Err(error.into()),
    }
}
