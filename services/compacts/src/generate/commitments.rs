//! A session's commitments: agreed at its beginning, measured through the year, concluded at its end.

use domain::commitment::{
    ClassificationInput, CommitmentWords, Conclusion, OrganisationPart, ReadingInput, Standing,
};
use domain::figure::{Figure, MeasureKind};
use domain::ids::CommitmentId;
use domain::session::Session;
use domain::{Command, CommitmentCommand, Visibility};

use super::compact::{Compact, GROUPS};
use super::dice::Dice;
use super::region::day;
use super::words::{INDICATORS, THEMES, reason, said, undertaking};
use crate::reference::{Path, Scribe, Step};

/// How many commitments a session has.
const EACH: u32 = 12;

/// The first of those that go on in the next session when theirs ends.
const CARRIED: u32 = 10;

/// How many organisations report a figure of their own for a commitment each quarter.
const RETURNS: u32 = 29;

/// The highest target that is set at first.
const FIRST_TARGET: usize = 40;

/// The days of a session on which figures are gathered.
const QUARTERS: [u64; 4] = [80, 170, 260, 350];

/// A commitment of one session, and where it stands.
struct Commitment<'a> {
    compact: &'a Compact<'a>,
    year: u32,
    nth: u32,
    path: Path,
}

/// Everything that happens to commitments in one session.
pub(super) fn of(compact: &Compact<'_>, year: u32) -> Vec<Step> {
    let mut scribe = compact.scribe();
    for nth in 0..EACH {
        let commitment = Commitment::of(compact, year, nth);
        commitment.propose(&mut scribe);
        if nth >= CARRIED && year > 0 {
            let before = Commitment::of(compact, year - 1, nth);
            before.carry_forward(&mut scribe, &commitment);
        }
        for quarter in 0..4 {
            commitment.report(&mut scribe, quarter);
        }
        commitment.conclude(&mut scribe);
    }
    scribe.steps
}

impl<'a> Commitment<'a> {
    fn of(compact: &'a Compact<'a>, year: u32, nth: u32) -> Self {
        let path = compact
            .path
            .of("commitment", format_args!("{year}/{}", nth + 1));
        Self {
            compact,
            year,
            nth,
            path,
        }
    }

    fn command(&self, command: CommitmentCommand) -> Command {
        let id: CommitmentId = self.path.id();
        Command::Commitment { id, command }
    }

    fn measure(&self) -> Path {
        self.path.of("measure", 1)
    }

    /// Written into the statement, measured, agreed and let out, in one submission.
    fn propose(&self, scribe: &mut Scribe) {
        let dice = Dice(&self.path);
        let (theme, _) = THEMES[(self.nth as usize + self.year as usize) % THEMES.len()];
        let (group, ..) = GROUPS[self.nth as usize % GROUPS.len()];
        let on = day(self.year, 0);
        let propose = CommitmentCommand::ProposeCommitment {
            session: Session::containing(on),
            label: (self.nth + 1).to_string(),
            words: CommitmentWords {
                title: undertaking(&dice),
                comment: Some(said(&dice).into()),
            },
            classification: ClassificationInput {
                aims: Vec::new(),
                themes: vec![theme.to_owned()],
                groups: vec![self.compact.group(group)],
            },
            due_on: Some(day(self.year, 364)),
        };
        let measure = CommitmentCommand::AddMeasure {
            measure: self.measure().id(),
            indicator: self
                .compact
                .region
                .indicator(self.nth as usize % INDICATORS.len()),
            kind: MeasureKind::Additional,
            baseline: None,
            target: Some(self.figure("target", FIRST_TARGET)),
            due_on: Some(day(self.year, 364)),
        };
        let to = match self.nth % 4 {
            0 => Visibility::Region,
            _ => Visibility::Public,
        };
        let release = CommitmentCommand::ReleaseCommitment { to, reason: None };
        let all = [
            propose,
            measure,
            CommitmentCommand::AgreeCommitment,
            release,
        ];
        let all = all.map(|command| self.command(command));
        scribe.write(&self.path, "propose", on, all.into());
    }

    /// A quarter's figures, and every other quarter what came of it so far.
    fn report(&self, scribe: &mut Scribe, quarter: u32) {
        let on = day(self.year, QUARTERS[quarter as usize]);
        let path = self.path.of("quarter", quarter);
        let dice = Dice(&path);
        let first = RETURNS * (self.nth * 4 + quarter);
        let readings = (0..RETURNS).map(|nth| {
            let path = path.of("reading", nth);
            let value = self.figure(&format!("{quarter}/{nth}"), 9);
            let organisation = self
                .compact
                .region
                .organisation(self.compact.nth, first + nth);
            let parts = OrganisationPart {
                organisation,
                value,
            };
            self.command(CommitmentCommand::RecordReading {
                reading: path.id(),
                measure: self.measure().id(),
                terms: ReadingInput {
                    taken_on: on,
                    value,
                    source: "return of the organisation".into(),
                    note: Dice(&path)
                        .once_in("note", 5)
                        .then(|| said(&Dice(&path)).into()),
                    by_organisation: vec![parts],
                },
            })
        });
        scribe.write(&path, "readings", on, readings.collect());
        if quarter % 2 == 1 {
            let report = CommitmentCommand::ReportAchievement {
                achievement: path.of("achievement", 1).id(),
                reported_on: on,
                standing: Standing::GoodProgress,
                text: said(&dice).into(),
            };
            scribe.write(&path, "report", on, vec![self.command(report)]);
        }
        if quarter == 2 && dice.once_in("target", 5) {
            let change = CommitmentCommand::ChangeTarget {
                measure: self.measure().id(),
                target: self.further_target(),
                reason: reason(&dice).into(),
            };
            scribe.write(&path, "target", on, vec![self.command(change)]);
        }
    }

    /// Declared done or not at the session's end, unless it goes on.
    fn conclude(&self, scribe: &mut Scribe) {
        let last = self.year + 1 == self.compact.region.size.years;
        if self.nth >= CARRIED && !last {
            return;
        }
        let conclusion = match Dice(&self.path).below("conclusion", 4) {
            0 => Conclusion::NotAchieved,
            1 => Conclusion::PartlyAchieved,
            _ => Conclusion::Achieved,
        };
        let conclude = CommitmentCommand::ConcludeCommitment { conclusion };
        let on = day(self.year, 360);
        scribe.write(&self.path, "conclude", on, vec![self.command(conclude)]);
    }

    fn carry_forward(&self, scribe: &mut Scribe, into: &Self) {
        let carry = CommitmentCommand::CarryForward {
            into: into.path.id(),
            reason: reason(&Dice(&self.path)).into(),
        };
        let on = day(into.year, 1);
        scribe.write(&self.path, "carry", on, vec![self.command(carry)]);
    }

    /// A target beyond any that was set at first.
    fn further_target(&self) -> Figure {
        let further = FIRST_TARGET + 1 + Dice(&self.path).below("new target", 50);
        Figure::from(i64::try_from(further).unwrap_or(i64::MAX))
    }

    /// A figure from 1 to `most`.
    fn figure(&self, what: &str, most: usize) -> Figure {
        let figure = 1 + Dice(&self.path).below(what, most);
        Figure::from(i64::try_from(figure).unwrap_or(1))
    }
}
