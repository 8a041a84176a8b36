//! What of a compact can be let out: each kind of it has a list of its own.

use crate::address::Address;
use crate::instead::Instead;
use crate::parts::Views;

/// What can be let out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Commitments.
    Commitments,
    /// Action plans.
    Plans,
    /// Meetings.
    Meetings,
    /// Good practice.
    Practices,
}

impl What {
    /// All of them, each as addresses and people call it.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Commitments, "commitments", "Commitments"),
        (Self::Plans, "plans", "Action plans"),
        (Self::Meetings, "meetings", "Meetings"),
        (Self::Practices, "practices", "Good practice"),
    ];

    /// What an address asks for; commitments, where it names nothing.
    ///
    /// # Errors
    /// [`Instead::NotHere`] where it names nothing that can be let out.
    pub fn of(address: &Address) -> Result<Self, Instead> {
        let Some(named) = address.some("what") else {
            return Ok(Self::Commitments);
        };
        let found = Self::ALL.into_iter().find(|(_, name, _)| *name == named);
        found.map(|(what, ..)| what).ok_or(Instead::NotHere)
    }

    /// What goes with each of them.
    pub const fn with_it(self) -> &'static str {
        match self {
            Self::Commitments => {
                "A commitment goes out with its measures, its figures and what was reported of it."
            }
            Self::Plans => "A plan goes out with its objectives, actions and updates.",
            Self::Meetings => {
                "A meeting goes out with its agenda, its minutes, its papers and which organisations took part; the names of who came for them are told to your compact alone."
            }
            Self::Practices => "A good practice goes out with what shows that it works.",
        }
    }

    /// Links to the lists of all of them, with its own shown.
    pub fn views(self, here: &str) -> Views {
        let there = |name: &str| format!("{here}?what={name}");
        let own = Self::ALL.into_iter().find(|(what, ..)| *what == self);
        let current = own.map_or(String::new(), |(_, name, _)| there(name));
        let all = Self::ALL
            .into_iter()
            .map(|(_, name, words)| (words.to_owned(), there(name)));
        Views::new("What is shown", all, &current)
    }
}
