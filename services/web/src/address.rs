//! Where a page is: its path and what its address says besides. Filters, pages and views of a list stand in the address, so that
//! what somebody looks at can be kept and sent to others.

use std::convert::Infallible;
use std::fmt;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// A path with what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    path: String,
    said: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(
            parts.uri.path(),
            parts.uri.query().unwrap_or_default(),
        ))
    }
}

impl Address {
    /// The address of `path` with this query string.
    pub fn read(path: &str, query: &str) -> Self {
        let said = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self {
            path: path.to_owned(),
            said: said.collect(),
        }
    }

    /// The path alone.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it says of `name`; empty when nothing.
    pub fn one(&self, name: &str) -> &str {
        let said = self.said.iter().find(|(said, _)| said == name);
        said.map_or("", |(_, value)| value.trim())
    }

    /// What it says of `name`, where it says something.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.one(name)).filter(|value| !value.is_empty())
    }

    /// The same with this besides, in the place of what it said of `name` before.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.without(name);
        other.said.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The same, saying nothing of `name`.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.said.retain(|(said, _)| said != name);
        other
    }
}

/// As it stands in a link.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.said.is_empty() {
            return Ok(());
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.said);
        write!(f, "?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_changed_and_written_again() {
        let here = Address::read("/good-practice", "words=skills+pledge&theme=x&theme=y");
        assert_eq!(here.one("words"), "skills pledge");
        assert_eq!((here.some("category"), here.one("theme")), (None, "x"));
        let there = here.with("theme", "a&b").without("words");
        assert_eq!(there.to_string(), "/good-practice?theme=a%26b");
        assert_eq!(there.without("theme").to_string(), "/good-practice");
    }
}
