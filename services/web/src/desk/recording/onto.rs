//! What is so from the moment a meeting is recorded, though its minutes are a draft: what it says of a plan stands in that plan at once, and
//! whoever reads the plan reads it. It is said before it is recorded, by plan.

use std::fmt;

use super::command::record_meeting::RecordMeetingInput;
use super::ground::{Ground, Plan};
use crate::documents::words::Visibility;
use crate::uk;

/// What goes onto one plan.
pub struct Onto<'g> {
    plan: &'g Plan,
    updates: usize,
    actions: usize,
}

impl<'g> Onto<'g> {
    /// What a meeting puts onto each plan, in the order it speaks of them.
    pub fn all(ground: &'g Ground, input: &RecordMeetingInput) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for item in &input.items {
            for update in &item.updates {
                let mut plans = ground.plans.iter();
                if let Some(plan) = plans.find(|plan| plan.id == update.action_plan_id) {
                    Self::of(&mut all, plan).updates += 1;
                }
            }
            for action in &item.actions {
                let served = action.objective_id.as_ref();
                let plan = served.map_or(Some(&ground.of_meetings), |id| ground.plan_of(id));
                if let Some(plan) = plan {
                    Self::of(&mut all, plan).actions += 1;
                }
            }
        }
        all
    }

    /// What goes onto this plan; nothing yet, where it was not spoken of.
    fn of<'a>(all: &'a mut Vec<Self>, plan: &'g Plan) -> &'a mut Self {
        let known = all.iter().position(|one| one.plan.id == plan.id);
        let at = known.unwrap_or_else(|| {
            all.push(Self {
                plan,
                updates: 0,
                actions: 0,
            });
            all.len() - 1
        });
        &mut all[at]
    }

    fn what(&self) -> String {
        let updates = || uk::count(self.updates, "update", "updates");
        let actions = || uk::count(self.actions, "new action", "new actions");
        match (self.updates, self.actions) {
            (_, 0) => updates(),
            (0, _) => actions(),
            _ => format!("{} and {}", updates(), actions()),
        }
    }
}

/// "1 update goes onto the Learning and Development action plan at once, which the public reads."
impl fmt::Display for Onto<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let go = if self.updates + self.actions == 1 {
            "goes"
        } else {
            "go"
        };
        let title = &self.plan.title;
        let onto = if title.to_lowercase().ends_with("plan") {
            format!("the {title}")
        } else {
            format!("the plan “{title}”")
        };
        let readers = match self.plan.visibility {
            Visibility::Draft => {
                "which only your compact’s secretariat and group leads read until you publish it"
            }
            Visibility::Compact => {
                "which everybody who works in your compact reads, and nobody else until you publish it"
            }
            Visibility::Region => "which your compact, the funder and the other compacts read",
            Visibility::Public => "which the public reads",
        };
        write!(f, "{} {go} onto {onto} at once, {readers}.", self.what())
    }
}

/// Who reads the minutes of a meeting that is let out so far, from the moment it is recorded.
pub const fn of_minutes(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Draft => {
            "The minutes are a draft, which only your compact’s secretariat and group leads read until you publish the meeting."
        }
        Visibility::Compact => {
            "The minutes are a draft, but everybody who works in your compact reads them at once: the meeting is let out that far already."
        }
        Visibility::Region => {
            "The minutes are a draft, but your compact, the funder and the other compacts read them at once: the meeting is let out that far already."
        }
        Visibility::Public => {
            "The minutes are a draft, but the public reads them at once: the meeting is public already."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::command::Written;
    use super::super::ground::Objective;
    use super::*;
    use crate::form::Fields;

    fn plan(id: &str, title: &str, visibility: Visibility) -> Plan {
        let objective = Objective {
            id: format!("{id}-1"),
            label: "1".to_owned(),
            title: "Something".to_owned(),
            actions: Vec::new(),
        };
        Plan {
            id: id.to_owned(),
            title: title.to_owned(),
            visibility,
            own: true,
            objectives: vec![objective],
        }
    }

    fn ground() -> Ground {
        let mut ground = Ground::bare("g", ("g".to_owned(), "A group".to_owned()));
        let title = "Learning and Development action plan";
        ground.plans = vec![plan("ld", title, Visibility::Public)];
        ground
    }

    #[test]
    fn what_goes_onto_a_plan_at_once_is_told_by_plan_with_who_reads_it() {
        let ground = ground();
        let typed = Fields::from_iter([
            ("items.0.title", "The plan"),
            ("items.0.updates.0.text", "It went well."),
            ("items.0.updates.0.objectiveIds", "ld-1"),
            ("items.0.actions.0.text", "Write to them"),
            ("items.0.actions.0.objective", "ld-1"),
            ("items.1.title", "Another thing"),
            ("items.1.actions.0.text", "Ask the college"),
            ("items.1.actions.0.objective", "new"),
        ]);
        let (_, input) = Written::of(&typed, &ground);
        let all = Onto::all(&ground, &input);
        let told: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "1 update and 1 new action go onto the Learning and Development action plan at once, which the public reads.",
                "1 new action goes onto the plan “Actions from meetings” at once, which only your compact’s secretariat and group leads read until you publish it.",
            ]
        );
    }
}
