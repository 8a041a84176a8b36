//! Papers are added before a meeting and after it, and taken back with a reason.

use super::*;

fn file(name: &str) -> EvidenceInput {
    EvidenceInput::File(FileInput {
        hash: hash(),
        name: name.into(),
    })
}

fn add(n: u128, document: EvidenceInput) -> MeetingCommand {
    C::AddPaper {
        paper: paper(n),
        title: " Action plan ".into(),
        document,
    }
}

fn added(n: u128) -> PaperAdded {
    let FileFact {
        media_type,
        bytes,
        content,
    } = uploaded();
    PaperAdded {
        paper_id: paper(n),
        title: "Action plan".into(),
        document: Evidence::File(FileRef {
            hash: hash(),
            name: "Plan.pdf".into(),
            media_type,
            bytes,
            content,
        }),
    }
}

fn withdraw(n: u128, reason: &str) -> MeetingCommand {
    C::WithdrawPaper {
        paper: paper(n),
        reason: reason.into(),
    }
}

fn withdrawn(n: u128) -> PaperWithdrawn {
    PaperWithdrawn {
        paper_id: paper(n),
        file: Some(hash()),
        reason: "The wrong version".into(),
    }
}

#[test]
fn a_paper_is_a_file_that_was_uploaded_or_a_link() {
    for (lived, day) in [(called(), 10), (held(), 26)] {
        accepts(
            lived.clone(),
            on(day, add(1, file(" Plan.pdf "))),
            [added(1).into()],
        );
        let link = EvidenceInput::Link {
            url: " https://example.org/plan ".into(),
            note: Some("Annexe 2".into()),
        };
        let linked = PaperAdded {
            document: Evidence::Link {
                url: "https://example.org/plan".into(),
                note: Some("Annexe 2".into()),
            },
            ..added(2)
        };
        accepts(lived, on(day, add(2, link)), [linked.into()]);
    }
}

#[test]
fn a_paper_that_was_not_uploaded_here_is_refused() {
    let elsewhere = EvidenceInput::File(FileInput {
        hash: FileHash::new([1; 32]),
        name: "Plan.pdf".into(),
    });
    let words = "that file has not been uploaded to this compact; upload it first, then try again";
    refuses(called(), on(10, add(1, elsewhere)), "UNKNOWN", words);
    let link = EvidenceInput::Link {
        url: "javascript:alert(1)".into(),
        note: None,
    };
    let words = "that is not an address in the web; enter one that begins with https:// or http://, such as https://example.org/report";
    refuses(called(), on(10, add(1, link)), "NOT_A_LINK", words);
    let words = "enter the file's name";
    refuses(called(), on(10, add(1, file(" "))), "MISSING", words);
}

#[test]
fn a_paper_belongs_to_a_meeting_that_was_called_and_to_no_other_day_before() {
    let words = "there is no such meeting; call it or record it first";
    let asked = || add(1, file("Plan.pdf"));
    refuses(vec![], on(10, asked()), "MEETING_NOT_CALLED", words);
    let words = "this meeting was called on 3 September 2007, so this cannot be dated earlier; enter that day or a later one";
    refuses(called(), on(2, asked()), "DATED_TOO_EARLY", words);
    let reason = "Too few can come".into();
    let off = and(called(), 5, MeetingCancelled { reason });
    let words = "this meeting was called off on 5 September 2007; call another";
    refuses(off, on(10, asked()), "MEETING_CANCELLED", words);
    let words = "there is a paper under the same id already; if it is the one you meant, nothing more is needed; if not, start again from an empty form";
    let lived = and(called(), 10, added(1));
    refuses(lived, on(11, asked()), "ID_TAKEN", words);
}

#[test]
fn a_paper_is_taken_back_once_with_a_reason() {
    let lived = and(called(), 10, added(1));
    let asked = withdraw(1, " The wrong version ");
    accepts(lived.clone(), on(11, asked.clone()), [withdrawn(1).into()]);
    let words = "enter the reason";
    refuses(lived.clone(), on(11, withdraw(1, " ")), "MISSING", words);
    let words = "that paper is not among those of this meeting; choose one of them";
    refuses(
        lived.clone(),
        on(11, withdraw(2, "x")),
        "UNKNOWN_PAPER",
        words,
    );
    let words = "this paper was added on 10 September 2007, so this cannot be dated earlier; enter that day or a later one";
    refuses(
        lived.clone(),
        on(9, asked.clone()),
        "DATED_TOO_EARLY",
        words,
    );
    let gone = and(lived, 11, withdrawn(1));
    let words = "this paper was withdrawn on 11 September 2007";
    refuses(gone, on(12, asked), "PAPER_WITHDRAWN", words);
}

#[test]
fn a_paper_s_file_is_referred_to_and_taken_back_with_it() {
    let event = MeetingEvent::from(added(1));
    assert_eq!(event.files().len(), 1);
    assert_eq!(MeetingEvent::from(withdrawn(1)).files_withdrawn(), [hash()]);
    let asked = add(1, file("Plan.pdf"));
    assert_eq!(asked.mentions().files, [hash()].into());
}
