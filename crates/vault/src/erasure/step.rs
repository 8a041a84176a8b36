//! The steps of an erasure, and what can be erased.

/// How far an erasure has come: the last step that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// It is on record and will be carried out.
    Intended,
    /// Nothing more is sealed for the subject, in any process.
    Fenced,
    /// There is no key any more; nobody can read what was sealed.
    Destroyed,
    /// What was derived is gone.
    Purged,
    /// The ledger says so.
    Tombstoned,
    /// Nothing is left to do.
    Done,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 6] = [
        Self::Intended,
        Self::Fenced,
        Self::Destroyed,
        Self::Purged,
        Self::Tombstoned,
        Self::Done,
    ];

    /// The step after this one.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Intended => Some(Self::Fenced),
            Self::Fenced => Some(Self::Destroyed),
            Self::Destroyed => Some(Self::Purged),
            Self::Purged => Some(Self::Tombstoned),
            Self::Tombstoned => Some(Self::Done),
            Self::Done => None,
        }
    }

    /// The step as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Fenced => "fenced",
            Self::Destroyed => "destroyed",
            Self::Purged => "purged",
            Self::Tombstoned => "tombstoned",
            Self::Done => "done",
        }
    }

    /// The step stored as `text`, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

/// What can be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// A person: everything sealed for them.
    Person,
    /// One text, which is redacted.
    Text,
    /// Somebody's account: everything kept for signing in with it.
    Account,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Person, Self::Text, Self::Account];

    /// The kind as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Text => "text",
            Self::Account => "account",
        }
    }

    /// The kind stored as `text`, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, SubjectKind};

    #[test]
    fn each_step_is_followed_by_the_next_and_the_last_by_none() {
        let mut steps = vec![Step::Intended];
        while let Some(next) = steps.last().and_then(|step| step.next()) {
            steps.push(next);
        }
        assert_eq!(steps, Step::ALL);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        for step in Step::ALL {
            assert_eq!(Step::parse(step.as_str()), Some(step));
        }
        for kind in SubjectKind::ALL {
            assert_eq!(SubjectKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Step::parse("undone"), None);
    }
}
