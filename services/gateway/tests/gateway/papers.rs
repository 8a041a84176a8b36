//! The paper for a group's next meeting, what changed since the last, and meetings as they were.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::meetings::House;

const PAPER: &str = "fragment Paper on MeetingPaper {
    on group { code } meeting { id } previous { heldOn }
    minutesToAgree { heldOn minutes }
    carriedOver { title note meeting { heldOn } item { title } }
    mattersArising { nodes { ref overdue dueOn set { meeting { heldOn } } raisedUnder { title }
        action { text owner state } } }
    overdue: mattersArising(overdue: true) { nodes { action { text } } }
    changes { nodes { kind objective { ref } action { text } update { text }
        from { text timescale { dueOn } } to { text timescale { dueOn } objectives { ref } }
        steps { reason update { text } made { meeting { heldOn } } } } }
    agenda { title note }
}";

impl House {
    async fn next_paper(&self, on: Option<&str>) -> Value {
        let query = format!(
            "query P($id: ID!, $on: Date) {{ node(id: $id) {{ ... on Group {{ nextPaper(on: $on) {{ ...Paper }} }} }} }} {PAPER}"
        );
        let asked = json!({ "id": self.small.group, "on": on });
        self.world.data(&query, asked).await["node"]["nextPaper"].clone()
    }

    async fn paper_of(&self, meeting: &str) -> Value {
        let query =
            format!("query P($id: ID!) {{ meeting(id: $id) {{ paper {{ ...Paper }} }} }} {PAPER}");
        let paper = self.world.data(&query, json!({ "id": meeting })).await;
        paper["meeting"]["paper"].clone()
    }
}

/// What is at `pointer` of each of a page's rows, in order.
fn each(page: &Value, pointer: &str) -> Vec<Value> {
    let nodes = page["nodes"].as_array().expect("rows");
    let found = nodes.iter().map(|node| node.pointer(pointer).cloned());
    found.map(|it| it.unwrap_or(Value::Null)).collect()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_next_paper_has_every_open_action_once_and_what_changed_since_the_plan_was_last_shown(
    pool: PgPool,
) {
    let house = House::set_up(&pool).await;
    let meeting = house.call().await;
    let agenda = json!({ "meetingId": meeting, "occurredOn": "2007-06-02", "items": [
        { "title": "Minutes", "note": "As circulated" }] });
    house.world.change("setAgenda", agenda, "").await;
    // Before it is held, only what the plan has already.
    let before = house.paper_of(&meeting).await;
    assert_eq!(
        each(&before["mattersArising"], "/action/text"),
        ["Ask every member"]
    );
    let mut held = house.recorded(&meeting);
    held["items"][1]["carriedOver"] = json!(true);
    house.world.change("recordMeeting", held, "").await;
    let paper = house.next_paper(Some("2007-11-15")).await;
    assert_eq!(paper["on"], "2007-11-15");
    assert_eq!(paper["group"]["code"], "LD");
    assert_eq!(paper["previous"]["heldOn"], "2007-09-24");
    let to_agree = json!([{ "heldOn": "2007-09-24", "minutes": "DRAFT" }]);
    assert_eq!(paper["minutesToAgree"], to_agree);
    let put_off = &paper["carriedOver"];
    assert_eq!(put_off[0]["title"], "Minutes");
    assert_eq!(put_off[0]["note"], "As circulated");
    assert_eq!(put_off[1]["item"]["title"], "Any other business");
    let matters = &paper["mattersArising"];
    let texts = [
        "Ask every member",
        "Book the room",
        "Check the list",
        "Send the list round",
    ];
    assert_eq!(each(matters, "/action/text"), texts);
    assert_eq!(
        each(matters, "/overdue"),
        [json!(true), json!(true), json!(false), json!(false)]
    );
    assert_eq!(
        each(matters, "/set/meeting/heldOn"),
        [
            Value::Null,
            json!("2007-09-24"),
            json!("2007-09-24"),
            json!("2007-09-24")
        ]
    );
    assert_eq!(
        each(matters, "/raisedUnder/title")[1..],
        ["Action plan", "Any other business", "Any other business"]
    );
    assert_eq!(each(&paper["overdue"], "/action/text"), texts[..2]);
    the_changes_are_told_and_an_agenda_is_proposed(&paper);
    // The paper of the meeting itself stays as it was before it began.
    let its_own = house.paper_of(&meeting).await;
    assert_eq!(its_own["on"], "2007-09-24");
    assert_eq!(each(&its_own["mattersArising"], "/action/text"), texts[..1]);
    assert_eq!(each(&its_own["mattersArising"], "/overdue"), [json!(false)]);
    assert_eq!(its_own["previous"], Value::Null);
}

/// What the meeting led to, and what could stand on the next agenda.
fn the_changes_are_told_and_an_agenda_is_proposed(paper: &Value) {
    let kinds = each(&paper["changes"], "/kind");
    for kind in [
        "ACTION_PROGRESSED",
        "ACTION_ADDED",
        "OBJECTIVE_ADDED",
        "UPDATE_GIVEN",
    ] {
        assert!(kinds.contains(&json!(kind)), "{kind} in {kinds:?}");
    }
    let changes = paper["changes"]["nodes"].as_array().expect("changes");
    let given = changes.iter().find(|it| it["kind"] == "UPDATE_GIVEN");
    let given = given.expect("the update");
    assert_eq!(
        given["to"]["objectives"],
        json!([{ "ref": "1" }, { "ref": "2" }])
    );
    assert_eq!(given["steps"][0]["made"]["meeting"]["heldOn"], "2007-09-24");
    let titles: Vec<&Value> = paper["agenda"].as_array().expect("items").iter().collect();
    let titles: Vec<&Value> = titles.iter().map(|item| &item["title"]).collect();
    assert_eq!(
        titles,
        [
            "Minutes of the meeting of 24 September 2007",
            "Matters arising",
            "Minutes",
            "Any other business"
        ]
    );
    assert_eq!(
        paper["agenda"][1]["note"],
        "4 open actions, 2 of them overdue"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_changed_in_a_plan_is_told_with_old_and_new_and_what_was_said(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let meeting = house.call().await;
    house
        .world
        .change("recordMeeting", house.recorded(&meeting), "")
        .await;
    let move_on = json!({ "actionId": house.small.action, "reason": "The survey is not back",
        "timescale": { "text": "November", "dueOn": "2007-11-30" }, "occurredOn": "2007-10-01" });
    house.world.change("rescheduleAction", move_on, "").await;
    let query = "query C($id: ID!, $meeting: ID!) { actionPlan(id: $id) {
        last: changes { nodes { kind action { text } from { timescale { dueOn } } to { timescale { dueOn } }
            steps { reason made { occurredOn } } } }
        since: changes(since: { meeting: $meeting }) { totalCount }
        with: changes(since: { beforeMeeting: $meeting }, until: { on: \"2007-09-24\" }) { nodes { kind } }
        all: changes(since: { position: 0 }) { nodes { kind to { text } } }
        none: changes(since: { on: \"2007-10-01\" }) { totalCount } } }";
    let asked = json!({ "id": house.small.plan, "meeting": meeting });
    let plan = house.world.data(query, asked).await["actionPlan"].clone();
    assert_eq!(
        plan["last"]["nodes"],
        json!([{ "kind": "ACTION_RESCHEDULED", "action": { "text": "Ask every member" },
            "from": { "timescale": { "dueOn": "2007-09-30" } }, "to": { "timescale": { "dueOn": "2007-11-30" } },
            "steps": [{ "reason": "The survey is not back", "made": { "occurredOn": "2007-10-01" } }] }])
    );
    assert_eq!(plan["since"]["totalCount"], 1);
    assert_eq!(plan["none"]["totalCount"], 0);
    let with = each(&plan["with"], "/kind");
    assert!(with.contains(&json!("UPDATE_GIVEN")), "{with:?}");
    assert!(!with.contains(&json!("ACTION_RESCHEDULED")), "{with:?}");
    assert_eq!(plan["all"]["nodes"][0]["kind"], "PLAN_SET");
    assert_eq!(plan["all"]["nodes"][0]["to"]["text"], "Plan 2007");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_action_that_serves_no_plan_is_raised_in_the_plan_of_the_groups_meetings(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let held = |on: &str, text: &str, command: &str| {
        json!({ "groupId": house.small.group, "occurredOn": on, "commandId": command, "items": [
            { "title": "Budget", "actions": [
                { "text": text, "newObjective": {} }, { "text": "Tell the funder", "newObjective": {} }] }] })
    };
    let first = held(
        "2007-09-24",
        "Ask for money",
        "0f0e0d0c-0b0a-4908-8706-050403020101",
    );
    house.world.change("recordMeeting", first.clone(), "").await;
    let second = held(
        "2007-10-16",
        "Ask again",
        "0f0e0d0c-0b0a-4908-8706-050403020102",
    );
    house.world.change("recordMeeting", second, "").await;
    // The plan is there by now, and the same request is still the same request.
    let again = house.world.change("recordMeeting", first, "").await;
    assert_eq!(again["repeated"], true);
    let query = "query A($id: ID!) { compact(id: $id) {
        actionPlans { nodes { title group { code } objectives { nodes { ref title actions { nodes { text } } } } } } } }";
    let plans = house
        .world
        .data(query, json!({ "id": house.small.compact }))
        .await;
    let plans = plans["compact"]["actionPlans"]["nodes"].clone();
    assert_eq!(plans.as_array().map(Vec::len), Some(2), "{plans:#}");
    assert_eq!(
        plans[0],
        json!({ "title": "Actions from meetings", "group": { "code": "LD" }, "objectives": { "nodes": [
            { "ref": "070924/1", "title": "Budget", "actions": { "nodes": [
                { "text": "Ask for money" }, { "text": "Tell the funder" }] } },
            { "ref": "071016/1", "title": "Budget", "actions": { "nodes": [
                { "text": "Ask again" }, { "text": "Tell the funder" }] } } ] } })
    );
    // An item that is added later has to say which plan: it does not say which group met.
    let meeting = "query M($id: ID!) { compact(id: $id) { calendar { nodes { id } } } }";
    let meeting = house
        .world
        .data(meeting, json!({ "id": house.small.compact }))
        .await;
    let added = json!({ "meetingId": meeting["compact"]["calendar"]["nodes"][0]["id"], "occurredOn": "2007-10-17",
        "item": { "title": "More", "actions": [{ "text": "Write", "newObjective": {} }] } });
    let refused = house.world.attempt("addMeetingItem", added, "").await;
    assert_eq!(
        refused["userErrors"][0]["field"],
        "item.actions.0.newObjective.actionPlanId"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_an_item_led_to_and_the_item_name_each_other(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let meeting = house.call().await;
    house
        .world
        .change("recordMeeting", house.recorded(&meeting), "")
        .await;
    let query = "query L($plan: ID!, $commitment: ID!) {
        actionPlan(id: $plan) {
            updates { nodes { givenUnder { title meeting { heldOn } } } }
            objectives { nodes { ref actions { nodes { text raisedUnder { title } } } updates { nodes { text } } } } }
        commitment(id: $commitment) { status movedUnder { title meeting { heldOn } } } }";
    let asked = json!({ "plan": house.small.plan, "commitment": house.small.commitment });
    let linked = house.world.data(query, asked).await;
    let under = json!({ "title": "Action plan", "meeting": { "heldOn": "2007-09-24" } });
    assert_eq!(
        linked["actionPlan"]["updates"]["nodes"][0]["givenUnder"],
        under
    );
    let objectives = &linked["actionPlan"]["objectives"]["nodes"];
    assert_eq!(
        objectives[0]["actions"]["nodes"],
        json!([{ "text": "Ask every member", "raisedUnder": null },
            { "text": "Book the room", "raisedUnder": { "title": "Action plan" } }])
    );
    assert_eq!(
        objectives[0]["updates"]["nodes"],
        objectives[1]["updates"]["nodes"]
    );
    let moved = &linked["commitment"];
    assert_eq!(moved["status"], "AGREED");
    assert_eq!(
        moved["movedUnder"],
        json!([{ "title": "Any other business", "meeting": { "heldOn": "2007-09-24" } }])
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_meeting_is_shown_as_it_was_and_as_it_was_known(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let meeting = house.call().await;
    let fix = json!({ "meetingId": meeting, "on": "2007-09-24", "words": "late September",
        "occurredOn": "2007-07-27" });
    house.world.change("rearrangeMeeting", fix, "").await;
    house
        .world
        .change("recordMeeting", house.recorded(&meeting), "")
        .await;
    let query = "query T($id: ID!) {
        june: meeting(id: $id, asOf: { on: \"2007-06-30\" }) { heldOn arrangement { on words } items { title } }
        august: meeting(id: $id, asOf: { on: \"2007-08-01\" }) { heldOn arrangement { on words } }
        may: meeting(id: $id, asOf: { on: \"2007-05-01\" }) { heldOn }
        unknown: meeting(id: $id, knownAt: \"2007-10-01T00:00:00Z\") { heldOn }
        now: meeting(id: $id) { heldOn items { title } } }";
    let then = house.world.data(query, json!({ "id": meeting })).await;
    assert_eq!(
        then["june"],
        json!({ "heldOn": null, "arrangement": { "on": null, "words": "late September" }, "items": [] })
    );
    let fixed =
        json!({ "heldOn": null, "arrangement": { "on": "2007-09-24", "words": "late September" } });
    assert_eq!(then["august"], fixed);
    assert_eq!(then["may"], Value::Null);
    assert_eq!(then["unknown"], Value::Null, "it was typed in later");
    assert_eq!(then["now"]["heldOn"], "2007-09-24");
    assert_eq!(then["now"]["items"].as_array().map(Vec::len), Some(2));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_group_that_was_wound_up_calls_no_meeting(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let end = json!({ "groupId": house.small.group, "reason": "Its work is done", "occurredOn": "2007-09-01" });
    house.world.change("windUpGroup", end, "").await;
    let call =
        json!({ "groupId": house.small.group, "words": "October", "occurredOn": "2007-09-02" });
    let refused = house.world.attempt("callMeeting", call, "").await;
    let refused = &refused["userErrors"][0];
    assert_eq!(
        (&refused["code"], &refused["field"]),
        (&json!("GROUP_WOUND_UP"), &json!("groupId"))
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn one_action_list_is_narrowed_by_group_organisation_and_owner(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let held = json!({ "groupId": house.small.group, "occurredOn": "2007-09-24", "items": [
        { "title": "Budget", "actions": [
            { "text": "Host it", "owner": "City College, with the chair", "newObjective": {} },
            { "text": "Write", "owner": "Hospital Trust", "newObjective": {} }] }] });
    house.world.change("recordMeeting", held, "").await;
    let query = "query A($id: ID!, $group: ID!, $organisation: ID!) { compact(id: $id) {
        all: actions { nodes { text } }
        group: actions(filter: { groupId: $group, state: OPEN }) { nodes { text } }
        organisation: actions(filter: { organisationId: $organisation }) { nodes { text } }
        owner: actions(filter: { owner: \"chair\" }) { nodes { text } } } }";
    let asked = json!({ "id": house.small.compact, "group": house.small.group,
        "organisation": house.small.organisation });
    let lists = house.world.data(query, asked).await["compact"].clone();
    assert_eq!(
        each(&lists["all"], "/text"),
        ["Ask every member", "Host it", "Write"]
    );
    assert_eq!(lists["all"], lists["group"]);
    assert_eq!(each(&lists["organisation"], "/text"), ["Host it"]);
    assert_eq!(
        each(&lists["owner"], "/text"),
        ["Ask every member", "Host it"]
    );
}
