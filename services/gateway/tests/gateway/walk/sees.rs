//! Who sees what, worked out afresh: from what was made and who was given which role, by the rules as docs/access.md tells
//! them, and by none of the code that is asked.

use domain::Visibility;

/// A role somebody holds. Compacts and groups go by their place in the [`House`](super::house::House).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Funder,
    Administrator,
    RegionAuditor,
    CompactAuditor(usize),
    Secretariat(usize),
    Lead { compact: usize, group: usize },
    Member(usize),
}

/// Whoever looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eyes {
    pub account: Option<String>,
    pub parts: Vec<Part>,
}

/// A commitment or a plan, and everything below it.
#[derive(Clone, Debug)]
pub struct Thing {
    pub compact: usize,
    pub group: usize,
    pub visibility: Visibility,
}

/// A group of a compact.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    pub compact: usize,
    pub is_led: bool,
}

/// What a word, a number or an id belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The register, which everybody reads.
    Register,
    /// A commitment or a plan.
    Thing(usize),
    /// A group's name and id.
    Group(usize),
    /// What is said of a group to its own compact only.
    GroupsOwn(usize),
    /// What is said of a person a compact has written down.
    Person(usize),
    /// That there is such a person, which the ledger itself tells.
    PersonsId(usize),
    /// An account: whoever holds a role in a compact, or in the region.
    Account(Option<usize>),
}

/// One word, number or id that stands in one place and nowhere else.
#[derive(Clone, Debug)]
pub struct Mark {
    pub of: Of,
    /// Whether it stands there no longer, or is told by the history alone.
    pub past: bool,
    /// How far the thing was let out at the widest while this stood there.
    pub widest: Visibility,
    /// How far the thing was let out as this was moved, if it is what a promise was, or why it was moved.
    pub moved: Option<Visibility>,
}

impl Eyes {
    pub const PUBLIC: Self = Self {
        account: None,
        parts: Vec::new(),
    };

    /// Whether it works in a compact, or audits it: sees the compact's own affairs.
    pub fn is_of(&self, compact: usize) -> bool {
        self.parts.iter().any(|part| match *part {
            Part::RegionAuditor => true,
            Part::CompactAuditor(own) | Part::Secretariat(own) | Part::Member(own) => {
                own == compact
            }
            Part::Lead { compact: own, .. } => own == compact,
            Part::Funder | Part::Administrator => false,
        })
    }

    /// Whether it works in a compact.
    pub fn works_in(&self, compact: usize) -> bool {
        self.parts.iter().any(|part| match *part {
            Part::Secretariat(own) | Part::Member(own) | Part::Lead { compact: own, .. } => {
                own == compact
            }
            _ => false,
        })
    }

    /// Whether it reads a thing as it stands.
    pub fn reads(&self, thing: &Thing) -> bool {
        thing.visibility == Visibility::Public
            || self.parts.iter().any(|part| match part {
                Part::CompactAuditor(_) => sees_drafts(*part, thing),
                Part::RegionAuditor => true,
                Part::Funder | Part::Administrator => thing.visibility >= Visibility::Region,
                Part::Secretariat(_) | Part::Lead { .. } | Part::Member(_) => {
                    thing.visibility >= Visibility::Region
                        || sees_drafts(*part, thing)
                        || self.is_of(thing.compact) && thing.visibility >= Visibility::Compact
                }
            })
    }

    /// Whether it reads what was let out so far while it stood, and stands no longer.
    fn reads_past(&self, thing: &Thing, widest: Visibility) -> bool {
        self.parts.iter().any(|part| {
            let works_here = match *part {
                Part::Member(own) | Part::Lead { compact: own, .. } => own == thing.compact,
                _ => false,
            };
            sees_drafts(*part, thing)
                || works_here && widest.min(thing.visibility) >= Visibility::Compact
        })
    }

    /// Whether it reads what a promise was that it could see being moved.
    fn saw_moved(&self, thing: &Thing, then: Visibility) -> bool {
        let as_it_was = Thing {
            visibility: then,
            ..*thing
        };
        self.reads(thing) && self.reads(&as_it_was)
    }

    /// Whether it follows a compact's whole ledger.
    pub fn follows(&self, compact: usize) -> bool {
        self.parts.iter().any(|part| {
            matches!(*part, Part::RegionAuditor)
                || matches!(*part, Part::CompactAuditor(own) | Part::Secretariat(own) if own == compact)
        })
    }

    /// Whether it looks at a compact as others see it.
    pub fn views_as(&self, compact: usize) -> bool {
        self.parts.contains(&Part::Secretariat(compact))
    }

    /// Whether it may be told this.
    pub fn sees(&self, mark: &Mark, own: bool, things: &[Thing], groups: &[Group]) -> bool {
        match mark.of {
            Of::Register => true,
            Of::Thing(at) if mark.past => {
                let moved = mark.moved;
                self.reads_past(&things[at], mark.widest)
                    || moved.is_some_and(|then| self.saw_moved(&things[at], then))
            }
            Of::Thing(at) => self.reads(&things[at]),
            Of::GroupsOwn(group) => self.is_of(groups[group].compact),
            Of::Person(compact) => self.works_in(compact),
            Of::PersonsId(compact) => self.works_in(compact) || self.follows(compact),
            // A group stands on the paper that was released of it.
            Of::Group(group) => {
                let mut of_it = things.iter().filter(|thing| thing.group == group);
                let Group { compact, is_led } = groups[group];
                self.is_of(compact)
                    || is_led && self.parts.contains(&Part::Administrator)
                    || of_it.any(|thing| self.reads(thing))
            }
            Of::Account(compact) => {
                let runs = |part: &Part| matches!(part, Part::Administrator | Part::RegionAuditor);
                own || self.parts.iter().any(runs)
                    || compact.is_some_and(|compact| self.follows(compact))
            }
        }
    }
}

/// Whether this role reads the thing whatever it was let out to.
fn sees_drafts(part: Part, thing: &Thing) -> bool {
    match part {
        Part::RegionAuditor => true,
        Part::CompactAuditor(own) | Part::Secretariat(own) => own == thing.compact,
        Part::Lead { group, .. } => group == thing.group,
        Part::Funder | Part::Administrator | Part::Member(_) => false,
    }
}
