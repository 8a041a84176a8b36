//! When things became true: the date of every kind of entry, from the papers or from what follows
//! honestly from them.
//!
//! The papers are annual statements, a plan, minutes: they say what was so, and seldom since which
//! day. Each function here answers for one kind of entry and says which day it takes and why. The
//! rules read the files and nothing else, so that another region's papers come in the same way.

use chrono::NaiveDate;
use domain::Visibility;
use domain::compact::GroupKind;
use domain::session::Session;

use super::ReferenceData;
use super::error::{Fault, Place, ReferenceError};
use super::file::compact::{CompactFile, GroupRow};
use super::file::practice::GoodPractice;

/// How far what is in the papers was let out: they were printed for everyone, so a commitment is public from the
/// day it was agreed and a plan from the day it was set, and with them everything that was reported later.
pub(super) const RELEASED_TO: Visibility = Visibility::Public;

/// The region's record, with its themes, begins on the day its first compact was launched.
///
/// The paper that lists the themes is later, but commitments stand under them from the first
/// session on, and nothing can stand under what is not there yet.
pub(super) fn register_began(data: &ReferenceData) -> Result<NaiveDate, ReferenceError> {
    let launches = data.compacts.iter().map(|(_, compact)| launched(compact));
    launches.min().ok_or_else(|| {
        let entry = "compact".to_owned();
        let file = super::data::REGION;
        Place { file, entry }.wrong("slug", Fault::NoCompacts)
    })
}

/// The challenge to public employers is dated with the region's paper it stands in, which is the
/// paper of the latest session: the first day of that session.
pub(super) fn challenge_set(data: &ReferenceData, began: NaiveDate) -> NaiveDate {
    let priorities = data.compacts.iter().flat_map(|(_, file)| &file.priority);
    let latest = priorities.map(|priority| priority.session).max();
    latest.map_or(began, |session| session.starts_on().max(began))
}

/// A compact is opened on the day it was launched; its organisations are known from then on.
pub(super) fn launched(compact: &CompactFile) -> NaiveDate {
    compact.compact.launched.0
}

/// A session's commitments are proposed and agreed on the first day the papers show them:
///
/// - those of the session a compact was launched in, at the launch;
/// - those of a session in which the session before was reported on, with that report (the
///   charter of May 2008 reports on 2007-08 in one annex and sets 2008-09 in the other);
/// - all others on the session's first day: the paper of 2009 names only the year.
pub(super) fn agreed(compact: &CompactFile, session: Session) -> Result<NaiveDate, Fault> {
    let launched = launched(compact);
    if session.ends_on() < launched {
        return Err(Fault::BeforeLaunch { session, launched });
    }
    if Session::containing(launched) == session {
        return Ok(launched);
    }
    let reports = compact.priority.iter().filter_map(|priority| {
        let reported = priority.achievement.as_ref()?.reported.0;
        (priority.session < session && Session::containing(reported) == session).then_some(reported)
    });
    Ok(reports.min().unwrap_or_else(|| session.starts_on()))
}

/// The first steering group meeting the file lists: where the papers first name the chairs.
pub(super) fn first_steering_meeting(compact: &CompactFile) -> Option<NaiveDate> {
    let steering = |code: &str| {
        let mut groups = compact.group.iter();
        groups.any(|group| group.code == code && group.kind == GroupKind::Steering)
    };
    let meetings = compact.meeting.iter();
    meetings
        .filter(|meeting| steering(&meeting.group))
        .map(|meeting| meeting.on.0)
        .min()
}

/// Standing groups are formed when the compact is launched. A task or short-life group is formed
/// on the first day the papers show it at work, or else at the first steering group meeting they
/// record; without any of these, with the compact.
pub(super) fn formed(compact: &CompactFile, group: &GroupRow) -> NaiveDate {
    match group.kind {
        GroupKind::Steering | GroupKind::Theme | GroupKind::Network => launched(compact),
        GroupKind::Task | GroupKind::ShortLife => first_at_work(compact, &group.code)
            .or_else(|| first_steering_meeting(compact))
            .unwrap_or_else(|| launched(compact)),
    }
}

/// Chairs are appointed on the day of the first steering group meeting the papers record, whose
/// minutes name them; without one, when the group is formed.
pub(super) fn chaired(compact: &CompactFile, group: &GroupRow) -> NaiveDate {
    let formed = formed(compact, group);
    first_steering_meeting(compact).map_or(formed, |meeting| meeting.max(formed))
}

/// Good practice is written down on the first day the papers show any: the first meeting the file lists (the straw poll was taken at
/// that of 21 June 2007), or else the day a plan was first set, which is the day of the report that both come from. What other
/// compacts took up when they were launched had been there before: it is dated with its own compact's launch.
pub(super) fn practised(compact: &CompactFile, row: &GoodPractice) -> NaiveDate {
    if !row.adopted_by.is_empty() {
        return launched(compact);
    }
    let met = compact.meeting.iter().map(|meeting| meeting.on.0).min();
    let planned = compact
        .action_plan
        .iter()
        .map(|plan| plan.first_set.0)
        .min();
    met.or(planned).unwrap_or_else(|| launched(compact))
}

/// What happened since a meeting is dated the day after it: the papers say only that it was later.
pub(super) fn since(meeting: NaiveDate) -> NaiveDate {
    meeting.succ_opt().unwrap_or(meeting)
}

fn first_at_work(compact: &CompactFile, code: &str) -> Option<NaiveDate> {
    let commitments = compact
        .priority
        .iter()
        .filter(|priority| priority.groups.iter().any(|group| group == code))
        .filter_map(|priority| agreed(compact, priority.session).ok());
    let plans = compact.action_plan.iter();
    let plans = plans.filter_map(|plan| (plan.group == code).then_some(plan.first_set.0));
    let meetings = compact.meeting.iter();
    let meetings = meetings.filter_map(|meeting| (meeting.group == code).then_some(meeting.on.0));
    commitments.chain(plans).chain(meetings).min()
}
