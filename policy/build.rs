//! Compiles `matrix.toml`, `assessments.toml`, `controls.toml`, `retention.toml`, `periods.toml`, `versions/` and `agreements/` into Rust. What is wrong in
//! them stops the build, each mistake by name.

#[path = "build/agreements.rs"]
mod agreements;
#[path = "build/assessments.rs"]
mod assessments;
#[path = "build/emit.rs"]
mod emit;
#[path = "build/emit_register.rs"]
mod emit_register;
#[path = "build/matrix.rs"]
mod matrix;
#[path = "build/periods.rs"]
mod periods;
#[path = "build/register.rs"]
mod register;
#[path = "build/retention.rs"]
mod retention;
#[path = "build/text.rs"]
mod text;
#[path = "build/uses.rs"]
mod uses;
#[path = "build/versions.rs"]
mod versions;

use std::{env, fs, path::PathBuf, process::ExitCode};

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script where to write through the environment only")]
fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=matrix.toml");
    println!("cargo::rerun-if-changed=assessments.toml");
    println!("cargo::rerun-if-changed=controls.toml");
    println!("cargo::rerun-if-changed=retention.toml");
    println!("cargo::rerun-if-changed=periods.toml");
    println!("cargo::rerun-if-changed=versions");
    println!("cargo::rerun-if-changed=agreements");
    println!("cargo::rerun-if-changed=build");
    match compile() {
        Ok(code) => {
            let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
            fs::write(out.join("compiled.rs"), code).expect("OUT_DIR can be written");
            ExitCode::SUCCESS
        }
        Err(mistakes) => {
            for mistake in mistakes {
                println!("cargo::error={mistake}");
            }
            ExitCode::FAILURE
        }
    }
}

fn compile() -> Result<String, Vec<String>> {
    let source = fs::read_to_string("matrix.toml").map_err(|e| vec![format!("matrix.toml: {e}")])?;
    let matrix = matrix::Matrix::parse(&source)?;
    let versions = versions::read("versions".as_ref(), &matrix)?;
    let source = fs::read_to_string("assessments.toml").map_err(|e| vec![format!("assessments.toml: {e}")])?;
    let assessments = assessments::Assessments::parse(&source, &matrix)?;
    let source = fs::read_to_string("controls.toml").map_err(|e| vec![format!("controls.toml: {e}")])?;
    let register = register::Register::parse(&source)?;
    let classes: Vec<_> = matrix.retention.iter().map(|class| class.id.clone()).collect();
    let source = fs::read_to_string("retention.toml").map_err(|e| vec![format!("retention.toml: {e}")])?;
    let kept = retention::Kept::parse(&source, &classes)?;
    let source = fs::read_to_string("periods.toml").map_err(|e| vec![format!("periods.toml: {e}")])?;
    let (register, periods) = (emit_register::code(&register), periods::code(&source)?);
    let terms = agreements::read("agreements".as_ref())?;
    Ok(emit::code(&matrix, &versions, &terms) + &assessments.code() + &register + &kept.code() + &periods)
}
