//! A cluster's life with real PostgreSQL: made, used, killed in every way, refused, recovered.
//!
//! The tests pass as root, where PostgreSQL runs as another account, and as an ordinary user.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use cluster::{Cluster, ClusterError, ClusterOptions, Durability, RunningCluster};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid},
};

/// Long enough for a loaded machine; nothing waits for it in vain when all is well.
const DEADLINE: Duration = Duration::from_mins(1);

/// Names the data directory to the process that [`owner_in_a_process_of_its_own`] starts.
const OWNED_DIR: &str = "CLUSTER_TEST_OWNED_DIR";

/// A temporary folder whose path every account may pass through.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir_in("/tmp").expect("set up");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).expect("set up");
    folder
}

fn start(data_dir: &Path) -> Cluster {
    Cluster::start_blocking(&ClusterOptions::durable(data_dir)).expect("set up")
}

fn refusal(options: &ClusterOptions) -> ClusterError {
    Cluster::start_blocking(options).expect_err("a refusal")
}

/// One value from the database, through PostgreSQL's own client.
fn ask(cluster: &Cluster, sql: &str) -> String {
    let output = Command::new(cluster.programs().path("psql"))
        .args([
            "-X",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            cluster.url(),
            "-c",
            sql,
        ])
        .output()
        .expect("set up");
    assert!(
        output.status.success(),
        "{sql}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .expect("set up")
        .trim()
        .to_owned()
}

fn postmaster_pid(data_dir: &Path) -> Pid {
    let text = fs::read_to_string(data_dir.join("pgdata/postmaster.pid")).expect("set up");
    Pid::from_raw(
        text.lines()
            .next()
            .expect("set up")
            .parse()
            .expect("set up"),
    )
}

/// Whether a process runs: a dead one nobody has waited for yet does not.
fn runs(pid: Pid) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < DEADLINE, "in vain: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Another process that starts a cluster in `data_dir` and then holds it until it is killed.
fn owner_in_a_process_of_its_own(data_dir: &Path) -> std::process::Child {
    let mut owner = Command::new(std::env::current_exe().expect("set up"))
        .args([
            "--exact",
            "hold_a_cluster_until_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(OWNED_DIR, data_dir)
        .stdout(Stdio::piped())
        .spawn()
        .expect("set up");
    let said = BufReader::new(owner.stdout.take().expect("set up"))
        .lines()
        .map_while(Result::ok);
    assert!(
        said.into_iter().any(|line| line.contains("holding")),
        "the owner did not start its cluster"
    );
    owner
}

#[test]
#[ignore = "the other process of the tests that kill a cluster's owner"]
fn hold_a_cluster_until_killed() {
    let Some(data_dir) = std::env::var_os(OWNED_DIR).map(PathBuf::from) else {
        return;
    };
    let cluster = start(&data_dir);
    ask(
        &cluster,
        "CREATE TABLE IF NOT EXISTS kept AS SELECT 'promised' AS word",
    );
    println!("holding");
    loop {
        thread::park();
    }
}

#[test]
fn a_new_cluster_is_private_checked_by_checksums_and_durable() {
    let folder = folder();
    let data_dir = folder.path().join("made/for/us");
    let cluster = start(&data_dir);

    assert_eq!(
        ask(&cluster, "SELECT current_database() || ' ' || current_user"),
        "compacts compacts"
    );
    assert_eq!(ask(&cluster, "SHOW data_checksums"), "on");
    assert_eq!(ask(&cluster, "SHOW server_encoding"), "UTF8");
    assert_eq!(ask(&cluster, "SHOW fsync"), "on");
    assert_eq!(ask(&cluster, "SHOW listen_addresses"), "");
    assert_eq!(
        ask(&cluster, "SELECT upper('é') || ('Z' < 'a')"),
        "Étrue",
        "letters have case; order is by code point"
    );
    for private in [cluster.socket_folder(), &data_dir.join("pgdata")] {
        assert_eq!(
            fs::metadata(private).unwrap().mode() & 0o777,
            0o700,
            "{}",
            private.display()
        );
    }
    cluster.stop_blocking().unwrap();
    assert!(!data_dir.join("pgdata/postmaster.pid").exists());
}

#[test]
fn as_root_postgresql_runs_as_an_account_that_is_not() {
    let folder = folder();
    let cluster = start(&folder.path().join("data"));
    let runs_as = fs::metadata(format!(
        "/proc/{}",
        postmaster_pid(&folder.path().join("data"))
    ))
    .unwrap()
    .uid();
    assert_ne!(runs_as, 0);
    if !Uid::effective().is_root() {
        assert_eq!(runs_as, Uid::effective().as_raw());
    }
    drop(cluster);
}

#[test]
fn what_was_committed_is_there_after_a_stop_and_a_start() {
    let folder = folder();
    let cluster = start(folder.path());
    ask(&cluster, "CREATE TABLE kept AS SELECT 'promised' AS word");
    cluster.stop_blocking().unwrap();

    let again = start(folder.path());
    assert_eq!(ask(&again, "SELECT word FROM kept"), "promised");
}

#[test]
fn a_database_in_a_deep_folder_is_reached_all_the_same() {
    let folder = folder();
    let cluster = start(
        &folder
            .path()
            .join("d".repeat(70))
            .join("with space, and comma"),
    );
    assert_eq!(ask(&cluster, "SELECT 1"), "1");
}

#[test]
fn a_dropped_cluster_leaves_no_process_and_no_lock() {
    let folder = folder();
    let cluster = start(folder.path());
    let pid = postmaster_pid(folder.path());
    drop(cluster);
    assert!(!runs(pid));
    drop(start(folder.path()));
}

#[tokio::test]
async fn the_end_of_a_killed_postmaster_is_noticed_and_the_next_start_recovers() {
    let folder = folder();
    let cluster = Cluster::start(ClusterOptions::durable(folder.path()))
        .await
        .unwrap();
    ask(&cluster, "CREATE TABLE kept AS SELECT 'promised' AS word");

    kill(postmaster_pid(folder.path()), Signal::SIGKILL).unwrap();
    tokio::time::timeout(DEADLINE, cluster.ended())
        .await
        .expect("noticed");
    assert!(
        folder.path().join("pgdata/postmaster.pid").exists(),
        "the stale note is there"
    );
    drop(cluster);

    let again = Cluster::start(ClusterOptions::durable(folder.path()))
        .await
        .unwrap();
    assert_eq!(ask(&again, "SELECT word FROM kept"), "promised");
    again.stop().await.unwrap();
}

#[test]
fn a_killed_owner_takes_its_postgresql_along_and_the_next_start_recovers() {
    let folder = folder();
    let mut owner = owner_in_a_process_of_its_own(folder.path());
    let postmaster = postmaster_pid(folder.path());

    owner.kill().unwrap();
    owner.wait().unwrap();
    if Command::new("setpriv").arg("--help").output().is_ok() {
        wait_for("PostgreSQL ends with its owner", || !runs(postmaster));
    }

    assert_eq!(
        ask(&start(folder.path()), "SELECT word FROM kept"),
        "promised"
    );
}

#[test]
fn a_postgresql_that_outlives_its_owner_and_ignores_signals_is_ended_before_the_next_start() {
    let folder = folder();
    let mut owner = owner_in_a_process_of_its_own(folder.path());
    let orphan = postmaster_pid(folder.path());
    kill(orphan, Signal::SIGSTOP).unwrap();
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert!(runs(orphan), "it is still there, and deaf");

    let options = ClusterOptions {
        stop_deadline: Duration::from_millis(100),
        ..ClusterOptions::durable(folder.path())
    };
    let cluster = Cluster::start_blocking(&options).unwrap();
    assert!(!runs(orphan));
    assert_eq!(ask(&cluster, "SELECT word FROM kept"), "promised");
}

#[test]
fn a_second_run_on_the_same_directory_is_told_who_holds_it() {
    let folder = folder();
    let mut owner = owner_in_a_process_of_its_own(folder.path());

    let refused = refusal(&ClusterOptions::durable(folder.path())).to_string();
    assert!(
        refused.contains(&format!("process {}", owner.id())),
        "{refused}"
    );
    assert!(
        runs(postmaster_pid(folder.path())),
        "the first run is not disturbed"
    );

    owner.kill().unwrap();
    owner.wait().unwrap();
    drop(start(folder.path()));
}

#[test]
fn what_another_run_keeps_is_found_by_its_url_for_as_long_as_it_runs() {
    let folder = folder();
    // Deep enough for the socket to be elsewhere.
    let data_dir = folder.path().join("d".repeat(70)).join("e".repeat(40));
    assert!(!Cluster::is_made(&data_dir).unwrap());
    assert_eq!(RunningCluster::find(&data_dir), None);

    let cluster = start(&data_dir);
    let found = RunningCluster::find(&data_dir).unwrap();
    assert_eq!(found.url(), cluster.url());

    cluster.stop_blocking().unwrap();
    assert_eq!(RunningCluster::find(&data_dir), None);
    assert!(Cluster::is_made(&data_dir).unwrap());
}

#[test]
fn a_first_start_that_was_interrupted_is_simply_made_again() {
    let folder = folder();
    let half_made = folder.path().join("making-abc123");
    fs::create_dir_all(half_made.join("base/1")).unwrap();
    fs::write(half_made.join("PG_VERSION"), "15\n").unwrap();

    let cluster = start(folder.path());
    assert!(!half_made.exists());
    assert_eq!(ask(&cluster, "SELECT 1"), "1");
}

#[test]
fn files_of_somebody_elses_are_refused_and_untouched() {
    let folder = folder();
    fs::write(folder.path().join("minutes.doc"), "the only copy").unwrap();
    let refused = refusal(&ClusterOptions::durable(folder.path()));
    assert!(
        matches!(&refused, ClusterError::NotACluster { found, .. } if found == "minutes.doc"),
        "{refused}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_cluster_of_another_major_version_is_refused_with_what_to_do_and_untouched() {
    let folder = folder();
    start(folder.path()).stop_blocking().unwrap();
    fs::write(folder.path().join("pgdata/PG_VERSION"), "9\n").unwrap();

    let refused = refusal(&ClusterOptions::durable(folder.path()));
    assert!(
        matches!(&refused, ClusterError::OtherVersion { made_by, .. } if made_by == "9"),
        "{refused}"
    );
    assert!(
        refused.to_string().contains("Install PostgreSQL 9"),
        "{refused}"
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("pgdata/PG_VERSION")).unwrap(),
        "9\n"
    );
}

#[test]
fn a_durable_cluster_is_never_opened_as_a_scratch_one() {
    let folder = folder();
    start(folder.path()).stop_blocking().unwrap();
    let refused = refusal(&ClusterOptions::scratch(folder.path()));
    assert!(
        matches!(
            refused,
            ClusterError::OtherDurability {
                made: "durable",
                wanted: "scratch",
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn a_postgresql_that_cannot_start_says_why() {
    let folder = folder();
    start(folder.path()).stop_blocking().unwrap();
    let settings = folder.path().join("pgdata/postgresql.conf");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(
        &settings,
        text.replace("shared_buffers = 128MB", "shared_buffers = lots"),
    )
    .unwrap();

    let refused = refusal(&ClusterOptions::durable(folder.path()));
    assert!(
        matches!(&refused, ClusterError::StartFailed { said, .. } if said.contains("shared_buffers")),
        "{refused}"
    );
}

#[test]
fn a_folder_the_account_may_not_reach_is_named_with_the_command_that_opens_it() {
    if !Uid::effective().is_root() {
        // An ordinary user's PostgreSQL reaches whatever the user does: there is no such refusal.
        return;
    }
    let folder = folder();
    let shut = folder.path().join("shut");
    fs::create_dir(&shut).unwrap();
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();

    let refused = refusal(&ClusterOptions::durable(shut.join("data")));
    assert!(
        matches!(&refused, ClusterError::Unreachable { path, .. } if *path == shut.canonicalize().unwrap()),
        "{refused}"
    );
}

#[test]
fn an_account_that_is_not_there_is_named() {
    let folder = folder();
    let options = ClusterOptions {
        run_as: Some("nobody-by-that-name".into()),
        ..ClusterOptions::durable(folder.path())
    };
    let refused = refusal(&options);
    assert!(
        refused.to_string().contains("nobody-by-that-name"),
        "{refused}"
    );
}

#[test]
fn a_cluster_restored_by_root_is_handed_to_the_account_it_runs_as() {
    if !Uid::effective().is_root() {
        return;
    }
    let folder = folder();
    start(folder.path()).stop_blocking().unwrap();
    let restored = Command::new("chown")
        .arg("-R")
        .arg("0:0")
        .arg(folder.path())
        .status()
        .unwrap();
    assert!(restored.success());

    let cluster = start(folder.path());
    assert_eq!(ask(&cluster, "SELECT 1"), "1");
}

#[test]
fn a_full_disk_is_called_that() {
    let folder = folder();
    let small = folder.path().join("small");
    fs::create_dir(&small).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=8m,mode=711", "tmpfs"])
        .arg(&small)
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        // Only root on a machine that lets it mount can have a disk this small; the words are tested in `error` too.
        return;
    }
    let refused = refusal(&ClusterOptions::durable(small.join("data")));
    let unmounted = Command::new("umount")
        .arg("--lazy")
        .arg(&small)
        .status()
        .unwrap();
    assert!(unmounted.success());
    assert!(
        matches!(&refused, ClusterError::DiskFull { .. }),
        "{refused}"
    );
}

#[test]
fn a_scratch_cluster_waits_for_no_disk_and_takes_many_connections() {
    let folder = folder();
    let options = ClusterOptions::scratch(folder.path());
    assert_eq!(options.durability, Durability::Scratch);
    let cluster = Cluster::start_blocking(&options).unwrap();
    assert_eq!(ask(&cluster, "SHOW fsync"), "off");
    assert_eq!(ask(&cluster, "SHOW max_connections"), "300");
}
