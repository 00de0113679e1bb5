//! `ziyun operator`.

use super::{Outcome, opening};
use app::config::Config;
use app::identity::account::create_operator;
use clap::{Args, Subcommand};
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

/// Accounts of the operator (运营方)
#[derive(Args)]
pub struct Operator {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Add(Add),
}

/// Make an account that approves companies; the password is read from standard input
///
/// Whoever runs this answers for the person's agreement to the published policy, which is recorded.
#[derive(Args)]
struct Add {
    /// Mobile number of mainland China; a name to sign in with
    #[arg(long)]
    phone: String,
    /// E-mail; the other name to sign in with
    #[arg(long)]
    email: String,
}

impl Operator {
    /// Makes it, or says why not.
    pub async fn run(self, config: Config) -> Outcome {
        let What::Add(add) = self.what;
        let password = password()?;
        let opened = opening::installation(config, "operator").await?;
        let made = create_operator(&opened.app, &add.phone, &add.email, &password).await;
        opened.close();
        writeln!(std::io::stdout(), "account {}", made?)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// One line. Whoever types it at a terminal sees it: a file or a password manager at the other end of a pipe is better.
#[expect(clippy::print_stderr, reason = "this is the command line")]
fn password() -> Result<String, std::io::Error> {
    let mut input = std::io::stdin().lock();
    if std::io::stdin().is_terminal() {
        eprintln!("Password (shown while typed; ten or more characters, not easy to guess):");
    }
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
