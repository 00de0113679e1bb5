//! A type of one's own cannot pass for a personal value, and so receive what was unsealed.
use vault::Personal;

#[derive(Clone)]
struct Leak(String);

impl Personal for Leak {
    type Field = policy::field::Phone;

    fn expose(&self) -> &str {
        &self.0
    }
}

fn main() {}
