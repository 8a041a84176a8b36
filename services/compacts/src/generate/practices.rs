//! Good practice: what a compact's members do that others could, and what compacts took up of one another's.

use domain::adoption::SourceInput;
use domain::good_practice::PracticeInput;
use domain::ids::{AdoptionId, CompactId, GoodPracticeId};
use domain::{AdoptionCommand, Command, GoodPracticeCommand, Visibility};

use super::compact::Compact;
use super::dice::Dice;
use super::region::day;
use super::words::{THEMES, done, reason, said};
use crate::reference::{Path, Step};

/// How many pieces of good practice a compact writes down in a session.
const EACH: u32 = 5;

/// The day of a session on which they are written down.
const WRITTEN: u64 = 200;

/// Where a piece of good practice stands: the `nth` of a session of the compact at `compact`.
fn path_of(compact: &Path, year: u32, nth: u32) -> Path {
    compact.of("good-practice", format_args!("{year}/{nth}"))
}

/// What is written down, and let out, in one session.
pub(super) fn of(compact: &Compact<'_>, year: u32) -> Vec<Step> {
    let mut scribe = compact.scribe();
    for nth in 0..EACH {
        let path = path_of(&compact.path, year, nth);
        let dice = Dice(&path);
        let (theme, _) = THEMES[dice.below("theme", THEMES.len())];
        let member = dice.below("organisation", compact.region.size.organisations as usize);
        let member = u32::try_from(member).unwrap_or(0);
        let organisation = compact.region.organisation(compact.nth, member);
        let write = GoodPracticeCommand::WritePractice {
            terms: PracticeInput {
                title: done(&dice),
                theme: theme.to_owned(),
                organisation: Some(organisation),
                summary: format!("{} {}", said(&dice), said(&Dice(&path.of("more", nth)))).into(),
                contact: None,
                evidence: Vec::new(),
                documents: Vec::new(),
            },
        };
        let to = match nth {
            0 => Visibility::Region,
            _ => Visibility::Public,
        };
        let release = GoodPracticeCommand::ReleasePractice { to, reason: None };
        let id: GoodPracticeId = path.id();
        let commands = [write, release].map(|command| Command::GoodPractice { id, command });
        scribe.write(&path, "write", day(year, WRITTEN), commands.into());
    }
    scribe.steps
}

/// What a compact took up of the others': one piece of each session's, after all of it is written down.
pub(super) fn adoptions(compact: &Compact<'_>) -> Vec<Step> {
    let size = compact.region.size;
    let mut scribe = compact.scribe();
    if size.compacts < 2 {
        return scribe.steps;
    }
    let by: CompactId = compact.path.id();
    for year in 0..size.years {
        let path = compact.path.of("adoption", year);
        let dice = Dice(&path);
        let further = 1 + dice.below("from", size.compacts as usize - 1);
        let further = u32::try_from(further).unwrap_or(1);
        let source = compact
            .region
            .compact((compact.nth + further) % size.compacts);
        // The first of each session is for the region only; an adoption that is public is of one that is.
        let nth = 1 + u32::try_from(dice.below("which", EACH as usize - 1)).unwrap_or(0);
        let adopt = AdoptionCommand::AdoptPractice {
            by,
            organisation: None,
            source: SourceInput {
                compact: source.id(),
                practice: path_of(&source, year, nth).id(),
                version: None,
            },
            note: Some(reason(&dice).into()),
        };
        let release = AdoptionCommand::ReleaseAdoption {
            to: Visibility::Public,
            reason: None,
        };
        let id: AdoptionId = path.id();
        let commands = [adopt, release].map(|command| Command::Adoption { id, command });
        let on = day(year + 1, 0);
        scribe.write(&path, "adopt", on, commands.into());
    }
    scribe.steps
}
