//! Lists, nodes and edges: each row once, and no statement per row.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use sqlx::PgPool;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use crate::world::{Small, World};

/// Walks a list one row at a time and gives the ids seen, in order.
async fn walk(world: &World, field: &str, arguments: &str) -> Vec<String> {
    let query = format!(
        "query W($after: String) {{ {field}({arguments} first: 1, after: $after) {{ nodes {{ id }} edges {{ cursor }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = world.data(&query, json!({ "after": after })).await[field].clone();
        seen.extend(page["nodes"][0]["id"].as_str().map(str::to_owned));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            return seen;
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_list_walked_one_by_one_shows_each_row_once(pool: PgPool) {
    let world = World::new(pool);
    let small = Small::set_up(&world).await;
    for label in ["3", "4"] {
        let more = json!({ "objectiveId": small.objectives[1], "text": format!("Action {label}"), "occurredOn": "2007-05-02" });
        world.make("setAction", more).await;
    }
    let of_compact = format!("compactId: \"{}\",", small.compact);
    for (field, arguments, rows) in [
        ("compacts", "", 1),
        ("commitments", of_compact.as_str(), 2),
        ("actionPlans", of_compact.as_str(), 1),
        ("actions", of_compact.as_str(), 3),
        ("organisations", "", 3),
        ("themes", "", 2),
        ("indicators", "", 1),
    ] {
        let seen = walk(&world, field, arguments).await;
        let different: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(
            (seen.len(), different.len()),
            (rows, rows),
            "{field}: {seen:?}"
        );
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledgers_entries_are_dense_and_carry_their_hashes(pool: PgPool) {
    let world = World::new(pool);
    let small = Small::set_up(&world).await;
    let query = "query E($ledger: ID!, $after: String) { entries(ledger: $ledger, first: 4, after: $after) { nodes { position type leafHash envelope } pageInfo { hasNextPage endCursor } } }";
    let (mut after, mut positions) = (Value::Null, Vec::new());
    loop {
        let variables = json!({ "ledger": small.compact, "after": after });
        let page = world.data(query, variables).await["entries"].clone();
        for entry in page["nodes"].as_array().expect("entries") {
            positions.push(entry["position"].as_u64().unwrap_or_default());
            assert_eq!(entry["leafHash"].as_str().map(str::len), Some(64));
            assert_eq!(entry["envelope"]["position"], entry["position"]);
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
    }
    let dense: Vec<u64> = (1..=positions.len() as u64).collect();
    assert_eq!(positions, dense);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_id_finds_what_it_names_whatever_it_is(pool: PgPool) {
    let world = World::new(pool);
    let small = Small::set_up(&world).await;
    let named = [
        (&small.region, "Region"),
        (&small.organisation, "Organisation"),
        (&small.indicator, "Indicator"),
        (&small.compact, "Compact"),
        (&small.group, "Group"),
        (&small.commitment, "Commitment"),
        (&small.measure, "Measure"),
        (&small.plan, "ActionPlan"),
        (&small.objectives[0], "Objective"),
        (&small.action, "Action"),
    ];
    let ids: Vec<&String> = named.iter().map(|(id, _)| *id).collect();
    let query = "query N($ids: [ID!]!) { nodes(ids: $ids) { id __typename } node(id: \"nonsense\") { id } }";
    let found = world.data(query, json!({ "ids": ids })).await;
    assert_eq!(found["node"], Value::Null);
    for ((id, kind), node) in named.iter().zip(found["nodes"].as_array().expect("nodes")) {
        assert_eq!(node, &json!({ "id": id, "__typename": kind }));
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn histories_tell_in_plain_words_what_happened(pool: PgPool) {
    let world = World::new(pool);
    let small = Small::set_up(&world).await;
    let query = "query H($of: ID!) { history(of: $of, first: 50) { nodes { text type position occurredOn } } }";
    for of in [
        &small.region,
        &small.compact,
        &small.group,
        &small.organisation,
        &small.commitment,
        &small.measure,
        &small.plan,
        &small.objectives[0],
        &small.action,
    ] {
        let lines = world.data(query, json!({ "of": of })).await["history"]["nodes"].clone();
        let lines = lines.as_array().expect("lines");
        assert!(!lines.is_empty(), "{of}");
        assert!(
            lines
                .iter()
                .all(|line| line["text"].as_str().is_some_and(|text| !text.is_empty()))
        );
    }
    let action = world.data(query, json!({ "of": small.action })).await;
    assert_eq!(
        action["history"]["nodes"].as_array().map(Vec::len),
        Some(1),
        "{action:#}"
    );
}

/// Counts the statements that sqlx says it runs on this thread, which is the test's only one.
struct Counted {
    statements: Arc<AtomicUsize>,
    _listening: tracing::subscriber::DefaultGuard,
}

impl Counted {
    fn begin() -> Self {
        let statements = Arc::<AtomicUsize>::default();
        let counter = Registry::default().with(Counter(Arc::clone(&statements)));
        Self {
            statements,
            _listening: tracing::subscriber::set_default(counter),
        }
    }

    fn so_far(&self) -> usize {
        self.statements.load(Ordering::Relaxed)
    }
}

struct Counter(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Counter {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_nested_question_costs_the_same_however_many_rows_it_meets(pool: PgPool) {
    let world = World::new(pool);
    let small = Small::set_up(&world).await;
    let query = "query Q($id: ID!) { actions(compactId: $id, first: 50) { nodes { text actionPlan { group { name chair { name } actionPlans { title } } } objective { commitment { title themes { name } groups { name compact { name } } measures { indicator { name } } } } } } }";
    let mut costs = Vec::new();
    for rows in [1, 11] {
        while world.data(query, json!({ "id": small.compact })).await["actions"]["nodes"]
            .as_array()
            .is_some_and(|nodes| nodes.len() < rows)
        {
            let at = costs.len();
            let more = json!({ "objectiveId": small.objectives[at % 2], "text": "One more", "occurredOn": "2007-05-03" });
            world.make("setAction", more).await;
        }
        world.pause_projector().await;
        let counted = Counted::begin();
        world.data(query, json!({ "id": small.compact })).await;
        costs.push(counted.so_far());
        drop(counted);
        world.resume_projector();
    }
    assert!((1..=12).contains(&costs[0]), "{costs:?} statements");
    assert_eq!(
        costs[0], costs[1],
        "statements for one action and for eleven"
    );
}
