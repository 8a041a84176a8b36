//! Promises made over GraphQL, one after the other: the load other tests are about.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::ids::{IdSource, RandomIds};
use serde_json::{Value, json};

use crate::server::{Handle, Server};

pub const PROPOSE: &str = "mutation Propose($input: ProposeCommitmentInput!) {
  proposeCommitment(input: $input) { position repeated userErrors { code message } } }";

/// How long the views may take to show everything that was recorded.
const SETTLE: Duration = Duration::from_mins(2);

/// Waits until every view of each compact shows what was recorded up to its end.
pub async fn settle(server: &Server, ends: &BTreeMap<String, u64>) {
    let question = "query Shown($id: ID!, $position: Position!) {
        compact(id: $id, atLeast: { ledger: $id, position: $position }) { id } }";
    let deadline = tokio::time::Instant::now() + SETTLE;
    for (compact, position) in ends {
        loop {
            let variables = json!({ "id": compact, "position": position });
            let answer = server.handle().graphql(question, variables).await;
            let answer = answer.expect("the server is up");
            if answer["data"]["compact"]["id"] == json!(compact) {
                break;
            }
            assert!(tokio::time::Instant::now() < deadline, "{answer}");
        }
    }
}

/// Proposes a commitment: the position it was recorded at; nothing when there was no answer.
pub async fn propose(server: &Handle, input: &Value) -> Option<u64> {
    let answer = server.graphql(PROPOSE, json!({ "input": input })).await?;
    let payload = &answer["data"]["proposeCommitment"];
    assert!(
        payload["userErrors"].as_array().is_none_or(Vec::is_empty),
        "{answer}"
    );
    payload["position"].as_u64()
}

/// What proposes a commitment, by a command of its own.
pub fn proposal(compact: &str, label: &str) -> Value {
    json!({
        "commandId": RandomIds.next(),
        "compactId": compact,
        "session": "2010-11",
        "ref": label,
        "title": format!("A promise made under load, {label}"),
        "occurredOn": "2010-04-01",
    })
}
