//! Somebody at a browser: keeps the cookie it is given, follows no link by itself, and says where its forms come from.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::server::Server;

/// How long something that is recorded may take to be seen.
const DEADLINE: Duration = Duration::from_mins(1);

/// A browser with nothing in it but two cookies.
pub struct Browser {
    http: reqwest::Client,
    base: String,
    /// Its session's.
    pub cookie: Option<String>,
    /// The one it holds while its owner is at a provider.
    pub ticket: Option<String>,
}

/// A page, or what came in its place.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Page {
    /// Where it leads on to.
    pub fn location(&self) -> &str {
        let location = self.headers.get("location");
        let location = location.unwrap_or_else(|| panic!("it leads nowhere: {self:?}"));
        location.to_str().expect("text")
    }

    /// What stands between two texts.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let found = self.body.split_once(before).map(|(_, rest)| rest);
        let found = found.and_then(|rest| rest.split_once(after));
        found
            .unwrap_or_else(|| panic!("no {before} in {}", self.body))
            .0
    }

    /// The token its forms carry.
    pub fn form(&self) -> String {
        self.between("name=\"form\" value=\"", "\"").to_owned()
    }

    /// The line that sets the cookie.
    pub fn set_cookie(&self) -> &str {
        let line = self.headers.get("set-cookie");
        let line = line.unwrap_or_else(|| panic!("no cookie: {self:?}"));
        line.to_str().expect("text")
    }
}

/// The value of the cookie in the line that sets it.
pub fn cookie_in(line: &str) -> String {
    let value = line.strip_prefix("__Host-compacts=").expect("our cookie");
    value.split(';').next().expect("a value").to_owned()
}

impl Browser {
    pub fn new(server: &Server) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .build()
            .expect("a client");
        Self {
            http,
            base: format!("http://{}", server.handle().address()),
            cookie: None,
            ticket: None,
        }
    }

    /// What the form of a session that is nobody's would carry.
    pub fn token_of_nobody() -> String {
        let session = accounts::SessionToken::read(&"A".repeat(43)).expect("a token");
        let token = accounts::CsrfToken::of(&session);
        token.expose(&accounts::SystemRandomness).expect("random")
    }

    /// Looks at a page.
    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.http.get(format!("{}{path}", self.base));
        self.ask(request).await
    }

    /// Sends a form of this server's.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let origin = self.base.clone();
        self.send_from(&origin, path, fields).await
    }

    /// Sends a form of the page of `origin`.
    pub async fn send_from(&mut self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.http.post(format!("{}{path}", self.base));
        let request = request.header("origin", origin);
        let body = fields.iter().map(|(name, value)| {
            let escaped = value.bytes().fold(String::new(), |mut text, byte| {
                use std::fmt::Write;
                write!(text, "%{byte:02x}").expect("written");
                text
            });
            format!("{name}={escaped}")
        });
        let body = body.collect::<Vec<String>>().join("&");
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.ask(request).await
    }

    async fn ask(&mut self, mut request: reqwest::RequestBuilder) -> Page {
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("__Host-compacts={cookie}"));
        }
        if let Some(ticket) = &self.ticket {
            request = request.header("cookie", format!("__Host-compacts-openid={ticket}"));
        }
        let response = request.send().await.expect("an answer");
        let page = Page {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.expect("text"),
        };
        for line in page.headers.get_all("set-cookie") {
            let line = line.to_str().expect("text");
            let (name, rest) = line.split_once('=').expect("a cookie");
            let value = rest.split(';').next().expect("a value").to_owned();
            let kept = (!value.is_empty()).then_some(value);
            match name {
                "__Host-compacts" => self.cookie = kept,
                "__Host-compacts-openid" => self.ticket = kept,
                other => panic!("a cookie that nobody knows: {other}"),
            }
        }
        page
    }

    /// Asks the API with the cookie, as a page does: status and answer.
    pub async fn graphql(&self, query: &str, variables: Value) -> (u16, Value) {
        self.graphql_with(&[("x-compacts-csrf", "1")], query, variables)
            .await
    }

    /// Asks the API with the cookie and these headers.
    pub async fn graphql_with(
        &self,
        headers: &[(&str, &str)],
        query: &str,
        variables: Value,
    ) -> (u16, Value) {
        let mut request = self.http.post(format!("{}/graphql", self.base));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("__Host-compacts={cookie}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = json!({ "query": query, "variables": variables });
        let response = request.json(&body).send().await.expect("an answer");
        (
            response.status().as_u16(),
            response.json().await.expect("a document"),
        )
    }

    /// Sets a password by an invitation.
    pub async fn take_up(&mut self, invitation: &str, password: &str) -> Page {
        let fields = [("new-password", password), ("repeated-password", password)];
        self.send(invitation, &fields).await
    }

    /// Signs in by password.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Page {
        self.send("/sign-in", &[("email", email), ("password", password)])
            .await
    }

    /// Signs in again and again until that leads to `page`: a role is seen a moment after it is given.
    pub async fn sign_in_until(&mut self, (email, password): (&str, &str), page: &str) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let came = self.sign_in(email, password).await;
            if came.location().starts_with(page) {
                return;
            }
            assert!(Instant::now() < deadline, "{came:?}");
        }
    }

    /// Sets up a second factor: the secret, the first code that was taken, and the codes on paper.
    pub async fn set_up_second_factor(&mut self) -> (String, String, Vec<String>) {
        let page = self.get("/set-up-second-factor").await;
        let form = page.form();
        let page = self.send("/set-up-second-factor", &[("form", &form)]).await;
        let seed = page.between("<code>", "</code>").replace(' ', "");
        let code = code_of(&seed);
        let fields = [("form", form.as_str()), ("code", code.as_str())];
        let page = self.send("/set-up-second-factor/confirm", &fields).await;
        assert_eq!(page.status, 200, "{page:?}");
        let codes = page.body.split("<li><code>").skip(1);
        let codes = codes.map(|rest| rest.split('<').next().expect("a code").to_owned());
        (seed, code, codes.collect())
    }

    /// Makes a token that reads, or reads and writes, everything its owner may.
    pub async fn make_token(&mut self, may: &str) -> String {
        let form = self.get("/account/tokens/new").await.form();
        let fields = [
            ("form", form.as_str()),
            ("name", "a test's"),
            ("where", "everything"),
            ("may", may),
            ("days", "7"),
        ];
        let page = self.send("/account/tokens/new", &fields).await;
        assert_eq!(page.status, 200, "{page:?}");
        page.between("<code>", "</code>").to_owned()
    }
}

/// What an app shows now.
pub fn code_of(seed: &str) -> String {
    use domain::clock::{Clock, SystemClock};

    let enrolment = accounts::Enrolment {
        seed: seed.to_owned().into(),
        uri: String::new().into(),
    };
    enrolment.code_at(SystemClock.now()).expect("a secret")
}
