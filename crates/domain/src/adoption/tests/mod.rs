//! Given what is recorded of an adoption, when something is asked, then these events or this refusal.

mod properties;

use chrono::NaiveDate;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::facts::{CompactFact, Facts, UnknownFact};
use crate::figure::OrganisationFact;
use crate::file::{Evidence, EvidenceInput};
use crate::good_practice::PracticeFact;
use crate::ids::{CompactId, GoodPracticeId, OrganisationId, SubjectId};
use crate::refusal::Refusal;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::{Dated, Directed};

use AdoptionCommand as C;
use AdoptionError as E;

type Lived = Dated<AdoptionEvent>;
type Asked = Directed<AdoptionCommand>;

fn june(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 6, day).expect("a day of June")
}

fn organisation(n: u128, name: &str) -> OrganisationFact {
    OrganisationFact {
        id: OrganisationId::new(Uuid::from_u128(n)),
        name: name.into(),
    }
}

fn college() -> OrganisationFact {
    organisation(5, "New College Stamford")
}

fn council() -> OrganisationFact {
    organisation(6, "Derby City Council")
}

fn compact(n: u128, slug: &str) -> CompactFact {
    CompactFact {
        id: CompactId::new(Uuid::from_u128(n)),
        slug: slug.into(),
        name: slug.to_uppercase(),
    }
}

fn ours() -> CompactFact {
    compact(8, "derbyshire")
}

fn theirs() -> CompactFact {
    compact(9, "lincolnshire")
}

fn practice(n: u128, version: u32) -> PracticeFact {
    PracticeFact {
        id: GoodPracticeId::new(Uuid::from_u128(n)),
        version,
        title: "E&D at induction".into(),
        organisation: Some(college()),
        withdrawn: false,
    }
}

fn from(whose: &CompactFact, n: u128, version: Option<u32>) -> SourceInput {
    SourceInput {
        compact: whose.id,
        practice: GoodPracticeId::new(Uuid::from_u128(n)),
        version,
    }
}

/// What the recorder finds: their practice in versions 1 and 2, one of theirs that was withdrawn, and one of ours.
fn on(day: u32, command: AdoptionCommand) -> Asked {
    let mut facts = Facts::default();
    for one in [ours(), theirs()] {
        facts.compacts.insert(one.id, one);
    }
    for one in [college(), council()] {
        facts.organisations.insert(one.id, one);
    }
    let gone = PracticeFact {
        withdrawn: true,
        ..practice(52, 1)
    };
    for (source, fact) in [
        (from(&theirs(), 51, None), practice(51, 2)),
        (from(&theirs(), 51, Some(1)), practice(51, 1)),
        (from(&theirs(), 51, Some(2)), practice(51, 2)),
        (from(&theirs(), 52, None), gone),
        (from(&ours(), 53, None), practice(53, 1)),
    ] {
        facts.practices.insert(source.into(), fact);
    }
    Directed {
        occurred_on: june(day),
        meeting: None,
        facts,
        command,
    }
}

fn was(day: u32, event: impl Into<AdoptionEvent>) -> Lived {
    Dated {
        occurred_on: june(day),
        meeting: None,
        event: event.into(),
    }
}

fn and(mut lived: Vec<Lived>, day: u32, event: impl Into<AdoptionEvent>) -> Vec<Lived> {
    lived.push(was(day, event));
    lived
}

fn adopt(source: SourceInput, organisation: Option<OrganisationFact>) -> AdoptionCommand {
    C::AdoptPractice {
        by: ours().id,
        organisation: organisation.map(|it| it.id),
        source,
        note: Some(" To be tried ".into()),
    }
}

fn adoption(version: u32) -> PracticeAdopted {
    PracticeAdopted {
        by: ours(),
        organisation: None,
        from: theirs(),
        practice: practice(51, version),
        note: Some("To be tried".into()),
    }
}

/// Version 1 of their practice, taken up on the 3rd by the compact itself.
fn adopted() -> Vec<Lived> {
    vec![was(3, adoption(1))]
}

fn adapt(following: Option<SourceInput>, written_as: Option<SourceInput>) -> AdoptionCommand {
    C::AdaptPractice {
        changed: " It is shorter ".into(),
        following,
        written_as,
    }
}

fn given(lived: Vec<Lived>) -> cqrs_es::test::AggregateTestExecutor<Adoption> {
    TestFramework::<Adoption>::with(()).given(lived)
}

fn accepts(lived: Vec<Lived>, asked: Asked, expected: impl Into<AdoptionEvent>) {
    let expected = asked.dated(expected.into());
    given(lived).when(asked).then_expect_events(vec![expected]);
}

fn refuses(lived: Vec<Lived>, asked: Asked, expected: AdoptionError) {
    given(lived).when(asked).then_expect_error(expected);
}

#[test]
fn what_is_taken_up_is_named_with_whose_it_was_and_in_which_version() {
    let first = from(&theirs(), 51, Some(1));
    accepts(vec![], on(3, adopt(first, None)), adoption(1));
    let current = from(&theirs(), 51, None);
    accepts(vec![], on(3, adopt(current, None)), adoption(2));
    refuses(adopted(), on(4, adopt(current, None)), E::AlreadyAdopted);
}

#[test]
fn what_the_adopter_does_not_see_does_not_exist_and_what_was_withdrawn_is_not_taken_up() {
    let unseen = from(&theirs(), 51, Some(3));
    let unknown = E::Unknown(UnknownFact::Practice(unseen.practice));
    assert_eq!(
        (unknown.code(), unknown.field()),
        ("UNKNOWN", Some("practiceId"))
    );
    refuses(vec![], on(3, adopt(unseen, None)), unknown);
    let gone = from(&theirs(), 52, None);
    let withdrawn = E::Unknown(UnknownFact::PracticeWithdrawn(gone.practice));
    assert_eq!(withdrawn.code(), "PRACTICE_WITHDRAWN");
    refuses(vec![], on(3, adopt(gone, None)), withdrawn);
}

#[test]
fn ones_own_is_taken_up_by_another_organisation_and_nobody_else() {
    let own = from(&ours(), 53, None);
    refuses(vec![], on(3, adopt(own, None)), E::OnesOwn);
    refuses(vec![], on(3, adopt(own, Some(college()))), E::OnesOwn);
    let expected = PracticeAdopted {
        by: ours(),
        organisation: Some(council()),
        from: ours(),
        practice: practice(53, 1),
        note: Some("To be tried".into()),
    };
    accepts(vec![], on(3, adopt(own, Some(council()))), expected);
}

#[test]
fn it_is_adapted_follows_a_later_version_and_names_what_was_written_from_it() {
    let plain = PracticeAdapted {
        changed: "It is shorter".into(),
        following: None,
        written_as: None,
    };
    accepts(adopted(), on(4, adapt(None, None)), plain.clone());
    let later = from(&theirs(), 51, Some(2));
    let own = from(&ours(), 53, None);
    let named = PracticeAdapted {
        following: Some(practice(51, 2)),
        written_as: Some(practice(53, 1)),
        ..plain
    };
    accepts(
        adopted(),
        on(4, adapt(Some(later), Some(own))),
        named.clone(),
    );
    let followed = and(adopted(), 4, named);
    refuses(
        followed.clone(),
        on(5, adapt(Some(later), None)),
        E::NotALaterVersion { version: 2 },
    );
    refuses(adopted(), on(5, adapt(Some(own), None)), E::OtherPractice);
    let early = given(followed).when(on(3, adapt(None, None)));
    let early = early.inspect_result().expect_err("too early");
    assert_eq!(early.code(), "DATED_TOO_EARLY");
}

#[test]
fn how_it_went_is_told_as_often_as_there_is_something_to_tell_and_after_the_end() {
    let report = C::ReportResult {
        text: " Forty people ".into(),
        evidence: Some(EvidenceInput::Link {
            url: "https://example.org/r".into(),
            note: None,
        }),
    };
    let told = ResultReported {
        text: "Forty people".into(),
        evidence: Some(Evidence::Link {
            url: "https://example.org/r".into(),
            note: None,
        }),
    };
    accepts(adopted(), on(3, report.clone()), told.clone());
    let ended = AdoptionWithdrawn {
        reason: "It ended".into(),
    };
    let over = and(and(adopted(), 4, told.clone()), 5, ended);
    accepts(over, on(4, report.clone()), told);
    let early = given(adopted()).when(on(2, report));
    let early = early.inspect_result().expect_err("too early");
    assert_eq!(early.code(), "DATED_TOO_EARLY");
}

#[test]
fn what_was_given_up_is_not_adapted_and_can_still_be_released() {
    let why = || "It ended".into();
    let withdraw = C::WithdrawAdoption { reason: why() };
    accepts(
        adopted(),
        on(5, withdraw.clone()),
        AdoptionWithdrawn { reason: why() },
    );
    let over = and(adopted(), 5, AdoptionWithdrawn { reason: why() });
    refuses(over.clone(), on(6, withdraw), E::Withdrawn { on: june(5) });
    refuses(
        over.clone(),
        on(6, adapt(None, None)),
        E::Withdrawn { on: june(5) },
    );
    let release = C::ReleaseAdoption {
        to: Visibility::Public,
        reason: None,
    };
    let expected = VisibilityChanged {
        from: Visibility::Draft,
        to: Visibility::Public,
        reason: None,
    };
    accepts(over, on(6, release), expected);
}

#[test]
fn nothing_happens_to_an_adoption_there_is_not() {
    for command in [
        adapt(None, None),
        C::ReportResult {
            text: "x".into(),
            evidence: None,
        },
        C::WithdrawAdoption { reason: "x".into() },
        C::ReleaseAdoption {
            to: Visibility::Public,
            reason: None,
        },
        C::RedactText {
            text: SubjectId::new(Uuid::from_u128(9)),
            reason: "x".into(),
        },
    ] {
        refuses(vec![], on(3, command), E::NotAdopted);
    }
}
