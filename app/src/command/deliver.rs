//! `ziyun deliver`: commits to an envelope that `ziyun seal` has made, and uploads it by tus 1.0. Cut off or killed at any moment, the same
//! command goes on where it was: the platform knows how much has come, and the file beside the envelope knows the rest.

use super::Outcome;
use clap::Args;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// What the name of the receipt's file ends in, beside the envelope.
const RECEIPT: &str = ".receipt.json";

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Commit to a sealed envelope and upload it; started again after a cut or a kill, it goes on where it was
#[derive(Args)]
pub struct Deliver {
    /// What `ziyun seal` has written beside the envelope: `envelope.ziyun.json`
    delivery: PathBuf,
    /// The platform's address, `https://…`
    #[arg(long, value_name = "URL")]
    to: Url,
    /// File of a token of the company's that is for bids
    #[arg(long, value_name = "FILE")]
    token: PathBuf,
    /// Bytes that are sent at a time, and are in memory
    #[arg(long, value_name = "BYTES", default_value_t = 4 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1024..=67_108_864))]
    piece: u64,
    /// How often in a row it is tried again when the platform does not answer
    #[arg(long, value_name = "TIMES", default_value_t = 20)]
    tries: u32,
}

/// An envelope on its way, as it stands in the file beside it.
#[derive(Serialize, Deserialize)]
pub struct Delivery {
    /// The envelope's file.
    pub envelope: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// The canonical line.
    pub commitment: String,
    /// For which lot.
    pub lot: String,
    /// The bid's id: a new one, or of the bid that is replaced.
    pub bid: String,
    /// Of a replacement: the version that was seen.
    pub version: Option<i64>,
    /// The last amendment that was seen.
    pub answers: i64,
    /// Where the ciphertext goes, once it is committed to.
    pub upload: Option<String>,
}

/// Writes a delivery beside its envelope: all of it or what was there before.
///
/// # Errors
/// A sentence that names the file.
pub fn keep(delivery: &Delivery) -> Result<PathBuf, String> {
    let path = beside(delivery, ".json");
    write(&path, delivery).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path)
}

/// The envelope's path with this after it.
fn beside(delivery: &Delivery, end: &str) -> PathBuf {
    let mut path = delivery.envelope.clone().into_os_string();
    path.push(end);
    path.into()
}

fn write(path: &Path, delivery: &Delivery) -> std::io::Result<()> {
    let half = path.with_extension("part");
    let mut file = File::create(&half)?;
    serde_json::to_writer_pretty(&mut file, delivery)?;
    file.sync_all()?;
    std::fs::rename(half, path)
}

/// What came of a request.
enum Met {
    /// It is tried again.
    Passing(String),
    /// Nothing would change.
    Final(String),
}

impl Deliver {
    /// Delivers, and prints one line of JSON.
    pub async fn run(self) -> Outcome {
        let read = |path: &Path| std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
        let mut delivery: Delivery = serde_json::from_str(&read(&self.delivery)?)?;
        let secret = read(&self.token)?.trim().to_owned();
        let platform = Platform { client: Client::builder().timeout(PATIENCE).build()?, to: self.to.clone(), secret };
        let envelope = File::open(&delivery.envelope).map_err(|e| format!("{}: {e}", delivery.envelope.display()))?;
        if envelope.metadata()?.len() != delivery.bytes {
            return Err(format!("{}: it is not the envelope that was sealed", delivery.envelope.display()).into());
        }
        let mut failures = 0;
        loop {
            match self.step(&platform, &mut delivery, &envelope).await {
                Ok(true) => break,
                Ok(false) => failures = 0,
                Err(Met::Final(why)) => return Err(why.into()),
                Err(Met::Passing(why)) if failures == self.tries => return Err(why.into()),
                Err(Met::Passing(_)) => {
                    failures += 1;
                    tokio::time::sleep(Duration::from_millis(250 << failures.min(7))).await;
                }
            }
        }
        let told = json!({"bid": delivery.bid, "bytes": delivery.bytes, "upload": delivery.upload, "receipt": beside(&delivery, RECEIPT)});
        writeln!(std::io::stdout().lock(), "{told}")?;
        Ok(ExitCode::SUCCESS)
    }

    /// The next thing to do. Answers whether nothing is left.
    async fn step(&self, platform: &Platform, delivery: &mut Delivery, envelope: &File) -> Result<bool, Met> {
        let Some(upload) = delivery.upload.clone() else {
            delivery.upload = Some(platform.commit(delivery).await?);
            keep(delivery).map_err(Met::Final)?;
            return Ok(false);
        };
        let at = platform.offset(&upload).await?;
        if at == delivery.bytes {
            return platform.receipt(delivery).await.map(|()| true);
        }
        let mut piece = vec![0; usize::try_from(self.piece.min(delivery.bytes.saturating_sub(at))).unwrap_or(0)];
        envelope.read_exact_at(&mut piece, at).map_err(|e| Met::Final(e.to_string()))?;
        platform.send(&upload, at, piece).await?;
        Ok(false)
    }
}

struct Platform {
    client: Client,
    to: Url,
    secret: String,
}

impl Platform {
    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, Met> {
        let url = self.to.join(path).map_err(|e| Met::Final(e.to_string()))?;
        let request = self.client.request(method, url).bearer_auth(&self.secret);
        Ok(request.header("accept", "application/json").header("tus-resumable", "1.0.0"))
    }

    /// Commits, once however often it is sent.
    async fn commit(&self, delivery: &Delivery) -> Result<String, Met> {
        let Delivery { bid, lot, version, answers, commitment, .. } = delivery;
        let (path, form) = match version {
            Some(seen) => (
                format!("/bids/{bid}/commitments"),
                json!({"version": seen, "answers": answers, "commitment": commitment}),
            ),
            None => {
                (format!("/lots/{lot}/commitments"), json!({"id": bid, "answers": answers, "commitment": commitment}))
            }
        };
        let key = format!("deliver-{bid}-{}", version.unwrap_or_default());
        let request = self.request(Method::POST, &path)?.header("idempotency-key", key).json(&form);
        let answer: Value = answered(request).await?.json().await.map_err(|e| Met::Passing(e.to_string()))?;
        let upload = answer["upload"].as_str().ok_or_else(|| Met::Final("the platform names no upload".to_owned()))?;
        Ok(format!("/uploads/{upload}"))
    }

    async fn offset(&self, upload: &str) -> Result<u64, Met> {
        let answer = answered(self.request(Method::GET, upload)?).await?;
        let offset = answer.headers().get("upload-offset").and_then(|offset| offset.to_str().ok()?.parse().ok());
        offset.ok_or_else(|| Met::Final("the platform tells no offset".to_owned()))
    }

    /// Keeps the receipt of a ciphertext that has come whole.
    async fn receipt(&self, delivery: &Delivery) -> Result<(), Met> {
        let answer = answered(self.request(Method::GET, &format!("/bids/{}/arrival", delivery.bid))?).await?;
        let receipt = answer.bytes().await.map_err(|e| Met::Passing(e.to_string()))?;
        let path = beside(delivery, RECEIPT);
        std::fs::write(&path, &receipt).map_err(|e| Met::Final(format!("{}: {e}", path.display())))
    }

    async fn send(&self, upload: &str, at: u64, piece: Vec<u8>) -> Result<(), Met> {
        let request = self.request(Method::PATCH, upload)?.header("upload-offset", at.to_string());
        answered(request.header("content-type", "application/offset+octet-stream").body(piece)).await.map(drop)
    }
}

/// The answer, or why there is none. What another request, a full disk or a restart has caused passes.
async fn answered(request: RequestBuilder) -> Result<Response, Met> {
    let answer = request.send().await.map_err(|e| Met::Passing(e.to_string()))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let problem: Value = answer.json().await.unwrap_or_default();
    let told = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    let why = format!("{} {}: {}", status.as_u16(), told("code"), told("title"));
    let is_passing = status.is_server_error()
        || [StatusCode::LOCKED, StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status)
        || told("code") == "upload-offset"
        || told("code") == "idempotency-in-flight";
    Err(if is_passing { Met::Passing(why) } else { Met::Final(why) })
}
