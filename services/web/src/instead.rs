//! What is answered in the place of a page.

use accounts::{AccountError, HashingError, RetryAfter, StoreError};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use gateway::identity::IdentityError;

use crate::ask::PageError;
use crate::form::sentence;

/// Why a page is not shown, and what is in its place.
#[derive(Debug)]
pub enum Instead {
    /// Another page.
    GoTo(String),
    /// The page to sign in, and from there to `back`.
    SignIn {
        /// Where to go on to.
        back: String,
    },
    /// A form that is not of this session.
    FormOutOfDate,
    /// A form that cannot be read.
    FormUnreadable,
    /// There is no such page.
    NotHere,
    /// There is no region yet, and so nobody to sign in.
    NoRegion,
    /// Too many passwords are being checked.
    Busy,
    /// Too many attempts.
    Wait(RetryAfter),
    /// The pages are not served as they must be.
    NotBehindTheDoor,
    /// Something broke.
    Broken(PageError),
}

impl Instead {
    /// Another page.
    pub fn go(page: impl Into<String>) -> Self {
        Self::GoTo(page.into())
    }
}

impl From<PageError> for Instead {
    fn from(error: PageError) -> Self {
        Self::Broken(error)
    }
}

impl From<askama::Error> for Instead {
    fn from(error: askama::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<IdentityError> for Instead {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Accounts(error) => error.into(),
            other => Self::Broken(PageError::Behind(other.into())),
        }
    }
}

impl From<StoreError> for Instead {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Hashing(HashingError::Busy) => Self::Busy,
            other => Self::Broken(PageError::Behind(other.into())),
        }
    }
}

impl From<AccountError> for Instead {
    /// For what the page has no field for.
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => error.into(),
            AccountError::SignInAgain => Self::go("/sign-in?again=/account"),
            AccountError::NoSuchAccount => Self::SignIn {
                back: "/account".to_owned(),
            },
            other => Self::Broken(PageError::Behind(other.into())),
        }
    }
}

/// A page of a few words.
fn words(status: StatusCode, title: &str, what: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en-GB\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} – Compacts</title>\
         <h1>{title}</h1><p>{what}</p></html>"
    );
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (status, no_store, Html(page)).into_response()
}

impl IntoResponse for Instead {
    fn into_response(self) -> Response {
        match self {
            Self::GoTo(page) => Redirect::to(&page).into_response(),
            Self::SignIn { back } => Redirect::to(&format!("/sign-in?next={back}")).into_response(),
            Self::FormOutOfDate => words(
                StatusCode::FORBIDDEN,
                "This form is out of date",
                "Nothing was changed. You have signed in or out since this page was opened: go back, load the page \
                 again, and send the form once more.",
            ),
            Self::FormUnreadable => words(
                StatusCode::BAD_REQUEST,
                "This form cannot be read",
                "Nothing was changed. Go back, load the page again, and send the form once more.",
            ),
            Self::NotHere => words(
                StatusCode::NOT_FOUND,
                "There is no such page",
                "Check the address, or <a href=\"/\">begin at the first page</a>.",
            ),
            Self::NoRegion => words(
                StatusCode::NOT_FOUND,
                "Nobody can sign in yet",
                "There is no region here yet, and every account belongs to one. Whoever runs this server begins with \
                 one.",
            ),
            Self::Busy => {
                let mut response = words(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Too many people are signing in",
                    "Nothing was changed. Try again in a few seconds.",
                );
                let seconds = HeaderValue::from_static("5");
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
                response
            }
            Self::Wait(wait) => {
                let what = format!("Nothing was changed. {}.", sentence(&wait.to_string()));
                let status = StatusCode::TOO_MANY_REQUESTS;
                let mut response = words(status, "Too many attempts", &what);
                let seconds = HeaderValue::from(wait.seconds);
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
                response
            }
            Self::NotBehindTheDoor => {
                tracing::error!("a page was asked for that is not behind the door");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Self::Broken(error) => error.into_response(),
        }
    }
}
