//! The examples of `docs/api.md`, each run as it stands.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Small, World};

/// The blocks of a page that are fenced as `graphql`.
fn examples(page: &str) -> Vec<&str> {
    let blocks = page.split("```graphql\n").skip(1);
    blocks
        .filter_map(|block| block.split("```").next())
        .collect()
}

/// The variables an example declares, of those there are.
fn wanted(example: &str, known: &Value) -> Value {
    let known = known.as_object().cloned().unwrap_or_default();
    let wanted = known.into_iter();
    wanted
        .filter(|(name, _)| example.contains(&format!("${name}:")))
        .collect()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_example_on_the_page_is_answered_without_errors(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let known = json!({ "compact": small.compact, "plan": small.plan, "commitment": small.commitment,
        "action": small.action, "group": small.group });
    let examples = examples(include_str!("../../../../docs/api.md"));
    assert!(examples.len() >= 8, "{} examples", examples.len());
    for example in examples {
        let variables = wanted(example, &known);
        if example.contains("subscription ") {
            let first = world.first_event(example, variables).await;
            assert!(first.contains("\"position\":3"), "{example}{first}");
            continue;
        }
        let answer = world.data(example, variables).await;
        for field in ["rescheduleAction", "recordMeeting", "writePractice"] {
            let payload = &answer[field]["userErrors"];
            assert!(
                payload.is_null() || payload == &json!([]),
                "{example}{answer:#}"
            );
        }
    }
}

/// What `make bench-region` asks is asked here once, so that it stays true while the schema changes.
#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_question_of_the_benchmark_is_answered_without_errors(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let known = json!({ "compact": small.compact, "plan": small.plan, "commitment": small.commitment,
        "meeting": small.commitment, "slug": "north", "on": "2007-10-15", "session": "2007-08", "words": "training" });
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/load/queries");
    let mut asked = 0;
    for file in std::fs::read_dir(folder).expect("the questions") {
        let question = std::fs::read_to_string(file.expect("a file").path()).expect("a question");
        world.data(&question, wanted(&question, &known)).await;
        asked += 1;
    }
    assert!(asked >= 10, "{asked} questions");
}

#[test]
fn examples_are_found_between_their_fences() {
    let page = "a\n```graphql\n{ one }\n```\nb\n```json\n{}\n```\n```graphql\n{ two }\n```\n";
    assert_eq!(examples(page), ["{ one }\n", "{ two }\n"]);
}
