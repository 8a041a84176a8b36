//! A page as it leaves: no mark in it, and hidden beside every field that had one, whom it mentions.
//!
//! It reads what our own templates write: names of tags in small letters, values of attributes in double quotes, and in neither text nor
//! value a bracket or a quote that is not escaped.

use domain::mention::marked::{is_marked, seen};

use super::carried;

/// The page, settled.
pub fn settled(page: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 8);
    let mut rest = page;
    while let Some((before, inside)) = rest.split_once('<') {
        let (tag, after) = inside.split_once('>').unwrap_or((inside, ""));
        out.push_str(&seen(before));
        out.push('<');
        out.push_str(&seen(tag));
        out.push('>');
        rest = after;
        if tag.starts_with("input ") {
            let value = attribute(tag, "value").unwrap_or_default();
            carry(&mut out, tag, value);
        } else if tag.starts_with("textarea ") {
            let (value, after) = rest.split_once("</textarea>").unwrap_or((rest, ""));
            out.push_str(&seen(value));
            out.push_str("</textarea>");
            // The first line's end belongs to the tag.
            carry(&mut out, tag, value.strip_prefix('\n').unwrap_or(value));
            rest = after;
        }
    }
    out.push_str(&seen(rest));
    out
}

/// Hides beside a field whom it mentions, where it does.
fn carry(out: &mut String, tag: &str, value: &str) {
    if !is_marked(value) {
        return;
    }
    let Some(field) = attribute(tag, "name") else {
        return;
    };
    let form = attribute(tag, "form").map(|form| format!(" form=\"{form}\""));
    let carried = escaped(&carried::write(&unescaped(value)));
    let name = carried::name_for(field);
    let form = form.unwrap_or_default();
    let hidden = [
        "<input type=\"hidden\" name=\"",
        &name,
        "\" value=\"",
        &carried,
        "\"",
        &form,
        ">",
    ];
    out.extend(hidden);
}

/// The value of a tag's attribute, as it is written.
pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    Some(after.split_once('"')?.0)
}

/// What is escaped where it stands in a page, and how.
const ESCAPED: [(char, &str); 5] = [
    ('&', "&#38;"),
    ('<', "&#60;"),
    ('>', "&#62;"),
    ('"', "&#34;"),
    ('\'', "&#39;"),
];

/// What a value says.
pub(super) fn unescaped(value: &str) -> String {
    // What was escaped last is read first.
    let and_last = ESCAPED.iter().rev();
    and_last.fold(value.to_owned(), |said, (letter, escaped)| {
        said.replace(escaped, letter.encode_utf8(&mut [0; 4]))
    })
}

fn escaped(value: &str) -> String {
    ESCAPED
        .iter()
        .fold(value.to_owned(), |said, (letter, escaped)| {
            said.replace(*letter, escaped)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back_as_it_was() {
        for says in ["", "&#60;", "<a href=\"x\">'&amp;'</a>", "&lt;&#38;#60;"] {
            assert_eq!(unescaped(&escaped(says)), says);
        }
    }

    #[test]
    fn a_page_without_names_stays_as_it_is() {
        for page in [
            "",
            "a > b",
            "<input name=\"a\" value=\"b\"><textarea name=\"c\">\nd</textarea>e",
        ] {
            assert_eq!(settled(page), page);
        }
    }
}
