//! Passwords: what is accepted, and the one-way hash that is kept (clause 7.2).

use crate::app::App;
use crate::config::PASSWORD_MEMORY;
use crate::web::{Broken, Error};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use policy::Control;
use std::time::Duration;
use zeroize::Zeroizing;

/// Fewest characters, so that trying all is out of reach.
const LEAST: usize = 10;
/// Most characters, so that hashing stays bounded.
const MOST: usize = 128;
/// Of zxcvbn's 0 to 4: "safely unguessable, moderate protection from offline attack".
const STRENGTH: zxcvbn::Score = zxcvbn::Score::Three;

/// Sorted, lower case; see the head of the file.
const BREACHED: &str = include_str!("breached.txt");

/// A password on its way to its hash. Its memory is cleared; `Debug` shows nothing.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// A new password. `about`: what others know of its owner, which must not be most of it.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn choose(text: String, about: &[&str]) -> Result<Self, Broken> {
        let text = Zeroizing::new(text);
        let count = text.chars().count();
        if count < LEAST {
            return Err(Broken::rule("password-short").with("least", LEAST));
        }
        if count > MOST {
            return Err(Broken::rule("password-long").with("most", MOST));
        }
        if !policy::holds(Control::StrongPassword) {
            return Ok(Self(text));
        }
        if is_breached(&text) {
            return Err("password-breached".into());
        }
        if zxcvbn::zxcvbn(&text, about).score() < STRENGTH {
            return Err("password-weak".into());
        }
        Ok(Self(text))
    }

    /// A password that is to be compared.
    ///
    /// # Errors
    /// The rule `password-long`.
    pub fn typed(text: String) -> Result<Self, Broken> {
        let text = Zeroizing::new(text);
        if text.chars().count() > MOST {
            return Err(Broken::rule("password-long").with("most", MOST));
        }
        Ok(Self(text))
    }

    /// The hash to keep: Argon2id in PHC form.
    ///
    /// # Errors
    /// 503 when too many wait for theirs.
    pub async fn hash(&self, app: &App) -> Result<String, Error> {
        let (password, salt) = (self.clone(), app.random().bytes::<16>());
        let memory = app.config().password_memory;
        heavy(app, move || {
            let hash = argon2(memory).hash_password_with_salt(password.0.as_bytes(), &salt);
            hash.map(|hash: PasswordHash| hash.to_string()).map_err(Error::fault)
        })
        .await?
    }

    /// Whether this is the password behind a hash. It takes as long when there is none.
    ///
    /// # Errors
    /// 503 when too many wait for theirs.
    pub async fn matches(&self, app: &App, hash: Option<String>) -> Result<bool, Error> {
        let (password, memory) = (self.clone(), app.config().password_memory);
        let fits = heavy(app, move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| of_nobody(memory));
            let parsed = PasswordHash::new(&hash).map_err(Error::fault)?;
            Ok::<_, Error>(argon2(memory).verify_password(password.0.as_bytes(), &parsed).is_ok() && known)
        });
        fits.await?
    }
}

fn argon2(memory: u32) -> Argon2<'static> {
    let params = Params::new(memory, 1, 1, None).expect("the parameters are within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What stands in an account's row when its password is void: nothing that is typed fits.
pub fn void() -> String {
    of_nobody(PASSWORD_MEMORY)
}

/// A hash of the same cost that no known password has.
fn of_nobody(memory: u32) -> String {
    let p = argon2(memory);
    let params = p.params();
    format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        params.m_cost(),
        params.t_cost(),
        params.p_cost(),
        "bm9ib2R5IG5vYm9keSE",
        "c2VuZHMgbm90aGluZyB0byBub2JvZHkgYXQgYWxsISE"
    )
}

/// Runs a hash off the async threads, two at a time for the whole process.
async fn heavy<T: Send + 'static>(app: &App, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let waiting = tokio::time::timeout(Duration::from_secs(10), app.accounts().hashing.clone().acquire_owned());
    let permit = waiting.await.map_err(|_| Error::busy("too many passwords wait for their hash"))?;
    let permit = permit.map_err(Error::fault)?;
    tokio::task::spawn_blocking(move || {
        let result = work();
        drop(permit);
        result
    })
    .await
    .map_err(Error::fault)
}

fn is_breached(text: &str) -> bool {
    static LIST: std::sync::LazyLock<Vec<&str>> =
        std::sync::LazyLock::new(|| BREACHED.lines().filter(|line| !line.starts_with('#')).collect());
    LIST.binary_search(&text.to_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> String {
        format!("{:?}", Password::choose(text.to_owned(), &["hengchuan", "zhou@hengchuan.example"]).map(|_| ()))
    }

    #[test]
    fn each_rule_is_named() {
        assert!(rule("kurz").contains("password-short"));
        assert!(rule(&"x".repeat(129)).contains("password-long"));
        assert!(rule("1QAZ2wsx3edc").contains("password-breached"));
        assert!(rule("aaaaaaaaaaaa").contains("password-weak"));
        assert!(rule("zhou@hengchuan.example").contains("password-weak"));
        assert_eq!(rule("vier magere Ziegen im Regen"), "Ok(())");
    }

    #[test]
    fn the_list_is_sorted_and_every_line_of_it_is_found() {
        let list: Vec<_> = BREACHED.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(list.len() > 1500 && list.is_sorted());
        assert!(list.iter().all(|one| is_breached(one) && one.len() >= LEAST));
    }

    #[test]
    fn the_hash_of_nobody_costs_what_others_cost() {
        let text = of_nobody(PASSWORD_MEMORY);
        let parsed = PasswordHash::new(&text).expect("a PHC string");
        assert_eq!(Params::try_from(&parsed).unwrap().m_cost(), PASSWORD_MEMORY);
        assert!(argon2(PASSWORD_MEMORY).verify_password(b"anything", &parsed).is_err());
    }
}
