//! The reference data through the front door: the Learning and Development plan of Lincolnshire
//! and Rutland as it was on 1 August 2007, and as it was on 1 October 2007.

use crate::server::{self, Handle, Server};
use serde_json::{Value, json};

const PLAN: &str = "query Plan($id: ID!, $on: Date!) {
  actionPlan(id: $id, asOf: { on: $on }) {
    updates { nodes { text made { occurredOn meeting { heldOn group { code } } } objectives { ref } } }
    objectives { nodes {
      ref title
      state { kind note }
      stateChanges { to { kind } reason made { occurredOn } }
      updates { nodes { id } }
      actions { nodes {
        text owner state dueOn
        timescale { text } originalTimescale { text dueOn }
        changes { kind reason fromTimescale { text } toTimescale { text } toOwner }
      } }
    } }
  }
}";

async fn plan_on(handle: &Handle, id: &str, on: &str) -> Value {
    let answer = handle
        .graphql(PLAN, json!({ "id": id, "on": on }))
        .await
        .expect("an answer");
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["actionPlan"].clone()
}

/// The objective with this ref.
fn objective<'a>(plan: &'a Value, label: &str) -> &'a Value {
    let mut objectives = plan["objectives"]["nodes"]
        .as_array()
        .expect("objectives")
        .iter();
    objectives
        .find(|objective| objective["ref"] == label)
        .expect("the objective")
}

#[tokio::test]
async fn the_plan_of_2007_can_be_read_as_it_was_in_august_and_as_it_was_in_october() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data_dir = folder.path().join("data");
    let mut server = Server::start(&data_dir, &["--import-reference"]).await;
    server.let_in(&data_dir, None).await;
    server.knows_who_was_let_in().await;
    let handle = server.handle();
    let id = learning_and_development_plan(&handle).await;
    let august = plan_on(&handle, &id, "2007-08-01").await;
    let october = plan_on(&handle, &id, "2007-10-01").await;
    as_it_was_in_august(&august);
    one_update_speaks_for_three_objectives(&october);
    september_became_november_and_says_why(&october);
    the_passport_was_dropped_and_says_why(&october);
    history_says_so_in_words(&handle, &id).await;
    crate::minutes::the_minutes_of_july_read_as_the_papers_have_them(&handle).await;
    crate::minutes::the_paper_after_september_is_drawn_up_from_its_meeting(&handle).await;
    server.stop().await;
}

fn as_it_was_in_august(plan: &Value) {
    let objectives = plan["objectives"]["nodes"].as_array();
    assert_eq!(objectives.map(Vec::len), Some(6));
    let updates = &plan["updates"]["nodes"];
    assert_eq!(updates, &json!([]), "nothing had been said yet");
    let event = &objective(plan, "3")["actions"]["nodes"][0];
    assert_eq!(event["timescale"]["text"], "End of Sep 07");
    assert_eq!(event["dueOn"], "2007-09-30");
    let passport = &objective(plan, "5")["state"];
    assert_eq!(passport["kind"], "NONE_AT_PRESENT");
    assert!(
        passport["note"]
            .as_str()
            .is_some_and(|note| note.contains("pilot")),
        "{passport}"
    );
}

fn one_update_speaks_for_three_objectives(plan: &Value) {
    let updates = plan["updates"]["nodes"].as_array().expect("updates");
    assert_eq!(updates.len(), 4);
    let shared = &updates[0];
    let refs: Vec<_> = shared["objectives"]
        .as_array()
        .expect("objectives")
        .iter()
        .map(|objective| objective["ref"].as_str().expect("a ref"))
        .collect();
    assert_eq!(refs, ["1", "2", "3"]);
    assert_eq!(shared["made"]["meeting"]["heldOn"], "2007-09-24");
    assert_eq!(shared["made"]["meeting"]["group"]["code"], "LD");
    let first = &objective(plan, "1")["updates"];
    assert!(first["nodes"][0].is_object(), "{first}");
    assert_eq!(first, &objective(plan, "2")["updates"]);
    assert_eq!(first, &objective(plan, "3")["updates"]);
}

fn september_became_november_and_says_why(plan: &Value) {
    let event = &objective(plan, "3")["actions"]["nodes"][0];
    assert_eq!(event["dueOn"], "2007-11-30");
    assert_eq!(
        event["originalTimescale"]["text"], "End of Sep 07",
        "the original stays in view"
    );
    let changes = event["changes"].as_array().expect("changes");
    let moved = changes
        .iter()
        .find(|change| change["kind"] == "RESCHEDULED")
        .expect("the move");
    assert_eq!(moved["fromTimescale"]["text"], "End of Sep 07");
    let why = moved["reason"].as_str().expect("a reason");
    assert!(why.contains("September to November"), "{why}");
    let host = changes
        .iter()
        .find(|change| change["kind"] == "REASSIGNED")
        .expect("the host");
    assert_eq!(host["toOwner"], "Lincolnshire and Rutland LSC (host)");
}

fn the_passport_was_dropped_and_says_why(plan: &Value) {
    let passport = objective(plan, "5");
    assert_eq!(passport["state"]["kind"], "DROPPED");
    let changes = passport["stateChanges"].as_array().expect("changes");
    let dropped = changes
        .iter()
        .find(|change| change["to"]["kind"] == "DROPPED")
        .expect("the drop");
    assert_eq!(
        dropped["reason"],
        "not practical: organisations' requirements differ"
    );
    assert_eq!(dropped["made"]["occurredOn"], "2007-09-24");
}

async fn history_says_so_in_words(handle: &Handle, id: &str) {
    let question = "query H($id: ID!) { history(of: $id, first: 100) { nodes { text } } }";
    let answer = handle
        .graphql(question, json!({ "id": id }))
        .await
        .expect("an answer");
    let lines = answer["data"]["history"]["nodes"]
        .as_array()
        .expect("lines");
    let told: Vec<_> = lines
        .iter()
        .filter_map(|line| line["text"].as_str())
        .collect();
    let said = |words: &[&str]| {
        told.iter()
            .any(|text| words.iter().all(|word| text.contains(word)))
    };
    assert!(said(&["End of Sep 07", "November 2007"]), "{told:#?}");
    assert!(
        said(&["not practical: organisations' requirements differ"]),
        "{told:#?}"
    );
}

async fn learning_and_development_plan(handle: &Handle) -> String {
    let question = "{ compact(slug: \"lincolnshire-rutland\") {
        actionPlans { nodes { id group { code } } } } }";
    let answer = handle
        .graphql(question, json!({}))
        .await
        .expect("an answer");
    let plans = answer["data"]["compact"]["actionPlans"]["nodes"]
        .as_array()
        .expect("plans");
    let plan = plans
        .iter()
        .find(|plan| plan["group"]["code"] == "LD")
        .expect("the plan");
    plan["id"].as_str().expect("an id").to_owned()
}
