//! What kind of file it is, found by what is in it. What it is called and what it is said to be do not matter, but that a text
//! that is called CSV is one: nothing in it could tell.
//!
//! What is looked at is bounded: the beginning, the end, and for texts and old Office files every byte as it passes. It
//! decides what the file is called when it is handed out, as an attachment that no browser runs; it does not find malice.

use domain::file::kind_in_words;

/// How much of the beginning is looked at.
const HEAD_BYTES: usize = 64 * 1024;
/// How much of the end is looked at: where a ZIP archive lists what is in it.
const TAIL_BYTES: usize = 64 * 1024;

/// Begins every file of the Office formats before 2007.
const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Begins every ZIP archive with something in it.
const ZIP: &[u8] = b"PK\x03\x04";
/// Begins an entry in a ZIP archive's list.
const ZIP_LISTED: &[u8] = b"PK\x01\x02";

/// Directory entries of the old Office formats lie at multiples of this.
const OLE_ENTRY: usize = 128;

const DOC: &str = "application/msword";
const XLS: &str = "application/vnd.ms-excel";
const PPT: &str = "application/vnd.ms-powerpoint";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// What a text is said to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hint {
    /// Nothing is said.
    #[default]
    None,
    /// A table of values separated by commas.
    Csv,
}

/// Looks at content as it passes.
pub(crate) struct Kind {
    hint: Hint,
    head: Vec<u8>,
    tail: Vec<u8>,
    text: TextSoFar,
    /// What an old Office file was found to be.
    old_office: Option<&'static str>,
    /// The part of the present directory entry that has passed, for files of the old Office formats.
    entry: Vec<u8>,
}

impl Kind {
    pub(crate) fn new(hint: Hint) -> Self {
        Self {
            hint,
            head: Vec::new(),
            tail: Vec::new(),
            text: TextSoFar::default(),
            old_office: None,
            entry: Vec::with_capacity(OLE_ENTRY),
        }
    }

    /// Looks at some more content.
    pub(crate) fn push(&mut self, content: &[u8]) {
        let fits = HEAD_BYTES
            .saturating_sub(self.head.len())
            .min(content.len());
        self.head.extend_from_slice(&content[..fits]);
        self.text.push(content);
        // While too little has passed to tell, it may be one: its entries are counted from its first byte.
        if self.head.len() < OLE.len() || self.head.starts_with(&OLE) {
            self.look_for_old_office(content);
        }
        self.tail.extend_from_slice(content);
        let over = self.tail.len().saturating_sub(TAIL_BYTES);
        if over > TAIL_BYTES || over == self.tail.len() {
            self.tail.drain(..over);
        }
    }

    /// Whether it cannot be anything that is taken, whatever is still to come.
    pub(crate) fn is_hopeless(&self) -> bool {
        if self.head.len() < HEAD_BYTES {
            return false;
        }
        let begins = |with: &[u8]| self.head.starts_with(with);
        !(begins(ZIP) || begins(&OLE) || self.text.is_text || self.by_beginning().is_some())
    }

    /// The media type, once all has passed; none for what is not taken.
    pub(crate) fn finish(mut self) -> Option<&'static str> {
        let over = self.tail.len().saturating_sub(TAIL_BYTES);
        self.tail.drain(..over);
        if self.head.starts_with(&OLE) {
            return self.old_office;
        }
        if let Some(known) = self.by_beginning() {
            return Some(known);
        }
        if self.head.starts_with(ZIP) {
            return self.office();
        }
        if !self.text.is_whole() || infer::get(&self.head).is_some() {
            return None;
        }
        Some(match self.hint {
            Hint::Csv => "text/csv",
            Hint::None => "text/plain",
        })
    }

    /// PDF, pictures and `OpenDocument` say at their beginning what they are.
    fn by_beginning(&self) -> Option<&'static str> {
        let found = infer::get(&self.head)?.mime_type();
        let by_beginning = ["application/pdf", "image/png", "image/jpeg"].contains(&found)
            || found.starts_with("application/vnd.oasis.opendocument.");
        (by_beginning && kind_in_words(found).is_some()).then_some(found)
    }

    /// The Office formats since 2007 are archives, told apart by what is in them. With macros they are other formats, not taken.
    fn office(&self) -> Option<&'static str> {
        let names =
            names_after(&self.head, ZIP, 30, 26).chain(names_after(&self.tail, ZIP_LISTED, 46, 28));
        let names: Vec<&[u8]> = names.collect();
        let has = |name: &[u8]| names.contains(&name);
        if !has(b"[Content_Types].xml")
            || names.iter().any(|name| name.ends_with(b"vbaProject.bin"))
        {
            return None;
        }
        let main: [(&[u8], &str); 3] = [
            (b"word/document.xml", DOCX),
            (b"xl/workbook.xml", XLSX),
            (b"ppt/presentation.xml", PPTX),
        ];
        let mut found = main.into_iter().filter(|(name, _)| has(name));
        match (found.next(), found.next()) {
            (Some((_, one)), None) => Some(one),
            _ => None,
        }
    }

    /// The directory of an old Office file may lie anywhere in it: a name of up to 31 UTF-16 units at the beginning of each entry.
    fn look_for_old_office(&mut self, content: &[u8]) {
        for byte in content {
            self.entry.push(*byte);
            if self.entry.len() == OLE_ENTRY {
                self.old_office = self.old_office.or_else(|| old_office_stream(&self.entry));
                self.entry.clear();
            }
        }
    }
}

/// Which program's file has a stream of this directory entry's name.
fn old_office_stream(entry: &[u8]) -> Option<&'static str> {
    let named = |name: &str| {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        // Its length in bytes, with the zero at its end, stands after the name; a stream is of type 2.
        let length = u16::try_from(units.len() + 2)
            .unwrap_or_default()
            .to_le_bytes();
        entry.starts_with(&units) && entry[64..66] == length && entry[66] == 2
    };
    let known = [
        ("WordDocument", DOC),
        ("Workbook", XLS),
        ("Book", XLS),
        ("PowerPoint Document", PPT),
    ];
    known
        .iter()
        .find(|(name, _)| named(name))
        .map(|(_, kind)| *kind)
}

/// The names in headers of a ZIP archive: `at` bytes after the header's beginning, of the length that stands `length_at`.
fn names_after<'a>(
    bytes: &'a [u8],
    signature: &'static [u8],
    at: usize,
    length_at: usize,
) -> impl Iterator<Item = &'a [u8]> {
    let starts = bytes.windows(signature.len()).enumerate();
    let starts = starts.filter(move |(_, window)| *window == signature);
    starts.filter_map(move |(start, _)| {
        let length = bytes.get(start + length_at..start + length_at + 2)?;
        let length = u16::from_le_bytes([length[0], length[1]]);
        bytes.get(start + at..start + at + usize::from(length))
    })
}

/// Whether what has passed is text: UTF-8, or else the letters of Windows-1252 that spreadsheets write.
struct TextSoFar {
    is_text: bool,
    is_utf8: bool,
    is_windows: bool,
    /// The beginning of a character that the last part was cut in.
    cut: Vec<u8>,
}

impl Default for TextSoFar {
    fn default() -> Self {
        Self {
            is_text: true,
            is_utf8: true,
            is_windows: true,
            cut: Vec::new(),
        }
    }
}

impl TextSoFar {
    fn push(&mut self, content: &[u8]) {
        if !self.is_text {
            return;
        }
        let control = |byte: u8| (byte < 0x20 && !b"\t\n\r\x0C".contains(&byte)) || byte == 0x7F;
        let unassigned = |byte: u8| [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(&byte);
        let plain = !content.iter().any(|byte| control(*byte));
        self.is_windows &= !content.iter().any(|byte| unassigned(*byte));
        self.is_utf8 = self.is_utf8 && self.goes_on_in_utf8(content);
        self.is_text = plain && (self.is_utf8 || self.is_windows);
    }

    fn goes_on_in_utf8(&mut self, content: &[u8]) -> bool {
        self.cut.extend_from_slice(content);
        let rest = match std::str::from_utf8(&self.cut) {
            Ok(_) => 0,
            Err(error) if error.error_len().is_none() => self.cut.len() - error.valid_up_to(),
            Err(_) => return false,
        };
        self.cut.drain(..self.cut.len() - rest);
        true
    }

    /// Whether all of it was text: none was cut in the middle of a character.
    fn is_whole(&self) -> bool {
        self.is_text && (self.is_windows || self.cut.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(content: &[u8], hint: Hint, parts: usize) -> Option<&'static str> {
        let mut kind = Kind::new(hint);
        for part in content.chunks(parts) {
            kind.push(part);
        }
        kind.finish()
    }

    /// The same however it comes in parts.
    fn kind(content: &[u8]) -> Option<&'static str> {
        let whole = kind_of(content, Hint::None, content.len().max(1));
        for parts in [1, 7, 4096] {
            assert_eq!(
                kind_of(content, Hint::None, parts),
                whole,
                "in parts of {parts}"
            );
        }
        whole
    }

    /// A ZIP archive with these entries, nothing compressed.
    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut archive, mut list) = (Vec::new(), Vec::new());
        let u16s = |n: usize| u16::try_from(n).expect("short").to_le_bytes();
        let u32s = |n: usize| u32::try_from(n).expect("short").to_le_bytes();
        for (name, content) in entries {
            let at = archive.len();
            archive.extend_from_slice(ZIP);
            archive.extend_from_slice(&[0; 14]);
            archive.extend_from_slice(&u32s(content.len()));
            archive.extend_from_slice(&u32s(content.len()));
            archive.extend_from_slice(&u16s(name.len()));
            archive.extend_from_slice(&[0; 2]);
            archive.extend_from_slice(name.as_bytes());
            archive.extend_from_slice(content);
            list.extend_from_slice(ZIP_LISTED);
            list.extend_from_slice(&[0; 24]);
            list.extend_from_slice(&u16s(name.len()));
            list.extend_from_slice(&[0; 12]);
            list.extend_from_slice(&u32s(at));
            list.extend_from_slice(name.as_bytes());
        }
        archive.extend_from_slice(&list);
        archive.extend_from_slice(b"PK\x05\x06");
        archive.extend_from_slice(&[0; 18]);
        archive
    }

    fn ole(stream: &str) -> Vec<u8> {
        let mut file = OLE.to_vec();
        file.resize(512 * 9, 0);
        let at = file.len();
        file.resize(at + 512, 0);
        let units: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let entry = at + OLE_ENTRY;
        file[entry..entry + units.len()].copy_from_slice(&units);
        file[entry + 64] = u8::try_from(units.len() + 2).expect("short");
        file[entry + 66] = 2;
        file
    }

    #[test]
    fn what_is_taken_is_known_by_what_is_in_it() {
        let jpeg = [&[0xFF, 0xD8, 0xFF, 0xE0][..], &[0; 20]].concat();
        let odt = zip(&[("mimetype", b"application/vnd.oasis.opendocument.text")]);
        let long: &[u8] = &vec![b'x'; 100_000];
        let docx = zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("docProps/thumbnail.jpeg", long),
            ("word/document.xml", b"<w/>"),
        ]);
        for (content, expected) in [
            (b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec(), "application/pdf"),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec(), "image/png"),
            (jpeg, "image/jpeg"),
            (odt, "application/vnd.oasis.opendocument.text"),
            (docx, DOCX),
            (
                zip(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")]),
                XLSX,
            ),
            (
                zip(&[("ppt/presentation.xml", b""), ("[Content_Types].xml", b"")]),
                PPTX,
            ),
            (ole("WordDocument"), DOC),
            (ole("Workbook"), XLS),
            (ole("Book"), XLS),
            (ole("PowerPoint Document"), PPT),
            (
                "Straw poll – 27 July\r\n\tPoliceCentral\n".into(),
                "text/plain",
            ),
            (b"Caf\xE9 d\x92art, \xA310k".to_vec(), "text/plain"),
        ] {
            assert_eq!(kind(&content), Some(expected));
            assert!(kind_in_words(expected).is_some(), "{expected}");
        }
    }

    #[test]
    fn a_text_is_a_table_where_it_is_said_to_be_one_and_nothing_else_is() {
        assert_eq!(kind_of(b"a,b\n1,2\n", Hint::Csv, 3), Some("text/csv"));
        assert_eq!(
            kind_of(b"%PDF-1.4\n", Hint::Csv, 3),
            Some("application/pdf")
        );
    }

    #[test]
    fn what_is_not_taken_is_refused_whatever_it_is_called() {
        let macros = zip(&[
            ("[Content_Types].xml", b""),
            ("word/document.xml", b""),
            ("word/vbaProject.bin", b""),
        ]);
        let two_at_once = zip(&[
            ("[Content_Types].xml", b""),
            ("word/document.xml", b""),
            ("xl/workbook.xml", b""),
        ]);
        for (content, what) in [
            (b"MZ\x90\0\x03\0\0\0".to_vec(), "a program"),
            (b"\x7FELF\x02\x01\x01\0".to_vec(), "a program"),
            (b"#!/bin/sh\nrm -r /\n".to_vec(), "a script"),
            (
                b"<!DOCTYPE html><script>alert(1)</script>".to_vec(),
                "a page",
            ),
            (
                b"<?xml version=\"1.0\"?><svg/>".to_vec(),
                "a drawing that can run",
            ),
            (zip(&[("readme.txt", b"x")]), "any archive"),
            (zip(&[("word/document.xml", b"x")]), "half a document"),
            (macros, "a document with macros"),
            (two_at_once, "two things at once"),
            (ole("EncryptedPackage"), "a document behind a password"),
            (b"GIF89a\x01\0\x01\0".to_vec(), "another picture"),
            (b"a\0b".to_vec(), "a text with zeros"),
            (b"\x1b[31mred".to_vec(), "a text that paints the terminal"),
            (b"caf\xC3\x81\x81".to_vec(), "bytes that are no letters"),
        ] {
            assert_eq!(kind(&content), None, "{what}");
        }
    }

    #[test]
    fn what_cannot_become_anything_that_is_taken_is_known_early() {
        let mut program = Kind::new(Hint::None);
        program.push(b"MZ\x90\0");
        assert!(!program.is_hopeless(), "too little has passed");
        program.push(&vec![0; HEAD_BYTES]);
        assert!(program.is_hopeless());
        for begins in [&b"PK\x03\x04"[..], &OLE, b"%PDF-1.7"] {
            let mut kind = Kind::new(Hint::None);
            kind.push(begins);
            kind.push(&vec![0; HEAD_BYTES]);
            assert!(!kind.is_hopeless(), "{begins:?}");
        }
    }

    #[test]
    fn what_is_looked_at_is_bounded() {
        let mut kind = Kind::new(Hint::None);
        for _ in 0..100 {
            kind.push(&vec![b'x'; 50_000]);
        }
        assert!(kind.head.len() <= HEAD_BYTES && kind.tail.len() <= 3 * TAIL_BYTES);
        assert!(kind.text.cut.is_empty() && kind.entry.is_empty());
    }
}
