//! A compact's own ledger: its groups and chairs here, its commitments and plans beside.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::compact::GroupKind;
use domain::ids::{CompactId, GroupId};
use domain::{Command, CompactCommand, MeetingRef};

use super::register::Register;
use super::{Scribe, Step, When};
use crate::reference::dates;
use crate::reference::error::{Fault, Place, ReferenceError};
use crate::reference::file::compact::{CompactFile, GroupRow};
use crate::reference::path::Path;

/// One compact's file, and what it may refer to.
pub(super) struct Compact<'a> {
    pub file: &'a str,
    pub data: &'a CompactFile,
    pub path: Path,
    pub register: &'a Register,
}

impl<'a> Compact<'a> {
    pub fn new(
        file: &'a str,
        data: &'a CompactFile,
        register: &'a Register,
    ) -> Result<Self, ReferenceError> {
        let compact = Self {
            file,
            data,
            path: Path::root(&data.compact.slug),
            register,
        };
        compact.check()?;
        Ok(compact)
    }

    /// The steps that fill its ledger, once the region's register has opened it.
    pub fn steps(&self) -> Result<Vec<Step>, ReferenceError> {
        let id: CompactId = self.path.id();
        let mut scribe = Scribe::new(id.ledger(), "secretariat");
        for group in &self.data.group {
            self.write_group(&mut scribe, group)?;
        }
        for priority in &self.data.priority {
            self.write_commitment(&mut scribe, priority)?;
        }
        for plan in &self.data.action_plan {
            self.write_action_plan(&mut scribe, plan)?;
        }
        self.write_meetings(&mut scribe)?;
        self.write_good_practice(&mut scribe)?;
        Ok(scribe.steps)
    }

    pub fn place(&self, entry: String) -> Place<'a> {
        Place {
            file: self.file,
            entry,
        }
    }

    /// The group of this code.
    pub fn group(&self, code: &str) -> Result<GroupId, Fault> {
        let known = self.data.group.iter().any(|group| group.code == code);
        if known {
            Ok(self.group_path(code).id())
        } else {
            Err(Fault::UnknownGroup(code.to_owned()))
        }
    }

    /// The meeting on `day` at which a group's business was heard: its own, if the file lists one
    /// on that day, or else the steering group's.
    pub fn meeting_for(&self, group: &str, day: NaiveDate) -> Option<MeetingRef> {
        let met = |code: &str| {
            let mut meetings = self.data.meeting.iter();
            meetings.any(|meeting| meeting.group == code && meeting.on.0 == day)
        };
        let steering = self.data.group.iter();
        let steering = steering.filter(|group| group.kind == GroupKind::Steering);
        let code = std::iter::once(group)
            .chain(steering.map(|group| group.code.as_str()))
            .find(|code| met(code))?;
        Some(MeetingRef {
            id: self.meeting_path(code, day).id(),
            group: self.group_path(code).id(),
            held_on: day,
        })
    }

    pub fn meeting_path(&self, code: &str, day: NaiveDate) -> Path {
        self.path.of("meeting", format_args!("{code}/{day}"))
    }

    fn group_path(&self, code: &str) -> Path {
        self.path.of("group", code)
    }

    fn write_group(&self, scribe: &mut Scribe, group: &GroupRow) -> Result<(), ReferenceError> {
        let id: CompactId = self.path.id();
        let path = self.group_path(&group.code);
        let form = CompactCommand::FormGroup {
            group: path.id(),
            code: group.code.clone(),
            kind: group.kind,
            name: group.name.clone(),
            note: group.note.clone().map(Into::into),
        };
        let on = dates::formed(self.data, group);
        let passing = matches!(group.kind, GroupKind::Task | GroupKind::ShortLife);
        let meeting = passing.then(|| self.meeting_for(&group.code, on)).flatten();
        let command = Command::Compact { id, command: form };
        scribe.write(&path, "form", When { on, meeting }, vec![command]);
        let Some(chair) = &group.chair_organisation else {
            return Ok(());
        };
        let organisation = self.register.organisation(chair).ok_or_else(|| {
            let place = self.place(format!("group {}", group.code));
            place.wrong(
                "chair_organisation",
                Fault::UnknownOrganisation(chair.clone()),
            )
        })?;
        let command = CompactCommand::AppointChair {
            group: path.id(),
            organisation,
        };
        let on = dates::chaired(self.data, group);
        scribe.write(&path, "chair", on, vec![Command::Compact { id, command }]);
        Ok(())
    }

    /// Everything that later steps, and later work, take for granted about the file.
    fn check(&self) -> Result<(), ReferenceError> {
        let mut codes = BTreeSet::new();
        for group in &self.data.group {
            if !codes.insert(&group.code) {
                let place = self.place(format!("group {}", group.code));
                return Err(place.wrong("code", Fault::Duplicate(group.code.clone())));
            }
        }
        for meeting in &self.data.meeting {
            let place = self.place(format!("meeting {} of {}", meeting.on.0, meeting.group));
            self.group(&meeting.group)
                .map_err(|fault| place.wrong("group", fault))?;
        }
        let seminars = self.data.seminar.iter();
        let seminars = seminars.map(|row| ("seminar", &row.title, &row.theme));
        let practices = self.data.good_practice.iter();
        let practices = practices.map(|row| ("good_practice", &row.title, &row.theme));
        for (kind, title, theme) in seminars.chain(practices) {
            if !self.register.has_theme(theme) {
                let place = self.place(format!("{kind} “{title}”"));
                return Err(place.wrong("theme", Fault::UnknownTheme(theme.clone())));
            }
        }
        Ok(())
    }
}
