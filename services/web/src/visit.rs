//! Who looks at a page: what the request says, and who that comes to.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;
use std::sync::Arc;

use accounts::{Accounts, Caller as Whence, SessionToken, Standing};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use gateway::identity::{Browser, Identity, Visitor};
use gateway::{Caller, CameFrom, Gateway, Nonce};

use crate::form::Fields;
use crate::instead::Instead;
use crate::letters::Letters;
use crate::looker::Posts;
use crate::providers::Providers;
use crate::shelf::Shelf;

/// What the pages work with, for every request. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Works>);

/// What the pages work with.
pub struct Works {
    /// Answers every question a page asks.
    pub gateway: Gateway,
    /// Tells who is at the door.
    pub identity: Identity,
    /// The providers whose word is taken.
    pub providers: Providers,
    /// Sends letters; none where no mail is set up.
    pub letters: Option<Arc<dyn Letters>>,
    /// Pages that were made for everybody.
    pub shelf: Shelf,
    /// The posts of those who looked lately.
    pub posts: Posts,
    /// Where people find this installation; no slash at the end.
    pub public_url: String,
}

impl From<Works> for Web {
    fn from(works: Works) -> Self {
        Self(Arc::new(works))
    }
}

impl Deref for Web {
    type Target = Works;

    fn deref(&self) -> &Works {
        &self.0
    }
}

/// What a request says of who looks.
pub struct Visit {
    /// Where it comes from.
    pub caller: Whence,
    /// All it was sent with.
    pub headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Instead;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Instead> {
        parts
            .extensions
            .get::<Nonce>()
            .ok_or(Instead::NotBehindTheDoor)?;
        let address = parts.extensions.get::<CameFrom>();
        // Served without an address, all count as one.
        let address = address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |CameFrom(at)| *at);
        let agent = parts.headers.get(header::USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok());
        Ok(Self {
            caller: Whence::new(address, agent.unwrap_or_default()),
            headers: parts.headers.clone(),
        })
    }
}

impl Visit {
    /// The token the browser shows, whatever it is worth.
    pub fn token_shown(&self) -> Option<SessionToken> {
        Identity::token_shown(&self.headers)
    }
}

impl Web {
    /// The accounts there are.
    ///
    /// # Errors
    /// [`Instead::NoRegion`] before there is a region for them to belong to.
    pub async fn accounts(&self) -> Result<&Accounts, Instead> {
        self.identity.accounts().await?.ok_or(Instead::NoRegion)
    }

    /// Who is signed in, however far; nobody when the session has ended.
    ///
    /// # Errors
    /// When it cannot be told.
    pub async fn visitor(&self, visit: &Visit) -> Result<Option<Visitor>, Instead> {
        match self.identity.browser(&visit.headers).await? {
            Browser::Visitor(visitor) => Ok(Some(visitor)),
            Browser::Nobody | Browser::Ended => Ok(None),
        }
    }

    /// Who is signed in, and owes nothing.
    ///
    /// # Errors
    /// The page to go to instead, and from there to `back`.
    pub async fn signed_in(&self, visit: &Visit, back: &str) -> Result<Visitor, Instead> {
        let visitor = self.visitor(visit).await?;
        let Some(visitor) = visitor else {
            return Err(Instead::SignIn {
                back: back.to_owned(),
            });
        };
        match door_after(&visitor, back) {
            None => Ok(visitor),
            Some(door) => Err(door),
        }
    }

    /// Who is signed in, however far, and sent a form of their own session's; nobody when the session has ended.
    ///
    /// # Errors
    /// [`Instead::FormOutOfDate`], and when it cannot be told.
    pub async fn somebody_sending(
        &self,
        visit: &Visit,
        fields: &Fields,
    ) -> Result<Option<Visitor>, Instead> {
        let visitor = self.visitor(visit).await?;
        if let Some(visitor) = &visitor {
            fields.must_be_of(visitor)?;
        }
        Ok(visitor)
    }

    /// Who is signed in, owes nothing, and sent a form of their own session's.
    ///
    /// # Errors
    /// As [`Web::signed_in`]; [`Instead::FormOutOfDate`].
    pub async fn sender(
        &self,
        visit: &Visit,
        fields: &Fields,
        back: &str,
    ) -> Result<Visitor, Instead> {
        let visitor = self.signed_in(visit, back).await?;
        fields.must_be_of(&visitor)?;
        Ok(visitor)
    }
}

/// Where somebody who is not in yet has to go; nothing for who is.
pub fn door_after(visitor: &Visitor, back: &str) -> Option<Instead> {
    let page = match visitor.standing {
        Standing::In => return None,
        Standing::OwesCode => "/sign-in/code",
        Standing::OwesSecondFactor => "/set-up-second-factor",
    };
    Some(Instead::go(format!("{page}?next={back}")))
}

/// Whom the schema answers, when it is asked for somebody who looks at a page: them, once they are in. Names are marked for them, so that
/// mentions survive whatever they change ([`mentions`](crate::mentions)).
pub fn caller(visitor: &Visitor) -> Caller {
    match visitor.standing {
        Standing::In => {
            let caller = Caller::signed_in(visitor.session.account()).with_marked_names();
            caller.shown_by(visitor.shown.clone())
        }
        Standing::OwesCode | Standing::OwesSecondFactor => Caller::public(),
    }
}

/// The page of an account.
pub const ACCOUNT: &str = "/account";

/// Where to go after signing in, for who asked for no page.
pub const START: &str = "/start";

/// The page of this server that `next` names; where people start when it names none, or one that is not ours. Only plain paths
/// are taken: what a browser could read as another host is none.
pub fn next_page(next: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte);
    let ours = next.starts_with('/')
        && !next.contains("//")
        && next.len() <= 200
        && next.bytes().all(plain);
    if ours { next } else { START }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_this_server_is_gone_on_to() {
        for ours in ["/", "/account", "/account/tokens/new", "/graphiql"] {
            assert_eq!(next_page(ours), ours);
        }
        for other in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/%2f/evil.example",
            "/a//b",
            "/a\r\nset-cookie: x",
            "javascript:alert(1)",
        ] {
            assert_eq!(next_page(other), START, "{other}");
        }
    }
}
