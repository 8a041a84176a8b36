//! Letters, as a mail server is told them.

use accounts::{Account, AccountState, LinkFor, LinkPurpose, LinkToken};
use chrono::DateTime;
use domain::ids::AccountId;
use testkit::mail_sink::{MailSink, Manner};
use uuid::Uuid;

use super::*;

/// No patience at all.
const QUICK: Patience = Patience {
    step: Duration::from_millis(300),
    letter: Duration::from_secs(2),
    pause: Duration::from_millis(1),
    stopping: Duration::from_secs(2),
};

fn post(sink: &MailSink, security: MailSecurity) -> Post {
    let mail = Mail {
        host: "127.0.0.1".to_owned(),
        port: Some(sink.port),
        security,
        username: None,
        password_file: None,
        from: "Compacts <compacts@example.org>".to_owned(),
    };
    let settings = Settings {
        public_url: "https://compacts.example.org/".to_owned(),
        mail: Some(mail.clone()),
        ..Settings::default()
    };
    settings.check().expect("settings that work");
    Post::to(&mail, &settings, QUICK).expect("a way")
}

fn letter(name: &str, email: &str, purpose: LinkPurpose) -> Letter {
    let id = AccountId::new(Uuid::from_u128(7));
    let owner = Account {
        id,
        name: name.to_owned(),
        email: email.to_owned(),
        state: AccountState::Active,
        created_at: DateTime::UNIX_EPOCH,
        password: true,
        second_factor: false,
    };
    let good = LinkFor {
        account: id,
        purpose,
        expires_at: "2026-06-02T14:05:00Z".parse().expect("a time"),
    };
    let link = LinkToken::read(&"A".repeat(43)).expect("a link");
    Letter::new(&owner, link, good)
}

fn usual() -> Letter {
    letter("Robin Alder", "clerk@members.example", LinkPurpose::Reset)
}

/// Hands a letter over, with nobody telling it to stop.
async fn deliver(post: &Post, letter: &Letter) -> Result<(), NotTaken> {
    post.deliver(letter, &CancellationToken::new()).await
}

#[tokio::test]
async fn a_letter_says_what_it_is_for_has_the_link_and_says_until_when_it_works() {
    for (purpose, path, subject) in [
        (
            LinkPurpose::Reset,
            "reset",
            "Choose a new password for Compacts",
        ),
        (
            LinkPurpose::Invitation,
            "invitation",
            "Your account with Compacts",
        ),
    ] {
        let sink = MailSink::start(Manner::Takes).await;
        let letter = letter("Robin Alder", "clerk@members.example", purpose);
        let sent = deliver(&post(&sink, MailSecurity::None), &letter).await;
        sent.expect("sent");
        let told = sink.lines().join("\n");
        assert!(told.contains("MAIL FROM:<compacts@example.org>"), "{told}");
        assert!(told.contains("RCPT TO:<clerk@members.example>"), "{told}");
        let letters = sink.letters(1).await;
        let link = format!("https://compacts.example.org/{path}/{}", "A".repeat(43));
        for wanted in [
            "From: Compacts <compacts@example.org>",
            "To: clerk@members.example",
            &format!("Subject: {subject}"),
            "Auto-Submitted: auto-generated",
            "@compacts.example.org>",
            "Content-Type: text/plain; charset=utf-8",
            "Hello Robin Alder,",
            "until 2 June 2026 at 14:05 UTC",
            &link,
        ] {
            assert!(letters[0].contains(wanted), "{wanted}: {}", letters[0]);
        }
    }
}

#[tokio::test]
async fn a_name_stays_in_its_line_and_an_address_in_its_place_whatever_is_in_them() {
    let sink = MailSink::start(Manner::Takes).await;
    let post = post(&sink, MailSecurity::None);
    let name = "Robin\r\n.\r\nMAIL FROM:<x@evil.example>\r\nBcc: all@evil.example\r\n\r\nAlder\u{85}\u{2028}x";
    let letter_to = |name, email| letter(name, email, LinkPurpose::Reset);
    let named = letter_to(name, "clerk@members.example");
    deliver(&post, &named).await.expect("sent");
    let letters = sink.letters(1).await;
    let (head, _) = letters[0].split_once("\n\n").expect("a head and a text");
    assert!(!head.contains("evil"), "{head}");
    let hello = letters[0]
        .lines()
        .find(|line| line.starts_with("Hello Robin"));
    let hello = hello.expect("a first line");
    assert!(hello.contains("Bcc: all@evil.example Alder x,"), "{hello}");
    assert_eq!(
        sink.lines()
            .iter()
            .filter(|line| line.starts_with("MAIL"))
            .count(),
        1
    );
    for address in [
        "clerk@members.example\r\nRCPT TO:<x@evil.example>",
        "clerk@members.example>\r\nDATA",
        "clerk@members.example, x@evil.example",
        "<clerk@members.example> SIZE=1",
        "",
    ] {
        let refused = deliver(&post, &letter_to("x", address)).await;
        assert!(
            matches!(refused, Err(NotTaken::Address)),
            "{address}: {refused:?}"
        );
    }
    assert_eq!(sink.taken(), 1);
}

#[tokio::test]
async fn a_refusal_for_good_is_not_tried_again_and_tells_neither_the_address_nor_the_link() {
    let sink = MailSink::start(Manner::Answers("550 clerk@members.example is unknown here")).await;
    let sent = deliver(&post(&sink, MailSecurity::None), &usual()).await;
    let words = sent.expect_err("refused").to_string();
    assert_eq!(
        words,
        "the mail server refuses it for good, with the code 550"
    );
    assert_eq!(sink.connections(), 1);
}

#[tokio::test]
async fn a_server_that_is_busy_hangs_or_hangs_up_is_tried_three_times() {
    let sink = MailSink::start(Manner::TakesAfter(2)).await;
    let sent = deliver(&post(&sink, MailSecurity::None), &usual()).await;
    sent.expect("taken the third time");
    assert_eq!(sink.letters(1).await.len(), 1);
    for manner in [Manner::TakesAfter(9), Manner::Hangs, Manner::Drops] {
        let sink = MailSink::start(manner).await;
        let sent = deliver(&post(&sink, MailSecurity::None), &usual()).await;
        let error = sent.expect_err("not taken");
        assert!(error.is_worth_another_try(), "{error}");
        assert_eq!(sink.connections(), 3, "{manner:?}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_keep_it_secret_is_told_nothing() {
    for security in [MailSecurity::Tls, MailSecurity::StartTls] {
        let sink = MailSink::start(Manner::Takes).await;
        let sent = deliver(&post(&sink, security), &usual()).await;
        assert!(sent.is_err(), "{security:?}");
        let told = sink.lines().join("\n");
        assert!(!told.contains("MAIL") && !told.contains("clerk"), "{told}");
        assert_eq!(sink.taken(), 0);
    }
}

#[tokio::test]
async fn a_letter_under_way_when_the_server_stops_has_one_more_try_at_once() {
    let sink = MailSink::start(Manner::TakesAfter(1)).await;
    let post = Post {
        patience: Patience {
            pause: Duration::from_hours(1),
            ..QUICK
        },
        ..post(&sink, MailSecurity::None)
    };
    let stop = CancellationToken::new();
    let told = stop.clone();
    let sending = tokio::spawn(async move { post.deliver(&usual(), &told).await });
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while sink.lines().iter().all(|line| !line.starts_with("RCPT")) {
        assert!(tokio::time::Instant::now() < deadline, "it was never told");
        tokio::task::yield_now().await;
    }
    stop.cancel();
    sending.await.expect("whole").expect("taken");
}
