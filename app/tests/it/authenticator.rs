//! A software authenticator: what a phone or a security key does when a browser asks it for a passkey, and what a broken or
//! dishonest one does. After WebAuthn Level 3, § 6 and § 7.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// Where the installation of a world is reached: what it listens on by default, by the name that WebAuthn takes.
pub const ORIGIN: &str = "http://localhost:8080";
/// Its relying party.
pub const PARTY: &str = "localhost";

const PRESENT: u8 = 0b1;
const VERIFIED: u8 = 0b100;
const ATTESTED: u8 = 0b100_0000;

/// One passkey in an authenticator. Its fields are what an attacker would change.
#[derive(Clone)]
pub struct Authenticator {
    /// The page that the browser says it is on.
    pub origin: String,
    /// The relying party that the browser says it is for.
    pub party: String,
    /// Whether it has verified its user.
    pub verifies: bool,
    /// How often it has signed; one that stays at 0 does not count.
    pub counter: u32,
    /// Whether it counts.
    pub counts: bool,
    /// The credential's id.
    pub id: Vec<u8>,
    /// The user handle that came with the registration.
    pub handle: Vec<u8>,
    /// Both halves of its key.
    pub key: std::sync::Arc<EcdsaKeyPair>,
}

impl Authenticator {
    /// A new one, with a key of its own.
    pub fn new() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let id = digest(&SHA256, key.public_key().as_ref()).as_ref()[..16].to_vec();
        let (origin, party) = (ORIGIN.to_owned(), PARTY.to_owned());
        Self { origin, party, verifies: true, counter: 0, counts: true, id, handle: Vec::new(), key: key.into() }
    }

    /// Makes the passkey that these options ask for.
    pub fn create(&mut self, options: &Value) -> String {
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["rp"]["id"], PARTY);
        self.handle = decoded(&options["user"]["id"]);
        let mut data = self.data(ATTESTED);
        // AAGUID, length and id of the credential, COSE key.
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose());
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x59");
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        let client = self.client("webauthn.create", options);
        let response =
            json!({ "clientDataJSON": text(&client), "attestationObject": text(&object), "transports": ["internal"] });
        self.credential(&response)
    }

    /// Proves that it holds the key.
    pub fn get(&mut self, options: &Value) -> String {
        let of = options["allowCredentials"].as_array().unwrap();
        assert!(
            of.is_empty() || of.iter().any(|one| decoded(&one["id"]) == self.id),
            "not one of its own is asked for"
        );
        self.get_unasked(options)
    }

    /// The same, whoever's is asked for.
    pub fn get_unasked(&mut self, options: &Value) -> String {
        self.counter += u32::from(self.counts);
        let (data, client) = (self.data(0), self.client("webauthn.get", options));
        let signed = [&data[..], digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        let handle = if self.handle.is_empty() { Value::Null } else { json!(text(&self.handle)) };
        let response = json!({
            "clientDataJSON": text(&client), "authenticatorData": text(&data), "signature": text(signature.as_ref()),
            "userHandle": handle,
        });
        self.credential(&response)
    }

    fn credential(&self, response: &Value) -> String {
        let id = text(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {}, "response": response })
            .to_string()
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = options["challenge"].as_str().unwrap();
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    /// Hash of the relying party, flags, counter.
    fn data(&self, more: u8) -> Vec<u8> {
        let flags = PRESENT | more | if self.verifies { VERIFIED } else { 0 };
        [digest(&SHA256, self.party.as_bytes()).as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// The public half: {kty: EC2, alg: ES256, crv: P-256, x, y} (RFC 9053).
    fn cose(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], &point[1..33], &[0x22, 0x58, 32], &point[33..]].concat()
    }
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn decoded(value: &Value) -> Vec<u8> {
    BASE64URL_NOPAD.decode(value.as_str().unwrap().as_bytes()).unwrap()
}
