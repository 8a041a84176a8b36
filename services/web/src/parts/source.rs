//! "Who says so?": the way from a sentence to the entries behind it, for those who read the whole ledger. Everybody else sees the sentence.

use std::fmt::Display;

use askama::Template;

/// Where sentences of a page come from.
#[derive(Clone, Debug, Default)]
pub struct Source(Option<String>);

/// A small link behind a sentence; nothing for those who may not open what it leads to.
#[derive(Clone, Debug, Template)]
#[template(
    source = "{% if let Some((href, about)) = self.0 %}<a class=\"govuk-link source no-print\" href=\"{{ href }}\">Who says so?<span class=\"govuk-visually-hidden\"> {{ about }}</span></a>{% endif %}",
    ext = "html"
)]
pub struct Link(Option<(String, String)>);

super::html!(Link);

impl Source {
    /// From the ledger that addresses call this.
    pub fn ledger(slug: &str) -> Self {
        Self(Some(slug.to_owned()))
    }

    /// To everything that was recorded of a thing.
    pub fn of(&self, id: &str, about: impl Display) -> Link {
        let link = |slug: &String| (format!("/audit/{slug}?of={id}"), about.to_string());
        Link(self.0.as_ref().map(link))
    }

    /// To what of that is of one kind, as the record's own page calls it.
    pub fn of_kind(&self, id: &str, kind: &str, about: impl Display) -> Link {
        let link = |slug: &String| {
            let href = format!("/audit/{slug}?of={id}&kind={kind}");
            (href, about.to_string())
        };
        Link(self.0.as_ref().map(link))
    }

    /// Whether whoever looks is led anywhere.
    pub const fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// To the one entry that it comes from.
    pub fn at(&self, position: &u64, about: impl Display) -> Link {
        let link = |slug: &String| (format!("/entries/{slug}/{position}"), about.to_string());
        Link(self.0.as_ref().map(link))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_read_the_ledger_are_led_to_the_entries_and_others_are_not() {
        let source = Source::ledger("leicestershire");
        let of = source.of("abc", "The target of “Places”").to_string();
        assert!(of.contains("href=\"/audit/leicestershire?of=abc\""), "{of}");
        assert!(of.contains("> The target of “Places”</span></a>"), "{of}");
        let kind = source.of_kind("abc", "targets", "x").to_string();
        assert!(kind.contains("?of=abc&#38;kind=targets\""), "{kind}");
        let at = source.at(&7, "x").to_string();
        assert!(at.contains("href=\"/entries/leicestershire/7\""), "{at}");
        let nothing = Source::default();
        assert_eq!(
            (
                nothing.of("abc", "x").to_string(),
                nothing.at(&7, "x").to_string()
            ),
            Default::default()
        );
    }
}
