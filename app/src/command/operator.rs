//! `ziyun operator`.

use super::{Outcome, opening};
use app::config::Config;
use app::identity::account::{create_operator, forget_operators_factor};
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
    ForgetFactor(ForgetFactor),
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

/// Remove the second factor of an operator's account whose person has lost authenticator and recovery codes
///
/// All its login sessions end, and its person is told by mail.
#[derive(Args)]
struct ForgetFactor {
    /// The mobile number or the e-mail of the account
    #[arg(long)]
    account: String,
}

impl Operator {
    /// Does it, or says why not.
    pub async fn run(self, config: Config) -> Outcome {
        match self.what {
            What::Add(add) => add.run(config).await,
            What::ForgetFactor(forget) => forget.run(config).await,
        }
    }
}

impl ForgetFactor {
    async fn run(self, config: Config) -> Outcome {
        let opened = opening::installation(config, "operator").await?;
        let forgotten = forget_operators_factor(&opened.app, &self.account).await;
        opened.close();
        let said = match forgotten {
            Ok(true) => "the second factor is removed; the next sign-in asks for the password alone",
            Ok(false) => "there was no second factor; nothing was changed but that all login sessions ended",
            Err(error) if error.code == "not-found" => {
                return Err("no account of the operator goes by this phone or e-mail".into());
            }
            Err(error) => return Err(error.into()),
        };
        writeln!(std::io::stdout(), "{said}")?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Add {
    async fn run(self, config: Config) -> Outcome {
        let password = password()?;
        let opened = opening::installation(config, "operator").await?;
        let made = create_operator(&opened.app, &self.phone, &self.email, &password).await;
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
