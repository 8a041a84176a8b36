//! Refuses to build with policies that do not hold up: unreadable, against the schema, or in a file nobody reads.

#[path = "src/book.rs"]
mod book;

use std::error::Error;
use std::fs;

use book::{FILES, SCHEMA, read_book};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=policies");
    println!("cargo::rerun-if-changed=src/book.rs");
    read_book(SCHEMA, FILES)?;
    for entry in fs::read_dir("policies")? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_policies = path.extension().is_some_and(|kind| kind == "cedar");
        if is_policies && !FILES.iter().any(|file| file.name == name) {
            return Err(format!("policies/{name} is not listed in src/book.rs").into());
        }
    }
    Ok(())
}
