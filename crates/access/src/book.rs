//! The policies as they are written down, read and checked.
//!
//! One schema and one file per area, under `policies/`. They are part of the program. The build reads them
//! with this very module and fails on whatever [`read_book`] refuses; at start they are read again.

use std::str::FromStr;

use cedar_policy::{Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};

/// What policies may speak of.
pub const SCHEMA: &str = include_str!("../policies/schema.cedarschema");

/// A file of policies.
#[derive(Clone, Copy, Debug)]
pub struct PolicyFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
}

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(PolicyFile { name: $name, text: include_str!(concat!("../policies/", $name)) }),+]
    };
}

/// The files, one per area.
pub const FILES: &[PolicyFile<'static>] = files![
    "assessments.cedar",
    "compact.cedar",
    "figures.cedar",
    "good_practice.cedar",
    "people.cedar",
    "meetings.cedar",
    "plans.cedar",
    "reading.cedar",
    "register.cedar",
    "release.cedar",
    "roles.cedar",
];

/// Why policies were not taken.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The schema cannot be read.
    #[error("the schema of the policies cannot be read")]
    Schema(#[from] Box<cedar_policy::CedarSchemaError>),
    /// A file cannot be read.
    #[error("{file} cannot be read")]
    Unreadable {
        /// The file.
        file: String,
        /// What is wrong with it.
        #[source]
        source: Box<cedar_policy::ParseErrors>,
    },
    /// A policy has no name, or one that another has.
    #[error("{file} has a policy without an @id of its own: {id}")]
    Unnamed {
        /// The file.
        file: String,
        /// What it is called.
        id: String,
    },
    /// The policies say something the schema does not allow, or that can never come true.
    #[error("the policies do not hold up against their schema: {}", .0.join("; "))]
    Invalid(Vec<String>),
}

/// Reads policies and checks them strictly: what the validator only warns of is refused too.
///
/// # Errors
/// [`BookError`] for the first thing that is wrong, or for everything the validator finds.
pub fn read_book(schema: &str, files: &[PolicyFile<'_>]) -> Result<(Schema, PolicySet), BookError> {
    let (schema, warnings) = Schema::from_cedarschema_str(schema).map_err(Box::new)?;
    let mut problems: Vec<String> = warnings.map(|warning| warning.to_string()).collect();
    let mut policies = PolicySet::new();
    for file in files {
        for policy in read_file(file)? {
            let id = policy.id().to_string();
            let file = file.name.to_owned();
            let added = policies.add(policy);
            added.map_err(|_| BookError::Unnamed { file, id })?;
        }
    }
    let validator = Validator::new(schema.clone());
    let found = validator.validate(&policies, ValidationMode::Strict);
    problems.extend(found.validation_errors().map(ToString::to_string));
    problems.extend(found.validation_warnings().map(ToString::to_string));
    if problems.is_empty() {
        Ok((schema, policies))
    } else {
        Err(BookError::Invalid(problems))
    }
}

/// The policies of one file, under their own names.
fn read_file(file: &PolicyFile<'_>) -> Result<Vec<Policy>, BookError> {
    let read = PolicySet::from_str(file.text).map_err(|source| BookError::Unreadable {
        file: file.name.to_owned(),
        source: Box::new(source),
    })?;
    let named = read.policies().map(|policy| {
        let unnamed = || BookError::Unnamed {
            file: file.name.to_owned(),
            id: policy.id().to_string(),
        };
        let id = policy.annotation("id").ok_or_else(unnamed)?;
        Ok(policy.new_id(PolicyId::new(id)))
    });
    named.collect()
}
