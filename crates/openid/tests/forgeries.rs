//! A provider's word is taken when everything about it is right, and not when anything is wrong.

mod fake;

use chrono::TimeDelta;
use domain::clock::Clock;
use fake::*;
use openid::{Answer, ProviderSettings, Refused};
use openidconnect::PrivateSigningKey;
use serde_json::{Value, json};

#[tokio::test]
async fn whoever_the_provider_vouches_for_is_known_by_issuer_and_subject() {
    let fake = Fake::start().await;
    let vouched = sign_in(&fake, &fake.provider()).await.expect("vouched for");
    assert_eq!(vouched.issuer, fake.issuer);
    assert_eq!(vouched.subject, "person-7");
    assert!(!vouched.second_factor_done);
}

#[tokio::test]
async fn the_browser_goes_with_a_challenge_a_state_and_a_nonce_and_takes_no_secret_along() {
    let fake = Fake::start().await;
    let sent = send(&fake, &fake.provider(), 7).await;
    let said = |name: &str| sent.query.get(name).map(String::as_str);
    assert_eq!(said("response_type"), Some("code"));
    assert_eq!(said("client_id"), Some(CLIENT));
    assert_eq!(said("redirect_uri"), Some(back().as_str()));
    assert_eq!(said("scope"), Some("openid"));
    assert_eq!(said("code_challenge_method"), Some("S256"));
    assert_eq!(said("state"), Some(sent.attempt.state()));
    let shown = sent.query.values().any(|value| value.contains("secret"));
    assert!(!shown && said("code_verifier").is_none());
}

#[tokio::test]
async fn a_second_factor_counts_when_the_settings_take_the_providers_word_for_it() {
    for (ways, done) in [
        (json!(["pwd", "mfa"]), true),
        (json!(["pwd", "otp"]), false),
        (json!([]), false),
    ] {
        let fake = Fake::start().await;
        fake.change(|script| script.claims["amr"] = ways.clone());
        let vouched = sign_in(&fake, &fake.provider()).await.expect("vouched for");
        assert_eq!(vouched.second_factor_done, done, "{ways}");
    }
}

#[tokio::test]
async fn a_level_counts_for_a_second_factor_too_and_nothing_does_that_the_settings_do_not_name() {
    for (level, done) in [("mfa", true), ("urn:example:loa2", false), ("", false)] {
        let fake = Fake::start().await;
        fake.change(|script| script.claims["acr"] = json!(level));
        let vouched = sign_in(&fake, &fake.provider()).await.expect("vouched for");
        assert_eq!(vouched.second_factor_done, done, "{level}");
    }
}

#[tokio::test]
async fn a_proof_older_than_was_asked_is_refused_and_a_recent_one_is_told() {
    let asked = TimeDelta::hours(12);
    let fake = Fake::start().await;
    let now = fake.clock.now();
    fake.change(|script| script.claims["auth_time"] = json!((now - asked).timestamp()));
    let vouched = sign_in(&fake, &fake.provider()).await.expect("vouched for");
    assert_eq!(vouched.proved_at, Some(now - asked));
    let fake = Fake::start().await;
    let older = now - asked - TimeDelta::minutes(2);
    fake.change(|script| script.claims["auth_time"] = json!(older.timestamp()));
    let refused = sign_in(&fake, &fake.provider()).await;
    assert!(matches!(refused, Err(Refused::Token(_))), "{refused:?}");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_left_alone_for_a_moment() {
    let fake = Fake::start().await;
    fake.change(|script| script.about = |about| about["issuer"] = json!("https://other.example"));
    let provider = fake.provider();
    let attempt = openid::Attempt::new(&[7; 96], fake.clock.now(), TimeDelta::hours(12));
    for _ in 0..3 {
        assert!(provider.begin(&attempt, &back()).await.is_err());
    }
    assert_eq!(fake.discovered(), 1);
    fake.change(|script| script.about = |_| {});
    assert!(provider.begin(&attempt, &back()).await.is_err(), "too soon");
    fake.clock.advance(TimeDelta::seconds(5));
    assert!(provider.begin(&attempt, &back()).await.is_ok());
    assert_eq!(fake.discovered(), 2);
}

#[tokio::test]
async fn a_public_client_signs_in_by_its_verifier_alone() {
    let fake = Fake::start().await;
    sign_in(&fake, &fake.provider_with(None))
        .await
        .expect("vouched for");
    let asked = fake.asked.lock().expect("what was asked");
    assert!(asked[0].contains_key("code_verifier") && !asked[0].contains_key("client_secret"));
}

/// A forged token: what is wrong with it, and how it comes about.
struct Forgery {
    name: &'static str,
    make: fn(&mut Script),
}

const fn forged(name: &'static str, make: fn(&mut Script)) -> Forgery {
    Forgery { name, make }
}

/// Seconds in a claim, put off.
fn put_off(script: &mut Script, claim: &str, by: i64) {
    let at = script.claims[claim].as_i64().expect("a time");
    script.claims[claim] = json!(at + by);
}

const FORGERIES: &[Forgery] = &[
    forged("no signature, and says so", |script| {
        script.header["alg"] = json!("none");
        script.signing = Signing::Nothing;
    }),
    forged("no signature, and does not say so", |script| {
        script.signing = Signing::Nothing;
    }),
    forged("a signature by another key under the same name", |script| {
        script.signing = Signing::Key(key(2, "one"));
    }),
    forged("a key nobody published", |script| {
        script.header["kid"] = json!("two");
        script.signing = Signing::Key(key(2, "two"));
    }),
    forged("a key that the token brings along", |script| {
        script.header = json!({"alg": "EdDSA", "jwk": key(2, "two").as_verification_key()});
        script.signing = Signing::Key(key(2, "two"));
    }),
    forged("a signature with a bit changed", |script| {
        script.signing = Signing::Bent(key(1, "one"));
    }),
    forged("an HMAC with the published key", |script| {
        script.header["alg"] = json!("HS256");
        script.signing = Signing::Secret(published(&key(1, "one").as_verification_key()));
    }),
    forged("an HMAC with the client's secret", |script| {
        script.header["alg"] = json!("HS256");
        script.signing = Signing::Secret(SECRET.as_bytes().to_vec());
    }),
    forged("an algorithm that the provider does not use", |script| {
        script.about = |about| about["id_token_signing_alg_values_supported"] = json!(["RS256"]);
    }),
    forged("a header that must be understood and is not", |script| {
        script.header["crit"] = json!(["exp"]);
    }),
    forged("another issuer", |script| {
        script.claims["iss"] = json!("https://evil.example");
    }),
    forged("the issuer with a slash more", |script| {
        let issuer = script.claims["iss"].as_str().expect("an issuer");
        script.claims["iss"] = json!(format!("{issuer}/"));
    }),
    forged("no issuer", |script| take_out(script, "iss")),
    forged("another audience", |script| {
        script.claims["aud"] = json!("another client");
    }),
    forged("an audience that differs in case", |script| {
        script.claims["aud"] = json!("Compacts");
    }),
    forged("an audience besides us", |script| {
        script.claims["aud"] = json!([CLIENT, "another client"]);
    }),
    forged("no audience", |script| take_out(script, "aud")),
    forged("made for another party", |script| {
        script.claims["azp"] = json!("another client");
    }),
    forged("another nonce", |script| {
        script.claims["nonce"] = json!("another nonce");
    }),
    forged("no nonce", |script| script.claims["nonce"] = Value::Null),
    forged("expired", |script| put_off(script, "exp", -301)),
    forged("no end", |script| take_out(script, "exp")),
    forged("issued in the future", |script| {
        put_off(script, "iat", 120);
        put_off(script, "exp", 120);
    }),
    forged("issued long ago, and good for ever", |script| {
        put_off(script, "iat", -3600);
        put_off(script, "exp", 1_000_000);
    }),
    forged("no subject", |script| take_out(script, "sub")),
    forged("an empty subject", |script| {
        script.claims["sub"] = json!("");
    }),
    forged("a subject longer than any", |script| {
        script.claims["sub"] = json!("x".repeat(256));
    }),
    forged("another access token's", |script| {
        script.claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    }),
    forged("no identity token", |script| {
        script.response = |response| {
            response.as_object_mut().expect("fields").remove("id_token");
        };
    }),
    forged("a token that is none", |script| {
        script.response = |response| response["id_token"] = json!("x.y.z");
    }),
];

fn take_out(script: &mut Script, claim: &str) {
    script.claims.as_object_mut().expect("claims").remove(claim);
}

#[tokio::test]
async fn nobody_is_vouched_for_by_a_forged_token() {
    for forgery in FORGERIES {
        let fake = Fake::start().await;
        fake.change(forgery.make);
        let provider = fake.provider();
        let refused = sign_in(&fake, &provider).await;
        assert!(refused.is_err(), "{}: {refused:?}", forgery.name);
        let asked = fake.asked.lock().expect("what was asked").len();
        assert_eq!(
            asked, 1,
            "{}: it was the token that was refused",
            forgery.name
        );
    }
    assert!(FORGERIES.len() >= 20);
}

/// An answer that something is wrong with before any token is asked for.
#[tokio::test]
async fn nobody_is_vouched_for_by_a_forged_answer_and_its_code_goes_nowhere() {
    type Forge = fn(&mut Answer);
    let answers: &[(&str, Forge)] = &[
        ("another state", |answer| {
            answer.state = Some("another".to_owned());
        }),
        ("no state", |answer| answer.state = None),
        ("an empty state", |answer| {
            answer.state = Some(String::new());
        }),
        ("another provider's", |answer| {
            answer.iss = Some("https://evil.example".to_owned());
        }),
        ("a code and an error", |answer| {
            answer.error = Some("access_denied".to_owned());
        }),
        ("neither code nor error", |answer| answer.code = None),
    ];
    for (name, forge) in answers {
        let fake = Fake::start().await;
        let provider = fake.provider();
        let sent = send(&fake, &provider, 7).await;
        let mut answer = answer(&sent);
        forge(&mut answer);
        let refused = provider.finish(&sent.attempt, answer, &back()).await;
        assert!(refused.is_err(), "{name}: {refused:?}");
        assert!(
            fake.asked.lock().expect("what was asked").is_empty(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_provider_that_names_itself_in_its_answers_must_always_do_so() {
    let fake = Fake::start().await;
    fake.change(|script| {
        script.about = |about| {
            about["authorization_response_iss_parameter_supported"] = json!(true);
        };
    });
    let provider = fake.provider();
    let sent = send(&fake, &provider, 7).await;
    let refused = provider.finish(&sent.attempt, answer(&sent), &back()).await;
    assert_eq!(refused, Err(Refused::Mixed));
    let named = Answer {
        iss: Some(fake.issuer.clone()),
        ..answer(&sent)
    };
    let vouched = provider.finish(&sent.attempt, named, &back()).await;
    assert!(vouched.is_ok(), "{vouched:?}");
}

#[tokio::test]
async fn one_providers_code_is_not_taken_to_another() {
    let (honest, evil) = (Fake::start().await, Fake::start().await);
    let (at_honest, at_evil) = (honest.provider(), evil.provider());
    let sent = send(&evil, &at_evil, 7).await;
    // The evil one sent the browser on to the honest one, whose code comes back to the evil one's attempt.
    let mixed = Answer {
        iss: Some(honest.issuer.clone()),
        ..answer(&sent)
    };
    let refused = at_evil.finish(&sent.attempt, mixed, &back()).await;
    assert_eq!(refused, Err(Refused::Mixed));
    assert!(evil.asked.lock().expect("what was asked").is_empty());
    // Nor does an attempt at one pass for an attempt at the other: the honest one knows another challenge.
    send(&honest, &at_honest, 9).await;
    let refused = at_honest
        .finish(&sent.attempt, answer(&sent), &back())
        .await;
    assert!(matches!(refused, Err(Refused::Code(_))), "{refused:?}");
}

#[tokio::test]
async fn a_code_works_once_and_only_with_the_verifier_it_was_asked_for_with() {
    let fake = Fake::start().await;
    let provider = fake.provider();
    let sent = send(&fake, &provider, 7).await;
    let first = provider.finish(&sent.attempt, answer(&sent), &back()).await;
    assert!(first.is_ok(), "{first:?}");
    let again = provider.finish(&sent.attempt, answer(&sent), &back()).await;
    assert!(matches!(again, Err(Refused::Code(_))), "{again:?}");

    let fake = Fake::start().await;
    let provider = fake.provider();
    let mine = send(&fake, &provider, 7).await;
    // Somebody else's attempt, whose code is slipped into mine.
    send(&fake, &provider, 9).await;
    let refused = provider.finish(&mine.attempt, answer(&mine), &back()).await;
    assert!(matches!(refused, Err(Refused::Code(_))), "{refused:?}");
}

#[tokio::test]
async fn an_answer_that_comes_after_ten_minutes_comes_too_late() {
    let fake = Fake::start().await;
    let provider = fake.provider();
    let sent = send(&fake, &provider, 7).await;
    fake.clock.advance(TimeDelta::minutes(11));
    let refused = provider.finish(&sent.attempt, answer(&sent), &back()).await;
    assert_eq!(refused, Err(Refused::TooLate));
}

#[tokio::test]
async fn whoever_says_no_at_the_provider_is_not_signed_in_and_the_reason_fits_a_log() {
    let fake = Fake::start().await;
    let provider = fake.provider();
    let sent = send(&fake, &provider, 7).await;
    let said_no = Answer {
        code: None,
        error: Some("access_denied\u{1b}[2J\nforged line".to_owned()),
        ..answer(&sent)
    };
    let refused = provider.finish(&sent.attempt, said_no, &back()).await;
    let declined = Refused::Declined("access_denied[2Jforged line".to_owned());
    assert_eq!(refused, Err(declined));
}

#[tokio::test]
async fn a_key_that_is_new_is_asked_for_and_an_invented_one_not_more_than_once_a_minute() {
    let fake = Fake::start().await;
    let provider = fake.provider();
    let sent = send(&fake, &provider, 7).await;
    fake.clock.advance(TimeDelta::minutes(2));
    fake.change(|script| {
        script.keys = vec![key(3, "three").as_verification_key()];
        script.header["kid"] = json!("three");
        script.signing = Signing::Key(key(3, "three"));
        script.strict = false;
    });
    let vouched = provider.finish(&sent.attempt, answer(&sent), &back()).await;
    assert!(vouched.is_ok(), "{vouched:?}");
    assert_eq!(fake.discovered(), 2);
    fake.change(|script| {
        script.header["kid"] = json!("invented");
        script.signing = Signing::Key(key(4, "invented"));
    });
    for _ in 0..5 {
        let refused = provider.finish(&sent.attempt, answer(&sent), &back()).await;
        assert!(matches!(refused, Err(Refused::Token(_))), "{refused:?}");
    }
    assert_eq!(fake.discovered(), 2, "within the minute");
}

#[tokio::test]
async fn a_provider_that_calls_itself_otherwise_or_sends_us_into_the_clear_is_not_used() {
    let wrong: &[fn(&mut Value)] = &[
        |about| about["issuer"] = json!("https://evil.example"),
        |about| about["token_endpoint"] = json!("http://login.example.org/token"),
        |about| about["authorization_endpoint"] = json!("http://login.example.org/authorize"),
    ];
    for about in wrong {
        let fake = Fake::start().await;
        fake.change(|script| script.about = *about);
        let attempt = openid::Attempt::new(&[7; 96], fake.clock.now(), TimeDelta::hours(12));
        let refused = fake.provider().begin(&attempt, &back()).await;
        let refused = refused.expect_err("it is not used");
        assert_eq!(refused.issuer, fake.issuer);
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_to_be() {
    let fake = Fake::start().await;
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address")
    };
    let settings = ProviderSettings {
        name: "Example".to_owned(),
        issuer: format!("http://{gone}"),
        client_id: CLIENT.to_owned(),
        client_secret: None,
        scopes: Vec::new(),
        levels: Vec::new(),
        second_factor: Vec::new(),
    };
    let provider = openid::Provider::new(settings, fake.clock.clone()).expect("settings");
    let attempt = openid::Attempt::new(&[7; 96], fake.clock.now(), TimeDelta::hours(12));
    for _ in 0..2 {
        let refused = provider.begin(&attempt, &back()).await.expect_err("away");
        assert!(
            refused.to_string().contains("cannot be used now"),
            "{refused}"
        );
    }
}
