//! A recorder in another process, reached over a network that loses answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::ids::{AccountId, CommandId, LedgerId};
use recorder::{Actor, Answer, RecordError, RecorderClient, Submission};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

fn submission() -> Submission {
    Submission {
        ledger: LedgerId::new(Uuid::from_u128(1)),
        command_id: CommandId::new(Uuid::from_u128(2)),
        actor: Actor {
            account: AccountId::new(Uuid::from_u128(3)),
            token: None,
        },
        causation: None,
        occurred_on: None,
        meeting: None,
        expected_version: None,
        commands: Vec::new(),
    }
}

fn recorded() -> Answer {
    Answer {
        ledger: LedgerId::new(Uuid::from_u128(1)),
        position: 7,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        streams: Vec::new(),
        repeated: true,
    }
}

/// Reads a request to its end, as far as one that is sent in one piece goes.
async fn hear(from: &mut TcpStream) {
    let mut heard = Vec::new();
    while !heard.ends_with(b"}") {
        let read = from.read_buf(&mut heard).await.expect("a request");
        assert!(read > 0, "the sender hung up");
    }
}

async fn say(to: &mut TcpStream, answer: &Answer) {
    let body = serde_json::to_string(answer).expect("an answer");
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    to.write_all(answer.as_bytes()).await.expect("sent");
}

/// A recorder that hears and hangs up `silent` times, then answers. Tells its client and how often it
/// heard something.
async fn losing(silent: usize) -> (RecorderClient, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let heard = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut sender, _)) = listener.accept().await {
            hear(&mut sender).await;
            if counted.fetch_add(1, Ordering::SeqCst) >= silent {
                say(&mut sender, &recorded()).await;
            }
        }
    });
    let client = RecorderClient::http(&format!("http://{address}")).expect("an address");
    (client, heard)
}

#[tokio::test]
async fn a_submission_whose_answer_was_lost_is_sent_again_and_its_answer_given() {
    let (client, heard) = losing(1).await;
    assert_eq!(client.record(submission()).await, Ok(recorded()));
    assert_eq!(heard.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_submission_that_is_never_answered_is_not_said_to_be_recorded_nor_not() {
    let (client, heard) = losing(usize::MAX).await;
    let answer = client.record(submission()).await;
    assert_eq!(answer, Err(RecordError::OutcomeUnknown));
    assert_eq!(heard.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_recorder_that_is_not_there_has_recorded_nothing_and_says_when_to_come_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let client = RecorderClient::http(&format!("http://{address}")).expect("an address");
    let answer = client.record(submission()).await;
    assert!(
        matches!(answer, Err(RecordError::Busy { .. })),
        "{answer:?}"
    );
}

#[test]
fn what_is_not_the_address_of_a_recorder_is_refused() {
    for odd in ["elsewhere", "127.0.0.1:8081", "ftp://host", ""] {
        assert!(RecorderClient::http(odd).is_err(), "{odd}");
    }
}
