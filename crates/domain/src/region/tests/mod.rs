//! Given a register, when something is asked, then this event or this refusal.

mod grants;
mod properties;
mod redaction;
mod register;

use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::facts::{Facts, UnknownFact};
use crate::ids::SubjectId;
use crate::refusal::Refusal;
use crate::text::Text;
use crate::words::{NotASlug, TextError};

use RegionCommand as C;

type Lived = Dated<RegionEvent>;
type Asked = Directed<RegionCommand>;

fn may(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 5, day).expect("a day of May")
}

fn on(day: u32, command: RegionCommand) -> Asked {
    Directed {
        occurred_on: may(day),
        meeting: None,
        facts: Facts::default(),
        command,
    }
}

fn was(day: u32, event: impl Into<RegionEvent>) -> Lived {
    Dated {
        occurred_on: may(day),
        meeting: None,
        event: event.into(),
    }
}

fn indicator(n: u128) -> IndicatorId {
    Uuid::from_u128(n).into()
}

fn organisation(n: u128) -> OrganisationId {
    Uuid::from_u128(n).into()
}

fn compact(n: u128) -> CompactId {
    Uuid::from_u128(n).into()
}

fn terms(name: &str, unit: &str) -> IndicatorTerms {
    IndicatorTerms {
        name: name.into(),
        unit: unit.into(),
        additive: true,
    }
}

fn particulars(slug: &str, name: &str) -> CompactParticulars {
    CompactParticulars {
        slug: slug.into(),
        name: name.into(),
        area: "Derby and Derbyshire".into(),
        launched_on: may(1),
        pilot_from_year: None,
    }
}

fn established() -> RegionEstablished {
    RegionEstablished {
        slug: "east-midlands".into(),
        name: "East Midlands".into(),
        funder: "The funder".into(),
        note: None,
        secretariat_cost_gbp_per_year: Some(10_000),
    }
}

/// Established on 2 May.
fn a_region() -> Vec<Lived> {
    vec![was(2, established())]
}

fn and(mut lived: Vec<Lived>, day: u32, event: impl Into<RegionEvent>) -> Vec<Lived> {
    lived.push(was(day, event));
    lived
}

fn accepts(lived: Vec<Lived>, asked: Asked, expected: impl Into<RegionEvent>) {
    let expected = asked.dated(expected.into());
    TestFramework::<Region>::with(())
        .given(lived)
        .when(asked)
        .then_expect_events(vec![expected]);
}

fn refuses(lived: Vec<Lived>, asked: Asked, expected: impl Into<RegionError>) {
    TestFramework::<Region>::with(())
        .given(lived)
        .when(asked)
        .then_expect_error(expected.into());
}

fn too_early(what: &'static str, day: u32) -> RegionError {
    let on = may(day);
    TooEarly { what, on }.into()
}

fn missing(field: &'static str, what: &'static str) -> RegionError {
    TextError::Missing { field, what }.into()
}

fn no_reason() -> RegionError {
    missing("reason", "the reason")
}

fn taken(named: Named, holder: &str) -> RegionError {
    let holder = holder.to_owned();
    RegionError::NameTaken { named, holder }
}

fn held(named: Named, name: &str, day: u32) -> RegionError {
    RegionError::NameHeld {
        named,
        name: name.into(),
        until: may(day),
    }
}

fn unchanged(field: &'static str, what: &'static str) -> RegionError {
    RegionError::Unchanged { field, what }
}

const WHY: &str = "agreed with the funder";

/// Takes text 7 out of the record.
fn redact(reason: impl Into<Text>) -> RegionCommand {
    RegionCommand::RedactText {
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
