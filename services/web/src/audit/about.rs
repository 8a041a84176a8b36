//! What a record is of, in words: the one thing that somebody came here to be told about.

use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Session};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::uk;
use crate::visit::Web;

document!(AuditAbout, "documents/audit-about.graphql");

use audit_about::AuditAboutNode as Node;

/// What a thing is called; none where whoever looks does not see it by itself.
///
/// # Errors
/// When the schema does not answer.
pub async fn called(web: &Web, looker: &Looker, id: &str) -> Result<Option<String>, Instead> {
    let variables = audit_about::Variables { id: id.to_owned() };
    let answer = ask::<AuditAbout>(&web.gateway, variables, looker.caller()).await?;
    Ok(answer.node.and_then(|node| in_words(&node)))
}

/// As much of a text as a heading has room for: the text itself stands below, in the entry that records it.
fn beginning(text: &str) -> String {
    const LETTERS: usize = 80;
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
        let action = serde_json::json!({ "__typename": "Action", "text": "Agree a format" });
        assert_eq!(of(action).as_deref(), Some("Action: Agree a format"));
        let told = format!(
            "{} and so on",
            "Eight, of all who were asked, have replied. ".repeat(4)
        );
        let update = serde_json::json!({ "__typename": "Update", "text": told });
        let heading = "Update: Eight, of all who were asked, have replied. Eight, of all who were asked, have…";
        assert_eq!(of(update).as_deref(), Some(heading));
        let met = serde_json::json!({ "__typename": "Meeting", "heldOn": "2007-09-24" });
        assert_eq!(of(met).as_deref(), Some("Meeting of 24 September 2007"));
        let theme = serde_json::json!({ "__typename": "Theme" });
        assert_eq!(of(theme), None);
    }
}
