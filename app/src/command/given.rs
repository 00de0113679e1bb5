//! A flag for every key of the configuration, made from its table.

use app::config::KEYS;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, FromArgMatches, value_parser};
use std::path::PathBuf;
use std::sync::LazyLock;

/// What the command line says about the configuration.
pub struct Given {
    /// The file to read instead of `ziyun.toml`.
    pub file: Option<PathBuf>,
    /// Key and value, for each flag that was given.
    pub flags: Vec<(&'static str, String)>,
}

static FLAGS: LazyLock<Vec<String>> = LazyLock::new(|| KEYS.iter().map(|key| key.flag()).collect());

const HEADING: &str = "Configuration (in full with --help)";

impl Args for Given {
    fn augment_args(command: clap::Command) -> clap::Command {
        let file = Arg::new("config-file")
            .long("config")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("Read this file [default: ziyun.toml, where there is one]");
        let keys = KEYS.iter().zip(FLAGS.iter()).map(|(key, flag)| {
            Arg::new(key.name)
                .long(flag.as_str())
                .value_name("VALUE")
                .help(key.help)
                .hide_short_help(key.name != "listen")
        });
        let arguments = std::iter::once(file).chain(keys);
        command.args(arguments.map(|argument| argument.global(true).help_heading(HEADING)))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |name: &str| matches.value_source(name) == Some(ValueSource::CommandLine);
        let flags = KEYS.iter().filter(|key| given(key.name));
        let flags = flags.filter_map(|key| Some((key.name, matches.get_one::<String>(key.name)?.clone())));
        Ok(Self { file: matches.get_one("config-file").cloned(), flags: flags.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
