use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;

fn hash() -> FileHash {
    FileHash::new([0xab; 32])
}

fn content() -> SubjectId {
    SubjectId::new(Uuid::from_u128(9))
}

fn file() -> FileRef {
    FileRef {
        hash: hash(),
        name: " Minutes of 27 July.pdf ".into(),
        media_type: "application/pdf".into(),
        bytes: 48_112,
        content: content(),
    }
}

fn facts() -> Facts {
    let fact = FileFact {
        media_type: "application/pdf".into(),
        bytes: 48_112,
        content: content(),
    };
    Facts {
        files: [(hash(), fact)].into(),
        ..Facts::default()
    }
}

fn to_link(url: &str) -> Result<Evidence, FileError> {
    let (url, note) = (url.to_owned(), None);
    EvidenceInput::Link { url, note }.checked(&Facts::default())
}

#[test]
fn a_hash_is_shown_and_read_as_lower_case_hexadecimal_digits() {
    let written = serde_json::to_value(hash()).expect("JSON");
    assert_eq!(written, json!("ab".repeat(32)));
    assert_eq!("ab".repeat(32).parse(), Ok(hash()));
    for other in [
        "",
        "ab",
        &"AB".repeat(32),
        &"ag".repeat(32),
        &"é".repeat(32),
    ] {
        assert_eq!(other.parse::<FileHash>(), Err(NotAHash), "{other}");
        assert!(serde_json::from_value::<FileHash>(json!(other)).is_err());
    }
}

#[test]
fn a_file_that_can_be_referred_to_keeps_what_it_is_with_its_name_trimmed() {
    let checked = file().checked().expect("accepted");
    assert_eq!(checked.name.plain(), Some("Minutes of 27 July.pdf"));
    let named = FileRef {
        name: "Minutes of 27 July.pdf".into(),
        ..file()
    };
    assert_eq!(checked, named);
    for (media_type, _) in MEDIA_TYPES.iter().chain(&PICTURE_TYPES) {
        let media_type = (*media_type).to_owned();
        let bytes = MAX_FILE_BYTES;
        assert!(
            FileRef {
                media_type,
                bytes,
                ..file()
            }
            .checked()
            .is_ok()
        );
    }
}

#[test]
fn a_file_without_a_name_of_another_kind_empty_or_too_long_is_refused() {
    let name = Text::from("  ");
    let refused = FileRef { name, ..file() }.checked().expect_err("refused");
    assert_eq!((refused.code(), refused.field()), ("MISSING", "file.name"));
    let media_type = "text/html".to_owned();
    let other = FileRef {
        media_type,
        ..file()
    }
    .checked();
    assert_eq!(other, Err(FileError::OtherKind));
    let empty = FileRef { bytes: 0, ..file() }.checked();
    assert_eq!(empty, Err(FileError::Empty));
    let bytes = MAX_FILE_BYTES + 1;
    let long = FileRef { bytes, ..file() }.checked();
    assert_eq!(long, Err(FileError::TooLong));
}

#[test]
fn a_command_refers_to_what_was_uploaded_and_to_nothing_else() {
    let name = Text::from("Minutes.pdf");
    let asked = FileInput { hash: hash(), name };
    let found = asked.checked(&facts()).expect("accepted");
    assert_eq!(
        (found.bytes, found.media_type.as_str()),
        (48_112, "application/pdf")
    );
    let unknown = asked.checked(&Facts::default()).expect_err("refused");
    assert_eq!((unknown.code(), unknown.field()), ("UNKNOWN", "file"));
    assert_eq!(EvidenceInput::File(asked).hash(), Some(hash()));
}

#[test]
fn a_link_is_an_address_in_the_web() {
    for good in [
        "https://example.org",
        " http://example.org/a?b#c ",
        "HTTPS://example.org:8443/report",
    ] {
        let Ok(Evidence::Link { url, .. }) = to_link(good) else {
            panic!("{good} was refused");
        };
        assert_eq!(url, good.trim());
    }
    for bad in [
        "",
        "example.org",
        "https://",
        "https:///path",
        "https://?q",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://bank.example@elsewhere.example/",
        "https://example.org/a b",
        "https://example.org/\u{7}",
        "https://example.org/\"><script>",
        "éé://example.org",
    ] {
        assert_eq!(to_link(bad), Err(FileError::NotALink), "{bad}");
    }
    let long = format!("https://example.org/{}", "a".repeat(MAX_LINK));
    assert_eq!(to_link(&long), Err(FileError::LinkTooLong));
}

#[test]
fn evidence_is_written_with_its_kind_and_read_back_the_same() {
    let note = Some(Text::from("Page 4"));
    let url = "https://example.org/report".to_owned();
    let link = Evidence::Link { url, note };
    let written = serde_json::to_value(&link).expect("JSON");
    assert_eq!(
        written,
        json!({"kind": "link", "url": "https://example.org/report", "note": "Page 4"})
    );
    assert_eq!(
        serde_json::from_value::<Evidence>(written).expect("read"),
        link
    );
    let on_paper = Evidence::File(file());
    let written = serde_json::to_value(&on_paper).expect("JSON");
    assert_eq!(
        written,
        json!({
            "kind": "file",
            "hash": "ab".repeat(32),
            "name": " Minutes of 27 July.pdf ",
            "media_type": "application/pdf",
            "bytes": 48_112,
            "content": "00000000-0000-0000-0000-000000000009",
        })
    );
    assert_eq!(
        serde_json::from_value::<Evidence>(written).expect("read"),
        on_paper
    );
}

#[test]
fn the_name_of_a_file_and_the_note_of_a_link_are_texts_to_be_sealed() {
    let count = |evidence: &mut Evidence| {
        let mut seen = 0;
        evidence.texts(&mut |_| seen += 1);
        seen
    };
    assert_eq!(count(&mut Evidence::File(file())), 1);
    let (url, note) = ("https://example.org".to_owned(), Some(Text::from("p. 4")));
    assert_eq!(count(&mut Evidence::Link { url, note }), 1);
}

proptest! {
    #[test]
    fn any_hash_is_read_back_as_it_was_written(bytes in any::<[u8; 32]>()) {
        let hash = FileHash::new(bytes);
        prop_assert_eq!(hash.to_string().parse(), Ok(hash));
    }

    #[test]
    fn anything_can_be_typed_for_a_link(typed in ".{0,40}") {
        if let Ok(Evidence::Link { url, .. }) = to_link(&typed) {
            let lower = url.to_lowercase();
            prop_assert!(lower.starts_with("http://") || lower.starts_with("https://"));
        }
    }
}
