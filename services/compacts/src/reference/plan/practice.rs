//! Good practice: written down and released; and the compacts that took one up, each in a ledger of its own.

use domain::adoption::SourceInput;
use domain::good_practice::PracticeInput;
use domain::ids::{AdoptionId, CompactId, GoodPracticeId};
use domain::{AdoptionCommand, Command, GoodPracticeCommand, MeetingRef};

use super::compact::Compact;
use super::{Scribe, Step, When};
use crate::reference::ReferenceData;
use crate::reference::dates;
use crate::reference::error::{Fault, Place, ReferenceError};
use crate::reference::file::practice::GoodPractice;
use crate::reference::path::{Path, slug};

/// Where a piece of good practice of the compact at `compact` stands.
fn path_of(compact: &Path, row: &GoodPractice) -> Path {
    compact.of("good-practice", slug(&row.title))
}

impl Compact<'_> {
    pub(super) fn write_good_practice(&self, scribe: &mut Scribe) -> Result<(), ReferenceError> {
        for (at, row) in self.data.good_practice.iter().enumerate() {
            let place = self.place(format!("good_practice “{}”", row.title));
            let path = path_of(&self.path, row);
            let before = &self.data.good_practice[..at];
            if before.iter().any(|it| path_of(&self.path, it) == path) {
                return Err(place.wrong("title", Fault::Duplicate(row.title.clone())));
            }
            let on = dates::practised(self.data, row);
            let id: GoodPracticeId = path.id();
            let write = GoodPracticeCommand::WritePractice {
                terms: self.practice(row, &place)?,
            };
            let meeting = self.heard_at(on);
            let command = Command::GoodPractice { id, command: write };
            scribe.write(&path, "write", When { on, meeting }, vec![command]);
            let release = GoodPracticeCommand::ReleasePractice {
                to: dates::RELEASED_TO,
                reason: None,
            };
            let command = Command::GoodPractice {
                id,
                command: release,
            };
            scribe.write(&path, "release", on, vec![command]);
        }
        Ok(())
    }

    /// The meeting of that day, of whichever group: the straw poll was taken at one.
    fn heard_at(&self, on: chrono::NaiveDate) -> Option<MeetingRef> {
        let mut meetings = self.data.meeting.iter();
        let met = meetings.find(|meeting| meeting.on.0 == on)?;
        self.meeting_for(&met.group, on)
    }

    fn practice(&self, row: &GoodPractice, place: &Place) -> Result<PracticeInput, ReferenceError> {
        let organisation = row.organisation.as_ref().map(|name| {
            let found = self.register.organisation(name);
            let unknown = || Fault::UnknownOrganisation(name.clone());
            found.ok_or_else(|| place.wrong("organisation", unknown()))
        });
        Ok(PracticeInput {
            title: row.title.clone(),
            theme: row.theme.clone(),
            organisation: organisation.transpose()?,
            summary: row.summary.clone().into(),
            contact: None,
            evidence: Vec::new(),
            documents: Vec::new(),
        })
    }
}

/// What compacts took up of one another's: each adoption is in the ledger of whoever took it up, as of its own launch.
pub(super) fn adoptions(data: &ReferenceData) -> Result<Vec<Step>, ReferenceError> {
    let mut steps = Vec::new();
    for (file, compact) in &data.compacts {
        let source = Path::root(&compact.compact.slug);
        for row in &compact.good_practice {
            for adopter in &row.adopted_by {
                let mut others = data.compacts.iter().map(|(_, other)| other);
                let found = others.find(|other| other.compact.slug == *adopter);
                let adopter = found.ok_or_else(|| {
                    let entry = format!("good_practice “{}”", row.title);
                    let fault = Fault::UnknownCompact(adopter.clone());
                    Place { file, entry }.wrong("adopted_by", fault)
                })?;
                let by = Path::root(&adopter.compact.slug);
                let on = dates::launched(adopter);
                steps.extend(adoption(&source, row, &by, on));
            }
        }
    }
    Ok(steps)
}

fn adoption(source: &Path, row: &GoodPractice, by: &Path, on: chrono::NaiveDate) -> Vec<Step> {
    let practice = path_of(source, row);
    let path = by.of("adoption", &practice);
    let adopter: CompactId = by.id();
    let id: AdoptionId = path.id();
    let mut scribe = Scribe::new(adopter.ledger(), "secretariat");
    let adopt = AdoptionCommand::AdoptPractice {
        by: adopter,
        organisation: None,
        source: SourceInput {
            compact: source.id(),
            practice: practice.id(),
            version: None,
        },
        note: None,
    };
    let release = AdoptionCommand::ReleaseAdoption {
        to: dates::RELEASED_TO,
        reason: None,
    };
    for (what, command) in [("adopt", adopt), ("release", release)] {
        scribe.write(&path, what, on, vec![Command::Adoption { id, command }]);
    }
    scribe.steps
}
