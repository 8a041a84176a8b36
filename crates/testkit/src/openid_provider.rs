//! An OpenID provider that somebody else wrote: `oidc-provider`, on this machine, in a process of its own.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The provider, until dropped. It lets in whoever names themselves: it is what comes of its answers that is tested.
pub struct OpenIdProvider {
    /// Its address.
    pub issuer: String,
    process: Child,
}

impl OpenIdProvider {
    /// Starts one that knows a client by this id and secret, and sends browsers back to `back`.
    ///
    /// # Panics
    /// When it is not installed, or does not start.
    pub async fn start(client: &str, secret: &str, back: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/openid-provider");
        assert!(
            folder.join("node_modules/oidc-provider").is_dir(),
            "the tests' OpenID provider is not installed; run: make openid-provider"
        );
        let mut process = Command::new("node")
            .args(["provider.mjs", client, secret, back])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let said = process.stdout.take().expect("what it says");
        let mut lines = BufReader::new(said).lines();
        let issuer = lines.next_line().await.expect("it can be read");
        Self {
            issuer: issuer.expect("the provider says where it is"),
            process,
        }
    }

    /// Stops it, and waits until it is gone.
    ///
    /// # Panics
    /// When it cannot be stopped.
    pub async fn stop(mut self) {
        self.process.kill().await.expect("it stops");
    }
}
