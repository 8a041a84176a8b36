//! Pages that a browser may keep and only ask after: their `ETag` says how far the ledgers are shown that they tell of.
//!
//! A page is made from what the views have reached, for whoever looks, on a day. As long as none of that has changed, it would be the
//! same page, and `304` says so without making it. What is not in the ledgers (drafts being typed, sessions, the account itself) is
//! shown on pages that nobody keeps.

use std::sync::LazyLock;

use accounts::{Randomness, SystemRandomness};
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::address::Address;
use crate::ask::PageError;
use crate::assets;
use crate::instead::Instead;
use crate::looker::Looker;
use crate::shelf::Shelf;
use crate::visit::{Visit, Web};

/// What this process adds to every tag: another build may write the same page otherwise.
static BUILD: LazyLock<[u8; 16]> = LazyLock::new(|| {
    let mut bytes = [0; 16];
    if let Err(error) = SystemRandomness.fill(&mut bytes) {
        tracing::error!(%error, "no randomness for the tags of pages");
    }
    bytes
});

/// How a page is kept: its tag, and by whom.
pub struct Kept {
    tag: HeaderValue,
    /// Where it stands for everybody, and how whoever asks takes it; none of a page of somebody's own.
    shelf: Option<(Shelf, HeaderMap)>,
}

impl Web {
    /// How the page at this address is kept, as it is now. Asked before the page is made: what is recorded meanwhile makes the next tag
    /// another one.
    ///
    /// # Errors
    /// When it cannot be told how far the ledgers are shown.
    pub async fn kept(
        &self,
        looker: &Looker,
        (visit, address): (&Visit, &Address),
    ) -> Result<Kept, Instead> {
        let shown = match &looker.shown {
            Some(shown) => shown.clone(),
            None => self.shown().await?,
        };
        let mut hash = Sha256::new();
        hash.update(*BUILD);
        hash.update(assets::build());
        hash.update(address.to_string());
        hash.update(self.identity.clock().now().date_naive().to_string());
        if let Some(visitor) = &looker.visitor {
            hash.update(visitor.session.id().0);
        }
        for (ledger, folded) in shown.iter() {
            hash.update(ledger.uuid());
            hash.update(folded.to_be_bytes());
        }
        let tag = hash.finalize()[..12]
            .iter()
            .fold(String::new(), |mut text, byte| {
                use std::fmt::Write;
                let _ = write!(text, "{byte:02x}");
                text
            });
        // Weak: forms carry a token that is written differently each time.
        let tag = HeaderValue::try_from(format!("W/\"{tag}\""));
        Ok(Kept {
            tag: tag.map_err(|error| Instead::Broken(PageError::Behind(error.into())))?,
            shelf: looker
                .visitor
                .is_none()
                .then(|| (self.shelf.clone(), visit.headers.clone())),
        })
    }
}

impl Kept {
    /// `304`, when the browser has the page as it is; or the page, when it was made for somebody else meanwhile.
    pub fn had_by(&self, visit: &Visit) -> Option<Response> {
        if names(&visit.headers, &self.tag) {
            return Some((StatusCode::NOT_MODIFIED, self.headers()).into_response());
        }
        let (stood, headers) = self.shelf.as_ref()?;
        let page = stood.find(&self.tag, headers)?;
        Some(self.labelled(page))
    }

    /// The page, to be kept.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn shown(&self, page: &impl Template) -> Result<Response, Instead> {
        let page = page.render()?;
        let page = match &self.shelf {
            Some((stood, headers)) => stood.put(&self.tag, page, headers),
            None => Html(page).into_response(),
        };
        Ok(self.labelled(page))
    }

    fn labelled(&self, mut page: Response) -> Response {
        for (name, value) in self.headers() {
            page.headers_mut().append(name, value);
        }
        page
    }

    fn headers(&self) -> [(header::HeaderName, HeaderValue); 3] {
        let how = if self.shelf.is_none() {
            "private, no-cache"
        } else {
            "public, no-cache"
        };
        [
            (header::ETAG, self.tag.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static(how)),
            (header::VARY, HeaderValue::from_static("cookie")),
        ]
    }
}

/// Whether `If-None-Match` names this tag. Compared weakly, as it is for reading (RFC 9110, 13.1.2).
fn names(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let wanted = opaque(tag.to_str().unwrap_or_default());
    let named = headers.get_all(header::IF_NONE_MATCH).iter();
    let named = named.filter_map(|value| value.to_str().ok());
    named
        .flat_map(|value| value.split(','))
        .any(|one| one.trim() == "*" || opaque(one) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_names_the_tag_has_the_page() {
        let tag = HeaderValue::from_static("W/\"abc\"");
        let has = |named: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, named.parse().expect("a header"));
            names(&headers, &tag)
        };
        assert!(has("W/\"abc\"") && has("\"x\", W/\"abc\"") && has("\"abc\"") && has("*"));
        assert!(!has("W/\"abd\"") && !has("abc\"") && !names(&HeaderMap::new(), &tag));
    }
}
