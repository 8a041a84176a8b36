//! A meeting's entries in words: called, held, minuted, agreed.

use domain::file::{Evidence, kind_in_words};
use domain::meeting::{
    Arrangement, Attendance, AttendanceTaken, Attending, HeldAt, ItemMinuted, ItemWords,
    MeetingCorrected,
};
use domain::{MeetingEvent, Text};
use ledger::Entry;
use uuid::Uuid;

use super::phrase::{because, because_maybe, day, ended, let_out, quoted, redacted};
use super::{Said, Subject, SubjectKind};

pub(super) fn say(event: &MeetingEvent, entry: &Entry) -> Said {
    let meeting = Subject {
        kind: SubjectKind::Meeting,
        id: entry.recorded.stream.id,
    };
    let on = day(entry.recorded.occurred_on);
    let text = match event {
        MeetingEvent::Called(e) => {
            let arranged = arranged(&e.arrangement);
            format!("A meeting of {} was called: {arranged}.", e.group.name)
        }
        MeetingEvent::Rearranged(e) => {
            let (from, to) = (arranged(&e.from), arranged(&e.to));
            let sentence = format!("The meeting was moved from {from} to {to}");
            because_maybe(&sentence, e.reason.as_ref().map(Text::shown))
        }
        MeetingEvent::Cancelled(e) => because("The meeting was called off", e.reason.shown()),
        MeetingEvent::AgendaSet(e) => {
            let items: Vec<String> = e.items.iter().map(|item| quoted(&item.title)).collect();
            format!("The agenda was set: {}.", items.join("; "))
        }
        MeetingEvent::Held(e) => match &e.venue {
            Some(venue) => format!("{} met on {on} at {venue}.", e.group.name),
            None => format!("{} met on {on}.", e.group.name),
        },
        MeetingEvent::AttendanceTaken(e) => attendance(e),
        MeetingEvent::Corrected(e) => corrected(e),
        MeetingEvent::ItemMinuted(e) => minuted(e),
        MeetingEvent::ItemCorrected(e) => {
            let sentence = format!(
                "The minutes of {} were put right, from {} to {}",
                quoted(&e.to.title),
                words(&e.from),
                words(&e.to)
            );
            because(&sentence, e.reason.shown())
        }
        MeetingEvent::MinutesCirculated(_) => "The minutes were circulated.".to_owned(),
        MeetingEvent::MinutesAgreed(_) => match entry.recorded.meeting {
            Some(at) => format!(
                "The minutes were agreed as a true record at the meeting of {}.",
                day(at.held_on)
            ),
            None => "The minutes were agreed as a true record.".to_owned(),
        },
        MeetingEvent::NotedSince(e) => {
            format!("Noted since the meeting: {}", ended(e.text.shown()))
        }
        MeetingEvent::PaperAdded(e) => {
            let (title, document) = (quoted(&e.title), document(&e.document));
            format!("A paper was added: {title}, {document}.")
        }
        MeetingEvent::PaperWithdrawn(e) => because("A paper was withdrawn", e.reason.shown()),
        MeetingEvent::VisibilityChanged(e) => let_out("The meeting", e),
        MeetingEvent::TextRedacted(e) => redacted(e),
    };
    concerned(event, Said::new(text, meeting))
}

/// "as a file (PDF, “Plan.pdf”)" or "at" an address.
fn document(document: &Evidence) -> String {
    match document {
        Evidence::Link { url, .. } => format!("at {url}"),
        Evidence::File(file) => {
            let kind = kind_in_words(&file.media_type).unwrap_or("file");
            format!("as a file ({kind}, {})", quoted(file.name.shown()))
        }
    }
}

/// "24 September 2007 at 10:30 in the Council Chamber".
fn arranged(arrangement: &Arrangement) -> String {
    let mut said = match (arrangement.on, &arrangement.words) {
        (Some(on), _) => day(on),
        (None, Some(words)) => quoted(words),
        (None, None) => "a day to be fixed".to_owned(),
    };
    if let Some(time) = &arrangement.time {
        said.push_str(" at ");
        said.push_str(time);
    }
    if let Some(venue) = &arrangement.venue {
        said.push_str(", ");
        said.push_str(venue);
    }
    said
}

fn corrected(e: &MeetingCorrected) -> String {
    let (from, to) = (held_at(&e.from), held_at(&e.to));
    let sentence =
        format!("When and where the meeting was held was put right, from {from} to {to}");
    because(&sentence, e.reason.shown())
}

/// "“10:30, the Guildhall”".
fn held_at(at: &HeldAt) -> String {
    let known = [&at.time, &at.venue].into_iter().flatten();
    let known: Vec<&str> = known.map(String::as_str).collect();
    if known.is_empty() {
        "a time and a place that are not known".to_owned()
    } else {
        quoted(&known.join(", "))
    }
}

/// "Who came was taken down (10 present, 14 apologies)."; where it was put right, as which it stands then: "Who came was put right
/// (present: Boston College): it was ticked wrongly."
fn attendance(taken: &AttendanceTaken) -> String {
    let Some(reason) = &taken.reason else {
        let counts = Attending::ALL.into_iter().filter_map(|attending| {
            let each = taken.attendance.iter();
            let count = each.filter(|one| one.attending == attending).count();
            (count > 0).then(|| format!("{count} {}", attending.words()))
        });
        let counts: Vec<String> = counts.collect();
        return format!("Who came was taken down ({}).", counts.join(", "));
    };
    let lists = Attending::ALL.into_iter().filter_map(|attending| {
        let each = taken.attendance.iter();
        let those = each.filter(|one| one.attending == attending);
        let those: Vec<&str> = those.map(came_for).collect();
        (!those.is_empty()).then(|| format!("{}: {}", attending.words(), those.join(", ")))
    });
    let lists: Vec<String> = lists.collect();
    let sentence = format!("Who came was put right ({})", lists.join("; "));
    because(&sentence, reason.shown())
}

/// For whom somebody came. Who they were is told beside the record, to those who are told of the compact's people.
fn came_for(one: &Attendance) -> &str {
    let organisation = one.organisation.as_ref();
    organisation.map_or("somebody of no organisation", |known| known.name.as_str())
}

fn minuted(e: &ItemMinuted) -> String {
    let raised = match e.actions.len() {
        0 => String::new(),
        1 => " One action was raised.".to_owned(),
        count => format!(" {count} actions were raised."),
    };
    let title = quoted(&e.words.title);
    format!("Minuted {title}: {}{raised}", said_of(&e.words))
}

fn said_of(words: &ItemWords) -> String {
    let discussion = words.discussion.as_ref().map(|text| ended(text.shown()));
    let decision = words.decision.as_ref();
    let decision = decision.map(|text| format!("Decided: {}", ended(text.shown())));
    let said: Vec<String> = discussion.into_iter().chain(decision).collect();
    if said.is_empty() {
        "nothing further.".to_owned()
    } else {
        said.join(" ")
    }
}

fn words(words: &ItemWords) -> String {
    quoted(&format!("{}: {}", words.title, said_of(words)))
}

fn concerned(event: &MeetingEvent, said: Said) -> Said {
    match event {
        MeetingEvent::Called(e) => said.and(SubjectKind::Group, e.group.id.uuid()),
        MeetingEvent::Held(e) => said.and(SubjectKind::Group, e.group.id.uuid()),
        MeetingEvent::AttendanceTaken(e) => {
            let named = e
                .attendance
                .iter()
                .filter_map(|one| one.organisation.as_ref());
            let named: Vec<Uuid> = named.map(|organisation| organisation.id.uuid()).collect();
            said.and_all(SubjectKind::Organisation, named)
        }
        MeetingEvent::ItemMinuted(e) => {
            let commitments = e.commitments.iter().map(|fact| fact.id.uuid());
            let actions = e.actions.iter().map(|raised| raised.action_id.uuid());
            let updates = e.updates.iter().map(|said| said.update_id.uuid());
            said.and(SubjectKind::MeetingItem, e.item_id.uuid())
                .and_all(SubjectKind::Commitment, commitments)
                .and_all(SubjectKind::Action, actions)
                .and_all(SubjectKind::Update, updates)
        }
        MeetingEvent::ItemCorrected(e) => said.and(SubjectKind::MeetingItem, e.item_id.uuid()),
        MeetingEvent::NotedSince(e) => {
            let item = e.item_id.iter().map(|item| item.uuid());
            said.and_all(SubjectKind::MeetingItem, item)
        }
        _ => said,
    }
}
