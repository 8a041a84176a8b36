//! An invented region, from nothing to a checked one, and what it must not be made beside.

use std::path::Path;

use crate::server;

/// Runs a tool to its end. Gives whether that went well, and what it said.
async fn run(data_dir: &Path, arguments: &[&str]) -> (bool, String) {
    let output = server::run(data_dir, arguments).await;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    (output.status.success(), text)
}

const SMALL: [&str; 7] = [
    "generate",
    "--compacts",
    "2",
    "--organisations",
    "5",
    "--years",
    "2",
];

#[tokio::test]
async fn a_generated_region_is_whole_and_generating_it_again_adds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data = folder.path().join("data");
    let (well, said) = run(&data, &SMALL).await;
    assert!(well && said.contains("3 ledgers with "), "{said}");
    assert!(said.contains(", 0 of which were there before"), "{said}");
    let length = said.lines().next().map(str::to_owned).expect("a line");
    let length = length.split(':').next().map(str::to_owned);
    let (well, again) = run(&data, &SMALL).await;
    assert!(well, "{again}");
    let same = again.lines().next().and_then(|line| line.split(':').next());
    assert_eq!(same.map(str::to_owned), length, "{again}");
    assert!(!again.contains(", 0 of which"), "{again}");
    let (well, said) = run(&data, &["rebuild"]).await;
    assert!(well, "{said}");
    let (well, said) = run(&data, &["check"]).await;
    assert!(well && said.contains("0 found wrong"), "{said}");
    assert!(
        said.contains("every view stands at the end of its ledger"),
        "{said}"
    );
}

#[tokio::test]
async fn nothing_is_generated_beside_data_that_was_not() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data = folder.path().join("data");
    let (well, said) = run(&data, &["import", "reference"]).await;
    assert!(well, "{said}");
    let (well, said) = run(&data, &SMALL).await;
    assert!(
        !well && said.contains("data that was not generated"),
        "{said}"
    );
}
