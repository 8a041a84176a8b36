//! An assessment's or a challenge's entries in words: they say everything themselves.

use domain::AssessmentEvent;
use domain::Role;
use domain::assessment::{About, AssessmentRevised, Judgement, OutcomeChallenged};
use domain::commitment::Outcome;
use ledger::Entry;

use super::phrase::{because, ended, let_out, quoted, redacted};
use super::{Said, Subject, SubjectKind};

pub(super) fn say(event: &AssessmentEvent, entry: &Entry) -> Said {
    let own = Subject {
        kind: SubjectKind::Assessment,
        id: entry.recorded.stream.id,
    };
    let by = by(&entry.recorded.role);
    match event {
        AssessmentEvent::Made(e) => {
            let (about, judged) = (about(&e.about), judged(&e.judgement));
            let text = ended(&format!("{by} assessed {about}: {judged}"));
            concerning(Said::new(text, own), &e.about)
        }
        AssessmentEvent::Challenged(e) => {
            let said = Said::new(ended(&challenged(&by, e)), own);
            concerning(said, &e.about)
        }
        AssessmentEvent::Revised(e) => Said::new(because(&revised(e), e.reason.shown()), own),
        AssessmentEvent::Answered(e) => {
            let text = format!("{by} answered the challenge: {}", ended(e.text.shown()));
            Said::new(text, own)
        }
        AssessmentEvent::Withdrawn(e) => {
            Said::new(because("It was withdrawn", e.reason.shown()), own)
        }
        AssessmentEvent::VisibilityChanged(e) => Said::new(let_out("It", e), own),
        AssessmentEvent::TextRedacted(e) => Said::new(redacted(e), own),
    }
}

fn concerning(said: Said, about: &About) -> Said {
    let said = said
        .and(SubjectKind::Compact, about.compact_id.uuid())
        .and(SubjectKind::Commitment, about.commitment_id.uuid());
    match about.outcome {
        Some(Outcome::Reading(id)) => said.and(SubjectKind::Reading, id.uuid()),
        Some(Outcome::Achievement(id)) => said.and(SubjectKind::Achievement, id.uuid()),
        None => said,
    }
}

/// "The funder", or whoever did it.
fn by(role: &str) -> String {
    let known = Role::ALL.into_iter().find(|it| it.as_str() == role);
    known.map_or_else(
        || "The installation".to_owned(),
        |role| format!("The {}", role.words()),
    )
}

/// "a reading of commitment 1 of 2009-10, as it stood at entry 71".
fn about(about: &About) -> String {
    let what = match about.outcome {
        Some(Outcome::Reading(_)) => "a reading of ",
        Some(Outcome::Achievement(_)) => "a report on ",
        None => "",
    };
    let About {
        label,
        session,
        position,
        ..
    } = about;
    format!("{what}commitment {label} of {session}, as it stood at entry {position}")
}

/// "partly achieved, with medium confidence, “Half of it is there.”".
fn judged(judgement: &Judgement) -> String {
    let Judgement {
        completion,
        confidence,
        comment,
    } = judgement;
    let (completion, confidence) = (completion.words(), confidence.words());
    format!(
        "{completion}, with {confidence} confidence, {}",
        quoted(comment.shown())
    )
}

fn challenged(by: &str, e: &OutcomeChallenged) -> String {
    let (about, comment) = (about(&e.about), quoted(e.comment.shown()));
    match e.found {
        Some(found) => format!("{by} challenged {about}, and found {found}: {comment}"),
        None => format!("{by} challenged {about}: {comment}"),
    }
}

fn revised(e: &AssessmentRevised) -> String {
    let (from, to) = (judged(&e.from), judged(&e.to));
    format!("The assessment was revised from {from} to {to}")
}
