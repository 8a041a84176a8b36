//! A compact's ledger, session by session.

use domain::compact::GroupKind;
use domain::ids::{CompactId, GroupId, PersonId};
use domain::person::PersonInput;
use domain::{Command, CompactCommand, PersonCommand};

use super::region::{LAUNCH, Region};
use super::{ACTOR, commitments, meetings, plans, practices};
use crate::reference::{Path, Scribe, Step};

/// A compact's groups: code, kind and name.
pub(super) const GROUPS: [(&str, GroupKind, &str); 3] = [
    ("SG", GroupKind::Steering, "Steering Group"),
    (
        "LD",
        GroupKind::Theme,
        "Learning and Development Theme Group",
    ),
    (
        "RR",
        GroupKind::Theme,
        "Recruitment and Retention Theme Group",
    ),
];

/// How many people a compact writes down.
const PEOPLE: u32 = 10;

/// A compact to be made.
pub(super) struct Compact<'a> {
    pub region: &'a Region,
    pub nth: u32,
    pub path: Path,
}

impl<'a> Compact<'a> {
    /// The region's `nth` compact.
    pub fn of(region: &'a Region, nth: u32) -> Self {
        let path = region.compact(nth);
        Self { region, nth, path }
    }

    /// One of its groups.
    pub fn group(&self, code: &str) -> GroupId {
        self.path.of("group", code).id()
    }

    pub fn scribe(&self) -> Scribe {
        let id: CompactId = self.path.id();
        Scribe::signing(ACTOR, id.ledger(), "secretariat")
    }

    /// What it begins with: its groups, and its people.
    pub fn beginning(&self) -> Vec<Step> {
        let mut scribe = self.scribe();
        let id: CompactId = self.path.id();
        let groups = GROUPS.iter().map(|(code, kind, name)| Command::Compact {
            id,
            command: CompactCommand::FormGroup {
                group: self.group(code),
                code: (*code).to_owned(),
                kind: *kind,
                name: (*name).to_owned(),
                note: None,
            },
        });
        scribe.write(&self.path, "form", LAUNCH, groups.collect());
        let people = (0..PEOPLE).map(|nth| {
            let id: PersonId = self.path.of("person", nth).id();
            let organisation = Some(self.region.organisation(self.nth, nth));
            let command = PersonCommand::EnterPerson {
                terms: PersonInput {
                    name: format!("Person {nth} of compact {}", self.nth).into(),
                    position: Some("Training manager".into()),
                    organisation,
                    email: Some(format!("person-{nth}@compact-{}.example", self.nth).into()),
                    telephone: None,
                },
            };
            Command::Person { id, command }
        });
        scribe.write(&self.path, "people", LAUNCH, people.collect());
        scribe.steps
    }

    /// Everything of one session, by date.
    pub fn session(&self, year: u32) -> Vec<Step> {
        let mut steps = commitments::of(self, year);
        let plans = plans::of(self, year);
        steps.extend(practices::of(self, year));
        steps.extend(plans.steps());
        steps.extend(meetings::of(self, year, &plans));
        // A stable sort: what happened on one day keeps its order.
        steps.sort_by_key(|step| step.on);
        steps
    }
}
