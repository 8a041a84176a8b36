//! Good practice and its adoption: what is kept of them, what is told, and what a check finds of the words they are searched by.

mod story;

use domain::adoption::{PracticeAdapted, PracticeAdopted, ResultReported};
use domain::facts::CompactFact;
use domain::good_practice::{
    PracticeFact, PracticeRevised, PracticeTerms, PracticeWithdrawn, PracticeWritten,
    QuestionAnswered, QuestionAsked,
};
use domain::ids::*;
use domain::stream::StreamId;
use domain::visibility::VisibilityChanged;
use domain::{AdoptionEvent, Event, GoodPracticeEvent, Reach, Visibility};
use ledger::{Entry, ServiceRole};
use sqlx::PgPool;
use story::recorded::*;
use story::*;
use testkit::service::sign_in;
use views::queries::PracticeFilter;
use views::{
    AdoptionFilter, AdoptionView, GoodPracticeView, Names, PageRequest, Reaches, ViewName,
    ViewReader, Which, check, fold, rebuild, say,
};

const PRACTICE: GoodPracticeId = GoodPracticeId::new(id(81));
const ADOPTION: AdoptionId = AdoptionId::new(id(82));
const QUESTION: QuestionId = QuestionId::new(id(83));

fn terms(summary: &str) -> PracticeTerms {
    PracticeTerms {
        title: "Training at two levels".into(),
        theme: "equality-diversity".into(),
        organisation: None,
        summary: summary.into(),
        contact: None,
        evidence: Vec::new(),
        documents: Vec::new(),
    }
}

fn other() -> CompactFact {
    CompactFact {
        id: CompactId::new(id(84)),
        slug: "derbyshire".into(),
        name: "Derbyshire Compact".into(),
    }
}

fn practise(story: &mut Story, event: impl Into<GoodPracticeEvent>) {
    let stream = StreamId::good_practice(PRACTICE);
    story.add(stream, Event::GoodPractice(event.into()));
}

fn adopt(story: &mut Story, event: impl Into<AdoptionEvent>) {
    let stream = StreamId::adoption(ADOPTION);
    story.add(stream, Event::Adoption(event.into()));
}

fn let_out(from: Visibility, to: Visibility) -> VisibilityChanged {
    let reason = (to < from).then(|| "It is being rewritten".into());
    VisibilityChanged { from, to, reason }
}

fn revised(version: u32, from: &str, to: &str) -> PracticeRevised {
    PracticeRevised {
        version,
        from: terms(from),
        to: terms(to),
        changed: Some("Its length".into()),
        reason: Some("People asked".into()),
    }
}

/// Written down, revised as a draft, released to the region, revised, asked about, answered; and taken up.
fn practised(story: &mut Story) {
    let written = PracticeWritten {
        terms: terms("Half a day"),
    };
    practise(story, written);
    practise(story, revised(2, "Half a day", "A day"));
    practise(story, let_out(Visibility::Draft, Visibility::Region));
    practise(story, revised(3, "A day", "Two days"));
    let asked = QuestionAsked {
        question_id: QUESTION,
        by: other(),
        text: "How long?".into(),
    };
    practise(story, asked);
    let answered = QuestionAnswered {
        question_id: QUESTION,
        text: "Two days".into(),
    };
    practise(story, answered);
    let practice = PracticeFact {
        id: PRACTICE,
        version: 2,
        title: "Training at two levels".into(),
        organisation: None,
        withdrawn: false,
    };
    let adopted = PracticeAdopted {
        by: other(),
        organisation: None,
        from: other(),
        practice: practice.clone(),
        note: None,
    };
    adopt(story, adopted);
    let fitted = PracticeAdapted {
        changed: "It is shorter".into(),
        following: Some(PracticeFact {
            version: 3,
            ..practice
        }),
        written_as: None,
    };
    adopt(story, fitted);
    let told = ResultReported {
        text: "Forty people".into(),
        evidence: None,
    };
    adopt(story, told);
}

fn told() -> Story {
    let mut story = compact();
    practised(&mut story);
    story
}

/// The entries of one stream.
fn of(story: &Story, stream: StreamId) -> impl Iterator<Item = &Entry> {
    let entries = story.entries.iter();
    entries.filter(move |entry| entry.recorded.stream == stream)
}

#[test]
fn a_practice_keeps_its_versions_and_who_could_read_each() {
    let story = told();
    let view: GoodPracticeView =
        fold(of(&story, StreamId::good_practice(PRACTICE))).expect("a view");
    let numbers: Vec<u32> = view.versions.iter().map(|it| it.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(view.current().number, 3);
    let region = Reach::from_up(Visibility::Region);
    let stood = numbers.iter().filter(|it| view.stood_within(**it, &region));
    assert_eq!(stood.copied().collect::<Vec<u32>>(), [2, 3]);
    assert!(!view.stood_within(3, &Reach::PUBLIC));
    assert!(view.stood_within(1, &Reach::EVERYTHING));
    assert!(!view.stood_within(9, &Reach::EVERYTHING));
    assert_eq!(view.questions[0].answers.len(), 1);
    assert_eq!(view.version, 6);
}

#[test]
fn an_adoption_keeps_the_credit_and_what_came_of_it() {
    let story = told();
    let view: AdoptionView = fold(of(&story, StreamId::adoption(ADOPTION))).expect("a view");
    assert_eq!((view.practice.version, view.following), (2, 3));
    assert_eq!(view.from.slug, "derbyshire");
    assert_eq!((view.adaptations.len(), view.results.len()), (1, 1));
    assert!(view.withdrawn.is_none());
}

#[test]
fn what_happened_is_told_in_words() {
    let mut story = told();
    let reason = "The course ended".into();
    practise(&mut story, PracticeWithdrawn { reason });
    let streams = [
        StreamId::good_practice(PRACTICE),
        StreamId::adoption(ADOPTION),
    ];
    let lines = streams.iter().flat_map(|stream| of(&story, *stream));
    let lines: Vec<String> = lines.map(|entry| say(entry, Names::Unknown).text).collect();
    assert_eq!(
        lines,
        [
            "A good practice of the compact was written down, “Training at two levels”: Half a day.",
            "Version 2 was written, with another summary (“Its length”): People asked.",
            "The good practice was released to the region.",
            "Version 3 was written, with another summary (“Its length”): People asked.",
            "Derbyshire Compact asked: How long?",
            "A question was answered: Two days.",
            "The good practice was withdrawn: The course ended.",
            "Derbyshire Compact took up “Training at two levels” (Derbyshire Compact, version 2).",
            "It follows version 3 of the source now. It was changed to fit: It is shorter.",
            "It went so: Forty people.",
        ]
    );
}

fn everything() -> Reaches {
    [(LEDGER, Reach::EVERYTHING)].into_iter().collect()
}

async fn searched(reader: &ViewReader, reaches: &Reaches, words: &str) -> usize {
    let filter = PracticeFilter::default();
    let page = PageRequest::first(10, None);
    let found = reader.search_practices(reaches, words, &filter, &page);
    found.await.expect("a search").hits.edges.len()
}

async fn findings(pool: &PgPool) -> Vec<String> {
    let report = check(pool, |_| std::ops::ControlFlow::Continue(())).await;
    let found = report.expect("the check runs").findings.into_iter();
    found.map(|finding| finding.to_string()).collect()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn practices_and_adoptions_are_listed_within_reach(pool: PgPool) {
    let ledger = start(&pool);
    record_all(&ledger, &told()).await;
    project(&pool).await;
    let reader = &ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    for (reach, practices, adoptions) in [
        (Reach::EVERYTHING, 1, 1),
        (Reach::from_up(Visibility::Region), 1, 0),
        (Reach::PUBLIC, 0, 0),
    ] {
        let reaches: Reaches = [(LEDGER, reach)].into_iter().collect();
        let (which, page) = (PracticeFilter::default(), PageRequest::first(10, None));
        let listed = reader.good_practices(&reaches, &which, &page).await;
        assert_eq!(listed.expect("a list").edges.len(), practices);
        let which = AdoptionFilter::default();
        let listed = reader.adoptions(&reaches, &which, &page).await;
        assert_eq!(listed.expect("a list").edges.len(), adoptions);
    }
    assert_eq!(findings(&pool).await, [] as [&str; 0]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_check_finds_words_that_cannot_have_come_from_the_view_and_a_rebuild_keeps_none(
    pool: PgPool,
) {
    let ledger = start(&pool);
    record_all(&ledger, &told()).await;
    project(&pool).await;
    let vault = testkit::service::vault(&pool).await;
    let reader = &ViewReader::new(sign_in(&pool, ServiceRole::Gateway)).opening(vault);
    assert_eq!(searched(reader, &everything(), "days").await, 1);
    assert_eq!(findings(&pool).await, [] as [&str; 0]);
    let ahead = "update good_practice_words set last_position = last_position + 1";
    let back = "update good_practice_words set last_position = last_position - 1";
    for (fault, mended, found) in [
        (
            "update good_practice_words set words = setweight(to_tsvector('english', 'Gardening'), 'A')",
            "delete from good_practice_words",
            "not those of its heading",
        ),
        (ahead, back, "from a later entry"),
        (
            "insert into good_practice_words select ledger_id, gen_random_uuid(), 1, null, words, '{}' from good_practice_words",
            "delete from good_practice_words where subject_id is null and vocabulary = '{}'",
            "a good practice that is not there",
        ),
    ] {
        searched(reader, &everything(), "days").await;
        let planted = sqlx::query(fault).execute(&pool).await;
        planted.expect("planted");
        let seen = findings(&pool).await;
        assert!(
            seen.len() == 1 && seen[0].contains(found),
            "{fault}: {seen:?}"
        );
        let mended = sqlx::query(mended).execute(&pool).await;
        mended.expect("mended");
    }
    assert_eq!(findings(&pool).await, [] as [&str; 0]);
    let which = Which::Views([ViewName::GoodPractice].into());
    let rebuilt = rebuild(&pool, &which, "a test", |_| {
        std::ops::ControlFlow::Continue(())
    })
    .await;
    rebuilt.expect("rebuilt");
    let kept: i64 = sqlx::query_scalar("select count(*) from good_practice_words")
        .fetch_one(&pool)
        .await
        .expect("a count");
    assert_eq!(kept, 0);
    assert_eq!(searched(reader, &everything(), "days").await, 1);
    let released: Reaches = [(LEDGER, Reach::PUBLIC)].into_iter().collect();
    assert_eq!(searched(reader, &released, "days").await, 0);
}
