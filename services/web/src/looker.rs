//! Who looks at a page, and which posts they hold: what the pages offer them. What they may see and do, the schema decides.

use accounts::Standing;
use gateway::Caller;
use gateway::identity::Visitor;

use crate::ask::ask;
use crate::documents::document;
use crate::documents::words::Role;
use crate::instead::Instead;
use crate::visit::{Visit, Web, caller};

document!(Viewer, "documents/viewer.graphql");

/// Whoever looks at a page.
pub struct Looker {
    /// Who is signed in; nobody for the public.
    pub visitor: Option<Visitor>,
    /// The posts they hold today.
    pub posts: Vec<Post>,
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
    pub const fn public() -> Self {
        Self {
            visitor: None,
            posts: Vec::new(),
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
        let posts = match visitor.standing {
            Standing::In => {
                posts(ask::<Viewer>(&self.gateway, viewer::Variables, caller(&visitor)).await?)
            }
            Standing::OwesCode | Standing::OwesSecondFactor => Vec::new(),
        };
        Ok(Looker {
            visitor: Some(visitor),
            posts,
        })
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
