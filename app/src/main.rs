//! `ziyun`: the command line. The only place that reads the process's arguments and environment.

mod command;

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "the environment is read here and passed on as a value")]
fn main() -> ExitCode {
    command::run(std::env::args_os(), std::env::vars_os())
}
