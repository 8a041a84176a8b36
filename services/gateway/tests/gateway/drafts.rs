//! What people are still typing: kept for them, seen by nobody else, and no part of any record.

use gateway::NodeId;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{SECRETARIAT, Small, World};

const OTHER: &str = "00000000-0000-4000-8000-0000000000d9";

/// Lets an account in whose id is known beforehand.
async fn let_in(pool: &PgPool, account: &str) {
    let made = sqlx::query(
        "insert into account.account (account_id, email_index, email_sealed, name_sealed, state, created_at, changed_at)
         values ($1, decode(md5($1::text) || md5($1::text), 'hex'), '', '', 'active', now(), now())",
    );
    let account: uuid::Uuid = account.parse().expect("an id");
    made.bind(account).execute(pool).await.expect("an account");
}

async fn save(world: &World, who: &str, about: &str, content: &str, version: Option<u32>) -> Value {
    let query = "mutation S($input: SaveDraftInput!) { saveDraft(input: $input) {
        draft { version content aboutId } userErrors { field code message } } }";
    let input = json!({ "aboutId": about, "content": content, "expectedVersion": version });
    let answer = world
        .post_as(Some(who), query, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["saveDraft"].clone()
}

async fn drafts(world: &World, who: &str, compact: &str) -> Value {
    let query =
        "query D($id: ID!) { viewer { drafts(compactId: $id) { aboutId version content } } }";
    let answer = world
        .post_as(Some(who), query, json!({ "id": compact }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["viewer"]["drafts"].clone()
}

async fn entries(pool: &PgPool) -> i64 {
    let count = sqlx::query_scalar("select count(*) from ledger_entry");
    count.fetch_one(pool).await.expect("a count")
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_being_typed_is_kept_for_whoever_types_it_and_recorded_nowhere(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let_in(&pool, SECRETARIAT).await;
    let_in(&pool, OTHER).await;
    let before = entries(&pool).await;
    let first = save(&world, SECRETARIAT, &small.group, "The chair opened", None).await;
    assert_eq!(first["userErrors"], json!([]));
    assert_eq!(first["draft"]["version"], 1);
    let more = save(
        &world,
        SECRETARIAT,
        &small.group,
        "The chair opened it",
        Some(1),
    )
    .await;
    assert_eq!(more["draft"]["version"], 2);
    // The other window has not seen that.
    let other = save(&world, SECRETARIAT, &small.group, "Something else", Some(1)).await;
    assert_eq!(other["userErrors"][0]["code"], "CONFLICT");
    let kept = json!([{ "aboutId": small.group, "version": 2, "content": "The chair opened it" }]);
    assert_eq!(drafts(&world, SECRETARIAT, &small.compact).await, kept);
    assert_eq!(drafts(&world, OTHER, &small.compact).await, json!([]));
    assert_eq!(entries(&pool).await, before, "no event");
    let stored: Vec<u8> = sqlx::query_scalar("select content_sealed from account.draft")
        .fetch_one(&pool)
        .await
        .expect("a draft");
    assert!(!String::from_utf8_lossy(&stored).contains("chair"));

    let discard = "mutation D($input: DiscardDraftInput!) { discardDraft(input: $input) { discarded userErrors { code } } }";
    let input = json!({ "input": { "aboutId": small.group } });
    for (who, gone) in [(OTHER, false), (SECRETARIAT, true), (SECRETARIAT, false)] {
        let answer = world.post_as(Some(who), discard, input.clone()).await;
        assert_eq!(answer["data"]["discardDraft"]["discarded"], gone, "{who}");
    }
    assert_eq!(drafts(&world, SECRETARIAT, &small.compact).await, json!([]));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_draft_is_about_something_that_is_seen_and_has_its_bounds(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let_in(&pool, SECRETARIAT).await;
    let_in(&pool, OTHER).await;
    // A plan that was not released is not there for somebody without a role.
    let unseen = save(&world, OTHER, &small.plan, "Notes", None).await;
    let mut nothing = NodeId::decode(&small.plan).expect("an id");
    nothing = NodeId::new(nothing.kind, nothing.ledger, uuid::Uuid::from_u128(77));
    let none = save(&world, OTHER, nothing.encode().as_ref(), "Notes", None).await;
    assert_eq!(unseen, none);
    assert_eq!(unseen["userErrors"][0]["code"], "UNKNOWN");
    let organisation = save(&world, SECRETARIAT, &small.organisation, "Notes", None).await;
    assert_eq!(organisation["userErrors"][0]["field"], "aboutId");
    let long = "x".repeat(100_001);
    let long = save(&world, SECRETARIAT, &small.plan, &long, None).await;
    assert_eq!(long["userErrors"][0]["code"], "TOO_LONG");
    let whole = "x".repeat(100_000);
    let whole = save(&world, SECRETARIAT, &small.plan, &whole, None).await;
    assert_eq!(whole["userErrors"], json!([]));
    let nobody = world
        .post_as(None, "mutation S($input: SaveDraftInput!) { saveDraft(input: $input) { draft { version } } }",
            json!({ "input": { "aboutId": small.group, "content": "x" } }))
        .await;
    assert_eq!(
        nobody["errors"][0]["extensions"]["code"],
        "SIGN_IN_REQUIRED"
    );
}
