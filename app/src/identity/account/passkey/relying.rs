//! The relying party at work: it makes challenges, and compares answers with them. The rules are WebAuthn's (Level 3, § 7), kept by
//! the library: type, challenge, origin, relying party, presence and verification of the user, signature, counter.

use super::challenge::LIFE;
use super::store::Kept;
use crate::app::App;
use crate::web::Error;
use kit::id::Id;
use policy::Control;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Key, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

/// What an authenticator knows a person by.
pub struct Handle;

/// The installation as a relying party.
pub struct Relying(Webauthn);

/// A challenge: what the browser gets, and what its answer is compared with.
pub struct Posed {
    /// Options of `navigator.credentials`, in their JSON form.
    pub options: Value,
    /// Kept here.
    pub state: Vec<u8>,
}

/// What an answer is worth.
pub enum Answered {
    /// The key is there, and its user was verified. What is to be kept of it from now on.
    Right(Box<Key>),
    /// It is right but for its counter: there is another one like it.
    Cloned,
    /// Anything else.
    Wrong,
}

impl Relying {
    /// This installation's.
    ///
    /// # Errors
    /// 409 `passkeys-off` where browsers would refuse passkeys ([`Party::of`](crate::config::Party::of)).
    pub fn of(app: &App) -> Result<Self, Error> {
        let party = app.config().party().ok_or_else(|| Error::conflict("passkeys-off"))?;
        let builder = WebauthnBuilder::new(&party.id, &party.origin).map_err(Error::fault)?;
        let builder = builder.rp_name(app.operator_name()).timeout(LIFE.unsigned_abs());
        builder.build().map(Self).map_err(Error::fault)
    }

    /// Asks an authenticator for a new key. `name`: what it lists the person by; `before`: keys that they have.
    ///
    /// # Errors
    /// 500.
    pub fn ask_new(&self, handle: Id<Handle>, name: &str, before: &[Key]) -> Result<Posed, Error> {
        let before = before.iter().map(|key| key.cred_id().clone()).collect();
        let handle = Uuid::from_bytes(*handle.as_bytes());
        let (posed, state) =
            self.0.start_passkey_registration(handle, name, name, Some(before)).map_err(Error::fault)?;
        let mut options = json(&posed.public_key)?;
        // The library leaves it open. Only a key that the authenticator finds by itself signs in without a name.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        Ok(Posed { options, state: bytes(&state)? })
    }

    /// The new key that came back; none when anything about it is not as it was asked for.
    ///
    /// # Errors
    /// 500 when the state cannot be read.
    pub fn made(&self, state: &[u8], given: &RegisterPublicKeyCredential) -> Result<Option<Key>, Error> {
        let state: PasskeyRegistration = read(state)?;
        Ok(noted(self.0.finish_passkey_registration(given, &state)))
    }

    /// Asks for the proof of one of these keys, or of any that the authenticator finds.
    ///
    /// # Errors
    /// 500.
    pub fn ask(&self, of: &[Key]) -> Result<Posed, Error> {
        let (posed, state) = self.0.start_discoverable_authentication().map_err(Error::fault)?;
        let mut options = json(&posed.public_key)?;
        let named = |key: &Key| {
            let id = json(&key).map(|key| key["cred"]["cred_id"].clone())?;
            Ok::<_, Error>(json!({ "type": "public-key", "id": id }))
        };
        options["allowCredentials"] = Value::Array(of.iter().map(named).collect::<Result<_, _>>()?);
        Ok(Posed { options, state: bytes(&state)? })
    }

    /// Compares an answer with its challenge and with the key that it names. Without one it takes as long, and is wrong.
    ///
    /// # Errors
    /// 500 when the state cannot be read.
    pub fn answered(&self, state: &[u8], kept: Option<&Kept>, given: &PublicKeyCredential) -> Result<Answered, Error> {
        let state: DiscoverableAuthentication = read(state)?;
        let mut key = match kept {
            Some(kept) => kept.key.clone(),
            None => nobodys(given)?,
        };
        match self.0.finish_discoverable_authentication_v2(given, state, &key) {
            Ok(result) if kept.is_some() => {
                key.update_credential(&result);
                Ok(Answered::Right(Box::new(key)))
            }
            Err(WebauthnError::CredentialPossibleCompromise) if kept.is_some() => {
                Ok(if policy::holds(Control::PasskeyCounter) {
                    Answered::Cloned
                } else {
                    Answered::Right(Box::new(key))
                })
            }
            other => {
                noted(other);
                Ok(Answered::Wrong)
            }
        }
    }
}

/// The counter that a key last sent.
pub fn counter(key: &Key) -> i64 {
    json(key).ok().and_then(|key| key["cred"]["counter"].as_i64()).unwrap_or(0)
}

/// A key of the same cost that nobody has: the base point of P-256, whose secret half is 1 and which signs nothing here. It says of
/// itself what the answer says, so that the comparison goes as far as the signature.
fn nobodys(given: &PublicKeyCredential) -> Result<Key, Error> {
    let is_backed_up = given.response.authenticator_data.get(32).is_some_and(|flags| flags & 0b1000 != 0);
    let id = json(given)?["rawId"].clone();
    let key = json!({ "curve": "SECP256R1", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU" });
    let cred = json!({
        "cred_id": id, "cred": { "type_": "ES256", "key": { "EC_EC2": key } }, "counter": 0, "transports": null,
        "user_verified": true, "backup_eligible": is_backed_up, "backup_state": false, "registration_policy": "required",
        "extensions": {}, "attestation": { "data": "None", "metadata": "None" }, "attestation_format": "none",
    });
    serde_json::from_value(json!({ "cred": cred })).map_err(Error::fault)
}

/// What the library made of it. Why it refused is for who runs the program, and never told outside.
fn noted<T>(made: Result<T, WebauthnError>) -> Option<T> {
    made.inspect_err(|cause| tracing::debug!(%cause, "a passkey's answer was refused")).ok()
}

fn json(value: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(Error::fault)
}

fn bytes(state: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(state).map_err(Error::fault)
}

fn read<T: DeserializeOwned>(state: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(state).map_err(Error::fault)
}
