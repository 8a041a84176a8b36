//! Accounts of people a provider vouches for.

use accounts::{AccountError, LinkRefused, OpenIdPerson, Password, SignInRefused, Standing, Way};
use sqlx::PgPool;

use crate::support::{House, PASSWORD};

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
