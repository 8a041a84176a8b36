//! Who holds which role: shown, given and taken away, by those who may. What they may, the schema decides; whose account it is, the
//! household knows, as the record names accounts and never people.

mod end;
mod give;
mod list;

use axum::Router;
use axum::routing::get;

use crate::documents::words::Role;
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::Frame;
use crate::visit::Web;

/// Where the roles are.
pub const ROLES: &str = "/roles";

/// Their pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/roles", get(list::show))
        .route("/roles/give", get(give::show).post(give::send))
        .route("/roles/{id}/end", get(end::show).post(end::send))
}

/// Whether somebody sees who holds which role.
pub fn sees_roles(looker: &Looker) -> bool {
    gives_roles(looker) || looker.is(Role::Auditor)
}

/// Whether somebody gives roles and takes them away.
fn gives_roles(looker: &Looker) -> bool {
    looker.is(Role::RegionalAdministrator) || looker.is(Role::Secretariat)
}

/// Refuses who has no business with giving roles.
///
/// # Errors
/// [`Instead::NotHere`].
fn must_give(looker: &Looker) -> Result<(), Instead> {
    gives_roles(looker).then_some(()).ok_or(Instead::NotHere)
}

fn frame(title: &'static str, looker: &Looker) -> Result<Frame, Instead> {
    Ok(Frame::of(title, looker)?.crumb("Your account", "/account"))
}
