//! The page as structured data: JSON-LD, an Organization of schema.org. It says nothing that the page does not say.

use super::public::Public;
use serde_json::{Value, json};

/// The document, safe inside a `script` element: nothing in it can end the element.
pub fn document(page: &Public, address: &str) -> String {
    let mut whole = json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": address,
        "url": address,
        "legalName": page.name,
        "name": page.name,
        "identifier": { "@type": "PropertyValue", "propertyID": "USCC", "value": page.credit_code },
    });
    let mut add = |name: &str, value: Value| {
        whole[name] = value;
    };
    if let Some(channel) = &page.channel {
        let kind = match channel {
            web if web.starts_with("https://") => "url",
            mail if mail.contains('@') => "email",
            _ => "telephone",
        };
        add("contactPoint", json!({ "@type": "ContactPoint", kind: channel }));
    }
    if !page.permits.is_empty() {
        let permit = |permit: &super::public::Permit| {
            json!({ "@type": "Permit", "name": permit.name, "identifier": permit.number,
                "issuedBy": { "@type": "Organization", "name": permit.issuer }, "validUntil": permit.ends_on })
        };
        add("hasCredential", page.permits.iter().map(permit).collect());
    }
    if let Some(profile) = &page.profile {
        if let Some(about) = &profile.about {
            add("description", json!(about));
        }
        let provinces: Vec<_> = profile.provinces().iter().map(|one| one.name_zh).collect();
        if !provinces.is_empty() {
            add("areaServed", json!(provinces));
        }
        let services: Vec<_> = profile.categories().iter().map(|one| one.zh.as_str()).collect();
        if !services.is_empty() {
            add("knowsAbout", json!(services));
        }
    }
    if let Some(day) = page.closes_on {
        add("dissolutionDate", json!(day));
    }
    whole.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
