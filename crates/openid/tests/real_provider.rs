//! A whole sign-in at a provider that somebody else wrote: `oidc-provider`, on this machine, in a process of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::{Clock, SystemClock};
use openid::{Answer, Attempt, Provider, ProviderSettings, Refused, Secret};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use testkit::openid_provider::OpenIdProvider;
use url::Url;

const CLIENT: &str = "compacts";
const SECRET: &str = "a secret of tests only";
const PERSON: &str = "invented-person";

fn back() -> Url {
    Url::parse("https://compacts.example/sign-in/back").expect("an address")
}

/// The provider, until dropped.
struct Theirs(OpenIdProvider);

impl Theirs {
    async fn start() -> Self {
        Self(OpenIdProvider::start(CLIENT, SECRET, back().as_str()).await)
    }

    fn provider(&self, secret: &str) -> Provider {
        let settings = ProviderSettings {
            name: "Example".to_owned(),
            issuer: self.0.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(Secret::new(secret)),
            scopes: Vec::new(),
            levels: Vec::new(),
            second_factor: Vec::new(),
        };
        Provider::new(settings, Arc::new(SystemClock)).expect("settings")
    }
}

fn now() -> DateTime<Utc> {
    SystemClock.now()
}

/// A browser: it keeps cookies and is told where to go.
struct Browser {
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
    /// How many forms it has sent.
    forms: usize,
}

impl Browser {
    fn new() -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self {
            http,
            cookies: BTreeMap::new(),
            forms: 0,
        }
    }

    /// Goes to a page, or sends a form there; answers where that leads, if it leads anywhere.
    async fn go(&mut self, to: &Url, form: Option<&str>) -> Option<Url> {
        let request = match form {
            None => self.http.get(to.clone()),
            Some(form) => self
                .http
                .post(to.clone())
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form.to_owned()),
        };
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let response = request.header(COOKIE, cookies.join("; ")).send().await;
        let response = response.expect("an answer");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie");
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let leads = response.headers().get(LOCATION).cloned();
        response.bytes().await.expect("a page to its end");
        let leads = leads?;
        let leads = leads.to_str().expect("an address");
        Some(to.join(leads).expect("an address"))
    }

    /// Signs in at the provider, agrees, and answers where the browser is sent back to.
    async fn sign_in(&mut self, from: Url, person: &str) -> Url {
        let login = format!("prompt=login&login={person}&password=anything");
        let mut at = from;
        let mut forms = [login.as_str(), "prompt=consent"].into_iter();
        // Two forms, and a handful of redirects between them.
        for _ in 0..20 {
            if at.host_str() == back().host_str() {
                return at;
            }
            at = if let Some(next) = self.go(&at, None).await {
                next
            } else {
                let form = forms.next().expect("a form that is known");
                self.forms += 1;
                self.go(&at, Some(form)).await.expect("it leads on")
            };
        }
        panic!("the provider leads in circles, lastly to {at}");
    }
}

/// What the browser brings back.
fn answer(brought: &Url) -> Answer {
    let find = |wanted: &str| {
        let mut pairs = brought.query_pairs();
        pairs.find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
    };
    Answer {
        code: find("code"),
        state: find("state"),
        iss: find("iss"),
        error: find("error"),
    }
}

#[tokio::test]
async fn somebody_signs_in_at_a_real_provider_and_the_same_code_does_not_work_twice() {
    let theirs = Theirs::start().await;
    let provider = theirs.provider(SECRET);
    let attempt = Attempt::new(&std::array::from_fn(|_| 7), now(), TimeDelta::hours(12));
    let there = provider.begin(&attempt, &back()).await.expect("an address");
    let brought = Browser::new().sign_in(there, PERSON).await;
    let vouched = provider.finish(&attempt, answer(&brought), &back()).await;
    let vouched = vouched.expect("vouched for");
    assert_eq!(vouched.issuer, theirs.0.issuer);
    assert_eq!(vouched.subject, PERSON);
    assert!(!vouched.second_factor_done);
    let again = provider.finish(&attempt, answer(&brought), &back()).await;
    assert!(matches!(again, Err(Refused::Code(_))), "{again:?}");
}

#[tokio::test]
async fn a_real_provider_refuses_another_verifier_another_address_and_another_secret() {
    let theirs = Theirs::start().await;
    let provider = theirs.provider(SECRET);
    let mine = Attempt::new(&[7; 96], now(), TimeDelta::hours(12));
    let mut other = [7; 96];
    // The same state, but another verifier.
    other[64..].fill(9);
    let other = Attempt::new(&other, now(), TimeDelta::hours(12));
    let elsewhere = Url::parse("https://compacts.example/elsewhere").expect("an address");
    let impostor = theirs.provider("a guess");
    for (name, provider, attempt, back_to) in [
        ("another verifier", &provider, &other, &back()),
        ("another address", &provider, &mine, &elsewhere),
        ("another secret", &impostor, &mine, &back()),
    ] {
        let there = theirs.provider(SECRET).begin(&mine, &back()).await;
        let brought = Browser::new()
            .sign_in(there.expect("an address"), PERSON)
            .await;
        let refused = provider.finish(attempt, answer(&brought), back_to).await;
        assert!(
            matches!(refused, Err(Refused::Code(_))),
            "{name}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_of_a_real_provider_without_its_name_is_refused() {
    let theirs = Theirs::start().await;
    let provider = theirs.provider(SECRET);
    let attempt = Attempt::new(&[7; 96], now(), TimeDelta::hours(12));
    let there = provider.begin(&attempt, &back()).await.expect("an address");
    let brought = Browser::new().sign_in(there, PERSON).await;
    let nameless = Answer {
        iss: None,
        ..answer(&brought)
    };
    let refused = provider.finish(&attempt, nameless, &back()).await;
    assert_eq!(refused, Err(Refused::Mixed));
}

#[tokio::test]
async fn whoever_is_to_prove_anew_who_they_are_is_asked_though_the_provider_knows_them() {
    let theirs = Theirs::start().await;
    let provider = theirs.provider(SECRET);
    let mut browser = Browser::new();
    let mut come = async |proved_within| {
        let attempt = Attempt::new(&[7; 96], now(), proved_within);
        let there = provider.begin(&attempt, &back()).await.expect("an address");
        let brought = browser.sign_in(there, PERSON).await;
        let forms = std::mem::take(&mut browser.forms);
        let vouched = provider.finish(&attempt, answer(&brought), &back()).await;
        (forms, vouched.expect("vouched for"))
    };
    let before = now() - TimeDelta::seconds(1);
    let (forms, vouched) = come(TimeDelta::hours(12)).await;
    assert_eq!(forms, 2, "to sign in, and to agree");
    assert!(vouched.proved_at.is_some_and(|at| at >= before));
    let (forms, again) = come(TimeDelta::hours(12)).await;
    assert_eq!((forms, again.proved_at), (0, vouched.proved_at));
    let (forms, anew) = come(TimeDelta::zero()).await;
    assert!(forms > 0 && anew.proved_at >= again.proved_at);
}
