//! What the fixtures under `compile_fail` try, with the guard kept: it compiles, so the guard is all that was wrong.
//! `tests/it/register.rs` watches that each fixture that the control register names has one here.

#![expect(dead_code, reason = "that it compiles is the test")]

#[path = "compile_restored/display_sealed.rs"]
mod display_sealed;
#[path = "compile_restored/grant_for_another_recipient.rs"]
mod grant_for_another_recipient;
#[path = "compile_restored/grant_kept_for_another_request.rs"]
mod grant_kept_for_another_request;
#[path = "compile_restored/serialize_sealed.rs"]
mod serialize_sealed;
#[path = "compile_restored/undeclared_recipient.rs"]
mod undeclared_recipient;
#[path = "compile_restored/undeclared_use.rs"]
mod undeclared_use;

#[test]
fn with_the_guard_kept_all_of_them_compile() {
    const {
        assert!(display_sealed::COMPILES && grant_for_another_recipient::COMPILES && serialize_sealed::COMPILES);
        assert!(undeclared_recipient::COMPILES && undeclared_use::COMPILES && grant_kept_for_another_request::COMPILES);
    }
}
