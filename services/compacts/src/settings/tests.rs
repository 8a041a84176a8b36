use super::*;

#[test]
fn the_defaults_can_work() {
    assert!(Settings::default().check().is_ok());
}

#[test]
fn a_setting_that_cannot_work_is_named() {
    let broken: [(&str, Settings); 7] = [
        (
            "reset_minutes",
            Settings {
                reset_minutes: 0,
                ..Settings::default()
            },
        ),
        (
            "listen",
            Settings {
                listen: ([0, 0, 0, 0], 80).into(),
                ..Settings::default()
            },
        ),
        (
            "connections",
            Settings {
                connections: 1,
                ..Settings::default()
            },
        ),
        (
            "writers",
            Settings {
                writers: 0,
                ..Settings::default()
            },
        ),
        (
            "queue",
            Settings {
                queue: 0,
                ..Settings::default()
            },
        ),
        (
            "public_url",
            Settings {
                public_url: "compacts.example.org".to_owned(),
                ..Settings::default()
            },
        ),
        (
            "database_url",
            Settings {
                database_url: Some("mysql://x".to_owned()),
                ..Settings::default()
            },
        ),
    ];
    for (name, settings) in broken {
        let error = settings.check().expect_err(name);
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn what_is_set_for_accounts_is_what_they_live_under() {
    let settings = Settings {
        session_idle_minutes: 5,
        session_hours: 2,
        invitation_days: 3,
        reset_minutes: 20,
        ..Settings::default()
    };
    let limits = settings.accounts();
    assert_eq!((limits.idle_minutes, limits.absolute_hours), (5, 2));
    assert_eq!((limits.invitation_days, limits.reset_minutes), (3, 20));
    let too_long = Settings {
        session_hours: 7 * 24 + 1,
        ..Settings::default()
    };
    let refused = too_long.check().expect_err("longer than a week");
    assert!(refused.to_string().contains("`session_hours`"), "{refused}");
    let usual = Settings::default().accounts();
    assert_eq!(usual, accounts::Settings::default());
}

#[test]
fn others_on_the_network_are_served_only_where_nobody_can_listen_in() {
    let settings = |listen: &str, public_url: &str| Settings {
        listen: listen.parse().expect("an address"),
        public_url: public_url.to_owned(),
        ..Settings::default()
    };
    for (listen, public_url) in [
        ("0.0.0.0:8080", "https://compacts.example.org"),
        ("127.0.0.1:8080", "https://compacts.example.org/"),
        ("127.0.0.1:8080", "http://localhost:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
    ] {
        let checked = settings(listen, public_url).check();
        assert!(checked.is_ok(), "{listen} {public_url}: {checked:?}");
    }
    for (listen, public_url, named) in [
        ("0.0.0.0:8080", "http://localhost:8080", "`listen`"),
        (
            "127.0.0.1:8080",
            "http://compacts.example.org",
            "`public_url`",
        ),
        (
            "127.0.0.1:8080",
            "http://localhost.example.org",
            "`public_url`",
        ),
        (
            "127.0.0.1:8080",
            "https://x.example.org/compacts",
            "`public_url`",
        ),
        ("127.0.0.1:8080", "https://x.example.org?a", "`public_url`"),
        ("127.0.0.1:8080", "https://a@x.example.org", "`public_url`"),
        ("127.0.0.1:8080", "ftp://x.example.org", "`public_url`"),
        ("127.0.0.1:8080", "https://", "`public_url`"),
    ] {
        let refused = settings(listen, public_url).check();
        let refused = refused.expect_err(public_url).to_string();
        assert!(refused.contains(named), "{refused}");
    }
}

/// The complaint about a file that says this.
fn complaint(text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("compacts.toml");
    std::fs::write(&file, text).expect("written");
    Settings::load(Some(&file))
        .expect_err("refused")
        .to_string()
}

#[test]
fn a_misspelt_setting_is_named_with_those_there_are() {
    let said = complaint("writters = 3\n");
    assert!(
        said.starts_with("there is no setting `writters` ("),
        "{said}"
    );
    assert!(
        said.contains("compacts.toml); there are data_dir, "),
        "{said}"
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_told_what_it_must_be() {
    for (text, named, wanted) in [
        ("writers = \"three\"", "`writers`", "a whole number"),
        ("queue = -1", "`queue`", "a whole number"),
        ("listen = \"localhost\"", "`listen`", "127.0.0.1:8080"),
        ("data_dir = 7", "`data_dir`", "text"),
        (
            "trusted_proxies = [\"proxy\"]",
            "`trusted_proxies",
            "10.0.0.0/8",
        ),
        (
            "trusted_proxies = \"10.0.0.1\"",
            "`trusted_proxies",
            "10.0.0.0/8",
        ),
        ("proxy_header = \"via\"", "`proxy_header`", "\"forwarded\""),
        (
            "requests_of_token = { per_second = 5, burst = 0 }",
            "`requests_of_token",
            "1 or more",
        ),
        (
            "changes_of_compact = 50",
            "`changes_of_compact`",
            "per_second = 50",
        ),
        ("mail = \"mail.example.org\"", "`mail`", "host ="),
        (
            "mail = { host = \"mail.example.org\", from = \"x@example.org\", security = \"some\" }",
            "`mail.security`",
            "starttls",
        ),
        ("openid_providers = 7", "`openid_providers`", "a list"),
        (
            "openid_providers = [{ key = \"council\" }]",
            "`openid_providers",
            "client_id",
        ),
        ("log_format = \"xml\"", "`log_format`", "\"json\""),
        (
            "allow_unsafe_database = 1",
            "`allow_unsafe_database`",
            "true or false",
        ),
    ] {
        let said = complaint(text);
        assert!(said.contains(named) && said.contains(wanted), "{said}");
    }
}

#[test]
fn a_file_that_is_not_toml_is_named_with_its_line() {
    let said = complaint("writers = 2\nqueue = = 3\n");
    assert!(said.contains("line 2:"), "{said}");
}

#[test]
fn a_file_that_is_not_there_or_cannot_be_read_is_named() {
    let error = Settings::load(Some(Path::new("/nowhere/compacts.toml"))).expect_err("refused");
    assert!(error.to_string().contains("/nowhere/compacts.toml"));
    let folder = tempfile::tempdir().expect("a folder");
    let error = Settings::load(Some(folder.path())).expect_err("refused");
    assert!(error.to_string().contains("cannot be read"), "{error}");
}

/// The example file: as it stands, and with every setting it explains switched on.
const EXAMPLE: &str = include_str!("../../../../deploy/compacts.toml");

fn example(text: &str) -> Settings {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("compacts.toml");
    std::fs::write(&file, text).expect("written");
    Settings::load(Some(&file)).expect("it can be read")
}

#[test]
fn the_example_file_changes_nothing_and_explains_every_setting_at_its_default() {
    assert_eq!(example(EXAMPLE), Settings::default());
    let switched_on = EXAMPLE
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .filter(|line| {
            line.split_once(" = ")
                .is_some_and(|(name, _)| !name.contains(' '))
        });
    let switched_on: Vec<&str> = switched_on.collect();
    let all = example(&switched_on.join("\n"));
    let in_one_place = Settings {
        files_directory: None,
        ..all.clone()
    };
    assert!(in_one_place.check().is_ok());
    let said = all.check().expect_err("files in two places").to_string();
    assert!(said.contains("`files_directory`"), "{said}");
    // The ones without a default are explained by an example; the others stand at theirs.
    assert!(
        all.database_url.is_some()
            && all.service_password.is_some()
            && all.master_key_file.is_some()
            && all.postgres_user.is_some()
            && all.recorder_url.is_some()
            && all.openid_providers.len() == 1
            && all.mail.is_some()
            && all.files_directory.is_some()
            && all.files_bucket.is_some()
    );
    let unset = Settings {
        database_url: None,
        service_password: None,
        master_key_file: None,
        postgres_user: None,
        recorder_url: None,
        openid_providers: Vec::new(),
        mail: None,
        files_directory: None,
        files_bucket: None,
        ..all
    };
    assert_eq!(unset, Settings::default());
    let serde_json::Value::Object(settings) =
        serde_json::to_value(Settings::default()).expect("settings")
    else {
        panic!("settings are not an object")
    };
    let explained: std::collections::BTreeSet<&str> = switched_on
        .iter()
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name))
        .collect();
    let settings: std::collections::BTreeSet<&str> = settings.keys().map(String::as_str).collect();
    assert_eq!(
        explained, settings,
        "a setting and its explanation go together"
    );
}
