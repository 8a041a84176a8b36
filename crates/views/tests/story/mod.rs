//! The story the tests tell: the Learning and Development group of Lincolnshire and Rutland in 2007, and
//! the compact's commitment to the Skills Pledge for 2008-09.

#![expect(dead_code, reason = "each test binary tells its part")]

pub mod recorded;

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::action_plan::*;
use domain::commitment::*;
use domain::compact::*;
use domain::facts::{CommitmentFact, GroupFact};
use domain::figure::{Figure, IndicatorFact, MeasureKind, OrganisationFact};
use domain::ids::*;
use domain::stream::StreamId;
use domain::timescale::Timescale;
use domain::{Event, MeetingRef};
use ledger::{Entry, Recorded};
use uuid::Uuid;

pub const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub const COMPACT: CompactId = CompactId::new(id(1));
pub const LEDGER: LedgerId = COMPACT.ledger();
pub const REGION: RegionId = RegionId::new(id(2));
pub const LD: GroupId = GroupId::new(id(10));
pub const PLAN: ActionPlanId = ActionPlanId::new(id(20));
pub const PLEDGE: CommitmentId = CommitmentId::new(id(30));
pub const MEASURE: MeasureId = MeasureId::new(id(40));
pub const COLLEGE: OrganisationId = OrganisationId::new(id(50));
pub const COUNCIL: OrganisationId = OrganisationId::new(id(51));
pub const INDICATOR: IndicatorId = IndicatorId::new(id(60));
pub const MEETING: MeetingId = MeetingId::new(id(70));

pub const fn objective(number: u128) -> ObjectiveId {
    ObjectiveId::new(id(200 + number))
}

pub const fn action(number: u128) -> ActionId {
    ActionId::new(id(300 + number))
}

pub const fn update(number: u128) -> UpdateId {
    UpdateId::new(id(400 + number))
}

pub const fn reading(number: u128) -> ReadingId {
    ReadingId::new(id(500 + number))
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub fn figure(value: i64) -> Figure {
    value.into()
}

/// Entries being written down.
pub struct Story {
    pub ledger: LedgerId,
    pub entries: Vec<Entry>,
    versions: HashMap<StreamId, u64>,
    on: NaiveDate,
    meeting: Option<MeetingRef>,
    recorded_at: DateTime<Utc>,
}

impl Story {
    pub fn of(ledger: LedgerId) -> Self {
        Self {
            ledger,
            entries: Vec::new(),
            versions: HashMap::new(),
            on: day("2007-05-21"),
            meeting: None,
            recorded_at: "2007-05-22T09:00:00Z".parse().expect("a moment"),
        }
    }

    /// What follows was true on this day and recorded the day after.
    pub fn on(&mut self, date: &str) -> &mut Self {
        self.on = day(date);
        self.meeting = None;
        let next = self.on.and_hms_opt(9, 0, 0).expect("a time").and_utc() + Duration::days(1);
        self.recorded_at = self.recorded_at.max(next);
        self
    }

    /// What follows was true on this day and recorded at this moment.
    pub fn recorded(&mut self, date: &str, at: &str) -> &mut Self {
        self.on(date);
        self.recorded_at = self.recorded_at.max(at.parse().expect("a moment"));
        self
    }

    /// What follows comes from the meeting of the Learning and Development group on this day.
    pub fn meeting(&mut self, date: &str) -> &mut Self {
        self.on(date);
        self.meeting = Some(MeetingRef {
            id: MEETING,
            group: LD,
            held_on: self.on,
        });
        self
    }

    pub fn add(&mut self, stream: StreamId, event: impl Into<Event>) -> &mut Self {
        let version = self.versions.entry(stream).or_default();
        *version += 1;
        self.recorded_at += Duration::seconds(1);
        self.entries.push(Entry {
            recorded: Recorded {
                ledger: self.ledger,
                position: self.entries.len() as u64 + 1,
                stream,
                stream_version: *version,
                occurred_on: self.on,
                recorded_at: self.recorded_at,
                actor: "principal-1".to_owned(),
                role: "secretariat".to_owned(),
                command: CommandId::new(id(9_000 + self.entries.len() as u128)),
                causation: None,
                meeting: self.meeting,
            },
            event: event.into(),
        });
        self
    }

    pub fn plan(&mut self, event: impl Into<ActionPlanEvent>) -> &mut Self {
        self.add(StreamId::action_plan(PLAN), Event::ActionPlan(event.into()))
    }

    pub fn pledge(&mut self, event: impl Into<CommitmentEvent>) -> &mut Self {
        self.add(
            StreamId::commitment(PLEDGE),
            Event::Commitment(event.into()),
        )
    }

    pub fn compact(&mut self, event: impl Into<CompactEvent>) -> &mut Self {
        self.add(StreamId::compact(COMPACT), Event::Compact(event.into()))
    }
}

pub fn learning() -> GroupFact {
    GroupFact {
        id: LD,
        code: "LD".to_owned(),
        name: "Learning and Development Theme Group".to_owned(),
    }
}

pub fn until(text: &str, due_on: &str) -> Timescale {
    Timescale {
        text: text.to_owned(),
        due_on: Some(day(due_on)),
        note: None,
    }
}

fn objective_added(number: u128, title: &str) -> ObjectiveAdded {
    ObjectiveAdded {
        objective_id: objective(number),
        label: number.to_string(),
        title: title.to_owned(),
        indicator: None,
        commitment: None,
    }
}

fn action_set(number: u128, text: &str, timescale: Timescale) -> ActionSet {
    ActionSet {
        action_id: action(number),
        objective_id: objective(number),
        text: text.to_owned().into(),
        owner: None,
        timescale: Some(timescale),
        update_id: None,
    }
}

/// The plan as set in July 2007 and updated after the meeting of 24 September.
pub fn tell_plan(story: &mut Story) {
    story.on("2007-07-27").plan(ActionPlanSet {
        group: learning(),
        title: "Learning and Development action plan".to_owned(),
    });
    let set = [
        (
            1,
            "Collaborative workforce planning",
            "Pool the training programmes",
            "End of July 07",
            "2007-07-31",
        ),
        (
            2,
            "Sector-based equality and diversity programmes",
            "Circulate who does what",
            "End of June 07",
            "2007-06-30",
        ),
        (
            3,
            "Good practice seminars",
            "Spread good practice in E&D training within the sector",
            "End of Sep 07",
            "2007-09-30",
        ),
    ];
    for (number, title, text, words, due_on) in set {
        story.plan(objective_added(number, title));
        story.plan(action_set(number, text, until(words, due_on)));
    }
    story.plan(objective_added(5, "A Skills Passport"));
    story.plan(NoActionNoted {
        objective_id: objective(5),
        note: "the group discussed a pilot".to_owned().into(),
        timescale: None,
        update_id: None,
    });
    tell_update(story);
}

fn tell_update(story: &mut Story) {
    let to = Timescale {
        text: "November 2007".to_owned(),
        due_on: Some(day("2007-11-30")),
        note: None,
    };
    story
        .meeting("2007-09-24")
        .plan(UpdateRecorded {
            update_id: update(1),
            text: "The three objectives are taken together in one special event"
                .to_owned()
                .into(),
            objectives: vec![objective(1), objective(2), objective(3)],
        })
        .plan(ActionRescheduled {
            action_id: action(3),
            from: Some(until("End of Sep 07", "2007-09-30")),
            to,
            reason: "the event moves from September to November"
                .to_owned()
                .into(),
            update_id: Some(update(1)),
        })
        .plan(ActionReassigned {
            action_id: action(3),
            from: None,
            to: "Lincolnshire and Rutland LSC (host)".to_owned().into(),
            reason: None,
            update_id: Some(update(1)),
        })
        .plan(UpdateRecorded {
            update_id: update(2),
            text: "Passport models were discussed.".to_owned().into(),
            objectives: vec![objective(5)],
        })
        .plan(ObjectiveDropped {
            objective_id: objective(5),
            reason: "not practical: organisations' requirements differ"
                .to_owned()
                .into(),
            update_id: Some(update(2)),
        });
    story.on("2007-11-28").plan(ActionCompleted {
        action_id: action(3),
        note: Some("the event was held".to_owned().into()),
        update_id: None,
    });
}

pub fn pledges() -> IndicatorFact {
    IndicatorFact {
        id: INDICATOR,
        name: "organisations committed to the Skills Pledge".to_owned(),
        unit: "organisations".to_owned(),
        additive: true,
    }
}

pub fn counted(
    taken_on: &str,
    value: i64,
    organisations: &[(OrganisationId, &str)],
) -> ReadingTerms {
    let part = |(id, name): &(OrganisationId, &str)| OrganisationFigure {
        organisation: OrganisationFact {
            id: *id,
            name: (*name).to_owned(),
        },
        value: figure(1),
    };
    ReadingTerms {
        taken_on: day(taken_on),
        value: figure(value),
        source: "the secretariat's register".to_owned().into(),
        note: None,
        by_organisation: organisations.iter().map(part).collect(),
    }
}

/// The commitment of 2008-09 to the Skills Pledge, up to its being carried forward.
pub fn tell_pledge(story: &mut Story) {
    story
        .on("2008-05-01")
        .pledge(CommitmentProposed {
            session: "2008-09".parse().expect("a session"),
            label: "1".to_owned(),
            title: "Encourage organisations to commit to the Skills Pledge".to_owned(),
            comment: None,
            classification: Classification {
                aims: vec!["1".to_owned()],
                themes: vec!["skills-pledge".to_owned()],
                groups: vec![learning()],
            },
            due_on: None,
        })
        .pledge(MeasureAdded {
            measure_id: MEASURE,
            indicator: pledges(),
            kind: MeasureKind::Additional,
            baseline: None,
            target: Some(figure(10)),
            due_on: None,
        })
        .pledge(CommitmentAgreed {})
        .pledge(CommitmentStarted {});
    story
        .on("2008-10-01")
        .pledge(TargetChanged {
            measure_id: MEASURE,
            from: Some(figure(10)),
            to: figure(12),
            reason: "two more organisations registered interest"
                .to_owned()
                .into(),
        })
        .pledge(ReadingRecorded {
            reading_id: reading(1),
            measure_id: MEASURE,
            terms: counted("2008-10-01", 4, &[(COLLEGE, "New College Stamford")]),
        });
    tell_outcome(story);
}

fn tell_outcome(story: &mut Story) {
    story
        .on("2009-01-15")
        .pledge(ReadingRecorded {
            reading_id: reading(2),
            measure_id: MEASURE,
            terms: counted("2009-01-15", 7, &[]),
        })
        .pledge(ReadingCorrected {
            reading_id: reading(2),
            measure_id: MEASURE,
            from: counted("2009-01-15", 7, &[]),
            to: counted("2009-01-15", 6, &[]),
            reason: "one was counted twice".to_owned().into(),
        })
        .pledge(ReadingRecorded {
            reading_id: reading(3),
            measure_id: MEASURE,
            terms: counted("2009-02-01", 60, &[]),
        })
        .pledge(ReadingWithdrawn {
            reading_id: reading(3),
            measure_id: MEASURE,
            reason: "it belongs to another measure".to_owned().into(),
        });
    story.on("2009-03-31").pledge(CommitmentCarriedForward {
        into: CommitmentFact {
            id: CommitmentId::new(id(31)),
            session: "2009-10".parse().expect("a session"),
            label: "1".to_owned(),
            title: "Partner organisations commit to the Skills Pledge".to_owned(),
        },
        reason: "the target was not reached".to_owned().into(),
    });
}

/// The compact's own beginnings.
pub fn tell_compact(story: &mut Story) {
    story
        .on("2007-05-21")
        .compact(CompactEstablished {
            compact_id: COMPACT,
            region_id: REGION,
            slug: "lincolnshire-rutland".to_owned(),
            name: "Lincolnshire and Rutland Public Sector Compact".to_owned(),
            area: "Lincolnshire and Rutland".to_owned(),
            launched_on: day("2007-05-21"),
            pilot_from_year: None,
        })
        .compact(GroupFormed {
            group: learning(),
            kind: GroupKind::Theme,
            note: None,
        })
        .compact(ChairAppointed {
            group: learning(),
            from: None,
            to: OrganisationFact {
                id: COLLEGE,
                name: "New College Stamford".to_owned(),
            },
        });
}

/// The whole story of the compact.
pub fn compact() -> Story {
    let mut story = Story::of(LEDGER);
    tell_compact(&mut story);
    tell_plan(&mut story);
    tell_pledge(&mut story);
    story
}
