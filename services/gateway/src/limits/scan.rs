//! The first pass: the raw text, byte by byte, before the parser.
//!
//! The parser recurses once per nested brace, bracket or parenthesis. This counts them without
//! recursing, skipping strings and comments as the grammar does, so that the parser's stack is safe
//! whatever arrives. It does not judge syntax: what is malformed is left to the parser's message.

use super::{Limits, OverLimit};

/// Checks the length, the number and length of tokens, and the nesting of a document.
///
/// # Errors
/// [`OverLimit::DocumentTooLong`], [`OverLimit::TooManyTokens`], [`OverLimit::WordTooLong`],
/// [`OverLimit::NestedTooDeeply`].
pub fn scan(document: &str, limits: &Limits) -> Result<(), OverLimit> {
    if document.len() > limits.document_bytes {
        return Err(OverLimit::DocumentTooLong {
            bytes: document.len(),
            limit: limits.document_bytes,
        });
    }
    let mut scanner = Scanner {
        rest: document.as_bytes(),
    };
    let (mut tokens, mut nesting) = (0_usize, 0_usize);
    while let Some(token) = scanner.next_token() {
        tokens += 1;
        if tokens > limits.tokens {
            return Err(OverLimit::TooManyTokens {
                limit: limits.tokens,
            });
        }
        match token {
            Token::Open => nesting += 1,
            Token::Close => nesting = nesting.saturating_sub(1),
            Token::Word(length) if length > limits.word => {
                return Err(OverLimit::WordTooLong { limit: limits.word });
            }
            Token::Word(_) | Token::Other => {}
        }
        if nesting > limits.nesting {
            return Err(OverLimit::NestedTooDeeply {
                limit: limits.nesting,
            });
        }
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    /// A name or a number, so many bytes long.
    Word(usize),
    Other,
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    fn next_token(&mut self) -> Option<Token> {
        self.skip_ignored();
        let first = *self.rest.first()?;
        let (token, length) = match first {
            b'{' | b'[' | b'(' => (Token::Open, 1),
            b'}' | b']' | b')' => (Token::Close, 1),
            b'"' => (Token::Other, string_length(self.rest)),
            b'.' if self.rest.starts_with(b"...") => (Token::Other, 3),
            byte if is_word(byte) => {
                let word = self.rest.iter().take_while(|byte| is_word(**byte));
                let length = word.count();
                (Token::Word(length), length)
            }
            _ => (Token::Other, 1),
        };
        self.rest = self.rest.get(length..).unwrap_or_default();
        Some(token)
    }

    fn skip_ignored(&mut self) {
        while let Some(byte) = self.rest.first() {
            let skipped = match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => 1,
                0xEF if self.rest.starts_with(b"\xEF\xBB\xBF") => 3,
                b'#' => self
                    .rest
                    .iter()
                    .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
                    .count(),
                _ => return,
            };
            self.rest = self.rest.get(skipped..).unwrap_or_default();
        }
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

/// The length of the string that `text` begins with, its quotes included; all of `text` when the
/// string does not end.
fn string_length(text: &[u8]) -> usize {
    let block = text.starts_with(b"\"\"\"");
    let quote: &[u8] = if block { b"\"\"\"" } else { b"\"" };
    let escape: &[u8] = if block { b"\\\"\"\"" } else { b"\\" };
    let mut at = quote.len();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(escape) {
            at += if block { escape.len() } else { 2 };
        } else if rest.starts_with(quote) {
            return at + quote.len();
        } else if !block && matches!(rest.first(), Some(b'\r' | b'\n')) {
            return at;
        } else {
            at += 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(document: &str) -> Result<(), OverLimit> {
        scan(document, &Limits::default())
    }

    #[test]
    fn deep_nesting_is_refused_whatever_the_bracket() {
        for open in ["{", "[", "(", "{a", "{a(b:[", "{a(b:{c:"] {
            assert_eq!(
                scanned(&open.repeat(10_000 / open.len())).map_err(|error| error.code()),
                Err("NESTED_TOO_DEEPLY"),
                "{open}"
            );
        }
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let deep = "{".repeat(1_000);
        for document in [
            format!("{{ a(b: \"{deep}\") }}"),
            format!("{{ a(b: \"\\\"{deep}\") }}"),
            format!("{{ a(b: \"\"\"{deep}\\\"\"\"{deep}\"\"\") }}"),
            format!("# {deep}\n{{ a }}"),
        ] {
            assert_eq!(scanned(&document), Ok(()), "{document:.40}");
        }
    }

    #[test]
    fn brackets_after_a_string_count_even_when_the_string_is_odd() {
        let deep = "{".repeat(1_000);
        for document in [
            format!("\"\" {deep}"),
            format!("\"unfinished\n{deep}"),
            format!("\"\"\"block\"\"\"{deep}"),
            format!("\"\\\\\"{deep}"),
        ] {
            assert!(scanned(&document).is_err(), "{document:.40}");
        }
    }

    #[test]
    fn long_documents_and_many_tokens_are_refused() {
        let padded = format!("{{ a }} #{}", "x".repeat(100_000));
        assert_eq!(
            scanned(&padded).map_err(|error| error.code()),
            Err("DOCUMENT_TOO_LONG")
        );
        let busy = format!("{{ {} }}", "a ".repeat(10_000));
        assert_eq!(
            scanned(&busy).map_err(|error| error.code()),
            Err("TOO_MANY_TOKENS")
        );
    }

    #[test]
    fn long_names_and_numbers_are_refused_and_long_strings_are_not() {
        let long = "9".repeat(257);
        for document in [format!("{{ a{long} }}"), format!("{{ a(b: -{long}) }}")] {
            let refused = scanned(&document).map_err(|error| error.code());
            assert_eq!(refused, Err("WORD_TOO_LONG"), "{document:.20}");
        }
        assert_eq!(scanned(&format!("{{ a(b: \"{long}\") }} # {long}")), Ok(()));
    }

    #[test]
    fn an_ordinary_query_passes() {
        assert_eq!(
            scanned("query Q($a: Int = 3) { compacts(first: $a) { ...F nodes { name } } }"),
            Ok(())
        );
    }
}
