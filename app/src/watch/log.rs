//! The log: one line for each request and for whatever an operator should know, on standard error. Traces begin here too.

use super::lines::{Lines, Writing};
use super::trace::{self, Traces};
use crate::config::{Config, LogFormat};
use std::error::Error;
use std::io;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

pub(super) type Failure = Box<dyn Error + Send + Sync>;

/// Kept as long as something is logged; what is still kept then is written.
#[must_use]
pub struct Logging {
    /// Before the log: its end may have something to say.
    _traces: Option<Traces>,
    _writing: Writing,
}

/// Starts it, as the configuration asks for. Once in a process, within a runtime.
///
/// # Errors
/// A filter that cannot be read; that a log has been started already.
pub fn start(config: &Config) -> Result<Logging, Failure> {
    let filter = EnvFilter::try_new(&config.log).map_err(|why| {
        format!("log: `{}` is no filter ({why}); write for instance info or app=debug,warn", config.log)
    })?;
    let (lines, writing) = Lines::into(io::stderr())?;
    let told: Box<dyn Layer<Registry> + Send + Sync> = match config.log_format {
        LogFormat::Json => {
            let json = fmt::layer().json().flatten_event(true).with_span_list(false);
            json.with_writer(lines).with_filter(filter).boxed()
        }
        LogFormat::Text => fmt::layer().with_writer(lines).with_ansi(false).with_filter(filter).boxed(),
    };
    let (layer, traces) = trace::layer(config)?.unzip();
    tracing_subscriber::registry().with(told).with(layer).try_init()?;
    tell_panics();
    Ok(Logging { _traces: traces, _writing: writing })
}

/// A panic's message may quote what it was about (`byte index 3 is not a char boundary of "张三"`), so only its place is
/// logged. Which request it ended is told by the span around it.
fn tell_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or("").to_owned();
        tracing::error!(place, thread, "a fault of the program: it panicked");
        // Who develops needs the words too.
        if cfg!(debug_assertions) {
            usual(panic);
        }
    }));
}
