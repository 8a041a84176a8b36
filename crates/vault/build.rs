//! Builds again when a migration is added: the tests' databases are made with them.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
