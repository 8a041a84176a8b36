//! Trusted documents: texts of questions and changes that are known here beforehand, each by the hash of its text.
//!
//! A client may name one instead of sending it. Where an installation says so, those who are not signed in are answered these and
//! no others: what the public may ask is then a list that can be read. Whoever serves the gateway hands the list over.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use sha2::{Digest, Sha256};

/// The documents that are known beforehand. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct TrustedDocuments {
    texts: Arc<HashMap<String, String>>,
    /// What each text says, once somebody asked it.
    read: Arc<HashMap<String, OnceLock<ExecutableDocument>>>,
    only: bool,
}

impl TrustedDocuments {
    /// These texts.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let named = texts.into_iter().map(|text| (document_id(&text), text));
        let texts: HashMap<String, String> = named.collect();
        let unread = texts.values().map(|text| (text.clone(), OnceLock::new()));
        Self {
            read: Arc::new(unread.collect()),
            texts: Arc::new(texts),
            only: false,
        }
    }

    /// The same; with `only`, whoever is not signed in is answered no other.
    #[must_use]
    pub fn only_these_for_the_public(self, only: bool) -> Self {
        Self { only, ..self }
    }

    /// The text of the document with this id.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.texts.get(id).map(String::as_str)
    }

    /// Whether anybody at all may have this text answered.
    pub(crate) fn is_for_the_public(&self, text: &str) -> bool {
        !self.only || self.read.contains_key(text)
    }

    /// What one of these texts says; nothing of any other, nor of one that cannot be read: who asks it is told why.
    pub(crate) fn parsed(&self, text: &str) -> Option<ExecutableDocument> {
        let known = self.read.get(text)?;
        if let Some(document) = known.get() {
            return Some(document.clone());
        }
        let document = parse_query(text).ok()?;
        Some(known.get_or_init(|| document).clone())
    }
}

/// The id of a document: `sha256:` and the hash of its text, as it is, in small hexadecimal letters.
pub fn document_id(text: &str) -> String {
    let hash = Sha256::digest(text);
    let mut id = String::with_capacity(71);
    id.push_str("sha256:");
    for byte in hash {
        write!(id, "{byte:02x}").expect("a string takes what is written to it");
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_known_by_the_hash_of_its_text_as_it_is() {
        let text = "{ __typename }";
        let documents = TrustedDocuments::new([text.to_owned()]);
        let id = document_id(text);
        assert_eq!(
            document_id(""),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(documents.text(&id), Some(text));
        assert_eq!(documents.text(&document_id("{__typename}")), None);
        assert!(documents.is_for_the_public("{ anything }"));
        for _ in 0..2 {
            let read = documents.parsed(text).expect("one of these");
            assert_eq!(read.operations.iter().count(), 1);
        }
        assert!(documents.parsed("{ anything }").is_none());
        let broken = TrustedDocuments::new(["{".to_owned()]);
        assert!(broken.parsed("{").is_none());
        let strict = documents.only_these_for_the_public(true);
        assert!(strict.is_for_the_public(text) && !strict.is_for_the_public("{ anything }"));
    }
}
