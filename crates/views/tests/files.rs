//! Which files are referred to, by what, and whether that stands.

mod story;

use std::ops::ControlFlow;

use domain::facts::GroupFact;
use domain::file::{Evidence, FileHash, FileRef};
use domain::ids::*;
use domain::meeting::{Arrangement, MeetingCalled, PaperAdded, PaperWithdrawn};
use domain::stream::StreamId;
use domain::{Event, MeetingEvent};
use ledger::{Scope, ServiceRole};
use sqlx::PgPool;
use story::recorded::*;
use story::*;
use testkit::service::sign_in;
use views::{FileReferences, MeetingView, Names, ViewReader, check, fold, fold_rows, say};

const NEXT: MeetingId = MeetingId::new(id(71));

fn hash(n: u8) -> FileHash {
    FileHash::new([n; 32])
}

fn tell(story: &mut Story, of: MeetingId, event: impl Into<MeetingEvent>) {
    story.add(StreamId::meeting(of), Event::Meeting(event.into()));
}

fn call(story: &mut Story, of: MeetingId) {
    let group = GroupFact {
        id: LD,
        code: "LD".into(),
        name: "Learning and Development Theme Group".into(),
    };
    let arrangement = Arrangement {
        words: Some("late September".into()),
        ..Arrangement::default()
    };
    tell(story, of, MeetingCalled { group, arrangement });
}

fn add(story: &mut Story, of: MeetingId, paper: u128, file: FileHash) {
    let added = PaperAdded {
        paper_id: PaperId::new(id(paper)),
        title: "Action plan".into(),
        document: Evidence::File(FileRef {
            hash: file,
            name: format!("Plan {paper}.pdf").as_str().into(),
            media_type: "application/pdf".into(),
            bytes: 48_112,
            content: SubjectId::new(id(4)),
        }),
    };
    tell(story, of, added);
}

fn withdraw(story: &mut Story, paper: u128, file: FileHash) {
    let withdrawn = PaperWithdrawn {
        paper_id: PaperId::new(id(paper)),
        file: Some(file),
        reason: "The wrong version".into(),
    };
    tell(story, MEETING, withdrawn);
}

/// A file added twice and taken back once, another added and taken back, and one of another meeting.
fn papers() -> Story {
    let mut story = compact();
    story.on("2009-06-01");
    call(&mut story, MEETING);
    call(&mut story, NEXT);
    add(&mut story, MEETING, 1, hash(1));
    add(&mut story, MEETING, 2, hash(1));
    add(&mut story, MEETING, 3, hash(2));
    withdraw(&mut story, 1, hash(1));
    withdraw(&mut story, 3, hash(2));
    add(&mut story, NEXT, 4, hash(1));
    story
}

#[test]
fn a_file_stands_while_it_was_referred_to_more_often_than_taken_back() {
    let rows = fold_rows::<FileReferences>(&papers().entries);
    assert_eq!(rows.len(), 2, "streams that refer to files, and no others");
    let standing = |of: MeetingId, file: u8| rows[&of.uuid()].files[&hash(file)].standing;
    assert_eq!(
        (
            standing(MEETING, 1),
            standing(MEETING, 2),
            standing(NEXT, 1)
        ),
        (1, 0, 1)
    );
    let named = &rows[&MEETING.uuid()].files[&hash(1)].file.name;
    assert_eq!(
        named.plain(),
        Some("Plan 2.pdf"),
        "as it was last referred to"
    );
}

#[test]
fn a_meeting_shows_its_papers_and_its_history_tells_of_them() {
    let story = papers();
    let of = |entry: &&ledger::Entry| entry.recorded.stream == StreamId::meeting(MEETING);
    let view: MeetingView = fold(story.entries.iter().filter(of)).expect("a meeting");
    let withdrawn: Vec<bool> = view
        .papers
        .iter()
        .map(|it| it.withdrawn.is_some())
        .collect();
    assert_eq!(withdrawn, [true, false, true]);
    let told: Vec<String> = story
        .entries
        .iter()
        .filter(of)
        .map(|entry| say(entry, Names::Unknown).text)
        .collect();
    assert_eq!(
        told[1],
        "A paper was added: “Action plan”, as a file (PDF, “Plan 1.pdf”)."
    );
    assert_eq!(told[4], "A paper was withdrawn: The wrong version.");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_refers_to_a_file_is_found_and_a_row_that_says_otherwise_too(pool: PgPool) {
    let ledger = start(&pool);
    record_all(&ledger, &papers()).await;
    project(&pool).await;
    let reader = ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let streams = async |file| {
        let found = reader
            .references_to(LEDGER, hash(file))
            .await
            .expect("an answer");
        found.into_iter().map(|it| it.stream.id).collect::<Vec<_>>()
    };
    assert_eq!(streams(1).await, [MEETING.uuid(), NEXT.uuid()]);
    assert_eq!(streams(2).await, [MEETING.uuid()]);
    assert!(streams(3).await.is_empty());
    let findings = async || {
        check(&pool, |_| ControlFlow::Continue(()))
            .await
            .expect("checked")
            .findings
    };
    assert_eq!(findings().await, []);
    let mut work = Scope::from(LEDGER).begin(&pool).await.expect("begun");
    let fault = "update file_reference set hashes = array[repeat('ab', 32)] where stream_id = $1";
    let fault = sqlx::query(fault)
        .bind(NEXT.uuid())
        .execute(&mut *work)
        .await;
    fault.expect("a planted fault");
    work.commit().await.expect("committed");
    assert_eq!(findings().await.len(), 1);
}
