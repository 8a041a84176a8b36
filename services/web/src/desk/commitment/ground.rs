//! What each form of a commitment stands on ([`Ground`]): what it shows of the thing it changes, and what somebody typed of that, in the same
//! words, so that two versions stand beside each other where two people change the same.

use super::blanks::{aims, ticked};
use super::measure::MeasureStep;
use super::reading::ReadingStep;
use super::sheet::{Said, is_figure};
use super::step::Step;
use super::{Choosable, Commitment, Measure, Reading, day_or_none, or_none};
use crate::documents::words::{CommitmentStatus, Conclusion};
use crate::form::{DateField, Ground};
use crate::uk;

/// What the form of a step stands on.
pub fn of_step(step: Step, commitment: &Commitment) -> Ground {
    let ground = Ground::new(commitment.version);
    match step {
        Step::Reword => worded(ground, commitment),
        Step::Renumber => ground.and("ref", "Its number", &commitment.ref_),
        Step::Reclassify => ground
            .and("aims", "Aims", or_none(commitment.aims.join(", ")))
            .and("themes", "Themes", or_none(commitment.themes()))
            .and("groups", "Groups", or_none(commitment.groups())),
        Step::DueDate => {
            let due = day_or_none(commitment.due_on.as_ref());
            ground.and("dueOn", "Due", due)
        }
        Step::AddMeasure => measured(ground, commitment),
        Step::Agree | Step::Start | Step::Conclude | Step::Withdraw | Step::Reopen => {
            of_life(commitment)
        }
    }
}

/// What every form stands on that says how the whole of it goes on.
pub fn of_life(commitment: &Commitment) -> Ground {
    let ground = Ground::new(commitment.version);
    let ground = ground.and("state", "Where it stands", standing(commitment));
    let ground = measured(worded(ground, commitment), commitment);
    let report = commitment.latest_achievement.as_ref();
    let report = report.map_or_else(
        || "none".to_owned(),
        |last| {
            let on = uk::day(&last.reported_on);
            format!("{}, on {on}: {}", last.standing.words(), last.text)
        },
    );
    ground.and("report", "Last report", report)
}

/// What the form of a measure's step stands on.
pub fn of_measure(commitment: &Commitment, measure: &Measure) -> Ground {
    Ground::new(commitment.version)
        .and("target", "Target", measure.target())
        .and("dueOn", "Due", day_or_none(measure.due_on.as_ref()))
        .and("baseline", "Baseline", measure.baseline())
        .and("reading", "Last reading", measure.latest())
        .and(
            "state",
            "Whether it counts",
            match &measure.withdrawn {
                Some(ending) => format!("Withdrawn: {}", ending.reason),
                None => COUNTS.to_owned(),
            },
        )
}

/// What the form of a reading's step stands on.
pub fn of_reading(commitment: &Commitment, (measure, reading): (&Measure, &Reading)) -> Ground {
    let note = reading.note.clone().unwrap_or_default();
    Ground::new(commitment.version)
        .and("value", "Figure", measure.figure(&reading.value))
        .and("takenOn", "Counted on", uk::day(&reading.taken_on))
        .and("source", "Where it comes from", &reading.source)
        .and("note", "Note", or_none(note))
        .and(
            "state",
            "Whether it counts",
            match &reading.withdrawn {
                Some(ending) => format!("Taken back: {}", ending.reason),
                None => COUNTS.to_owned(),
            },
        )
}

/// What is said of a measure or a reading that nobody took back.
const COUNTS: &str = "It counts";

fn standing(commitment: &Commitment) -> String {
    let since = uk::day(&commitment.status_since);
    let why = commitment.status_changes.last();
    let why = why.and_then(|change| change.reason.as_ref());
    let stands = format!("{}, since {since}", commitment.status.words());
    why.map_or_else(|| stands.clone(), |why| format!("{stands}: {why}"))
}

fn worded(ground: Ground, commitment: &Commitment) -> Ground {
    let comment = commitment.comment.clone().unwrap_or_default();
    ground
        .and("title", "What is promised", &commitment.title)
        .and("comment", "What is said with it", comment)
}

fn measured(ground: Ground, commitment: &Commitment) -> Ground {
    let counting = commitment.measures.iter();
    let counting = counting.filter(|measure| measure.withdrawn.is_none());
    let each = counting.map(|measure| {
        let (target, latest) = (measure.target(), measure.latest());
        format!("{}: target {target}, last reading {latest}", measure.name)
    });
    let all: Vec<String> = each.collect();
    ground.and("measures", "Measured by", or_none(all.join("\n")))
}

/// What was typed of a part, where the form of a step asks for it.
pub fn typed_of_step(
    step: Step,
    said: &Said<'_>,
    (part, choices): (&str, Option<&Choosable>),
) -> Option<String> {
    let fields = said.fields;
    match (step, part) {
        (Step::Reword, "title") => Some(fields.some("title").unwrap_or_default()),
        (Step::Reword, "comment") => Some(fields.text("comment").unwrap_or_default()),
        (Step::Renumber, "ref") => Some(fields.some("ref").unwrap_or_default()),
        (Step::Reclassify, "aims") => Some(or_none(aims(fields).join(", "))),
        (Step::Reclassify, "themes") => Some(named(&ticked(fields, part), themes(choices))),
        (Step::Reclassify, "groups") => Some(named(&ticked(fields, part), groups(choices))),
        (Step::DueDate, "dueOn") => Some(day_typed(said, "dueOn")),
        (Step::AddMeasure, "measures") => Some(one_more(said, choices)),
        (Step::Agree, "state") => Some(CommitmentStatus::Agreed.words().to_owned()),
        (Step::Start, "state") => Some(CommitmentStatus::InProgress.words().to_owned()),
        (Step::Conclude, "state") => {
            let how = Conclusion::named(fields.one("conclusion"))?;
            Some(how.words().to_owned())
        }
        (Step::Withdraw, "state") => Some(format!("Withdrawn: {}", said.reason())),
        (Step::Reopen, "state") => Some(format!("Taken up again: {}", said.reason())),
        _ => None,
    }
}

/// What was typed of a part, where the form of a measure's step asks for it.
pub fn typed_of_measure(
    step: MeasureStep,
    measure: &Measure,
    (said, part): (&Said<'_>, &str),
) -> Option<String> {
    match (step, part) {
        (MeasureStep::Target, "target") => Some(figure_typed(measure, said, "target")),
        (MeasureStep::DueDate, "dueOn") => Some(day_typed(said, "dueOn")),
        (MeasureStep::Baseline, "baseline") => {
            let on = day_typed(said, "baselineOn");
            Some(match said.figure("baseline") {
                Some(_) => format!("{} on {on}", figure_typed(measure, said, "baseline")),
                None => format!("to be counted on {on}"),
            })
        }
        (MeasureStep::Withdraw, "state") => Some(format!("Withdrawn: {}", said.reason())),
        _ => None,
    }
}

/// What was typed of a part, where the form of a reading's step asks for it.
pub fn typed_of_reading(
    step: ReadingStep,
    measure: &Measure,
    (said, part): (&Said<'_>, &str),
) -> Option<String> {
    let fields = said.fields;
    match (step, part) {
        (ReadingStep::Correct, "value") => Some(figure_typed(measure, said, "value")),
        (ReadingStep::Correct, "takenOn") => Some(day_typed(said, "takenOn")),
        (ReadingStep::Correct, "source") => Some(fields.some("source").unwrap_or_default()),
        (ReadingStep::Correct, "note") => Some(or_none(fields.text("note").unwrap_or_default())),
        (ReadingStep::Withdraw, "state") => Some(format!("Taken back: {}", said.reason())),
        _ => None,
    }
}

/// A figure that was typed, in the measure's unit; as it was typed, where it is none.
fn figure_typed(measure: &Measure, said: &Said<'_>, name: &str) -> String {
    let typed = said.figure(name).filter(|typed| is_figure(typed));
    typed.map_or_else(
        || said.fields.one(name).to_owned(),
        |typed| measure.figure(&typed),
    )
}

/// A day that was typed, as days are told; as it was typed, where it is none.
fn day_typed(said: &Said<'_>, name: &str) -> String {
    if let Ok(day) = DateField::read(said.fields, name) {
        return day_or_none(day.as_ref());
    }
    let part = |part: &str| said.fields.one(&format!("{name}.{part}"));
    [part("day"), part("month"), part("year")].join(" ")
}

fn themes(choices: Option<&Choosable>) -> Vec<(&str, &str)> {
    let all = choices.and_then(|all| all.themes.as_ref());
    let all = all.map(|all| all.nodes.as_slice()).unwrap_or_default();
    let each = all.iter().map(|one| (one.code.as_str(), one.name.as_str()));
    each.collect()
}

fn groups(choices: Option<&Choosable>) -> Vec<(&str, &str)> {
    let all = choices.and_then(|all| all.compact.as_ref());
    let all = all.map(|all| all.groups.as_slice()).unwrap_or_default();
    let each = all.iter().map(|one| (one.id.as_str(), one.name.as_str()));
    each.collect()
}

/// What was ticked, by name.
fn named(ticked: &[String], known: Vec<(&str, &str)>) -> String {
    let names = known.into_iter();
    let names = names.filter(|(id, _)| ticked.iter().any(|one| one == id));
    let names: Vec<&str> = names.map(|(_, name)| name).collect();
    or_none(names.join(", "))
}

/// A measure that is to come to those there are.
fn one_more(said: &Said<'_>, choices: Option<&Choosable>) -> String {
    let known = choices.and_then(|all| all.indicators.as_ref());
    let known = known.map(|all| all.nodes.as_slice()).unwrap_or_default();
    let counted = known
        .iter()
        .find(|one| one.id == said.fields.one("indicatorId"));
    let name = counted.map_or("Nothing chosen", |one| one.name.as_str());
    let target = said.figure("target").map(|target| uk::number(&target));
    format!(
        "One more: {name}, target {}",
        or_none(target.unwrap_or_default())
    )
}
