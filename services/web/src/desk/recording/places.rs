//! Where in the form of a meeting each place of the command that records it was typed: what the schema says is wrong is told there.

use crate::form::Problems;

/// Places of the command, each with its place in the form.
#[derive(Default)]
pub struct Places(Vec<(String, String)>);

impl Places {
    /// One more: this place of the command was typed in this row.
    pub fn add(&mut self, place: impl Into<String>, row: impl Into<String>) {
        self.0.push((place.into(), row.into()));
    }

    /// What the schema says is wrong, each at the field it was typed in.
    pub fn typed_at(&self, problems: Problems) -> Problems {
        problems.renamed(|place| {
            let longest = self
                .0
                .iter()
                .filter(|(known, _)| {
                    place
                        .strip_prefix(known.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
                .max_by_key(|(known, _)| known.len());
            let (row, rest) = longest.map_or(("", place), |(known, row)| {
                let rest = place[known.len()..].trim_start_matches('.');
                (row.as_str(), rest)
            });
            let field = field_of(row, rest);
            match row {
                "" => field,
                row => format!("{row}.{field}"),
            }
        })
    }
}

/// The field of a row in which a place of the command was typed.
fn field_of(row: &str, rest: &str) -> String {
    let list = row.rsplit('.').nth(1).unwrap_or_default();
    let name = rest.rsplit('.').next().unwrap_or_default();
    let field = match (list, name) {
        (_, "dueOn") => "due",
        ("changes", "note" | "reason") => "reason",
        ("changes", "actionId" | "objectiveId") => "of",
        ("changes" | "actions", "timescale") => "timescale.text",
        ("changes" | "actions", "text") if rest.contains("timescale") => "timescale.text",
        ("changes", "text" | "owner") => name,
        ("changes", _) => "what",
        ("actions", "objectiveId" | "newObjective" | "ref" | "actionPlanId") => "objective",
        ("updates", _) if rest.starts_with("objectiveIds") => "objectiveIds",
        ("actions" | "updates", "") => "text",
        ("attendance" | "others", _) => "who",
        ("items", "") => "title",
        ("", "next") => "next.words",
        ("", "meetingId" | "groupId" | "occurredOn" | "on") if rest != "next.on" => "occurredOn",
        _ => rest,
    };
    field.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_the_command_is_found_in_the_form() {
        assert_eq!(field_of("items.1", ""), "title");
        assert_eq!(
            field_of("items.1.actions.0", "timescale.text"),
            "timescale.text"
        );
        assert_eq!(field_of("items.1.actions.0", "timescale.dueOn"), "due");
        let change = "items.0.updates.2.changes.1";
        assert_eq!(field_of(change, "rescheduleAction.reason"), "reason");
        assert_eq!(
            field_of(change, "rescheduleAction.timescale"),
            "timescale.text"
        );
        assert_eq!(field_of(change, "rewordAction.text"), "text");
        assert_eq!(
            field_of("items.0.updates.2", "objectiveIds.1"),
            "objectiveIds"
        );
        assert_eq!(field_of("", "occurredOn"), "occurredOn");
        assert_eq!(field_of("", "next.on"), "next.on");
    }
}
