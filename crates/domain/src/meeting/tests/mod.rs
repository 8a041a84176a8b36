//! Given what is recorded of a meeting, when something is asked, then these events or this refusal.

mod minutes;
mod papers;
mod properties;

use chrono::NaiveDate;
use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::dated::MeetingRef;
use crate::facts::{CommitmentFact, Facts, GroupFact};
use crate::figure::OrganisationFact;
use crate::file::{Evidence, EvidenceInput, FileFact, FileHash, FileInput, FileRef};
use crate::ids::{
    ActionId, ActionPlanId, CommitmentId, GroupId, MeetingId, MeetingItemId, OrganisationId,
    PaperId, SubjectId, UpdateId,
};
use crate::refusal::Refusal;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::{Dated, Directed, Texts};

use MeetingCommand as C;

type Lived = Dated<MeetingEvent>;
type Asked = Directed<MeetingCommand>;

fn september(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 9, day).expect("a day of September")
}

fn group(n: u128) -> GroupFact {
    GroupFact {
        id: GroupId::new(Uuid::from_u128(n)),
        code: format!("G{n}"),
        name: format!("Theme group {n}"),
    }
}

fn college() -> OrganisationFact {
    OrganisationFact {
        id: OrganisationId::new(Uuid::from_u128(5)),
        name: "New College Stamford".into(),
    }
}

fn commitment() -> CommitmentFact {
    CommitmentFact {
        id: CommitmentId::new(Uuid::from_u128(6)),
        session: "2007-08".parse().expect("a session"),
        label: "9".into(),
        title: "Shared equality and diversity training".into(),
    }
}

fn item(n: u128) -> MeetingItemId {
    MeetingItemId::new(Uuid::from_u128(100 + n))
}

fn hash() -> FileHash {
    FileHash::new([0xab; 32])
}

fn uploaded() -> FileFact {
    FileFact {
        media_type: "application/pdf".into(),
        bytes: 48_112,
        content: SubjectId::new(Uuid::from_u128(8)),
    }
}

fn paper(n: u128) -> PaperId {
    PaperId::new(Uuid::from_u128(200 + n))
}

fn on(day: u32, command: MeetingCommand) -> Asked {
    let mut facts = Facts::default();
    for n in 1..=2 {
        facts.groups.insert(group(n).id, group(n));
    }
    facts.organisations.insert(college().id, college());
    facts.commitments.insert(commitment().id, commitment());
    facts.files.insert(hash(), uploaded());
    Directed {
        occurred_on: september(day),
        meeting: None,
        facts,
        command,
    }
}

/// At a meeting of group 1 held on a day of September.
fn at(held: u32, asked: Asked) -> Asked {
    Directed {
        meeting: Some(MeetingRef {
            id: MeetingId::new(Uuid::from_u128(77)),
            group: group(1).id,
            held_on: september(held),
        }),
        ..asked
    }
}

fn was(day: u32, event: impl Into<MeetingEvent>) -> Lived {
    Dated {
        occurred_on: september(day),
        meeting: None,
        event: event.into(),
    }
}

fn and(mut lived: Vec<Lived>, day: u32, event: impl Into<MeetingEvent>) -> Vec<Lived> {
    lived.push(was(day, event));
    lived
}

fn planned(day: u32) -> ArrangementInput {
    ArrangementInput {
        on: Some(september(day)),
        time: Some(" 9:30 ".into()),
        words: None,
        venue: Some(" The Learning Lounge ".into()),
    }
}

fn plan(day: u32) -> Arrangement {
    Arrangement {
        on: Some(september(day)),
        time: Some("09:30".into()),
        words: None,
        venue: Some("The Learning Lounge".into()),
    }
}

fn call(arrangement: ArrangementInput) -> MeetingCommand {
    C::CallMeeting {
        group: group(1).id,
        arrangement,
    }
}

/// Called on the 3rd, for the 24th.
fn called() -> Vec<Lived> {
    vec![was(
        3,
        MeetingCalled {
            group: group(1),
            arrangement: plan(24),
        },
    )]
}

fn said(title: &str) -> ItemWordsInput {
    ItemWordsInput {
        title: title.into(),
        discussion: Some(" It was discussed. ".into()),
        decision: None,
    }
}

fn say(title: &str) -> ItemWords {
    ItemWords {
        title: title.trim().into(),
        discussion: Some("It was discussed.".into()),
        decision: None,
    }
}

fn spoken(n: u128, title: &str) -> MinutedItemInput {
    MinutedItemInput {
        item: item(n),
        words: said(title),
        actions: vec![RaisedInput {
            label: Some(" ii ".into()),
            plan: ActionPlanId::new(Uuid::from_u128(30)),
            action: ActionId::new(Uuid::from_u128(31)),
        }],
        updates: vec![SaidInput {
            plan: ActionPlanId::new(Uuid::from_u128(30)),
            update: UpdateId::new(Uuid::from_u128(32)),
        }],
        commitments: vec![commitment().id],
        carried_over: false,
    }
}

fn minuted(n: u128, title: &str) -> ItemMinuted {
    ItemMinuted {
        item_id: item(n),
        words: say(title),
        actions: vec![RaisedAction {
            label: Some("ii".into()),
            action_plan_id: ActionPlanId::new(Uuid::from_u128(30)),
            action_id: ActionId::new(Uuid::from_u128(31)),
        }],
        updates: vec![SaidUpdate {
            action_plan_id: ActionPlanId::new(Uuid::from_u128(30)),
            update_id: UpdateId::new(Uuid::from_u128(32)),
        }],
        commitments: vec![commitment()],
        carried_over: false,
    }
}

fn came() -> Vec<AttendanceInput> {
    let one = |organisation, who: Option<&str>, attending| AttendanceInput {
        organisation,
        who: who.map(Into::into),
        attending,
    };
    vec![
        one(Some(college().id), None, Attending::Present),
        one(None, Some(" Compact facilitator "), Attending::InAttendance),
    ]
}

fn present() -> Vec<Attendance> {
    vec![
        Attendance {
            organisation: Some(college()),
            who: None,
            attending: Attending::Present,
        },
        Attendance {
            organisation: None,
            who: Some("Compact facilitator".into()),
            attending: Attending::InAttendance,
        },
    ]
}

fn record(items: Vec<MinutedItemInput>) -> MeetingCommand {
    C::RecordMeeting {
        group: group(1).id,
        time: Some("10:00".into()),
        venue: None,
        attendance: Some(came()),
        items,
    }
}

fn held_event() -> MeetingHeld {
    MeetingHeld {
        group: group(1),
        time: Some("10:00".into()),
        venue: None,
    }
}

/// Called, and held on the 24th with one item.
fn held() -> Vec<Lived> {
    let taken = AttendanceTaken {
        attendance: present(),
        reason: None,
    };
    let lived = and(called(), 24, held_event());
    and(and(lived, 24, taken), 24, minuted(1, "Action plan"))
}

fn circulated() -> Vec<Lived> {
    and(held(), 26, MinutesCirculated {})
}

#[track_caller]
fn accepts<const N: usize>(lived: Vec<Lived>, asked: Asked, expected: [MeetingEvent; N]) {
    let expected = expected.into_iter().map(|event| asked.dated(event));
    let expected: Vec<Lived> = expected.collect();
    TestFramework::<Meeting>::with(())
        .given(lived)
        .when(asked)
        .then_expect_events(expected);
}

#[track_caller]
fn refuses(lived: Vec<Lived>, asked: Asked, code: &str, words: &str) {
    let refused = TestFramework::<Meeting>::with(())
        .given(lived)
        .when(asked)
        .inspect_result()
        .expect_err("a refusal");
    assert_eq!(
        (refused.code(), refused.to_string().as_str()),
        (code, words)
    );
}

#[test]
fn a_meeting_is_called_for_a_day_or_in_words_and_once() {
    let event = MeetingCalled {
        group: group(1),
        arrangement: plan(24),
    };
    accepts(vec![], on(3, call(planned(24))), [event.into()]);
    let late = ArrangementInput {
        words: Some("late September".into()),
        ..ArrangementInput::default()
    };
    let event = MeetingCalled {
        group: group(1),
        arrangement: Arrangement {
            words: Some("late September".into()),
            ..Arrangement::default()
        },
    };
    accepts(vec![], on(3, call(late)), [event.into()]);
    let never = call(ArrangementInput::default());
    let say_when = "say when it will be: enter a day, or words such as late September";
    refuses(vec![], on(3, never), "MISSING", say_when);
    let noon = ArrangementInput {
        time: Some("noon".into()),
        ..planned(24)
    };
    let no_time = "that is not a time of day; enter hours and minutes, such as 10:30";
    refuses(vec![], on(3, call(noon)), "NOT_A_TIME", no_time);
    let already = "this meeting is called already; rearrange it if its day or place is to change";
    refuses(
        called(),
        on(4, call(planned(24))),
        "MEETING_ALREADY_CALLED",
        already,
    );
    let elsewhere = C::CallMeeting {
        group: group(9).id,
        arrangement: planned(24),
    };
    let unknown = "that group is not in this compact; choose one of its groups, or form it first";
    refuses(vec![], on(3, elsewhere), "UNKNOWN", unknown);
}

#[test]
fn a_called_meeting_is_moved_or_called_off_and_nothing_more_happens_to_it_then() {
    let moved = |day| C::RearrangeMeeting {
        arrangement: planned(day),
        reason: Some(" The chair is away ".into()),
    };
    let event = MeetingRearranged {
        from: plan(24),
        to: plan(25),
        reason: Some("The chair is away".into()),
    };
    accepts(called(), on(10, moved(25)), [event.clone().into()]);
    let same = "nothing would change: this is how it is already; enter something else, or leave it as it is";
    refuses(called(), on(10, moved(24)), "UNCHANGED", same);
    let early = "when this meeting is to be was last settled on 10 September 2007, so this cannot be dated earlier; enter that day or a later one";
    let lived = and(called(), 10, event);
    refuses(lived.clone(), on(9, moved(26)), "DATED_TOO_EARLY", early);
    let cancel = || C::CancelMeeting {
        reason: "Too few can come".into(),
    };
    let off = MeetingCancelled {
        reason: "Too few can come".into(),
    };
    accepts(lived.clone(), on(11, cancel()), [off.clone().into()]);
    let gone = and(lived, 11, off);
    let words = "this meeting was called off on 11 September 2007; call another";
    refuses(gone.clone(), on(12, moved(26)), "MEETING_CANCELLED", words);
    refuses(gone.clone(), on(12, cancel()), "MEETING_CANCELLED", words);
    refuses(gone, on(24, record(vec![])), "MEETING_CANCELLED", words);
    let nothing = "there is no such meeting; call it or record it first";
    refuses(vec![], on(11, cancel()), "MEETING_NOT_CALLED", nothing);
    let past = "this meeting was held on 24 September 2007; correct its minutes if something in them is wrong";
    refuses(held(), on(25, moved(28)), "MEETING_ALREADY_HELD", past);
}

#[test]
fn an_agenda_is_set_in_order_and_set_anew() {
    let asked = |titles: &[&str]| {
        let items = titles.iter().zip(1..).map(|(title, n)| AgendaItemInput {
            item: item(n),
            title: (*title).into(),
            note: None,
        });
        C::SetAgenda {
            items: items.collect(),
        }
    };
    let set = |titles: &[&str]| {
        let items = titles.iter().zip(1..).map(|(title, n)| AgendaItem {
            item_id: item(n),
            title: (*title).into(),
            note: None,
        });
        AgendaSet {
            items: items.collect(),
        }
    };
    accepts(
        called(),
        on(4, asked(&["Minutes", "Plan"])),
        [set(&["Minutes", "Plan"]).into()],
    );
    let lived = and(called(), 4, set(&["Minutes", "Plan"]));
    accepts(
        lived.clone(),
        on(5, asked(&["Minutes"])),
        [set(&["Minutes"]).into()],
    );
    let same = "nothing would change: this is how it is already; enter something else, or leave it as it is";
    refuses(lived, on(5, asked(&["Minutes", "Plan"])), "UNCHANGED", same);
    refuses(
        called(),
        on(4, asked(&[])),
        "MISSING",
        "enter at least one item",
    );
    refuses(
        called(),
        on(4, asked(&["Minutes", " "])),
        "MISSING",
        "enter a heading",
    );
    let twice = C::SetAgenda {
        items: vec![
            AgendaItemInput {
                item: item(1),
                title: "Minutes".into(),
                note: None,
            };
            2
        ],
    };
    let taken = "there is an item under the same id already; if it is the one you meant, nothing more is needed; if not, start again from an empty form";
    refuses(called(), on(4, twice), "ID_TAKEN", taken);
    let many: Vec<&str> = std::iter::repeat_n("Item", 201).collect();
    let words = "enter at most 200 of these; there are 201";
    refuses(called(), on(4, asked(&many)), "TOO_MANY", words);
}

#[test]
fn it_is_released_and_taken_back_by_the_one_rule() {
    let release = |to, reason: Option<&str>| C::ReleaseMeeting {
        to,
        reason: reason.map(Into::into),
    };
    let event = VisibilityChanged {
        from: Visibility::Draft,
        to: Visibility::Public,
        reason: None,
    };
    accepts(
        held(),
        on(26, release(Visibility::Public, None)),
        [event.clone().into()],
    );
    let lived = and(held(), 26, event);
    refuses(
        lived,
        on(27, release(Visibility::Compact, None)),
        "MISSING",
        "enter the reason",
    );
    let nothing = "there is no such meeting; call it or record it first";
    let unbegun = on(3, release(Visibility::Public, None));
    refuses(vec![], unbegun, "MEETING_NOT_CALLED", nothing);
}

#[test]
fn a_text_is_redacted_whatever_state_the_meeting_is_in() {
    let text = SubjectId::new(Uuid::from_u128(9));
    let redact = || C::RedactText {
        text,
        reason: "it names somebody".into(),
    };
    for lived in [called(), held(), circulated()] {
        let reason = "it names somebody".into();
        let event = crate::TextRedacted { text, reason };
        accepts(lived, on(28, redact()), [event.into()]);
    }
    let nothing = "there is no such meeting; call it or record it first";
    refuses(vec![], on(28, redact()), "MEETING_NOT_CALLED", nothing);
}
