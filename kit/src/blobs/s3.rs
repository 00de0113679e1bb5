//! A region whose blobs lie in a bucket of an object store that speaks S3.
//!
//! A put asks that nothing be there (`If-None-Match: *`) and sends the SHA-256 of what it brings, so that a bucket neither
//! overwrites nor keeps half. Stores that do not know the first are found by `ziyun doctor`.

use super::Error;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum, S3ConditionalPut};
use object_store::{ClientOptions, RetryConfig};
use std::fmt;
use std::time::Duration;
use url::Url;

/// How long a store may take to take a connection.
const TO_CONNECT: Duration = Duration::from_secs(5);

/// How long one request may take, a file of tens of megabytes included.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long a store that fails is asked again, from the first request on.
const AGAIN_FOR: Duration = Duration::from_secs(15);

/// A bucket, and what opens it.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The store: scheme, host, port.
    pub endpoint: Url,
    /// Its name.
    pub name: String,
    /// The region under which the store signs, such as `cn-north-1`.
    pub region: String,
    /// Access key id.
    pub key_id: String,
    /// Secret access key.
    pub secret: String,
}

impl Bucket {
    /// The store of this bucket, path style, which every store of this protocol speaks.
    pub(super) fn store(&self, region: &str) -> Result<AmazonS3, Error> {
        let is_plain = self.endpoint.scheme() == "http";
        let options = ClientOptions::new().with_allow_http(is_plain).with_connect_timeout(TO_CONNECT);
        let retry = RetryConfig { max_retries: 3, retry_timeout: AGAIN_FOR, ..RetryConfig::default() };
        let built = AmazonS3Builder::new()
            .with_endpoint(self.endpoint.as_str().trim_end_matches('/'))
            .with_bucket_name(&self.name)
            .with_region(&self.region)
            .with_access_key_id(&self.key_id)
            .with_secret_access_key(&self.secret)
            .with_virtual_hosted_style_request(false)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_client_options(options.with_timeout(PATIENCE))
            .with_retry(retry)
            .build();
        built.map_err(|source| Error::Bucket { region: region.to_owned(), bucket: self.to_string(), source })
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.endpoint, self.name)
    }
}

/// Its address; never the secret.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.to_string()).finish()
    }
}
