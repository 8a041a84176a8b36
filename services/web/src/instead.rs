//! What is answered in the place of a page.
//!
//! Where such an answer is made it is not known who asked. It leaves with a frame for whoever it may be, and [`framed`] puts it into the
//! frame of the one who asked: whoever is not signed in is offered to sign in there, as on every other page.

use accounts::{AccountError, HashingError, RetryAfter, StoreError};
use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use gateway::error::ApiError;
use gateway::identity::IdentityError;

use crate::ask::PageError;
use crate::form::{Complaint, sentence};
use crate::looker::Looker;
use crate::page::{Frame, with_status};
use crate::visit::{Visit, Web};

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
    /// A form whose session has ended, with what was typed.
    Held(crate::desk::Held),
    /// A form that cannot be read.
    FormUnreadable,
    /// A form that is longer than any has to be.
    FormTooLong,
    /// There is no such page.
    NotHere,
    /// There is no region yet, and so nobody to sign in.
    NoRegion,
    /// Too many passwords are being checked.
    Busy,
    /// Too much is asked at once.
    AskLater,
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

impl Instead {
    /// What is shown where the gateway did not do what it was asked for outside the schema.
    pub fn from_api(error: ApiError) -> Self {
        match error {
            ApiError::Busy { .. } | ApiError::TooManyRequests { .. } => Self::AskLater,
            other => Self::Broken(PageError::Behind(other.into())),
        }
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
#[derive(Template)]
#[template(path = "words.html")]
struct Words {
    frame: Frame,
    said: Said,
}

/// What it says, with a link on.
#[derive(Clone)]
struct Said {
    title: &'static str,
    complaints: Vec<Complaint>,
    paragraphs: &'static [&'static str],
    onwards: (&'static str, &'static str),
}

impl Said {
    /// As a page, within a frame.
    fn within(self, mut frame: Frame) -> Words {
        frame.complaints.clone_from(&self.complaints);
        Words { frame, said: self }
    }

    /// As an answer to whoever it may be.
    fn answered(self, status: StatusCode) -> Response {
        let page = self.clone().within(Frame::bare(self.title));
        match with_status(status, &page) {
            Ok(mut response) => {
                response.extensions_mut().insert(self);
                response
            }
            Err(_) => (status, format!("{}\n", self.title)).into_response(),
        }
    }
}

/// A page of a few words, with a link on.
fn words(
    status: StatusCode,
    title: &'static str,
    paragraphs: &'static [&'static str],
    onwards: (&'static str, &'static str),
) -> Response {
    let said = Said {
        title,
        complaints: Vec::new(),
        paragraphs,
        onwards,
    };
    said.answered(status)
}

/// Puts what is answered in the place of a page into the frame of whoever asked.
pub async fn framed(
    State(web): State<Web>,
    visit: Result<Visit, Instead>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let said = response.extensions_mut().remove::<Said>();
    let (Some(said), Ok(visit)) = (said, visit) else {
        return response;
    };
    let Some(frame) = frame_of(&web, &visit, (said.title, response.status())).await else {
        return response;
    };
    let Ok(page) = said.within(frame).render() else {
        return response;
    };
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(page);
    response
}

/// The frame of whoever asked; none where that cannot be told, or is not to be asked while something is broken or too much to do.
async fn frame_of(
    web: &Web,
    visit: &Visit,
    (title, status): (&'static str, StatusCode),
) -> Option<Frame> {
    if visit.token_shown().is_none() {
        return Frame::of(title, &Looker::public()).ok();
    }
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let looker = web.looker(visit).await.ok()?;
    Frame::of(title, &looker).ok()
}

/// The same for whoever may try again after so many seconds.
fn later(seconds: u32, mut response: Response) -> Response {
    let seconds = HeaderValue::from(seconds);
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

const FIRST_PAGE: (&str, &str) = ("/", "Go to the first page");
const SIGN_IN: (&str, &str) = ("/sign-in", "Go to the page to sign in");

impl IntoResponse for Instead {
    fn into_response(self) -> Response {
        match self {
            Self::GoTo(page) => Redirect::to(&page).into_response(),
            Self::SignIn { back } => Redirect::to(&format!("/sign-in?next={back}")).into_response(),
            Self::Wait(wait) => too_many_attempts(wait),
            Self::Held(held) => held.into_response(),
            Self::NotBehindTheDoor => {
                tracing::error!("a page was asked for that is not behind the door");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Self::Broken(error) => broken(&error),
            Self::FormOutOfDate
            | Self::FormUnreadable
            | Self::FormTooLong
            | Self::NotHere
            | Self::NoRegion
            | Self::Busy
            | Self::AskLater => self.in_words(),
        }
    }
}

impl Instead {
    /// What needs no more than words.
    fn in_words(&self) -> Response {
        match self {
            Self::FormOutOfDate => words(
                StatusCode::FORBIDDEN,
                "This form is out of date",
                &[
                    "Nothing was changed. You have signed in or out since this page was opened.",
                    "Go back, load the page again, and send the form once more.",
                ],
                FIRST_PAGE,
            ),
            Self::FormUnreadable => words(
                StatusCode::BAD_REQUEST,
                "This form cannot be read",
                &[
                    "Nothing was changed. Go back, load the page again, and send the form once more.",
                ],
                FIRST_PAGE,
            ),
            Self::FormTooLong => words(
                StatusCode::PAYLOAD_TOO_LARGE,
                "This is more than can be sent at once",
                &[
                    "Nothing was changed. Each file may have up to 25 MB, and all of them together up to 250 MB.",
                    "Go back, choose fewer or shorter files, and send the form once more; or give a link to where a file is.",
                ],
                FIRST_PAGE,
            ),
            Self::NotHere => words(
                StatusCode::NOT_FOUND,
                "There is no such page",
                &[
                    "If you typed the address, check it. If you followed a link, it may be to something that was never \
                     released, or was taken back.",
                    "If it was a compact's own page, sign in first: what is not yet released is shown to those who work on it.",
                ],
                FIRST_PAGE,
            ),
            _ => self.for_now(),
        }
    }

    /// The same for what will be otherwise later.
    fn for_now(&self) -> Response {
        match self {
            Self::NoRegion => words(
                StatusCode::NOT_FOUND,
                "Nobody can sign in yet",
                &[
                    "There is no region here yet, and every account belongs to one. Whoever runs this server begins with one.",
                ],
                FIRST_PAGE,
            ),
            Self::Busy => later(
                5,
                words(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Too many people are signing in",
                    &["Nothing was changed. Try again in a few seconds."],
                    SIGN_IN,
                ),
            ),
            Self::AskLater => later(
                5,
                words(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Too much is being asked just now",
                    &["Nothing was changed. Wait a few seconds, go back, and try again."],
                    FIRST_PAGE,
                ),
            ),
            _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

fn too_many_attempts(wait: RetryAfter) -> Response {
    let said = Said {
        title: "Too many attempts",
        complaints: vec![Complaint {
            field: "main".into(),
            words: sentence(&wait.to_string()),
        }],
        paragraphs: &["Nothing was changed."],
        onwards: SIGN_IN,
    };
    later(wait.seconds, said.answered(StatusCode::TOO_MANY_REQUESTS))
}

fn broken(error: &PageError) -> Response {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "a page could not be shown"
    );
    words(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong",
        &[
            "The page cannot be shown just now. Nothing in the record is affected.",
            "Try again in a minute. If it stays so, tell whoever runs this server what you wanted to do and when.",
        ],
        FIRST_PAGE,
    )
}

/// What is answered where there is nothing: a page to who reads pages, a line to who does not.
pub async fn no_such_page(headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT);
    let accepts = accepts.and_then(|accepts| accepts.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.contains("text/html")) {
        return Instead::NotHere.into_response();
    }
    (StatusCode::NOT_FOUND, "there is nothing at this address\n").into_response()
}
