//! Accounts of people a provider vouches for.

use accounts::{
    AccountError, Caller, Errand, LinkRefused, OpenIdErrand, OpenIdPerson, OpenIdTicket, Password,
    Proof, SignInRefused, Standing, Way,
};
use chrono::Duration;
use sqlx::PgPool;

use crate::support::{House, PASSWORD, elsewhere, office};

const EMAIL: &str = "r.alder@council.example";

fn vouched(issuer: &str, subject: &str) -> OpenIdPerson {
    OpenIdPerson {
        issuer: issuer.into(),
        subject: subject.into(),
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn only_the_exact_person_of_the_exact_provider_is_let_in(pool: PgPool) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    let session = house.sign_in(EMAIL).await.session;
    let known = vouched("https://id.example", "subject-1");
    house.link_openid(&session, &known).await.unwrap();
    let signed_in = house.sign_in_vouched(&known, false).await.unwrap();
    assert_eq!(
        (signed_in.session.account(), signed_in.session.way()),
        (account, Way::OpenId)
    );
    for (issuer, subject) in [
        ("https://id.example", "subject-2"),
        ("https://id.example", "Subject-1"),
        ("https://id.example/", "subject-1"),
        ("https://other.example", "subject-1"),
        ("", ""),
    ] {
        let refused = house.sign_in_vouched(&vouched(issuer, subject), true).await;
        assert!(
            matches!(refused, Err(SignInRefused::Refused)),
            "{issuer} {subject}"
        );
    }
    house.accounts.disable(account).await.unwrap();
    let refused = house.sign_in_vouched(&known, false).await;
    assert!(matches!(refused, Err(SignInRefused::Refused)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_person_is_one_account_and_an_account_keeps_a_way_in(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    house.member("o@council.example").await;
    let (mine, other) = (
        house.sign_in(EMAIL).await.session,
        house.sign_in("o@council.example").await.session,
    );
    let known = vouched("https://id.example", "subject-1");
    house.link_openid(&mine, &known).await.unwrap();
    let taken = house.link_openid(&other, &known).await;
    assert!(matches!(taken, Err(AccountError::NoSuchAccount)));
    let signed_in = house.sign_in_vouched(&known, false).await.unwrap();
    assert_eq!(
        signed_in.session.account(),
        mine.account(),
        "the first keeps it"
    );
    let links = house.accounts.openid_links(mine.account()).await.unwrap();
    assert_eq!((links.len(), links[0].subject.as_str()), (1, "subject-1"));
    house
        .accounts
        .unlink_openid(&mine, "https://id.example")
        .await
        .unwrap();
    let refused = house.sign_in_vouched(&known, false).await;
    assert!(matches!(refused, Err(SignInRefused::Refused)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_invitation_is_taken_up_without_a_password_once(pool: PgPool) {
    let house = House::new(pool).await;
    let (account, link) = house.invited(EMAIL).await;
    let known = vouched("https://id.example", "subject-1");
    house
        .accept_invitation_vouched(&link, &known)
        .await
        .unwrap();
    let again = house.accept_invitation_vouched(&link, &known).await;
    assert!(matches!(again, Err(LinkRefused::NoLonger)));
    let session = house.sign_in_vouched(&known, false).await.unwrap().session;
    assert_eq!(session.account(), account);
    // Without a password there is none that is right.
    for password in [PASSWORD, ""] {
        let refused = house.sign_in_with(EMAIL, &Password::typed(password)).await;
        assert!(matches!(refused, Err(SignInRefused::Refused)));
    }
    let only_way = house
        .accounts
        .unlink_openid(&session, "https://id.example")
        .await;
    assert!(matches!(only_way, Err(AccountError::NoSuchAccount)));

    // Somebody who has an account already does not take up another's invitation, and the link stays good.
    let (_, link) = house.invited("o@council.example").await;
    let taken = house.accept_invitation_vouched(&link, &known).await;
    assert!(matches!(taken, Err(LinkRefused::NoLonger)));
    house
        .set_password_by_link(&link, &Password::typed(PASSWORD))
        .await
        .unwrap();
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_provider_s_word_for_a_second_factor_counts_if_it_is_taken(pool: PgPool) {
    let house = House::new(pool).await;
    let (session, _, _) = house.with_second_factor(EMAIL).await;
    let known = vouched("https://id.example", "subject-1");
    house.link_openid(&session, &known).await.unwrap();
    let owing = house.sign_in_vouched(&known, false).await.unwrap();
    assert_eq!(owing.session.standing(false), Standing::OwesCode);
    let whole = house.sign_in_vouched(&known, true).await.unwrap();
    let read = house.session(&whole.token).await;
    assert_eq!(read.standing(true), Standing::In);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ticket_is_good_for_one_answer_and_for_ten_minutes(pool: PgPool) {
    let house = House::new(pool).await;
    let (_, link) = house.invited(EMAIL).await;
    for errand in [Errand::SignIn, Errand::Invitation(link.kept())] {
        let ticket = house.sets_out(errand).await;
        let taken = house.accounts.take_openid(&ticket).await.unwrap();
        let taken = taken.expect("the first answer");
        assert_eq!((taken.what.errand, taken.begun_at), (errand, house.now()));
        assert_eq!(taken.what.issuer, "https://id.example");
        let again = house.accounts.take_openid(&ticket).await.unwrap();
        assert!(again.is_none());
    }
    let late = house.sets_out(Errand::SignIn).await;
    house.turn(Duration::minutes(10));
    assert!(house.accounts.take_openid(&late).await.unwrap().is_none());
    assert_eq!(house.accounts.sweep().await.unwrap().attempts, 1);
    let invented = OpenIdTicket::read(&"A".repeat(43)).unwrap();
    let nothing = house.accounts.take_openid(&invented).await.unwrap();
    assert!(nothing.is_none());
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_many_who_bring_one_ticket_one_is_answered(pool: PgPool) {
    let house = House::new(pool).await;
    let ticket = house.sets_out(Errand::SignIn).await;
    let tries = (0..8).map(|_| {
        let (accounts, ticket) = (house.accounts.clone(), ticket.clone());
        tokio::spawn(async move { accounts.take_openid(&ticket).await.unwrap().is_some() })
    });
    let mut taken = 0;
    for one in tries.collect::<Vec<_>>() {
        taken += usize::from(one.await.unwrap());
    }
    assert_eq!(taken, 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_provider_is_linked_from_a_fresh_sign_in_and_the_way_there_ends_with_the_session(
    pool: PgPool,
) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let session = house.sign_in(EMAIL).await.session;
    let (accounts, caller) = (&house.accounts, office());
    let begin = || accounts.begin_openid_link(&session, "https://id.example", &caller);
    let (ticket, _) = begin().await.unwrap();
    let taken = accounts.take_openid(&ticket).await.unwrap().unwrap();
    assert_eq!(taken.what.errand, Errand::Link(session.id()));
    let (ticket, _) = begin().await.unwrap();
    let ended = accounts.end_session(session.account(), session.id()).await;
    assert!(ended.unwrap());
    assert!(accounts.take_openid(&ticket).await.unwrap().is_none());
    house.turn(Duration::minutes(15));
    let stale = begin().await;
    assert!(matches!(stale, Err(AccountError::SignInAgain)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_session_is_as_fresh_as_the_proof_that_the_provider_had(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let known = vouched("https://id.example", "subject-1");
    let session = house.sign_in(EMAIL).await.session;
    house.link_openid(&session, &known).await.unwrap();
    let came = async |minutes_ago: i64, second_factor: bool| {
        let at = Some(house.now() - Duration::minutes(minutes_ago));
        let came = house.sign_in_proved(&known, Proof { at, second_factor });
        house.session(&came.await.unwrap().token).await
    };
    let other = vouched("https://other.example", "subject-1");
    for second_factor in [false, true] {
        let stale = came(16, second_factor).await;
        let refused = house.link_openid(&stale, &other).await;
        assert!(matches!(refused, Err(AccountError::SignInAgain)));
        // A clock ahead of ours makes nothing fresher than it is.
        for minutes_ago in [14, -30] {
            let fresh = came(minutes_ago, second_factor).await;
            house.link_openid(&fresh, &other).await.unwrap();
            let account = &house.accounts;
            account.unlink_openid(&fresh, &other.issuer).await.unwrap();
        }
    }
    let ahead = came(-30, false).await;
    house.turn(Duration::minutes(15));
    let refused = house.link_openid(&ahead, &other).await;
    assert!(matches!(refused, Err(AccountError::SignInAgain)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn setting_out_is_counted_for_the_address_and_coming_in_takes_it_back(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let known = vouched("https://id.example", "subject-1");
    let session = house.sign_in(EMAIL).await.session;
    house.link_openid(&session, &known).await.unwrap();
    for _ in 0..100 {
        house.sets_out(Errand::SignIn).await;
        house.sign_in_vouched(&known, false).await.unwrap();
    }
    let set_out = async |caller: &Caller| {
        let what = OpenIdErrand {
            issuer: known.issuer.clone(),
            errand: Errand::SignIn,
            prove_anew: false,
            next: String::new(),
        };
        house.accounts.begin_openid(what, caller).await
    };
    let stranger = elsewhere(1);
    for _ in 0..31 {
        set_out(&stranger).await.unwrap();
    }
    let refused = set_out(&stranger).await;
    assert!(matches!(refused, Err(AccountError::TryLater(_))));
    assert!(set_out(&elsewhere(2)).await.is_ok());
}
