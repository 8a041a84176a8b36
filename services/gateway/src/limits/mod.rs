//! Limits: what one request may ask for, checked before anything is fetched.
//!
//! Two passes. [`scan`] reads the raw text once, without recursion, before the parser (which
//! recurses) sees it: length, tokens, long words, nesting. [`weigh`] walks the parsed document once per
//! fragment, however often a fragment is spread: cycles, depth, aliases, directives, what arguments
//! carry and the cost of the answer, where a page of fifty counts fifty times.

mod carried;
pub mod scan;
pub mod shape;
pub mod weigh;

/// How much one request may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest body of a request, in bytes.
    pub body_bytes: usize,
    /// The longest document, in bytes.
    pub document_bytes: usize,
    /// The most tokens in a document.
    pub tokens: usize,
    /// The longest name or number in a document, in bytes.
    pub word: usize,
    /// The deepest nesting of braces, brackets and parentheses together.
    pub nesting: usize,
    /// The deepest nesting of fields, fragments unfolded.
    pub depth: usize,
    /// The most aliases in a document.
    pub aliases: usize,
    /// The most directives in a document.
    pub directives: usize,
    /// The most fields an answer may hold, pages counted full.
    pub cost: usize,
    /// The most bytes that arguments may carry, the value of a variable counted wherever it is put in
    /// and pages counted full.
    pub argument_bytes: usize,
    /// The largest page of a list.
    pub page: usize,
    /// The most ids one lookup may name.
    pub ids: usize,
    /// The most subscriptions on one WebSocket, and at once over all connections a hundred times that.
    pub subscriptions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            document_bytes: 64 << 10,
            tokens: 8_000,
            word: 256,
            nesting: 48,
            depth: 16,
            aliases: 60,
            directives: 60,
            cost: 100_000,
            argument_bytes: 32 << 20,
            page: 100,
            ids: 100,
            subscriptions: 10,
        }
    }
}

/// A limit that a request went over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverLimit {
    /// The document is too long.
    #[error("the document is {bytes} bytes long; at most {limit} are read")]
    DocumentTooLong {
        /// Its length.
        bytes: usize,
        /// The most there may be.
        limit: usize,
    },
    /// The document has too many tokens.
    #[error("the document has more than {limit} tokens; ask for less at once")]
    TooManyTokens {
        /// The most there may be.
        limit: usize,
    },
    /// A name or a number is too long.
    #[error("the document has a name or a number that is longer than {limit} characters")]
    WordTooLong {
        /// The longest there may be.
        limit: usize,
    },
    /// Braces, brackets or parentheses are nested too deeply.
    #[error("the document nests braces, brackets or parentheses more than {limit} deep")]
    NestedTooDeeply {
        /// The deepest there may be.
        limit: usize,
    },
    /// A fragment contains itself.
    #[error("fragment “{fragment}” contains itself")]
    FragmentCycle {
        /// The fragment.
        fragment: String,
    },
    /// Fields are nested too deeply.
    #[error("the query goes more than {limit} fields deep; split it in two")]
    TooDeep {
        /// The deepest there may be.
        limit: usize,
    },
    /// There are too many aliases.
    #[error("the document has {count} aliases; at most {limit} are allowed")]
    TooManyAliases {
        /// How many there are.
        count: usize,
        /// The most there may be.
        limit: usize,
    },
    /// There are too many directives.
    #[error("the document has {count} directives; at most {limit} are allowed")]
    TooManyDirectives {
        /// How many there are.
        count: usize,
        /// The most there may be.
        limit: usize,
    },
    /// The answer could grow too large.
    #[error(
        "the answer could hold {cost} fields; at most {limit} are allowed; ask for smaller pages or fewer fields"
    )]
    TooCostly {
        /// How many fields it could hold.
        cost: usize,
        /// The most there may be.
        limit: usize,
    },
    /// The arguments would carry too much.
    #[error(
        "the arguments, with every variable put in wherever it is named, would be longer than {limit} bytes; send less at once"
    )]
    ArgumentsTooLong {
        /// The most they may carry, in bytes.
        limit: usize,
    },
    /// The schema is asked about itself too deeply.
    #[error("introspection asks for lists more than {limit} deep")]
    IntrospectionTooDeep {
        /// The deepest there may be.
        limit: usize,
    },
}

impl OverLimit {
    /// A code that stays the same when the words change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DocumentTooLong { .. } => "DOCUMENT_TOO_LONG",
            Self::TooManyTokens { .. } => "TOO_MANY_TOKENS",
            Self::WordTooLong { .. } => "WORD_TOO_LONG",
            Self::NestedTooDeeply { .. } => "NESTED_TOO_DEEPLY",
            Self::FragmentCycle { .. } => "FRAGMENT_CYCLE",
            Self::TooDeep { .. } => "TOO_DEEP",
            Self::TooManyAliases { .. } => "TOO_MANY_ALIASES",
            Self::TooManyDirectives { .. } => "TOO_MANY_DIRECTIVES",
            Self::TooCostly { .. } => "TOO_COSTLY",
            Self::ArgumentsTooLong { .. } => "ARGUMENTS_TOO_LONG",
            Self::IntrospectionTooDeep { .. } => "INTROSPECTION_TOO_DEEP",
        }
    }
}
