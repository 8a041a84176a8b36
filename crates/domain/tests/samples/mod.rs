//! One representative event of every type, with every optional field filled in.

mod assessment;
mod commitment;
mod meeting;
mod person;
mod plan;
mod practice;
mod register;

use chrono::NaiveDate;
use domain::event::Event;
use domain::facts::{CommitmentFact, CompactFact, GroupFact};
use domain::figure::{Figure, OrganisationFact};
use domain::ids::{CommitmentId, CompactId, GroupId, OrganisationId, SubjectId};
use domain::{Sealed, Text, TextRedacted, Texts};
use uuid::Uuid;

/// Every sample, its texts sealed.
pub fn all() -> Vec<Event> {
    let mut all = typed();
    for event in &mut all {
        event.texts(&mut |text| {
            seal(text);
            *text = text.clone().closed();
        });
    }
    all
}

/// Seals a text in a way that shows nothing of it, and always the same.
pub fn seal(text: &mut Text) {
    let subject = SubjectId::new(uuid(99));
    let sealed = Sealed::new(subject, [7; 24], vec![9; 48]);
    text.seal(sealed.expect("long enough"));
}

/// Every sample, as it is before its texts are sealed.
pub fn typed() -> Vec<Event> {
    let mut all = Vec::new();
    all.extend(register::region().into_iter().map(Event::Region));
    all.extend(register::compact().into_iter().map(Event::Compact));
    all.extend(commitment::commitment().into_iter().map(Event::Commitment));
    all.extend(plan::action_plan().into_iter().map(Event::ActionPlan));
    all.extend(person::person().into_iter().map(Event::Person));
    all.extend(meeting::meeting().into_iter().map(Event::Meeting));
    let practices = practice::good_practice().into_iter();
    all.extend(practices.map(Event::GoodPractice));
    all.extend(practice::adoption().into_iter().map(Event::Adoption));
    all.extend(assessment::assessment().into_iter().map(Event::Assessment));
    all
}

/// A text that was redacted, in whatever stream.
fn redacted() -> TextRedacted {
    TextRedacted {
        text: SubjectId::new(uuid(98)),
        reason: "It names somebody who is not of the partnership".into(),
    }
}

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn figure(text: &str) -> Figure {
    text.parse().expect("a figure")
}

fn group() -> GroupFact {
    GroupFact {
        id: GroupId::new(uuid(1)),
        code: "LD".into(),
        name: "Learning and Development Theme Group".into(),
    }
}

fn college() -> OrganisationFact {
    OrganisationFact {
        id: OrganisationId::new(uuid(2)),
        name: "New College Stamford".into(),
    }
}

fn council() -> OrganisationFact {
    OrganisationFact {
        id: OrganisationId::new(uuid(3)),
        name: "Boston Borough Council".into(),
    }
}

fn successor() -> CompactFact {
    CompactFact {
        id: CompactId::new(uuid(4)),
        slug: "d2n2".into(),
        name: "D2N2 Public Sector Compact".into(),
    }
}

fn commitment_fact() -> CommitmentFact {
    CommitmentFact {
        id: CommitmentId::new(uuid(5)),
        session: "2009-10".parse().expect("a session"),
        label: "1".into(),
        title: "Partner organisations commit to the Skills Pledge".into(),
    }
}
