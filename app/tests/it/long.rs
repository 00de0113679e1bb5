//! Tests that take long: with `ZIYUN_TEST_LONG=1` they look at everything, otherwise at a part, another from run to run.

/// Whether everything is looked at.
#[expect(clippy::disallowed_methods, reason = "how long the tests may take is said by the environment")]
pub fn is_whole() -> bool {
    std::env::var_os("ZIYUN_TEST_LONG").is_some()
}

/// One of so many parts; which one goes by the process. A failure names what it looked at.
pub fn part<T>(all: impl IntoIterator<Item = T>, parts: usize) -> Vec<T> {
    let (is_whole, turn) = (is_whole(), std::process::id() as usize % parts);
    let all = all.into_iter().enumerate();
    all.filter(|(at, _)| is_whole || at % parts == turn).map(|(_, one)| one).collect()
}
