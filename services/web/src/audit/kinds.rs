//! What can have happened, as somebody who looks for it would say: each with the types of entry that tell of it.

use crate::form::Choice;

/// A kind of thing that happens.
struct Kind {
    /// As addresses name it.
    name: &'static str,
    /// As it is said.
    words: &'static str,
    /// The types of entry that tell of it.
    types: &'static [&'static str],
}

const KINDS: [Kind; 13] = [
    Kind {
        name: "dropped",
        words: "An action or objective was dropped or merged",
        types: &[
            "action_plan.action_dropped",
            "action_plan.action_merged",
            "action_plan.objective_dropped",
        ],
    },
    Kind {
        name: "rescheduled",
        words: "An action was rescheduled",
        types: &["action_plan.action_rescheduled"],
    },
    Kind {
        name: "actions",
        words: "An action was set, moved on, completed or given to somebody else",
        types: &[
            "action_plan.action_set",
            "action_plan.action_progressed",
            "action_plan.action_completed",
            "action_plan.action_reassigned",
            "action_plan.action_reworded",
            "action_plan.action_reopened",
        ],
    },
    Kind {
        name: "updates",
        words: "An update was given or corrected",
        types: &[
            "action_plan.update_recorded",
            "action_plan.update_corrected",
            "action_plan.update_withdrawn",
        ],
    },
    Kind {
        name: "targets",
        words: "A target, baseline or due date was changed",
        types: &[
            "commitment.target_changed",
            "commitment.baseline_set",
            "commitment.due_date_changed",
            "commitment.measure_added",
            "commitment.measure_due_date_changed",
            "commitment.measure_withdrawn",
        ],
    },
    Kind {
        name: "figures",
        words: "A figure or a report was given, corrected or taken back",
        types: &[
            "commitment.reading_recorded",
            "commitment.reading_corrected",
            "commitment.reading_withdrawn",
            "commitment.achievement_reported",
            "commitment.achievement_corrected",
            "commitment.achievement_withdrawn",
            "commitment.evidence_attached",
            "commitment.evidence_withdrawn",
        ],
    },
    Kind {
        name: "promises",
        words: "A commitment was proposed, agreed, concluded or carried forward",
        types: &[
            "commitment.proposed",
            "commitment.agreed",
            "commitment.started",
            "commitment.concluded",
            "commitment.carried_forward",
            "commitment.withdrawn",
            "commitment.reopened",
            "commitment.reworded",
            "commitment.renumbered",
            "commitment.reclassified",
        ],
    },
    Kind {
        name: "meetings",
        words: "A meeting was called, moved, held or called off",
        types: &[
            "meeting.called",
            "meeting.rearranged",
            "meeting.agenda_set",
            "meeting.cancelled",
            "meeting.held",
        ],
    },
    Kind {
        name: "minutes",
        words: "Minutes were taken, corrected, circulated or agreed",
        types: &[
            "meeting.attendance_taken",
            "meeting.corrected",
            "meeting.item_minuted",
            "meeting.item_corrected",
            "meeting.minutes_circulated",
            "meeting.minutes_agreed",
            "meeting.noted_since",
        ],
    },
    Kind {
        name: "released",
        words: "Something was released, or taken back",
        types: &[
            "commitment.visibility_changed",
            "action_plan.visibility_changed",
            "meeting.visibility_changed",
            "good_practice.visibility_changed",
            "adoption.visibility_changed",
            "assessment.visibility_changed",
        ],
    },
    Kind {
        name: "judged",
        words: "An outcome was assessed, challenged or answered for",
        types: &[
            "assessment.made",
            "assessment.revised",
            "assessment.challenged",
            "assessment.answered",
            "assessment.withdrawn",
        ],
    },
    Kind {
        name: "redacted",
        words: "A person was erased or a text blacked out",
        types: &[
            "person.erased",
            "commitment.text_redacted",
            "action_plan.text_redacted",
            "compact.text_redacted",
            "meeting.text_redacted",
            "good_practice.text_redacted",
            "adoption.text_redacted",
            "assessment.text_redacted",
            "region.text_redacted",
        ],
    },
    Kind {
        name: "roles",
        words: "A role was given or ended",
        types: &["region.role_granted", "region.role_ended"],
    },
];

/// The choices, with everything first.
pub fn choices() -> Vec<Choice> {
    let all = [Choice::new("", "Anything")];
    let kinds = KINDS.iter().map(|kind| Choice::new(kind.name, kind.words));
    all.into_iter().chain(kinds).collect()
}

/// The types of entry that tell of what an address names; none where it names nothing.
pub fn types(name: &str) -> Option<Vec<String>> {
    let kind = KINDS.iter().find(|kind| kind.name == name)?;
    Some(kind.types.iter().map(|it| (*it).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_asked_for_is_one_that_is_recorded() {
        let golden = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../crates/domain/tests/golden"
        );
        let files = std::fs::read_dir(golden).expect("the golden files");
        let names: Vec<String> = files
            .map(|file| {
                file.expect("a file")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        assert!(names.len() > 50, "{}", names.len());
        for wanted in KINDS.iter().flat_map(|kind| kind.types) {
            let known = names
                .iter()
                .any(|name| name.starts_with(&format!("{wanted}.v")));
            assert!(known, "no {wanted} is ever recorded");
        }
        assert_eq!(types("nothing"), None);
    }

    #[test]
    fn the_kinds_that_sentences_of_other_pages_lead_to_are_there() {
        for name in ["targets", "figures", "promises"] {
            assert!(types(name).is_some(), "{name}");
        }
    }
}
