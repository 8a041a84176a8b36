//! Codes from an app, and on paper.

use accounts::{AccountError, SecondFactorError, Standing};
use chrono::Duration;
use futures::future::join_all;
use sqlx::PgPool;

use crate::support::{House, PASSWORD, code_of, office};

const EMAIL: &str = "r.alder@council.example";

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn whoever_has_one_gives_it_at_every_sign_in_and_whoever_must_have_one_sets_it_up(
    pool: PgPool,
) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    let first = house.sign_in(EMAIL).await;
    assert_eq!(first.session.standing(false), Standing::In);
    assert_eq!(first.session.standing(true), Standing::OwesSecondFactor);
    let enrolment = house
        .accounts
        .begin_second_factor(&first.session)
        .await
        .unwrap();
    assert!(
        enrolment
            .uri
            .starts_with("otpauth://totp/Compacts:r.alder%40council.example?secret=")
    );
    let read = house.session(&first.token).await;
    assert_eq!(
        read.standing(true),
        Standing::OwesSecondFactor,
        "begun is not done"
    );

    let code = code_of(&enrolment.seed, house.now());
    let confirmed = house.confirm_second_factor(&first.session, &code).await;
    let (in_now, codes) = confirmed.unwrap();
    assert_eq!(codes.0.len(), 10);
    assert_eq!(in_now.session.standing(true), Standing::In);
    assert!(!house.is_in(&first.token).await, "rotated");
    let read = house.session(&in_now.token).await;
    assert_eq!(
        (read.standing(true), read.id()),
        (Standing::In, first.session.id())
    );
    assert!(
        house
            .accounts
            .account(account)
            .await
            .unwrap()
            .unwrap()
            .second_factor
    );

    house.turn(Duration::seconds(30));
    let next = house.sign_in(EMAIL).await;
    assert_eq!(
        next.session.standing(false),
        Standing::OwesCode,
        "asked for or not"
    );
    let code = code_of(&enrolment.seed, house.now());
    let passed = house
        .pass_second_factor(&next.session, &code)
        .await
        .unwrap();
    assert_eq!(passed.session.standing(true), Standing::In);
    assert!(!house.is_in(&next.token).await, "rotated");
    let read = house.session(&passed.token).await;
    assert_eq!(read.standing(true), Standing::In);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_code_is_taken_once_and_none_before_it_afterwards(pool: PgPool) {
    let house = House::new(pool).await;
    let (_, seed, _) = house.with_second_factor(EMAIL).await;
    house.turn(Duration::seconds(90));
    let (earlier, code) = (
        code_of(&seed, house.now() - Duration::seconds(30)),
        code_of(&seed, house.now()),
    );
    let session = house.sign_in(EMAIL).await.session;
    house.pass_second_factor(&session, &code).await.unwrap();
    for used in [&code, &earlier] {
        let session = house.sign_in(EMAIL).await.session;
        let again = house.pass_second_factor(&session, used).await;
        assert!(matches!(again, Err(SecondFactorError::Wrong)), "{again:?}");
    }
    let late = house.sign_in(EMAIL).await.session;
    let next = code_of(&seed, house.now() + Duration::seconds(30));
    house
        .pass_second_factor(&late, &next)
        .await
        .expect("a step early is fine");
    let session = house.sign_in(EMAIL).await.session;
    let far = code_of(&seed, house.now() + Duration::seconds(90));
    let far = house.pass_second_factor(&session, &far).await;
    assert!(matches!(far, Err(SecondFactorError::Wrong)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_code_it_was_set_up_with_is_used_up_too(pool: PgPool) {
    let house = House::new(pool).await;
    let (_, seed, _) = house.with_second_factor(EMAIL).await;
    let session = house.sign_in(EMAIL).await.session;
    let same = code_of(&seed, house.now());
    let again = house.pass_second_factor(&session, &same).await;
    assert!(matches!(again, Err(SecondFactorError::Wrong)));
}

/// How many of the sessions get in when each gives `code` at the same moment.
async fn let_in_with(house: &House, code: &str) -> usize {
    let mut sessions = Vec::new();
    for _ in 0..5 {
        sessions.push(house.sign_in(EMAIL).await.session);
    }
    let tries = sessions.into_iter().map(|session| {
        let (accounts, code) = (house.accounts.clone(), code.to_owned());
        tokio::spawn(async move {
            accounts
                .pass_second_factor(&session, &code, &office())
                .await
        })
    });
    let answers = join_all(tries).await.into_iter().map(Result::unwrap);
    answers.flatten().count()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_many_who_give_one_code_at_once_one_gets_in(pool: PgPool) {
    let house = House::new(pool).await;
    let (_, seed, recovery) = house.with_second_factor(EMAIL).await;
    house.turn(Duration::seconds(60));
    let code = code_of(&seed, house.now());
    assert_eq!(let_in_with(&house, &code).await, 1);
    house.turn(Duration::hours(25));
    assert_eq!(let_in_with(&house, &recovery[3]).await, 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn each_recovery_code_stands_in_once(pool: PgPool) {
    let house = House::new(pool).await;
    let (session, _, codes) = house.with_second_factor(EMAIL).await;
    let account = session.account();
    for (nth, code) in codes.iter().enumerate() {
        let session = house.sign_in(EMAIL).await.session;
        house
            .pass_second_factor(&session, &code.to_uppercase())
            .await
            .unwrap();
        let left = house.accounts.recovery_codes_left(account).await.unwrap();
        assert_eq!(left as usize, 9 - nth);
    }
    let owing = house.sign_in(EMAIL).await.session;
    let again = house.pass_second_factor(&owing, &codes[0]).await;
    assert!(matches!(again, Err(SecondFactorError::Wrong)));
    assert!(matches!(
        house.accounts.renew_recovery_codes(&owing).await,
        Err(AccountError::SignInAgain)
    ));
    let anew = house.accounts.renew_recovery_codes(&session).await.unwrap();
    house.pass_second_factor(&owing, &anew.0[9]).await.unwrap();
    assert_eq!(
        house.accounts.recovery_codes_left(account).await.unwrap(),
        9
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn wrong_codes_shut_the_door_and_say_for_how_long(pool: PgPool) {
    let house = House::new(pool).await;
    let (_, seed, _) = house.with_second_factor(EMAIL).await;
    house.turn(Duration::seconds(60));
    let owing = house.sign_in(EMAIL).await.session;
    let right = code_of(&seed, house.now());
    let wrong = if right == "000000" {
        "000001"
    } else {
        "000000"
    };
    for typed in [wrong, wrong, "", "abc", "abcd-efgh-ijkl-mnop", wrong] {
        let refused = house.pass_second_factor(&owing, typed).await;
        assert!(
            matches!(refused, Err(SecondFactorError::Wrong)),
            "{typed}: {refused:?}"
        );
    }
    let shut = house.pass_second_factor(&owing, &right).await;
    assert!(
        matches!(shut, Err(SecondFactorError::TryLater(wait)) if wait.seconds == 1),
        "{shut:?}"
    );
    house.turn(Duration::seconds(1));
    house.pass_second_factor(&owing, &right).await.unwrap();
    assert_eq!(
        house
            .events()
            .await
            .iter()
            .filter(|event| *event == "second_factor.refused")
            .count(),
        6
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn who_owes_a_code_has_ten_minutes_and_can_do_nothing_else(pool: PgPool) {
    let house = House::new(pool).await;
    let (_, seed, _) = house.with_second_factor(EMAIL).await;
    let owing = house.sign_in(EMAIL).await;
    assert!(matches!(
        house.accounts.drop_second_factor(&owing.session).await,
        Err(AccountError::SignInAgain)
    ));
    let (old, new) = (
        accounts::Password::typed(PASSWORD),
        accounts::Password::typed("quiet harbour bicycle"),
    );
    let changed = house.change_password(&owing.session, (&old, &new)).await;
    assert!(matches!(changed, Err(AccountError::SignInAgain)));
    house.turn(Duration::minutes(10) - Duration::seconds(1));
    assert!(house.is_in(&owing.token).await);
    house.turn(Duration::seconds(1));
    assert!(!house.is_in(&owing.token).await);
    let listed = house
        .accounts
        .sessions(owing.session.account())
        .await
        .unwrap();
    assert!(
        listed.iter().all(|one| one.id != owing.session.id()),
        "nor is it listed"
    );
    // A page that was left open does not help: the session it speaks for may go on being read as ended.
    let late = house.sign_in(EMAIL).await;
    house
        .accounts
        .end_sessions(late.session.account())
        .await
        .unwrap();
    let code = code_of(&seed, house.now());
    let ended = house.pass_second_factor(&late.session, &code).await;
    assert!(
        matches!(ended, Err(SecondFactorError::SessionEnded)),
        "{ended:?}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn setting_one_up_needs_a_fresh_sign_in_and_happens_once(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let session = house.sign_in(EMAIL).await.session;
    let nothing_begun = house.confirm_second_factor(&session, "123456").await;
    assert!(matches!(nothing_begun, Err(SecondFactorError::NotSet)));
    let replaced = house.accounts.begin_second_factor(&session).await.unwrap();
    let enrolment = house.accounts.begin_second_factor(&session).await.unwrap();
    let code = code_of(&replaced.seed, house.now());
    let refused = house.confirm_second_factor(&session, &code).await;
    assert!(
        matches!(refused, Err(SecondFactorError::Wrong)),
        "of a seed that was replaced"
    );
    let code = code_of(&enrolment.seed, house.now());
    let tries = [0, 1].map(|_| {
        let (accounts, session, code) = (house.accounts.clone(), session.clone(), code.clone());
        tokio::spawn(async move {
            accounts
                .confirm_second_factor(&session, &code, &office())
                .await
                .is_ok()
        })
    });
    let done: Vec<bool> = join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(done.iter().filter(|done| **done).count(), 1);
    let again = house.accounts.begin_second_factor(&session).await;
    assert!(
        matches!(again, Err(SecondFactorError::AlreadySet)),
        "{again:?}"
    );

    house.member("late@council.example").await;
    let late = house.sign_in("late@council.example").await.session;
    house.turn(Duration::minutes(15));
    let refused = house.accounts.begin_second_factor(&late).await;
    assert!(matches!(refused, Err(SecondFactorError::SignInAgain)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn its_owner_takes_it_away_and_an_administrator_does_for_who_lost_it(pool: PgPool) {
    let house = House::new(pool).await;
    let (session, _, _) = house.with_second_factor(EMAIL).await;
    house.accounts.drop_second_factor(&session).await.unwrap();
    let next = house.sign_in(EMAIL).await.session;
    assert_eq!(
        (next.standing(false), next.standing(true)),
        (Standing::In, Standing::OwesSecondFactor)
    );
    assert!(matches!(
        house.accounts.reset_second_factor(next.account()).await,
        Err(AccountError::NoSuchAccount)
    ));

    let lost = "lost@council.example";
    let (session, _, _) = house.with_second_factor(lost).await;
    house
        .accounts
        .reset_second_factor(session.account())
        .await
        .unwrap();
    assert!(
        house
            .accounts
            .sessions(session.account())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        house.sign_in(lost).await.session.standing(false),
        Standing::In
    );
    assert_eq!(
        house
            .accounts
            .recovery_codes_left(session.account())
            .await
            .unwrap(),
        0
    );
}
