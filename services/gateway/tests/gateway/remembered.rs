//! What was read before is handed out again for as long as no more of its ledger is shown, and no longer.

use domain::Post;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Small, World};

/// Somebody who holds no role yet.
const NEWCOMER: &str = "018f2c6e-0000-7000-8000-00000000beef";

/// Writes other words into the saved rows, which nobody but this test does: what shows them was read, what does not was remembered.
async fn written_behind_its_back(pool: &PgPool, table: &str, (from, to): (&str, &str)) {
    let statement = format!("update {table} set document = replace(document, $1, $2)");
    let written = sqlx::query(sqlx::AssertSqlSafe(statement));
    let written = written.bind(from).bind(to).execute(pool).await;
    assert!(written.expect("written").rows_affected() > 0, "{table}");
}

async fn name(world: &World, compact: &str) -> Value {
    let query = "query C($id: ID!) { compact(id: $id) { name } }";
    world.data(query, json!({ "id": compact })).await["compact"]["name"].clone()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_row_is_not_read_again_before_more_of_its_ledger_is_shown(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    assert_eq!(name(&world, &small.compact).await, "North Compact");
    let names = ("North Compact", "South Compact");
    written_behind_its_back(&pool, "compact_overview", names).await;
    assert_eq!(name(&world, &small.compact).await, "North Compact");

    // Of another ledger: the region's.
    let theme = json!({ "regionId": small.region, "code": "late", "name": "Late" });
    world.make("addTheme", theme).await;
    assert_eq!(name(&world, &small.compact).await, "North Compact");

    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-02" });
    world.change("agreeCommitment", agree, "").await;
    assert_eq!(name(&world, &small.compact).await, "South Compact");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_change_and_what_waits_for_it_show_it_though_it_was_read_just_before(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let query = "query C($id: ID!) { commitment(id: $id) { status } }";
    let before = world.data(query, json!({ "id": small.commitment })).await;
    assert_eq!(before["commitment"]["status"], "DRAFT");
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-02" });
    let agreed = world
        .change("agreeCommitment", agree, "commitment { status }")
        .await;
    assert_eq!(agreed["commitment"]["status"], "AGREED", "{agreed:#}");
    // The first field is answered before the second has waited, and what it read is not what the second shows.
    let both = "query B($id: ID!, $at: AtLeast) {
        first: commitment(id: $id) { status }
        then: commitment(id: $id, atLeast: $at) { status } }";
    world.pause_projector().await;
    let begin = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-03" });
    let late = World::without_projector(&pool).await;
    let begun = late.attempt("startCommitment", begin, "").await;
    assert_eq!(begun["projected"], false, "{begun:#}");
    let at = json!({ "ledger": small.compact, "position": begun["position"] });
    let variables = json!({ "id": small.commitment, "at": at });
    let asked = world.data(both, variables);
    let shown = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        world.resume_projector();
    };
    let (answer, ()) = tokio::join!(asked, shown);
    assert_eq!(answer["first"]["status"], "AGREED", "{answer:#}");
    assert_eq!(answer["then"]["status"], "IN_PROGRESS", "{answer:#}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_role_counts_from_the_moment_it_shows_and_not_a_moment_after_it_is_taken_away(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let query =
        "query C($id: ID!) { commitment(id: $id) { status } viewer { roles { grantId current } } }";
    let asked = async || {
        let answer = world.post_as(Some(NEWCOMER), query, json!({ "id": small.commitment }));
        answer.await["data"].clone()
    };
    for _ in 0..2 {
        assert_eq!(asked().await["commitment"], Value::Null);
    }
    let compact = gateway::NodeId::decode(&small.compact).expect("a compact");
    let post = Post::Secretariat {
        compact_id: compact.uuid().into(),
    };
    world.grant(&small.region, NEWCOMER, post).await;
    let mut shown = asked().await;
    assert_eq!(shown["commitment"]["status"], "DRAFT", "{shown:#}");
    let role = shown["viewer"]["roles"][0]["grantId"].take();
    let end = json!({ "regionId": small.region, "grantId": role, "from": "2007-09-24", "reason": "Gone", "occurredOn": "2007-09-01" });
    world.change("endRole", end, "").await;
    assert_eq!(asked().await["commitment"], Value::Null);
}
