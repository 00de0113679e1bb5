//! `ziyun operator`.

use super::{Outcome, opening};
use app::config::Config;
use app::identity::account::{Post, appoint, forget_operators_factor, reappoint};
use app::web::OperatorDuties;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
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
    #[command(visible_alias = "create")]
    Add(Add),
    Grant(Grant),
    ForgetFactor(ForgetFactor),
}

/// Remove the second factor of an operator's account whose person has lost authenticator, passkeys and recovery codes
///
/// All its login sessions end, and its person is told by mail.
#[derive(Args)]
struct ForgetFactor {
    /// The mobile number or the e-mail of the account
    #[arg(long)]
    account: String,
}

/// Make an account with these duties; the password is read from standard input
///
/// Whoever runs this answers for the person's agreement to the published policy, which is recorded. The first administrator is
/// made like this; an administrator invites everybody else at /desk/operators.
#[derive(Args)]
struct Add {
    /// Mobile number of mainland China; a name to sign in with
    #[arg(long)]
    phone: String,
    /// E-mail; the other name to sign in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    post: Appointed,
}

/// Give an account of the operator these duties in place of those that it has
///
/// For the first administrator of an installation that is older than duties, or when nobody is left who could grant them.
#[derive(Args)]
struct Grant {
    /// The mobile number or the e-mail of the account
    #[arg(long)]
    account: String,
    #[command(flatten)]
    post: Appointed,
}

#[derive(Args)]
struct Appointed {
    /// With commas between them: reviewer, support, risk, security, privacy, auditor, publisher, administrator; `all` are all
    /// of them but auditor, who holds no other
    #[arg(long)]
    duties: OperatorDuties,
    /// What the post is called; no person's name
    #[arg(long, default_value = "")]
    title: String,
    /// The last day, such as 2027-03-31; an auditor has one
    #[arg(long)]
    until: Option<Date>,
}

impl Appointed {
    fn post(self, zone: &TimeZone) -> Result<Post, jiff::Error> {
        let end = |day: Date| -> Result<Timestamp, jiff::Error> {
            zone.to_timestamp(day.checked_add(1.days())?.at(0, 0, 0, 0))
        };
        Ok(Post { title: self.title, duties: self.duties, until: self.until.map(end).transpose()? })
    }
}

impl Operator {
    /// Does it, or says why not.
    pub async fn run(self, config: Config) -> Outcome {
        match self.what {
            What::Add(add) => add.run(config).await,
            What::Grant(grant) => grant.run(config).await,
            What::ForgetFactor(forget) => forget.run(config).await,
        }
    }
}

impl Add {
    async fn run(self, config: Config) -> Outcome {
        let post = self.post.post(&config.zone)?;
        let password = password()?;
        let opened = opening::installation(config, "operator").await?;
        let made = appoint(&opened.app, &self.phone, &self.email, &password, post).await;
        opened.close();
        writeln!(std::io::stdout(), "account {}", made?)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Grant {
    async fn run(self, config: Config) -> Outcome {
        let post = self.post.post(&config.zone)?;
        let opened = opening::installation(config, "operator").await?;
        let changed = reappoint(&opened.app, &self.account, post).await;
        opened.close();
        writeln!(std::io::stdout(), "account {}", changed?)?;
        Ok(ExitCode::SUCCESS)
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
