//! Given a compact, when something is asked, then this event or this refusal.

mod begun;
mod groups;
mod properties;
mod redaction;
mod taken_up;

use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::facts::{Facts, UnknownFact};
use crate::figure::OrganisationFact;
use crate::ids::{ActionPlanId, AdoptionId, CommitmentId, GoodPracticeId, OrganisationId};
use crate::refusal::{Item, Refusal};
use crate::region::{CompactParticulars, ParticularsError};
use crate::session::Session;
use crate::words::{NotASlug, TextError};

type Lived = Dated<CompactEvent>;
type Asked = Directed<CompactCommand>;

fn june(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 6, day).expect("a day of June")
}

fn compact(n: u128) -> CompactFact {
    CompactFact {
        id: CompactId::new(Uuid::from_u128(n)),
        slug: format!("compact-{n}"),
        name: format!("Compact {n}"),
    }
}

fn organisation(n: u128) -> OrganisationFact {
    OrganisationFact {
        id: OrganisationId::new(Uuid::from_u128(n)),
        name: format!("College {n}"),
    }
}

fn group(n: u128, code: &str) -> GroupFact {
    GroupFact {
        id: GroupId::new(Uuid::from_u128(n)),
        code: code.into(),
        name: format!("Group {n}"),
    }
}

/// Two other compacts and two colleges.
fn on(day: u32, command: CompactCommand) -> Asked {
    let mut facts = Facts::default();
    for n in 1..=2 {
        facts.compacts.insert(compact(n).id, compact(n));
        facts
            .organisations
            .insert(organisation(n).id, organisation(n));
    }
    Directed {
        occurred_on: june(day),
        meeting: None,
        facts,
        command,
    }
}

fn was(day: u32, event: impl Into<CompactEvent>) -> Lived {
    Dated {
        occurred_on: june(day),
        meeting: None,
        event: event.into(),
    }
}

fn particulars() -> CompactParticulars {
    CompactParticulars {
        slug: "compact-1".into(),
        name: " Compact 1 ".into(),
        area: "Derby".into(),
        launched_on: june(1),
        pilot_from_year: Some(2005),
    }
}

fn established() -> CompactEstablished {
    CompactEstablished {
        compact_id: compact(1).id,
        region_id: Uuid::from_u128(50).into(),
        slug: "compact-1".into(),
        name: "Compact 1".into(),
        area: "Derby".into(),
        launched_on: june(1),
        pilot_from_year: Some(2005),
    }
}

/// Compact 1, established on 2 June.
fn a_compact() -> Vec<Lived> {
    vec![was(2, established())]
}

fn and(mut lived: Vec<Lived>, day: u32, event: impl Into<CompactEvent>) -> Vec<Lived> {
    lived.push(was(day, event));
    lived
}

fn formed(n: u128, code: &str) -> GroupFormed {
    GroupFormed {
        group: group(n, code),
        kind: GroupKind::Theme,
        note: None,
    }
}

/// Compact 1 with group 1, LD, formed on 4 June.
fn with_a_group() -> Vec<Lived> {
    and(a_compact(), 4, formed(1, "LD"))
}

fn commitment(n: u128) -> CommitmentId {
    CommitmentId::new(Uuid::from_u128(n))
}

fn session(text: &str) -> Session {
    text.parse().expect("a session")
}

fn enter(n: u128, of: &str, label: &str) -> CompactCommand {
    C::EnterCommitment {
        commitment: commitment(n),
        session: session(of),
        label: label.into(),
        groups: vec![],
    }
}

/// Enters commitment `n` as ref `n` of 2008-09, in these groups.
fn enter_in(n: u128, groups: &[u128]) -> CompactCommand {
    C::EnterCommitment {
        commitment: commitment(n),
        session: session("2008-09"),
        label: n.to_string(),
        groups: groups.iter().map(|n| group(*n, "").id).collect(),
    }
}

fn relabel(n: u128, label: &str) -> CompactCommand {
    C::RelabelCommitment {
        commitment: commitment(n),
        label: label.into(),
    }
}

fn enter_plan(n: u128, of: u128) -> CompactCommand {
    C::EnterActionPlan {
        plan: ActionPlanId::new(Uuid::from_u128(n)),
        group: group(of, "").id,
    }
}

fn entered(n: u128, of: &str, label: &str) -> CommitmentEntered {
    CommitmentEntered {
        commitment_id: commitment(n),
        session: session(of),
        label: label.into(),
        groups: vec![],
    }
}

/// What [`enter_in`] leads to for groups with these codes.
fn entered_in(n: u128, groups: &[(u128, &str)]) -> CommitmentEntered {
    CommitmentEntered {
        groups: groups.iter().map(|(n, code)| group(*n, code)).collect(),
        ..entered(n, "2008-09", &n.to_string())
    }
}

fn plan_entered(n: u128, of: u128, code: &str) -> ActionPlanEntered {
    ActionPlanEntered {
        action_plan_id: ActionPlanId::new(Uuid::from_u128(n)),
        group: group(of, code),
    }
}

/// Good practice `of` is taken up as adoption `n`, by an organisation or by the compact itself.
fn take_up(n: u128, by: Option<u128>, of: u128) -> CompactCommand {
    C::EnterAdoption {
        adoption: AdoptionId::new(Uuid::from_u128(n)),
        organisation: by.map(|n| organisation(n).id),
        practice: GoodPracticeId::new(Uuid::from_u128(of)),
    }
}

fn give_up(n: u128) -> CompactCommand {
    C::EndAdoption {
        adoption: AdoptionId::new(Uuid::from_u128(n)),
    }
}

fn taken_up(n: u128, by: Option<u128>, of: u128) -> AdoptionEntered {
    AdoptionEntered {
        adoption_id: AdoptionId::new(Uuid::from_u128(n)),
        organisation: by.map(organisation),
        practice_id: GoodPracticeId::new(Uuid::from_u128(of)),
    }
}

fn given_up(n: u128) -> AdoptionEnded {
    AdoptionEnded {
        adoption_id: AdoptionId::new(Uuid::from_u128(n)),
    }
}

fn accepts(lived: Vec<Lived>, asked: Asked, expected: impl Into<CompactEvent>) {
    let expected = asked.dated(expected.into());
    TestFramework::<Compact>::with(())
        .given(lived)
        .when(asked)
        .then_expect_events(vec![expected]);
}

fn refuses(lived: Vec<Lived>, asked: Asked, expected: impl Into<CompactError>) {
    TestFramework::<Compact>::with(())
        .given(lived)
        .when(asked)
        .then_expect_error(expected.into());
}

fn too_early(what: &'static str, day: u32) -> CompactError {
    let on = june(day);
    TooEarly { what, on }.into()
}

fn missing(field: &'static str, what: &'static str) -> CompactError {
    TextError::Missing { field, what }.into()
}

fn no_reason() -> CompactError {
    missing("reason", "the reason")
}

fn unchanged(field: &'static str, what: &'static str) -> CompactError {
    CompactError::Unchanged { field, what }
}

const WHY: &str = "agreed by the Steering Group";

/// Takes text 7 out of the record.
fn redact(reason: impl Into<Text>) -> CompactCommand {
    CompactCommand::RedactText {
        text: SubjectId::new(Uuid::from_u128(7)),
        reason: reason.into(),
    }
}

/// What [`redact`] leads to.
fn redacted(reason: &str) -> TextRedacted {
    TextRedacted {
        text: SubjectId::new(Uuid::from_u128(7)),
        reason: reason.into(),
    }
}
