use super::*;
use std::ffi::OsString;

type Pairs = &'static [(&'static str, &'static str)];

fn settings(file: Option<&str>, environment: Pairs, flags: Pairs) -> Result<Settings, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ziyun.toml");
    let file = file.map(|text| {
        std::fs::write(&path, text).unwrap();
        path.as_path()
    });
    let environment = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Settings::collect(file, environment, flags.iter().map(|(name, value)| (*name, (*value).to_owned())))
}

fn config(environment: Pairs) -> Result<Config, String> {
    let settings = settings(None, environment, &[]).map_err(|error| error.to_string())?;
    Config::try_from(&settings).map_err(|error| error.to_string())
}

#[test]
fn later_sources_win_and_each_is_named() {
    let file = "# comment\nlisten = \"127.0.0.1:1\"\nzone = 'UTC'\nlog = \"warn\"\n";
    let all = settings(Some(file), &[("ZIYUN_LISTEN", "127.0.0.1:2"), ("ZIYUN_LOG", "info")], &[("log", "debug")]);
    let all = all.unwrap();
    let origin = |name| all.get(name).unwrap().origin.to_string();
    assert_eq!(all.text("listen"), "127.0.0.1:2");
    assert_eq!(origin("listen"), "environment ZIYUN_LISTEN");
    assert_eq!(all.text("log"), "debug");
    assert_eq!(origin("log"), "flag --log");
    assert!(origin("zone").ends_with("ziyun.toml:3"), "{}", origin("zone"));
    assert_eq!(origin("data_dir"), "default");
}

#[test]
fn folders_follow_the_data_folder() {
    let config = config(&[("ZIYUN_DATA_DIR", "/srv/ziyun/data")]).unwrap();
    assert_eq!(config.database_url, "sqlite:/srv/ziyun/data/ziyun.db");
    assert_eq!(config.key_database_url, "sqlite:/srv/ziyun/keys/keys.db");
    assert_eq!(config.root_key_file, Path::new("/srv/ziyun/keys/root.key"));
    assert_eq!(config.node_dir, Path::new("/srv/ziyun/node"));
    assert_eq!(config.outbox_dir, Path::new("/srv/ziyun/outbox"));
    assert_eq!(config.embedded(), Some(Path::new("/srv/ziyun/data")));
    let here = Config::under(Path::new("somewhere"));
    assert_eq!(here.key_dir, Path::new("somewhere/keys"));
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    let file = settings(Some("\ndatabse_url = \"sqlite:x\""), &[], &[]).err().unwrap().to_string();
    assert!(
        file.contains("ziyun.toml:2") && file.contains("`databse_url`") && file.contains("`database_url`"),
        "{file}"
    );
    let variable = settings(None, &[("ZIYUN_LISTN", "x")], &[]).err().unwrap().to_string();
    assert!(variable.contains("`ZIYUN_LISTN`") && variable.contains("`ZIYUN_LISTEN`"), "{variable}");
    let flag = Error::unknown_flag("--trust-proxy").to_string();
    assert!(flag.contains("`--trusted-proxy`"), "{flag}");
    assert!(settings(None, &[("OTHER_LISTEN", "x"), ("ZIYUN_LISTEN", "")], &[]).is_ok());
}

#[test]
fn a_broken_file_names_its_line() {
    let text = settings(Some("log = 'info'\nlisten = [1]"), &[], &[]).err().unwrap().to_string();
    assert!(text.contains("ziyun.toml:2") && text.contains("one value"), "{text}");
    let text = settings(Some("log = 'info'\nlisten"), &[], &[]).err().unwrap().to_string();
    assert!(text.contains("ziyun.toml:2"), "{text}");
    let missing = Settings::collect(Some(Path::new("no/such/file.toml")), [], []).err().unwrap().to_string();
    assert!(missing.starts_with("no/such/file.toml: "), "{missing}");
}

#[test]
fn plain_http_is_refused_beyond_this_machine() {
    let refused = config(&[("ZIYUN_LISTEN", "0.0.0.0:8080")]).unwrap_err();
    assert!(
        refused.contains("listen (environment ZIYUN_LISTEN)") && refused.contains("trusted_proxy = 1"),
        "{refused}"
    );
    assert!(config(&[("ZIYUN_LISTEN", "0.0.0.0:8080"), ("ZIYUN_TRUSTED_PROXY", "1")]).is_ok());
    let tls =
        config(&[("ZIYUN_LISTEN", "0.0.0.0:443"), ("ZIYUN_TLS_CERT", "c.pem"), ("ZIYUN_TLS_KEY", "k.pem")]).unwrap();
    assert_eq!(tls.tls, Some(Tls { cert: "c.pem".into(), key: "k.pem".into() }));
    assert!(config(&[("ZIYUN_LISTEN", "[::1]:8080")]).is_ok());
    assert!(config(&[("ZIYUN_TLS_CERT", "c.pem")]).unwrap_err().contains("set tls_key too"));
}

#[test]
fn a_second_factor_is_left_to_the_operators_people_only_where_nobody_else_is() {
    const OFFERED: (&str, &str) = ("ZIYUN_OPERATOR_SECOND_FACTOR", "offered");
    assert!(config(&[OFFERED]).is_ok() && config(&[OFFERED, ("ZIYUN_LISTEN", "127.0.0.1:9")]).is_ok());
    for reachable in [
        &[("ZIYUN_PUBLIC_URL", "https://ziyun.example")] as &[_],
        &[("ZIYUN_TRUSTED_PROXY", "1")],
        &[("ZIYUN_TLS_CERT", "c.pem"), ("ZIYUN_TLS_KEY", "k.pem")],
        &[("ZIYUN_LISTEN", "0.0.0.0:8080"), ("ZIYUN_TRUSTED_PROXY", "1")],
    ] {
        assert!(config(reachable).is_ok(), "{reachable:?}");
        let both = [&[OFFERED], reachable].concat();
        let refused = config(Box::leak(both.into_boxed_slice())).unwrap_err();
        assert!(refused.contains("operator_second_factor") && refused.contains("write required"), "{refused}");
    }
}

#[test]
fn keys_and_sinks_stay_outside_the_data_folder() {
    for (variable, value) in [
        ("ZIYUN_KEY_DIR", "data/keys"),
        ("ZIYUN_ROOT_KEY_FILE", "data/root.key"),
        ("ZIYUN_KEY_DATABASE_URL", "sqlite:./data/keys.db"),
        ("ZIYUN_OUTBOX_DIR", "data"),
    ] {
        let environment = Box::leak(Box::new([(variable, value)]));
        let refused = config(environment).unwrap_err();
        assert!(refused.contains("outside data_dir"), "{variable}: {refused}");
    }
    let same = config(&[("ZIYUN_DATABASE_URL", "postgres://a/x"), ("ZIYUN_KEY_DATABASE_URL", "postgres://a/x")]);
    assert!(same.unwrap_err().contains("another database"));
}

#[test]
fn values_that_mean_nothing_are_refused() {
    for (variable, value, word) in [
        ("ZIYUN_LISTEN", "localhost", "127.0.0.1:8080"),
        ("ZIYUN_DATABASE_URL", "mysql://u:geheim@h/x", "postgres://"),
        ("ZIYUN_DATABASE_CONNECTIONS", "1", "from 2 to 100"),
        ("ZIYUN_METRICS_LISTEN", "0.0.0.0:9464", "this machine alone"),
        ("ZIYUN_OTLP_ENDPOINT", "https://traces.example", "without a path"),
        ("ZIYUN_LOG_FORMAT", "xml", "neither json nor text"),
        ("ZIYUN_ZONE", "Mars/Olympus", "Asia/Shanghai"),
        ("ZIYUN_TRUSTED_PROXY", "maybe", "neither 0 nor 1"),
        ("ZIYUN_PUBLIC_URL", "https://a.example/path", "without a path"),
        ("ZIYUN_SMTP_URL", "http://mail", "smtp://HOST"),
        ("ZIYUN_MAIL_FROM", "nobody", "name@example.org"),
        ("ZIYUN_OPERATOR_NAME", " ", "not be empty"),
    ] {
        let refused = config(Box::leak(Box::new([(variable, value)]))).unwrap_err();
        assert!(refused.contains(word) && refused.contains(variable), "{refused}");
        assert!(!refused.contains("geheim"), "{refused}");
    }
}

#[test]
fn passwords_are_masked() {
    assert_eq!(masked("postgres://ziyun:geheim@db/x"), "postgres://ziyun:***@db/x");
    let query = masked("postgres://db/x?user=a&password=geheim&sslmode=require");
    assert!(!query.contains("geheim") && query.contains("sslmode=require"), "{query}");
    assert_eq!(masked("geheim"), "***");
    assert_eq!(masked("sqlite:data/ziyun.db"), "sqlite:data/ziyun.db");
    let all = settings(None, &[("ZIYUN_SMTP_URL", "smtps://u:geheim@h")], &[]).unwrap();
    assert!(all.shown().all(|(_, setting)| setting.is_none_or(|setting| !setting.value.contains("geheim"))));
    assert_eq!(all.shown().count(), KEYS.len());
}

#[test]
fn witnesses_are_named_by_keys_that_hold() {
    let key = "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G";
    let with = |keys: String| config(Box::leak(Box::new([("ZIYUN_LOG_WITNESSES", &*keys.leak())])));
    let names: Vec<_> = with(key.into()).unwrap().log_witnesses.into_iter().map(|witness| witness.name).collect();
    assert_eq!(names, ["witness.navigli.sunlight.geomys.org"]);
    let refused = with(format!("{key} {}", key.replace("a3e0", "a3e1"))).unwrap_err();
    assert!(refused.contains("a3e1") && refused.contains("NAME+ID+KEY"), "{refused}");
}

#[test]
fn the_service_that_confirms_facts_is_said_whole_or_not_at_all() {
    const ALL: [(&str, &str); 4] = [
        ("ZIYUN_ATTESTOR_URL", "https://attest.example/v1/questions"),
        ("ZIYUN_ATTESTOR_KEY_ID", "ziyun-1"),
        ("ZIYUN_ATTESTOR_SECRET_FILE", "attestor.secret"),
        ("ZIYUN_ENTRUSTED_ATTESTOR", "核验公司; dpo@attest.example; 华东; 2027-12-31"),
    ];
    let with = |all: Vec<(&'static str, &'static str)>| config(Box::leak(all.into_boxed_slice()));
    let whole = with(ALL.to_vec()).unwrap().attestor.unwrap();
    assert_eq!((whole.patience.as_secs(), whole.who.until.to_string().as_str()), (10, "2027-12-31"));
    assert_eq!(with(Vec::new()).unwrap().attestor, None);
    for n in 0..ALL.len() {
        let mut rest = ALL.to_vec();
        let (variable, _) = rest.remove(n);
        let refused = with(rest).unwrap_err();
        assert!(refused.contains("belong together") && refused.contains(&variable[6..].to_lowercase()), "{refused}");
    }
    for (n, wrong, word) in [
        (0, "http://attest.example/", "https://HOST/PATH"),
        (0, "https://user:geheim@attest.example/", "without a password"),
        (0, "ftp://127.0.0.1/", "https://HOST/PATH"),
        (1, "a key", "letters, digits"),
        (3, "nobody", "NAME; CONTACT"),
    ] {
        let mut all = ALL.to_vec();
        all[n].1 = wrong;
        let refused = with(all).unwrap_err();
        assert!(refused.contains(word) && !refused.contains("geheim"), "{wrong}: {refused}");
    }
    let late = with([&ALL[..], &[("ZIYUN_ATTESTOR_TIMEOUT", "61")]].concat());
    assert!(late.unwrap_err().contains("1 to 60"));
}

#[test]
fn the_guide_tells_of_every_key() {
    let guide = include_str!("../../../docs/configuration.md");
    for key in &KEYS {
        assert!(guide.contains(&format!("| `{}` | `{}` |", key.name, key.variable())), "{} is missing", key.name);
    }
}

#[test]
fn no_source_makes_passwords_cheaper_to_guess() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Config::under(folder.path()).password_memory, 47_104);
    assert!(KEYS.iter().all(|key| !key.name.contains("password_memory")));
}
