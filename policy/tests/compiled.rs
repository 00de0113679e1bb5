//! The compiled matrix, as types and as tables.

use policy::{Basis, Class, Field, Permits, Retention, Starts, field, purpose, recipient};

#[test]
fn types_and_tables_agree() {
    assert_eq!(<purpose::Account as Permits<field::Phone, recipient::Subject>>::BASIS, Basis::Contract);
    assert_eq!(<purpose::Security as Permits<field::Ip, recipient::Subject>>::BASIS, Basis::LegalDuty);
    assert_eq!(
        (field::Phone::ID, field::Phone::CLASS, field::Phone::RETENTION),
        ("phone", Class::Ordinary, Retention::Operational)
    );
    let ip =
        policy::ROWS.iter().find(|row| row.field == "ip").map(|row| (row.purpose, row.recipient, row.basis.item()));
    assert_eq!(ip, Some(("security", "subject", Some(3))));
}

#[test]
fn an_undeclared_purpose_is_not_found() {
    assert_eq!(policy::purpose_named("account").map(|purpose| purpose.clause), Some("2.3"));
    assert!(policy::purpose_named("marketing").is_none());
}

#[test]
fn network_logs_are_kept_six_months_from_recording() {
    let class = field::Ip::RETENTION.entry();
    assert_eq!((class.id, class.starts, class.months), ("netlog_6m", Starts::Recorded, 6));
}

#[test]
fn ids_survive_serialisation() {
    for row in policy::ROWS {
        assert_eq!(serde_json::to_value(row.basis).expect("plain data"), row.basis.id());
    }
    for entry in policy::RETENTIONS {
        assert_eq!(serde_json::to_value(entry.retention).expect("plain data"), entry.id);
    }
}

#[test]
fn what_a_consent_covers_is_told_use_by_use() {
    let digest = policy::purpose_named("digest").expect("it is declared");
    let uses = "email:delivery:operational followed:delivery:function followed:subject:function";
    assert_eq!((digest.scope().as_str(), digest.consent_months, digest.company_authorises), (uses, Some(12), true));
    let ids: Vec<_> = policy::additional().map(|purpose| purpose.id).collect();
    assert_eq!(ids, ["digest", "subscription", "remembered-search", "linked-sign-in", "contact-display"]);
}

#[test]
fn a_change_is_material_when_a_use_was_added_and_not_otherwise() {
    let [first, second] = [version(&["phone"]), version(&["email", "phone"])];
    let grown = second.grown(&first);
    assert_eq!(grown.iter().map(|one| one.field).collect::<Vec<_>>(), ["email"]);
    assert_eq!(first.grown(&second), [], "what is dropped asks nobody anew");
    assert_eq!(second.grown(&second), []);
    assert!(second.permits("account", "email", "subject", "operational"));
    assert!(!first.permits("account", "email", "subject", "operational"));
    assert!(!second.permits("account", "email", "subject", "evidence_3y"), "kept longer is another use");
}

#[test]
fn each_use_of_the_matrix_is_permitted_by_some_version_and_versions_only_grow_in_order() {
    for row in policy::ROWS {
        let kept = policy::field_named(row.field).unwrap().retention.id();
        let permits = |version: &policy::Version| version.permits(row.purpose, row.field, row.recipient, kept);
        assert!(policy::VERSIONS.iter().any(permits), "{row:?}");
    }
    for version in policy::VERSIONS {
        assert!(version.uses.is_sorted(), "{}: the search needs order", version.id);
    }
    assert!(policy::VERSIONS.is_sorted_by(|one, next| one.id < next.id));
}

/// A version that shows these fields of an account to their own person.
fn version(fields: &[&'static str]) -> policy::Version {
    let of = |field: &&'static str| policy::Use {
        purpose: "account",
        field,
        recipient: "subject",
        retention: "operational",
    };
    let uses: Vec<_> = fields.iter().map(of).collect();
    let current = policy::current();
    policy::Version { id: "2000-01", uses: uses.leak(), zh: current.zh, en: current.en }
}

#[test]
fn each_mark_of_a_purpose_has_its_assessment() {
    let marks: Vec<_> = policy::marked().map(|(purpose, mark)| (purpose, mark.id())).collect();
    assert!(marks.contains(&("account", "entrusted")) && marks.contains(&("exception", "provided")), "{marks:?}");
    let own: Vec<_> = marks.iter().filter(|(purpose, _)| *purpose == "own-data").collect();
    assert_eq!(own, [&("own-data", "sensitive")], "a person's own copy goes to nobody else, whatever is in it");
    for (purpose, mark) in policy::marked() {
        let found = policy::assessment(purpose, mark).unwrap_or_else(|| panic!("{purpose} x {}", mark.id()));
        assert_eq!((found.purpose, found.mark), (purpose, mark));
    }
    assert!(policy::assessment("account", policy::Mark::Automated).is_none());
}
