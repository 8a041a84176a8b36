//! A commitment: proposed with its measure and agreed in one decision, and what was reported of it.

use chrono::NaiveDate;
use domain::commitment::{Baseline, ClassificationInput, CommitmentWords};
use domain::figure::Figure;
use domain::ids::{CommitmentId, GroupId};
use domain::session::Session;
use domain::{Command, CommitmentCommand};

use super::Scribe;
use super::compact::Compact;
use crate::reference::dates;
use crate::reference::error::{Fault, Place, ReferenceError};
use crate::reference::file::compact::{AchievementRow, MeasureRow, PriorityRow};
use crate::reference::path::Path;

impl Compact<'_> {
    /// Where the commitment of this session and ref stands.
    pub fn commitment_path(&self, session: Session, label: &str) -> Path {
        self.path
            .of("commitment", format_args!("{session}/{label}"))
    }

    /// The commitment an objective of this title serves, in the session it was set in: the one
    /// whose title is the same, word for word. Likeness is not enough; the papers do not say more.
    pub fn commitment_titled(&self, title: &str, session: Session) -> Option<CommitmentId> {
        let mut priorities = self.data.priority.iter();
        let found = priorities.find(|row| row.session == session && row.title == title)?;
        Some(self.commitment_path(session, &found.label).id())
    }

    pub(super) fn write_commitment(
        &self,
        scribe: &mut Scribe,
        row: &PriorityRow,
    ) -> Result<(), ReferenceError> {
        let place = self.place(format!("priority {}/{}", row.session, row.label));
        self.check_ref(row, &place)?;
        let path = self.commitment_path(row.session, &row.label);
        let id: CommitmentId = path.id();
        let agreed =
            dates::agreed(self.data, row.session).map_err(|fault| place.wrong("session", fault))?;
        let propose = CommitmentCommand::ProposeCommitment {
            session: row.session,
            label: row.label.clone(),
            words: CommitmentWords {
                title: row.title.clone(),
                comment: row.comment.clone().map(Into::into),
            },
            classification: self.classification(row, &place)?,
            due_on: row.due.map(|day| day.0),
        };
        let measure = row.measure.as_ref();
        let measure = measure.map(|measure| self.measure(&path, measure));
        let commands = std::iter::once(propose)
            .chain(measure)
            .chain([CommitmentCommand::AgreeCommitment])
            .map(|command| Command::Commitment { id, command });
        scribe.write(&path, "propose", agreed, commands.collect());
        let command = CommitmentCommand::ReleaseCommitment {
            to: dates::RELEASED_TO,
            reason: None,
        };
        let commands = vec![Command::Commitment { id, command }];
        scribe.write(&path, "release", agreed, commands);
        match &row.achievement {
            Some(achievement) => write_achievement(scribe, &path, (agreed, achievement), &place),
            None => Ok(()),
        }
    }

    /// A ref is given out once in a session.
    fn check_ref(&self, row: &PriorityRow, place: &Place) -> Result<(), ReferenceError> {
        let same = |other: &&PriorityRow| other.session == row.session && other.label == row.label;
        if self.data.priority.iter().filter(same).count() > 1 {
            return Err(place.wrong("ref", Fault::Duplicate(row.label.clone())));
        }
        Ok(())
    }

    /// The aims, themes and groups it belongs to, each of which must exist.
    fn classification(
        &self,
        row: &PriorityRow,
        place: &Place,
    ) -> Result<ClassificationInput, ReferenceError> {
        let aims = self.data.charter.iter().flat_map(|charter| &charter.aim);
        let aims: Vec<&str> = aims.map(|aim| aim.label.as_str()).collect();
        if let Some(aim) = row.aims.iter().find(|aim| !aims.contains(&aim.as_str())) {
            return Err(place.wrong("aims", Fault::UnknownAim(aim.clone())));
        }
        let mut themes = row.themes.iter();
        if let Some(theme) = themes.find(|theme| !self.register.has_theme(theme)) {
            return Err(place.wrong("themes", Fault::UnknownTheme(theme.clone())));
        }
        let groups = row.groups.iter().map(|code| self.group(code));
        let groups: Result<Vec<GroupId>, Fault> = groups.collect();
        Ok(ClassificationInput {
            aims: row.aims.clone(),
            themes: row.themes.clone(),
            groups: groups.map_err(|fault| place.wrong("groups", fault))?,
        })
    }

    /// Its measure. The day a priority is due is the commitment's own; the papers give none for
    /// the measure apart from it.
    fn measure(&self, commitment: &Path, row: &MeasureRow) -> CommitmentCommand {
        CommitmentCommand::AddMeasure {
            measure: commitment.of("measure", 1).id(),
            indicator: self.register.indicator(&row.indicator),
            kind: row.kind,
            baseline: row.baseline_on.map(|on| Baseline {
                on: on.0,
                value: None,
            }),
            target: row.target.map(Figure::from),
            due_on: None,
        }
    }
}

/// What was reported of it, on the day of the report.
fn write_achievement(
    scribe: &mut Scribe,
    commitment: &Path,
    (agreed, row): (NaiveDate, &AchievementRow),
    place: &Place,
) -> Result<(), ReferenceError> {
    let on = row.reported.0;
    if on < agreed {
        let fault = Fault::TooEarly {
            on,
            what: "the commitment was agreed",
            from: agreed,
        };
        return Err(place.wrong("achievement.reported", fault));
    }
    let path = commitment.of("achievement", on);
    let command = CommitmentCommand::ReportAchievement {
        achievement: path.id(),
        reported_on: on,
        standing: row.status,
        text: row.text.clone().into(),
    };
    let id: CommitmentId = commitment.id();
    let commands = vec![Command::Commitment { id, command }];
    scribe.write(&path, "report", on, commands);
    Ok(())
}
