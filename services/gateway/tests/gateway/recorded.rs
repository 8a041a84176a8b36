//! A whole ledger in plain words, looked for by who, when, what and which words; and the entry behind every sentence.

use std::fmt::Write as _;

use domain::ids::LedgerId;
use gateway::NodeId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::world::{Small, World};

const TOLD: &str = "query L($ledger: ID!, $filter: HistoryFilterInput) {
  ledgerHistory(ledger: $ledger, filter: $filter, first: 100) { nodes { position type text role occurredOn recordedAt } } }";

async fn told(world: &World, ledger: &str, filter: Value) -> Vec<Value> {
    let variables = json!({ "ledger": ledger, "filter": filter });
    let answer = world.data(TOLD, variables).await;
    let nodes = answer["ledgerHistory"]["nodes"].as_array();
    nodes.expect("sentences").clone()
}

fn kinds(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .filter_map(|line| line["type"].as_str())
        .collect()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledger_is_told_as_far_as_is_looked_for(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let drop = json!({ "actionId": small.action, "reason": "Overtaken by the passport", "occurredOn": "2007-10-15" });
    world.change("dropAction", drop, "").await;
    let all = told(&world, &small.compact, json!({})).await;
    let entries = world
        .data(
            "query E($ledger: ID!) { entries(ledger: $ledger, first: 100) { nodes { position } } }",
            json!({ "ledger": small.compact }),
        )
        .await;
    let entries = entries["entries"]["nodes"]
        .as_array()
        .expect("entries")
        .len();
    assert_eq!(all.len(), entries, "everything is told");
    for filter in [
        json!({ "types": ["action_plan.action_dropped"] }),
        json!({ "words": "PASSPORT overtaken" }),
        json!({ "since": "2007-10-01", "until": "2007-10-31" }),
        json!({ "aboutId": small.action, "words": "dropped" }),
    ] {
        let found = told(&world, &small.compact, filter.clone()).await;
        assert_eq!(kinds(&found), ["action_plan.action_dropped"], "{filter}");
    }
    let role = all[0]["role"].as_str().expect("a role");
    let by_it = told(&world, &small.compact, json!({ "role": role })).await;
    assert!(!by_it.is_empty() && by_it.iter().all(|line| line["role"] == role));
    for filter in [
        json!({ "role": "nobody" }),
        json!({ "words": "passport untold" }),
        json!({ "since": "2999-01-01" }),
        json!({ "aboutId": small.region }),
        json!({ "meetingId": NodeId::new(gateway::NodeKind::Meeting, ledger(&small), uuid::Uuid::nil()).encode().to_string() }),
    ] {
        let found = told(&world, &small.compact, filter.clone()).await;
        assert_eq!(found, Vec::<Value>::new(), "{filter}");
    }
    let public = world
        .post_as(None, TOLD, json!({ "ledger": small.compact }))
        .await;
    assert_eq!(
        public["data"]["ledgerHistory"]["nodes"],
        json!([]),
        "{public}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledger_is_told_by_either_clock(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let drop = json!({ "actionId": small.action, "reason": "Overtaken by the passport", "occurredOn": "2007-10-15" });
    world.change("dropAction", drop, "").await;
    let all = told(&world, &small.compact, json!({})).await;
    let last = all.last().expect("a sentence");
    assert_eq!(last["type"], "action_plan.action_dropped");
    let moment = &last["recordedAt"];
    let from = told(&world, &small.compact, json!({ "recordedFrom": moment })).await;
    let until = told(&world, &small.compact, json!({ "recordedUntil": moment })).await;
    assert!(from.contains(last) && !until.contains(last), "{from:?}");
    assert_eq!([until, from].concat(), all, "each sentence is on one side");
    let day = "2008-01-01";
    let dropped = json!({ "types": ["action_plan.action_dropped"], "until": day });
    assert_eq!(
        told(&world, &small.compact, dropped).await.len(),
        1,
        "it was true by then"
    );
    let recorded = json!({ "types": ["action_plan.action_dropped"], "recordedUntil": format!("{day}T00:00:00Z") });
    let recorded = told(&world, &small.compact, recorded).await;
    assert_eq!(recorded, Vec::<Value>::new(), "and not recorded by then");
}

fn ledger(small: &Small) -> LedgerId {
    NodeId::decode(&small.compact).expect("an id").ledger
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_sentence_has_its_entry_whose_stored_text_gives_its_hash(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let query = "query E($ledger: ID!, $position: Position!) {
        entry(ledger: $ledger, position: $position) { position leafHash stored envelope line { text position } } }";
    for line in told(&world, &small.compact, json!({})).await {
        let asked = json!({ "ledger": small.compact, "position": line["position"] });
        let entry = world.data(query, asked).await["entry"].clone();
        assert_eq!(entry["line"]["text"], line["text"]);
        let stored = entry["stored"].as_str().expect("a text");
        let hash = Sha256::new()
            .chain_update([0, 1])
            .chain_update(stored)
            .finalize();
        let hash = hash.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        assert_eq!(entry["leafHash"], hash);
        let envelope: Value = serde_json::from_str(stored).expect("JSON");
        assert_eq!(envelope, entry["envelope"]);
    }
    for position in [0, 9_999] {
        let nothing = json!({ "ledger": small.compact, "position": position });
        assert_eq!(world.data(query, nothing).await["entry"], Value::Null);
    }
    let theirs = json!({ "ledger": small.compact, "position": 1 });
    let public = world.post_as(None, query, theirs).await;
    assert_eq!(public["data"], json!({ "entry": null }), "{public}");
}
