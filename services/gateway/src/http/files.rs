//! Files over HTTP: `POST /files?compact=…` takes one, `GET /files/{compact}/{hash}` hands one out.
//!
//! An upload is the file itself as the body, no form around it, so that it can be hashed, looked at and sealed as it comes. What
//! is handed out is always saved and never shown: nothing in it runs here, whatever it holds.

use std::fmt::Write;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::file::{FileHash, FileRef};
use files::{Hint, Offered, Opened, Received, Refused};
use serde::Deserialize;
use serde_json::json;

use super::{Desk, UPLOADS, correlated, count_token, from, plain, throttled};
use crate::caller::{Caller, NotIdentified, Shown};
use crate::error::ApiError;
use crate::identity::FROM_A_PAGE;
use crate::taking::NotTaken;
use crate::throttle::Key;

/// How long whoever is told to come back waits, in seconds.
const COME_BACK: u64 = 5;

/// What a browser may do with a file that it is made to show after all: nothing.
const NOTHING_RUNS: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// A hash names the same content for ever; whether it is still handed out may change, so nobody else keeps it.
const KEPT: &str = "private, max-age=31536000, immutable";

/// Where an upload goes.
#[derive(Deserialize)]
pub struct Where {
    compact: String,
}

/// Why there is no file, or why one was not taken.
enum NoFile {
    /// Told with a status, a code and words.
    Told(StatusCode, &'static str, String),
    /// Who sends it could not be found out.
    Caller(NotIdentified),
    /// The caller asks too often, or something is busy.
    Api(ApiError),
    /// There is no such file, for whoever asks.
    Unknown,
}

impl NoFile {
    fn told(status: StatusCode, code: &'static str, words: impl Into<String>) -> Self {
        Self::Told(status, code, words.into())
    }
}

impl From<ApiError> for NoFile {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<NotTaken> for NoFile {
    fn from(why: NotTaken) -> Self {
        let words = why.to_string();
        match why {
            NotTaken::Refused(why) => refused(why),
            NotTaken::Forbidden => Self::told(StatusCode::FORBIDDEN, "FORBIDDEN", words),
            NotTaken::Unknown => Self::told(StatusCode::NOT_FOUND, "UNKNOWN", words),
            NotTaken::Api(error) => error.into(),
        }
    }
}

impl From<NotIdentified> for NoFile {
    fn from(refused: NotIdentified) -> Self {
        Self::Caller(refused)
    }
}

/// Takes a file into a compact.
pub(super) async fn upload(
    State(desk): State<Desk>,
    query: Result<Query<Where>, QueryRejection>,
    request: Request,
) -> Response {
    let taking = |request, id| async {
        match take(&desk, query.ok(), request, id).await {
            Ok(received) => {
                let body = json!({
                    "hash": received.hash.to_string(),
                    "mediaType": received.media_type,
                    "bytes": received.bytes,
                });
                (StatusCode::CREATED, Json(body)).into_response()
            }
            Err(refused) => answer(&desk, refused),
        }
    };
    correlated(&desk, "upload", request, taking).await
}

async fn take(
    desk: &Desk,
    query: Option<Query<Where>>,
    mut request: Request,
    correlation: String,
) -> Result<Received, NoFile> {
    let shown = (request.headers().clone(), from(&request));
    let caller = who(desk, shown, correlation).await?;
    count(desk, &caller, &mut request)?;
    let Some(Query(Where { compact })) = query else {
        let words =
            "say which compact it is for: send it to /files?compact= with the compact's name or id";
        return Err(NoFile::told(StatusCode::BAD_REQUEST, "MISSING", words));
    };
    let offered = offered(request.headers());
    let content = request.into_body().into_data_stream();
    let taken = desk.gateway.take_file(caller, &compact, (offered, content));
    Ok(taken.await?)
}

fn offered(headers: &HeaderMap) -> Offered {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let csv = text(header::CONTENT_TYPE).is_some_and(|kind| kind.trim().starts_with("text/csv"));
    Offered {
        bytes: text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        hint: if csv { Hint::Csv } else { Hint::None },
    }
}

fn refused(why: Refused) -> NoFile {
    let status = match why {
        Refused::OtherKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Refused::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        Refused::Empty | Refused::Incomplete => StatusCode::BAD_REQUEST,
        Refused::Removed => StatusCode::GONE,
        Refused::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
        Refused::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    NoFile::told(status, why.code(), why.to_string())
}

/// Hands a file out.
pub(super) async fn download(
    State(desk): State<Desk>,
    Path((compact, hash)): Path<(String, String)>,
    request: Request,
) -> Response {
    let handing_out = |request, id| async {
        match fetch(&desk, (&compact, &hash), request, id).await {
            Ok(response) => response,
            Err(refused) => answer(&desk, refused),
        }
    };
    correlated(&desk, "download", request, handing_out).await
}

async fn fetch(
    desk: &Desk,
    (compact, hash): (&str, &str),
    mut request: Request,
    correlation: String,
) -> Result<Response, NoFile> {
    let mut headers = request.headers().clone();
    // A link cannot send the header that shows no other site sent it. Fetching changes nothing, and no other site reads the answer.
    headers.insert(FROM_A_PAGE, HeaderValue::from_static("1"));
    let shown = (headers, from(&request));
    let caller = who(desk, shown, correlation).await?;
    count(desk, &caller, &mut request)?;
    let hash: FileHash = hash.parse().map_err(|_| NoFile::Unknown)?;
    let found = desk.gateway.reads(caller).file(compact, hash).await?;
    let (ledger, file) = found.ok_or(NoFile::Unknown)?;
    let opened = desk.gateway.services().files.open(ledger, hash).await;
    match opened.map_err(ApiError::internal)? {
        Opened::File(fact, content) => {
            let mut response = Body::from_stream(content).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(fact.bytes));
            describe(headers, &file);
            Ok(response)
        }
        Opened::Removed => {
            let words = "this file was removed for good; the record keeps that it was there";
            Err(NoFile::told(StatusCode::GONE, "FILE_REMOVED", words))
        }
        Opened::Unknown => {
            tracing::error!(%ledger, %hash, "a file that is referred to is not there");
            Err(NoFile::Unknown)
        }
    }
}

fn describe(headers: &mut HeaderMap, file: &FileRef) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, NOTHING_RUNS),
        (header::CACHE_CONTROL, KEPT),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "cookie, authorization"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let named = [
        (header::CONTENT_TYPE, file.media_type.clone()),
        (header::ETAG, format!("\"{}\"", file.hash)),
        (header::CONTENT_DISPOSITION, saved_as(file)),
    ];
    for (name, value) in named {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}

/// What the file is saved as (RFC 6266): its name in plain letters for old programs, and as it is in RFC 8187's form.
fn saved_as(file: &FileRef) -> String {
    let name = file_name(file.name.shown(), &file.media_type);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._- ".contains(c);
    let ascii: String = name
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    let mut said = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            said.push(char::from(byte));
        } else {
            write!(said, "%{byte:02X}").expect("a string takes what is written to it");
        }
    }
    said
}

/// A name that leads nowhere and ends as its kind of file does, whatever it was given.
fn file_name(name: &str, media_type: &str) -> String {
    let unfit = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c) || is_direction(c);
    let name: String = name
        .chars()
        .map(|c| if unfit(c) { '_' } else { c })
        .collect();
    let name = name.trim().trim_start_matches('.');
    let endings = endings(media_type);
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let fits = ending.is_some_and(|ending| endings.contains(&ending.as_str()));
    match (name, fits) {
        ("", _) => format!("file.{}", endings[0]),
        (name, true) => name.to_owned(),
        (name, false) => format!("{name}.{}", endings[0]),
    }
}

/// Marks that turn the direction of writing around make `gpj.exe` look like `exe.jpg`.
const fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn endings(media_type: &str) -> &'static [&'static str] {
    match media_type.rsplit('.').next().unwrap_or_default() {
        "document" => &["docx"],
        "sheet" => &["xlsx"],
        "presentation" if media_type.contains("openxmlformats") => &["pptx"],
        "text" => &["odt"],
        "spreadsheet" => &["ods"],
        "presentation" => &["odp"],
        "ms-excel" => &["xls"],
        "ms-powerpoint" => &["ppt"],
        "application/msword" => &["doc"],
        "application/pdf" => &["pdf"],
        "text/csv" => &["csv"],
        "text/plain" => &["txt", "md", "log", "text"],
        "image/png" => &["png"],
        "image/jpeg" => &["jpg", "jpeg"],
        _ => &["bin"],
    }
}

async fn who(
    desk: &Desk,
    (headers, from): (HeaderMap, Option<IpAddr>),
    correlation: String,
) -> Result<Caller, NotIdentified> {
    let identify = Arc::clone(&desk.identify);
    let shown = Shown::new(identify, headers, from, Some(correlation));
    let caller = shown.whose().await?;
    if let Some(account) = caller.account() {
        tracing::Span::current().record("actor", tracing::field::display(account));
    }
    Ok(caller)
}

/// Counts the request for the token and the account it comes with.
fn count(desk: &Desk, caller: &Caller, request: &mut Request) -> Result<(), ApiError> {
    if caller.token().is_some() {
        count_token(request)?;
    }
    match caller.account() {
        Some(account) => Ok(desk
            .gateway
            .services()
            .throttle
            .take(Key::Account(account))?),
        None => Ok(()),
    }
}

fn answer(desk: &Desk, refused: NoFile) -> Response {
    let told = |status: StatusCode, code: &str, words: &str| {
        let body = json!({ "errors": [{ "message": words, "extensions": { "code": code } }] });
        (status, Json(body)).into_response()
    };
    let (mut response, wait) = match refused {
        NoFile::Unknown => (plain(StatusCode::NOT_FOUND, "there is no such file"), None),
        NoFile::Told(status, code, words) => {
            let wait = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(COME_BACK);
            (told(status, code, &words), wait)
        }
        NoFile::Caller(refused) => {
            let wait = refused.retry_after.map(|wait| wait.as_secs().max(1));
            (told(refused.status, refused.code, &refused.words), wait)
        }
        NoFile::Api(ApiError::TooManyRequests { retry_after }) => {
            return throttled::refused(crate::throttle::Wait(retry_after), UPLOADS);
        }
        NoFile::Api(error) => {
            let status = match error {
                ApiError::SignInRequired => StatusCode::UNAUTHORIZED,
                ApiError::ReadOnlyToken => StatusCode::FORBIDDEN,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            let error = error.logged(desk.gateway.services().ids.as_ref());
            (told(status, error.code(), &error.to_string()), None)
        }
    };
    let headers = response.headers_mut();
    if let Some(seconds) = wait {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let no_store = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, no_store);
    response
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn named(name: &str, media_type: &str) -> String {
        saved_as(&FileRef {
            hash: FileHash::new([1; 32]),
            name: name.into(),
            media_type: media_type.into(),
            bytes: 1,
            content: Uuid::nil().into(),
        })
    }

    #[test]
    fn a_file_is_saved_under_its_name_in_letters_any_program_reads() {
        assert_eq!(
            named("Straw poll – 27 July.pdf", "application/pdf"),
            "attachment; filename=\"Straw poll _ 27 July.pdf\"; \
             filename*=UTF-8''Straw%20poll%20%E2%80%93%2027%20July.pdf"
        );
    }

    #[test]
    fn a_name_leads_nowhere_and_ends_as_its_kind_of_file_does() {
        for (name, media_type, expected) in [
            ("../../etc/passwd", "text/plain", "_.._etc_passwd.txt"),
            ("C:\\plan.docx", endings_of("docx"), "C__plan.docx"),
            ("invoice.exe", "application/pdf", "invoice.exe.pdf"),
            ("photo\u{202E}gpj.exe", "image/jpeg", "photo_gpj.exe.jpg"),
            ("a\r\nSet-Cookie: x", "text/csv", "a__Set-Cookie_ x.csv"),
            (" .. ", "image/png", "file.png"),
            ("Notes.MD", "text/plain", "Notes.MD"),
        ] {
            assert_eq!(file_name(name, media_type), expected, "{name:?}");
            let header = HeaderValue::from_str(&named(name, media_type));
            assert!(header.is_ok(), "{name:?}");
        }
    }

    fn endings_of(ending: &str) -> &'static str {
        let all = domain::file::MEDIA_TYPES.iter();
        let mut all = all.map(|(media_type, _)| *media_type);
        all.find(|media_type| endings(media_type)[0] == ending)
            .expect("a kind")
    }

    #[test]
    fn every_kind_of_file_that_is_taken_has_an_ending() {
        let taken = domain::file::MEDIA_TYPES
            .iter()
            .chain(&domain::file::PICTURE_TYPES);
        for (media_type, _) in taken {
            assert_ne!(endings(media_type), ["bin"], "{media_type}");
        }
    }
}
