//! `/ocds`: what the open data hold, under which ids, and how to follow them.

use super::package::{EXTENSIONS, FEED};
use crate::app::App;
use crate::config::UNREGISTERED;
use crate::web::filters;
use askama::Template;
use schemars::JsonSchema;
use serde::Serialize;

/// The page.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "reach/ocds/show.html")]
#[schemars(rename = "OpenData")]
pub struct Show {
    /// Who publishes.
    publisher: String,
    /// What the ids of processes begin with.
    prefix: String,
    /// Whether the Open Contracting Partnership gave the prefix out.
    is_registered: bool,
    /// The licence's address.
    license: Option<String>,
    /// The version of OCDS.
    version: &'static str,
    /// The extensions whose fields are used.
    extensions: Vec<&'static str>,
    /// Where the feed begins.
    feed: &'static str,
    /// How many releases it has.
    total: i64,
}

impl Show {
    /// Of this installation.
    pub fn new(app: &App, total: i64) -> Self {
        let config = app.config();
        Self {
            publisher: config.operator_name.clone(),
            prefix: config.ocds_prefix.clone(),
            is_registered: config.ocds_prefix != UNREGISTERED,
            license: config.ocds_license.as_ref().map(ToString::to_string),
            version: "1.1.5",
            extensions: EXTENSIONS.to_vec(),
            feed: FEED,
            total,
        }
    }
}
