//! What a record is of: the one thing that somebody came here to be told about, in words, and the page on which everybody sees it.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::mention::marked::seen;
use gateway::{NodeId, NodeKind};

use super::Ledger;
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Session};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::onwards;
use crate::uk;
use crate::visit::{Visit, Web};

document!(AuditAbout, "documents/audit-about.graphql");

use audit_about::AuditAboutNode as Node;

/// What a thing is called, and the page it is seen on, where there is one.
pub struct About {
    /// What it is called.
    pub words: String,
    /// Where it is seen.
    pub page: Option<String>,
}

/// What a thing of the compact that addresses call `slug` is called and where it is seen; none where whoever looks does not see it by itself.
///
/// # Errors
/// When the schema does not answer.
pub async fn found(
    web: &Web,
    looker: &Looker,
    (slug, id): (&str, &str),
) -> Result<Option<About>, Instead> {
    let variables = audit_about::Variables { id: id.to_owned() };
    let answer = ask::<AuditAbout>(&web.gateway, variables, looker.caller()).await?;
    Ok(answer.node.and_then(|node| {
        Some(About {
            words: in_words(&node)?,
            page: page(&node, (slug, id)),
        })
    }))
}

/// Where whoever reads of a thing is led to it: to the part of it that is told of, where there is one; nothing for what has no page.
pub fn see(slug: &str, (subject, parts): (&str, &[String])) -> Option<String> {
    let kind = NodeId::decode(subject).ok()?.kind;
    let has_one = matches!(
        kind,
        NodeKind::Commitment | NodeKind::ActionPlan | NodeKind::Meeting | NodeKind::GoodPractice
    );
    // The action is told of last, after the objective it is under.
    let is_action = |id: &&String| {
        let kind = NodeId::decode(id).ok().map(|node| node.kind);
        kind == Some(NodeKind::Action)
    };
    let part = parts.iter().find(is_action).or(parts.first());
    let id = part.map_or(subject, String::as_str);
    has_one.then(|| format!("/audit/{slug}/see/{id}"))
}

/// `GET /audit/{ledger}/see/{id}`: leads to the page on which a thing is seen, at its place there.
pub async fn lead(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    Ledger::named(&web, &looker, &slug).await?;
    let found = found(&web, &looker, (&slug, &id)).await?;
    let page = found.and_then(|about| about.page);
    Ok(onwards(&page.ok_or(Instead::NotHere)?))
}

/// The page on which a thing of this compact is seen, at its place there.
fn page(node: &Node, (slug, id): (&str, &str)) -> Option<String> {
    let at = |under: String| Some(format!("/compacts/{slug}/{under}"));
    match node {
        Node::Commitment(_) => at(format!("commitments/{id}")),
        Node::Measure(it) => at(format!("commitments/{}#m-{id}", it.commitment.id)),
        Node::Reading(it) => at(format!("commitments/{}", it.measure.commitment.id)),
        Node::Achievement(it) => at(format!("commitments/{}", it.commitment.id)),
        Node::ActionPlan(_) => at(format!("plans/{id}")),
        Node::Objective(it) => at(format!("plans/{}#o-{id}", it.action_plan.id)),
        Node::Action(it) => at(format!("plans/{}#a-{id}", it.action_plan.id)),
        Node::Update(it) => at(format!("plans/{}#u-{id}", it.action_plan.id)),
        Node::Meeting(_) => at(format!("meetings/{id}")),
        Node::MeetingItem(it) => at(format!("meetings/{}#item-{id}", it.meeting.id)),
        Node::GoodPractice(_) => Some(format!("/good-practice/{id}")),
        _ => None,
    }
}

/// As much of a text as a heading has room for: the text itself stands below, in the entry that records it.
fn beginning(text: &str) -> String {
    const LETTERS: usize = 80;
    let text = &*seen(text);
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LETTERS).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", whole.trim_end_matches([',', ';', '.', ':']))
}

fn in_words(node: &Node) -> Option<String> {
    Some(match node {
        Node::Commitment(it) => {
            format!("Commitment {} of {}: {}", it.ref_, it.session, it.title)
        }
        Node::Measure(it) => format!("Measure: {}", it.name),
        Node::Reading(it) => format!("Reading of {}", uk::day(&it.taken_on)),
        Node::Achievement(it) => format!("Report of {}", uk::day(&it.reported_on)),
        Node::ActionPlan(it) => format!("Plan: {}", it.title),
        Node::Objective(it) => format!("Objective {}: {}", it.ref_, it.title),
        Node::Action(it) => format!("Action: {}", beginning(&it.text)),
        Node::Update(it) => format!("Update: {}", beginning(&it.text)),
        Node::Meeting(it) => it.held_on.as_ref().map_or_else(
            || "A meeting that is called".to_owned(),
            |held| format!("Meeting of {}", uk::day(held)),
        ),
        Node::MeetingItem(it) => format!("Item of the minutes: {}", it.title),
        Node::GoodPractice(it) => format!("Good practice: {}", it.title),
        Node::Group(it) => it.name.clone(),
        Node::Organisation(it) => it.name.clone(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_called_by_what_it_is_and_what_it_says() {
        let of = |node: serde_json::Value| {
            in_words(&serde_json::from_value(node).expect("something that has an id"))
        };
        let plan = serde_json::json!({ "id": "p" });
        let action = serde_json::json!({ "__typename": "Action", "text": "Agree a format", "actionPlan": plan });
        assert_eq!(of(action).as_deref(), Some("Action: Agree a format"));
        let told = format!(
            "{} and so on",
            "Eight, of all who were asked, have replied. ".repeat(4)
        );
        let update =
            serde_json::json!({ "__typename": "Update", "text": told, "actionPlan": plan });
        let heading = "Update: Eight, of all who were asked, have replied. Eight, of all who were asked, have…";
        assert_eq!(of(update).as_deref(), Some(heading));
        let met = serde_json::json!({ "__typename": "Meeting", "heldOn": "2007-09-24" });
        assert_eq!(of(met).as_deref(), Some("Meeting of 24 September 2007"));
        let theme = serde_json::json!({ "__typename": "Theme" });
        assert_eq!(of(theme), None);
    }

    #[test]
    fn a_thing_is_seen_at_its_place_on_its_page() {
        let of = |node: serde_json::Value| {
            let node = serde_json::from_value(node).expect("something that has an id");
            page(&node, ("north", "x"))
        };
        let action = serde_json::json!({ "__typename": "Action", "text": "Agree", "actionPlan": { "id": "p" } });
        assert_eq!(of(action).as_deref(), Some("/compacts/north/plans/p#a-x"));
        let item = serde_json::json!({ "__typename": "MeetingItem", "title": "AOB", "meeting": { "id": "m" } });
        let there = "/compacts/north/meetings/m#item-x";
        assert_eq!(of(item).as_deref(), Some(there));
        let group = serde_json::json!({ "__typename": "Group", "name": "Steering" });
        assert_eq!(of(group), None);
    }
}
