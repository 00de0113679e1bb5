//! `ziyun demo`.

use super::Outcome;
use app::config::{Config, Settings};
use app::demo::{self, Account, Options, Role, Stage, Step};
use app::server::Stop;
use app::watch::log;
use clap::Args;
use jiff::Timestamp;
use kit::clock::Clock;
use std::fmt::Write as _;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

/// The first of the ports that an unattended journey tries.
const FIRST_PORT: u16 = 20_000;
const PORTS: u32 = 10_000;

/// Serve an installation to walk about in: people of every role, tenders in every state, a mailbox, a clock to move
///
/// On this machine only. Everything lies in one folder; with PostgreSQL (database_url) in two databases of its own.
/// Without --data all of it goes again at the end.
#[derive(Args)]
pub struct Demo {
    /// Take the whole journey over HTTP, from sign-up to award, tell each step and what was tried against it, and end; exit 0 only
    /// if all held
    #[arg(long)]
    once: bool,
    /// With --once: print one JSON object at the end instead of lines
    #[arg(long, requires = "once")]
    json: bool,
    /// Keep everything in this folder; a demo that is in it already goes on where it stopped
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// What the clock of a new demo shows at first, such as 2026-11-23T09:00:00+08:00 [default: now]
    #[arg(long, value_name = "TIME")]
    clock: Option<Timestamp>,
    /// Seed of all that a new demo draws by chance; the same seed draws the same [default: none]
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

impl Demo {
    /// Runs until it is asked to end, or once.
    pub async fn run(self, settings: &Settings) -> Outcome {
        let mut config = Config::try_from(settings)?;
        if !settings.is_given("log") {
            config.log = "warn".into();
        }
        let _log = log::start(&config)?;
        let stop = Stop::on_signals()?;
        let options = Options { folder: self.data, seed: self.seed, clock: self.clock };
        if self.once {
            if !settings.is_given("listen") {
                config.listen = free_address().unwrap_or(config.listen);
            }
            return journey(&config, &options, &stop, self.json).await;
        }
        let stage = Stage::open(&config, &options).await?;
        writeln!(std::io::stdout(), "preparing the demo …")?;
        stage.play(&stop, announce).await?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn journey(config: &Config, options: &Options, stop: &Stop, json: bool) -> Outcome {
    let clock = Clock::system();
    let begin = clock.now();
    let report = demo::once(config, options, stop, |step| {
        if !json {
            tell(step)
        }
    })
    .await?;
    let seconds = clock.now().duration_since(begin).as_secs();
    let all = if json {
        serde_json::to_string_pretty(&report)?
    } else {
        let steps = report.steps.iter().filter(|step| step.ok).count();
        let tried: usize = report.steps.iter().map(|step| step.tried.len()).sum();
        let checks = report.checks;
        let held = if report.ok { "all held" } else { "the last step did not hold" };
        format!("{checks} checks in {steps} steps, {tried} attempts refused, {seconds} s: {held}")
    };
    writeln!(std::io::stdout(), "{all}")?;
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A step as plain lines: what was tried, and with what it was refused, before what it came to.
#[expect(clippy::print_stdout, reason = "this is the command line")]
fn tell(step: &Step) {
    println!("{} {}", if step.ok { "held  " } else { "FAILED" }, step.name);
    for tried in &step.tried {
        println!("         tried: {}  refused: {}", tried.what, tried.refused);
    }
    println!("         {}", step.detail);
}

/// Journeys may run side by side: each looks for a port of its own below the ephemeral ones.
fn free_address() -> Option<SocketAddr> {
    let start = std::process::id() % PORTS;
    let addresses = (0..PORTS).filter_map(|step| {
        let port = FIRST_PORT + u16::try_from((start + step) % PORTS).ok()?;
        Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    });
    addresses.into_iter().find(|address| TcpListener::bind(address).is_ok())
}

#[expect(clippy::print_stdout, reason = "this is the command line")]
fn announce(root: &str, accounts: &[Account]) {
    let mut text = format!(
        "\n资源共享云演示 · the demo of the Resource Sharing Cloud\n\n  {root}\n  邮箱 mailbox  {root}/demo/mailbox\n  \
         时钟 clock    {root}/demo/clock\n\n"
    );
    for account in accounts {
        let role = match account.role {
            Role::Operator => "运营方 operator",
            Role::Second => "运营方 second  ",
            Role::Reviewer => "审核   reviewer",
            Role::Publisher => "发布   publisher",
            Role::Auditor => "审计   auditor ",
            Role::Buyer => "需求方 buyer   ",
            Role::Provider => "服务商 provider",
        };
        let company = account.company.as_deref().unwrap_or("");
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {role}  {:<24} {}  {company}", account.email, account.password);
    }
    println!("{text}\nEnd with Ctrl+C.");
}
