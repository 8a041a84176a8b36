//! Given a history, when something is asked, then these events or this refusal.

mod achievements;
mod evidence;
mod life;
mod measures;
mod properties;
mod readings;
mod redaction;
mod release;
mod sentences;
mod statement;
mod witness;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::dated::{Directed, TooEarly};
use crate::facts::{Facts, GroupFact};
use crate::figure::{Figure, IndicatorFact, MeasureKind, OrganisationFact};
use crate::file::EvidenceInput;
use crate::ids::SubjectId;
use crate::ids::{GroupId, IndicatorId, OrganisationId};
use crate::redaction::TextRedacted;
use crate::session::Session;
use crate::text::Text;
use crate::visibility::VisibilityChanged;
use crate::words::TextError;

type Lived = Dated<CommitmentEvent>;
type Asked = Directed<CommitmentCommand>;

fn july(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2008, 7, day).expect("a day of July")
}

fn session(text: &str) -> Session {
    text.parse().expect("a session")
}

fn figure(text: &str) -> Figure {
    text.parse().expect("a figure")
}

fn measure(n: u128) -> MeasureId {
    Uuid::from_u128(n).into()
}

fn reading(n: u128) -> ReadingId {
    Uuid::from_u128(n).into()
}

fn achievement(n: u128) -> AchievementId {
    Uuid::from_u128(n).into()
}

fn evidence(n: u128) -> EvidenceId {
    Uuid::from_u128(n).into()
}

fn report(n: u128, day: u32, standing: Standing) -> CommitmentCommand {
    CommitmentCommand::ReportAchievement {
        achievement: achievement(n),
        reported_on: july(day),
        standing,
        text: " In place and working. ".into(),
    }
}

fn reported(n: u128, day: u32, standing: Standing) -> AchievementReported {
    AchievementReported {
        achievement_id: achievement(n),
        reported_on: july(day),
        standing,
        text: "In place and working.".into(),
    }
}

fn organisation(n: u128) -> OrganisationFact {
    OrganisationFact {
        id: OrganisationId::new(Uuid::from_u128(n)),
        name: format!("College {n}"),
    }
}

fn group(n: u128) -> GroupFact {
    GroupFact {
        id: GroupId::new(Uuid::from_u128(n)),
        code: format!("G{n}"),
        name: format!("Group {n}"),
    }
}

fn indicator(n: u128, unit: &str) -> IndicatorFact {
    IndicatorFact {
        id: IndicatorId::new(Uuid::from_u128(n)),
        name: format!("indicator {n}"),
        unit: unit.into(),
        additive: true,
    }
}

fn later() -> CommitmentFact {
    CommitmentFact {
        id: Uuid::from_u128(1).into(),
        session: session("2009-10"),
        label: "1".into(),
        title: "The same again".into(),
    }
}

/// People, counted in people; a yes or no; two colleges; two groups; a later commitment.
fn facts() -> Facts {
    let mut facts = Facts::default();
    for theme in ["skills-pledge", "apprenticeships"] {
        facts.themes.insert(theme.into(), theme.into());
    }
    for known in [indicator(1, "people"), indicator(2, "yes-no")] {
        facts.indicators.insert(known.id, known);
    }
    for n in 1..=2 {
        facts
            .organisations
            .insert(organisation(n).id, organisation(n));
        facts.groups.insert(group(n).id, group(n));
    }
    facts.commitments.insert(later().id, later());
    facts
}

fn on(day: u32, command: CommitmentCommand) -> Asked {
    Directed {
        occurred_on: july(day),
        meeting: None,
        facts: facts(),
        command,
    }
}

fn was(day: u32, event: impl Into<CommitmentEvent>) -> Lived {
    Dated {
        occurred_on: july(day),
        meeting: None,
        event: event.into(),
    }
}

fn proposed() -> CommitmentProposed {
    CommitmentProposed {
        session: session("2008-09"),
        label: "2".into(),
        title: "More apprentices".into(),
        comment: None,
        classification: Classification::default(),
        due_on: None,
    }
}

/// Proposed on 1 July.
fn a_draft() -> Vec<Lived> {
    vec![was(1, proposed())]
}

/// Agreed on 3 July.
fn a_promise() -> Vec<Lived> {
    and(a_draft(), 3, CommitmentAgreed {})
}

fn and(mut lived: Vec<Lived>, day: u32, event: impl Into<CommitmentEvent>) -> Vec<Lived> {
    lived.push(was(day, event));
    lived
}

fn added(n: u128, kind: MeasureKind) -> MeasureAdded {
    let (unit, of) = match kind {
        MeasureKind::Milestone => ("yes-no", 2),
        _ => ("people", 1),
    };
    MeasureAdded {
        measure_id: measure(n),
        indicator: indicator(of, unit),
        kind,
        baseline: None,
        target: None,
        due_on: None,
    }
}

/// A promise with one measure of that kind, added on 5 July.
fn measured(kind: MeasureKind) -> Vec<Lived> {
    and(a_promise(), 5, added(1, kind))
}

fn accepts(lived: Vec<Lived>, asked: Asked, expected: &[CommitmentEvent]) {
    let (occurred_on, meeting) = (asked.occurred_on, asked.meeting);
    let expected = expected.iter().cloned().map(|event| Dated {
        occurred_on,
        meeting,
        event,
    });
    TestFramework::<Commitment>::with(())
        .given(lived)
        .when(asked)
        .then_expect_events(expected.collect());
}

fn refuses(lived: Vec<Lived>, asked: Asked, expected: impl Into<CommitmentError>) {
    TestFramework::<Commitment>::with(())
        .given(lived)
        .when(asked)
        .then_expect_error(expected.into());
}

fn too_early(what: &'static str, day: u32) -> CommitmentError {
    let on = july(day);
    TooEarly { what, on }.into()
}

fn missing(field: &'static str, what: &'static str) -> CommitmentError {
    TextError::Missing { field, what }.into()
}

fn no_reason() -> CommitmentError {
    missing("reason", "the reason")
}

const CHANGED: &str = "this commitment was last changed on";
const WHY: &str = "agreed by the Steering Group";

/// Takes text 7 out of the record.
fn redact(reason: impl Into<Text>) -> CommitmentCommand {
    CommitmentCommand::RedactText {
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
