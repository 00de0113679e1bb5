//! What must not compile. Each file is one way to get at personal data past the vault, and beside it stands the reason
//! that the compiler gives. The reasons list what the matrix has: after a new row, look at them again and run with
//! `TRYBUILD=overwrite`. `compile_restored.rs` holds the same with the guard kept, so that nothing else is wrong with them.

#[test]
fn ways_past_the_vault_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
