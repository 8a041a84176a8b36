//! Texts are opened where they are shown, and those of a page together.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::counted::Counted;
use crate::world::{SECRETARIAT, Small, World};

/// What a list of commitments shows without a word that anybody wrote.
const HEADINGS: &str =
    "ref title status statusSince dueOn visibility measures { name progress { value target } }
    latestAchievement { reportedOn standing }";

/// The same, with what was written.
const WORDS: &str = "ref title comment status measures { progress { value source } }
    latestAchievement { text corrections { reason from { text } } }";

fn list(shown: &str) -> String {
    format!(
        "query L($id: ID!) {{ compact(id: $id) {{ commitments(first: 50) {{ nodes {{ {shown} }} }} }} }}"
    )
}

/// A commitment with a comment and, made a moment later, a report that was put right, and a figure.
async fn promised(world: &World, small: &Small, label: &str) -> String {
    let on = "2007-06-01";
    let propose = json!({ "compactId": small.compact, "session": "2007-08", "ref": label,
        "title": format!("Promise {label}"), "comment": format!("Comment {label}"), "occurredOn": on });
    let commitment = world.make("proposeCommitment", propose).await;
    let agree = json!({ "commitmentId": commitment, "occurredOn": on });
    world.change("agreeCommitment", agree, "").await;
    let measure = json!({ "commitmentId": commitment, "indicatorId": small.indicator, "kind": "TOTAL",
        "occurredOn": on });
    let measure = world.make("addMeasure", measure).await;
    let reading = json!({ "measureId": measure, "takenOn": on, "value": "5",
        "source": format!("Source {label}"), "occurredOn": on });
    world.make("recordReading", reading).await;
    let report = json!({ "commitmentId": commitment, "reportedOn": on, "standing": "IN_PROGRESS",
        "text": format!("Said {label}"), "occurredOn": on });
    let report = world.make("reportAchievement", report).await;
    let correct = json!({ "achievementId": report, "reportedOn": on, "standing": "IN_PROGRESS",
        "text": format!("Report {label}"), "reason": format!("Reason {label}"), "occurredOn": on });
    world.change("correctAchievement", correct, "").await;
    commitment
}

fn written(label: &str) -> Value {
    json!({ "ref": label, "title": format!("Promise {label}"), "comment": format!("Comment {label}"),
        "status": "IN_PROGRESS",
        "measures": [{ "progress": { "value": "5", "source": format!("Source {label}") } }],
        "latestAchievement": { "text": format!("Report {label}"),
            "corrections": [{ "reason": format!("Reason {label}"), "from": { "text": format!("Said {label}") } }] } })
}

async fn nodes(world: &World, small: &Small, shown: &str) -> Vec<Value> {
    let answer = world
        .data(&list(shown), json!({ "id": small.compact }))
        .await;
    let nodes = answer["compact"]["commitments"]["nodes"].as_array();
    nodes.expect("a page").clone()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_page_asks_once_for_the_keys_of_what_it_shows_and_for_none_where_it_shows_no_words(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    // What a ledger is, is looked up once for good.
    nodes(&world, &small, HEADINGS).await;
    let mut costs = Vec::new();
    for count in [1, 8] {
        for at in costs.len()..count {
            promised(&world, &small, &format!("1{at}")).await;
        }
        world.pause_projector().await;
        for shown in [HEADINGS, WORDS] {
            let counted = Counted::begin();
            let nodes = nodes(&world, &small, shown).await;
            costs.push((counted.so_far(), counted.about_keys()));
            drop(counted);
            assert!(nodes.len() >= count, "{nodes:#?}");
            assert!(!json!(nodes).to_string().contains("[sealed]"));
        }
        world.resume_projector();
    }
    let [headings, words, same_headings, same_words] = costs[..] else {
        panic!("{costs:?}");
    };
    assert_eq!((headings.1, same_headings.1), (0, 0), "{costs:?}");
    assert_eq!((words.1, same_words.1), (1, 1), "{costs:?}");
    assert_eq!(headings.0, same_headings.0, "{costs:?}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_opened_where_it_is_shown_says_what_was_written(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    for label in ["11", "12"] {
        promised(&world, &small, label).await;
    }
    let nodes = nodes(&world, &small, WORDS).await;
    for label in ["11", "12"] {
        assert!(nodes.contains(&written(label)), "{label}: {nodes:#?}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_redacted_text_is_shown_as_such_wherever_it_is_opened(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let commitment = promised(&world, &small, "11").await;
    promised(&world, &small, "12").await;
    // Read before, so that its key is in memory.
    nodes(&world, &small, WORDS).await;
    let query =
        "query T($id: ID!) { history(of: $id, first: 50) { nodes { texts { text says } } } }";
    let history = world.data(query, json!({ "id": commitment })).await;
    let lines = history["history"]["nodes"].as_array().expect("lines");
    let texts = lines
        .iter()
        .flat_map(|line| line["texts"].as_array().expect("texts"));
    for says in ["Report 11", "Source 11", "Reason 11"] {
        let text = texts.clone().find(|text| text["says"] == says);
        let text = &text.expect("it is in the history")["text"];
        let redact = json!({ "id": commitment, "text": text, "reason": "It named somebody" });
        world.change("redactText", redact, "").await;
    }
    let query = list(WORDS);
    let asked = json!({ "id": small.compact });
    let answer = world.post_as(Some(SECRETARIAT), &query, asked).await;
    let nodes = answer["data"]["compact"]["commitments"]["nodes"].clone();
    let mut redacted = written("11");
    redacted["measures"][0]["progress"]["source"] = json!("[redacted]");
    redacted["latestAchievement"]["text"] = json!("[redacted]");
    redacted["latestAchievement"]["corrections"][0]["reason"] = json!("[redacted]");
    let nodes = nodes.as_array().expect("a page");
    assert!(nodes.contains(&redacted), "{nodes:#?}");
    assert!(nodes.contains(&written("12")), "{nodes:#?}");
}
