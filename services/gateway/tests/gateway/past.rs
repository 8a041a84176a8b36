//! Questions about the past, by both clocks.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Small, World};

/// Sets up a plan whose action moved from September to November at a meeting in September, and was dropped
/// in October.
async fn with_history(world: &World) -> (Small, u64) {
    let small = Small::set_up(world).await;
    let meeting = json!({ "id": "8a4b2c1e-0000-4000-8000-000000000001", "groupId": small.group, "heldOn": "2007-09-24" });
    let update = json!({ "actionPlanId": small.plan, "text": "One update for both", "objectiveIds": small.objectives,
        "occurredOn": "2007-09-24", "meeting": meeting,
        "changes": [{ "rescheduleAction": { "actionId": small.action, "reason": "Summer",
            "timescale": { "text": "November", "dueOn": "2007-11-30" } } }] });
    let moved = world.change("recordUpdate", update, "").await["position"].as_u64();
    let drop =
        json!({ "actionId": small.action, "reason": "Overtaken", "occurredOn": "2007-10-15" });
    world.change("dropAction", drop, "").await;
    (small, moved.expect("a position"))
}

async fn action_then(world: &World, plan: &str, arguments: &str) -> Value {
    let query = format!(
        "query P($id: ID!) {{ actionPlan(id: $id, {arguments}) {{ updates {{ nodes {{ text }} }} objectives {{ nodes {{ actions {{ nodes {{ state timescale {{ text }} }} }} }} }} }} }}"
    );
    world.data(&query, json!({ "id": plan })).await["actionPlan"].clone()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_plan_is_shown_as_it_was_on_a_day_at_a_meeting_and_at_a_position(pool: PgPool) {
    let world = World::new(&pool).await;
    let (small, moved) = with_history(&world).await;
    let at_meeting = "asOf: { meeting: \"8a4b2c1e-0000-4000-8000-000000000001\" }";
    let (at, before) = (
        format!("asOf: {{ position: {moved} }}"),
        format!("asOf: {{ position: {} }}", moved - 2),
    );
    for (arguments, state, timescale, updates) in [
        ("asOf: { on: \"2007-08-01\" }", "OPEN", "September", 0),
        ("asOf: { on: \"2007-10-01\" }", "OPEN", "November", 1),
        (at_meeting, "OPEN", "November", 1),
        (at.as_str(), "OPEN", "November", 1),
        (before.as_str(), "OPEN", "September", 0),
        ("asOf: { on: \"2007-10-15\" }", "DROPPED", "November", 1),
    ] {
        let plan = action_then(&world, &small.plan, arguments).await;
        let action = &plan["objectives"]["nodes"][0]["actions"]["nodes"][0];
        assert_eq!(action["state"], state, "{arguments}");
        assert_eq!(action["timescale"]["text"], timescale, "{arguments}");
        assert_eq!(
            plan["updates"]["nodes"].as_array().map(Vec::len),
            Some(updates),
            "{arguments}"
        );
    }
    let before_it_was_set = action_then(&world, &small.plan, "asOf: { on: \"2007-04-30\" }").await;
    assert_eq!(before_it_was_set, Value::Null);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_was_known_is_another_question_than_what_was_true(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let back_dated = json!({ "commitmentId": small.commitment, "title": "Reworded", "reason": "Found in the minutes",
        "occurredOn": "2007-04-02" });
    let recorded = world.change("rewordCommitment", back_dated, "").await["recordedAt"].clone();
    let query = "query C($id: ID!, $known: DateTime) { commitment(id: $id, asOf: { on: \"2007-04-02\" }, knownAt: $known) { title } }";
    let now = world
        .data(query, json!({ "id": small.commitment, "known": recorded }))
        .await;
    assert_eq!(now["commitment"]["title"], "Reworded");
    let known = "2007-05-01T00:00:00Z";
    let then = world
        .data(query, json!({ "id": small.commitment, "known": known }))
        .await;
    assert_eq!(
        then["commitment"],
        Value::Null,
        "nothing had been recorded by 2007"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn as_of_takes_exactly_one_of_its_members(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let query = "query P($id: ID!, $asOf: AsOf) { actionPlan(id: $id, asOf: $asOf) { id } }";
    for wrong in [json!({}), json!({ "on": "2007-08-01", "position": 3 })] {
        let answer = world
            .post(query, json!({ "id": small.plan, "asOf": wrong }))
            .await;
        assert!(answer["errors"][0].is_object(), "{answer:#}");
    }
    let unknown = json!({ "meeting": "8a4b2c1e-0000-4000-8000-00000000ffff" });
    let answer = world
        .post(query, json!({ "id": small.plan, "asOf": unknown }))
        .await;
    assert_eq!(
        answer["errors"][0]["extensions"]["argument"],
        "asOf.meeting"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn overdue_is_worked_out_for_any_day(pool: PgPool) {
    let world = World::new(&pool).await;
    let (small, _) = with_history(&world).await;
    let query = "query A($id: ID!, $on: Date!) { actions(compactId: $id, filter: { overdueOn: $on }) { nodes { overdue(on: $on) } } }";
    for (on, overdue) in [("2007-09-30", 0), ("2007-10-01", 0), ("2007-12-01", 0)] {
        let found = world
            .data(query, json!({ "id": small.compact, "on": on }))
            .await;
        assert_eq!(
            found["actions"]["nodes"].as_array().map(Vec::len),
            Some(overdue),
            "{on}"
        );
    }
    let late = json!({ "objectiveId": small.objectives[1], "text": "Late one",
        "timescale": { "text": "June", "dueOn": "2007-06-30" }, "occurredOn": "2007-05-01" });
    world.make("setAction", late).await;
    let found = world
        .data(query, json!({ "id": small.compact, "on": "2007-07-01" }))
        .await;
    assert_eq!(found["actions"]["nodes"], json!([{ "overdue": true }]));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_public_is_shown_a_plan_as_they_could_see_it_then(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let release =
        |to: &str, on: &str| json!({ "actionPlanId": small.plan, "to": to, "occurredOn": on });
    world
        .change("releaseActionPlan", release("PUBLIC", "2007-06-01"), "")
        .await;
    let update = json!({ "actionPlanId": small.plan, "text": "Said in August", "objectiveIds": small.objectives, "occurredOn": "2007-08-20" });
    let said = world.change("recordUpdate", update, "newId").await["newId"].clone();
    let drop =
        json!({ "actionId": small.action, "reason": "Overtaken", "occurredOn": "2007-10-15" });
    world.change("dropAction", drop, "").await;
    let then = async |arguments: &str| {
        let query = format!(
            "query P($id: ID!) {{ actionPlan(id: $id, {arguments}) {{ titleChanges {{ reason }} updates {{ nodes {{ text }} }} \
                objectives {{ nodes {{ actions {{ nodes {{ state changes {{ reason }} }} }} }} }} }} }}"
        );
        let answer = world
            .post_as(None, &query, json!({ "id": small.plan }))
            .await;
        answer["data"]["actionPlan"].clone()
    };
    let state =
        |plan: &Value| plan["objectives"]["nodes"][0]["actions"]["nodes"][0]["state"].clone();
    let said_then = |plan: &Value| plan["updates"]["nodes"][0]["text"].clone();

    assert_eq!(
        then("asOf: { on: \"2007-05-20\" }").await,
        Value::Null,
        "a draft then"
    );
    assert_eq!(
        then("asOf: { position: 20 }").await,
        Value::Null,
        "not by place"
    );
    let known = "asOf: { on: \"2007-09-01\" }, knownAt: \"2030-01-01T00:00:00Z\"";
    assert_eq!(
        then(known).await,
        Value::Null,
        "nor by what was recorded when"
    );
    let september = then("asOf: { on: \"2007-09-01\" }").await;
    assert_eq!(
        (state(&september), said_then(&september)),
        (json!("OPEN"), json!("Said in August"))
    );
    assert_eq!(
        state(&then("asOf: { on: \"2007-10-20\" }").await),
        "DROPPED"
    );

    // What is put right reads so of any day, and what is withdrawn is told of none.
    let correct = json!({ "updateId": said, "text": "Put right", "objectiveIds": small.objectives, "reason": "A slip", "occurredOn": "2007-11-01" });
    world.change("correctUpdate", correct, "").await;
    assert_eq!(
        said_then(&then("asOf: { on: \"2007-09-01\" }").await),
        "Put right"
    );
    let withdraw = json!({ "updateId": said, "reason": "Untrue", "occurredOn": "2007-11-02" });
    world.change("withdrawUpdate", withdraw, "").await;
    assert_eq!(
        said_then(&then("asOf: { on: \"2007-09-01\" }").await),
        Value::Null
    );

    // What is entered later with an earlier date was not there to be seen.
    let late = json!({ "actionPlanId": small.plan, "text": "Entered late", "objectiveIds": small.objectives, "occurredOn": "2007-08-25" });
    world.change("recordUpdate", late, "").await;
    assert_eq!(then("asOf: { on: \"2007-09-01\" }").await, Value::Null);
    assert_eq!(
        state(&then("asOf: { on: \"2007-12-01\" }").await),
        "DROPPED"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_public_is_shown_a_commitment_as_they_could_see_it_then(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let of = |more: Value| {
        let mut input = json!({ "commitmentId": small.commitment });
        for (name, value) in more.as_object().expect("an object") {
            input[name] = value.clone();
        }
        input
    };
    let agree = of(json!({ "occurredOn": "2007-05-01" }));
    world.change("agreeCommitment", agree, "").await;
    let release = of(json!({ "to": "PUBLIC", "occurredOn": "2007-06-01" }));
    world.change("releaseCommitment", release, "").await;
    let report = of(
        json!({ "text": "Two signed", "standing": "GOOD_PROGRESS", "reportedOn": "2007-08-20", "occurredOn": "2007-08-20" }),
    );
    let told = world.change("reportAchievement", report, "newId").await["newId"].clone();
    let reword =
        of(json!({ "title": "Another title", "reason": "Plainer", "occurredOn": "2007-10-15" }));
    world.change("rewordCommitment", reword, "").await;
    let then = async |arguments: &str| {
        let query = format!(
            "query C($id: ID!) {{ commitment(id: $id, {arguments}) {{ title wordingChanges {{ reason }} achievements {{ nodes {{ text }} }} }} }}"
        );
        let asked = json!({ "id": small.commitment });
        world.post_as(None, &query, asked).await["data"]["commitment"].clone()
    };
    let said = |commitment: &Value| commitment["achievements"]["nodes"][0]["text"].clone();
    for (arguments, why) in [
        ("asOf: { on: \"2007-05-20\" }", "a draft then"),
        ("asOf: { position: 20 }", "not by place"),
        (
            "asOf: { on: \"2007-09-01\" }, knownAt: \"2030-01-01T00:00:00Z\"",
            "nor by what was recorded when",
        ),
    ] {
        assert_eq!(then(arguments).await, Value::Null, "{why}");
    }
    let september = then("asOf: { on: \"2007-09-01\" }").await;
    assert_ne!(september["title"], "Another title");
    assert_eq!(said(&september), "Two signed");
    let october = then("asOf: { on: \"2007-10-20\" }").await;
    assert_eq!(october["title"], "Another title");
    assert_eq!(
        october["wordingChanges"],
        json!([]),
        "not what it was before"
    );

    // What is put right reads so of any day, and what is withdrawn is told of none.
    let correct = json!({ "achievementId": told, "text": "Three signed", "standing": "GOOD_PROGRESS", "reportedOn": "2007-08-20",
        "reason": "A slip", "occurredOn": "2007-11-01" });
    world.change("correctAchievement", correct, "").await;
    assert_eq!(
        said(&then("asOf: { on: \"2007-09-01\" }").await),
        "Three signed"
    );
    let withdraw = json!({ "achievementId": told, "reason": "Untrue", "occurredOn": "2007-11-02" });
    world.change("withdrawAchievement", withdraw, "").await;
    assert_eq!(
        said(&then("asOf: { on: \"2007-09-01\" }").await),
        Value::Null
    );

    // What is entered later with an earlier date was not there to be seen; what was taken back is not there at all.
    let late = of(
        json!({ "dueOn": "2008-03-31", "reason": "Found in the minutes", "occurredOn": "2007-10-16" }),
    );
    world.change("changeDueDate", late, "").await;
    assert_eq!(then("asOf: { on: \"2007-10-20\" }").await, Value::Null);
    let back = of(json!({ "to": "COMPACT", "reason": "A slip", "occurredOn": "2007-12-01" }));
    world.change("releaseCommitment", back, "").await;
    assert_eq!(then("asOf: { on: \"2007-09-01\" }").await, Value::Null);
}
