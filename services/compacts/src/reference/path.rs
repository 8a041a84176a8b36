//! Paths: the readable names that ids are derived from.
//!
//! In service ids are random. Reference data is imported more than once, and the second time must
//! find what the first one made, so its ids are UUIDs of version 5 over a path such as
//! `lincolnshire-rutland/commitment/2007-08/1`.

use std::fmt;

use domain::ids::CommandId;
use uuid::Uuid;

/// The namespace of every id the reference import makes. It never changes: changing it would
/// make every installation import everything again beside what it has.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0e_1f6c_8a5d_5c0b_9d0e_2007_0521_0807);

/// Where something stands in the reference data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(String);

impl Path {
    /// The path of a region or a compact: its slug.
    pub(crate) fn root(slug: &str) -> Self {
        Self(slug.to_owned())
    }

    /// The path of a thing of some `kind` under this one, told apart by `key`.
    pub(crate) fn of(&self, kind: &str, key: impl fmt::Display) -> Self {
        Self(format!("{}/{kind}/{key}", self.0))
    }

    /// The id of what stands here.
    pub(crate) fn id<T: From<Uuid>>(&self) -> T {
        Uuid::new_v5(&NAMESPACE, self.0.as_bytes()).into()
    }

    /// The id of the command that did `what` to what stands here.
    pub(crate) fn command(&self, what: &str) -> CommandId {
        Self(format!("{}#{what}", self.0)).id()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A name as it stands in a path: lower-case letters and digits, with hyphens between the words.
///
/// Names that differ only in case, spacing or punctuation come out the same, which is how one
/// organisation written two ways is noticed.
pub(super) fn slug(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_the_path_alone() {
        let path = Path::root("derbyshire").of("commitment", "2009-10/1");
        assert_eq!(path.to_string(), "derbyshire/commitment/2009-10/1");
        assert_eq!(path.id::<Uuid>(), path.clone().id::<Uuid>());
        assert_ne!(path.id::<Uuid>(), path.command("propose").uuid());
        assert_eq!(
            path.id::<Uuid>().to_string(),
            "b8912863-7ce5-585a-b4e2-e5236f1af656",
            "ids of installations that have imported already must not move"
        );
    }

    #[test]
    fn names_written_in_different_ways_meet_in_one_slug() {
        assert_eq!(
            slug("Lincolnshire and Rutland LSC"),
            "lincolnshire-and-rutland-lsc"
        );
        assert_eq!(slug("  HMP  Morton-Hall "), slug("hmp morton hall"));
    }
}
