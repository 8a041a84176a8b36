//! The ways to do harm: documents, bodies and headers, each with the code of its refusal.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

/// One way to do harm.
pub struct Abuse {
    pub what: &'static str,
    /// The code of its refusal.
    pub expected: &'static str,
    pub request: Box<dyn Fn() -> Request<Body>>,
    /// How long its body is.
    pub bytes: usize,
}

fn sent(kind: &'static str, body: String, what: &'static str, expected: &'static str) -> Abuse {
    let bytes = body.len();
    let request = move || {
        let request = Request::post("/graphql").header("content-type", kind);
        request.body(body.clone().into()).expect("a request")
    };
    Abuse {
        what,
        expected,
        request: Box::new(request),
        bytes,
    }
}

fn document(what: &'static str, expected: &'static str, query: &str) -> Abuse {
    with_variables(what, expected, query, &json!({}))
}

fn with_variables(
    what: &'static str,
    expected: &'static str,
    query: &str,
    variables: &Value,
) -> Abuse {
    let body = json!({ "query": query, "variables": variables });
    sent("application/json", body.to_string(), what, expected)
}

/// `length` fragments, each spreading the next `times` over; the last spreads `end`.
fn chain(length: usize, times: usize, end: &str) -> String {
    let link = |at: usize| {
        let next = format!("...f{} ", at + 1).repeat(times);
        format!("fragment f{at} on Query {{ {next} }} ")
    };
    let links: String = (0..length).map(link).collect();
    format!("{{ ...f0 }} {links} fragment f{length} on Query {{ {end} }}")
}

/// Many different words.
fn many(count: usize, word: impl Fn(usize) -> String) -> String {
    let words: Vec<String> = (0..count).map(word).collect();
    words.join(" ")
}

fn shapes() -> Vec<Abuse> {
    let nested = "NESTED_TOO_DEEPLY";
    let cycle = "FRAGMENT_CYCLE";
    vec![
        document("braces", nested, &"{a".repeat(10_000)),
        document(
            "lists",
            nested,
            &format!("{{ node(id: {}", "[".repeat(10_000)),
        ),
        document(
            "objects",
            nested,
            &format!("{{ node(id: {}", "{a:".repeat(10_000)),
        ),
        document(
            "a fragment in itself",
            cycle,
            "{ ...f } fragment f on Query { ...f }",
        ),
        document("a ring of fragments", cycle, &chain(20, 1, "...f0")),
        document(
            "fragments that double",
            "TOO_COSTLY",
            &chain(25, 2, "__typename"),
        ),
        document(
            "a long chain of fragments",
            "TOO_DEEP",
            &chain(800, 1, "__typename"),
        ),
        document(
            "the schema in the schema",
            "INTROSPECTION_TOO_DEEP",
            &format!(
                "{{ __schema {{ types {{ {} name {} }} }} }}",
                "fields { type { ".repeat(8),
                "} }".repeat(8)
            ),
        ),
    ]
}

fn floods() -> Vec<Abuse> {
    let aliases = |count| format!("{{ {} }}", many(count, |at| format!("a{at}:__typename")));
    let skip = "@skip(if: false) ".repeat(1_000);
    let directives = "TOO_MANY_DIRECTIVES";
    vec![
        document("10,000 aliases", "DOCUMENT_TOO_LONG", &aliases(10_000)),
        document("2,000 aliases", "TOO_MANY_ALIASES", &aliases(2_000)),
        document(
            "directives on a field",
            directives,
            &format!("{{ __typename {skip} }}"),
        ),
        document(
            "directives on an operation",
            directives,
            &format!("query {skip} {{ __typename }}"),
        ),
        document(
            "directives on a variable",
            directives,
            &format!("query Q($a: Int {skip}) {{ __typename }}"),
        ),
        document(
            "directives on a fragment",
            directives,
            &format!("{{ ...f }} fragment f on Query {skip} {{ __typename }}"),
        ),
        document(
            "tokens",
            "TOO_MANY_TOKENS",
            &format!("{{ {} }}", "a ".repeat(9_000)),
        ),
        document(
            "a comment",
            "DOCUMENT_TOO_LONG",
            &format!("{{ a }} #{}", "x".repeat(100_000)),
        ),
    ]
}

/// Mistakes by the thousand.
fn mistakes() -> Vec<Abuse> {
    vec![
        document(
            "unknown fields",
            "BAD_REQUEST",
            &format!("{{ {} }}", many(4_000, |at| format!("commitmen{at}"))),
        ),
        document(
            "unknown arguments",
            "BAD_REQUEST",
            &format!(
                "{{ node({}) {{ id }} }}",
                many(2_000, |at| format!("idd{at}: 1"))
            ),
        ),
        document(
            "unknown variables",
            "BAD_REQUEST",
            &format!(
                "{{ nodes(ids: [{}]) {{ id }} }}",
                many(3_500, |at| format!("$v{at}"))
            ),
        ),
        document(
            "unknown fragments",
            "BAD_REQUEST",
            &format!("{{ {} }}", many(3_500, |at| format!("...f{at}"))),
        ),
        document(
            "unused variables",
            "BAD_REQUEST",
            &format!(
                "query Q({}) {{ __typename }}",
                many(1_800, |at| format!("$v{at}: Int"))
            ),
        ),
        document(
            "operations",
            "BAD_REQUEST",
            &many(1_500, |at| format!("query q{at} {{ a }}")),
        ),
        document(
            "unused fragments",
            "BAD_REQUEST",
            &format!(
                "{{ a }} {}",
                many(1_000, |at| format!("fragment f{at} on Query {{ a }}"))
            ),
        ),
        document(
            "conflicts",
            "BAD_REQUEST",
            &format!(
                "{{ {} }}",
                many(800, |at| format!("node(id: \"{at}\") {{ id }}"))
            ),
        ),
    ]
}

fn tokens() -> Vec<Abuse> {
    let long = "x".repeat(60_000);
    let nines = "9".repeat(60_000);
    let half = &long[..30_000];
    let (word, bad) = ("WORD_TOO_LONG", "BAD_REQUEST");
    let first = |value: &str| format!("{{ compacts(first: {value}) {{ nodes {{ id }} }} }}");
    vec![
        document("a long field", word, &format!("{{ {long} }}")),
        document("a long alias", word, &format!("{{ {long}: id }}")),
        document(
            "a long argument",
            word,
            &format!("{{ node({long}: 1) {{ id }} }}"),
        ),
        document(
            "a long type",
            word,
            &format!("{{ ... on {long} {{ id }} }}"),
        ),
        document(
            "a long variable",
            word,
            &format!("query Q(${long}: Int) {{ a }}"),
        ),
        document(
            "a long fragment",
            word,
            &format!("{{ ...{half} }} fragment {half} on Query {{ a }}"),
        ),
        document(
            "a long directive",
            word,
            &format!("{{ __typename @{long} }}"),
        ),
        document("a long number", word, &first(&nines)),
        document("a long fraction", word, &first(&format!("1.{nines}"))),
        document("a number without end", bad, &first("1e999999999")),
        document("a long string", bad, &first(&format!("\"{long}\""))),
        document(
            "a string without end",
            bad,
            &format!("{{ node(id: \"{long}"),
        ),
    ]
}

fn bodies() -> Vec<Abuse> {
    let asks = r#"{"query":"{ __typename }"}"#;
    let megabyte = "x".repeat(1_000_000);
    let nested = format!("{}1{}", "[".repeat(400_000), "]".repeat(400_000));
    let form = "application/x-www-form-urlencoded";
    let multipart = "multipart/form-data; boundary=x";
    let (json, bad) = ("application/json", "BAD_REQUEST");
    vec![
        sent(json, format!("[{asks}]"), "a batch", "BATCH"),
        sent(
            json,
            format!("[{}]", vec![asks; 30_000].join(",")),
            "a long batch",
            "BATCH",
        ),
        sent(form, format!("query={megabyte}"), "a form", "CONTENT_TYPE"),
        sent(
            multipart,
            format!("--x\r\n\r\n{megabyte}\r\n--x--"),
            "parts",
            "CONTENT_TYPE",
        ),
        sent("text/plain", asks.to_owned(), "plain text", "CONTENT_TYPE"),
        sent(json, megabyte.repeat(3), "too long a body", "BODY_TOO_LONG"),
        sent(
            json,
            format!(r#"{{"query":"{{ a }}","variables":{{"a":{nested}}}}}"#),
            "nested variables",
            bad,
        ),
        sent(
            json,
            format!(r#"{{"query":"{{ a }}","extensions":{nested}}}"#),
            "nested extensions",
            bad,
        ),
        sent(json, "{\"query\":".repeat(100_000), "nested objects", bad),
    ]
}

fn variables() -> Vec<Abuse> {
    let megabyte = "x".repeat(1_000_000);
    let wide: Value = vec![json!("x"); 200_000].into();
    let bad = "BAD_REQUEST";
    let put_in = format!(
        "query Q($a: ID!) {{ nodes(ids: [{}]) {{ id }} }}",
        "$a ".repeat(2_600)
    );
    let looked_up = format!(
        "query Q($a: [ID!]!) {{ {} }}",
        "nodes(ids: $a) { id } ".repeat(700)
    );
    vec![
        with_variables(
            "one value put in often",
            "ARGUMENTS_TOO_LONG",
            &put_in,
            &json!({ "a": megabyte }),
        ),
        with_variables(
            "many ids looked up often",
            "TOO_COSTLY",
            &looked_up,
            &json!({ "a": wide }),
        ),
        with_variables(
            "a wide variable of the wrong kind",
            bad,
            "query Q($a: Int) { compacts(first: $a) { nodes { id } } }",
            &json!({ "a": wide }),
        ),
    ]
}

fn headers() -> Vec<Abuse> {
    let by = |what, expected, make: fn() -> Request<Body>| Abuse {
        what,
        expected,
        request: Box::new(make),
        bytes: 0,
    };
    vec![
        by("a change by GET", "MUTATION_ON_GET", || {
            let path = "/graphql?query=mutation%7BagreeCommitment(input:%7BcommitmentId:%22x%22%7D)%7Bposition%7D%7D";
            Request::get(path).body(Body::empty()).expect("a request")
        }),
        by("a page of another site", "FOREIGN_PAGE", || {
            let request = Request::post("/graphql").header("origin", "https://evil.example");
            request.body(Body::empty()).expect("a request")
        }),
        by("another name for this server", "FOREIGN_HOST", || {
            let request = Request::post("/graphql").header("host", "evil.example");
            request.body(Body::empty()).expect("a request")
        }),
        by("a length that is a lie", "BODY_TOO_LONG", || {
            let request = Request::post("/graphql").header("content-type", "application/json");
            let request = request.header("content-length", "9999999999999");
            request.body(Body::from("{}")).expect("a request")
        }),
    ]
}

/// All of them.
pub fn all() -> Vec<Abuse> {
    [
        shapes(),
        floods(),
        mistakes(),
        tokens(),
        bodies(),
        variables(),
        headers(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A request as long as may be, that is refused because nobody knows its field.
pub fn yardstick() -> Abuse {
    let words = "__typename ".repeat(5_000);
    let query = format!("{{ nobodyKnowsThis {words} }}");
    let variables = json!({ "a": "x".repeat(900_000) });
    with_variables("the yardstick", "BAD_REQUEST", &query, &variables)
}
