//! The OpenID providers whose word is taken here.

use std::sync::Arc;

use askama::Template;
use openid::Provider;
use url::Url;

/// A provider, and where browsers come back to from it.
pub struct Named {
    /// What it is called in addresses of ours.
    pub key: String,
    /// The provider.
    pub provider: Provider,
    /// An address of its own, so that no provider's answer is taken for another's.
    pub back: Url,
}

/// The providers there are, in the order in which their buttons stand. Cheap to clone.
#[derive(Clone, Default)]
pub struct Providers(Arc<[Named]>);

/// Their buttons on a page, each a form of its own.
#[derive(Template)]
#[template(path = "buttons.html")]
pub struct Buttons {
    /// What the address of each begins with; the provider's key follows.
    way: String,
    /// The page to go on to, where there is a choice.
    next: String,
    /// Whether who they are is to be proved anew.
    again: bool,
    all: Vec<Button>,
}

impl Buttons {
    /// To sign in, and go on to `next`.
    pub fn to_sign_in(providers: &Providers, next: &str, again: bool) -> Self {
        Self {
            way: "/sign-in/openid/".to_owned(),
            next: next.to_owned(),
            again,
            all: providers.buttons_but(&[]),
        }
    }

    /// To take up the invitation whose link ends like this.
    pub fn to_take_up(providers: &Providers, link: &str) -> Self {
        Self {
            way: format!("/invitation/{link}/openid/"),
            next: String::new(),
            again: false,
            all: providers.buttons_but(&[]),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// What a button needs of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it is called in addresses of ours.
    pub key: String,
    /// What people call it.
    pub name: String,
}

impl Providers {
    /// These, each by its key, where people find this installation at `public_url`.
    ///
    /// # Errors
    /// When no address can be made of that.
    pub fn new(
        public_url: &Url,
        providers: impl IntoIterator<Item = (String, Provider)>,
    ) -> Result<Self, url::ParseError> {
        let named = providers.into_iter().map(|(key, provider)| {
            let back = public_url.join(&format!("/sign-in/openid/{key}/back"))?;
            Ok::<_, url::ParseError>(Named {
                key,
                provider,
                back,
            })
        });
        Ok(Self(named.collect::<Result<_, _>>()?))
    }

    /// The one with this key.
    pub fn find(&self, key: &str) -> Option<&Named> {
        self.0.iter().find(|named| named.key == key)
    }

    /// What people call the one at this address; the address where it is none of these any longer.
    pub fn name_of<'a>(&'a self, issuer: &'a str) -> &'a str {
        let found = self.0.iter().find(|one| one.provider.issuer() == issuer);
        found.map_or(issuer, |named| named.provider.name())
    }

    /// Their buttons, without those of the providers at these addresses.
    pub fn buttons_but(&self, issuers: &[&str]) -> Vec<Button> {
        let others = self.0.iter();
        let others = others.filter(|named| !issuers.contains(&named.provider.issuer()));
        others
            .map(|named| Button {
                key: named.key.clone(),
                name: named.provider.name().to_owned(),
            })
            .collect()
    }
}
