//! The front door, on SQLite, and on PostgreSQL when `ZIYUN_TEST_DATABASE_URL` names a server.
//! One file per room; [`world`] builds what they act in.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod access;
mod account;
mod amendment;
mod announcement;
mod answer;
mod approval;
mod assessment;
mod attack;
mod audit;
mod authenticator;
mod award;
mod backup;
mod bid;
mod browser;
mod canary;
mod cancellation;
mod candidates;
mod clock;
mod closing;
mod colleague;
mod command;
mod company;
mod company_list;
mod complaint;
mod consent;
mod contact;
mod contacts;
mod contract;
mod conversation;
mod cookies;
mod data;
mod data_region;
mod deadline;
mod demand;
mod demo;
mod desk;
mod device;
mod digest;
mod doctor;
mod door;
mod drill;
mod duties;
mod evaluation;
mod exception;
mod export;
mod factor;
mod failure;
mod figures;
mod firm;
mod guardian;
mod hands;
mod history;
mod house;
mod inbox;
mod invitation;
mod kept;
mod killed;
mod lanes;
mod leak;
mod leaving;
mod linked;
mod live;
mod log;
mod logs;
mod long;
mod mandate;
mod metrics;
mod model;
mod notice;
mod ocds;
mod openapi;
mod operator_duty;
mod operators;
mod passkey;
mod people;
mod place;
mod policy;
mod provider;
mod race;
mod recovery;
mod refusal;
mod register;
mod remembered;
mod renewal;
mod report;
mod retention;
mod risk;
mod roster;
mod session;
mod shell;
mod smtp;
mod sourcing;
mod step_up;
mod strict;
mod styles;
mod substitution;
mod sweep;
mod table;
mod tender;
mod termination;
mod terms;
mod texts;
mod token;
mod tombstone;
mod traces;
mod two;
mod usage;
mod verification;
mod walkthrough;
mod ways;
mod webhook;
mod world;
mod worlds;

/// The program by the names that the guide's room knows it by: in the program it would stand among its own.
mod app {
    pub use ::app::app::App;
}

/// Likewise its shell.
mod web {
    pub use ::app::web::*;
}
