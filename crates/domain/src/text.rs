//! Texts: what people write that may name people.
//!
//! Reasons, notes, comments, what an action or an update says, who owns an action. Such a text is sealed before it is
//! recorded, so that it can be redacted without touching the record. What a thing is called (a title, a name, a ref, the words of
//! a timescale) is a heading and stands in the clear: people are not to be named in it.
//!
//! A [`Text`] is on its way through the house in one of these states:
//!
//! ```text
//! typed ──sealed──► sealed, and known while it is decided on ──recorded──► sealed ──opened──► sealed, and known
//!                                                                             └────► sealed, and redacted
//! ```
//!
//! In JSON it is a string until it is sealed, and a [`Sealed`] ever after, whoever knows it. A text that stands in several
//! events ("from" and "to") is one and the same sealed text in all of them: redacted in one place, it is redacted everywhere.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sealed::Sealed;

/// What is shown where a redacted text stood.
pub const REDACTED: &str = "[redacted]";

/// What is shown where a text stands that nobody opened.
const CLOSED: &str = "[sealed]";

/// A text that may name people.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Form);

#[derive(Clone, PartialEq, Eq)]
enum Form {
    /// Not sealed: typed just now, or recorded before texts were sealed.
    Clear(String),
    /// Sealed.
    Sealed(Box<Sealed>, Known),
}

/// What is known of a sealed text.
#[derive(Clone, PartialEq, Eq)]
enum Known {
    /// Nothing.
    Closed,
    /// What it says.
    Says(String),
    /// That nobody will ever read it again.
    Redacted,
}

impl Text {
    /// What it says, where that is known.
    pub fn plain(&self) -> Option<&str> {
        match &self.0 {
            Form::Clear(plain) | Form::Sealed(_, Known::Says(plain)) => Some(plain),
            Form::Sealed(..) => None,
        }
    }

    /// What people are shown: what it says, or in its place that it was redacted.
    pub fn shown(&self) -> &str {
        match &self.0 {
            Form::Clear(plain) | Form::Sealed(_, Known::Says(plain)) => plain,
            Form::Sealed(_, Known::Redacted) => REDACTED,
            Form::Sealed(_, Known::Closed) => CLOSED,
        }
    }

    /// The sealed text; none until it is sealed.
    pub const fn sealed(&self) -> Option<&Sealed> {
        match &self.0 {
            Form::Sealed(sealed, _) => Some(sealed),
            Form::Clear(_) => None,
        }
    }

    /// Whether it is sealed, and nobody here has opened it.
    pub const fn is_closed(&self) -> bool {
        matches!(self.0, Form::Sealed(_, Known::Closed))
    }

    /// Whether it was opened and found redacted.
    pub const fn is_redacted(&self) -> bool {
        matches!(self.0, Form::Sealed(_, Known::Redacted))
    }

    /// Seals what was typed, as `sealed`. What it says stays known until it is [closed](Self::closed).
    pub fn seal(&mut self, sealed: Sealed) {
        if let Form::Clear(plain) = &mut self.0 {
            let says = Known::Says(std::mem::take(plain));
            self.0 = Form::Sealed(Box::new(sealed), says);
        }
    }

    /// Opens it: what it says, or none when it was redacted. What was never sealed stays as it is.
    pub fn open(&mut self, says: Option<String>) {
        if let Form::Sealed(_, known) = &mut self.0 {
            *known = says.map_or(Known::Redacted, Known::Says);
        }
    }

    /// The same, with nothing known of it but that it is sealed.
    #[must_use]
    pub fn closed(self) -> Self {
        Self(match self.0 {
            Form::Sealed(sealed, _) => Form::Sealed(sealed, Known::Closed),
            clear @ Form::Clear(_) => clear,
        })
    }
}

impl From<String> for Text {
    fn from(typed: String) -> Self {
        Self(Form::Clear(typed))
    }
}

impl From<&str> for Text {
    fn from(typed: &str) -> Self {
        typed.to_owned().into()
    }
}

impl From<Sealed> for Text {
    fn from(sealed: Sealed) -> Self {
        Self(Form::Sealed(Box::new(sealed), Known::Closed))
    }
}

/// A sealed text is told by its subject and never by what it says: what is printed may be kept in a log.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Clear(plain) => f.debug_tuple("Clear").field(plain).finish(),
            Form::Sealed(sealed, _) => f.debug_tuple("Sealed").field(&sealed.subject()).finish(),
        }
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Clear(plain) => plain.serialize(serializer),
            Form::Sealed(sealed, _) => sealed.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a sealed one")
            }

            fn visit_str<E>(self, plain: &str) -> Result<Text, E> {
                Ok(plain.into())
            }

            fn visit_string<E>(self, plain: String) -> Result<Text, E> {
                Ok(plain.into())
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
                let form = serde::de::value::MapAccessDeserializer::new(map);
                Sealed::deserialize(form).map(Text::from)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// What has texts in it, and shows each of them to whoever seals or opens them.
pub trait Texts {
    /// Shows every text in it.
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text));
}

impl Texts for Text {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        each(self);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        if let Some(inner) = self {
            inner.texts(each);
        }
    }
}

impl<T: Texts> Texts for [T] {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        for inner in self {
            inner.texts(each);
        }
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        self.as_mut_slice().texts(each);
    }
}

impl<K, T: Texts> Texts for BTreeMap<K, T> {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        for inner in self.values_mut() {
            inner.texts(each);
        }
    }
}

/// Says which fields of a type have texts in them; none of a type that has none.
#[macro_export]
macro_rules! texts {
    (@of $name:ty {}) => {
        impl $crate::text::Texts for $name {
            fn texts(&mut self, _: &mut dyn FnMut(&mut $crate::text::Text)) {}
        }
    };
    (@of $name:ty { $($field:ident),+ }) => {
        impl $crate::text::Texts for $name {
            fn texts(&mut self, each: &mut dyn FnMut(&mut $crate::text::Text)) {
                $($crate::text::Texts::texts(&mut self.$field, each);)+
            }
        }
    };
    ($($name:ty { $($field:ident),* })+) => {
        $($crate::texts!(@of $name { $($field),* });)+
    };
}

// What changes beside texts, and has none.
texts! {
    String {}
    chrono::NaiveDate {}
    crate::Visibility {}
    crate::commitment::Baseline {}
    crate::commitment::Classification {}
    crate::commitment::Status {}
    crate::compact::CompactBeginnings {}
    crate::facts::CommitmentFact {}
    crate::figure::Figure {}
    crate::figure::OrganisationFact {}
    crate::region::Category {}
    crate::region::IndicatorTerms {}
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::ids::SubjectId;

    fn sealed(n: u8) -> Sealed {
        let subject = SubjectId::new(Uuid::from_u128(7));
        Sealed::new(subject, [n; 24], vec![2; 32]).expect("sealed")
    }

    #[test]
    fn a_text_is_written_as_a_string_until_it_is_sealed_and_as_sealed_ever_after() {
        let mut text = Text::from("Ask the other one");
        assert_eq!(
            serde_json::to_value(&text).expect("JSON"),
            json!("Ask the other one")
        );
        text.seal(sealed(1));
        assert_eq!(text.plain(), Some("Ask the other one"));
        let written = serde_json::to_value(&text).expect("JSON");
        assert_eq!(written, serde_json::to_value(sealed(1)).expect("JSON"));
        let mut read: Text = serde_json::from_value(written.clone()).expect("a text");
        assert_eq!((&read, read.plain()), (&text.closed(), None));
        read.open(Some("Ask the other one".to_owned()));
        assert_eq!(read.shown(), "Ask the other one");
        assert_eq!(serde_json::to_value(&read).expect("JSON"), written);
        read.open(None);
        assert_eq!((read.shown(), read.is_redacted()), (REDACTED, true));
    }

    #[test]
    fn neither_a_string_nor_sealed_is_no_text() {
        for other in [
            json!(1),
            json!(["x"]),
            json!({"sealed": 2}),
            json!({"text": "x"}),
        ] {
            assert!(
                serde_json::from_value::<Text>(other.clone()).is_err(),
                "{other}"
            );
        }
    }

    #[test]
    fn what_a_sealed_text_says_is_never_printed() {
        let mut text = Text::from("Ask the other one");
        text.seal(sealed(1));
        assert!(!format!("{text:?}").contains("Ask"));
    }
}
