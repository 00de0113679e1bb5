//! Builds styles, islands and icons (`ui/`) before the crate that embeds them, and lets cargo notice new migrations.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// What the bundle is made of, relative to `ui/`.
const SOURCES: [&str; 4] = ["src", "build.mjs", "package.json", "package-lock.json"];

fn main() {
    // Cargo runs this in the package's folder. `env!` would name the folder that this script was compiled in, which a
    // moved or shared target folder outlives.
    let root = Path::new("..");
    let ui = root.join("ui");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", ui.join(source).display());
    }
    println!("cargo:rerun-if-changed={}", ui.join("dist").display());
    println!("cargo:rerun-if-changed={}", root.join("migrations").display());

    if !installed(&ui) {
        // No package needs its install script; not running any is one way less for a bad one.
        run(&ui, "npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    }
    run(&ui, "node", &["build.mjs"]);
}

/// npm writes its own lock file into `node_modules` last; older than ours means another set of packages.
fn installed(ui: &Path) -> bool {
    let at = |path: &str| -> Option<SystemTime> { ui.join(path).metadata().ok()?.modified().ok() };
    match (at("node_modules/.package-lock.json"), at("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

fn run(ui: &Path, program: &str, arguments: &[&str]) {
    let line = format!("{program} {} (in {})", arguments.join(" "), ui.display());
    match Command::new(program).args(arguments).current_dir(ui).status() {
        Ok(status) if status.success() => {}
        Ok(status) => fail(&format!("`{line}` ended with {status}; its own message stands above")),
        Err(error) if error.kind() == ErrorKind::NotFound => fail(&format!(
            "`{program}` was not found. The pages' styles and scripts are built with Node 20 or newer; \
             install it (Debian: `apt-get install nodejs npm`; others: https://nodejs.org) and build again"
        )),
        Err(error) => fail(&format!("`{line}` could not be started: {error}")),
    }
}

fn fail(message: &str) -> ! {
    eprintln!("error: {message}");
    std::process::exit(1)
}
