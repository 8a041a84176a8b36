//! The same through a bucket: a small service on this machine that speaks as much of S3 as is used here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use domain::ids::RandomIds;
use files::{Files, Offered, Opened, Parts, Room, S3, Store, UNUSED_FOR, Whereabouts};
use futures::{TryStreamExt, stream};
use ledger::ServiceRole;
use sqlx::PgPool;
use testkit::service::{sign_in, vault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vault::SystemRandomness;

use crate::support::{PDF, World, compact, somebody};

/// What the bucket holds, and the parts of what is being put together.
#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    parts: BTreeMap<u32, Vec<u8>>,
    unsigned: u32,
}

struct Asked {
    method: String,
    path: String,
    query: String,
    signed: bool,
    body: Vec<u8>,
}

async fn read(line: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if line.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).to_lowercase();
    let raw = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut first = raw.lines().next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().expect("a length"));
    while bytes.len() < head_end + length {
        if line.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Asked {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        signed: head.contains("authorization: aws4-hmac-sha256 credential=akiaexample/"),
        body: bytes[head_end..].to_vec(),
    })
}

impl Bucket {
    fn answer(&mut self, asked: Asked) -> (u16, Vec<u8>) {
        self.unsigned += u32::from(!asked.signed);
        let number = asked
            .query
            .split('&')
            .find_map(|it| it.strip_prefix("partNumber="));
        match (asked.method.as_str(), number) {
            ("POST", _) if asked.query.starts_with("uploads") => {
                (200, b"<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>".to_vec())
            }
            ("PUT", Some(number)) => {
                self.parts.insert(number.parse().expect("a number"), asked.body);
                (200, Vec::new())
            }
            ("POST", _) => {
                let whole = std::mem::take(&mut self.parts).into_values().flatten().collect();
                self.objects.insert(asked.path, whole);
                (200, b"<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>".to_vec())
            }
            ("DELETE", _) if asked.query.contains("uploadId") => {
                self.parts.clear();
                (204, Vec::new())
            }
            ("PUT", None) => {
                self.objects.insert(asked.path, asked.body);
                (200, Vec::new())
            }
            ("GET", _) => match self.objects.get(&asked.path) {
                Some(object) => (200, object.clone()),
                None => (404, Vec::new()),
            },
            ("DELETE", _) => {
                self.objects.remove(&asked.path);
                (204, Vec::new())
            }
            _ => (405, Vec::new()),
        }
    }
}

async fn converse(mut line: TcpStream, bucket: Arc<Mutex<Bucket>>) {
    let Some(asked) = read(&mut line).await else {
        return;
    };
    let (status, body) = bucket.lock().expect("the bucket").answer(asked);
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\netag: \"e\"\r\nlast-modified: Mon, 01 Oct 2007 09:00:00 GMT\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // Whoever asked may have gone.
    let _sent = line.write_all(&[head.as_bytes(), &body].concat()).await;
}

/// A service with one bucket, and what is in it.
async fn service() -> (S3, Arc<Mutex<Bucket>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let bucket: Arc<Mutex<Bucket>> = Arc::default();
    let served = Arc::clone(&bucket);
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            tokio::spawn(converse(line, Arc::clone(&served)));
        }
    });
    let s3 = S3 {
        bucket: "compacts-files".to_owned(),
        region: "us-east-1".to_owned(),
        endpoint: Some(format!("http://{address}")),
        access_key_id: "AKIAEXAMPLE".to_owned(),
        secret_access_key: "a secret".to_owned(),
    };
    (s3, bucket)
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn files_lie_in_a_bucket_sealed_whole_or_not_at_all_and_are_swept_from_it(pool: PgPool) {
    let world = World::new(&pool).await;
    let (s3, bucket) = service().await;
    assert!(!format!("{s3:?}").contains("a secret"));
    let files = Files::new(Parts {
        store: Store::open(&Whereabouts::S3(s3)).expect("a store"),
        pool: sign_in(&pool, ServiceRole::Gateway),
        vault: vault(&pool).await,
        clock: world.clock.clone(),
        ids: Arc::new(RandomIds),
        randomness: Arc::new(SystemRandomness),
        room: Room::default(),
    });
    let mut long = PDF.to_vec();
    long.resize(12_000_000, b'x');
    for content in [PDF, &long] {
        let parts = content
            .chunks(100_000)
            .map(|part| Ok::<_, String>(Bytes::copy_from_slice(part)));
        let parts = stream::iter(parts.collect::<Vec<_>>());
        let received = files
            .receive(compact(), (somebody(), Offered::default()), parts)
            .await
            .expect("received");
        let Opened::File(_, read) = files.open(compact(), received.hash).await.expect("opened")
        else {
            panic!("not there");
        };
        let read: Vec<Bytes> = read.try_collect().await.expect("whole");
        assert!(read.concat() == content);
    }
    let half = [Ok(Bytes::from(long.clone())), Err("gone")];
    let half = files
        .receive(
            compact(),
            (somebody(), Offered::default()),
            stream::iter(half),
        )
        .await;
    assert!(half.is_err());
    {
        let bucket = bucket.lock().expect("the bucket");
        assert_eq!(
            (bucket.objects.len(), bucket.parts.len(), bucket.unsigned),
            (2, 0, 0)
        );
        let plan = b"action plan";
        let clear = |object: &Vec<u8>| object.windows(plan.len()).any(|window| window == plan);
        assert!(!bucket.objects.values().any(clear));
    }
    world.turn(30);
    assert_eq!(files.sweep(UNUSED_FOR).await.expect("swept").unused, 2);
    assert!(bucket.lock().expect("the bucket").objects.is_empty());
}
