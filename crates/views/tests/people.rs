//! People: what is kept of them and in which order, what is told of them and to whom, and what an erasure leaves.

mod story;

use domain::figure::OrganisationFact;
use domain::ids::*;
use domain::person::{PersonCorrected, PersonEntered, PersonErased, PersonTerms};
use domain::stream::StreamId;
use domain::{Event, PersonEvent, Reach, Sealed, Text, TextRedacted, Visibility};
use ledger::{Reader, ServiceRole};
use sqlx::PgPool;
use story::recorded::*;
use story::*;
use testkit::service::sign_in;
use views::{
    CompactOverview, Historian, HistoryOf, Names, PersonView, SubjectKind, ViewReader, check, fold,
    say,
};

const fn person(number: u128) -> PersonId {
    PersonId::new(id(600 + number))
}

/// A text of the person's own, sealed: of what it says there is nothing in it.
fn sealed(of: PersonId, n: u8) -> Text {
    let sealed = Sealed::new(of.subject(), [n; 24], vec![n; 32]);
    sealed.expect("long enough").into()
}

fn terms(of: PersonId, name: u8) -> PersonTerms {
    PersonTerms {
        name: sealed(of, name),
        position: Some(sealed(of, 2)),
        organisation: Some(OrganisationFact {
            id: COLLEGE,
            name: "New College Stamford".to_owned(),
        }),
        email: Some(sealed(of, 3)),
        telephone: None,
    }
}

fn tell(story: &mut Story, of: PersonId, event: impl Into<PersonEvent>) {
    story.add(StreamId::person(of), Event::Person(event.into()));
}

fn enter(story: &mut Story, of: PersonId) {
    let person = terms(of, 1);
    tell(story, of, PersonEntered { person });
}

fn correct(story: &mut Story, of: PersonId) {
    let correction = PersonCorrected {
        from: terms(of, 1),
        to: PersonTerms {
            email: None,
            ..terms(of, 4)
        },
        reason: "told by the college".into(),
    };
    tell(story, of, correction);
}

fn erase(story: &mut Story, of: PersonId) {
    let reason = "asked to be".into();
    tell(story, of, PersonErased { reason });
}

/// Three people, of whom the first was corrected and the second erased. Their ids run against the order they were entered in.
fn people() -> Story {
    let mut story = Story::of(LEDGER);
    tell_compact(&mut story);
    for n in [3, 2, 1] {
        enter(story.on("2009-03-02"), person(n));
    }
    correct(story.on("2009-03-04"), person(3));
    erase(story.on("2009-03-09"), person(2));
    story
}

fn view_of(story: &Story, of: PersonId) -> PersonView {
    let entries = story.entries.iter();
    let its = entries.filter(|entry| entry.recorded.stream == StreamId::person(of));
    fold(its).expect("the person")
}

#[test]
fn a_correction_is_kept_beside_what_was_said_before() {
    let view = view_of(&people(), person(3));
    assert_eq!(view.name(), Some(&sealed(person(3), 4)));
    assert_eq!((view.email(), view.telephone()), (None, None));
    assert_eq!(view.organisation().map(|it| it.id), Some(COLLEGE));
    let said = view.terms.expect("not erased");
    assert_eq!(*said.original(), terms(person(3), 1));
    assert_eq!(view.version, 2);
}

#[test]
fn an_erased_person_s_row_keeps_nothing_that_was_said_of_them() {
    let view = view_of(&people(), person(2));
    assert!(view.is_erased() && view.name().is_none() && view.organisation().is_none());
    let kept = serde_json::to_string(&view).expect("JSON");
    let college = COLLEGE.to_string();
    for gone in ["nonce", "College", &college] {
        assert!(!kept.contains(gone), "{gone}: {kept}");
    }
    let before = serde_json::to_string(&view_of(&people(), person(1))).expect("JSON");
    assert!(before.contains("nonce") && before.contains(&college));
}

#[test]
fn whoever_is_not_told_of_people_reads_that_something_was_said_of_one() {
    let story = people();
    let entries = story.entries.iter();
    let of_people = entries.filter(|entry| matches!(entry.event, Event::Person(_)));
    let said = of_people.map(|entry| say(entry, Names::Unknown).text);
    assert_eq!(
        said.collect::<Vec<String>>()[2..],
        [
            "A person was written down.",
            "What is said of a person was put right (name, e-mail address): told by the college.",
            "The person was erased: asked to be.",
        ]
    );
}

#[test]
fn the_history_tells_what_was_put_right_and_never_how_somebody_is_reached() {
    let mut story = people();
    let text = SubjectId::new(id(900));
    let reason = "it named somebody".into();
    tell(&mut story, person(2), TextRedacted { text, reason });
    let mut lines = Vec::new();
    for entry in &mut story.entries {
        if let Event::Person(event) = &mut entry.event {
            domain::Texts::texts(event, &mut |text| text.open(Some("the clerk".to_owned())));
            lines.push(say(entry, Names::Unknown));
        }
    }
    let said: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        said[2..],
        [
            "A person was written down: the clerk.",
            "What is said of the clerk was put right (name, e-mail address): told by the college.",
            "The person was erased: asked to be.",
            "Redacted a text: it named somebody.",
        ]
    );
    let kinds: Vec<SubjectKind> = lines[0].subjects.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [SubjectKind::Person, SubjectKind::Organisation]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn people_are_listed_in_the_order_they_were_entered_and_the_erased_are_left_out(
    pool: PgPool,
) {
    let ledger = start(&pool);
    record_all(&ledger, &people()).await;
    project(&pool).await;
    let reader = &ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    for (organisation, listed) in [
        (None, vec![person(3), person(1)]),
        (Some(COLLEGE), vec![person(3), person(1)]),
        (Some(COUNCIL), vec![]),
    ] {
        let list = async |page| reader.people(LEDGER, organisation, &page).await;
        let seen = walk(list, |row: &PersonView| row.id.to_string()).await;
        let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
        assert_eq!(seen, listed);
    }
    let another = LedgerId::new(id(2));
    let list = async |page| reader.people(another, None, &page).await;
    let seen = walk(list, |row: &PersonView| row.id.to_string()).await;
    assert_eq!(seen, Vec::<String>::new());
    let report = check(&pool, |_| std::ops::ControlFlow::Continue(())).await;
    assert_eq!(report.expect("the check runs").findings, []);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn names_are_given_sealed_by_id_and_none_of_who_was_erased(pool: PgPool) {
    let ledger = start(&pool);
    record_all(&ledger, &people()).await;
    project(&pool).await;
    let reader = ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let asked = [person(1), person(2), person(3), person(4)];
    let names = reader.people_names(LEDGER, &asked).await.expect("names");
    let expected = [
        (person(1), Some(sealed(person(1), 1))),
        (person(2), None),
        (person(3), Some(sealed(person(3), 4))),
    ];
    assert_eq!(names, expected.into());
    let elsewhere = LedgerId::new(id(2));
    let names = reader.people_names(elsewhere, &asked).await;
    assert_eq!(names.expect("names"), [].into());
    let nobody = reader.people_names(LEDGER, &[]).await;
    assert_eq!(nobody.expect("names"), [].into());
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn only_who_reads_everything_reads_the_history_of_people(pool: PgPool) {
    let ledger = start(&pool);
    record_all(&ledger, &people()).await;
    project(&pool).await;
    let reading = sign_in(&pool, ServiceRole::Gateway);
    let historian = &Historian::new(Reader::new(reading.clone()), reading);
    let of = &HistoryOf::Stream(StreamId::person(person(3)));
    for (reach, told) in [
        (Reach::EVERYTHING, 2),
        (Reach::from_up(Visibility::Compact), 0),
        (Reach::from_up(Visibility::Region), 0),
        (Reach::PUBLIC, 0),
    ] {
        let lines = async |page| {
            let page = historian.page(LEDGER, of, &reach, &page).await;
            Ok(page.expect("a page of history"))
        };
        let position = |line: &views::HistoryLine| line.recorded.position.to_string();
        assert_eq!(walk(lines, position).await.len(), told, "{reach:?}");
    }
}

#[test]
fn people_move_what_a_compact_shows_of_its_last_change_only_for_who_reads_everything() {
    let mut story = Story::of(LEDGER);
    tell_compact(&mut story);
    let of_compact = |story: &Story| fold::<CompactOverview>(&story.entries).expect("the compact");
    let before = of_compact(&story);
    enter(story.on("2009-03-02"), person(1));
    let after = of_compact(&story);
    let (everything, others) = (Reach::EVERYTHING, Reach::from_up(Visibility::Compact));
    assert_ne!(
        before.last_within(&everything),
        after.last_within(&everything)
    );
    assert_eq!(before.last_within(&others), after.last_within(&others));
}
