//! Updates and reports that were wrong, put right and taken back; and a group's end, which what began in it bounds.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Small, World};

const UPDATE: &str = "update { text objectives { ref } withdrawn { reason made { occurredOn } }
    corrections { from { text objectives { ref } } to { text objectives { ref } } reason made { occurredOn } } }";
const ACHIEVEMENT: &str = "achievement { text standing reportedOn withdrawn { reason }
    corrections { from { text standing reportedOn } to { text } reason } }";

/// The update "Under way" of 1 June for the first objective, with the change it carries.
async fn update(world: &World, small: &Small, changes: Value) -> String {
    let update = json!({ "actionPlanId": small.plan, "text": "Under way", "occurredOn": "2007-06-01",
        "objectiveIds": [small.objectives[0]], "changes": changes });
    world.make("recordUpdate", update).await
}

/// The report "Well begun" of 1 June, which starts the commitment.
async fn report(world: &World, small: &Small) -> String {
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-01" });
    world.change("agreeCommitment", agree, "").await;
    let report = json!({ "commitmentId": small.commitment, "text": "Well begun", "standing": "IN_PROGRESS",
        "reportedOn": "2007-06-01", "occurredOn": "2007-06-01" });
    world.make("reportAchievement", report).await
}

fn put_right(update: &str, objectives: &[&String], on: &str) -> Value {
    json!({ "updateId": update, "text": "Nearly done", "objectiveIds": objectives,
        "reason": "As the minutes have it", "occurredOn": on })
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_update_is_put_right_for_all_its_objectives_and_shows_what_it_said(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let update = update(&world, &small, json!([])).await;
    let [first, second] = &small.objectives;
    let input = put_right(&update, &[second, first], "2007-07-01");
    let payload = world.change("correctUpdate", input, UPDATE).await;
    let shown = &payload["update"];
    assert_eq!(shown["text"], "Nearly done", "{payload:#}");
    assert_eq!(shown["objectives"], json!([{ "ref": "2" }, { "ref": "1" }]));
    assert_eq!(
        shown["corrections"],
        json!([{
            "from": { "text": "Under way", "objectives": [{ "ref": "1" }] },
            "to": { "text": "Nearly done", "objectives": [{ "ref": "2" }, { "ref": "1" }] },
            "reason": "As the minutes have it",
            "made": { "occurredOn": "2007-07-01" },
        }])
    );
    let query = "query P($id: ID!, $on: Date!) { actionPlan(id: $id, asOf: { on: $on }) {
        updates { nodes { text } } objectives { nodes { updates { nodes { text } } } } } }";
    for (on, text, spoken) in [
        ("2007-06-30", "Under way", [1, 0]),
        ("2007-07-01", "Nearly done", [1, 1]),
    ] {
        let plan = world
            .data(query, json!({ "id": small.plan, "on": on }))
            .await;
        let plan = &plan["actionPlan"];
        assert_eq!(plan["updates"]["nodes"], json!([{ "text": text }]), "{on}");
        for (at, count) in spoken.into_iter().enumerate() {
            let updates = &plan["objectives"]["nodes"][at]["updates"]["nodes"];
            assert_eq!(updates.as_array().map(Vec::len), Some(count), "{on}");
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_update_that_is_taken_back_stays_with_its_reason_and_undoes_nothing(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let complete = json!([{ "completeAction": { "actionId": small.action } }]);
    let update = update(&world, &small, complete).await;
    let other = put_right(&update, &[&small.objectives[1]], "2007-07-01");
    let payload = world.attempt("correctUpdate", other, "").await;
    let error = &payload["userErrors"][0];
    assert_eq!(error["code"], "CHANGE_CARRIED", "{payload:#}");
    assert_eq!(error["field"], "objectiveIds");
    let input =
        json!({ "updateId": update, "reason": "Recorded twice", "occurredOn": "2007-07-01" });
    let shown = format!(
        "{UPDATE} actionPlan {{ updates {{ totalCount }} objectives {{ nodes {{ actions {{ nodes {{ state changes {{ update {{ text }} }} }} }} }} }} }}"
    );
    let payload = world.change("withdrawUpdate", input.clone(), &shown).await;
    let withdrawn = json!({ "reason": "Recorded twice", "made": { "occurredOn": "2007-07-01" } });
    assert_eq!(payload["update"]["withdrawn"], withdrawn, "{payload:#}");
    assert_eq!(payload["update"]["text"], "Under way");
    assert_eq!(payload["actionPlan"]["updates"]["totalCount"], 1);
    let action = &payload["actionPlan"]["objectives"]["nodes"][0]["actions"]["nodes"][0];
    assert_eq!(action["state"], "COMPLETED", "what it carried stays");
    assert_eq!(action["changes"][1]["update"]["text"], "Under way");
    let payload = world.attempt("withdrawUpdate", input, "").await;
    let error = &payload["userErrors"][0];
    assert_eq!(error["code"], "UPDATE_WITHDRAWN", "{payload:#}");
    assert_eq!(error["field"], "updateId");
    let words = error["message"].as_str().expect("a message");
    assert!(words.contains("record a new update instead"), "{words}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_report_is_put_right_and_taken_back_and_the_commitment_stands_where_it_stood(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let achievement = report(&world, &small).await;
    let correct = json!({ "achievementId": achievement, "text": "All done", "standing": "ACHIEVED",
        "reportedOn": "2007-06-02", "reason": "Misread", "occurredOn": "2007-07-01" });
    let shown = format!("{ACHIEVEMENT} commitment {{ status latestAchievement {{ text }} }}");
    let payload = world.change("correctAchievement", correct, &shown).await;
    let now = &payload["achievement"];
    assert_eq!(
        (&now["text"], &now["standing"]),
        (&json!("All done"), &json!("ACHIEVED"))
    );
    assert_eq!(
        now["corrections"],
        json!([{
            "from": { "text": "Well begun", "standing": "IN_PROGRESS", "reportedOn": "2007-06-01" },
            "to": { "text": "All done" },
            "reason": "Misread",
        }])
    );
    let commitment = &payload["commitment"];
    assert_eq!(
        commitment["status"], "IN_PROGRESS",
        "a correction moves nothing"
    );
    assert_eq!(commitment["latestAchievement"]["text"], "All done");
    let withdraw = json!({ "achievementId": achievement, "reason": "Of another commitment",
        "occurredOn": "2007-08-01" });
    let payload = world
        .change("withdrawAchievement", withdraw.clone(), &shown)
        .await;
    let reason = &payload["achievement"]["withdrawn"]["reason"];
    assert_eq!(reason, "Of another commitment");
    let commitment = &payload["commitment"];
    assert_eq!(commitment["status"], "IN_PROGRESS", "nothing is undone");
    assert_eq!(commitment["latestAchievement"], Value::Null);
    let payload = world.attempt("withdrawAchievement", withdraw, "").await;
    let error = &payload["userErrors"][0];
    assert_eq!(error["code"], "ACHIEVEMENT_WITHDRAWN", "{payload:#}");
    assert_eq!(error["field"], "achievementId");
    let query = "query T($id: ID!) { history(of: $id) { nodes { text } } }";
    let told = world.data(query, json!({ "id": achievement })).await;
    let told = told["history"]["nodes"].as_array().expect("lines");
    assert_eq!(told.len(), 3);
    assert_eq!(
        told[2]["text"],
        "The report on commitment 1 of 2007-08 (achieved on 2 June 2007, “All done”) was withdrawn: Of another commitment."
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_group_is_wound_up_no_earlier_than_what_began_in_it_and_nothing_begins_in_it_after(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let form = json!({ "compactId": small.compact, "code": "RR", "kind": "TASK", "name": "Recruitment",
        "occurredOn": "2007-02-02" });
    let group = world.make("formGroup", form).await;
    let proposal = |label: &str, on: &str| {
        json!({ "compactId": small.compact, "session": "2007-08", "ref": label, "title": "More",
            "groupIds": [small.group, group], "occurredOn": on })
    };
    world
        .make("proposeCommitment", proposal("9", "2007-06-01"))
        .await;
    let wind_up = |on: &str| json!({ "groupId": group, "reason": "Done", "occurredOn": on });
    let payload = world
        .attempt("windUpGroup", wind_up("2007-05-31"), "")
        .await;
    let error = &payload["userErrors"][0];
    assert_eq!(error["code"], "DATED_TOO_EARLY", "{payload:#}");
    assert_eq!(error["field"], "occurredOn");
    assert_eq!(
        error["message"],
        "A commitment or an action plan of this group began on 1 June 2007, so this cannot be dated earlier; enter that day or a later one."
    );
    world.change("windUpGroup", wind_up("2007-06-01"), "").await;
    let payload = world
        .attempt("proposeCommitment", proposal("10", "2007-07-01"), "")
        .await;
    let error = &payload["userErrors"][0];
    assert_eq!(error["code"], "GROUP_WOUND_UP", "{payload:#}");
    assert_eq!(error["field"], "groupIds.1");
}
