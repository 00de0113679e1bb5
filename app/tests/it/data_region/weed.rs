//! A store that speaks S3 (SeaweedFS), one for each region. Without its program these tests skip themselves:
//! `sh scripts/s3.sh` has it.

use app::config::{BucketAt, DataRegion};
use kit::blobs::{BlobName, Blobs};
use kit::random::Random;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a store may take until it takes something.
const PATIENCE: Duration = Duration::from_secs(90);

const KEYS: [&str; 2] = ["ziyun-test", "not-a-secret-but-a-test"];

#[expect(clippy::disallowed_methods, reason = "where the store's program lies is said by the environment")]
pub fn program() -> Option<PathBuf> {
    let program = std::env::var("ZIYUN_TEST_WEED").ok();
    if program.is_none() {
        eprintln!("skipped 1 test of object stores: ZIYUN_TEST_WEED names no program (scripts/s3.sh)");
    }
    program.map(PathBuf::from)
}

/// A running store.
pub struct Weed {
    program: PathBuf,
    ports: Vec<u16>,
    child: Option<Child>,
    pub folder: TempDir,
}

impl Weed {
    /// Starts one, on ports that were free, and waits until it takes a file.
    pub async fn start(program: &Path) -> Self {
        // Held until all are found, or one would be found twice.
        let held: Vec<_> = (0..8).map(|_| crate::world::listen()).collect();
        let ports = held.iter().map(|one| one.local_addr().unwrap().port()).collect();
        drop(held);
        let folder = tempfile::tempdir().unwrap();
        let [id, secret] = KEYS;
        let who = serde_json::json!({ "identities": [{
            "name": "ziyun", "credentials": [{ "accessKey": id, "secretKey": secret }], "actions": ["Admin"]
        }] });
        fs::write(folder.path().join("who.json"), who.to_string()).unwrap();
        fs::write(folder.path().join("keys"), format!("{id}\n{secret}\n")).unwrap();
        fs::set_permissions(folder.path().join("keys"), PermissionsExt::from_mode(0o600)).unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        let mut weed = Self { program: program.to_owned(), ports, child: None, folder };
        weed.run().await;
        weed
    }

    /// Runs it, where it does not.
    pub async fn run(&mut self) {
        let below = |name: &str| self.folder.path().join(name).display().to_string();
        let names =
            ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc"];
        let names = names.into_iter().chain(["s3.port", "s3.port.grpc"]);
        let mut command = Command::new(&self.program);
        command.args(["server", "-ip=127.0.0.1", "-master.telemetry=false", "-volume.max=40", "-s3", "-s3.iam=false"]);
        command.args(["-master.volumePreallocate=false", "-master.volumeSizeLimitMB=32", "-s3.port.iceberg=0"]);
        command.args([
            "-s3.port.lance=0",
            &format!("-dir={}", below("data")),
            &format!("-s3.config={}", below("who.json")),
        ]);
        command.arg(format!("-filer.localSocket={}", below("socket")));
        command.args(names.zip(&self.ports).map(|(name, port)| format!("-{name}={port}")));
        let log = fs::File::create(self.folder.path().join("log")).unwrap();
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().expect("the store starts"));
        self.region("probe", "probe").await;
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }

    /// A region with a bucket of its own here, which is made by a first file.
    pub async fn region(&self, name: &str, bucket: &str) -> DataRegion {
        let region = self.described(name, bucket);
        let opened = region.bucket.as_ref().unwrap().open().unwrap();
        let blobs = Blobs::open(self.folder.path(), [(name, Some(&opened))]).unwrap();
        let began = Instant::now();
        loop {
            let first = BlobName::new(&Random::system());
            match blobs.put(name, first, "there".into()).await {
                Ok(()) => {
                    blobs.delete(name, first).await.unwrap();
                    return region;
                }
                Err(error) => assert!(began.elapsed() < PATIENCE, "{error:?}\n{}", self.log()),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn described(&self, name: &str, bucket: &str) -> DataRegion {
        let bucket = BucketAt {
            endpoint: format!("http://127.0.0.1:{}", self.ports[6]).parse().unwrap(),
            name: bucket.into(),
            region: "us-east-1".into(),
            secret_file: self.folder.path().join("keys"),
        };
        DataRegion { bucket: Some(bucket), ..super::folder(name) }
    }

    /// Whether these bytes lie anywhere on its disk.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        below(&self.folder.path().join("data"), bytes)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Weed {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether these bytes are in a file below this folder.
pub fn below(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).into_iter().flatten().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return below(&path, bytes);
        }
        fs::read(&path).is_ok_and(|content| memchr::memmem::find(&content, bytes).is_some())
    })
}
