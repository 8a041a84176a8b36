//! The entries of good practice in words, and those of its adoption.

use domain::adoption::{PracticeAdapted, PracticeAdopted};
use domain::good_practice::{PracticeFact, PracticeRevised, PracticeTerms};
use domain::{AdoptionEvent, GoodPracticeEvent, Text};
use ledger::Entry;
use uuid::Uuid;

use super::phrase::{because, because_maybe, ended, let_out, listed, quoted, redacted};
use super::{Said, Subject, SubjectKind};

pub(super) fn say(event: &GoodPracticeEvent, entry: &Entry) -> Said {
    let practice = Subject {
        kind: SubjectKind::GoodPractice,
        id: entry.recorded.stream.id,
    };
    let text = match event {
        GoodPracticeEvent::Written(e) => written(&e.terms),
        GoodPracticeEvent::Revised(e) => revised(e),
        GoodPracticeEvent::Withdrawn(e) => {
            because("The good practice was withdrawn", e.reason.shown())
        }
        GoodPracticeEvent::VisibilityChanged(e) => let_out("The good practice", e),
        GoodPracticeEvent::Asked(e) => format!("{} asked: {}", e.by.name, ended(e.text.shown())),
        GoodPracticeEvent::Answered(e) => {
            format!("A question was answered: {}", ended(e.text.shown()))
        }
        GoodPracticeEvent::Thanked(e) => {
            format!("{} gave thanks: {}", e.by.name, ended(e.text.shown()))
        }
        GoodPracticeEvent::TextRedacted(e) => redacted(e),
    };
    let said = Said::new(text, practice);
    match event {
        GoodPracticeEvent::Written(e) => said.and_all(SubjectKind::Organisation, whose(&e.terms)),
        GoodPracticeEvent::Revised(e) => said
            .and_all(SubjectKind::Organisation, whose(&e.from))
            .and_all(SubjectKind::Organisation, whose(&e.to)),
        GoodPracticeEvent::Asked(e) => said
            .and(SubjectKind::PracticeQuestion, e.question_id.uuid())
            .and(SubjectKind::Compact, e.by.id.uuid()),
        GoodPracticeEvent::Answered(e) => {
            said.and(SubjectKind::PracticeQuestion, e.question_id.uuid())
        }
        GoodPracticeEvent::Thanked(e) => said.and(SubjectKind::Compact, e.by.id.uuid()),
        _ => said,
    }
}

fn whose(terms: &PracticeTerms) -> Option<Uuid> {
    terms.organisation.as_ref().map(|it| it.id.uuid())
}

fn written(terms: &PracticeTerms) -> String {
    let whose = match &terms.organisation {
        Some(organisation) => format!("A good practice of {}", organisation.name),
        None => "A good practice of the compact".to_owned(),
    };
    let (title, summary) = (quoted(&terms.title), ended(terms.summary.shown()));
    format!("{whose} was written down, {title}: {summary}")
}

/// "Version 2 was written, with another title and summary. The length was changed: people asked for more."
fn revised(e: &PracticeRevised) -> String {
    let (from, to) = (&e.from, &e.to);
    let parts = [
        ("title", from.title != to.title),
        ("theme", from.theme != to.theme),
        ("organisation", whose(from) != whose(to)),
        ("summary", from.summary != to.summary),
        ("contact", from.contact != to.contact),
        ("evidence", from.evidence != to.evidence),
        ("set of documents", from.documents != to.documents),
    ];
    let changed = parts.into_iter().filter(|(_, differs)| *differs);
    let changed: Vec<String> = changed.map(|(what, _)| what.to_owned()).collect();
    let sentence = format!(
        "Version {} was written, with another {}",
        e.version,
        listed(&changed)
    );
    let sentence = match &e.changed {
        Some(said) => format!("{sentence} (“{}”)", said.shown()),
        None => sentence,
    };
    because_maybe(&sentence, e.reason.as_ref().map(Text::shown))
}

pub(super) fn say_adoption(event: &AdoptionEvent, entry: &Entry) -> Said {
    let adoption = Subject {
        kind: SubjectKind::Adoption,
        id: entry.recorded.stream.id,
    };
    let text = match event {
        AdoptionEvent::Adopted(e) => adopted(e),
        AdoptionEvent::Adapted(e) => adapted(e),
        AdoptionEvent::ResultReported(e) => format!("It went so: {}", ended(e.text.shown())),
        AdoptionEvent::Withdrawn(e) => because("It was given up", e.reason.shown()),
        AdoptionEvent::VisibilityChanged(e) => let_out("That it was taken up", e),
        AdoptionEvent::TextRedacted(e) => redacted(e),
    };
    let said = Said::new(text, adoption);
    match event {
        AdoptionEvent::Adopted(e) => {
            let organisation = e.organisation.iter().map(|it| it.id.uuid());
            said.and_all(SubjectKind::Organisation, organisation)
                .and(SubjectKind::Compact, e.from.id.uuid())
                .and(SubjectKind::GoodPractice, e.practice.id.uuid())
        }
        AdoptionEvent::Adapted(e) => {
            let named = e.following.iter().chain(&e.written_as);
            said.and_all(SubjectKind::GoodPractice, named.map(|it| it.id.uuid()))
        }
        _ => said,
    }
}

/// "Derby City Council took up “E&D at induction” of New College Stamford (Lincolnshire Compact, version 1)."
fn adopted(e: &PracticeAdopted) -> String {
    let who = e.organisation.as_ref().map_or(&e.by.name, |it| &it.name);
    let whose = e.practice.organisation.as_ref();
    let credit = match whose {
        Some(organisation) => format!("of {} ({}, ", organisation.name, e.from.name),
        None => format!("({}, ", e.from.name),
    };
    let title = quoted(&e.practice.title);
    let version = e.practice.version;
    let sentence = format!("{who} took up {title} {credit}version {version})");
    because_maybe(&sentence, e.note.as_ref().map(Text::shown))
}

fn adapted(e: &PracticeAdapted) -> String {
    let named = |fact: &PracticeFact| quoted(&fact.title);
    let following = e.following.as_ref();
    let following =
        following.map(|it| format!("It follows version {} of the source now. ", it.version));
    let written = e.written_as.as_ref();
    let written = written.map(|it| format!(" It is written down as {}.", named(it)));
    format!(
        "{}It was changed to fit: {}{}",
        following.unwrap_or_default(),
        ended(e.changed.shown()),
        written.unwrap_or_default()
    )
}
