//! Signing in, from the invitation to signing out, as a browser and a program meet it: what is let in, and what is not.

use serde_json::{Value, json};

use crate::browser::{Browser, Page, code_of, cookie_in};
use crate::house::{EMAIL, House};

const PASSWORD: &str = "wet ladder violin soup";
const ELSEWHERE: &str = "https://elsewhere.example";

const PROPOSE: &str = "mutation Propose($input: ProposeCommitmentInput!) {
  proposeCommitment(input: $input) { position userErrors { code message } } }";

fn code(answer: &Value) -> &str {
    let code = &answer["errors"][0]["extensions"]["code"];
    code.as_str().unwrap_or_default()
}

#[tokio::test]
async fn somebody_is_invited_signs_in_with_two_factors_changes_something_and_signs_out() {
    let house = House::open().await;
    let invitation = house.invite_secretariat().await;
    let mut browser = Browser::new(&house.server);
    the_link_sets_a_password_once(&mut browser, &invitation).await;
    browser
        .sign_in_until((EMAIL, PASSWORD), "/set-up-second-factor")
        .await;
    let (status, answer) = browser.graphql("{ __typename }", json!({})).await;
    assert_eq!(
        (status, code(&answer)),
        (403, "SECOND_FACTOR_OWED"),
        "{answer}"
    );
    let account = browser.get("/account").await;
    assert!(
        account.location().starts_with("/set-up-second-factor"),
        "{account:?}"
    );

    let (seed, used, codes) = the_second_factor_is_set_up(&mut browser).await;
    let proposal = house.proposal("s1").await;
    a_change_needs_the_header(&browser, &proposal).await;
    let account = browser.get("/account").await;
    assert!(
        account
            .body
            .contains("Secretariat of Lincolnshire and Rutland"),
        "{}",
        account.body
    );
    tokens_do_what_they_are_for_and_no_more(&mut browser, &house).await;
    signing_out_ends_it(&mut browser, &proposal).await;
    a_code_is_taken_once(&mut browser, &seed, (&used, &codes)).await;
    house.server.stop().await;
}

async fn the_link_sets_a_password_once(browser: &mut Browser, invitation: &str) {
    let page = browser.get(invitation).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["cache-control"], "no-store");
    for wanted in [
        "<label for=\"new-password\" class=\"govuk-label\">",
        "autocomplete=\"new-password\"",
        "<h1 class=\"govuk-heading-l\">",
    ] {
        assert!(page.body.contains(wanted), "{}", page.body);
    }
    let weak = browser.take_up(invitation, "password1234").await;
    assert_eq!(weak.status, 422);
    assert!(weak.body.contains("<title>Error: "), "{}", weak.body);
    assert!(
        weak.body.contains("<a href=\"#new-password\">"),
        "{}",
        weak.body
    );
    let fields = [("new-password", PASSWORD), ("repeated-password", "another")];
    assert_eq!(browser.send(invitation, &fields).await.status, 422);
    let foreign = browser.send_from(ELSEWHERE, invitation, &fields).await;
    assert_eq!(foreign.status, 403);
    let set = browser.take_up(invitation, PASSWORD).await;
    assert_eq!(
        (set.status, set.location()),
        (303, "/sign-in?after=password-set")
    );
    assert_eq!(browser.get(invitation).await.status, 410);
    assert_eq!(browser.take_up(invitation, PASSWORD).await.status, 410);
    let as_reset = invitation.replace("invitation", "reset");
    assert_eq!(browser.get(&as_reset).await.status, 410);
}

/// Each step gives the browser another cookie, and the one before it is worth nothing.
async fn the_second_factor_is_set_up(browser: &mut Browser) -> (String, String, Vec<String>) {
    let before = browser.cookie.clone().expect("a cookie");
    let form = browser.get("/set-up-second-factor").await.form();
    let begun = browser
        .send("/set-up-second-factor", &[("form", &form)])
        .await;
    assert!(begun.body.contains("<svg "), "a picture to scan");
    let wrong = [("form", form.as_str()), ("code", "12345")];
    let wrong = browser.send("/set-up-second-factor/confirm", &wrong).await;
    assert_eq!(wrong.status, 422, "{wrong:?}");
    let found = browser.set_up_second_factor().await;
    assert_eq!(found.2.len(), 10);
    let after = browser.cookie.replace(before).expect("a cookie");
    let (status, answer) = browser.graphql("{ __typename }", json!({})).await;
    assert_eq!((status, code(&answer)), (401, "SESSION_ENDED"), "{answer}");
    browser.cookie = Some(after);
    found
}

async fn a_change_needs_the_header(browser: &Browser, proposal: &Value) {
    let (status, answer) = browser.graphql_with(&[], PROPOSE, proposal.clone()).await;
    assert_eq!(
        (status, code(&answer)),
        (403, "HEADER_REQUIRED"),
        "{answer}"
    );
    let foreign = [("x-compacts-csrf", "1"), ("origin", ELSEWHERE)];
    let (status, answer) = browser
        .graphql_with(&foreign, PROPOSE, proposal.clone())
        .await;
    assert_eq!((status, code(&answer)), (403, "FOREIGN_PAGE"), "{answer}");
    let (status, answer) = browser.graphql(PROPOSE, proposal.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let payload = &answer["data"]["proposeCommitment"];
    assert!(payload["position"].is_u64(), "{answer}");
}

async fn tokens_do_what_they_are_for_and_no_more(browser: &mut Browser, house: &House) {
    let (reads, writes) = (
        browser.make_token("read").await,
        browser.make_token("write").await,
    );
    let program = Browser::new(&house.server);
    let with = async |token: &str, query: &str, variables: Value| {
        let bearer = format!("Bearer {token}");
        program
            .graphql_with(&[("authorization", &bearer)], query, variables)
            .await
    };
    let (status, answer) = with(&reads, "{ __typename }", json!({})).await;
    assert_eq!(
        (status, &answer["data"]["__typename"]),
        (200, &json!("Query"))
    );
    let (_, refused) = with(&reads, PROPOSE, house.proposal("t1").await).await;
    assert_eq!(code(&refused), "READ_ONLY_TOKEN", "{refused}");
    let (_, made) = with(&writes, PROPOSE, house.proposal("t2").await).await;
    assert!(
        made["data"]["proposeCommitment"]["position"].is_u64(),
        "{made}"
    );
    let account = browser.get("/account").await;
    let revoke = format!(
        "/account/tokens/{}/revoke",
        account.between("/account/tokens/", "/revoke")
    );
    let revoked = browser.send(&revoke, &[("form", &account.form())]).await;
    assert_eq!(revoked.status, 303, "{revoked:?}");
    // The latest stands first.
    let (status, answer) = with(&writes, "{ __typename }", json!({})).await;
    assert_eq!((status, code(&answer)), (401, "BAD_TOKEN"), "{answer}");
    for bad in ["cmp_x", "", "something else"] {
        let (status, answer) = with(bad, "{ __typename }", json!({})).await;
        assert_eq!(
            (status, code(&answer)),
            (401, "BAD_TOKEN"),
            "{bad}: {answer}"
        );
    }
}

async fn signing_out_ends_it(browser: &mut Browser, proposal: &Value) {
    let held = browser.cookie.clone();
    let form = browser.get("/account").await.form();
    assert_eq!(
        browser.send("/sign-out", &[]).await.status,
        403,
        "without the form's token"
    );
    let out = browser.send("/sign-out", &[("form", &form)]).await;
    assert_eq!(out.location(), "/sign-in?after=signed-out");
    assert!(
        out.set_cookie().ends_with("Max-Age=0"),
        "{}",
        out.set_cookie()
    );
    assert!(browser.cookie.is_none());
    let (_, answer) = browser.graphql(PROPOSE, proposal.clone()).await;
    assert!(
        answer["data"]["proposeCommitment"]["position"].is_null(),
        "{answer}"
    );
    browser.cookie = held;
    let (status, answer) = browser.graphql(PROPOSE, proposal.clone()).await;
    assert_eq!((status, code(&answer)), (401, "SESSION_ENDED"), "{answer}");
    assert!(
        browser
            .get("/account")
            .await
            .location()
            .starts_with("/sign-in?")
    );
}

async fn a_code_is_taken_once(browser: &mut Browser, seed: &str, (used, codes): (&str, &[String])) {
    let into = browser.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(into.location(), "/sign-in/code?next=/start");
    let page = browser.get(into.location()).await;
    assert!(
        page.body.contains("autocomplete=\"one-time-code\""),
        "{}",
        page.body
    );
    let form = page.form();
    let give = async |browser: &mut Browser, code: &str| {
        browser
            .send("/sign-in/code", &[("form", form.as_str()), ("code", code)])
            .await
    };
    assert_eq!(give(browser, used).await.status, 422, "it set the app up");
    assert_ne!(code_of(seed), "", "the app goes on");
    let before = browser.cookie.clone();
    let passed = give(browser, &codes[0]).await;
    assert_eq!((passed.status, passed.location()), (303, "/start"));
    assert_ne!(browser.cookie, before, "another cookie for who is in");
    browser.sign_in(EMAIL, PASSWORD).await;
    let form = browser.get("/sign-in/code").await.form();
    let again = [("form", form.as_str()), ("code", codes[0].as_str())];
    assert_eq!(browser.send("/sign-in/code", &again).await.status, 422);
}

#[tokio::test]
async fn whoever_tries_to_sign_in_is_told_the_same_whether_there_is_such_an_account_or_not() {
    let house = House::open().await;
    let invitation = house.invite(EMAIL, &[]).await;
    let mut browser = Browser::new(&house.server);
    browser.take_up(&invitation, PASSWORD).await;
    let invited = "waits@members.example";
    house.invite(invited, &[]).await;
    let told = |page: &Page, email: &str| {
        assert_eq!(page.status, 422);
        assert!(!page.headers.contains_key("set-cookie"), "{page:?}");
        page.body.replace(email, "")
    };
    let known = browser.sign_in(EMAIL, "not the password").await;
    let known = told(&known, EMAIL);
    assert!(known.contains("<title>Error: Sign in"), "{known}");
    for email in [invited, "nobody@members.example"] {
        let page = browser.sign_in(email, "not the password").await;
        assert_eq!(told(&page, email), known, "{email}");
    }

    // The cookie that was there before is not the one that is there after, whoever set it.
    let planted = "A".repeat(43);
    browser.cookie = Some(planted.clone());
    let came = browser.sign_in(EMAIL, PASSWORD).await;
    assert_eq!((came.status, came.location()), (303, "/start"));
    let cookie = came.set_cookie();
    assert!(cookie.starts_with("__Host-compacts="), "{cookie}");
    let attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";
    assert!(cookie.ends_with(attributes), "{cookie}");
    assert_ne!(cookie_in(cookie), planted);
    let first = browser.cookie.clone();
    browser.sign_in(EMAIL, PASSWORD).await;
    assert_ne!(browser.cookie, first, "rotated when signing in again");
    let second = std::mem::replace(&mut browser.cookie, first);
    let ended = browser.get("/account").await;
    assert!(
        ended.location().starts_with("/sign-in?"),
        "the one before has ended"
    );
    browser.cookie = second;
    every_form_is_refused_to_other_sites_and_without_its_token(&mut browser).await;
    the_password_is_changed(&mut browser).await;
    house.server.stop().await;
}

#[tokio::test]
async fn somebody_signs_out_everywhere_else_and_takes_their_second_factor_away() {
    let house = House::open().await;
    let invitation = house.invite(EMAIL, &[]).await;
    let (mut here, mut there) = (Browser::new(&house.server), Browser::new(&house.server));
    here.take_up(&invitation, PASSWORD).await;
    here.sign_in(EMAIL, PASSWORD).await;
    let alone = here.get("/account").await;
    assert!(!alone.body.contains("Sign out everywhere else"));
    there.sign_in(EMAIL, PASSWORD).await;
    let account = here.get("/account").await;
    assert!(account.body.contains("Sign out everywhere else"));
    let form = account.form();
    let fields = [("form", form.as_str())];
    let ended = here.send("/account/sessions/end-others", &fields).await;
    assert_eq!(ended.location(), "/account?after=others-ended");
    assert_eq!(here.get("/account").await.status, 200);
    let out = there.get("/account").await;
    assert!(out.location().starts_with("/sign-in?"), "{out:?}");

    here.set_up_second_factor().await;
    let account = here.get("/account").await;
    assert!(account.body.contains("Take it away"), "{}", account.body);
    let form = account.form();
    let fields = [("form", form.as_str())];
    let gone = here.send("/account/second-factor/take-away", &fields).await;
    assert_eq!(gone.location(), "/account?after=second-factor-gone");
    let came = there.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(came.location(), "/start", "no code is asked for");
    house.server.stop().await;
}

async fn every_form_is_refused_to_other_sites_and_without_its_token(browser: &mut Browser) {
    let id = "00000000-0000-0000-0000-000000000001";
    let of_a_session = [
        "/sign-out".to_owned(),
        "/set-up-second-factor".to_owned(),
        "/set-up-second-factor/confirm".to_owned(),
        "/account/password".to_owned(),
        "/account/recovery-codes".to_owned(),
        "/account/openid/council/link".to_owned(),
        "/account/sessions/end-others".to_owned(),
        "/account/second-factor/take-away".to_owned(),
        "/account/openid/unlink".to_owned(),
        "/account/tokens/new".to_owned(),
        format!("/account/sessions/{id}/end"),
        format!("/account/tokens/{id}/revoke"),
    ];
    let form = browser.get("/account").await.form();
    let strangers = Browser::token_of_nobody();
    for path in &of_a_session {
        let from_elsewhere = browser.send_from(ELSEWHERE, path, &[("form", &form)]).await;
        assert_eq!(from_elsewhere.status, 403, "{path}");
        for token in ["", strangers.as_str(), &form[1..]] {
            let refused = browser.send(path, &[("form", token)]).await;
            assert_eq!(refused.status, 403, "{path} with {token:?}");
        }
    }
    for path in [
        "/sign-in",
        "/sign-in/code",
        "/sign-in/openid/council",
        "/forgotten",
        "/invitation/x",
        "/invitation/x/openid/council",
        "/reset/x",
    ] {
        let foreign = browser
            .send_from(ELSEWHERE, path, &[("email", EMAIL)])
            .await;
        assert_eq!(foreign.status, 403, "{path}");
        assert_eq!(
            browser.send_from("null", path, &[]).await.status,
            403,
            "{path}"
        );
    }
    assert_eq!(
        browser.get("/account").await.status,
        200,
        "nothing of it came to pass"
    );
}

async fn the_password_is_changed(browser: &mut Browser) {
    let page = browser.get("/account/password").await;
    let form = page.form();
    let new = "seven brass kettles humming";
    let change = async |browser: &mut Browser, current: &str, new: &str| {
        let fields = [
            ("form", form.as_str()),
            ("current-password", current),
            ("new-password", new),
            ("repeated-password", new),
        ];
        browser.send("/account/password", &fields).await
    };
    assert_eq!(change(browser, "not the password", new).await.status, 422);
    assert_eq!(change(browser, PASSWORD, "short").await.status, 422);
    let before = browser.cookie.clone();
    let changed = change(browser, PASSWORD, new).await;
    assert_eq!(changed.location(), "/account?after=password-changed");
    assert_ne!(browser.cookie, before);
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(browser.sign_in(EMAIL, PASSWORD).await.status, 422);
    assert_eq!(browser.sign_in(EMAIL, new).await.status, 303);
}
