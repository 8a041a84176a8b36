//! What holds of every meeting, whatever was asked of it, in whatever order.

use proptest::prelude::*;

use super::*;
use crate::lives::{bring_about_every_event, live, replayed};

fn commands() -> impl Strategy<Value = MeetingCommand> {
    let reason = || Just("because".to_owned());
    let arrangement = (1..29_u32).prop_map(planned);
    prop_oneof![
        4 => arrangement.clone().prop_map(call),
        2 => (arrangement, proptest::option::of(reason())).prop_map(|(arrangement, reason)| {
            C::RearrangeMeeting { arrangement, reason: reason.map(Into::into) }
        }),
        1 => reason().prop_map(|reason| C::CancelMeeting { reason: reason.into() }),
        2 => (0..3_u128).prop_map(|n| C::SetAgenda {
            items: vec![AgendaItemInput { item: item(n), title: "Item".into(), note: None }],
        }),
        4 => proptest::collection::vec(0..4_u128, 0..3).prop_map(|items| {
            record(items.into_iter().map(|n| spoken(n, "Item")).collect())
        }),
        2 => proptest::option::of(reason()).prop_map(|reason| C::TakeAttendance {
            attendance: came()[..1].to_vec(),
            reason: reason.map(Into::into),
        }),
        2 => (proptest::option::of("1[0-2]:30"), reason()).prop_map(|(time, reason)| C::CorrectMeeting {
            time,
            venue: None,
            reason: reason.into(),
        }),
        2 => (0..4_u128).prop_map(|n| C::AddItem { item: spoken(n, "Item") }),
        2 => (0..4_u128, reason()).prop_map(|(n, reason)| C::CorrectItem {
            item: item(n),
            words: said("Corrected"),
            reason: reason.into(),
        }),
        3 => Just(C::CirculateMinutes),
        3 => Just(C::AgreeMinutes),
        2 => proptest::option::of(0..4_u128).prop_map(|n| C::NoteSince {
            item: n.map(item),
            text: "Since then".into(),
        }),
        3 => (0..3_u128).prop_map(|n| C::AddPaper {
            paper: paper(n),
            title: "Plan".into(),
            document: EvidenceInput::File(FileInput { hash: hash(), name: "Plan.pdf".into() }),
        }),
        2 => (0..3_u128, reason()).prop_map(|(n, reason)| C::WithdrawPaper {
            paper: paper(n),
            reason: reason.into(),
        }),
        1 => proptest::sample::select(&Visibility::ALL[..]).prop_map(|to| C::ReleaseMeeting {
            to,
            reason: Some("because".into()),
        }),
        1 => reason().prop_map(|reason| C::RedactText {
            text: SubjectId::new(Uuid::from_u128(9)),
            reason: reason.into(),
        }),
    ]
}

fn scripts() -> impl Strategy<Value = Vec<Asked>> {
    let asked = (1..29_u32, 1..29_u32, commands()).prop_map(|(day, held, command)| {
        let asked = on(day, command);
        match asked.command {
            C::AgreeMinutes => at(held, asked),
            _ => asked,
        }
    });
    proptest::collection::vec(asked, 0..40)
}

proptest! {
    #[test]
    fn a_replayed_meeting_is_the_one_that_lived(script in scripts()) {
        let (meeting, lived) = live::<Meeting>(script);
        prop_assert_eq!(&replayed::<Meeting>(&lived), &meeting);
    }

    #[test]
    fn it_is_held_once_at_most_and_its_minutes_go_one_way(script in scripts()) {
        let (_, lived) = live::<Meeting>(script);
        let kinds: Vec<&MeetingEvent> = lived.iter().map(|dated| &dated.event).collect();
        let place = |wanted: fn(&MeetingEvent) -> bool| {
            let found: Vec<usize> = (0..kinds.len()).filter(|at| wanted(kinds[*at])).collect();
            assert!(found.len() <= 1, "{found:?}");
            found.first().copied()
        };
        let held = place(|event| matches!(event, MeetingEvent::Held(_)));
        let sent = place(|event| matches!(event, MeetingEvent::MinutesCirculated(_)));
        let agreed = place(|event| matches!(event, MeetingEvent::MinutesAgreed(_)));
        prop_assert!(agreed.is_none() || sent < agreed && sent.is_some());
        prop_assert!(sent.is_none() || held < sent && held.is_some());
        for (at, event) in kinds.iter().enumerate() {
            if let MeetingEvent::ItemMinuted(_) = event {
                prop_assert!(held < Some(at) && sent.is_none_or(|sent| at < sent));
            }
        }
    }
}

#[test]
fn scripts_bring_about_every_event() {
    bring_about_every_event::<Meeting, _, _>(&scripts(), 3000, MeetingEvent::TYPES);
}

#[test]
fn every_text_of_a_command_is_shown_to_whoever_seals_it() {
    let mut asked = record(vec![spoken(1, "Item")]);
    let mut count = 0;
    asked.texts(&mut |_| count += 1);
    assert_eq!(count, 2);
}
