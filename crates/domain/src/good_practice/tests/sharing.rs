//! What other compacts see of it, ask about it, and say of it.

use super::*;

fn id() -> GoodPracticeId {
    GoodPracticeId::new(Uuid::from_u128(51))
}

fn ask(n: u128) -> GoodPracticeCommand {
    C::AskAboutPractice {
        question: question(n),
        by: other_compact().id,
        text: " How long does it take? ".into(),
    }
}

fn asked(n: u128) -> QuestionAsked {
    QuestionAsked {
        question_id: question(n),
        by: other_compact(),
        text: "How long does it take?".into(),
    }
}

fn answer(n: u128) -> GoodPracticeCommand {
    C::AnswerQuestion {
        question: question(n),
        text: "Half a day".into(),
    }
}

fn answered(n: u128) -> QuestionAnswered {
    QuestionAnswered {
        question_id: question(n),
        text: "Half a day".into(),
    }
}

fn lived(events: &[Lived]) -> GoodPractice {
    crate::lives::replayed(events)
}

#[test]
fn a_question_names_its_compact_and_is_answered_as_often_as_there_is_more_to_say() {
    accepts(shared(), on(6, ask(1)), asked(1));
    let waiting = and(shared(), 6, asked(1));
    accepts(waiting.clone(), on(6, answer(1)), answered(1));
    accepts(
        and(waiting.clone(), 7, answered(1)),
        on(8, answer(1)),
        answered(1),
    );
    refuses(waiting.clone(), on(7, ask(1)), E::QuestionTaken);
    refuses(waiting.clone(), on(7, answer(2)), E::UnknownQuestion);
    let early = given(waiting).when(on(5, answer(1)));
    let early = early.inspect_result().expect_err("before it was asked");
    assert_eq!(early.code(), "DATED_TOO_EARLY");
}

#[test]
fn so_many_questions_of_a_compact_can_wait_and_no_more() {
    let mut waiting = shared();
    for n in 0..decide::MAX_WAITING {
        waiting = and(waiting, 6, asked(n as u128));
    }
    let count = decide::MAX_WAITING;
    refuses(
        waiting.clone(),
        on(7, ask(99)),
        E::QuestionsWaiting { count },
    );
    accepts(and(waiting, 7, answered(1)), on(7, ask(99)), asked(99));
}

#[test]
fn a_compact_that_is_not_in_the_register_asks_and_thanks_for_nothing() {
    let nobody = CompactId::new(Uuid::from_u128(404));
    let commands = [
        C::AskAboutPractice {
            question: question(1),
            by: nobody,
            text: "x".into(),
        },
        C::ThankForPractice {
            by: nobody,
            text: "x".into(),
        },
    ];
    for command in commands {
        let unknown = E::Unknown(UnknownFact::Compact(nobody));
        refuses(shared(), on(6, command), unknown);
    }
}

#[test]
fn thanks_are_given_in_words_so_often_and_also_for_what_was_withdrawn() {
    let thank = || C::ThankForPractice {
        by: other_compact().id,
        text: " It helped ".into(),
    };
    let thanked = || PracticeThanked {
        by: other_compact(),
        text: "It helped".into(),
    };
    let gone = PracticeWithdrawn {
        reason: "Ended".into(),
    };
    let mut lived = and(shared(), 6, gone);
    for _ in 0..decide::MAX_THANKS {
        accepts(lived.clone(), on(7, thank()), thanked());
        lived = and(lived, 7, thanked());
    }
    let count = decide::MAX_THANKS;
    refuses(lived.clone(), on(8, thank()), E::ThankedEnough { count });
    refuses(lived, on(8, ask(1)), E::Withdrawn { on: june(6) });
}

#[test]
fn a_version_is_seen_by_those_who_could_read_while_it_stood_and_still_can() {
    let why = Some("People asked for more");
    // The first version is a draft, the second is read by the region, the third by everybody.
    let events = and(written(), 4, revised(2, "Half a day", "A day", None));
    let draft = lived(&events);
    let events = and(events, 5, let_out(Visibility::Draft, Visibility::Region));
    let region = lived(&events);
    let events = and(events, 6, revised(3, "A day", "Two days", why));
    let events = and(events, 6, let_out(Visibility::Region, Visibility::Public));
    let public = lived(&events);
    let events = and(events, 7, let_out(Visibility::Public, Visibility::Compact));
    let back = lived(&events);
    let seen = |practice: &GoodPractice, lowest| -> Vec<u32> {
        let each = (0..5).filter(|n| practice.fact(id(), Some(*n), lowest).is_some());
        each.collect()
    };
    let (inside, outside) = (Visibility::Draft, Visibility::Region);
    assert_eq!(seen(&draft, inside), [1, 2]);
    assert_eq!(seen(&draft, outside), [] as [u32; 0]);
    assert_eq!(seen(&region, inside), [1, 2]);
    assert_eq!(seen(&region, outside), [2]);
    assert_eq!(seen(&public, outside), [2, 3]);
    assert_eq!(seen(&public, Visibility::Public), [3]);
    assert_eq!(seen(&back, outside), [] as [u32; 0]);
    assert_eq!(seen(&back, inside), [1, 2, 3]);
    let current = public.fact(id(), None, outside).expect("the current one");
    assert_eq!((current.version, current.withdrawn), (3, false));
    assert_eq!(current.organisation, Some(college()));
}

#[test]
fn only_what_was_never_written_or_is_not_seen_has_no_fact() {
    assert_eq!(
        GoodPractice::default().fact(id(), None, Visibility::Draft),
        None
    );
    let gone = PracticeWithdrawn {
        reason: "Ended".into(),
    };
    let gone = lived(&and(shared(), 6, gone));
    let fact = gone.fact(id(), None, Visibility::Region);
    assert!(fact.expect("seen as withdrawn").withdrawn);
}
