//! What is wrong with what was sent: said by a page about a field, or by the schema about a place in a mutation's input.

use std::borrow::Cow;

use serde::Deserialize;

use super::sentence;

/// Something that is wrong, and the field to mend it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The field's id.
    pub field: Cow<'static, str>,
    /// What is wrong.
    pub words: String,
}

/// A part of a form that something can be wrong with.
pub trait Complains {
    /// What is wrong with it, for the summary above the form.
    fn complaint(&self) -> Option<Complaint>;
}

/// What the schema says is wrong, as `userErrors` tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The place in the input, without `input`: `items.1.actions.0.text`. None when it is about the whole.
    #[serde(default)]
    pub field: Option<String>,
    /// A code that stays when the words change: `CONFLICT`, `FORBIDDEN`, `UNKNOWN` and others.
    #[serde(default)]
    pub code: String,
    /// What is wrong, for the person.
    pub message: String,
    /// Where the document asks for it: the version the sender saw, in a conflict.
    #[serde(default)]
    pub expected_version: Option<i64>,
    /// Where the document asks for it: the version there is, in a conflict.
    #[serde(default)]
    pub actual_version: Option<i64>,
}

/// Everything that is wrong with what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Whether nothing is wrong.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with the field of this name, in one sentence after the other.
    pub fn at(&self, name: &str) -> Option<String> {
        let here = self
            .0
            .iter()
            .filter(|problem| problem.field.as_deref() == Some(name));
        let words: Vec<String> = here.map(|problem| sentence(&problem.message)).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Whether one of them has this code.
    pub fn has(&self, code: &str) -> bool {
        self.0.iter().any(|problem| problem.code == code)
    }

    /// Adds that something is wrong with a field, as the page found it.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem {
            field: Some(field.into()),
            code: "MISSING".to_owned(),
            message: message.into(),
            ..Problem::default()
        });
    }

    /// The same, each place named as the form's field is, where that is another name.
    #[must_use]
    pub fn renamed(mut self, rename: impl Fn(&str) -> String) -> Self {
        for problem in &mut self.0 {
            problem.field = problem.field.as_deref().map(&rename);
        }
        self
    }

    /// The same, a conflict told where both versions are shown.
    #[must_use]
    pub fn of_conflict(self) -> Self {
        let mut problems = Self::default();
        problems.add(
            "conflict",
            "somebody else changed this while you typed: compare both versions, and choose",
        );
        let others = self.0.into_iter().filter(|one| one.code != "CONFLICT");
        problems.0.extend(others);
        problems
    }

    /// For the summary above the form. What is about the whole leads to the page's beginning.
    pub fn complaints(&self) -> impl Iterator<Item = Complaint> {
        self.0.iter().map(|problem| Complaint {
            field: problem
                .field
                .clone()
                .unwrap_or_else(|| "main".to_owned())
                .into(),
            words: sentence(&problem.message),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_schema_says_is_wrong_finds_its_field() {
        let said = serde_json::json!([
            { "field": "items.1.actions.0.text", "code": "EMPTY", "message": "say what will be done" },
            { "field": null, "code": "CONFLICT", "message": "somebody else changed it", "actualVersion": 4 }
        ]);
        let problems: Problems = serde_json::from_value(said).expect("problems");
        assert_eq!(
            problems.at("items.1.actions.0.text").as_deref(),
            Some("Say what will be done")
        );
        assert_eq!(problems.at("items.1"), None);
        assert!(problems.has("CONFLICT") && !problems.has("FORBIDDEN"));
        let fields: Vec<_> = problems.complaints().map(|one| one.field).collect();
        assert_eq!(fields, ["items.1.actions.0.text", "main"]);
        let renamed = problems.renamed(|field| field.replace("items.1.", "item-"));
        assert!(renamed.at("item-actions.0.text").is_some());
    }
}
