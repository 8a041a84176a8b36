//! A commitment's entries in words.

use domain::CommitmentEvent;
use domain::Evidence;
use domain::Text;
use domain::commitment::{
    AchievementCorrected, AchievementReported, AchievementTerms, AchievementWithdrawn, Baseline,
    BaselineSet, Classification, CommitmentCarriedForward, CommitmentProposed,
    CommitmentReclassified, CommitmentReworded, Conclusion, DueDateChanged, EvidenceAttached,
    EvidenceWithdrawn, MeasureAdded, Outcome, ReadingCorrected, ReadingRecorded, ReadingTerms,
    ReadingWithdrawn, Standing, Status, TargetChanged,
};
use domain::facts::CommitmentFact;
use domain::figure::MeasureKind;
use domain::ids::{EvidenceId, MeasureId};
use ledger::Entry;

use super::phrase::{
    Counted, because, because_maybe, day, day_or_none, ended, let_out, listed, quoted, redacted,
};
use super::{Names, Said, Subject, SubjectKind};
use crate::CommitmentView;

/// The commitment as it was called once an entry had been recorded.
struct Teller<'a> {
    view: Option<&'a CommitmentView>,
    entry: &'a Entry,
}

pub(super) fn say(event: &CommitmentEvent, entry: &Entry, names: Names<'_>) -> Said {
    let view = match names {
        Names::Commitment(view) => Some(view),
        _ => None,
    };
    let teller = Teller { view, entry };
    let (text, subjects) = (teller.text(event), parts(event));
    subjects
        .into_iter()
        .fold(Said::new(text, teller.own()), |said, part| {
            said.and(part.kind, part.id)
        })
}

impl Teller<'_> {
    fn own(&self) -> Subject {
        Subject {
            kind: SubjectKind::Commitment,
            id: self.entry.recorded.stream.id,
        }
    }

    /// "Commitment 1 of 2008-09".
    fn name(&self) -> String {
        let position = self.entry.recorded.position;
        self.view.map_or_else(
            || "The commitment".to_owned(),
            |view| format!("Commitment {} of {}", view.label.at(position), view.session),
        )
    }

    fn counted(&self, id: MeasureId) -> Counted<'_> {
        let measure = self.view.and_then(|view| view.measure(id));
        measure.map_or(
            Counted {
                name: "a measure",
                unit: "",
                kind: MeasureKind::Total,
            },
            |measure| Counted {
                name: &measure.indicator.name,
                unit: &measure.indicator.unit,
                kind: measure.kind,
            },
        )
    }

    fn text(&self, event: &CommitmentEvent) -> String {
        match event {
            CommitmentEvent::Proposed(e) => proposed(e),
            CommitmentEvent::Agreed(_) => format!("{} was agreed.", self.name()),
            CommitmentEvent::Started(_) => format!("Work on {} began.", lower(&self.name())),
            CommitmentEvent::Reworded(e) => because(&self.reworded(e), e.reason.shown()),
            CommitmentEvent::Renumbered(e) => {
                let change = format!("Commitment {} was renumbered {}", e.from, e.to);
                because(&change, e.reason.shown())
            }
            CommitmentEvent::Reclassified(e) => because(&self.reclassified(e), e.reason.shown()),
            CommitmentEvent::DueDateChanged(e) => because(&self.due(e), e.reason.shown()),
            CommitmentEvent::MeasureAdded(e) => self.measure_added(e),
            CommitmentEvent::BaselineSet(e) => self.baseline_set(e),
            CommitmentEvent::TargetChanged(e) => because(&self.target_changed(e), e.reason.shown()),
            CommitmentEvent::MeasureDueDateChanged(e) => {
                let name = quoted(self.counted(e.measure_id).name);
                let (from, to) = (day_or_none(e.from), day_or_none(e.to));
                let change = format!("Due date for {name} changed from {from} to {to}");
                because(&change, e.reason.shown())
            }
            CommitmentEvent::MeasureWithdrawn(e) => {
                let name = quoted(self.counted(e.measure_id).name);
                let change = format!("The measure {name} no longer counts");
                because(&change, e.reason.shown())
            }
            CommitmentEvent::ReadingRecorded(e) => self.read(e),
            CommitmentEvent::ReadingCorrected(e) => because(&self.corrected(e), e.reason.shown()),
            CommitmentEvent::ReadingWithdrawn(e) => because(&self.unread(e), e.reason.shown()),
            CommitmentEvent::AchievementReported(e) => self.reported(e),
            CommitmentEvent::AchievementCorrected(e) => {
                because(&self.put_right(e), e.reason.shown())
            }
            CommitmentEvent::AchievementWithdrawn(e) => {
                because(&self.taken_back(e), e.reason.shown())
            }
            CommitmentEvent::EvidenceAttached(e) => self.attached(e),
            CommitmentEvent::EvidenceWithdrawn(e) => because(&self.unproven(e), e.reason.shown()),
            CommitmentEvent::Concluded(e) => {
                format!("{} was declared {}.", self.name(), conclusion(e.conclusion))
            }
            CommitmentEvent::CarriedForward(e) => {
                because(&self.carried_forward(e), e.reason.shown())
            }
            CommitmentEvent::Withdrawn(e) => {
                because(&format!("{} was withdrawn", self.name()), e.reason.shown())
            }
            CommitmentEvent::Reopened(e) => {
                let (from, to) = (status(e.from), status(e.to));
                let change = format!("{}, which had been {from}, is {to} again", self.name());
                because(&change, e.reason.shown())
            }
            CommitmentEvent::VisibilityChanged(e) => let_out(&self.name(), e),
            CommitmentEvent::TextRedacted(e) => redacted(e),
        }
    }

    fn due(&self, e: &DueDateChanged) -> String {
        let (from, to) = (day_or_none(e.from), day_or_none(e.to));
        format!("{}: due date changed from {from} to {to}", self.name())
    }

    fn reclassified(&self, e: &CommitmentReclassified) -> String {
        let (from, to) = (classification(&e.from), classification(&e.to));
        format!("{} moved from {from} to {to}", self.name())
    }

    fn target_changed(&self, e: &TargetChanged) -> String {
        let counted = self.counted(e.measure_id);
        let change = counted.change(e.from, e.to);
        format!("Target for {} changed {change}", quoted(counted.name))
    }

    fn reported(&self, e: &AchievementReported) -> String {
        let (on, name) = (day(e.reported_on), lower(&self.name()));
        let (standing, text) = (standing(e.standing), ended(e.text.shown()));
        format!("Reported on {on} for {name}, {standing}: {text}")
    }

    fn put_right(&self, e: &AchievementCorrected) -> String {
        let (name, from, to) = (lower(&self.name()), report(&e.from), report(&e.to));
        format!("The report on {name} was corrected from {from} to {to}")
    }

    fn taken_back(&self, e: &AchievementWithdrawn) -> String {
        let known = self
            .view
            .and_then(|view| view.achievement(e.achievement_id));
        let position = self.entry.recorded.position;
        let which = known.map_or_else(String::new, |known| {
            format!(" ({})", report(&known.terms_at(position)))
        });
        format!("The report on {}{which} was withdrawn", lower(&self.name()))
    }

    fn carried_forward(&self, e: &CommitmentCarriedForward) -> String {
        let CommitmentFact {
            label,
            session,
            title,
            ..
        } = &e.into;
        let into = format!("commitment {label} of {session}, {}", quoted(title));
        format!("{} was carried forward into {into}", self.name())
    }

    fn read(&self, e: &ReadingRecorded) -> String {
        let counted = self.counted(e.measure_id);
        let reading = format!("{}: {}", quoted(counted.name), reading(counted, &e.terms));
        match &e.terms.note {
            Some(note) => format!("{} {}", ended(&reading), ended(note.shown())),
            None => ended(&reading),
        }
    }

    fn corrected(&self, e: &ReadingCorrected) -> String {
        let counted = self.counted(e.measure_id);
        let (from, to) = (reading(counted, &e.from), reading(counted, &e.to));
        let name = quoted(counted.name);
        format!("The reading for {name} was corrected from {from} to {to}")
    }

    fn unread(&self, e: &ReadingWithdrawn) -> String {
        let counted = self.counted(e.measure_id);
        let known = self
            .view
            .and_then(|view| view.measure(e.measure_id)?.reading(e.reading_id));
        let position = self.entry.recorded.position;
        let which = known.map_or_else(String::new, |known| {
            format!(" ({})", reading(counted, known.terms.at(position)))
        });
        format!(
            "The reading for {}{which} no longer counts",
            quoted(counted.name)
        )
    }

    fn unproven(&self, e: &EvidenceWithdrawn) -> String {
        format!("Evidence was taken away from {}", self.outcome(e.outcome))
    }

    fn attached(&self, e: &EvidenceAttached) -> String {
        let outcome = self.outcome(e.outcome);
        let attached = format!("Evidence was attached to {outcome}");
        match &e.evidence {
            Evidence::File(file) => ended(&format!("{attached}: {}", quoted(file.name.shown()))),
            Evidence::Link { url, note: None } => format!("{attached}: {url} ."),
            Evidence::Link {
                url,
                note: Some(note),
            } => format!("{attached}: {url} ({}).", note.shown()),
        }
    }

    /// "the reading for “employers signed” (4 organisations on 31 March 2009, from the annual return)".
    fn outcome(&self, outcome: Outcome) -> String {
        let position = self.entry.recorded.position;
        match outcome {
            Outcome::Reading(id) => {
                let measures = self.view.iter().flat_map(|view| &view.measures);
                let mut read = measures.filter_map(|it| Some((it.id, it.reading(id)?)));
                let Some((measure, read)) = read.next() else {
                    return "a reading".to_owned();
                };
                let counted = self.counted(measure);
                let said = reading(counted, read.terms.at(position));
                format!("the reading for {} ({said})", quoted(counted.name))
            }
            Outcome::Achievement(id) => {
                let told = self.view.and_then(|view| view.achievement(id));
                let said = told.map_or_else(String::new, |told| {
                    format!(" ({})", report(&told.terms_at(position)))
                });
                format!("the report on {}{said}", lower(&self.name()))
            }
        }
    }

    fn reworded(&self, e: &CommitmentReworded) -> String {
        let name = self.name();
        if e.from.title != e.to.title {
            let (from, to) = (quoted(&e.from.title), quoted(&e.to.title));
            return format!("{name} was reworded from {from} to {to}");
        }
        match (&e.from.comment, &e.to.comment) {
            (_, Some(to)) => format!(
                "The comment on {} now reads {}",
                lower(&name),
                quoted(to.shown())
            ),
            (_, None) => format!("The comment on {} was taken away", lower(&name)),
        }
    }

    fn measure_added(&self, e: &MeasureAdded) -> String {
        let counted = Counted {
            name: &e.indicator.name,
            unit: &e.indicator.unit,
            kind: e.kind,
        };
        let mut parts = vec![e.kind.words().to_owned()];
        parts.extend(
            e.target
                .filter(|_| e.kind != MeasureKind::Milestone)
                .map(|target| format!("target {}", counted.figure(target))),
        );
        parts.extend(e.baseline.map(|base| baseline(counted, base)));
        parts.extend(e.due_on.map(|due_on| format!("due on {}", day(due_on))));
        let name = quoted(counted.name);
        format!(
            "{} got the measure {name}: {}.",
            self.name(),
            parts.join(", ")
        )
    }

    fn baseline_set(&self, e: &BaselineSet) -> String {
        let counted = self.counted(e.measure_id);
        let name = quoted(counted.name);
        let to = baseline(counted, e.to);
        let change = match e.from {
            Some(from) => {
                let from = baseline(counted, from);
                format!("For {name}, {from} was replaced by {to}")
            }
            None => format!("For {name}, {to} was set"),
        };
        because_maybe(&change, e.reason.as_ref().map(Text::shown))
    }
}

/// The commitment's parts an event concerns, and what it mentions.
fn parts(event: &CommitmentEvent) -> Vec<Subject> {
    let mut parts = Vec::new();
    let mut add = |kind, id| parts.push(Subject { kind, id });
    match event {
        CommitmentEvent::MeasureAdded(e) => {
            add(SubjectKind::Measure, e.measure_id.uuid());
            add(SubjectKind::Indicator, e.indicator.id.uuid());
        }
        CommitmentEvent::BaselineSet(e) => add(SubjectKind::Measure, e.measure_id.uuid()),
        CommitmentEvent::TargetChanged(e) => add(SubjectKind::Measure, e.measure_id.uuid()),
        CommitmentEvent::MeasureDueDateChanged(e) => {
            add(SubjectKind::Measure, e.measure_id.uuid());
        }
        CommitmentEvent::MeasureWithdrawn(e) => add(SubjectKind::Measure, e.measure_id.uuid()),
        CommitmentEvent::ReadingRecorded(e) => {
            add(SubjectKind::Measure, e.measure_id.uuid());
            add(SubjectKind::Reading, e.reading_id.uuid());
            organisations(&e.terms, &mut add);
        }
        CommitmentEvent::ReadingCorrected(e) => {
            add(SubjectKind::Measure, e.measure_id.uuid());
            add(SubjectKind::Reading, e.reading_id.uuid());
            organisations(&e.from, &mut add);
            organisations(&e.to, &mut add);
        }
        CommitmentEvent::ReadingWithdrawn(e) => {
            add(SubjectKind::Measure, e.measure_id.uuid());
            add(SubjectKind::Reading, e.reading_id.uuid());
        }
        CommitmentEvent::AchievementReported(e) => {
            add(SubjectKind::Achievement, e.achievement_id.uuid());
        }
        CommitmentEvent::AchievementCorrected(e) => {
            add(SubjectKind::Achievement, e.achievement_id.uuid());
        }
        CommitmentEvent::AchievementWithdrawn(e) => {
            add(SubjectKind::Achievement, e.achievement_id.uuid());
        }
        CommitmentEvent::EvidenceAttached(e) => evidence(e.evidence_id, e.outcome, &mut add),
        CommitmentEvent::EvidenceWithdrawn(e) => evidence(e.evidence_id, e.outcome, &mut add),
        CommitmentEvent::CarriedForward(e) => add(SubjectKind::Commitment, e.into.id.uuid()),
        CommitmentEvent::Proposed(e) => groups(&e.classification, &mut add),
        CommitmentEvent::Reclassified(e) => {
            groups(&e.from, &mut add);
            groups(&e.to, &mut add);
        }
        CommitmentEvent::Agreed(_)
        | CommitmentEvent::Started(_)
        | CommitmentEvent::Reworded(_)
        | CommitmentEvent::Renumbered(_)
        | CommitmentEvent::DueDateChanged(_)
        | CommitmentEvent::Concluded(_)
        | CommitmentEvent::Withdrawn(_)
        | CommitmentEvent::Reopened(_)
        | CommitmentEvent::VisibilityChanged(_)
        | CommitmentEvent::TextRedacted(_) => {}
    }
    parts
}

fn evidence(id: EvidenceId, outcome: Outcome, add: &mut impl FnMut(SubjectKind, uuid::Uuid)) {
    add(SubjectKind::Evidence, id.uuid());
    match outcome {
        Outcome::Reading(id) => add(SubjectKind::Reading, id.uuid()),
        Outcome::Achievement(id) => add(SubjectKind::Achievement, id.uuid()),
    }
}

fn organisations(terms: &ReadingTerms, add: &mut impl FnMut(SubjectKind, uuid::Uuid)) {
    for part in &terms.by_organisation {
        add(SubjectKind::Organisation, part.organisation.id.uuid());
    }
}

fn groups(classification: &Classification, add: &mut impl FnMut(SubjectKind, uuid::Uuid)) {
    for group in &classification.groups {
        add(SubjectKind::Group, group.id.uuid());
    }
}

fn proposed(e: &CommitmentProposed) -> String {
    let CommitmentProposed { label, session, .. } = e;
    let proposed = format!(
        "Commitment {label} of {session} was proposed: {}",
        ended(&e.title)
    );
    match e.due_on {
        Some(due_on) => format!("{proposed} It is due on {}.", day(due_on)),
        None => proposed,
    }
}

const fn conclusion(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Achieved => "achieved",
        Conclusion::PartlyAchieved => "partly achieved",
        Conclusion::NotAchieved => "not achieved",
    }
}

/// "4 organisations on 31 March 2009, from the annual return".
fn reading(counted: Counted<'_>, terms: &ReadingTerms) -> String {
    let figure = counted.figure(terms.value);
    format!(
        "{figure} on {}, from {}",
        day(terms.taken_on),
        terms.source.shown()
    )
}

/// "good progress on 1 May 2008, “The profile of the pledge was raised.”".
fn report(terms: &AchievementTerms) -> String {
    let (standing, on) = (standing(terms.standing), day(terms.reported_on));
    format!("{standing} on {on}, {}", quoted(terms.text.shown()))
}

/// "a baseline of 120 people on 31 March 2009".
fn baseline(counted: Counted<'_>, baseline: Baseline) -> String {
    let on = day(baseline.on);
    match baseline.value {
        Some(value) => format!("a baseline of {} on {on}", counted.figure(value)),
        None => format!("a baseline to be counted on {on}"),
    }
}

/// "aims 1 and 2, themes skills-pledge, groups LD".
fn classification(classification: &Classification) -> String {
    let codes: Vec<String> = classification
        .groups
        .iter()
        .map(|g| g.code.clone())
        .collect();
    let parts: Vec<String> = [
        ("aims", &classification.aims),
        ("themes", &classification.themes),
        ("groups", &codes),
    ]
    .into_iter()
    .filter(|(_, items)| !items.is_empty())
    .map(|(what, items)| format!("{what} {}", listed(items)))
    .collect();
    if parts.is_empty() {
        "no aims, themes or groups".to_owned()
    } else {
        parts.join(", ")
    }
}

/// The name where it does not begin a sentence.
fn lower(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "a draft",
        Status::Agreed => "agreed",
        Status::InProgress => "in progress",
        Status::Achieved => "achieved",
        Status::PartlyAchieved => "partly achieved",
        Status::NotAchieved => "not achieved",
        Status::CarriedForward => "carried forward",
        Status::Withdrawn => "withdrawn",
    }
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::OnAgenda => "still on the agenda",
        Standing::InProgress => "in progress",
        Standing::GoodProgress => "good progress",
        Standing::Achieved => "achieved",
        Standing::PartlyAchieved => "partly achieved",
        Standing::NotAchieved => "not achieved",
    }
}
