//! What was promised before: a target that was moved in public stays in the public's view.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Small, World};

const ON: &str = "2007-06-01";

async fn aim(world: &World, small: &Small, target: &str, reason: &str) {
    let input =
        json!({ "measureId": small.measure, "target": target, "reason": reason, "occurredOn": ON });
    world.change("changeTarget", input, "").await;
}

async fn release(world: &World, small: &Small, to: &str) {
    let input = json!({ "commitmentId": small.commitment, "to": to, "reason": "As agreed", "occurredOn": ON });
    world.change("releaseCommitment", input, "").await;
}

/// The commitment's measure as the public sees it, now or on a day.
async fn in_public(world: &World, small: &Small, on: Value) -> Value {
    let query = "query A($id: ID!, $asOf: AsOf) { commitment(id: $id, asOf: $asOf) {
        measures { target originalTarget targetChanges { from to reason } dueDateChanges { reason } }
        wordingChanges { reason } } }";
    let answer = world
        .post_as(None, query, json!({ "id": small.commitment, "asOf": on }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["commitment"].clone()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_target_that_is_moved_in_public_stays_in_view_with_its_reason_and_what_it_was_in_a_draft_does_not(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    aim(&world, &small, "61", "Of the draft").await;
    release(&world, &small, "REGION").await;
    aim(&world, &small, "62", "Of the region").await;
    release(&world, &small, "PUBLIC").await;
    aim(&world, &small, "65", "Two more joined").await;
    let reword = json!({ "commitmentId": small.commitment, "title": "In other words", "reason": "Clearer", "occurredOn": ON });
    world.change("rewordCommitment", reword, "").await;
    let moved = json!([{ "from": "62", "to": "65", "reason": "Two more joined" }]);
    let expected = json!({
        "measures": [{ "target": "65", "originalTarget": "62", "targetChanges": moved, "dueDateChanges": [] }],
        "wordingChanges": []
    });
    let now = in_public(&world, &small, json!(null)).await;
    assert_eq!(now, expected);
    let then = in_public(&world, &small, json!({ "on": ON })).await;
    assert_eq!(then, expected, "on a day that has passed");
    release(&world, &small, "DRAFT").await;
    assert_eq!(
        in_public(&world, &small, json!(null)).await,
        json!(null),
        "what is taken back is not there"
    );
}
