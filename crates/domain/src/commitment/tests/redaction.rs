//! A text is redacted, wherever the commitment stands.

use super::*;

#[test]
fn a_text_is_redacted_while_it_is_a_draft_and_after_it_was_withdrawn() {
    let withdrawn = CommitmentWithdrawn {
        reason: "the fund closed".into(),
    };
    for lived in [a_draft(), a_promise(), and(a_draft(), 9, withdrawn)] {
        let asked = on(10, redact(" names somebody "));
        accepts(lived, asked, &[redacted("names somebody").into()]);
    }
}

#[test]
fn a_redaction_needs_a_reason_and_a_commitment_that_was_there_that_day() {
    refuses(a_draft(), on(10, redact(" ")), no_reason());
    refuses(
        vec![],
        on(10, redact("names somebody")),
        CommitmentError::NotProposed,
    );
    let proposed_on = a_draft()[0].occurred_on;
    let before = proposed_on.pred_opt().expect("a day");
    let asked = Directed {
        occurred_on: before,
        ..on(10, redact("names somebody"))
    };
    let what = "this commitment was proposed on";
    let on = proposed_on;
    refuses(a_draft(), asked, TooEarly { what, on });
}
