//! Every role that was given, the newest first, and whether it is held today.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::ids::AccountId;
use uuid::Uuid;

use super::{frame, gives_roles, sees_roles};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, UUID};
use crate::documents::words::Role;
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::looker::{Looker, Place, Post};
use crate::page::{Frame, shown};
use crate::parts::{Pages, Part, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(Roles, "documents/roles.graphql");

use self::roles::RolesRoleGrantsNodes as Held;

/// How many stand on a page.
const SIZE: i64 = 25;

/// A role that was given.
struct Row {
    held: Held,
    /// Whose it is, to whoever may be told.
    name: Option<String>,
    /// Whether whoever looks may take it away.
    may_end: bool,
}

#[derive(Template)]
#[template(path = "roles/list.html")]
struct Page {
    frame: Frame,
    gives: bool,
    compact: Select,
    rows: Vec<Row>,
    pages: Pages,
}

/// Whether somebody may take this role away: an administrator any, the secretariat those of its compact.
fn may_end(looker: &Looker, manages: bool, held: &Held) -> bool {
    let own = looker.places(Role::Secretariat);
    let theirs = matches!(held.role, Role::GroupLead | Role::MemberRepresentative)
        && own
            .iter()
            .any(|place| Some(&place.id) == held.compact_id.as_ref());
    held.current && (manages || theirs)
}

/// The compacts whose roles somebody sees; none where they see those of the whole region.
fn own(looker: &Looker) -> Option<Vec<&Place>> {
    let of_the_region = |post: &Post| post.role == Role::Auditor && post.compact.is_none();
    if looker.is(Role::RegionalAdministrator) || looker.posts.iter().any(of_the_region) {
        return None;
    }
    let mut own = looker.places(Role::Secretariat);
    own.extend(looker.places(Role::Auditor));
    Some(own)
}

/// The rows of the list. Whoever gives roles and takes them away is told whose they are; an auditor reads the record, which names
/// accounts.
async fn rows(
    web: &Web,
    (looker, manages): (&Looker, bool),
    grants: Vec<Held>,
) -> Result<Vec<Row>, Instead> {
    let accounts = web.accounts().await?;
    let mut names: BTreeMap<Uuid, Option<String>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(grants.len());
    for held in grants {
        if gives_roles(looker) && !names.contains_key(&held.account_id) {
            let account = accounts.account(AccountId::new(held.account_id)).await?;
            let name = account.map(|account| account.name);
            names.insert(held.account_id, name.filter(|name| !name.is_empty()));
        }
        rows.push(Row {
            name: names.get(&held.account_id).cloned().flatten(),
            may_end: may_end(looker, manages, &held),
            held,
        });
    }
    Ok(rows)
}

/// `GET /roles`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    if !sees_roles(&looker) {
        return Err(Instead::NotHere);
    }
    let own = own(&looker);
    let asked = address.some("compact").map(str::to_owned);
    let compact = asked.or_else(|| Some(own.as_ref()?.first()?.id.clone()));
    let Part {
        first,
        after,
        last,
        before,
    } = Part::of(&address, SIZE);
    let variables = roles::Variables {
        compact: compact.clone(),
        first,
        after,
        last,
        before,
    };
    let answer = ask::<Roles>(&web.gateway, variables, looker.caller()).await?;
    let manages = answer.viewer.is_some_and(|viewer| viewer.manages_accounts);
    let grants = answer.role_grants;
    let pages = pages_of!("roles", &address, grants.page_info);
    let mut compacts: Vec<Choice> = Vec::new();
    if own.is_none() {
        compacts.push(Choice::new("", "The whole region"));
    }
    let seen = |id: &str| {
        let own = own.as_ref();
        own.is_none_or(|own| own.iter().any(|place| place.id == id))
    };
    let named = answer.compacts.nodes.into_iter();
    let named = named.filter(|it| seen(&it.id));
    compacts.extend(named.map(|it| Choice::new(it.id, it.name)));
    let done = match address.one("done") {
        "given" => Some("The role is given."),
        "ended" => Some("The role is taken away."),
        _ => None,
    };
    shown(&Page {
        frame: frame("Who holds which role", &looker)?.done(done),
        gives: gives_roles(&looker),
        rows: rows(&web, (&looker, manages), grants.nodes).await?,
        compact: Select::new("compact", "Compact", compacts)
            .with(compact.unwrap_or_default())
            .going(),
        pages,
    })
}
