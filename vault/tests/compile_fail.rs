//! What must not compile. Each file is one way to get at personal data past the vault.

#[test]
fn ways_past_the_vault_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
