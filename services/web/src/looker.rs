//! Who looks at a page, and which posts they hold: what the pages offer them. What they may see and do, the schema decides.
//!
//! Posts are in the region's ledger. So somebody's are asked for once, and not again while no more of any ledger is shown and the day is
//! the same.

use std::sync::Arc;

use accounts::Standing;
use chrono::NaiveDate;
use domain::ids::AccountId;
use gateway::identity::Visitor;
use gateway::{Caller, Folded};
use moka::sync::Cache;

use crate::ask::{PageError, ask};
use crate::documents::document;
use crate::documents::words::Role;
use crate::instead::Instead;
use crate::visit::{Visit, Web, caller};

document!(Viewer, "documents/viewer.graphql");

/// Of how many accounts the posts are remembered.
const REMEMBERED: u64 = 256;

/// Whoever looks at a page.
pub struct Looker {
    /// Who is signed in; nobody for the public.
    pub visitor: Option<Visitor>,
    /// The posts they hold today.
    pub posts: Arc<[Post]>,
    /// How far every ledger was shown before anything was asked for them; nothing where nothing was.
    pub shown: Option<Folded>,
}

/// The posts of those who looked lately, and what they are true of. Cheap to clone.
#[derive(Clone)]
pub struct Posts(Cache<AccountId, (Stamp, Arc<[Post]>)>);

/// How far each ledger was shown before the posts were asked for, and the day.
type Stamp = (Folded, NaiveDate);

impl Default for Posts {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl Posts {
    fn of(&self, account: AccountId, stamp: &Stamp) -> Option<Arc<[Post]>> {
        let (of, posts) = self.0.get(&account)?;
        (of == *stamp).then_some(posts)
    }
}

/// A role, and where it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The role.
    pub role: Role,
    /// The compact it is held in; none for the region's.
    pub compact: Option<Place>,
    /// The group that is led, by its id in the schema.
    pub group: Option<String>,
}

/// A compact, as links name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id in the schema.
    pub id: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

impl Looker {
    /// Anybody.
    pub fn public() -> Self {
        Self {
            visitor: None,
            posts: Arc::default(),
            shown: None,
        }
    }

    /// Whom the schema answers.
    pub fn caller(&self) -> Caller {
        self.visitor.as_ref().map_or_else(Caller::public, caller)
    }

    /// Whether they hold this role, anywhere.
    pub fn is(&self, role: Role) -> bool {
        self.posts.iter().any(|post| post.role == role)
    }

    /// Whether they run the compact that addresses call `slug`.
    pub fn runs(&self, slug: &str) -> bool {
        self.holds(Role::Secretariat, slug)
    }

    /// Whether they hold this role in the compact that addresses call `slug`.
    pub fn holds(&self, role: Role, slug: &str) -> bool {
        let here = |post: &&Post| {
            let compact = post.compact.as_ref();
            compact.is_some_and(|place| place.slug == slug)
        };
        self.posts.iter().filter(here).any(|post| post.role == role)
    }

    /// Whether they lead this group, by its id in the schema.
    pub fn leads(&self, group: &str) -> bool {
        let here = |post: &Post| post.group.as_deref() == Some(group);
        self.posts
            .iter()
            .any(|post| post.role == Role::GroupLead && here(post))
    }

    /// The compacts they hold this role in, each once.
    pub fn places(&self, role: Role) -> Vec<&Place> {
        let held = self.posts.iter().filter(|post| post.role == role);
        let mut places: Vec<&Place> = held.filter_map(|post| post.compact.as_ref()).collect();
        places.dedup();
        places
    }
}

impl Web {
    /// Who looks, signed in or not.
    ///
    /// # Errors
    /// When it cannot be told.
    pub async fn looker(&self, visit: &Visit) -> Result<Looker, Instead> {
        match self.visitor(visit).await? {
            Some(visitor) => self.looker_of(visitor).await,
            None => Ok(Looker::public()),
        }
    }

    /// Who looks, who must be signed in and owe nothing.
    ///
    /// # Errors
    /// The page to go to instead, and from there to `back`.
    pub async fn looker_in(&self, visit: &Visit, back: &str) -> Result<Looker, Instead> {
        let visitor = self.signed_in(visit, back).await?;
        self.looker_of(visitor).await
    }

    /// Somebody signed in, with their posts.
    ///
    /// # Errors
    /// When the schema does not answer.
    pub async fn looker_of(&self, visitor: Visitor) -> Result<Looker, Instead> {
        let (posts, shown) = match visitor.standing {
            Standing::In => {
                let (posts, shown) = self.posts_of(&visitor).await?;
                (posts, Some(shown))
            }
            Standing::OwesCode | Standing::OwesSecondFactor => Default::default(),
        };
        Ok(Looker {
            visitor: Some(visitor),
            posts,
            shown,
        })
    }

    /// How far every ledger is shown.
    ///
    /// # Errors
    /// When it cannot be told.
    pub async fn shown(&self) -> Result<Folded, Instead> {
        let shown = self.gateway.shown().await;
        shown.map_err(|error| Instead::Broken(PageError::Behind(error.into())))
    }

    async fn posts_of(&self, visitor: &Visitor) -> Result<(Arc<[Post]>, Folded), Instead> {
        // They were asked for as the visitor's roles were looked up.
        let shown = match visitor.shown.all().await {
            Some(shown) => shown,
            None => self.shown().await?,
        };
        let stamp = (shown.clone(), self.identity.clock().now().date_naive());
        let account = visitor.session.account();
        if let Some(posts) = self.posts.of(account, &stamp) {
            return Ok((posts, shown));
        }
        let answer = ask::<Viewer>(&self.gateway, viewer::Variables, caller(visitor)).await?;
        let posts: Arc<[Post]> = posts(answer).into();
        self.posts.0.insert(account, (stamp, Arc::clone(&posts)));
        Ok((posts, shown))
    }
}

fn posts(answer: viewer::ResponseData) -> Vec<Post> {
    let compacts = answer.compacts.nodes;
    let place = |id: &String| {
        let found = compacts.iter().find(|compact| compact.id == *id)?;
        Some(Place {
            id: found.id.clone(),
            slug: found.slug.clone(),
            name: found.name.clone(),
        })
    };
    let roles = answer.viewer.into_iter().flat_map(|viewer| viewer.roles);
    let current = roles.filter(|role| role.current);
    let posts = current.map(|role| Post {
        role: role.role,
        compact: role.compact_id.as_ref().and_then(place),
        group: role.group_id,
    });
    posts.collect()
}
