//! A text is redacted, whatever became of what it was said of.

use super::*;

#[test]
fn a_text_is_redacted_while_its_objective_is_live_and_after_it_was_dropped() {
    for history in [plan(), plan_and(objective_dropped(1))] {
        accepts(
            history,
            redact(" names somebody "),
            vec![redacted("names somebody")],
        );
    }
}

#[test]
fn a_redaction_needs_a_reason_and_a_plan_that_was_there_that_day() {
    refuses(plan(), redact(" "), reason_missing());
    refuses(vec![], redact("names somebody"), ActionPlanError::NotSet);
    let set_on = july(27);
    refuses_on(
        july(26),
        plan(),
        redact("names somebody"),
        ActionPlanError::BeforePlan { set_on },
    );
}
