//! Letters, from the page or the command that asks for one to the link that is opened.

use std::time::Duration;

use cluster::RunningCluster;
use sqlx::{Connection, PgConnection};
use testkit::mail_sink::{MailSink, Manner};
use tokio::time::Instant;

use crate::browser::Browser;
use crate::house::{EMAIL, House};

const PASSWORD: &str = "wet ladder violin soup";
const OTHER: &str = "seven brass kettles humming";

/// How long what happened may take to be written down.
const DEADLINE: Duration = Duration::from_mins(1);

async fn house(sink: &MailSink) -> House {
    let settings = format!(
        "mail = {{ host = \"127.0.0.1\", port = {}, security = \"none\", from = \"Compacts <compacts@example.org>\" }}\n",
        sink.port
    );
    House::open_with(&settings).await
}

/// The path of the link in a letter.
fn path_in(letter: &str) -> String {
    let mut words = letter.split_whitespace();
    let link = words.find_map(|word| {
        let path = word.strip_prefix("http://127.0.0.1:8080")?;
        (path.len() > 43).then_some(path)
    });
    link.unwrap_or_else(|| panic!("no link: {letter}"))
        .to_owned()
}

/// Waits until something stands in the security log so often.
async fn is_written_down(house: &House, event: &str, times: i64) {
    let running = RunningCluster::find(&house.data_dir().join("postgres"));
    let url = running.expect("it runs").url().to_owned();
    let mut connection = PgConnection::connect(&url).await.expect("a connection");
    let deadline = Instant::now() + DEADLINE;
    loop {
        let found: i64 = sqlx::query_scalar(
            "select count(*) from account.security_log where event = $1 and account_id is not null",
        )
        .bind(event)
        .fetch_one(&mut connection)
        .await
        .expect("a count");
        if found == times {
            return;
        }
        assert!(Instant::now() < deadline, "{found} of {times} {event}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_invitation_and_a_new_password_come_by_letter_and_nobody_learns_who_has_an_account() {
    let sink = MailSink::start(Manner::Takes).await;
    let house = house(&sink).await;
    let add = [
        "user",
        "add",
        "--email",
        EMAIL,
        "--name",
        "Quillon Hartgrave",
    ];
    let said = house.run(&add).await;
    assert!(said.contains("The mail server took it"), "{said}");
    assert!(!said.contains("/invitation/"), "{said}");
    let letters = sink.letters(1).await;
    assert!(
        letters[0].contains("Hello Quillon Hartgrave,"),
        "{}",
        letters[0]
    );
    let mut browser = Browser::new(&house.server);
    let set = browser.take_up(&path_in(&letters[0]), PASSWORD).await;
    assert_eq!(set.status, 303, "{set:?}");

    let page = browser.get("/forgotten").await;
    assert!(page.body.contains("Send me a link"), "{}", page.body);
    let unknown = [("email", "nobody@members.example")];
    let unknown = browser.send("/forgotten", &unknown).await;
    let known = browser.send("/forgotten", &[("email", EMAIL)]).await;
    assert_eq!((unknown.status, known.status), (200, 200));
    assert_eq!(unknown.body, known.body);
    let letters = sink.letters(2).await;
    let link = path_in(&letters[1]);
    assert!(link.starts_with("/reset/"), "{link}");
    assert_eq!(browser.take_up(&link, OTHER).await.status, 303);
    assert_eq!(browser.sign_in(EMAIL, OTHER).await.status, 303);

    let said = house.run(&["user", "reset", EMAIL]).await;
    assert!(said.contains("Their password stays as it is"), "{said}");
    let letters = sink.letters(3).await;
    assert_eq!(letters.len(), 3, "none to nobody");
    is_written_down(&house, "letter.sent", 3).await;
    house.server.stop().await;
}

#[tokio::test]
async fn a_mail_server_that_refuses_or_says_nothing_keeps_nobody_waiting_and_loses_no_link() {
    let sink = MailSink::start(Manner::Answers("550 not here")).await;
    let house = house(&sink).await;
    let invitation = house.invite(EMAIL, &[]).await;
    let mut browser = Browser::new(&house.server);
    browser.take_up(&invitation, PASSWORD).await;
    let said = house.run(&["user", "reset", EMAIL]).await;
    assert!(
        said.contains("It was not sent: the mail server refuses it for good, with the code 550."),
        "{said}"
    );
    assert!(said.contains("/reset/") && !said.contains(EMAIL), "{said}");
    let asked = browser.send("/forgotten", &[("email", EMAIL)]).await;
    assert_eq!(asked.status, 200);
    is_written_down(&house, "letter.not_sent", 3).await;
    house.server.stop().await;
}

#[tokio::test]
async fn a_mail_server_that_hangs_holds_up_neither_a_page_nor_the_end_of_the_server() {
    let sink = MailSink::start(Manner::HangsAfter(1)).await;
    let house = house(&sink).await;
    let add = [
        "user",
        "add",
        "--email",
        EMAIL,
        "--name",
        "Quillon Hartgrave",
    ];
    house.run(&add).await;
    let mut browser = Browser::new(&house.server);
    let invitation = path_in(&sink.letters(1).await[0]);
    browser.take_up(&invitation, PASSWORD).await;
    let before = Instant::now();
    let asked = browser.send("/forgotten", &[("email", EMAIL)]).await;
    assert_eq!(asked.status, 200);
    // The mail server is waited for longer than this.
    assert!(
        before.elapsed() < Duration::from_secs(20),
        "{:?}",
        before.elapsed()
    );
    let deadline = Instant::now() + DEADLINE;
    while sink.connections() < 2 {
        assert!(Instant::now() < deadline, "the letter never left");
        tokio::task::yield_now().await;
    }
    house.server.stop().await;
}
