//! Mentions survive editing: whoever changes a text sees the names of the people it mentions, never an id, and what they send mentions
//! them still where the names still stand.
//!
//! Whoever works in a compact is shown texts whose names are marked ([`domain::mention::marked`]), on every page. No page and no form
//! need know of it, because there are three gates that everything passes:
//!
//! - what leaves ([`settle`]): no mark is seen, and beside every field of a form that had one stands, hidden, what the field said and whom
//!   it mentioned ([`page`]);
//! - what comes in ([`put_back_into`], for every [`Fields`](crate::form::Fields)): names that still stand in what was typed are marked
//!   again ([`put_back`]), so that a form which is shown once more, held, or compared with what is recorded has them as they were;
//! - what is asked of the schema ([`write_out`], for every document): mentions are written as they are stored, `@{…}`.
//!
//! So an expired session, a second version or something to be mended loses no mention: the form carries what it needs. Somebody who is
//! erased while a form is open is mentioned by it all the same, and named by nothing that is stored.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::mention::marked::{self, Piece, bare, is_marked};
use serde_json::Value;

mod carried;
mod kept;
mod page;
mod put_back;

pub use kept::name_again;
pub use put_back::put_back;

use carried::Carried;

/// Sees to it that no mark leaves, and that every form carries whom its fields mention.
pub async fn settle(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let text = kind.starts_with("text/") || kind.starts_with("application/json");
    // What is packed already was made for everybody, who is told nobody's name.
    if !text || headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let said = std::str::from_utf8(&bytes).ok().filter(|it| is_marked(it));
    let Some(said) = said else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let settled = if kind.starts_with("text/html") {
        page::settled(said)
    } else {
        marked::seen(said).into_owned()
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(settled))
}

/// What was sent as a form, names marked again where they still stand, and without what the page added to it.
pub fn put_back_into(sent: Vec<(String, String)>) -> Vec<(String, String)> {
    let carried: Vec<(String, Carried)> = sent
        .iter()
        .filter_map(|(name, value)| Some((carried::of(name)?.to_owned(), Carried::read(value)?)))
        .collect();
    let typed = sent
        .into_iter()
        .filter(|(name, _)| carried::of(name).is_none());
    let put = typed.map(|(name, value)| {
        let value = bare(&value).into_owned();
        let mut shown = carried
            .iter()
            .filter(|(of, _)| *of == name)
            .map(|(_, shown)| shown);
        // Where several fields have a name, each had its own.
        let same = |one: &&Carried| one.is_seen_as(&value);
        let shown = shown.clone().find(same).or_else(|| shown.next());
        match shown {
            Some(shown) => (name, put_back(&value, shown.says())),
            None => (name, value),
        }
    });
    put.collect()
}

/// What is sent to the schema, mentions written as they are stored.
pub fn write_out(value: &mut Value) {
    match value {
        Value::String(says) if is_marked(says) => *says = marked::written(says).into_owned(),
        Value::Array(all) => all.iter_mut().for_each(write_out),
        Value::Object(all) => all.values_mut().for_each(write_out),
        _ => {}
    }
}

/// The beginning of a text: so many letters as they are seen, and no name that does not stand in it whole.
pub fn beginning(says: &str, letters: usize) -> String {
    let mut left = letters;
    let mut begun = String::new();
    for piece in marked::pieces(says) {
        let long = piece.seen().chars().count();
        match piece {
            Piece::Words(words) => begun.extend(words.chars().take(left)),
            Piece::Person(name, person) if long <= left => {
                begun.push_str(&marked::marked(name, person));
            }
            Piece::Person(..) => break,
        }
        left = left.saturating_sub(long);
    }
    begun
}

#[cfg(test)]
mod tests {
    use domain::ids::PersonId;
    use domain::mention::marked::{marked, written};
    use domain::mention::of;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::new(uuid::Uuid::from_u128(n))
    }

    /// The fields of a page, as a browser sends them.
    fn sent(page: &str) -> Vec<(String, String)> {
        let fields = page.split('<').filter_map(|tag| {
            let name = page::attribute(tag, "name")?;
            let value = page::attribute(tag, "value")
                .or_else(|| Some(tag.split_once(">\n")?.1))
                .unwrap_or_default();
            Some((
                name.to_owned(),
                page::unescaped(value).replace('\n', "\r\n"),
            ))
        });
        fields.collect()
    }

    #[test]
    fn a_form_that_comes_back_as_it_was_shown_mentions_whom_it_mentioned() {
        let (one, other) = (
            marked("A. N. \"Other\"", person(1)),
            marked("[erased person]", person(2)),
        );
        let escaped = |says: &str| says.replace('"', "&#34;");
        let form = format!(
            "<p>{one}</p><input type=\"text\" name=\"who\" value=\"{}\"><textarea name=\"items.0.text\">\n{} &#38;\n{other}</textarea>\
             <input name=\"plain\" value=\"as it is\">",
            escaped(&one),
            escaped(&one)
        );
        let page = page::settled(&form);
        assert!(
            !is_marked(&page) && page.contains("<p>A. N. \"Other\"</p>"),
            "{page}"
        );
        assert!(!page.contains("@{"), "{page}");
        let mut fields = sent(&page);
        assert_eq!(fields.len(), 5, "{page}");
        let written = |fields: Vec<(String, String)>| {
            let back = put_back_into(fields);
            let mut sent = serde_json::to_value(back).expect("fields");
            write_out(&mut sent);
            sent.to_string()
        };
        let (a, b) = (of(person(1)), of(person(2)));
        let expected = format!(
            "[[\"who\",\"{a}\"],[\"items.0.text\",\"{a} &\\r\\n{b}\"],[\"plain\",\"as it is\"]]"
        );
        assert_eq!(written(fields.clone()), expected);
        // Whose name was taken out is mentioned no more; what nothing is known of is what it looks like.
        fields[0].1 = "Somebody".to_owned();
        fields.retain(|(name, _)| !name.starts_with("items.0.text."));
        let now = written(fields);
        assert!(
            now.contains("[\"who\",\"Somebody\"]") && !now.contains("@{"),
            "{now}"
        );
    }

    #[test]
    fn a_text_is_cut_between_names() {
        let says = format!(
            "Ask {} and {}.",
            marked("Ann", person(1)),
            marked("Bo", person(2))
        );
        for (letters, expected) in [
            (3, "Ask".to_owned()),
            (6, "Ask ".to_owned()),
            (7, format!("Ask {}", of(person(1)))),
            (99, format!("Ask {} and {}.", of(person(1)), of(person(2)))),
        ] {
            assert_eq!(written(&beginning(&says, letters)), expected);
        }
    }
}
