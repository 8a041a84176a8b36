//! What the person can mend: which field, a code that stays the same, and the sentence to show.

use async_graphql::SimpleObject;
use recorder::RecordError;

use crate::node::{NodeKind, NotANode};

/// Something the person can mend. Nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct UserError {
    /// The input field it is about, dotted where it lies deeper (`changes.0.timescale`); none when it is
    /// about the whole.
    pub field: Option<String>,
    /// A code that stays the same when the words change, such as `MISSING` or `CONFLICT`.
    pub code: String,
    /// What is wrong and what to do, in words to show the person.
    pub message: String,
    /// The version the sender saw, when the code is `CONFLICT`.
    pub expected_version: Option<u64>,
    /// The version it has now, when the code is `CONFLICT`.
    pub actual_version: Option<u64>,
}

impl UserError {
    /// Something wrong with one field.
    pub fn new(field: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            code: code.to_owned(),
            message: message.into(),
            expected_version: None,
            actual_version: None,
        }
    }

    /// An id that names nothing of this kind.
    pub fn not_a_node(field: &str, error: NotANode) -> Self {
        Self::new(field, "BAD_ID", error.to_string())
    }

    /// Something that belongs elsewhere than the thing it was sent with: to another `whole`.
    pub fn elsewhere(field: &str, kind: NodeKind, whole: NodeKind) -> Self {
        let (kind, whole) = (kind.words(), whole.noun());
        let message = format!("this is {kind} of another {whole}; choose one of the same {whole}");
        Self::new(field, "UNKNOWN", message)
    }

    /// The same error one level down.
    pub fn inside(mut self, outer: &str) -> Self {
        self.field = Some(match self.field.filter(|field| !field.is_empty()) {
            Some(field) => format!("{outer}.{field}"),
            None => outer.to_owned(),
        });
        self
    }

    /// The same with its message as people write: a capital at the start, a full stop at the end.
    ///
    /// Below the edge messages are written as parts of sentences, so that they can be put together; each
    /// passes through here on its way to the person.
    #[must_use]
    pub fn in_a_sentence(mut self) -> Self {
        self.message = sentence(&self.message);
        self
    }

    /// What of a recorder's refusal the person can mend; the rest is handed back.
    ///
    /// # Errors
    /// The refusal itself, when it is not the person's to mend.
    pub fn from_refusal(error: RecordError, ledger_field: &str) -> Result<Self, RecordError> {
        let message = error.to_string();
        match error {
            RecordError::Refused { code, field, .. } => Ok(Self {
                field,
                code,
                message,
                expected_version: None,
                actual_version: None,
            }),
            RecordError::Conflict { expected, actual } => Ok(Self {
                expected_version: Some(expected),
                actual_version: Some(actual),
                ..Self::new("expectedVersion", "CONFLICT", message)
            }),
            RecordError::CommandReused => Ok(Self::new("commandId", "COMMAND_REUSED", message)),
            RecordError::UnknownLedger => Ok(Self::new(ledger_field, "UNKNOWN", message)),
            other => Err(other),
        }
    }
}

/// Words with a capital at the start and a full stop at the end. What begins with a quotation begins as it
/// was quoted.
fn sentence(words: &str) -> String {
    let words = words.trim();
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let ended = words.ends_with(['.', '!', '?', '…']);
    let stop = if ended || words.is_empty() { "" } else { "." };
    let capital: String = first.into_iter().flatten().collect();
    format!("{capital}{}{stop}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn words_become_a_sentence_once() {
        for (words, said) in [
            ("enter a title", "Enter a title."),
            ("Enter a title.", "Enter a title."),
            ("“d n” cannot stand there", "“d n” cannot stand there."),
            ("été is over!", "Été is over!"),
            ("24 September lies ahead", "24 September lies ahead."),
            ("", ""),
        ] {
            assert_eq!(sentence(words), said);
            assert_eq!(sentence(said), said);
        }
    }

    /// What a refusal's words read like when they are shown, if not like a sentence.
    fn not_a_sentence(words: &str) -> Option<String> {
        let shown = sentence(words);
        let opens = |c: char| c.is_uppercase() || c.is_ascii_digit() || c == '“';
        let end = shown.strip_suffix('.');
        let ends =
            end.is_some_and(|rest| rest.ends_with(|c: char| c.is_alphanumeric() || c == ')'));
        (!shown.starts_with(opens) || !ends || words.contains('\n')).then_some(shown)
    }

    /// The words of every refusal in a source file: what stands in `#[error("...")]`, its blanks filled in.
    fn refusals_in(source: &str) -> Vec<String> {
        let attributes = source.split("#[error(").skip(1);
        let words = attributes.filter_map(|rest| {
            let (_, rest) = rest
                .split_once('"')
                .filter(|(before, _)| before.trim().is_empty())?;
            let (words, _) = rest.split_once('"')?;
            Some(filled_in(words))
        });
        words.collect()
    }

    fn filled_in(words: &str) -> String {
        let mut parts = words.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (_, rest) = part.split_once('}').expect("a blank that ends");
            filled.push_str("something");
            filled.push_str(rest);
        }
        filled
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                // People do not name streams: what is said of those is for the log.
                && !path.ends_with("domain/src/stream.rs")
            {
                found.push(std::fs::read_to_string(path).expect("a text"));
            }
        }
    }

    #[test]
    fn every_refusal_of_the_domain_and_the_recorder_reads_as_a_sentence() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut texts = Vec::new();
        sources(&root.join("crates/domain/src"), &mut texts);
        sources(&root.join("services/recorder/src"), &mut texts);
        let refusals: Vec<String> = texts.iter().flat_map(|text| refusals_in(text)).collect();
        assert!(refusals.len() > 90, "only {} were found", refusals.len());
        let wrong: Vec<String> = refusals
            .iter()
            .filter_map(|words| not_a_sentence(words))
            .collect();
        assert_eq!(wrong, [""; 0]);
    }

    /// Words that only whoever writes programs can do something with.
    const NOT_FOR_PEOPLE: [&str; 4] = ["new id", "command id", "cursor", "as it was answered"];

    fn is_for_people(words: &str) -> bool {
        !NOT_FOR_PEOPLE.iter().any(|odd| words.contains(odd))
    }

    #[test]
    fn refusals_ask_of_a_person_what_a_person_can_do() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut texts = Vec::new();
        sources(&root.join("crates/domain/src"), &mut texts);
        sources(&root.join("services/recorder/src/recorder"), &mut texts);
        let node = root.join("services/gateway/src/node.rs");
        texts.push(std::fs::read_to_string(node).expect("a text"));
        let mut refusals: Vec<String> = texts.iter().flat_map(|text| refusals_in(text)).collect();
        refusals.push(RecordError::CommandReused.to_string());
        let wrong: Vec<&String> = refusals
            .iter()
            .filter(|words| !is_for_people(words))
            .collect();
        assert_eq!(wrong, [""; 0]);
        assert!(!is_for_people(
            "this exists already; send it under a new id"
        ));
    }

    #[test]
    fn words_that_do_not_read_in_a_sentence_are_noticed() {
        let planted = "#[error(\"(enter {what})?\")] A, #[error( \"ends in a colon: \")] B, #[error(transparent)] C";
        let wrong = refusals_in(planted);
        assert_eq!(wrong, ["(enter something)?", "ends in a colon: "]);
        assert!(wrong.iter().all(|words| not_a_sentence(words).is_some()));
    }
}
