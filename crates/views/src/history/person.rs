//! A person's entries in words: that they were entered, what was put right, that they were erased. How they are reached is
//! never told, and whoever is not told of people reads that it happened and neither to whom nor why.

use domain::person::{PersonCorrected, PersonTerms};
use domain::{PersonEvent, Text};
use ledger::Entry;

use super::phrase::because_maybe;
use super::{Said, Subject, SubjectKind};

pub(super) fn say(event: &PersonEvent, entry: &Entry) -> Said {
    let person = Subject {
        kind: SubjectKind::Person,
        id: entry.recorded.stream.id,
    };
    let (sentence, said) = match event {
        PersonEvent::Entered(e) => ("A person was written down".to_owned(), &e.person.name),
        PersonEvent::Corrected(e) => (corrected(e), &e.reason),
        PersonEvent::Erased(e) => ("The person was erased".to_owned(), &e.reason),
        PersonEvent::TextRedacted(e) => ("Redacted a text".to_owned(), &e.reason),
    };
    let text = because_maybe(&sentence, opened(said));
    let organisations = organisations(event).into_iter();
    Said::new(text, person).and_all(SubjectKind::Organisation, organisations)
}

/// What a text says to whoever may be told.
fn opened(text: &Text) -> Option<&str> {
    (!text.is_closed()).then(|| text.shown())
}

/// "What is said of the clerk was put right (name, job title)".
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
    let name = opened(&to.name).unwrap_or("a person");
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
