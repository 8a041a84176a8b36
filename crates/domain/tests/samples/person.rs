//! Samples of a person's events.

use domain::person::{PersonCorrected, PersonEntered, PersonErased, PersonEvent, PersonTerms};

use super::{college, redacted};

fn terms(name: &str) -> PersonTerms {
    PersonTerms {
        name: name.into(),
        position: Some("Head of Learning and Development".into()),
        organisation: Some(college()),
        email: Some("learning@example.org".into()),
        telephone: Some("01522 555010 ext 4".into()),
    }
}

pub fn person() -> Vec<PersonEvent> {
    vec![
        PersonEntered {
            person: terms("The head of learning"),
        }
        .into(),
        PersonCorrected {
            from: terms("The head of learning"),
            to: terms("The new head of learning"),
            reason: "The college has a new one".into(),
        }
        .into(),
        PersonErased {
            reason: "Asked to be erased on leaving".into(),
        }
        .into(),
        redacted().into(),
    ]
}
