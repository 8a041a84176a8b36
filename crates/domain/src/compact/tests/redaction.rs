//! A text is redacted, in a compact that another carries on too.

use super::*;

#[test]
fn a_text_is_redacted_while_the_compact_is_at_work_and_after_it_was_succeeded() {
    let succeeded = CompactSucceeded {
        by: compact(2),
        reason: WHY.into(),
    };
    for lived in [a_compact(), and(a_compact(), 9, succeeded)] {
        let asked = on(10, redact(" names somebody "));
        accepts(lived, asked, redacted("names somebody"));
    }
}

#[test]
fn a_redaction_needs_a_reason_and_a_compact_that_was_there_that_day() {
    refuses(a_compact(), on(10, redact(" ")), no_reason());
    refuses(
        vec![],
        on(10, redact("names somebody")),
        CompactError::NotEstablished,
    );
    refuses(
        a_compact(),
        on(1, redact("names somebody")),
        too_early("this compact's record begins on", 2),
    );
}
