//! Meetings: what is kept of them and in which order, what is told of them, and to whom.

mod story;

use domain::facts::GroupFact;
use domain::ids::*;
use domain::meeting::{
    Arrangement, Attendance, AttendanceTaken, Attending, HeldAt, ItemCorrected, ItemMinuted,
    ItemWords, MeetingCalled, MeetingCorrected, MeetingHeld, MeetingRearranged, Minutes,
    MinutesAgreed, MinutesCirculated, NotedSince, RaisedAction, SaidUpdate,
};
use domain::stream::StreamId;
use domain::visibility::VisibilityChanged;
use domain::{Event, MeetingEvent, Reach, Visibility};
use ledger::{Reader, ServiceRole};
use sqlx::PgPool;
use story::recorded::*;
use story::*;
use testkit::service::sign_in;
use views::{
    CompactOverview, Historian, HistoryOf, MeetingView, Names, SubjectKind, ViewReader, check,
    fold, say,
};

const NEXT: MeetingId = MeetingId::new(id(71));
const LATER: MeetingId = MeetingId::new(id(72));

const fn item(number: u128) -> MeetingItemId {
    MeetingItemId::new(id(800 + number))
}

fn group() -> GroupFact {
    GroupFact {
        id: LD,
        code: "LD".into(),
        name: "Learning and Development Theme Group".into(),
    }
}

fn tell(story: &mut Story, of: MeetingId, event: impl Into<MeetingEvent>) {
    story.add(StreamId::meeting(of), Event::Meeting(event.into()));
}

fn words(title: &str) -> ItemWords {
    ItemWords {
        title: title.into(),
        discussion: Some("The models were discussed".into()),
        decision: None,
    }
}

fn arrangement(words: &str) -> Arrangement {
    Arrangement {
        words: Some(words.into()),
        ..Arrangement::default()
    }
}

fn call(story: &mut Story, of: MeetingId, when: Arrangement) {
    let (group, arrangement) = (group(), when);
    tell(story, of, MeetingCalled { group, arrangement });
}

fn hold(story: &mut Story) {
    let held = MeetingHeld {
        group: group(),
        time: None,
        venue: Some("The Learning Lounge".into()),
    };
    tell(story, MEETING, held);
    let attendance = vec![Attendance {
        organisation: None,
        who: Some("Compact facilitator".into()),
        attending: Attending::InAttendance,
    }];
    let reason = None;
    tell(story, MEETING, AttendanceTaken { attendance, reason });
    let minuted = ItemMinuted {
        item_id: item(1),
        words: words("A Skills Passport"),
        actions: vec![RaisedAction {
            label: Some("i".into()),
            action_plan_id: PLAN,
            action_id: action(1),
        }],
        updates: vec![SaidUpdate {
            action_plan_id: PLAN,
            update_id: update(1),
        }],
        commitments: vec![],
        carried_over: false,
    };
    tell(story, MEETING, minuted);
}

/// Held on 24 September and agreed on 16 October; the next but one is called in words, and a last one for a day between.
fn meetings() -> Story {
    let mut story = Story::of(LEDGER);
    tell_compact(&mut story);
    call(story.on("2007-09-20"), LATER, arrangement("November"));
    hold(story.meeting("2007-09-24"));
    let text = "The college will host".into();
    let note = NotedSince {
        item_id: Some(item(1)),
        text,
    };
    tell(story.on("2007-09-26"), MEETING, note);
    let correction = ItemCorrected {
        item_id: item(1),
        from: words("A Skills Passport"),
        to: words("The Skills Passport"),
        reason: "There is one".into(),
    };
    tell(&mut story, MEETING, correction);
    tell(&mut story, MEETING, MinutesCirculated {});
    call(story.on("2007-09-27"), NEXT, arrangement("October"));
    let fixed = Arrangement {
        on: Some(day("2007-10-16")),
        ..arrangement("October")
    };
    let moved = MeetingRearranged {
        from: arrangement("October"),
        to: fixed,
        reason: None,
    };
    tell(story.on("2007-10-01"), NEXT, moved);
    tell(story.on("2007-10-16"), MEETING, MinutesAgreed {});
    let released = VisibilityChanged {
        from: Visibility::Draft,
        to: Visibility::Region,
        reason: None,
    };
    tell(story.on("2007-10-17"), MEETING, released);
    story
}

fn view_of(story: &Story, of: MeetingId) -> MeetingView {
    let entries = story.entries.iter();
    let its = entries.filter(|entry| entry.recorded.stream == StreamId::meeting(of));
    fold(its).expect("the meeting")
}

#[test]
fn the_minutes_are_kept_with_what_they_said_before_and_what_was_noted_since() {
    let view = view_of(&meetings(), MEETING);
    assert_eq!(view.day(), Some(day("2007-09-24")));
    assert_eq!(view.minutes.current, Some(Minutes::Agreed));
    assert_eq!(view.minutes.changes.len(), 3);
    let item = view.item(item(1)).expect("the item");
    assert_eq!(item.words.current.title, "The Skills Passport");
    assert_eq!(item.words.original().title, "A Skills Passport");
    assert_eq!(item.notes.len(), 1);
    assert_eq!(item.actions[0].action_id, action(1));
    assert_eq!(view.version, 8);
    let next = view_of(&meetings(), NEXT);
    assert_eq!((next.day(), next.held), (Some(day("2007-10-16")), None));
    assert_eq!(next.arrangement.changes.len(), 1);
}

#[test]
fn when_it_began_and_where_it_was_held_is_put_right_and_the_day_stays() {
    let mut story = meetings();
    let put_right = MeetingCorrected {
        from: HeldAt {
            time: None,
            venue: Some("The Learning Lounge".into()),
        },
        to: HeldAt {
            time: Some("09:30".into()),
            venue: Some("The Guildhall".into()),
        },
        reason: "The lounge was being painted".into(),
    };
    tell(story.on("2007-10-18"), MEETING, put_right);
    let view = view_of(&story, MEETING);
    let held = view.held.as_ref().expect("it was held");
    assert_eq!(held.venue.as_deref(), Some("The Guildhall"));
    assert_eq!(held.time.as_deref(), Some("09:30"));
    let before = held.corrections.first().expect("what was put right");
    assert_eq!(before.from.venue.as_deref(), Some("The Learning Lounge"));
    assert_eq!(held.made.on, day("2007-09-24"), "the day stays");
    let last = story.entries.last().expect("an entry");
    assert_eq!(
        say(last, Names::Unknown).text,
        "When and where the meeting was held was put right, from “The Learning Lounge” to “09:30, The Guildhall”: The lounge was being painted."
    );
}

#[test]
fn the_history_tells_a_meeting_from_its_calling_to_its_release() {
    let story = meetings();
    let of_meetings = story.entries.iter();
    let of_meetings = of_meetings.filter(|entry| matches!(entry.event, Event::Meeting(_)));
    let lines: Vec<_> = of_meetings
        .map(|entry| say(entry, Names::Unknown))
        .collect();
    let said: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        said,
        [
            "A meeting of Learning and Development Theme Group was called: “November”.",
            "Learning and Development Theme Group met on 24 September 2007 at The Learning Lounge.",
            "Who came was taken down (1 in attendance).",
            "Minuted “A Skills Passport”: The models were discussed. One action was raised.",
            "Noted since the meeting: The college will host.",
            "The minutes of “The Skills Passport” were put right, from “A Skills Passport: The models were discussed.” to “The Skills Passport: The models were discussed.”: There is one.",
            "The minutes were circulated.",
            "A meeting of Learning and Development Theme Group was called: “October”.",
            "The meeting was moved from “October” to 16 October 2007.",
            "The minutes were agreed as a true record.",
            "The meeting was released to the region.",
        ]
    );
    let kinds: Vec<SubjectKind> = lines[3].subjects.iter().map(|it| it.kind).collect();
    let expected = [
        SubjectKind::Meeting,
        SubjectKind::MeetingItem,
        SubjectKind::Action,
        SubjectKind::Update,
    ];
    assert_eq!(kinds, expected);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn meetings_are_listed_by_day_within_reach_and_those_without_one_come_last(pool: PgPool) {
    let ledger = start(&pool);
    record_all(&ledger, &meetings()).await;
    project(&pool).await;
    let reader = &ViewReader::new(sign_in(&pool, ServiceRole::Gateway));
    let lead = Reach {
        drafts_of: [LD].into(),
        ..Reach::from_up(Visibility::Compact)
    };
    let other = GroupId::new(id(11));
    for (group, reach, listed) in [
        (None, &Reach::EVERYTHING, vec![MEETING, NEXT, LATER]),
        (Some(LD), &lead, vec![MEETING, NEXT, LATER]),
        (Some(other), &Reach::EVERYTHING, vec![]),
        (None, &Reach::from_up(Visibility::Region), vec![MEETING]),
        (None, &Reach::PUBLIC, vec![]),
    ] {
        let list = async |page| reader.meetings(LEDGER, group, reach, &page).await;
        let seen = walk(list, |row: &MeetingView| row.id.to_string()).await;
        let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
        assert_eq!(seen, listed);
    }
    let report = check(&pool, |_| std::ops::ControlFlow::Continue(())).await;
    assert_eq!(report.expect("the check runs").findings, []);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_history_of_a_meeting_is_read_by_whoever_could_see_it_then_and_now(pool: PgPool) {
    let ledger = start(&pool);
    record_all(&ledger, &meetings()).await;
    project(&pool).await;
    let reading = sign_in(&pool, ServiceRole::Gateway);
    let historian = &Historian::new(Reader::new(reading.clone()), reading);
    let of = &HistoryOf::Stream(StreamId::meeting(MEETING));
    for (reach, told) in [
        (Reach::EVERYTHING, 8),
        (Reach::from_up(Visibility::Region), 1),
        (Reach::PUBLIC, 0),
    ] {
        let lines = async |page| {
            let page = historian.page(LEDGER, of, &reach, &page).await;
            Ok(page.expect("a page of history"))
        };
        let position = |line: &views::HistoryLine| line.recorded.position.to_string();
        let seen = walk(lines, position).await;
        assert_eq!(seen.len(), told, "{seen:?}");
    }
}

#[test]
fn a_meeting_of_a_draft_is_counted_only_for_who_reads_it() {
    let story = meetings();
    let overview: CompactOverview = fold(&story.entries).expect("the compact");
    let [everything, region, public] = [
        Reach::EVERYTHING,
        Reach::from_up(Visibility::Region),
        Reach::PUBLIC,
    ]
    .map(|reach| {
        overview
            .meeting_within(MEETING, &reach)
            .map(|it| it.entries)
    });
    assert_eq!((everything, region, public), (Some(3), Some(3), None));
}
