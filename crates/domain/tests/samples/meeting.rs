//! Samples of a meeting's events.

use domain::file::{Evidence, FileHash, FileRef};
use domain::ids::{ActionId, ActionPlanId, MeetingItemId, PaperId, SubjectId, UpdateId};
use domain::meeting::{
    AgendaItem, AgendaSet, Arrangement, Attendance, AttendanceTaken, Attending, HeldAt,
    ItemCorrected, ItemMinuted, ItemWords, MeetingCalled, MeetingCancelled, MeetingCorrected,
    MeetingEvent, MeetingHeld, MeetingRearranged, MinutesAgreed, MinutesCirculated, NotedSince,
    PaperAdded, PaperWithdrawn, RaisedAction, SaidUpdate,
};
use domain::{Visibility, visibility::VisibilityChanged};

use super::{college, commitment_fact, day, group, redacted, uuid};

fn item() -> MeetingItemId {
    MeetingItemId::new(uuid(40))
}

fn arrangement() -> Arrangement {
    Arrangement {
        on: Some(day("2007-10-16")),
        time: Some("10:30".into()),
        words: Some("Late September or early October".into()),
        venue: Some("Carholme Court, Lincoln".into()),
    }
}

fn words(discussion: &str) -> ItemWords {
    ItemWords {
        title: "Bid to the Regional Skills Fund".into(),
        discussion: Some(discussion.into()),
        decision: Some("The bid stands as submitted.".into()),
    }
}

pub fn meeting() -> Vec<MeetingEvent> {
    let mut all = arranged();
    all.extend(minuted());
    all
}

fn arranged() -> Vec<MeetingEvent> {
    vec![
        MeetingCalled {
            group: group(),
            arrangement: arrangement(),
        }
        .into(),
        MeetingRearranged {
            from: arrangement(),
            to: Arrangement {
                on: Some(day("2007-10-17")),
                ..arrangement()
            },
            reason: Some("The chair is away".into()),
        }
        .into(),
        MeetingCancelled {
            reason: "Too few can come".into(),
        }
        .into(),
        AgendaSet {
            items: vec![AgendaItem {
                item_id: item(),
                title: "Minutes of the previous meeting".into(),
                note: Some("As circulated".into()),
            }],
        }
        .into(),
        MeetingHeld {
            group: group(),
            time: Some("10:30".into()),
            venue: Some("The Learning Lounge".into()),
        }
        .into(),
        AttendanceTaken {
            attendance: vec![Attendance {
                organisation: Some(college()),
                who: Some("The head of learning".into()),
                attending: Attending::Deputy,
            }],
            reason: Some("A deputy came".into()),
        }
        .into(),
        MeetingCorrected {
            from: HeldAt {
                time: Some("10:30".into()),
                venue: Some("The Learning Lounge".into()),
            },
            to: HeldAt {
                time: Some("10:00".into()),
                venue: None,
            },
            reason: "It began at ten".into(),
        }
        .into(),
    ]
}

fn minuted() -> Vec<MeetingEvent> {
    vec![
        ItemMinuted {
            item_id: item(),
            words: words("Submitted at short notice."),
            actions: vec![RaisedAction {
                label: Some("ii".into()),
                action_plan_id: ActionPlanId::new(uuid(41)),
                action_id: ActionId::new(uuid(42)),
            }],
            updates: vec![SaidUpdate {
                action_plan_id: ActionPlanId::new(uuid(41)),
                update_id: UpdateId::new(uuid(43)),
            }],
            commitments: vec![commitment_fact()],
            carried_over: false,
        }
        .into(),
        ItemCorrected {
            item_id: item(),
            from: words("Submitted at short notice."),
            to: words("Submitted in July."),
            reason: "The month was left out".into(),
        }
        .into(),
        MinutesCirculated {}.into(),
        MinutesAgreed {}.into(),
        NotedSince {
            item_id: Some(item()),
            text: "The bid was unsuccessful.".into(),
        }
        .into(),
        PaperAdded {
            paper_id: PaperId::new(uuid(44)),
            title: "Action plan".into(),
            document: Evidence::File(FileRef {
                hash: FileHash::new([0xab; 32]),
                name: "LD action plan.pdf".into(),
                media_type: "application/pdf".into(),
                bytes: 48_112,
                content: SubjectId::new(uuid(45)),
            }),
        }
        .into(),
        PaperWithdrawn {
            paper_id: PaperId::new(uuid(44)),
            file: Some(FileHash::new([0xab; 32])),
            reason: "The wrong version".into(),
        }
        .into(),
        VisibilityChanged {
            from: Visibility::Compact,
            to: Visibility::Draft,
            reason: Some("It names an employer who asked not to be named".into()),
        }
        .into(),
        redacted().into(),
    ]
}
