//! Who sends a request to the API: by a token, or by the session of a browser.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use accounts::{Caller as Whence, HashingError, Standing, StoreError, TokenAccess, TokenBearer};
use accounts::{TokenRefused, TokenScope};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use futures::FutureExt;
use futures::future::BoxFuture;

use super::{Browser, Identity, IdentityError};
use crate::caller::{Caller, Identify, NotIdentified};

/// What a page sends along with its cookie. A form of another site cannot, whatever a browser lets it do.
pub const FROM_A_PAGE: HeaderName = HeaderName::from_static("x-compacts-csrf");

impl Identify for Identity {
    fn identify<'a>(
        &'a self,
        headers: &'a HeaderMap,
        from: Option<IpAddr>,
    ) -> BoxFuture<'a, Result<Caller, NotIdentified>> {
        async move {
            match headers.get(header::AUTHORIZATION) {
                Some(shown) => {
                    self.bearer(shown.to_str().unwrap_or_default(), headers, from)
                        .await
                }
                None => self.signed_in(headers).await,
            }
        }
        .boxed()
    }
}

impl Identity {
    /// Whoever brought a token along. A cookie beside it is not looked at.
    async fn bearer(
        &self,
        shown: &str,
        headers: &HeaderMap,
        from: Option<IpAddr>,
    ) -> Result<Caller, NotIdentified> {
        let token = match shown.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => {
                return Err(bad_token(
                    "send a token as `Authorization: Bearer`, and then the token",
                ));
            }
        };
        let Some(accounts) = self.accounts().await? else {
            return Err(bad_token(
                "this token is not good, or no longer; make a new one",
            ));
        };
        let agent = headers.get(header::USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok());
        let from = from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let whence = Whence::new(from, agent.unwrap_or_default());
        let bearer = accounts.bearer(token, &whence).await?;
        let shown = self.inner.grants.shown_now();
        let required = self.second_factor_required(bearer.account, &shown).await?;
        if required && !bearer.owner_has_second_factor {
            return Err(OWES_SECOND_FACTOR);
        }
        let account = bearer.account;
        Ok(Caller::bearing(account, good_for(bearer)).shown_by(shown))
    }

    /// Whoever is signed in with the browser that sent this.
    async fn signed_in(&self, headers: &HeaderMap) -> Result<Caller, NotIdentified> {
        let visitor = match self.browser(headers).await? {
            Browser::Nobody => return Ok(Caller::public()),
            Browser::Ended => return Err(ENDED),
            Browser::Visitor(visitor) => visitor,
        };
        // A browser cannot add a header to a WebSocket; where that comes from, the door has looked at.
        if !headers.contains_key(FROM_A_PAGE) && !headers.contains_key(header::UPGRADE) {
            return Err(NO_HEADER);
        }
        match visitor.standing {
            Standing::In => {
                let caller = Caller::signed_in(visitor.session.account());
                Ok(caller.shown_by(visitor.shown))
            }
            Standing::OwesCode => Err(OWES_CODE),
            Standing::OwesSecondFactor => Err(OWES_SECOND_FACTOR),
        }
    }
}

fn good_for(bearer: TokenBearer) -> access::Token {
    access::Token {
        compacts: match bearer.scope {
            TokenScope::Everything => None,
            TokenScope::Compacts(compacts) => Some(compacts),
        },
        writes: bearer.access == TokenAccess::Write,
        second_factor: bearer.owner_has_second_factor,
    }
}

const ENDED: NotIdentified = refused(
    StatusCode::UNAUTHORIZED,
    "SESSION_ENDED",
    "your session has ended: sign in again",
);
const OWES_CODE: NotIdentified = refused(
    StatusCode::FORBIDDEN,
    "SECOND_FACTOR_OWED",
    "you have given your password and still owe the code: enter it at /sign-in/code",
);
const OWES_SECOND_FACTOR: NotIdentified = refused(
    StatusCode::FORBIDDEN,
    "SECOND_FACTOR_OWED",
    "a role you hold asks for a second factor: sign in and set one up at /set-up-second-factor",
);
const NO_HEADER: NotIdentified = refused(
    StatusCode::FORBIDDEN,
    "HEADER_REQUIRED",
    "with a session's cookie, send the header `x-compacts-csrf: 1`: it shows that no other site sent this",
);

const fn refused(status: StatusCode, code: &'static str, words: &'static str) -> NotIdentified {
    NotIdentified {
        status,
        code,
        words: Cow::Borrowed(words),
        retry_after: None,
    }
}

const fn bad_token(words: &'static str) -> NotIdentified {
    refused(StatusCode::UNAUTHORIZED, "BAD_TOKEN", words)
}

/// Nobody could look.
fn not_now(retry_after: u64) -> NotIdentified {
    NotIdentified {
        retry_after: Some(Duration::from_secs(retry_after)),
        ..refused(
            StatusCode::SERVICE_UNAVAILABLE,
            "NOT_IDENTIFIED",
            "it cannot be found out just now who you are; nothing was done: try again in a moment",
        )
    }
}

impl From<IdentityError> for NotIdentified {
    fn from(error: IdentityError) -> Self {
        if !matches!(
            error,
            IdentityError::Accounts(StoreError::Hashing(HashingError::Busy))
        ) {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "it cannot be told who is at the door");
        }
        not_now(5)
    }
}

impl From<TokenRefused> for NotIdentified {
    fn from(error: TokenRefused) -> Self {
        match error {
            TokenRefused::NotAToken(_) | TokenRefused::NotGood => Self {
                words: Cow::Owned(error.to_string()),
                ..bad_token("")
            },
            TokenRefused::TryLater(wait) => Self {
                words: Cow::Owned(wait.to_string()),
                retry_after: Some(Duration::from_secs(wait.seconds.into())),
                ..refused(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_BAD_TOKENS", "")
            },
            TokenRefused::Store(error) => IdentityError::from(error).into(),
        }
    }
}
