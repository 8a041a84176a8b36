//! Given what is recorded of a person, when something is asked, then this event or this refusal.

mod properties;

use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::facts::{Mentions, UnknownFact, UnknownPerson};
use crate::figure::OrganisationFact;
use crate::ids::{OrganisationId, PersonId};
use crate::mention;
use crate::refusal::{DomainError, Refusal};
use crate::words::TextError;
use crate::{Command, Sealed, Texts};

type Lived = Dated<PersonEvent>;
type Asked = Directed<PersonCommand>;

const WHY: &str = "told by the college";

fn march(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2009, 3, day).expect("a day of March")
}

fn organisation(n: u128) -> OrganisationFact {
    OrganisationFact {
        id: OrganisationId::new(Uuid::from_u128(n)),
        name: format!("College {n}"),
    }
}

fn person() -> PersonId {
    PersonId::new(Uuid::from_u128(70))
}

/// A text sealed for `subject`; the same words make the same sealed text.
fn sealed_for(subject: SubjectId, says: &str) -> Text {
    let mut text = Text::from(says);
    let mut bytes = says.as_bytes().to_vec();
    bytes.resize(64, 0);
    text.seal(Sealed::new(subject, [1; 24], bytes).expect("long enough"));
    text
}

/// One of the person's own texts.
fn own(says: &str) -> Text {
    sealed_for(person().subject(), says)
}

/// What the recorder found: two colleges.
fn on(day: u32, command: PersonCommand) -> Asked {
    let mut facts = Facts::default();
    for n in 1..=2 {
        let fact = organisation(n);
        facts.organisations.insert(fact.id, fact);
    }
    Directed {
        occurred_on: march(day),
        meeting: None,
        facts,
        command,
    }
}

fn was(day: u32, event: impl Into<PersonEvent>) -> Lived {
    Dated {
        occurred_on: march(day),
        meeting: None,
        event: event.into(),
    }
}

/// What is typed of somebody.
fn typed(name: &str) -> PersonInput {
    PersonInput {
        name: own(name),
        position: Some(own("Head of Learning")),
        organisation: Some(organisation(1).id),
        email: Some(own("head@example.org")),
        telephone: Some(own("01522 555010 ext 4")),
    }
}

/// What is recorded of it.
fn terms(name: &str) -> PersonTerms {
    PersonTerms {
        name: own(name).closed(),
        position: Some(own("Head of Learning").closed()),
        organisation: Some(organisation(1)),
        email: Some(own("head@example.org").closed()),
        telephone: Some(own("01522 555010 ext 4").closed()),
    }
}

fn entered() -> Vec<Lived> {
    let person = terms("The head");
    vec![was(2, PersonEntered { person })]
}

fn and(mut lived: Vec<Lived>, day: u32, event: impl Into<PersonEvent>) -> Vec<Lived> {
    lived.push(was(day, event));
    lived
}

/// Entered on the 2nd, erased on the 9th.
fn erased() -> Vec<Lived> {
    let reason = "asked to be".into();
    and(entered(), 9, PersonErased { reason })
}

fn correct(terms: PersonInput) -> PersonCommand {
    let reason = WHY.into();
    C::CorrectPerson { terms, reason }
}

fn erase() -> PersonCommand {
    let reason = " asked to be ".into();
    C::ErasePerson { reason }
}

fn redact(text: u128) -> PersonCommand {
    C::RedactText {
        text: SubjectId::new(Uuid::from_u128(text)),
        reason: WHY.into(),
    }
}

fn redacted(text: u128) -> TextRedacted {
    TextRedacted {
        text: SubjectId::new(Uuid::from_u128(text)),
        reason: WHY.into(),
    }
}

#[track_caller]
fn accepts(lived: Vec<Lived>, asked: Asked, expected: impl Into<PersonEvent>) {
    let expected = asked.dated(expected.into());
    TestFramework::<Person>::with(())
        .given(lived)
        .when(asked)
        .then_expect_events(vec![expected]);
}

#[track_caller]
fn refuses(lived: Vec<Lived>, asked: Asked, expected: impl Into<PersonError>) {
    TestFramework::<Person>::with(())
        .given(lived)
        .when(asked)
        .then_expect_error(expected.into());
}

fn missing(field: &'static str, what: &'static str) -> PersonError {
    TextError::Missing { field, what }.into()
}

#[test]
fn a_person_is_entered_with_what_is_known_of_them() {
    let enter = |terms| on(2, C::EnterPerson { terms });
    let person = terms("The head");
    accepts(vec![], enter(typed("The head")), PersonEntered { person });
    let little = PersonInput {
        name: own("The clerk"),
        position: Some(" ".into()),
        organisation: None,
        email: Some(String::new().into()),
        telephone: None,
    };
    let person = PersonTerms {
        name: own("The clerk").closed(),
        position: None,
        organisation: None,
        email: None,
        telephone: None,
    };
    accepts(vec![], enter(little), PersonEntered { person });
}

#[test]
fn what_is_typed_of_a_person_is_looked_at_and_never_quoted() {
    let enter = |change: &dyn Fn(&mut PersonInput)| {
        let mut terms = typed("The head");
        change(&mut terms);
        on(2, C::EnterPerson { terms })
    };
    refuses(
        vec![],
        enter(&|it| it.name = " ".into()),
        missing("name", "the person's name"),
    );
    let too_long = TextError::TooLong {
        field: "position",
        what: "the job title",
        limit: 300,
        length: 301,
    };
    refuses(
        vec![],
        enter(&|it| it.position = Some("x".repeat(301).into())),
        too_long,
    );
    for (email, telephone, refusal) in [
        ("head at example.org", "4410", PersonError::NotAnAddress),
        ("head@example.org", "ask the clerk", PersonError::NotANumber),
    ] {
        let asked = enter(&|it| {
            it.email = Some(own(email));
            it.telephone = Some(own(telephone));
        });
        assert!(!refusal.to_string().contains(email));
        assert!(!refusal.to_string().contains(telephone));
        refuses(vec![], asked, refusal);
    }
    let elsewhere = organisation(3).id;
    refuses(
        vec![],
        enter(&|it| it.organisation = Some(elsewhere)),
        UnknownFact::Organisation(elsewhere),
    );
}

#[test]
fn a_person_is_entered_once() {
    let terms = typed("Another");
    let again = on(3, C::EnterPerson { terms });
    refuses(entered(), again.clone(), PersonError::AlreadyEntered);
    refuses(erased(), again, PersonError::Erased { on: march(9) });
}

#[test]
fn a_correction_tells_what_was_said_and_what_is_and_why() {
    let from = terms("The head");
    let to = PersonTerms {
        name: own("The new head").closed(),
        organisation: Some(organisation(2)),
        email: None,
        ..from.clone()
    };
    let asked = PersonInput {
        organisation: Some(organisation(2).id),
        email: None,
        ..typed("The new head")
    };
    let reason = WHY.into();
    accepts(
        entered(),
        on(4, correct(asked)),
        PersonCorrected { from, to, reason },
    );
}

#[test]
fn a_correction_that_changes_nothing_says_nothing_or_comes_too_early_is_refused() {
    refuses(
        entered(),
        on(4, correct(typed("The head"))),
        PersonError::Unchanged,
    );
    let renamed = |day| {
        let mut lived = entered();
        let PersonEvent::Entered(event) = &mut lived[0].event else {
            unreachable!("entered");
        };
        let organisation = event.person.organisation.as_mut().expect("a college");
        organisation.name = "College as it was called".into();
        (lived, on(day, correct(typed("The head"))))
    };
    let (lived, asked) = renamed(4);
    refuses(lived, asked, PersonError::Unchanged);
    let unreasoned = C::CorrectPerson {
        terms: typed("The new head"),
        reason: " ".into(),
    };
    refuses(
        entered(),
        on(4, unreasoned),
        missing("reason", "the reason"),
    );
    let what = "what is said of this person was last entered on";
    let too_early = TooEarly { what, on: march(2) };
    refuses(
        entered(),
        on(1, correct(typed("The new head"))),
        too_early.clone(),
    );
    refuses(entered(), on(1, erase()), too_early);
    refuses(
        vec![],
        on(4, correct(typed("The new head"))),
        PersonError::NotEntered,
    );
}

#[test]
fn a_person_is_erased_once_and_takes_nothing_more() {
    let reason = "asked to be".into();
    accepts(entered(), on(9, erase()), PersonErased { reason });
    refuses(vec![], on(9, erase()), PersonError::NotEntered);
    let unreasoned = C::ErasePerson { reason: "".into() };
    refuses(
        entered(),
        on(9, unreasoned),
        missing("reason", "the reason"),
    );
    let gone = PersonError::Erased { on: march(9) };
    refuses(erased(), on(10, erase()), gone.clone());
    refuses(erased(), on(10, correct(typed("The head"))), gone);
}

#[test]
fn once_erased_nothing_of_the_person_is_kept() {
    use cqrs_es::Aggregate;
    let mut record = Person::default();
    for event in erased() {
        record.apply(event);
    }
    assert!(record.is_entered() && record.is_erased());
    assert_eq!(
        record.standing(&correct(typed("The head"))),
        Vec::<&Text>::new()
    );
    let kept = serde_json::to_string(&record).expect("JSON");
    assert!(
        !kept.contains("sealed") && !kept.contains("College"),
        "{kept}"
    );
}

#[test]
fn a_reason_can_be_redacted_before_and_after_an_erasure_and_what_is_said_of_the_person_cannot() {
    accepts(entered(), on(3, redact(7)), redacted(7));
    accepts(erased(), on(10, redact(7)), redacted(7));
    refuses(erased(), on(10, redact(70)), PersonError::OwnText);
    refuses(entered(), on(10, redact(70)), PersonError::OwnText);
    refuses(vec![], on(10, redact(7)), PersonError::NotEntered);
    let what = "this person was entered on";
    refuses(entered(), on(1, redact(7)), TooEarly { what, on: march(2) });
    let mut unreasoned = redact(7);
    unreasoned.texts(&mut |text| *text = " ".into());
    refuses(
        entered(),
        on(3, unreasoned),
        missing("reason", "the reason"),
    );
}

#[test]
fn what_stands_is_what_a_correction_would_replace() {
    use cqrs_es::Aggregate;
    let mut record = Person::default();
    for event in entered() {
        record.apply(event);
    }
    let standing = record.standing(&correct(typed("x")));
    assert_eq!(standing.len(), 4);
    assert!(standing.contains(&&own("The head").closed()));
    assert!(record.standing(&erase()).is_empty());
}

#[test]
fn what_is_said_of_a_person_is_the_person_s_own_and_why_is_not() {
    let own_of = |command| {
        let mut own = Vec::new();
        let id = person();
        let mut command = Command::Person { id, command };
        command.own_texts(&mut |text| own.extend(text.plain().map(str::to_owned)));
        own
    };
    let expected = [
        "The head",
        "Head of Learning",
        "head@example.org",
        "01522 555010 ext 4",
    ];
    let terms = typed("The head");
    assert_eq!(own_of(C::EnterPerson { terms }), expected);
    assert_eq!(own_of(correct(typed("The head"))), expected);
    assert_eq!(own_of(erase()), Vec::<String>::new());
    assert_eq!(own_of(redact(7)), Vec::<String>::new());
}

#[test]
fn a_text_mentions_only_people_who_were_entered() {
    let somebody = PersonId::new(Uuid::from_u128(71));
    let reason = format!("{} asked {}", mention::of(person()), mention::of(somebody));
    let command = Command::Person {
        id: person(),
        command: C::ErasePerson {
            reason: reason.into(),
        },
    };
    let mentions = command.mentions();
    assert_eq!(mentions.people, [person(), somebody].into());
    let mut facts = Facts::default();
    facts.people.insert(person());
    let refusal = DomainError::from(facts.check_people(&mentions).expect_err("nobody there"));
    assert_eq!(refusal, UnknownPerson(somebody).into());
    assert_eq!((refusal.code(), refusal.path()), ("UNKNOWN", None));
    assert!(
        refusal
            .to_string()
            .ends_with("there is no such person in this compact; choose them from its people")
    );
    facts.people.insert(somebody);
    assert_eq!(facts.check_people(&mentions), Ok(()));
    assert_eq!(facts.check_people(&Mentions::default()), Ok(()));
}

#[test]
fn a_command_says_what_it_redacts_and_whom_it_erases() {
    use crate::stream::{StreamId, StreamKind};
    let text = SubjectId::new(Uuid::from_u128(7));
    for kind in StreamKind::ALL {
        let stream = StreamId {
            kind,
            id: Uuid::from_u128(3),
        };
        let command = Command::redact_text(stream, text, WHY.into());
        assert_eq!(command.stream(), stream);
        assert_eq!(command.redacts(), Some(text));
        assert_eq!(command.erases(), None);
    }
    let id = person();
    let command = erase();
    let command = Command::Person { id, command };
    assert_eq!(command.erases(), Some(person()));
    assert_eq!(command.redacts(), None);
}
