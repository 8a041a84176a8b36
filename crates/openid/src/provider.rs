//! A provider: where it is, what it says of itself, and whether to believe an answer of its.

use std::error::Error;
use std::fmt::Display;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::Clock;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClaimName, CoreClaimType,
    CoreClient, CoreClientAuthMethod, CoreGrantType, CoreIdTokenClaims, CoreIdTokenVerifier,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthType, AuthenticationContextClass,
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use crate::answer::{Answer, Vouched};
use crate::attempt::Attempt;
use crate::fetch::{client, fetch};
use crate::refused::{Refused, Unreachable};
use crate::settings::{ProviderSettings, SettingsError, is_safe};

/// How long what a provider says of itself is believed.
const BELIEVED: TimeDelta = TimeDelta::hours(12);

/// How soon it is asked again at most: an unknown key may be a new one, or anybody's invention.
const ASKED_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// How long a provider that did not answer is left alone.
const LEFT_ALONE: TimeDelta = TimeDelta::seconds(5);

/// How far the provider's clock may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(1);

/// How old a token may be that was made for this answer.
const OLDEST: TimeDelta = TimeDelta::minutes(10);

/// The longest a subject may be (OpenID Connect Core, 2).
const LONGEST_SUBJECT: usize = 255;

/// Signatures that are believed: with a key the provider publishes, so that nobody who has it can sign. Never `none`, and
/// never one made with a secret that we hold too.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What a provider says of itself beyond the standard.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Beyond {
    /// Whether its answers name it (RFC 9207).
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Beyond {}

type Metadata = ProviderMetadata<
    Beyond,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A client that knows where to send people and where to ask for tokens.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider whose word is taken. It is asked about itself when somebody first goes there, and again now and then.
pub struct Provider {
    settings: ProviderSettings,
    issuer: IssuerUrl,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    known: Mutex<Asked>,
}

/// What came of asking the provider about itself.
#[derive(Default)]
struct Asked {
    known: Option<Known>,
    /// Why it could not be asked lately, and when that was.
    failed: Option<(Unreachable, DateTime<Utc>)>,
}

/// What a provider said of itself, and when.
#[derive(Clone)]
struct Known {
    metadata: Arc<Metadata>,
    at: DateTime<Utc>,
}

impl Provider {
    /// The provider of these settings. Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(settings: ProviderSettings, clock: Arc<dyn Clock>) -> Result<Self, SettingsError> {
        Ok(Self {
            issuer: settings.checked()?,
            http: client().map_err(|error| SettingsError::Tls(error.to_string()))?,
            settings,
            clock,
            known: Mutex::default(),
        })
    }

    /// What the button says.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// The provider's address, as configured.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Where to send the browser. It comes back to `back`, which must be among the addresses the provider knows for us.
    ///
    /// # Errors
    /// [`Unreachable`].
    pub async fn begin(&self, attempt: &Attempt, back: &Url) -> Result<Url, Unreachable> {
        let known = self.known(BELIEVED).await?;
        let client = self.client(&known.metadata, back);
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let (state, nonce) = (attempt.state.clone(), attempt.nonce.clone());
        let oldest_proof = attempt.oldest_proof();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .set_max_age(oldest_proof);
        if oldest_proof.is_zero() {
            // Some providers go by this alone.
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        for scope in &self.settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        for level in &self.settings.levels {
            request =
                request.add_auth_context_value(AuthenticationContextClass::new(level.clone()));
        }
        let (url, _, _) = request.url();
        Ok(url)
    }

    /// Who somebody is who came back to `back` from this attempt with this answer.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn finish(
        &self,
        attempt: &Attempt,
        answer: Answer,
        back: &Url,
    ) -> Result<Vouched, Refused> {
        attempt.check(answer.state.as_deref(), self.clock.now())?;
        let known = self.known(BELIEVED).await?;
        self.comes_from_here(answer.iss.as_deref(), &known.metadata)?;
        let code = match (answer.code, answer.error) {
            (Some(code), None) => code,
            (None, Some(error)) => return Err(Refused::Declined(plain(&error))),
            _ => return Err(Refused::Senseless),
        };
        let client = self.client(&known.metadata, back);
        let response = self.exchange(&client, code, attempt).await?;
        match self.believe(&client, &known.metadata, attempt, &response) {
            Err(Refusal::UnknownKey) => {}
            believed => return believed.map_err(Refused::from),
        }
        // The provider may have a new key.
        let known = self.known(ASKED_AGAIN).await?;
        let client = self.client(&known.metadata, back);
        Ok(self.believe(&client, &known.metadata, attempt, &response)?)
    }

    /// What the provider says of itself, no older than `at_most`.
    async fn known(&self, at_most: TimeDelta) -> Result<Known, Unreachable> {
        let mut asked = self.known.lock().await;
        let now = self.clock.now();
        if let Some(known) = asked
            .known
            .as_ref()
            .filter(|known| now - known.at < at_most)
        {
            return Ok(known.clone());
        }
        if let Some((failed, at)) = &asked.failed
            && now - *at < LEFT_ALONE
        {
            return Err(failed.clone());
        }
        match self.ask().await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                let known = Known { metadata, at: now };
                asked.known = Some(known.clone());
                asked.failed = None;
                Ok(known)
            }
            Err(failed) => {
                asked.failed = Some((failed.clone(), self.clock.now()));
                Err(failed)
            }
        }
    }

    /// Asks the provider about itself.
    async fn ask(&self) -> Result<Metadata, Unreachable> {
        let metadata = Metadata::discover_async(self.issuer.clone(), &self.asking()).await;
        let metadata = metadata.map_err(|error| self.unreachable(&error))?;
        let places = [
            Some(metadata.authorization_endpoint().url()),
            metadata.token_endpoint().map(TokenUrl::url),
            Some(metadata.jwks_uri().url()),
        ];
        if let Some(place) = places.into_iter().flatten().find(|url| !is_safe(url)) {
            let said = format!("it would have us ask at {place}, which is not https");
            let issuer = self.settings.issuer.clone();
            return Err(Unreachable { issuer, said });
        }
        Ok(metadata)
    }

    /// An answer that could be another provider's is none (RFC 9207).
    fn comes_from_here(&self, iss: Option<&str>, metadata: &Metadata) -> Result<(), Refused> {
        let beyond = metadata.additional_metadata();
        match iss {
            Some(iss) if iss == self.settings.issuer => Ok(()),
            None if !beyond.authorization_response_iss_parameter_supported => Ok(()),
            _ => Err(Refused::Mixed),
        }
    }

    fn client(&self, metadata: &Metadata, back: &Url) -> Client {
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = self.settings.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let methods = metadata.token_endpoint_auth_methods_supported();
        // Basic where nothing is said, as the standard has it.
        let basic = methods
            .is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let auth = if basic {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        };
        CoreClient::from_provider_metadata(metadata.clone(), id, secret)
            .set_auth_type(auth)
            .set_redirect_uri(RedirectUrl::from_url(back.clone()))
    }

    fn asking(
        &self,
    ) -> impl Fn(
        HttpRequest,
    ) -> std::pin::Pin<
        Box<
            dyn Future<Output = Result<openidconnect::HttpResponse, crate::fetch::FetchError>>
                + Send,
        >,
    > {
        let http = self.http.clone();
        move |request| Box::pin(fetch(http.clone(), request))
    }

    async fn exchange(
        &self,
        client: &Client,
        code: String,
        attempt: &Attempt,
    ) -> Result<CoreTokenResponse, Refused> {
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|error| self.unreachable(&error))?;
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let request = request.set_pkce_verifier(verifier);
        let response = request.request_async(&self.asking()).await;
        response.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => Refused::Code(plain(&said.to_string())),
            // What came is not shown: it may hold a token.
            RequestTokenError::Parse(error, _) => self.unreachable(&error).into(),
            other => self.unreachable(&other).into(),
        })
    }

    fn verifier<'a>(&'a self, client: &'a Client, metadata: &Metadata) -> CoreIdTokenVerifier<'a> {
        let used = metadata.id_token_signing_alg_values_supported();
        let believed = SIGNATURES.into_iter().filter(|alg| used.contains(alg));
        let clock = &self.clock;
        client
            .id_token_verifier()
            .set_allowed_algs(believed)
            .set_time_fn(|| clock.now())
            .set_issue_time_verifier_fn(|issued| {
                let now = clock.now();
                if now + AHEAD < issued {
                    Err(format!(
                        "it says that it was issued in the future, {issued}"
                    ))
                } else if issued + OLDEST < now {
                    Err(format!("it was issued long ago, {issued}"))
                } else {
                    Ok(())
                }
            })
    }

    fn believe(
        &self,
        client: &Client,
        metadata: &Metadata,
        attempt: &Attempt,
        response: &CoreTokenResponse,
    ) -> Result<Vouched, Refusal> {
        let token = response.id_token().ok_or(Refusal::NoToken)?;
        let verifier = &self.verifier(client, metadata);
        let claims = token.claims(verifier, &Nonce::new(attempt.nonce.clone()))?;
        self.is_for_us(claims)?;
        if let Some(hash) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(wrong)?;
            let key = token.signing_key(verifier).map_err(wrong)?;
            let found = AccessTokenHash::from_token(response.access_token(), algorithm, key);
            if found.map_err(wrong)? != *hash {
                return Err(wrong("it belongs to another access token"));
            }
        }
        let proved_at = claims.auth_time();
        if proved_at.is_some_and(|at| !attempt.is_recent(at)) {
            return Err(wrong("the proof of who they are is older than was asked"));
        }
        let subject = claims.subject().as_str();
        let fits = !subject.is_empty() && subject.len() <= LONGEST_SUBJECT && subject.is_ascii();
        if !fits {
            return Err(wrong("its subject is not 1 to 255 ASCII characters"));
        }
        Ok(Vouched {
            issuer: self.settings.issuer.clone(),
            subject: subject.to_owned(),
            proved_at,
            second_factor_done: self.takes_for_second_factor(claims),
        })
    }

    /// Whether the token says that a second factor was given, in a word that the settings take.
    fn takes_for_second_factor(&self, claims: &CoreIdTokenClaims) -> bool {
        let ways = claims.auth_method_refs().map(Vec::as_slice);
        let ways = ways.unwrap_or_default().iter().map(|way| way.as_str());
        let level = claims.auth_context_ref().map(|level| level.as_str());
        let taken = &self.settings.second_factor;
        ways.chain(level)
            .any(|word| taken.iter().any(|one| one == word))
    }

    /// The authorised party, where one is named, is us: otherwise somebody else was let in.
    fn is_for_us(&self, claims: &CoreIdTokenClaims) -> Result<(), Refusal> {
        let party = claims.authorized_party();
        if party.is_some_and(|party| party.as_str() != self.settings.client_id) {
            return Err(wrong("it was made for another client"));
        }
        Ok(())
    }

    fn unreachable(&self, error: &(dyn Error + 'static)) -> Unreachable {
        let mut said = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            said = format!("{said}: {deeper}");
            cause = deeper.source();
        }
        let issuer = self.settings.issuer.clone();
        Unreachable { issuer, said }
    }
}

/// Why a token was not believed.
enum Refusal {
    /// There is none.
    NoToken,
    /// None of the keys we know made its signature.
    UnknownKey,
    /// It is wrong.
    Wrong(String),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoToken => Self::NoToken,
            Refusal::UnknownKey => {
                Self::Token("no key of the provider's fits its signature".to_owned())
            }
            Refusal::Wrong(said) => Self::Token(said),
        }
    }
}

impl From<ClaimsVerificationError> for Refusal {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            ) => Self::UnknownKey,
            ClaimsVerificationError::SignatureVerification(error) => wrong(error),
            other => wrong(other),
        }
    }
}

fn wrong(said: impl Display) -> Refusal {
    Refusal::Wrong(plain(&said.to_string()))
}

/// A text from outside, as it may stand in a log.
fn plain(text: &str) -> String {
    let fits = |c: &char| c.is_ascii_graphic() || *c == ' ';
    text.chars().filter(fits).take(200).collect()
}
