//! A provider that answers as it is told to: rightly, or with any forgery.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use domain::clock::Clock;
use openid::{Answer, Attempt, Provider, ProviderSettings, Refused, Secret, Vouched};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJsonWebKey, CoreJwsSigningAlgorithm,
};
use openidconnect::{JsonWebKey, JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

pub const CLIENT: &str = "compacts";
pub const SECRET: &str = "a secret that the provider knows too";
pub const CODE: &str = "the-code";
pub const ACCESS: &str = "an access token";

/// A key of the provider's, or of somebody else's.
pub fn key(seed: u8, id: &str) -> CoreEdDsaPrivateSigningKey {
    // PKCS #8 before the 32 bytes of an Ed25519 key (RFC 8410).
    let mut der = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    der.extend([seed; 32]);
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64.encode(&der)
    );
    let id = Some(JsonWebKeyId::new(id.to_owned()));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, id).expect("a key")
}

/// The time of the tests, which a test may move.
pub struct Hands(Mutex<DateTime<Utc>>);

impl Hands {
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.0.lock().expect("hands");
        *now += by;
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("hands")
    }
}

/// What the provider says and does.
pub struct Script {
    /// The token's header, its claims, and what they are signed with.
    pub header: Value,
    pub claims: Value,
    pub signing: Signing,
    /// The keys it publishes.
    pub keys: Vec<CoreJsonWebKey>,
    /// Changes what it says of itself.
    pub about: fn(&mut Value),
    /// Changes what it answers with the token; none of it for an error.
    pub response: fn(&mut Value),
    /// Whether it keeps to PKCE and to using a code once.
    pub strict: bool,
}

pub enum Signing {
    Key(CoreEdDsaPrivateSigningKey),
    /// HMAC with these bytes.
    Secret(Vec<u8>),
    /// An empty signature.
    Nothing,
    /// The right one, a bit of it changed.
    Bent(CoreEdDsaPrivateSigningKey),
}

pub struct Fake {
    pub issuer: String,
    pub script: Mutex<Script>,
    /// What was sent to the token's address.
    pub asked: Mutex<Vec<HashMap<String, String>>>,
    /// The challenge a browser came with.
    pub challenge: Mutex<Option<String>>,
    pub clock: Arc<Hands>,
    discovered: Mutex<u32>,
}

impl Fake {
    /// A provider that answers rightly, on a port of its own.
    pub async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let now: DateTime<Utc> = "2009-03-01T10:00:00Z".parse().expect("a time");
        let fake = Arc::new(Self {
            script: Mutex::new(Script {
                header: json!({"alg": "EdDSA", "kid": "one"}),
                claims: json!({
                    "iss": issuer, "sub": "person-7", "aud": CLIENT,
                    "iat": now.timestamp(), "exp": now.timestamp() + 300,
                }),
                signing: Signing::Key(key(1, "one")),
                keys: vec![key(1, "one").as_verification_key()],
                about: |_| {},
                response: |_| {},
                strict: true,
            }),
            issuer,
            asked: Mutex::default(),
            challenge: Mutex::default(),
            clock: Arc::new(Hands(Mutex::new(now))),
            discovered: Mutex::default(),
        });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(about))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&fake));
        tokio::spawn(async move { axum::serve(listener, routes).await.expect("served") });
        fake
    }

    /// Ours, which takes this provider's word.
    pub fn provider(&self) -> Provider {
        self.provider_with(Some(Secret::new(SECRET)))
    }

    pub fn provider_with(&self, client_secret: Option<Secret>) -> Provider {
        let settings = ProviderSettings {
            name: "Example".to_owned(),
            issuer: self.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret,
            scopes: Vec::new(),
            levels: Vec::new(),
            second_factor: vec!["mfa".to_owned()],
        };
        Provider::new(settings, self.clock.clone()).expect("settings")
    }

    /// Changes the script.
    pub fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().expect("the script"));
    }

    /// How often it was asked about itself.
    pub fn discovered(&self) -> u32 {
        *self.discovered.lock().expect("a count")
    }
}

pub fn back() -> Url {
    Url::parse("https://compacts.example/sign-in/back").expect("an address")
}

/// What a browser carries from here to the provider.
pub struct Sent {
    pub attempt: Attempt,
    pub query: HashMap<String, String>,
}

/// Sends a browser to the provider, which remembers the challenge and the nonce.
pub async fn send(fake: &Fake, provider: &Provider, seed: u8) -> Sent {
    let mut random = [seed; 96];
    random[40] = seed.wrapping_add(1);
    random[70] = seed.wrapping_add(2);
    let attempt = Attempt::new(&random, fake.clock.now(), TimeDelta::hours(12));
    let url = provider.begin(&attempt, &back()).await.expect("an address");
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    *fake.challenge.lock().expect("a challenge") = query.get("code_challenge").cloned();
    let nonce = query["nonce"].clone();
    fake.change(|script| {
        let told = script.claims.as_object_mut().expect("claims");
        told.entry("nonce").or_insert_with(|| nonce.into());
    });
    Sent { attempt, query }
}

/// What the browser brings back if all is well.
pub fn answer(sent: &Sent) -> Answer {
    Answer {
        code: Some(CODE.to_owned()),
        state: sent.query.get("state").cloned(),
        iss: None,
        error: None,
    }
}

/// All of it: there and back.
pub async fn sign_in(fake: &Fake, provider: &Provider) -> Result<Vouched, Refused> {
    let sent = send(fake, provider, 7).await;
    provider.finish(&sent.attempt, answer(&sent), &back()).await
}

async fn about(State(fake): State<Arc<Fake>>) -> Json<Value> {
    *fake.discovered.lock().expect("a count") += 1;
    let issuer = &fake.issuer;
    let mut about = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    });
    (fake.script.lock().expect("the script").about)(&mut about);
    Json(about)
}

async fn keys(State(fake): State<Arc<Fake>>) -> Json<Value> {
    let script = fake.script.lock().expect("the script");
    Json(json!({"keys": script.keys}))
}

async fn token(
    State(fake): State<Arc<Fake>>,
    Form(asked): Form<HashMap<String, String>>,
) -> Response {
    let script = fake.script.lock().expect("the script");
    let mut before = fake.asked.lock().expect("what was asked");
    let verifier = asked
        .get("code_verifier")
        .map(String::as_str)
        .unwrap_or_default();
    let hash = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let challenge = fake.challenge.lock().expect("a challenge").clone();
    let right = asked.get("code").is_some_and(|code| code == CODE)
        && before.is_empty()
        && challenge == Some(hash);
    before.push(asked);
    if script.strict && !right {
        let error = json!({"error": "invalid_grant"});
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    }
    let mut response = json!({
        "access_token": ACCESS, "token_type": "Bearer", "id_token": written(&script),
    });
    (script.response)(&mut response);
    Json(response).into_response()
}

/// The token, as scripted.
fn written(script: &Script) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let message = format!("{}.{}", part(&script.header), part(&script.claims));
    let eddsa = CoreJwsSigningAlgorithm::EdDsa;
    let sign = |key: &CoreEdDsaPrivateSigningKey| {
        key.sign(&eddsa, message.as_bytes()).expect("a signature")
    };
    let signature = match &script.signing {
        Signing::Key(key) => sign(key),
        Signing::Secret(secret) => CoreHmacKey::new(secret.clone())
            .sign(&CoreJwsSigningAlgorithm::HmacSha256, message.as_bytes())
            .expect("a signature"),
        Signing::Nothing => Vec::new(),
        Signing::Bent(key) => {
            let mut signature = sign(key);
            signature[3] ^= 1;
            signature
        }
    };
    format!("{message}.{}", BASE64URL_NOPAD.encode(&signature))
}

/// The bytes of the provider's published key, as an attacker has them.
pub fn published(key: &CoreJsonWebKey) -> Vec<u8> {
    let written = serde_json::to_value(key).expect("JSON");
    assert_eq!(key.key_id().map(|id| id.as_str()), written["kid"].as_str());
    BASE64URL_NOPAD
        .decode(written["x"].as_str().expect("a point").as_bytes())
        .expect("base64")
}
