//! Sessions: their limits, their list, their end.

use accounts::{AccountError, SessionToken, Standing, Way, WebSessionId};
use chrono::Duration;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::House;

const EMAIL: &str = "r.alder@council.example";

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_session_ends_when_it_is_not_used_and_when_it_is_old(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let idle = house.sign_in(EMAIL).await;
    house.turn(Duration::minutes(30) - Duration::seconds(1));
    assert!(house.is_in(&idle.token).await);
    house.turn(Duration::minutes(30));
    assert!(!house.is_in(&idle.token).await);

    let used = house.sign_in(EMAIL).await;
    for _ in 0..47 {
        house.turn(Duration::minutes(15));
        assert!(house.is_in(&used.token).await);
    }
    house.turn(Duration::minutes(15));
    assert!(!house.is_in(&used.token).await, "twelve hours later");
    assert_eq!(house.accounts.sweep().await.unwrap().sessions, 2);
    assert_eq!(
        house
            .count("select count(*) from account.web_session")
            .await,
        0
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn its_last_use_is_written_down_once_a_minute_and_never_goes_back(pool: PgPool) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    let began = house.now();
    let signed_in = house.sign_in(EMAIL).await;
    let seen = async || {
        house
            .accounts
            .session(&signed_in.token)
            .await
            .unwrap()
            .expect("signed in");
        house.accounts.sessions(account).await.unwrap()[0].last_seen_at
    };
    house.turn(Duration::seconds(59));
    assert_eq!(seen().await, began);
    house.turn(Duration::seconds(1));
    assert_eq!(seen().await, began + Duration::minutes(1));
    house.turn(Duration::seconds(-600));
    assert_eq!(seen().await, began + Duration::minutes(1));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn its_owner_sees_where_it_is_and_ends_it_and_nobody_else_does(pool: PgPool) {
    let house = House::new(pool).await;
    let (mine, other) = (
        house.member(EMAIL).await,
        house.member("o@council.example").await,
    );
    let (here, there) = (house.sign_in(EMAIL).await, house.sign_in(EMAIL).await);
    let listed = house.accounts.sessions(mine).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].agent, "Firefox on Windows");
    assert_eq!(listed[0].network.as_deref(), Some("192.0.2.0/24"));
    assert_eq!(
        (listed[0].way, listed[0].second_factor),
        (Way::Password, false)
    );
    assert!(house.accounts.sessions(other).await.unwrap().is_empty());

    let there_id = there.session.id();
    assert!(
        !house.accounts.end_session(other, there_id).await.unwrap(),
        "not one's own"
    );
    assert!(house.is_in(&there.token).await);
    assert!(house.accounts.end_session(mine, there_id).await.unwrap());
    assert!(
        !house.accounts.end_session(mine, there_id).await.unwrap(),
        "once"
    );
    assert!(
        !house
            .accounts
            .end_session(mine, WebSessionId(Uuid::nil()))
            .await
            .unwrap()
    );
    assert!(!house.is_in(&there.token).await);
    assert!(house.is_in(&here.token).await);

    house.accounts.end_sessions(mine).await.unwrap();
    assert!(!house.is_in(&here.token).await);
    assert!(house.accounts.sessions(mine).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_session_of_an_earlier_epoch_is_none_though_its_row_is_there(pool: PgPool) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    let signed_in = house.sign_in(EMAIL).await;
    // As when it began at the very moment everything was ended.
    let mut owner = house.owner().await;
    let raised = sqlx::query("update account.account set epoch = epoch + 1");
    raised.execute(&mut *owner).await.unwrap();
    owner.commit().await.unwrap();
    assert_eq!(
        house
            .count("select count(*) from account.web_session")
            .await,
        1
    );
    assert!(!house.is_in(&signed_in.token).await);
    assert!(house.accounts.sessions(account).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_many_sessions_the_oldest_gives_way(pool: PgPool) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    let first = house.sign_in(EMAIL).await;
    for _ in 0..50 {
        house.turn(Duration::seconds(1));
        house.sign_in(EMAIL).await;
    }
    assert_eq!(house.accounts.sessions(account).await.unwrap().len(), 50);
    assert!(!house.is_in(&first.token).await);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_token_that_was_never_handed_out_is_nobody(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    house.sign_in(EMAIL).await;
    let made_up = SessionToken::read(&"A".repeat(43)).unwrap();
    assert!(!house.is_in(&made_up).await);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn its_forms_are_its_own_and_change_when_it_is_rotated(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let signed_in = house.sign_in(EMAIL).await;
    let form = signed_in
        .session
        .csrf()
        .expose(&accounts::SystemRandomness)
        .unwrap();
    let read = house.session(&signed_in.token).await;
    assert!(read.csrf().is(&form));
    assert_eq!(read.standing(false), Standing::In);
    assert_eq!(read.standing(true), Standing::OwesSecondFactor);
    let enrolment = house.accounts.begin_second_factor(&read).await.unwrap();
    let code = crate::support::code_of(&enrolment.seed, house.now());
    let (rotated, _) = house.confirm_second_factor(&read, &code).await.unwrap();
    assert!(!rotated.session.csrf().is(&form));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn signing_out_everywhere_else_leaves_one_session_and_none_that_is_on_its_way(pool: PgPool) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    let (own, other) = (house.sign_in(EMAIL).await, house.sign_in(EMAIL).await);
    house.member("o@council.example").await;
    let stranger = house.sign_in("o@council.example").await;
    let ended = house.accounts.end_other_sessions(&own.session).await;
    ended.unwrap();
    assert!(house.is_in(&own.token).await && house.is_in(&stranger.token).await);
    assert!(!house.is_in(&other.token).await);
    assert_eq!(house.accounts.sessions(account).await.unwrap().len(), 1);
    let gone = house.accounts.end_other_sessions(&other.session).await;
    assert!(matches!(gone, Err(AccountError::NoSuchAccount)));
    assert!(
        house.is_in(&own.token).await,
        "an ended session ends no other"
    );
}
