//! Held, minuted, put right, circulated, agreed, noted since.

use super::*;

const SAME: &str =
    "nothing would change: this is how it is already; enter something else, or leave it as it is";

#[test]
fn a_meeting_is_recorded_with_who_came_and_what_was_said() {
    let taken = AttendanceTaken {
        attendance: present(),
        reason: None,
    };
    let asked = on(
        24,
        record(vec![spoken(1, " Action plan "), spoken(2, "Next steps")]),
    );
    let expected = [
        held_event().into(),
        taken.into(),
        minuted(1, "Action plan").into(),
        minuted(2, "Next steps").into(),
    ];
    accepts(called(), asked.clone(), expected.clone());
    // Nobody need have called it, and it may name itself.
    accepts(vec![], asked.clone(), expected.clone());
    accepts(vec![], at(24, asked), expected);
    let open = C::RecordMeeting {
        group: group(1).id,
        time: None,
        venue: None,
        attendance: None,
        items: vec![],
    };
    let bare = MeetingHeld {
        group: group(1),
        time: None,
        venue: None,
    };
    accepts(vec![], on(24, open), [bare.into()]);
}

#[test]
fn one_item_that_is_refused_refuses_the_whole_meeting() {
    let twice = record(vec![spoken(1, "Plan"), spoken(1, "Again")]);
    let refused = TestFramework::<Meeting>::with(())
        .given(called())
        .when(on(24, twice))
        .inspect_result()
        .expect_err("a refusal");
    assert_eq!(refused.code(), "ID_TAKEN");
    assert_eq!(refused.path().as_deref(), Some("items.1.itemId"));
    let nameless = record(vec![spoken(1, "Plan"), spoken(2, " ")]);
    refuses(called(), on(24, nameless), "MISSING", "enter a heading");
    let nobody = C::RecordMeeting {
        group: group(1).id,
        time: None,
        venue: None,
        attendance: Some(vec![AttendanceInput {
            organisation: None,
            who: None,
            attending: Attending::Present,
        }]),
        items: vec![],
    };
    refuses(called(), on(24, nobody), "MISSING", "enter who it was");
}

#[test]
fn it_is_held_once_by_the_group_it_was_called_for_and_no_earlier_than_it_was_called() {
    let past = "this meeting was held on 24 September 2007; correct its minutes if something in them is wrong";
    refuses(held(), on(25, record(vec![])), "MEETING_ALREADY_HELD", past);
    let early = "this meeting was called on 3 September 2007, so this cannot be dated earlier; enter that day or a later one";
    refuses(called(), on(2, record(vec![])), "DATED_TOO_EARLY", early);
    let others = C::RecordMeeting {
        group: group(2).id,
        time: None,
        venue: None,
        attendance: None,
        items: vec![],
    };
    let words =
        "this meeting was called for “Theme group 1”; choose that group, or record another meeting";
    refuses(called(), on(24, others), "OTHER_GROUP", words);
    let elsewhere = at(20, on(24, record(vec![])));
    let words = "what is recorded of a meeting comes from that meeting, on the day it was held; leave the meeting out";
    refuses(called(), elsewhere, "OTHER_MEETING", words);
}

#[test]
fn who_came_is_put_right_with_a_reason() {
    let take = |reason: Option<&str>| C::TakeAttendance {
        attendance: came()[..1].to_vec(),
        reason: reason.map(Into::into),
    };
    let taken = |reason: Option<&str>| AttendanceTaken {
        attendance: present()[..1].to_vec(),
        reason: reason.map(Into::into),
    };
    refuses(held(), on(25, take(None)), "MISSING", "enter the reason");
    accepts(
        held(),
        on(25, take(Some("told since"))),
        [taken(Some("told since")).into()],
    );
    let open = and(called(), 24, held_event());
    accepts(open, on(25, take(None)), [taken(None).into()]);
    let lived = and(held(), 25, taken(Some("told since")));
    refuses(lived, on(26, take(Some("again"))), "UNCHANGED", SAME);
    let unheld = "this meeting has not been held yet; record it first";
    refuses(called(), on(25, take(None)), "MEETING_NOT_HELD", unheld);
    let none = C::TakeAttendance {
        attendance: vec![],
        reason: None,
    };
    let words = "enter at least one organisation or person, or leave the attendance out";
    refuses(held(), on(25, none), "MISSING", words);
}

#[test]
fn when_it_began_and_where_it_was_held_is_put_right_with_a_reason_and_the_day_stays() {
    let correct = |time: Option<&str>, venue: Option<&str>, reason: &str| C::CorrectMeeting {
        time: time.map(Into::into),
        venue: venue.map(Into::into),
        reason: reason.into(),
    };
    let at = |time: Option<&str>, venue: Option<&str>| HeldAt {
        time: time.map(Into::into),
        venue: venue.map(Into::into),
    };
    let corrected = |from, to| MeetingCorrected {
        from,
        to,
        reason: "told since".into(),
    };
    let was_at = at(Some("10:00"), None);
    let guildhall = at(Some("10:30"), Some("The Guildhall"));
    let first = corrected(was_at.clone(), guildhall.clone());
    let asked = correct(Some(" 10:30 "), Some(" The Guildhall "), "told since");
    accepts(held(), on(25, asked.clone()), [first.clone().into()]);
    // Minutes that were agreed are put right as well, and what is left out is not known any more.
    let lived = and(circulated(), 26, first);
    let nothing = corrected(guildhall, at(None, None));
    accepts(
        lived.clone(),
        on(27, correct(None, Some(" "), "told since")),
        [nothing.into()],
    );
    refuses(lived.clone(), on(27, asked.clone()), "UNCHANGED", SAME);
    let early = "when and where it was held was last put right on 26 September 2007, so this cannot be dated earlier; enter that day or a later one";
    refuses(lived, on(25, asked), "DATED_TOO_EARLY", early);
    refuses(
        held(),
        on(25, correct(None, None, " ")),
        "MISSING",
        "enter the reason",
    );
    refuses(
        held(),
        on(25, correct(Some("ten"), None, "told since")),
        "NOT_A_TIME",
        "that is not a time of day; enter hours and minutes, such as 10:30",
    );
    let unheld = "this meeting has not been held yet; record it first";
    refuses(
        called(),
        on(25, correct(None, None, "told since")),
        "MEETING_NOT_HELD",
        unheld,
    );
    let before = on(23, correct(None, None, "told since"));
    let early = "this meeting was held on 24 September 2007, so this cannot be dated earlier; enter that day or a later one";
    refuses(held(), before, "DATED_TOO_EARLY", early);
}

#[test]
fn items_are_added_while_the_minutes_are_a_draft_and_put_right_at_any_time() {
    let add = |n| C::AddItem {
        item: spoken(n, "Any other business"),
    };
    accepts(
        held(),
        on(25, add(2)),
        [minuted(2, "Any other business").into()],
    );
    let sent =
        "these minutes are circulated; put an item of them right, or add a note since the meeting";
    refuses(circulated(), on(27, add(2)), "MINUTES_NOT_DRAFT", sent);
    let correct = |n, title: &str| C::CorrectItem {
        item: item(n),
        words: said(title),
        reason: "The heading was wrong".into(),
    };
    let event = ItemCorrected {
        item_id: item(1),
        from: say("Action plan"),
        to: say("The action plan"),
        reason: "The heading was wrong".into(),
    };
    accepts(
        circulated(),
        on(28, correct(1, "The action plan")),
        [event.clone().into()],
    );
    refuses(held(), on(28, correct(1, "Action plan")), "UNCHANGED", SAME);
    let unknown = "that item is not in these minutes; choose one of their items";
    refuses(held(), on(28, correct(7, "Else")), "UNKNOWN_ITEM", unknown);
    let lived = and(circulated(), 28, event);
    let early = "this item was last written on 28 September 2007, so this cannot be dated earlier; enter that day or a later one";
    refuses(lived, on(27, correct(1, "Plan")), "DATED_TOO_EARLY", early);
}

#[test]
fn minutes_are_circulated_once_and_agreed_at_a_later_meeting_of_the_group() {
    accepts(
        held(),
        on(26, C::CirculateMinutes),
        [MinutesCirculated {}.into()],
    );
    let again = "nothing would change: these minutes are circulated already";
    refuses(
        circulated(),
        on(27, C::CirculateMinutes),
        "UNCHANGED",
        again,
    );
    let bare = and(called(), 24, held_event());
    let nothing = "nothing has been minuted yet; add an item first";
    refuses(
        bare,
        on(26, C::CirculateMinutes),
        "NOTHING_MINUTED",
        nothing,
    );

    let agree = |held| at(held, on(held, C::AgreeMinutes));
    accepts(circulated(), agree(28), [MinutesAgreed {}.into()]);
    let unsent = "these minutes have not been circulated yet; circulate them first";
    refuses(held(), agree(28), "MINUTES_NOT_CIRCULATED", unsent);
    let nowhere = "say at which meeting the minutes were agreed";
    refuses(
        circulated(),
        on(28, C::AgreeMinutes),
        "AT_NO_MEETING",
        nowhere,
    );
    let later = "minutes are agreed at a later meeting of the same group; choose one held after 24 September 2007";
    let same_day = at(24, on(28, C::AgreeMinutes));
    refuses(circulated(), same_day, "NOT_A_LATER_MEETING", later);
    let mut others = agree(28);
    others.meeting = others.meeting.map(|meeting| MeetingRef {
        group: group(2).id,
        ..meeting
    });
    refuses(circulated(), others, "NOT_A_LATER_MEETING", later);
    let agreed = and(circulated(), 28, MinutesAgreed {});
    let done = "nothing would change: these minutes are agreed as a true record already";
    refuses(agreed, agree(29), "UNCHANGED", done);
}

#[test]
fn what_happened_since_is_noted_beside_the_minutes() {
    let note = |n: Option<u128>| C::NoteSince {
        item: n.map(item),
        text: " The bid was unsuccessful. ".into(),
    };
    let noted = |n: Option<u128>| NotedSince {
        item_id: n.map(item),
        text: "The bid was unsuccessful.".into(),
    };
    for lived in [held(), circulated()] {
        accepts(
            lived.clone(),
            on(27, note(Some(1))),
            [noted(Some(1)).into()],
        );
        accepts(lived, on(27, note(None)), [noted(None).into()]);
    }
    let unknown = "that item is not in these minutes; choose one of their items";
    refuses(held(), on(27, note(Some(9))), "UNKNOWN_ITEM", unknown);
    let unheld = "this meeting has not been held yet; record it first";
    refuses(called(), on(27, note(None)), "MEETING_NOT_HELD", unheld);
    let early = "this meeting was held on 24 September 2007, so this cannot be dated earlier; enter that day or a later one";
    refuses(held(), on(23, note(None)), "DATED_TOO_EARLY", early);
}

#[test]
fn a_group_that_was_wound_up_calls_no_meeting_and_holds_none_afterwards() {
    let ended = |asked: Asked, day: u32| {
        let mut asked = asked;
        asked.facts.wound_up.insert(group(1).id, september(day));
        asked
    };
    let words = "“Theme group 1” was wound up on 20 September 2007 and does not meet any more; choose a group that is at work, or correct the day if it met before";
    for day in [20, 25] {
        let asked = ended(on(day, call(planned(28))), 20);
        refuses(vec![], asked, "GROUP_WOUND_UP", words);
    }
    let late = ended(on(24, record(vec![])), 20);
    refuses(vec![], late.clone(), "GROUP_WOUND_UP", words);
    refuses(called(), late, "GROUP_WOUND_UP", words);
    // What was before is still written down.
    let called = MeetingCalled {
        group: group(1),
        arrangement: plan(15),
    };
    accepts(
        vec![],
        ended(on(10, call(planned(15))), 20),
        [called.into()],
    );
    let last = C::RecordMeeting {
        group: group(1).id,
        time: None,
        venue: None,
        attendance: None,
        items: vec![],
    };
    let held = MeetingHeld {
        group: group(1),
        time: None,
        venue: None,
    };
    accepts(vec![], ended(on(20, last), 20), [held.into()]);
}

#[test]
fn an_item_is_carried_over_to_the_next_meeting() {
    let put_off = MinutedItemInput {
        carried_over: true,
        ..spoken(3, "Passport")
    };
    let expected = ItemMinuted {
        carried_over: true,
        ..minuted(3, "Passport")
    };
    accepts(
        held(),
        on(25, C::AddItem { item: put_off }),
        [expected.into()],
    );
}
