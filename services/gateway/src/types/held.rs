//! What is held about a person, as one document that they can take away and read.

use domain::Text;
use domain::person::PersonTerms;
use serde_json::{Value, json};
use views::{Held, HistoryLine, Stamp};

/// The document.
pub fn document(held: &Held) -> Value {
    let person = &held.person;
    let changes = person.terms.iter().flat_map(|terms| &terms.changes);
    let changes = changes.map(|change| {
        json!({
            "from": terms(&change.from),
            "to": terms(&change.to),
            "reason": change.reason.as_ref().map(Text::shown),
            "made": stamp(&change.made),
        })
    });
    let erased = person
        .erased
        .as_ref()
        .map(|erased| json!({ "reason": erased.reason.shown(), "made": stamp(&erased.made) }));
    json!({
        "person": person.id,
        "said": person.terms.as_ref().map(|said| terms(&said.current)),
        "changes": changes.collect::<Vec<_>>(),
        "entered": stamp(&person.entered),
        "erased": erased,
        "entries": held.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn terms(terms: &PersonTerms) -> Value {
    json!({
        "name": terms.name.shown(),
        "position": terms.position.as_ref().map(Text::shown),
        "organisation": terms.organisation.as_ref().map(|organisation| &organisation.name),
        "email": terms.email.as_ref().map(Text::shown),
        "telephone": terms.telephone.as_ref().map(Text::shown),
    })
}

fn stamp(stamp: &Stamp) -> Value {
    json!({
        "occurredOn": stamp.on,
        "recordedAt": stamp.recorded_at,
        "position": stamp.position,
    })
}

fn entry(line: &HistoryLine) -> Value {
    let recorded = &line.recorded;
    let texts = line.texts.iter().filter_map(|text| text.says.as_deref());
    json!({
        "position": recorded.position,
        "occurredOn": recorded.occurred_on,
        "recordedAt": recorded.recorded_at,
        "meetingHeldOn": recorded.meeting.map(|meeting| meeting.held_on),
        "type": line.kind,
        "text": line.text,
        "texts": texts.collect::<Vec<_>>(),
    })
}
