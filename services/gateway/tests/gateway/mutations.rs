//! Changes: recorded, refused, repeated, in conflict.

use std::time::Duration;

use gateway::{NodeId, NodeKind};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::world::{Small, World};

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_change_answers_with_what_changed_and_where_it_is_recorded(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let input = json!({ "measureId": small.measure, "target": "65", "reason": "Two more joined",
        "occurredOn": "2007-06-01" });
    let shown = "measure { target originalTarget targetChanges { from to reason made { occurredOn } } } commitment { id version }";
    let payload = world.change("changeTarget", input, shown).await;
    assert_eq!(payload["measure"]["target"], "65");
    assert_eq!(payload["measure"]["originalTarget"], "60");
    assert_eq!(
        payload["measure"]["targetChanges"][0]["reason"],
        "Two more joined"
    );
    assert_eq!(payload["commitment"]["id"], small.commitment.as_str());
    assert!(
        payload["position"]
            .as_u64()
            .is_some_and(|position| position > 0)
    );
    assert_eq!(payload["repeated"], false);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_said_of_a_compact_s_beginnings_is_put_right(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let right = json!({ "compactId": small.compact, "area": "The whole of the north",
        "launchedOn": "2007-01-02", "reason": "as the minutes have it" });
    let payload = world
        .change(
            "correctCompact",
            right,
            "compact { area launchedOn pilotFromYear }",
        )
        .await;
    let shown = json!({ "area": "The whole of the north", "launchedOn": "2007-01-02",
        "pilotFromYear": null });
    assert_eq!(payload["compact"], shown);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_the_person_can_mend_comes_as_user_errors_and_nothing_is_recorded(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    for (field, input, wrong, code) in [
        (
            "renameCompact",
            json!({ "compactId": small.compact, "name": " ", "reason": "x" }),
            "name",
            "MISSING",
        ),
        (
            "changeTarget",
            json!({ "measureId": small.measure, "target": "many", "reason": "x" }),
            "target",
            "NOT_A_FIGURE",
        ),
        (
            "changeTarget",
            json!({ "measureId": small.action, "target": "1", "reason": "x" }),
            "measureId",
            "BAD_ID",
        ),
        (
            "dropAction",
            json!({ "actionId": small.action, "reason": "" }),
            "reason",
            "MISSING",
        ),
    ] {
        let payload = world.attempt(field, input, "").await;
        let error = &payload["userErrors"][0];
        assert_eq!(
            (error["field"].as_str(), error["code"].as_str()),
            (Some(wrong), Some(code)),
            "{payload:#}"
        );
        assert_eq!(payload["position"], json!(null));
    }
    let propose =
        json!({ "compactId": small.compact, "session": "2007/08", "ref": "9", "title": "T" });
    let payload = world.attempt("proposeCommitment", propose, "").await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_A_SESSION");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_completed_action_cannot_be_rescheduled_and_the_answer_says_what_to_do(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let done = json!({ "actionId": small.action, "note": "All asked", "occurredOn": "2007-08-01" });
    let payload = world
        .change("completeAction", done, "action { state endedOn }")
        .await;
    assert_eq!(
        payload["action"],
        json!({ "state": "COMPLETED", "endedOn": "2007-08-01" })
    );
    let later =
        json!({ "actionId": small.action, "timescale": { "text": "November" }, "reason": "Late" });
    let payload = world.attempt("rescheduleAction", later, "").await;
    let error = &payload["userErrors"][0];
    assert_eq!(error["code"], "ACTION_COMPLETED");
    assert_eq!(error["field"], "actionId");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|words| words.contains("reopen it first"))
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_change_of_something_that_moved_on_is_a_conflict_with_both_versions(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let agree = json!({ "commitmentId": small.commitment, "expectedVersion": 1, "occurredOn": "2007-05-02" });
    let payload = world.attempt("agreeCommitment", agree, "").await;
    let error = &payload["userErrors"][0];
    assert_eq!(error["code"], "CONFLICT");
    assert_eq!(error["expectedVersion"], 1);
    assert_eq!(error["actualVersion"], 2);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_same_command_id_has_one_effect_even_when_it_makes_something(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let input = json!({ "commandId": "6f1c1c6e-7a3e-4c8e-9a43-0d8f3f5f7f10", "compactId": small.compact,
        "code": "RR", "kind": "THEME", "name": "Recruitment", "occurredOn": "2007-03-01" });
    let first = world
        .change("formGroup", input.clone(), "group { id name }")
        .await;
    let again = world
        .change("formGroup", input.clone(), "group { id name }")
        .await;
    assert_eq!(again["repeated"], true);
    for part in ["group", "position", "newId", "recordedAt"] {
        assert_eq!(first[part], again[part], "{part}");
    }
    let mut other = input;
    other["name"] = json!("Retention");
    let payload = world.attempt("formGroup", other, "").await;
    assert_eq!(payload["userErrors"][0]["code"], "COMMAND_REUSED");
    assert_eq!(payload["userErrors"][0]["field"], "commandId");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_update_carries_changes_all_or_none(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let update = |changes: serde_json::Value| {
        json!({ "actionPlanId": small.plan, "text": "Moved to November", "objectiveIds": small.objectives,
            "changes": changes, "occurredOn": "2007-09-24" })
    };
    let reschedule = json!({ "rescheduleAction": { "actionId": small.action, "reason": "Summer",
        "timescale": { "text": "November", "dueOn": "2007-11-30" } } });
    let drop = json!({ "dropAction": { "actionId": small.plan, "reason": "x" } });
    let payload = world
        .attempt("recordUpdate", update(json!([reschedule, drop])), "")
        .await;
    assert_eq!(
        payload["userErrors"][0]["field"], "changes.1.dropAction.actionId",
        "{payload:#}"
    );
    let shown = "update { text objectives { ref } } actionPlan { objectives { nodes { updates { nodes { text } } actions { nodes { timescale { text } originalTimescale { text } changes { kind reason update { text } } } } } } }";
    let payload = world
        .change("recordUpdate", update(json!([reschedule])), shown)
        .await;
    assert_eq!(
        payload["update"]["objectives"],
        json!([{ "ref": "1" }, { "ref": "2" }])
    );
    let objectives = &payload["actionPlan"]["objectives"]["nodes"];
    assert_eq!(objectives[0]["updates"], objectives[1]["updates"]);
    let action = &objectives[0]["actions"]["nodes"][0];
    assert_eq!(action["timescale"]["text"], "November");
    assert_eq!(action["originalTimescale"]["text"], "September");
    let change = json!({ "kind": "RESCHEDULED", "reason": "Summer", "update": { "text": "Moved to November" } });
    assert_eq!(action["changes"][1], change);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_part_of_another_plan_is_refused_by_name(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let other = json!({ "groupId": small.group, "title": "Plan 2008", "occurredOn": "2008-05-01" });
    let other = world.make("setActionPlan", other).await;
    let update =
        json!({ "actionPlanId": other, "text": "x", "objectiveIds": [small.objectives[0]] });
    let payload = world.attempt("recordUpdate", update, "").await;
    let error = &payload["userErrors"][0];
    assert_eq!(error["field"], "objectiveIds.0");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|words| words.contains("another action plan")),
        "{error}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_change_stands_although_it_does_not_show_in_time(pool: PgPool) {
    let in_time = World::new(&pool).await;
    let small = Small::set_up(&in_time).await;
    in_time.pause_projector().await;
    let world = World::without_projector(&pool).await;
    let input = json!({ "regionId": small.region, "code": "late", "name": "Late" });
    let payload = world
        .attempt("addTheme", input, "region { name } theme { name }")
        .await;
    assert_eq!(payload["position"], 11);
    assert_eq!(payload["projected"], false);
    assert_eq!(payload["region"], json!(null));
    assert_eq!(payload["theme"], json!(null));
    let query = "query Q($at: AtLeast) { region(atLeast: $at) { name } }";
    let at = json!({ "at": { "ledger": small.region, "position": 11 } });
    let answer = world.post(query, at).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "BEHIND",
        "{answer:#}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_view_that_stands_still_holds_up_no_change_and_the_answer_says_so(pool: PgPool) {
    // Its patience is twenty seconds.
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    sqlx::query("update view_checkpoint set parked_at = now(), parked_reason = 'planted' where view = 'mentions'")
        .execute(&pool)
        .await
        .expect("parked");
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-02" });
    let changed = world.attempt("agreeCommitment", agree, "commitment { status }");
    let at_once = Duration::from_secs(10);
    let payload = tokio::time::timeout(at_once, changed).await;
    let payload = payload.expect("an answer at once");
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(payload["projected"], false, "{payload:#}");
    assert_eq!(payload["commitment"], json!(null));
    let query = "query Q($at: AtLeast) { region(atLeast: $at) { name } }";
    let at = json!({ "at": { "ledger": small.compact, "position": payload["position"] } });
    let answer = tokio::time::timeout(at_once, world.post(query, at)).await;
    let answer = answer.expect("an answer at once");
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "STANDS_STILL",
        "{answer:#}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_position_no_ledger_has_is_refused_at_once_and_the_answer_says_where_it_ends(
    pool: PgPool,
) {
    // Its patience is twenty seconds.
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let end = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-02" });
    let end = world.change("agreeCommitment", end, "").await["position"].clone();
    let query = "query Q($at: AtLeast) { region(atLeast: $at) { name } }";
    let asked = async |ledger: &str, position: u64| {
        let at = json!({ "at": { "ledger": ledger, "position": position } });
        let answer = tokio::time::timeout(Duration::from_secs(10), world.post(query, at)).await;
        answer.expect("an answer at once")
    };
    let end = end.as_u64().expect("a position");
    let answer = asked(&small.compact, end).await;
    assert_eq!(answer["data"]["region"]["name"], "Midshire", "{answer:#}");
    let made_up = NodeId::new(NodeKind::Compact, Uuid::max().into(), Uuid::max()).encode();
    for (ledger, position, argument, words) in [
        (
            small.compact.as_str(),
            end + 1,
            "atLeast.position",
            format!("the ledger ends at {end}"),
        ),
        (
            made_up.as_str(),
            0,
            "atLeast.ledger",
            "there is no such compact or region".to_owned(),
        ),
    ] {
        let answer = asked(ledger, position).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_INPUT", "{answer:#}");
        assert_eq!(error["extensions"]["argument"], argument);
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains(&words), "{message}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn in_a_compact_that_was_succeeded_nothing_begins_and_what_has_begun_is_closed_out(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let carries_on = json!({ "regionId": small.region, "slug": "d2n2", "name": "D2N2", "area": "Both",
        "launchedOn": "2008-04-01", "occurredOn": "2008-04-01" });
    let carries_on = world.make("openCompact", carries_on).await;
    let succeed = json!({ "compactId": small.compact, "byId": carries_on, "reason": "Merged",
        "occurredOn": "2008-04-01" });
    world.change("succeedCompact", succeed, "").await;
    let commitment = json!({ "compactId": small.compact, "session": "2008-09", "ref": "9",
        "title": "One more", "occurredOn": "2008-04-02" });
    let plan = json!({ "groupId": small.group, "title": "Plan 2008", "occurredOn": "2008-04-02" });
    for (field, input, instead) in [
        (
            "proposeCommitment",
            commitment,
            "propose the commitment there",
        ),
        ("setActionPlan", plan, "set the plan there"),
    ] {
        let payload = world.attempt(field, input, "").await;
        let error = &payload["userErrors"][0];
        assert_eq!(error["code"], "COMPACT_SUCCEEDED", "{payload:#}");
        let words = error["message"].as_str().expect("a message");
        assert!(words.contains("D2N2 on 1 April 2008"), "{words}");
        assert!(words.contains(instead), "{words}");
    }
    let on = "2008-05-01";
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": on });
    world.change("agreeCommitment", agree, "").await;
    let reading = json!({ "measureId": small.measure, "takenOn": "2008-03-31", "value": "58",
        "source": "The last report", "occurredOn": on });
    world.change("recordReading", reading, "").await;
    let update = json!({ "actionPlanId": small.plan, "text": "Handed over", "occurredOn": on,
        "objectiveIds": [small.objectives[0]],
        "changes": [{ "completeAction": { "actionId": small.action } }] });
    world.change("recordUpdate", update, "").await;
    let end = json!({ "commitmentId": small.commitment, "conclusion": "PARTLY_ACHIEVED", "occurredOn": on });
    let shown = world
        .change("concludeCommitment", end, "commitment { status }")
        .await;
    assert_eq!(shown["commitment"]["status"], "PARTLY_ACHIEVED");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_wrong_in_a_list_is_named_by_its_place_and_told_in_a_sentence(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let update = |objectives: serde_json::Value, changes: serde_json::Value| {
        json!({ "actionPlanId": small.plan, "text": "x", "objectiveIds": objectives,
            "changes": changes, "occurredOn": "2007-06-01" })
    };
    let [first, second] = &small.objectives;
    let progress = json!({ "progressAction": { "actionId": small.action } });
    let nothing = json!({ "setAction": { "objectiveId": first, "text": " " } });
    let later = json!({ "actionPlanId": small.plan, "ref": "3", "title": "Later",
        "occurredOn": "2007-07-01" });
    let later = world.make("addObjective", later).await;
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-01" });
    world.change("agreeCommitment", agree, "").await;
    let reading = |by: serde_json::Value| {
        json!({ "measureId": small.measure, "takenOn": "2007-06-01", "value": "5", "source": "Survey",
            "byOrganisation": by, "occurredOn": "2007-06-01" })
    };
    let part = |id: &str, value: &str| json!({ "organisationId": id, "value": value });
    let known = small.organisation.as_str();
    let commitment = json!({ "compactId": small.compact, "session": "2007-08", "ref": "9", "title": "T",
        "themes": ["pledge", "juggling"], "groupIds": [small.group], "occurredOn": "2007-05-01" });
    let strange_group = json!({ "compactId": small.compact, "session": "2007-08", "ref": "9", "title": "T",
        "groupIds": [small.group, small.plan], "occurredOn": "2007-05-01" });
    for (field, input, place, code) in [
        (
            "recordUpdate",
            update(json!([first, second, first]), json!([])),
            "objectiveIds.2",
            "OBJECTIVE_TWICE",
        ),
        (
            "recordUpdate",
            update(json!([first, small.action]), json!([])),
            "objectiveIds.1",
            "BAD_ID",
        ),
        (
            "recordUpdate",
            update(json!([first, later]), json!([])),
            "objectiveIds.1",
            "DATED_TOO_EARLY",
        ),
        (
            "recordUpdate",
            update(json!([]), json!([])),
            "objectiveIds",
            "NO_OBJECTIVES",
        ),
        (
            "recordUpdate",
            update(json!([second]), json!([progress])),
            "changes.0",
            "NOT_SPOKEN_FOR",
        ),
        (
            "recordUpdate",
            update(json!([first]), json!([progress, nothing])),
            "changes.1.setAction.text",
            "MISSING",
        ),
        (
            "recordReading",
            reading(json!([part(known, "1"), part(known, "2")])),
            "byOrganisation.1.organisationId",
            "ORGANISATION_TWICE",
        ),
        (
            "recordReading",
            reading(json!([part(known, "-1")])),
            "byOrganisation.0.value",
            "NEGATIVE",
        ),
        ("proposeCommitment", commitment, "themes.1", "UNKNOWN"),
        ("proposeCommitment", strange_group, "groupIds.1", "BAD_ID"),
    ] {
        let payload = world.attempt(field, input, "").await;
        let error = &payload["userErrors"][0];
        assert_eq!(
            (error["field"].as_str(), error["code"].as_str()),
            (Some(place), Some(code)),
            "{payload:#}"
        );
        let words = error["message"].as_str().expect("a message");
        // A figure may begin a sentence too: "-1 is below zero".
        let opens = |c: char| c.is_uppercase() || matches!(c, '“' | '-' | '0'..='9');
        assert!(words.starts_with(opens), "{words}");
        assert!(words.ends_with('.'), "{words}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_role_is_given_over_what_fits_it_and_taken_away(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let (grant, account) = (Uuid::from_u128(71), Uuid::from_u128(72));
    let role = |role: &str, compact: Option<&str>, group: Option<&str>| {
        json!({ "regionId": small.region, "grantId": grant, "accountId": account, "role": role,
            "compactId": compact, "groupId": group, "from": "2007-06-01", "until": "2008-03-31",
            "occurredOn": "2007-06-01" })
    };
    let (compact, group) = (Some(small.compact.as_str()), Some(small.group.as_str()));
    for (input, field, code) in [
        (role("SECRETARIAT", None, None), "compactId", "MISSING"),
        (role("GROUP_LEAD", compact, None), "groupId", "MISSING"),
        (
            role("FUNDER", compact, None),
            "compactId",
            "ROLE_DOES_NOT_FIT",
        ),
        (role("GROUP_LEAD", compact, compact), "groupId", "BAD_ID"),
    ] {
        let payload = world.attempt("grantRole", input, "").await;
        let error = &payload["userErrors"][0];
        assert_eq!(
            (&error["field"], &error["code"]),
            (&json!(field), &json!(code))
        );
    }
    let lead = role("GROUP_LEAD", compact, group);
    let payload = world.change("grantRole", lead, "region { id }").await;
    assert_eq!(payload["region"]["id"], small.region.as_str());
    let end = |from: &str| {
        json!({ "regionId": small.region, "grantId": grant, "from": from,
            "reason": "The chair passed to another", "occurredOn": "2007-09-01" })
    };
    let payload = world.attempt("endRole", end("2008-04-01"), "").await;
    assert_eq!(payload["userErrors"][0]["code"], "ROLE_ENDED");
    world.change("endRole", end("2007-09-24"), "").await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn commitments_and_plans_are_released_and_taken_back_with_a_reason(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    for (field, named, id, shown) in [
        (
            "releaseCommitment",
            "commitmentId",
            &small.commitment,
            "commitment",
        ),
        (
            "releaseActionPlan",
            "actionPlanId",
            &small.plan,
            "actionPlan",
        ),
    ] {
        let asked = |to: &str, reason: Option<&str>| json!({ named: id, "to": to, "reason": reason, "occurredOn": "2007-06-01" });
        let whole = format!(
            "{shown} {{ visibility visibilityChanges {{ from to reason }} history(last: 1) {{ nodes {{ text }} }} }}"
        );
        let payload = world.change(field, asked("REGION", None), &whole).await;
        assert_eq!(payload[shown]["visibility"], "REGION");
        let text = &payload[shown]["history"]["nodes"][0]["text"];
        let text = text.as_str().expect("a sentence");
        assert!(text.ends_with("was released to the region."), "{text}");

        let unsaid = world.attempt(field, asked("COMPACT", None), "").await;
        assert_eq!(unsaid["userErrors"][0]["code"], "MISSING");
        assert_eq!(unsaid["userErrors"][0]["field"], "reason");
        let unchanged = world.attempt(field, asked("REGION", None), "").await;
        assert_eq!(unchanged["userErrors"][0]["code"], "UNCHANGED");
        assert_eq!(unchanged["userErrors"][0]["field"], "to");

        let back = asked("COMPACT", Some("A name is in it"));
        let payload = world.change(field, back, &whole).await;
        let changes = json!([
            { "from": "DRAFT", "to": "REGION", "reason": null },
            { "from": "REGION", "to": "COMPACT", "reason": "A name is in it" },
        ]);
        assert_eq!(payload[shown]["visibilityChanges"], changes);
        let text = &payload[shown]["history"]["nodes"][0]["text"];
        let text = text.as_str().expect("a sentence");
        let told =
            "was taken back from the region; the compact can still read it: A name is in it.";
        assert!(text.ends_with(told), "{text}");
    }
}
