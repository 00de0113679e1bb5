//! A disk that fails on demand: `faults.c` is compiled and preloaded into the program.

use std::path::{Path, PathBuf};
use std::process::Command;

/// No space left on device.
pub const FULL: i32 = 28;

/// Input/output error.
pub const BROKEN: i32 = 5;

/// The disk under one program.
pub struct Faults {
    library: PathBuf,
    told: PathBuf,
}

impl Faults {
    /// Of a program that is yet to start. The C compiler is there: Rust links with it.
    pub fn ready(folder: &Path) -> Option<Self> {
        if !cfg!(target_os = "linux") {
            eprintln!("skipped 1 test of a failing disk: the files that are open are told by Linux alone");
            return None;
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/failure/faults.c");
        let (library, told) = (folder.join("faults.so"), folder.join("faults"));
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"]).arg(&library).arg(source);
        assert!(compile.status().expect("a C compiler").success(), "faults.c compiles");
        std::fs::write(&told, "").unwrap();
        Some(Self { library, told })
    }

    /// Puts the program on this disk.
    pub fn under(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("FAULTS", &self.told);
    }

    /// From now on each `call` (`write` or `sync`) on files with `part` in their path fails with this error.
    pub fn fail(&self, call: &str, part: &str, error: i32) {
        self.tell(&format!("{call} {part} {error}"));
    }

    /// All is well again.
    pub fn end(&self) {
        self.tell("");
    }

    /// At once, so that the program reads all of it or what was told before.
    fn tell(&self, line: &str) {
        let new = self.told.with_extension("new");
        std::fs::write(&new, line).unwrap();
        std::fs::rename(new, &self.told).unwrap();
    }
}
