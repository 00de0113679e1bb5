//! Recovery codes (恢复码): ten, shown once, each for one use instead of a second factor that was lost.

use super::super::Account;
use crate::app::App;
use aws_lc_rs::hmac;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::random::Random;
use kit::values;
use policy::Control;
use zeroize::Zeroizing;

/// How many a set has.
pub const SET: usize = 10;
/// Crockford's Base32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Fifty bits: nobody guesses one.
const LENGTH: usize = 10;

/// A code, without its hyphen.
#[derive(Clone)]
pub struct Code(Zeroizing<String>);

impl Code {
    /// A set of new ones.
    pub fn set(random: &Random) -> [Self; SET] {
        let letter = || char::from(ALPHABET[random.below(32) as usize]);
        std::array::from_fn(|_| Self(Zeroizing::new((0..LENGTH).map(|_| letter()).collect())))
    }

    /// What was typed, without blanks and hyphens, if it has the form of one; letters that look like digits are these.
    pub fn parse(text: &str) -> Option<Self> {
        let typed = text.chars().map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        });
        let code = Zeroizing::new(typed.collect::<String>());
        let sound = code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b));
        sound.then_some(Self(code))
    }

    /// As it is printed: `abcde-fghjk`.
    pub fn shown(&self) -> String {
        format!("{}-{}", &self.0[..LENGTH / 2], &self.0[LENGTH / 2..])
    }

    /// What is kept of it.
    pub fn hash(&self, app: &App, account: Id<Account>) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&app.accounts().codes);
        context.update(b"recovery");
        context.update(account.as_bytes());
        context.update(self.0.as_bytes());
        context.sign().as_ref().to_vec()
    }
}

/// Replaces the set of an account.
///
/// # Errors
/// [`db::Error`].
pub fn replace(tx: &mut Tx, account: Id<Account>, hashes: &[Vec<u8>]) -> Result<(), db::Error> {
    forget(tx, account)?;
    let now = tx.now();
    for hash in hashes {
        let sql = "INSERT INTO recovery_code (hash, account, made_at) VALUES ($1, $2, $3)";
        tx.execute(sql, values![hash, account, now])?;
    }
    Ok(())
}

/// Uses one up. Answers whether it was there to be used.
///
/// # Errors
/// [`db::Error`].
pub fn take(tx: &mut Tx, account: Id<Account>, hash: &[u8]) -> Result<bool, db::Error> {
    let now = tx.now();
    let again = i64::from(!policy::holds(Control::SecondFactorOnce));
    let sql = "UPDATE recovery_code SET used_at = $1 WHERE hash = $2 AND account = $3 AND (used_at IS NULL OR $4 = 1)";
    Ok(tx.execute(sql, values![now, hash.to_vec(), account, again])? == 1)
}

/// Forgets all of an account, and answers how many there were.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<u64, db::Error> {
    tx.execute("DELETE FROM recovery_code WHERE account = $1", values![account])
}

/// How many are left of the set, and when it was made; none when there is no set.
///
/// # Errors
/// [`db::Error`].
pub fn left(tx: &mut Tx, account: Id<Account>) -> Result<Option<(i64, Timestamp)>, db::Error> {
    let sql = "SELECT CAST(SUM(CASE WHEN used_at IS NULL THEN 1 ELSE 0 END) AS BIGINT), MAX(made_at) \
         FROM recovery_code WHERE account = $1 GROUP BY account";
    tx.first(sql, values![account], |row| Ok((row.next()?, row.next()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_and_come_back_as_people_type_them() {
        let set = Code::set(&Random::seeded(1));
        let shown: std::collections::BTreeSet<_> = set.iter().map(Code::shown).collect();
        assert_eq!(shown.len(), SET);
        let typed = Code::parse("ABCDEFGHJK").unwrap();
        assert_eq!(typed.shown(), "abcde-fghjk");
        assert_eq!(Code::parse("oIlabcdefg").unwrap().shown(), "011ab-cdefg");
        assert!(Code::parse("abcde").is_none() && Code::parse("abcdefghju").is_none());
    }
}
