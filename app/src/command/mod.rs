//! The commands, one file each. Results go to standard output, what goes wrong and the log to standard error.
//!
//! Exit codes: 0 done, 1 refused or failed, 2 the command line or the configuration makes no sense.

mod audit;
mod backup;
mod check;
mod clauses;
mod config;
mod deliver;
mod demo;
mod doctor;
mod draw;
mod drill;
mod given;
mod import;
mod migrate;
mod officer;
mod openapi;
mod opening;
mod operator;
mod restore;
mod seal;
mod serve;
mod sheet;
mod verify;
mod work;

use app::config::{Config, Settings};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};
use given::Given;
use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode;

/// What a command answers: its exit code, or why it could not do what it should.
type Outcome = Result<ExitCode, Box<dyn Error + Send + Sync>>;

/// 资源共享云 · Resource Sharing Cloud: tenders, sealed bids, awards and notices, served by one program.
#[derive(Parser)]
#[command(name = "ziyun", version, arg_required_else_help = true, max_term_width = 110)]
#[command(
    after_help = "Every setting can also stand in ziyun.toml or the environment: `ziyun config` prints all of them."
)]
struct Line {
    #[command(flatten)]
    given: Given,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    Work(work::Work),
    Migrate(migrate::Migrate),
    Operator(operator::Operator),
    Import(import::Import),
    Demo(demo::Demo),
    Check(check::Check),
    Verify(verify::Verify),
    Seal(seal::Seal),
    Deliver(deliver::Deliver),
    Officer(officer::Officer),
    Clauses(clauses::Clauses),
    Audit(audit::Audit),
    Openapi(openapi::Openapi),
    Config(config::Show),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Drill(drill::Drill),
    #[command(hide = true)]
    Draw(draw::Draw),
    #[command(hide = true)]
    Sheet(sheet::Sheet),
}

/// Reads the command line, runs the command, says what went wrong.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> ExitCode {
    let line = match Line::try_parse_from(arguments) {
        Ok(line) => line,
        Err(error) => return explain(&error),
    };
    let settings = match Settings::read(line.given.file.as_deref(), environment, line.given.flags) {
        Ok(settings) => settings,
        Err(error) => return unusable(&error),
    };
    match dispatch(line.command, &settings) {
        Ok(code) => code,
        Err(error) if error.is::<app::config::Error>() => unusable(&*error),
        Err(error) => {
            complain(&*error);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command, settings: &Settings) -> Outcome {
    let config = || Config::try_from(settings);
    match command {
        Command::Serve(serve) => wait_for(serve.run(config()?)),
        Command::Work(work) => wait_for(work.run(config()?)),
        Command::Migrate(migrate) => wait_for(migrate.run(config()?)),
        Command::Operator(operator) => wait_for(operator.run(config()?)),
        Command::Demo(demo) => wait_for(demo.run(settings)),
        Command::Import(import) => wait_for(import.run(config()?)),
        Command::Check(check) => check.run(&config()?),
        Command::Verify(verify) => verify.run(),
        Command::Seal(seal) => seal.run(),
        Command::Deliver(deliver) => wait_for(deliver.run()),
        Command::Officer(officer) => officer.run(),
        Command::Clauses(clauses) => wait_for(clauses.run(settings)),
        Command::Audit(audit) => wait_for(audit.run(config()?)),
        Command::Openapi(openapi) => openapi.run(),
        Command::Config(show) => show.run(settings),
        Command::Doctor(doctor) => wait_for(doctor.run(settings)),
        Command::Backup(backup) => wait_for(backup.run(config()?)),
        Command::Restore(restore) => wait_for(restore.run(config()?)),
        Command::Drill(drill) => wait_for(drill.run(config()?)),
        Command::Draw(draw) => draw.run(),
        Command::Sheet(sheet) => sheet.run(),
    }
}

fn wait_for(work: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Help and version are answers; a mistake is told with the nearest flag that exists.
fn explain(error: &clap::Error) -> ExitCode {
    if let (ErrorKind::UnknownArgument, Some(ContextValue::String(flag)), None) =
        (error.kind(), error.get(ContextKind::InvalidArg), error.get(ContextKind::SuggestedArg))
        && flag.starts_with("--")
    {
        return unusable(&app::config::Error::unknown_flag(flag));
    }
    // Nothing is left to be told when even this cannot be written.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn unusable(error: &(dyn Error + 'static)) -> ExitCode {
    complain(error);
    ExitCode::from(2)
}

#[expect(clippy::print_stderr, reason = "this is the command line")]
fn complain(error: &(dyn Error + 'static)) {
    let mut told = error.to_string();
    eprintln!("ziyun: {told}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        // Many errors tell their cause themselves.
        if !told.contains(&text) {
            eprintln!("  because: {text}");
            told = text;
        }
        cause = inner.source();
    }
}
