//! Words with what stood there before: the old struck out, the new marked, whoever looks or listens.

use askama::Template;

/// Words, with what stood there before.
#[derive(Clone, Debug, Template)]
#[template(
    source = "{% if changed %}{% if let Some(was) = was %}<del><span class=\"govuk-visually-hidden\">Before: </span>{{ was }}</del>{% if now.is_some() %} {% endif %}{% endif %}{% if let Some(now) = now %}<ins>{{ now }}</ins>{% endif %}{% else if let Some(now) = now %}{{ now }}{% endif %}",
    ext = "html"
)]
pub struct Told {
    changed: bool,
    was: Option<String>,
    now: Option<String>,
}

super::html!(Told);

impl Told {
    /// What is as it was.
    pub fn plain(now: impl Into<String>) -> Self {
        Self {
            changed: false,
            was: None,
            now: Some(now.into()),
        }
    }

    /// What was there, where something was, and what is there, where something is.
    pub const fn changed(was: Option<String>, now: Option<String>) -> Self {
        Self {
            changed: true,
            was,
            now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_is_struck_out_what_is_new_is_marked_and_nothing_is_said_of_what_is_not_there() {
        let told = |was: Option<&str>, now: Option<&str>| {
            Told::changed(was.map(str::to_owned), now.map(str::to_owned)).to_string()
        };
        let before = "<span class=\"govuk-visually-hidden\">Before: </span>";
        assert_eq!(told(None, Some("<b>")), "<ins>&#60;b&#62;</ins>");
        assert_eq!(told(Some("a"), None), format!("<del>{before}a</del>"));
        assert_eq!(
            told(Some("a"), Some("b")),
            format!("<del>{before}a</del> <ins>b</ins>")
        );
        assert_eq!(told(None, None), "");
        assert_eq!(Told::plain("a").to_string(), "a");
    }
}
