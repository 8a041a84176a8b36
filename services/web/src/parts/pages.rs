//! The way through a long list: to the next page and the one before, by the address.

use askama::Template;

use crate::address::Address;

/// Links to the pages beside this one; nothing where the list is on one page.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/pages.html")]
pub struct Pages {
    /// What is paged through, such as "meetings".
    pub of: &'static str,
    /// The address of the page before.
    pub before: Option<String>,
    /// The address of the page after.
    pub after: Option<String>,
}

super::html!(Pages);

/// The members of a `pageInfo`, as every document asks for them.
pub struct PageInfo<'a> {
    /// Whether there is a page after this one.
    pub has_next_page: bool,
    /// Whether there is a page before this one.
    pub has_previous_page: bool,
    /// Where this one begins.
    pub start_cursor: Option<&'a str>,
    /// Where this one ends.
    pub end_cursor: Option<&'a str>,
}

/// Which part of a list an address asks for, as arguments of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many from the front.
    pub first: Option<i64>,
    /// After which row.
    pub after: Option<String>,
    /// How many from the back.
    pub last: Option<i64>,
    /// Before which row.
    pub before: Option<String>,
}

impl Part {
    /// The part that `address` asks for, of at most `size` rows.
    pub fn of(address: &Address, size: i64) -> Self {
        let cursor = |name| Some(address.one(name).to_owned()).filter(|cursor| !cursor.is_empty());
        match cursor("before") {
            Some(before) => Self {
                first: None,
                after: None,
                last: Some(size),
                before: Some(before),
            },
            None => Self {
                first: Some(size),
                after: cursor("after"),
                last: None,
                before: None,
            },
        }
    }
}

impl Part {
    /// The same of a list that is read from its end: the latest rows where the address names none.
    pub fn latest(address: &Address, size: i64) -> Self {
        let part = Self::of(address, size);
        match (&part.after, &part.before) {
            (None, None) => Self {
                first: None,
                last: Some(size),
                ..part
            },
            _ => part,
        }
    }
}

impl Pages {
    /// The same of a list that is shown from its end: what comes after on the page comes before in the list.
    #[must_use]
    pub fn backwards(self) -> Self {
        Self {
            before: self.after,
            after: self.before,
            ..self
        }
    }

    /// The way on from a page of `of` at `address`, filters kept.
    pub fn new(of: &'static str, address: &Address, info: &PageInfo<'_>) -> Self {
        let lead = |there: bool, name, cursor: Option<&str>| {
            let cursor = cursor.filter(|_| there)?;
            let plain = address.without("after").without("before");
            Some(plain.with(name, cursor).to_string())
        };
        // Coming from behind, there is a page after this one though the schema does not look for it, and the other way round.
        let came_back = !address.one("before").is_empty();
        let came_on = !address.one("after").is_empty();
        Self {
            of,
            before: lead(
                info.has_previous_page || came_on,
                "before",
                info.start_cursor,
            ),
            after: lead(info.has_next_page || came_back, "after", info.end_cursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(next: bool, previous: bool) -> PageInfo<'static> {
        PageInfo {
            has_next_page: next,
            has_previous_page: previous,
            start_cursor: Some("s"),
            end_cursor: Some("e"),
        }
    }

    #[test]
    fn a_page_leads_to_the_ones_beside_it_and_keeps_what_was_filtered() {
        let first = Address::read("/meetings", "group=x");
        let pages = Pages::new("meetings", &first, &info(true, false));
        assert_eq!(pages.before, None);
        assert_eq!(pages.after.as_deref(), Some("/meetings?group=x&after=e"));
        let second = Address::read("/meetings", "group=x&after=e");
        let pages = Pages::new("meetings", &second, &info(false, false));
        assert_eq!(pages.before.as_deref(), Some("/meetings?group=x&before=s"));
        assert_eq!(pages.after, None);
        let part = Part::of(&Address::read("/meetings", "before=s"), 10);
        assert_eq!((part.first, part.last), (None, Some(10)));
        assert!(
            Pages::new("meetings", &Address::read("/m", ""), &info(false, false))
                .to_string()
                .trim()
                .is_empty()
        );
    }
}
