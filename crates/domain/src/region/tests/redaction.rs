//! A text of the register is redacted.

use super::*;

#[test]
fn a_text_of_the_register_is_redacted() {
    let asked = on(10, redact(" names somebody "));
    accepts(a_region(), asked, redacted("names somebody"));
}

#[test]
fn a_redaction_needs_a_reason_and_a_region_that_was_there_that_day() {
    refuses(a_region(), on(10, redact(" ")), no_reason());
    refuses(
        vec![],
        on(10, redact("names somebody")),
        RegionError::NotEstablished,
    );
    refuses(
        a_region(),
        on(1, redact("names somebody")),
        too_early("this region's record begins on", 2),
    );
}
