//! The papers' meetings through the front door: the minutes of 27 July 2007 as they stand in the reference data, and the paper
//! for the meeting after 24 September 2007.

use crate::server::Handle;
use serde_json::{Value, json};

const FILE: &str = include_str!("../../data/east-midlands/lincolnshire-rutland.toml");

async fn ask(handle: &Handle, query: &str, variables: Value) -> Value {
    let answer = handle.graphql(query, variables).await.expect("an answer");
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}

/// The id of a group by its code.
async fn group(handle: &Handle, code: &str) -> String {
    let query = "{ compact(slug: \"lincolnshire-rutland\") { groups { id code } } }";
    let groups = ask(handle, query, json!({})).await;
    let mut groups = groups["compact"]["groups"]
        .as_array()
        .expect("groups")
        .iter();
    let group = groups.find(|group| group["code"] == code);
    group.expect("the group")["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

const MINUTES: &str = "query M($group: ID!) { compact(slug: \"lincolnshire-rutland\") {
    calendar(groupId: $group) { nodes {
        heldOn time venue minutes arrangement { on time words venue }
        attendance { organisation { name } who attending }
        items { title discussion decision notesSince { text }
            updates { text objectives { ref } }
            actions { ref action { text owner state raisedUnder { title } } } }
        notesSince { text } } } } }";

/// Every item, action, decision and note, who came, and the next meeting: compared with the file row by row.
pub async fn the_minutes_of_july_read_as_the_papers_have_them(handle: &Handle) {
    let group = group(handle, "SG").await;
    let calendar = ask(handle, MINUTES, json!({ "group": group })).await;
    let calendar = calendar["compact"]["calendar"]["nodes"].clone();
    let file: toml::Table = FILE.parse().expect("TOML");
    let papers = file["meeting"].as_array().expect("meetings");
    let mut papers = papers.iter();
    let paper = papers.find(|meeting| meeting["group"].as_str() == Some("SG"));
    let paper = paper.expect("the meeting").as_table().expect("a table");
    let held = &calendar[0];
    assert_eq!(held["heldOn"], "2007-07-27");
    assert_eq!(held["venue"], paper["venue"].as_str().expect("a venue"));
    assert_eq!(held["minutes"], "DRAFT");
    attended(&held["attendance"], paper);
    let rows = paper["item"].as_array().expect("items");
    let items = held["items"].as_array().expect("items");
    assert_eq!(items.len(), rows.len() + 1, "and the next meeting");
    for (item, row) in items.iter().zip(rows) {
        reads_as(item, row.as_table().expect("a table"));
    }
    let next = paper["next"][0].as_table().expect("the next meeting");
    let last = items.last().expect("an item");
    assert_eq!(last["title"], "Next meeting");
    assert_eq!(last["discussion"], next["text"].as_str().expect("words"));
    let arrange = next["action"].as_table().expect("an action");
    assert_eq!(last["actions"][0]["action"]["text"], text(arrange, "text"));
    assert_eq!(
        last["actions"][0]["action"]["owner"],
        text(arrange, "owner")
    );
    let fixed = next["since_the_meeting"].as_table().expect("a day");
    assert_eq!(
        calendar[1]["arrangement"],
        json!({ "on": fixed["on"].to_string(), "time": text(fixed, "time"),
            "words": text(next, "text"), "venue": text(fixed, "venue") })
    );
    assert_eq!(calendar[1]["heldOn"], Value::Null);
}

fn text(row: &toml::Table, field: &str) -> Value {
    row.get(field)
        .and_then(toml::Value::as_str)
        .map_or(Value::Null, Into::into)
}

/// Everybody the papers name, in their order.
fn attended(told: &Value, paper: &toml::Table) {
    let mut expected = Vec::new();
    for (field, attending) in [
        ("present", "PRESENT"),
        ("in_attendance", "IN_ATTENDANCE"),
        ("apologies", "APOLOGIES"),
    ] {
        let names = paper[field].as_array().expect("names").iter();
        expected.extend(names.map(|name| (name.as_str().expect("a name"), attending)));
    }
    let told = told.as_array().expect("attendance").iter();
    let told: Vec<(&str, &str)> = told
        .map(|one| {
            let name = one["organisation"]["name"].as_str();
            let name = name.or_else(|| one["who"].as_str());
            let attending = one["attending"].as_str();
            (name.expect("a name"), attending.expect("how"))
        })
        .collect();
    assert_eq!(told, expected);
}

fn reads_as(item: &Value, row: &toml::Table) {
    assert_eq!(item["title"], text(row, "title"));
    assert_eq!(item["discussion"], text(row, "text"), "{item}");
    assert_eq!(item["decision"], text(row, "decision"), "{item}");
    let noted = match text(row, "since_the_meeting") {
        Value::Null => json!([]),
        noted => json!([{ "text": noted }]),
    };
    assert_eq!(item["notesSince"], noted);
    let actions = row.get("action").and_then(toml::Value::as_array);
    let actions = actions.into_iter().flatten().map(|action| {
        let action = action.as_table().expect("a table");
        json!({ "ref": text(action, "ref"), "action": { "text": text(action, "text"),
            "owner": text(action, "owner"), "state": "OPEN", "raisedUnder": { "title": item["title"] } } })
    });
    assert_eq!(item["actions"], Value::Array(actions.collect()));
    // What the plan's own updates of that day say stands under the plan's item.
    let given = item["updates"].as_array().map(Vec::len);
    let of_the_plan = item["title"] == "Recruitment and Retention action plan";
    assert_eq!(given, Some(if of_the_plan { 4 } else { 0 }), "{item}");
}

const PAPER: &str = "query P($group: ID!) { node(id: $group) { ... on Group { nextPaper(on: \"2007-10-31\") {
    previous { heldOn attendance { who } items { updates { text } } } minutesToAgree { heldOn }
    mattersArising { nodes { overdue dueOn action { text objective { ref } } set { meeting { heldOn } } } }
    changes { nodes { kind objective { ref } update { objectives { ref } } action { text owner }
        from { timescale { dueOn } objectiveState { kind } } to { timescale { dueOn } objectiveState { kind note } }
        steps { reason made { meeting { heldOn } } } } }
    agenda { title note } } } } }";

/// Generated, and nothing else: matters arising, what changed since last time, what is overdue at that date.
pub async fn the_paper_after_september_is_drawn_up_from_its_meeting(handle: &Handle) {
    let group = group(handle, "LD").await;
    let paper = ask(handle, PAPER, json!({ "group": group })).await;
    let paper = paper["node"]["nextPaper"].clone();
    let previous = &paper["previous"];
    assert_eq!(previous["heldOn"], "2007-09-24");
    assert_eq!(previous["attendance"], Value::Null, "left open");
    let given = previous["items"][0]["updates"].as_array().map(Vec::len);
    assert_eq!(given, Some(4));
    let days = json!([{ "heldOn": "2007-06-21" }, { "heldOn": "2007-09-24" }]);
    assert_eq!(paper["minutesToAgree"], days);
    let matters = paper["mattersArising"]["nodes"]
        .as_array()
        .expect("matters");
    let listed: Vec<(&str, bool)> = matters
        .iter()
        .map(|matter| {
            let objective = matter["action"]["objective"]["ref"].as_str();
            let overdue = matter["overdue"].as_bool();
            (objective.expect("a ref"), overdue.expect("yes or no"))
        })
        .collect();
    let expected = [
        ("2", true),
        ("1", true),
        ("4", true),
        ("3", false),
        ("6", false),
    ];
    assert_eq!(listed, expected);
    let new = matters.last().expect("a matter");
    assert_eq!(new["set"]["meeting"]["heldOn"], "2007-09-24");
    changed(&paper["changes"]["nodes"]);
    assert_eq!(
        paper["agenda"][2],
        json!({ "title": "Matters arising", "note": "5 open actions, 3 of them overdue" })
    );
}

fn changed(changes: &Value) {
    let changes = changes.as_array().expect("changes");
    let of = |kind: &str| -> Vec<&Value> {
        let of = changes.iter().filter(|change| change["kind"] == kind);
        of.collect()
    };
    let given = of("UPDATE_GIVEN");
    assert_eq!(given.len(), 4, "{changes:#?}");
    let shared = json!([{ "ref": "1" }, { "ref": "2" }, { "ref": "3" }]);
    assert_eq!(given[0]["update"]["objectives"], shared);
    let [moved] = of("ACTION_RESCHEDULED")[..] else {
        panic!("one was moved: {changes:#?}");
    };
    assert_eq!(moved["from"]["timescale"]["dueOn"], "2007-09-30");
    assert_eq!(moved["to"]["timescale"]["dueOn"], "2007-11-30");
    let why = moved["steps"][0]["reason"].as_str().expect("a reason");
    assert!(why.contains("September to November"), "{why}");
    let pursued = of("OBJECTIVE_MOVED");
    let dropped = pursued
        .iter()
        .find(|change| change["objective"]["ref"] == "5");
    let dropped = dropped.expect("the passport");
    assert_eq!(dropped["from"]["objectiveState"]["kind"], "NONE_AT_PRESENT");
    assert_eq!(dropped["to"]["objectiveState"]["kind"], "DROPPED");
    assert_eq!(
        dropped["steps"][0]["reason"],
        "not practical: organisations' requirements differ"
    );
    let [added] = of("ACTION_ADDED")[..] else {
        panic!("one is new: {changes:#?}");
    };
    assert_eq!(added["objective"]["ref"], "6");
    assert_eq!(added["action"]["owner"], "Compact facilitator");
    for change in changes {
        assert_eq!(
            change["steps"][0]["made"]["meeting"]["heldOn"], "2007-09-24",
            "{change}"
        );
    }
}
