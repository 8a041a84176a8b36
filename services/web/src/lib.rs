//! Pages: a client of the GraphQL schema, and the door.
//!
//! What a page shows of the record it asks the schema for, in process: any client can ask for the same. Who looks is told by
//! [`gateway::identity`], and the pages on which people sign in and look after their account work with the accounts
//! themselves: they are no part of the record, and no part of the schema.

mod account;
pub mod address;
pub mod arranged;
mod ask;
mod assets;
mod audit;
mod change;
pub mod chart;
mod compact;
mod desk;
mod documents;
mod forgotten;
pub mod form;
mod home;
mod instead;
mod kept;
mod letters;
mod link;
mod looker;
mod may;
mod mentions;
mod nav;
mod page;
pub mod parts;
mod past;
mod people;
mod practice;
mod providers;
mod qr;
mod region;
mod roles;
mod second_factor;
mod session;
mod shelf;
mod sign_in;
mod start;
mod statement;
mod ticket;
mod tokens;
pub mod uk;
mod visit;
mod vouched;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

pub use documents::trusted;
pub use letters::Letters;
pub use looker::Posts;
pub use providers::Providers;
pub use shelf::Shelf;
pub use visit::{Web, Works};

/// The longest form, in bytes: a password of a thousand, and a hundred compacts.
const LONGEST_FORM: usize = 16 * 1024;

/// The pages. Whoever serves them puts them behind [`gateway::guarded`], which keeps other sites' forms out, and [`gateway::throttled`], which tells where it comes from.
pub fn router(web: Web) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/accessibility", get(statement::show))
        .route("/start", get(start::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::send))
        .route(
            "/sign-in/code",
            get(sign_in::ask_code).post(sign_in::take_code),
        )
        .route("/sign-in/openid/{provider}", post(vouched::sign_in))
        .route("/sign-in/openid/{provider}/back", get(vouched::back))
        .route("/sign-out", post(sign_in::sign_out))
        .route(
            "/set-up-second-factor",
            get(second_factor::show).post(second_factor::begin),
        )
        .route(
            "/set-up-second-factor/confirm",
            post(second_factor::confirm),
        )
        .route(
            "/invitation/{link}",
            get(link::invitation).post(link::take_up),
        )
        .route(
            "/invitation/{link}/openid/{provider}",
            post(vouched::take_up),
        )
        .route("/reset/{link}", get(link::reset).post(link::set_anew))
        .route("/forgotten", get(forgotten::show).post(forgotten::ask))
        .merge(account_routes())
        .merge(audit::routes())
        .merge(roles::routes())
        .merge(people::routes())
        .merge(region::routes())
        .route("/assets/{name}", get(assets::serve))
        .merge(compact::routes())
        .merge(practice::routes())
        .merge(desk::routes())
        .fallback(instead::no_such_page)
        .layer(from_fn_with_state(web.clone(), instead::framed))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(from_fn(mentions::settle))
        .layer(CompressionLayer::new())
        .layer(from_fn(guard))
        .with_state(web)
}

/// What somebody does with their own account.
fn account_routes() -> Router<Web> {
    Router::new()
        .route("/account", get(account::show))
        .route("/account/sessions/{id}/end", post(account::end_session))
        .route(
            "/account/sessions/end-others",
            post(account::end_other_sessions),
        )
        .route(
            "/account/second-factor/take-away",
            post(account::take_second_factor_away),
        )
        .route(
            "/account/password",
            get(account::ask_password).post(account::change_password),
        )
        .route("/account/openid/{provider}/link", post(vouched::link))
        .route("/account/openid/unlink", post(vouched::unlink))
        .route("/account/recovery-codes", post(account::renew_codes))
        .route("/account/tokens/new", get(tokens::show).post(tokens::make))
        .route("/account/tokens/{id}/revoke", post(account::revoke_token))
}

/// Tells the browser what a page may do, whatever is on it: load and ask this very server alone, and send its forms nowhere else.
/// There is no nonce, so that a page that is kept stays right; what this server has at other addresses runs nowhere, because
/// files that were uploaded are handed out under no type that a browser takes for a script or a style.
const MAY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async fn guard(request: Request, next: Next) -> Response {
    let headers = [(header::CONTENT_SECURITY_POLICY, MAY)];
    (headers, next.run(request).await).into_response()
}
