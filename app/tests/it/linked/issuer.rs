//! The other end: an issuer on loopback, written from the specifications alone; it plays well, or it lies.

use crate::webhook::target::{Request, read};
use app::config::{Config, Entrusted, Issuer as Configured, IssuerKind};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kit::clock::Clock;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

pub const SECRET: &str = "a-secret-of-the-platform";

/// What it does at the next request for a token; nothing said, it plays well.
#[derive(Clone)]
pub enum Plays {
    /// Signs these claims instead.
    Claims(fn(&mut Value)),
    /// Signs nothing, and says so.
    Unsigned,
    /// Signs with its public key, as if that were a secret.
    PublicAsSecret,
    /// Signs with another key, under the name of its own.
    OtherKey,
    /// Changes what it has signed.
    Tampers,
    /// Says nothing, for as long as the connection stands.
    Hangs,
    /// Is not well.
    Down,
    /// Pours.
    Floods,
    /// Leads there.
    Redirects(String),
    /// Answers with a page.
    Babbles,
}

/// What comes back with the person.
#[derive(Clone, Debug)]
pub struct Return {
    pub code: String,
    pub state: String,
    pub iss: String,
}

impl Return {
    pub fn fields(&self) -> Value {
        json!({ "code": self.code, "state": self.state, "iss": self.iss })
    }
}

/// A code that waits.
struct Waiting {
    subject: String,
    session: String,
    nonce: String,
    challenge: String,
    redirect: String,
}

struct Inside {
    code: &'static str,
    root: String,
    clock: Clock,
    key: Mutex<(String, EcdsaKeyPair)>,
    codes: Mutex<BTreeMap<String, Waiting>>,
    heard: Mutex<Vec<Request>>,
    plays: Mutex<VecDeque<Plays>>,
    metadata: Mutex<fn(&mut Value)>,
    count: Mutex<usize>,
}

/// The issuer.
#[derive(Clone)]
pub struct Issuer(Arc<Inside>);

fn key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

impl Issuer {
    pub async fn new(code: &'static str, clock: &Clock) -> Self {
        let listener = TcpListener::from_std(crate::world::listen()).unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let inside = Inside {
            code,
            root,
            clock: clock.clone(),
            key: Mutex::new(("key-0".into(), key())),
            codes: Mutex::default(),
            heard: Mutex::default(),
            plays: Mutex::default(),
            metadata: Mutex::new(|_| {}),
            count: Mutex::default(),
        };
        let issuer = Self(Arc::new(inside));
        let serving = issuer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        issuer
    }

    pub fn root(&self) -> &str {
        &self.0.root
    }

    /// Has the program know it, until the contract's last day.
    pub fn configure(&self, config: &mut Config, until: &str) {
        let secret_file = config.data_dir.parent().unwrap().join(format!("{}.secret", self.0.code));
        std::fs::write(&secret_file, format!("{SECRET}\n")).unwrap();
        let own = |path: &str| format!("https://{}.example/{path}", self.0.code).parse().unwrap();
        config.issuers.push(Configured {
            code: self.0.code.into(),
            kind: IssuerKind::Group,
            names: [format!("岚河集团账号-{}", self.0.code), format!("Lanhe Group account {}", self.0.code)],
            issuer: self.0.root.clone(),
            client_id: "ziyun".into(),
            secret_file,
            addresses: [own("account"), own("privacy")],
            who: Entrusted::parse(&format!("岚河集团; dpo@lanhe.example; 华东; {until}")).unwrap(),
            inside: true,
            orders: None,
        });
    }

    pub fn plays(&self, all: impl IntoIterator<Item = Plays>) {
        self.0.plays.lock().unwrap().extend(all);
    }

    /// Publishes something else of itself.
    pub fn publishes(&self, change: fn(&mut Value)) {
        *self.0.metadata.lock().unwrap() = change;
    }

    /// Has another key from now on.
    pub fn rotates(&self) {
        let mut held = self.0.key.lock().unwrap();
        *held = (format!("key-{}", held.0.len()), key());
        held.0.push_str("-next");
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        let start = format!(" {path} ");
        self.0.heard.lock().unwrap().iter().filter(|one| one.head.lines().next().unwrap().contains(&start)).count()
    }

    /// The requests for tokens.
    pub fn redeemed(&self) -> Vec<Request> {
        let heard = self.0.heard.lock().unwrap();
        heard.iter().filter(|one| one.head.starts_with("POST /token ")).cloned().collect()
    }

    /// Somebody arrives by this address and signs in as this person. Answers what they are sent back with.
    pub fn admits(&self, address: &str, subject: &str) -> Return {
        let url: Url = address.parse().unwrap();
        assert!(address.starts_with(&format!("{}/authorize?", self.0.root)), "{address}");
        let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        for (name, value) in
            [("response_type", "code"), ("client_id", "ziyun"), ("scope", "openid"), ("code_challenge_method", "S256")]
        {
            assert_eq!(query[name], value, "the least that there is");
        }
        assert_eq!(query.len(), 8, "{query:?}");
        let number = {
            let mut count = self.0.count.lock().unwrap();
            *count += 1;
            *count
        };
        let code = format!("code-{number}");
        let waiting = Waiting {
            subject: subject.to_owned(),
            session: format!("sid-{number}"),
            nonce: query["nonce"].clone(),
            challenge: query["code_challenge"].clone(),
            redirect: query["redirect_uri"].clone(),
        };
        assert!(waiting.redirect.ends_with(&format!("/session/linked/{}/return", self.0.code)));
        self.0.codes.lock().unwrap().insert(code.clone(), waiting);
        Return { code, state: query["state"].clone(), iss: self.0.root.clone() }
    }

    /// What the issuer calls the session that was opened last.
    pub fn session(&self) -> String {
        format!("sid-{}", self.0.count.lock().unwrap())
    }

    /// Claims about somebody, made now.
    pub fn claims(&self, change: impl FnOnce(&mut Value)) -> Value {
        let now = self.0.clock.now().as_second();
        let mut claims = json!({ "iss": self.0.root, "aud": "ziyun", "iat": now, "exp": now + 300 });
        change(&mut claims);
        claims
    }

    /// A token, signed.
    pub fn signs(&self, claims: &Value) -> String {
        let held = self.0.key.lock().unwrap();
        signed(&held.1, &json!({ "alg": "ES256", "kid": held.0 }), claims)
    }

    /// A token with a header of its own, signed or not.
    pub fn forges(&self, how: &Plays, claims: &Value) -> String {
        let held = self.0.key.lock().unwrap();
        match how {
            Plays::Unsigned => format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(claims)),
            Plays::PublicAsSecret => {
                let message = format!("{}.{}", encode(&json!({ "alg": "HS256", "kid": held.0 })), encode(claims));
                let secret = hmac::Key::new(hmac::HMAC_SHA256, held.1.public_key().as_ref());
                let tag = hmac::sign(&secret, message.as_bytes());
                format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
            }
            Plays::Tampers => {
                let token = signed(&held.1, &json!({ "alg": "ES256", "kid": held.0 }), claims);
                let mut changed = claims.clone();
                changed["sub"] = json!("somebody-else");
                let parts: Vec<_> = token.split('.').collect();
                format!("{}.{}.{}", parts[0], encode(&changed), parts[2])
            }
            _ => signed(&key(), &json!({ "alg": "ES256", "kid": held.0 }), claims),
        }
    }

    async fn serve(self, mut stream: TcpStream) {
        let request = read(&mut stream).await;
        self.0.heard.lock().unwrap().push(request.clone());
        let path = request.head.split(' ').nth(1).unwrap().to_owned();
        let answer = match path.as_str() {
            "/.well-known/openid-configuration" => json_of(&self.metadata()),
            "/keys" => json_of(&self.keys()),
            "/token" => {
                let play = self.0.plays.lock().unwrap().pop_front();
                if matches!(play, Some(Plays::Hangs)) {
                    drop(stream.read(&mut [0]).await);
                    return;
                }
                self.token(&request, play)
            }
            _ => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec(),
        };
        // Who has read enough may be gone.
        drop(stream.write_all(&answer).await);
    }

    fn metadata(&self) -> Value {
        let root = &self.0.root;
        let mut metadata = json!({
            "issuer": root, "authorization_endpoint": format!("{root}/authorize"),
            "token_endpoint": format!("{root}/token"), "jwks_uri": format!("{root}/keys"),
            "authorization_response_iss_parameter_supported": true,
        });
        (self.0.metadata.lock().unwrap())(&mut metadata);
        metadata
    }

    fn keys(&self) -> Value {
        let held = self.0.key.lock().unwrap();
        let point = held.1.public_key().as_ref().to_vec();
        let [x, y] = [&point[1..33], &point[33..65]].map(|part| URL_SAFE_NO_PAD.encode(part));
        json!({ "keys": [
            { "kty": "AKP", "alg": "ML-DSA-44", "kid": "of-tomorrow", "pub": "AAAA" },
            { "kty": "EC", "crv": "P-256", "kid": held.0, "x": x, "y": y, "use": "sig" },
        ] })
    }

    /// RFC 6749, § 4.1.3, and RFC 7636, § 4.6.
    fn token(&self, request: &Request, play: Option<Plays>) -> Vec<u8> {
        let basic = format!("Basic {}", STANDARD.encode(format!("ziyun:{SECRET}")));
        assert_eq!(request.header("authorization"), basic);
        let form: BTreeMap<String, String> =
            url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
        let Some(waiting) = self.0.codes.lock().unwrap().remove(&form["code"]) else {
            return status(400, "{\"error\":\"invalid_grant\"}");
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
        assert_eq!((&challenge, &waiting.redirect), (&waiting.challenge, &form["redirect_uri"]));
        let mut claims = self.claims(|claims| {
            (claims["sub"], claims["sid"]) = (json!(waiting.subject), json!(waiting.session));
            claims["nonce"] = json!(waiting.nonce);
            // More than was asked for.
            (claims["name"], claims["email"]) = (json!("王小明"), json!("wang@lanhe.example"));
        });
        let token = match play {
            None => self.signs(&claims),
            Some(Plays::Claims(change)) => {
                change(&mut claims);
                self.signs(&claims)
            }
            Some(Plays::Down) => return status(503, ""),
            Some(Plays::Floods) => return status(200, &"x".repeat(4_000_000)),
            Some(Plays::Babbles) => return status(200, "<html>"),
            Some(Plays::Redirects(to)) => {
                return format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
                    .into();
            }
            Some(how) => self.forges(&how, &claims),
        };
        json_of(&json!({ "access_token": "unused", "token_type": "Bearer", "id_token": token }))
    }
}

fn signed(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn json_of(value: &Value) -> Vec<u8> {
    status(200, &value.to_string())
}

fn status(code: u16, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {code} Answer\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}
