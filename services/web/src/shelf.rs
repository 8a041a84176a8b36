//! Pages that were made for everybody and are still true, as they were sent: whoever asks next gets the same.
//!
//! A page is put here under its tag ([`crate::kept`]), which is another one as soon as more of any ledger is shown or the day is over; so
//! what is found is what would be made. Pages of who is signed in are not put here.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use moka::sync::Cache;

use crate::assets::takes;

/// How much stands here, in bytes. Only what is compressed stands here: hardly anybody takes a page otherwise, and it is six times as long.
const ROOM: u64 = 4 * 1024 * 1024;

/// How long a page stands here at most: what was erased is handed out no longer than this, even where nothing more of any ledger is shown meanwhile.
const LONGEST: Duration = Duration::from_secs(10);

/// The shelf: pages as gzip makes them. Cheap to clone.
#[derive(Clone)]
pub struct Shelf(Cache<HeaderValue, Bytes>);

impl Default for Shelf {
    fn default() -> Self {
        let size = |_: &HeaderValue, page: &Bytes| u32::try_from(page.len()).unwrap_or(u32::MAX);
        let pages = Cache::builder()
            .weigher(size)
            .max_capacity(ROOM)
            .time_to_live(LONGEST);
        Self(pages.build())
    }
}

impl Shelf {
    /// The page of this tag, as whoever sent `headers` takes it; none where it was not made lately.
    pub fn find(&self, tag: &HeaderValue, headers: &HeaderMap) -> Option<Response> {
        let page = self.0.get(tag)?;
        if takes(headers, "gzip") {
            return Some(as_gzip(page));
        }
        let mut plain = String::new();
        GzDecoder::new(&*page).read_to_string(&mut plain).ok()?;
        Some(varying(Html(plain).into_response()))
    }

    /// Puts a page here, and gives it as whoever sent `headers` takes it.
    pub fn put(&self, tag: &HeaderValue, page: String, headers: &HeaderMap) -> Response {
        let Ok(gzip) = compressed(page.as_bytes()) else {
            return varying(Html(page).into_response());
        };
        self.0.insert(tag.clone(), gzip.clone());
        if takes(headers, "gzip") {
            as_gzip(gzip)
        } else {
            varying(Html(page).into_response())
        }
    }
}

fn as_gzip(page: Bytes) -> Response {
    let gzip = [(header::CONTENT_ENCODING, "gzip")];
    varying((gzip, Html(page)).into_response())
}

/// Another browser may take it otherwise.
fn varying(mut page: Response) -> Response {
    let vary = HeaderValue::from_static("accept-encoding");
    page.headers_mut().append(header::VARY, vary);
    page
}

fn compressed(page: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(page)?;
    Ok(encoder.finish()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taking(encoding: &'static str) -> HeaderMap {
        let encoding = HeaderValue::from_static(encoding);
        [(header::ACCEPT_ENCODING, encoding)].into_iter().collect()
    }

    async fn text(page: Response) -> String {
        let body = axum::body::to_bytes(page.into_body(), 1_000).await;
        String::from_utf8(body.expect("a body").into()).expect("text")
    }

    #[tokio::test]
    async fn a_page_is_sent_as_it_is_taken() {
        let shelf = Shelf::default();
        let tag = HeaderValue::from_static("W/\"a\"");
        assert!(shelf.find(&tag, &HeaderMap::new()).is_none());
        let first = shelf.put(&tag, "<p>A page.</p>".to_owned(), &taking("br, gzip"));
        assert_eq!(first.headers()[header::CONTENT_ENCODING], "gzip");
        let plain = shelf.find(&tag, &taking("gzip;q=0, identity"));
        let plain = plain.expect("the page");
        assert!(plain.headers().get(header::CONTENT_ENCODING).is_none());
        assert_eq!(plain.headers()[header::VARY], "accept-encoding");
        assert_eq!(text(plain).await, "<p>A page.</p>");
        let other = HeaderValue::from_static("W/\"b\"");
        assert!(shelf.find(&other, &HeaderMap::new()).is_none());
    }
}
