//! What there is to ask about.

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::ask::Asker;

/// A compact, and one of each kind of thing in it.
#[derive(Clone, Debug)]
pub struct Place {
    pub compact: String,
    pub commitment: String,
    pub plan: String,
    /// A day half a year after the plan was set.
    pub half_way: String,
    pub meeting: String,
    pub session: String,
}

const ALL: &str = "query All($after: String) { compacts(first: 50, after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor } } }";

const INSIDE: &str = "query Inside($compact: ID!) { compact(id: $compact) {
    commitments(last: 1) { nodes { id session } }
    actionPlans(last: 1) { nodes { id set { occurredOn } } }
    calendar(first: 1) { nodes { id } } } }";

/// Every compact that has something of each kind.
pub async fn places(asker: &Asker) -> anyhow::Result<Vec<Place>> {
    let mut places = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = asker.ask(ALL, &json!({ "after": after })).await?;
        let compacts = &page["data"]["compacts"];
        for compact in compacts["nodes"].as_array().context("no compacts")? {
            let compact = text(&compact["id"])?;
            let inside = asker.ask(INSIDE, &json!({ "compact": compact })).await?;
            places.extend(place(compact, &inside["data"]["compact"]));
        }
        if compacts["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = compacts["pageInfo"]["endCursor"].clone();
    }
    anyhow::ensure!(
        !places.is_empty(),
        "there is no compact with commitments, plans and meetings to be read"
    );
    Ok(places)
}

/// What is in a compact; nothing when it lacks something.
fn place(compact: String, inside: &Value) -> Option<Place> {
    let commitment = &inside["commitments"]["nodes"][0];
    let plan = &inside["actionPlans"]["nodes"][0];
    let set = plan["set"]["occurredOn"].as_str()?;
    let year = set.get(..4)?;
    Some(Place {
        compact,
        commitment: text(&commitment["id"]).ok()?,
        plan: text(&plan["id"]).ok()?,
        half_way: format!("{year}-10-15"),
        meeting: text(&inside["calendar"]["nodes"][0]["id"]).ok()?,
        session: text(&commitment["session"]).ok()?,
    })
}

fn text(value: &Value) -> anyhow::Result<String> {
    let text = value.as_str().context("no text where one was expected")?;
    Ok(text.to_owned())
}
