//! Given what is recorded of a piece of good practice, when something is asked, then these events or this refusal.

mod properties;
mod sharing;

use chrono::NaiveDate;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::facts::{CompactFact, Facts, UnknownFact};
use crate::figure::OrganisationFact;
use crate::file::{Evidence, EvidenceInput, FileError, FileHash, FileInput};
use crate::ids::{CompactId, GoodPracticeId, OrganisationId, QuestionId, SubjectId};
use crate::redaction::TextRedacted;
use crate::refusal::Refusal;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::{Dated, Directed, Texts};

use GoodPracticeCommand as C;
use GoodPracticeError as E;

type Lived = Dated<GoodPracticeEvent>;
type Asked = Directed<GoodPracticeCommand>;

fn june(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 6, day).expect("a day of June")
}

fn college() -> OrganisationFact {
    OrganisationFact {
        id: OrganisationId::new(Uuid::from_u128(5)),
        name: "New College Stamford".into(),
    }
}

fn other_compact() -> CompactFact {
    CompactFact {
        id: CompactId::new(Uuid::from_u128(8)),
        slug: "derbyshire".into(),
        name: "Derbyshire Compact".into(),
    }
}

fn question(n: u128) -> QuestionId {
    QuestionId::new(Uuid::from_u128(100 + n))
}

fn on(day: u32, command: GoodPracticeCommand) -> Asked {
    let mut facts = Facts::default();
    for code in ["equality-diversity", "attractive-sector"] {
        facts.themes.insert(code.into(), code.to_uppercase());
    }
    facts.organisations.insert(college().id, college());
    facts.compacts.insert(other_compact().id, other_compact());
    Directed {
        occurred_on: june(day),
        meeting: None,
        facts,
        command,
    }
}

fn was(day: u32, event: impl Into<GoodPracticeEvent>) -> Lived {
    Dated {
        occurred_on: june(day),
        meeting: None,
        event: event.into(),
    }
}

fn and(mut lived: Vec<Lived>, day: u32, event: impl Into<GoodPracticeEvent>) -> Vec<Lived> {
    lived.push(was(day, event));
    lived
}

fn typed(summary: &str) -> PracticeInput {
    PracticeInput {
        title: " E&D at induction ".into(),
        theme: "equality-diversity".into(),
        organisation: Some(college().id),
        summary: summary.into(),
        contact: Some(" The training manager ".into()),
        evidence: vec![EvidenceInput::Link {
            url: " https://example.org/report ".into(),
            note: None,
        }],
        documents: Vec::new(),
    }
}

fn terms(summary: &str) -> PracticeTerms {
    PracticeTerms {
        title: "E&D at induction".into(),
        theme: "equality-diversity".into(),
        organisation: Some(college()),
        summary: summary.into(),
        contact: Some("The training manager".into()),
        evidence: vec![Evidence::Link {
            url: "https://example.org/report".into(),
            note: None,
        }],
        documents: Vec::new(),
    }
}

fn revise(summary: &str, why: Option<&str>) -> GoodPracticeCommand {
    C::RevisePractice {
        terms: typed(summary),
        changed: why.map(|_| "The length of it".into()),
        reason: why.map(Into::into),
    }
}

/// Written down on the 3rd.
fn written() -> Vec<Lived> {
    let terms = terms("Half a day");
    vec![was(3, PracticeWritten { terms })]
}

fn let_out(from: Visibility, to: Visibility) -> VisibilityChanged {
    let reason = (to < from).then(|| "It is being rewritten".into());
    VisibilityChanged { from, to, reason }
}

/// Released to the region on the 5th.
fn shared() -> Vec<Lived> {
    and(written(), 5, let_out(Visibility::Draft, Visibility::Region))
}

fn revised(version: u32, from: &str, to: &str, why: Option<&str>) -> PracticeRevised {
    PracticeRevised {
        version,
        from: terms(from),
        to: terms(to),
        changed: why.map(|_| "The length of it".into()),
        reason: why.map(Into::into),
    }
}

fn given(lived: Vec<Lived>) -> cqrs_es::test::AggregateTestExecutor<GoodPractice> {
    TestFramework::<GoodPractice>::with(()).given(lived)
}

fn accepts(lived: Vec<Lived>, asked: Asked, expected: impl Into<GoodPracticeEvent>) {
    let expected = asked.dated(expected.into());
    given(lived).when(asked).then_expect_events(vec![expected]);
}

fn refuses(lived: Vec<Lived>, asked: Asked, expected: GoodPracticeError) {
    given(lived).when(asked).then_expect_error(expected);
}

#[test]
fn it_is_written_down_once_with_its_theme_and_its_organisation() {
    let write = C::WritePractice {
        terms: typed(" Half a day "),
    };
    let expected = PracticeWritten {
        terms: terms("Half a day"),
    };
    accepts(vec![], on(3, write.clone()), expected);
    refuses(written(), on(4, write), E::AlreadyWritten);
}

#[test]
fn one_that_no_organisation_names_is_the_compacts_own() {
    let input = PracticeInput {
        organisation: None,
        contact: Some("  ".into()),
        ..typed("Half a day")
    };
    let expected = PracticeTerms {
        organisation: None,
        contact: None,
        ..terms("Half a day")
    };
    let write = C::WritePractice { terms: input };
    accepts(vec![], on(3, write), PracticeWritten { terms: expected });
}

#[test]
fn a_theme_and_an_organisation_must_be_in_the_register_and_the_field_is_named() {
    let theme = PracticeInput {
        theme: "weather".into(),
        ..typed("x")
    };
    let write = on(3, C::WritePractice { terms: theme });
    let unknown = E::Unknown(UnknownFact::Theme("weather".into()));
    assert_eq!(
        (unknown.code(), unknown.field()),
        ("UNKNOWN", Some("theme"))
    );
    refuses(vec![], write, unknown);
    let nobody = OrganisationId::new(Uuid::from_u128(404));
    let organisation = PracticeInput {
        organisation: Some(nobody),
        ..typed("x")
    };
    let write = on(
        3,
        C::WritePractice {
            terms: organisation,
        },
    );
    refuses(vec![], write, E::Unknown(UnknownFact::Organisation(nobody)));
}

#[test]
fn what_it_rests_on_is_a_link_or_a_file_that_was_uploaded_and_the_place_is_named() {
    let unknown = FileInput {
        hash: FileHash::new([7; 32]),
        name: "Slides.pdf".into(),
    };
    let link = |url: &str| EvidenceInput::Link {
        url: url.into(),
        note: None,
    };
    let (mut files, mut links) = (typed("x"), typed("x"));
    files.documents = vec![unknown];
    links.evidence = vec![link("https://example.org"), link("example.org")];
    for (terms, path, refusal) in [
        (files, "documents.0.file", FileError::Unknown),
        (links, "evidence.1.link.url", FileError::NotALink),
    ] {
        let refused = given(vec![]).when(on(3, C::WritePractice { terms }));
        let refused = refused.inspect_result().expect_err("refused");
        assert_eq!(refused.path().as_deref(), Some(path));
        assert_eq!(refused.code(), refusal.code());
    }
    let mut many = typed("x");
    many.evidence = vec![link("https://example.org"); decide::MAX_FILES + 1];
    let refused = given(vec![]).when(on(3, C::WritePractice { terms: many }));
    let refused = refused.inspect_result().expect_err("too many");
    assert_eq!(
        (refused.code(), refused.field()),
        ("TOO_MANY", Some("evidence"))
    );
}

#[test]
fn a_draft_is_revised_without_saying_why_and_each_revision_is_the_next_version() {
    let second = revised(2, "Half a day", "A day", None);
    accepts(written(), on(4, revise("A day", None)), second.clone());
    let twice = and(written(), 4, second);
    accepts(
        twice.clone(),
        on(4, revise("Two days", None)),
        revised(3, "A day", "Two days", None),
    );
    refuses(twice.clone(), on(5, revise(" A day ", None)), E::Unchanged);
    let early = given(twice).when(on(3, revise("Two days", None)));
    let early = early.inspect_result().expect_err("too early");
    assert_eq!(
        (early.code(), early.field()),
        ("DATED_TOO_EARLY", Some("occurredOn"))
    );
}

#[test]
fn what_was_shared_is_revised_only_with_what_was_changed_and_why() {
    for (changed, reason, field) in [
        (None, Some("Asked for"), "changed"),
        (Some("The length"), None, "reason"),
        (Some("  "), Some("Asked for"), "changed"),
    ] {
        let command = C::RevisePractice {
            terms: typed("A day"),
            changed: changed.map(Into::into),
            reason: reason.map(Into::into),
        };
        // Also when it was taken back since: somebody may have taken it up.
        let back = and(shared(), 6, let_out(Visibility::Region, Visibility::Draft));
        for lived in [shared(), back] {
            let refused = given(lived).when(on(7, command.clone()));
            let refused = refused.inspect_result().expect_err("no reason");
            assert_eq!((refused.code(), refused.field()), ("MISSING", Some(field)));
        }
    }
    let why = Some("People asked for more");
    let second = revised(2, "Half a day", "A day", why);
    accepts(shared(), on(7, revise("A day", why)), second);
}

#[test]
fn what_was_withdrawn_is_not_revised_and_can_still_be_taken_back() {
    let why = || "The course ended".into();
    let withdraw = C::WithdrawPractice { reason: why() };
    accepts(
        shared(),
        on(6, withdraw.clone()),
        PracticeWithdrawn { reason: why() },
    );
    let gone = and(shared(), 6, PracticeWithdrawn { reason: why() });
    let refusal = || E::Withdrawn { on: june(6) };
    assert_eq!(
        refusal().to_string(),
        "this good practice was withdrawn on 6 June 2007; write another one down"
    );
    refuses(gone.clone(), on(7, withdraw), refusal());
    refuses(gone.clone(), on(7, revise("A day", Some("why"))), refusal());
    let back = C::ReleasePractice {
        to: Visibility::Draft,
        reason: Some("It is being rewritten".into()),
    };
    let expected = let_out(Visibility::Region, Visibility::Draft);
    accepts(gone, on(7, back), expected);
}

#[test]
fn nothing_happens_to_what_nobody_wrote_down() {
    let asked = [
        revise("x", None),
        C::WithdrawPractice { reason: "x".into() },
        C::ReleasePractice {
            to: Visibility::Public,
            reason: None,
        },
        C::AnswerQuestion {
            question: question(1),
            text: "x".into(),
        },
        C::ThankForPractice {
            by: other_compact().id,
            text: "x".into(),
        },
        C::RedactText {
            text: SubjectId::new(Uuid::from_u128(9)),
            reason: "x".into(),
        },
    ];
    for command in asked {
        refuses(vec![], on(3, command), E::NotWritten);
    }
}

#[test]
fn a_text_of_it_is_redacted_whatever_became_of_it() {
    let redact = |reason: &str| C::RedactText {
        text: SubjectId::new(Uuid::from_u128(9)),
        reason: reason.into(),
    };
    let expected = TextRedacted {
        text: SubjectId::new(Uuid::from_u128(9)),
        reason: "It names somebody".into(),
    };
    let gone = and(
        shared(),
        6,
        PracticeWithdrawn {
            reason: "Ended".into(),
        },
    );
    accepts(gone, on(7, redact("It names somebody")), expected);
    let early = given(shared()).when(on(2, redact("x")));
    let early = early.inspect_result().expect_err("too early");
    assert_eq!(early.code(), "DATED_TOO_EARLY");
}
