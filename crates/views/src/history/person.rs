//! A person's entries in words: that they were entered, what was put right, that they were erased. How they are reached is
//! never told.

use domain::PersonEvent;
use domain::person::{PersonCorrected, PersonTerms};
use ledger::Entry;

use super::phrase::{because, ended, redacted};
use super::{Said, Subject, SubjectKind};

pub(super) fn say(event: &PersonEvent, entry: &Entry) -> Said {
    let person = Subject {
        kind: SubjectKind::Person,
        id: entry.recorded.stream.id,
    };
    let text = match event {
        PersonEvent::Entered(e) => {
            format!(
                "A person was written down: {}",
                ended(e.person.name.shown())
            )
        }
        PersonEvent::Corrected(e) => because(&corrected(e), e.reason.shown()),
        PersonEvent::Erased(e) => because("The person was erased", e.reason.shown()),
        PersonEvent::TextRedacted(e) => redacted(e),
    };
    let organisations = organisations(event).into_iter();
    Said::new(text, person).and_all(SubjectKind::Organisation, organisations)
}

/// "What is said of the clerk was put right: their name, their job title".
fn corrected(e: &PersonCorrected) -> String {
    let (from, to) = (&e.from, &e.to);
    let organisation = |terms: &PersonTerms| terms.organisation.as_ref().map(|it| it.id);
    let parts = [
        ("name", from.name != to.name),
        ("job title", from.position != to.position),
        ("organisation", organisation(from) != organisation(to)),
        ("e-mail address", from.email != to.email),
        ("telephone number", from.telephone != to.telephone),
    ];
    let put_right = parts.into_iter().filter(|(_, differs)| *differs);
    let put_right: Vec<&str> = put_right.map(|(what, _)| what).collect();
    let name = to.name.shown();
    format!(
        "What is said of {name} was put right ({})",
        put_right.join(", ")
    )
}

fn organisations(event: &PersonEvent) -> Vec<uuid::Uuid> {
    let terms = match event {
        PersonEvent::Entered(e) => vec![&e.person],
        PersonEvent::Corrected(e) => vec![&e.from, &e.to],
        PersonEvent::Erased(_) | PersonEvent::TextRedacted(_) => Vec::new(),
    };
    let named = terms.into_iter().filter_map(|it| it.organisation.as_ref());
    named.map(|organisation| organisation.id.uuid()).collect()
}
