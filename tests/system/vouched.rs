//! Signing in by an OpenID provider's word, through the pages and a provider that somebody else wrote.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use testkit::openid_provider::OpenIdProvider;

use crate::browser::{Browser, Page};
use crate::house::{EMAIL, House};

const PASSWORD: &str = "wet ladder violin soup";
const CLIENT: &str = "compacts";
const SECRET: &str = "a secret of tests only";

/// Where people find the servers of tests, as far as these know.
const PUBLIC: &str = "http://127.0.0.1:8080";
const BACK: &str = "/sign-in/openid/council/back";
const SIGN_IN: &str = "/sign-in/openid/council";
const LINK: &str = "/account/openid/council/link";

/// A provider, and a server that takes its word.
struct Town {
    provider: OpenIdProvider,
    house: House,
    _secret: tempfile::TempDir,
}

impl Town {
    async fn open() -> Self {
        let provider = OpenIdProvider::start(CLIENT, SECRET, &format!("{PUBLIC}{BACK}")).await;
        let secret = tempfile::tempdir().expect("a folder");
        let file = secret.path().join("secret");
        std::fs::write(&file, format!("{SECRET}\n")).expect("written");
        let settings = settings(&provider.issuer, &file.display().to_string());
        let house = House::open_with(&settings).await;
        Self {
            provider,
            house,
            _secret: secret,
        }
    }

    fn browser(&self) -> Browser {
        Browser::new(&self.house.server)
    }

    /// From the page that leads to the provider, through signing in there as `person`, to where that leads back: path and query.
    async fn there_and_back(&self, leading: &Page, person: &str) -> String {
        assert_eq!(leading.status, 200, "{leading:?}");
        let there = there(leading);
        assert!(there.starts_with(&self.provider.issuer), "{there}");
        AtProvider::new().sign_in(&there, person).await
    }

    /// All of it, from the page to sign in.
    async fn sign_in(&self, browser: &mut Browser, person: &str) -> Page {
        let leading = browser.send(SIGN_IN, &[("next", "/account")]).await;
        let back = self.there_and_back(&leading, person).await;
        browser.get(&back).await
    }

    /// Somebody without a role and without a password.
    async fn invited(&self, email: &str, person: &str) -> Browser {
        let mut browser = self.browser();
        let invitation = self.house.invite(email, &[]).await;
        let page = browser.get(&invitation).await;
        let take_up = format!("{invitation}{SIGN_IN}").replace("/sign-in", "");
        assert!(page.body.contains(&format!("action=\"{take_up}\"")));
        let leading = browser.send(&take_up, &[]).await;
        let back = self.there_and_back(&leading, person).await;
        let came = browser.get(&back).await;
        assert_eq!((came.status, came.location()), (303, "/account"));
        assert_eq!(browser.get(&invitation).await.status, 410, "it is used");
        browser
    }

    async fn close(self) {
        self.house.server.stop().await;
        self.provider.stop().await;
    }
}

fn settings(issuer: &str, secret: &str) -> String {
    format!(
        "openid_providers = [{{ key = \"council\", name = \"Example Council\", issuer = \"{issuer}\", \
         client_id = \"{CLIENT}\", client_secret_file = \"{secret}\" }}]\n"
    )
}

/// Where a page leads on to, by itself and by its link.
fn there(leading: &Page) -> String {
    let by_itself = leading.between("<meta http-equiv=\"refresh\" content=\"0; url=", "\"");
    let by_link = leading.between("<a class=\"govuk-button\" href=\"", "\"");
    assert_eq!(by_itself, by_link);
    by_link.replace("&#38;", "&").replace("&amp;", "&")
}

/// The same browser, at the provider: it keeps that one's cookies.
struct AtProvider {
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl AtProvider {
    fn new() -> Self {
        let http = reqwest::Client::builder();
        let http = http.redirect(reqwest::redirect::Policy::none()).build();
        Self {
            http: http.expect("a client"),
            cookies: BTreeMap::new(),
        }
    }

    /// Goes to a page, or sends a form there; answers where that leads, if it leads anywhere.
    async fn go(&mut self, to: &str, form: Option<&str>) -> Option<String> {
        let request = match form {
            None => self.http.get(to),
            Some(form) => self
                .http
                .post(to)
                .body(form.to_owned())
                .header("content-type", "application/x-www-form-urlencoded"),
        };
        let held = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let held = held.collect::<Vec<_>>().join("; ");
        let response = request
            .header(COOKIE, held)
            .send()
            .await
            .expect("an answer");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().expect("text").split_once('=').expect("one");
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let leads = response.headers().get(LOCATION)?;
        let leads = response.url().join(leads.to_str().expect("text"));
        Some(leads.expect("an address").to_string())
    }

    async fn sign_in(&mut self, from: &str, person: &str) -> String {
        let login = format!("prompt=login&login={person}&password=anything");
        let mut forms = [login.as_str(), "prompt=consent"].into_iter();
        let mut at = from.to_owned();
        for _ in 0..20 {
            if let Some(back) = at.strip_prefix(PUBLIC) {
                assert!(back.starts_with(BACK), "{back}");
                return back.to_owned();
            }
            at = if let Some(next) = self.go(&at, None).await {
                next
            } else {
                let form = forms.next().expect("a form that is known");
                self.go(&at, Some(form)).await.expect("it leads on")
            };
        }
        panic!("the provider leads in circles, lastly to {at}");
    }
}

#[tokio::test]
async fn an_invited_person_links_a_provider_signs_in_with_it_and_takes_it_away_again() {
    let town = Town::open().await;
    let mut browser = town.browser();
    let invitation = town.house.invite_secretariat().await;
    browser.take_up(&invitation, PASSWORD).await;
    browser
        .sign_in_until((EMAIL, PASSWORD), "/set-up-second-factor")
        .await;
    let (_, _, codes) = browser.set_up_second_factor().await;

    let account = browser.get("/account").await;
    assert!(account.body.contains("Sign in with Example Council too"));
    let leading = browser.send(LINK, &[("form", &account.form())]).await;
    let back = town.there_and_back(&leading, "invented-clerk").await;
    let linked = browser.get(&back).await;
    assert_eq!(linked.location(), "/account?after=linked", "{linked:?}");
    assert!(browser.ticket.is_none(), "it is used");

    browser.cookie = None;
    let page = browser.get("/sign-in").await;
    assert!(page.body.contains("Sign in with Example Council</button>"));
    // The provider says nothing of a second factor: ours is asked for.
    let came = town.sign_in(&mut browser, "invented-clerk").await;
    assert_eq!(came.location(), "/sign-in/code?next=/account", "{came:?}");
    let form = browser.get("/sign-in/code").await.form();
    let code = [("form", form.as_str()), ("code", codes[0].as_str())];
    assert_eq!(browser.send("/sign-in/code", &code).await.status, 303);
    let account = browser.get("/account").await;
    assert!(account.body.contains("by another service and code"));

    let issuer = town.provider.issuer.as_str();
    let form = account.form();
    let fields = [("form", form.as_str()), ("issuer", issuer)];
    let gone = browser.send("/account/openid/unlink", &fields).await;
    assert_eq!(gone.location(), "/account?after=unlinked");
    let refused = town.sign_in(&mut town.browser(), "invented-clerk").await;
    assert_eq!(refused.status, 403);
    town.close().await;
}

/// What was told to whoever was refused, and in which cases.
#[derive(Default)]
struct Told(BTreeMap<String, Vec<&'static str>>);

impl Told {
    fn note(&mut self, what: &'static str, browser: &Browser, page: &Page) {
        assert_eq!(page.status, 403, "{what}: {page:?}");
        let empty = browser.cookie.is_none() && browser.ticket.is_none();
        assert!(empty, "{what}");
        self.0.entry(page.body.clone()).or_default().push(what);
    }
}

impl Town {
    /// A browser that has set out, and the page that leads it on.
    async fn setting_out(&self) -> (Browser, Page) {
        let mut browser = self.browser();
        let leading = browser.send(SIGN_IN, &[]).await;
        (browser, leading)
    }

    /// Brings back what `bent` makes of a good answer.
    async fn bring(
        &self,
        told: &mut Told,
        what: &'static str,
        bent: impl AsyncFn(&mut Browser, String) -> String,
    ) {
        let (mut browser, leading) = self.setting_out().await;
        let back = self.there_and_back(&leading, "one").await;
        let back = bent(&mut browser, back).await;
        let page = browser.get(&back).await;
        told.note(what, &browser, &page);
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_an_answer_it_is_refused_in_the_same_words() {
    let town = Town::open().await;
    let mut known = town.invited("one@members.example", "one").await;
    let account = known.get("/account").await;
    assert!(
        account
            .body
            .contains(">Password</dt><dd class=\"govuk-summary-list__value\">None</dd>")
    );
    let only_way = !account.body.contains("/account/openid/unlink");
    assert!(only_way, "it stays");
    let told = &mut Told::default();
    town.bring(told, "brought before", async |browser, back| {
        let ticket = browser.ticket.clone();
        assert_eq!(browser.get(&back).await.location(), "/start");
        (browser.cookie, browser.ticket) = (None, ticket);
        back
    })
    .await;
    town.bring(told, "no ticket", async |browser, back| {
        browser.ticket = None;
        back
    })
    .await;
    town.bring(told, "another browser's ticket", async |browser, back| {
        let (other, _) = town.setting_out().await;
        browser.ticket = other.ticket;
        back
    })
    .await;
    town.bring(told, "another state", async |_, back| {
        let (before, state) = back.split_once("state=").expect("a state");
        let flipped = if state.starts_with('A') { "B" } else { "A" };
        format!("{before}state={flipped}{}", &state[1..])
    })
    .await;
    town.bring(told, "a state twice", async |_, back| {
        format!("{back}&state=twice")
    })
    .await;
    town.bring(told, "the provider says no", async |_, back| {
        let code = back.split_once("code=").expect("a code").1;
        let code = code.split('&').next().expect("a code");
        back.replace(&format!("code={code}"), "error=access_denied")
    })
    .await;
    let mut browser = town.browser();
    let page = town.sign_in(&mut browser, "nobody").await;
    told.note("somebody unknown", &browser, &page);
    let disable = ["user", "disable", "one@members.example"];
    town.house.run(&disable).await;
    let page = town.sign_in(&mut browser, "one").await;
    told.note("an account that is shut", &browser, &page);
    assert_eq!(told.0.len(), 1, "{:?}", told.0);
    assert_eq!(told.0.values().map(Vec::len).sum::<usize>(), 8);
    town.close().await;
}

#[tokio::test]
async fn a_provider_is_linked_to_the_account_that_set_out_and_to_no_other() {
    let town = Town::open().await;
    town.invited("one@members.example", "one").await;
    let mut two = town.invited("two@members.example", "two").await;
    let mut three = town.browser();
    let invitation = town.house.invite("three@members.example", &[]).await;
    three.take_up(&invitation, PASSWORD).await;
    three.sign_in("three@members.example", PASSWORD).await;
    let form = three.get("/account").await.form();

    let leading = three.send(LINK, &[("form", &form)]).await;
    let back = town.there_and_back(&leading, "one").await;
    assert_eq!(three.get(&back).await.status, 403, "theirs already");

    // Led back in another session than set out, with the ticket and all.
    let leading = three.send(LINK, &[("form", &form)]).await;
    let back = town.there_and_back(&leading, "another").await;
    two.ticket.clone_from(&three.ticket);
    assert_eq!(two.get(&back).await.status, 403);
    assert_eq!(three.get(&back).await.status, 403, "it was used up");
    let mut fresh = town.browser();
    assert_eq!(town.sign_in(&mut fresh, "another").await.status, 403);

    let invitation = town.house.invite("four@members.example", &[]).await;
    let take_up = format!("{invitation}/openid/council");
    let leading = fresh.send(&take_up, &[]).await;
    let back = town.there_and_back(&leading, "one").await;
    assert_eq!(fresh.get(&back).await.status, 403, "they have an account");
    assert_eq!(
        fresh.get(&invitation).await.status,
        200,
        "and the invitation stays good"
    );
    town.close().await;
}

#[tokio::test]
async fn a_provider_that_is_down_stops_nothing_but_its_own_button() {
    let nobody = "http://127.0.0.1:1";
    let settings = settings(nobody, "/dev/null");
    let settings = settings.replace(", client_secret_file = \"/dev/null\"", "");
    let house = House::open_with(&settings).await;
    let mut browser = Browser::new(&house.server);
    let down = browser.send(SIGN_IN, &[]).await;
    assert_eq!(down.status, 503);
    assert!(
        down.body
            .contains("Example Council cannot be reached just now")
    );
    assert!(browser.ticket.is_none());
    assert_eq!(browser.send("/sign-in/openid/other", &[]).await.status, 404);
    let invitation = house.invite("one@members.example", &[]).await;
    browser.take_up(&invitation, PASSWORD).await;
    assert_eq!(
        browser
            .sign_in("one@members.example", PASSWORD)
            .await
            .status,
        303
    );
    house.server.stop().await;
}

#[tokio::test]
async fn whoever_signs_in_once_more_is_sent_to_prove_anew_who_they_are() {
    let town = Town::open().await;
    let mut browser = town.browser();
    let page = browser.get("/sign-in?again=/account").await;
    assert!(page.body.contains("name=\"again\" value=\"yes\""));
    let anew = browser.send(SIGN_IN, &[("again", "yes")]).await;
    let asks = |leading: &Page, wanted: &str| {
        let there = there(leading);
        there.split(['?', '&']).any(|pair| pair == wanted)
    };
    assert!(asks(&anew, "max_age=0") && asks(&anew, "prompt=login"));
    let page = browser.get("/sign-in").await;
    assert!(!page.body.contains("name=\"again\""));
    let usual = browser.send(SIGN_IN, &[]).await;
    assert!(asks(&usual, "max_age=43200") && !asks(&usual, "prompt=login"));
    town.close().await;
}
