//! What the pages load besides themselves: from this binary, and from nowhere else.
//!
//! `make pages` builds it. Each file's name says what is in it, so a browser keeps it for a year and asks for another when it
//! changes. A build without it works: its pages say what is missing.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/dist"]
#[allow_missing = true]
struct Built;

/// A name says what is in it, for ever.
const KEPT: &str = "public, max-age=31536000, immutable";

/// What each file is called where it is built, what ends its name, and what kind of file it is.
const KINDS: [(&str, &str, &str, &str); 3] = [
    ("compacts.css", "compacts", "css", "text/css; charset=utf-8"),
    (
        "compacts.js",
        "compacts",
        "js",
        "text/javascript; charset=utf-8",
    ),
    ("icon.svg", "icon", "svg", "image/svg+xml"),
];

struct Asset {
    /// Where it is built.
    file: &'static str,
    /// What it is asked for as.
    name: String,
    kind: &'static str,
    content: Cow<'static, [u8]>,
    brotli: Option<Cow<'static, [u8]>>,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let built = KINDS.iter().filter_map(|(file, stem, ending, kind)| {
        let found = Built::get(file)?;
        let hash = found.metadata.sha256_hash();
        let hash = hash[..8].iter().fold(String::new(), |mut text, byte| {
            use std::fmt::Write;
            let _ = write!(text, "{byte:02x}");
            text
        });
        Some(Asset {
            file,
            name: format!("{stem}-{hash}.{ending}"),
            kind,
            content: found.data,
            brotli: Built::get(&format!("{file}.br")).map(|file| file.data),
        })
    });
    built.collect()
});

/// Where a page finds the file that is built as `file`; nothing when this build has none.
pub fn address(file: &str) -> Option<String> {
    let asset = ASSETS.iter().find(|asset| asset.file == file)?;
    Some(format!("/assets/{}", asset.name))
}

/// Tells one build's files from another's.
pub fn build() -> String {
    let names: Vec<&str> = ASSETS.iter().map(|asset| asset.name.as_str()).collect();
    names.join(" ")
}

/// `GET /assets/{name}`
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    };
    let always = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, KEPT),
        (header::VARY, "accept-encoding"),
    ];
    match &asset.brotli {
        Some(brotli) if takes(&headers, "br") => {
            let encoded = [(header::CONTENT_ENCODING, "br")];
            (always, encoded, brotli.clone()).into_response()
        }
        _ => (always, asset.content.clone()).into_response(),
    }
}

/// Whether whoever sent these takes what is encoded so.
pub fn takes(headers: &HeaderMap, wanted: &str) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut codings = accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_who_takes_it() {
        let takes = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accept.parse().expect("a header"));
            takes(&headers, "br")
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("BR;q=0.5"));
        assert!(!takes("gzip") && !takes("br;q=0, gzip") && !takes("brx"));
    }
}
