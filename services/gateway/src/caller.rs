//! Who is asking.
//!
//! Whoever stands at the door is told by an [`Identify`]: from a session's cookie, from a token. What they may do is
//! no part of it; that is decided for everything they ask, from the roles on record.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use access::Token;
use axum::http::{HeaderMap, StatusCode};
use domain::ids::AccountId;
use futures::future::BoxFuture;

use crate::shown_now::ShownNow;

/// Who is asking, and what their request is called.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub who: Who,
    /// What the request is called in logs, here and wherever it goes from here.
    pub correlation: Option<String>,
    /// Whether names that stand in the place of mentions are marked for them ([`domain::mention::marked`]), so that they can put the
    /// mentions back into what they send.
    pub has_names_marked: bool,
    /// How far the ledgers are shown, where that was asked to let them in.
    shown: Option<ShownNow>,
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, who may ask but change nothing.
    Public,
    /// Someone with an account.
    Account(AccountId, Through),
}

/// How someone with an account comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// Signed in, at a page.
    Session,
    /// With a token, which is good for this and no more.
    Token(Token),
}

impl Caller {
    /// Anybody.
    pub const fn public() -> Self {
        Self::of(Who::Public)
    }

    /// Someone who signed in.
    pub const fn signed_in(account: AccountId) -> Self {
        Self::of(Who::Account(account, Through::Session))
    }

    /// Someone with a token of an account's.
    pub const fn bearing(account: AccountId, token: Token) -> Self {
        Self::of(Who::Account(account, Through::Token(token)))
    }

    const fn of(who: Who) -> Self {
        Self {
            who,
            correlation: None,
            has_names_marked: false,
            shown: None,
        }
    }

    /// The same caller, shown names that are marked where they stand in the place of mentions.
    #[must_use]
    pub const fn with_marked_names(mut self) -> Self {
        self.has_names_marked = true;
        self
    }

    /// The same caller, with a request of this name.
    #[must_use]
    pub fn correlated(self, correlation: impl Into<String>) -> Self {
        let correlation = Some(correlation.into());
        Self {
            correlation,
            ..self
        }
    }

    /// The same caller, for whom it was asked how far the ledgers are shown. Good for what one request asks, and no longer.
    #[must_use]
    pub fn shown_by(self, shown: ShownNow) -> Self {
        let shown = Some(shown);
        Self { shown, ..self }
    }

    /// How far the ledgers are shown, where that was asked to let them in.
    pub(crate) const fn shown(&self) -> Option<&ShownNow> {
        self.shown.as_ref()
    }

    /// The account, of someone who has one.
    pub const fn account(&self) -> Option<AccountId> {
        match self.who {
            Who::Public => None,
            Who::Account(account, _) => Some(account),
        }
    }

    /// What the token is good for that they came with; none for whoever came without.
    pub const fn token(&self) -> Option<&Token> {
        match &self.who {
            Who::Account(_, Through::Token(token)) => Some(token),
            _ => None,
        }
    }
}

/// Finds out who sends a request, by what is at the door.
pub trait Identify: Send + Sync + 'static {
    /// Who sends a request with these headers, from this address where it is known. It is asked again from time to
    /// time for as long as a subscription is open.
    ///
    /// # Errors
    /// [`NotIdentified`] when they say who they are and it does not hold, or cannot be found out. Whoever says nothing
    /// is the public.
    fn identify<'a>(
        &'a self,
        headers: &'a HeaderMap,
        from: Option<IpAddr>,
    ) -> BoxFuture<'a, Result<Caller, NotIdentified>>;
}

/// What somebody showed at the door, to be looked at again for as long as what they opened is open: sessions end and
/// tokens are taken back meanwhile.
#[derive(Clone)]
pub struct Shown {
    identify: Arc<dyn Identify>,
    headers: HeaderMap,
    from: Option<IpAddr>,
    correlation: Option<String>,
}

impl Shown {
    /// What came with a request.
    pub fn new(
        identify: Arc<dyn Identify>,
        headers: HeaderMap,
        from: Option<IpAddr>,
        correlation: Option<String>,
    ) -> Self {
        Self {
            identify,
            headers,
            from,
            correlation,
        }
    }

    /// Who that is by now.
    ///
    /// # Errors
    /// [`NotIdentified`] when it is nobody any more, or cannot be found out.
    pub async fn whose(&self) -> Result<Caller, NotIdentified> {
        let caller = self.identify.identify(&self.headers, self.from).await?;
        let correlation = self.correlation.clone();
        Ok(Caller {
            correlation,
            ..caller
        })
    }
}

/// Why it could not be found out who sends a request: what to answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct NotIdentified {
    /// The answer's status: 401 for a token that is not good, 403 for a second factor that is owed, 429 for trying too
    /// often, 503 when nobody could look.
    pub status: StatusCode,
    /// A code that stays the same when the words change.
    pub code: &'static str,
    /// What is wrong and what to do, for the person.
    pub words: Cow<'static, str>,
    /// How long to wait before trying again, where that helps.
    pub retry_after: Option<Duration>,
}
