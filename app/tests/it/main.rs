//! The front door, on SQLite, and on PostgreSQL when `ZIYUN_TEST_DATABASE_URL` names a server.
//! One file per room; [`world`] builds what they act in.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod access;
mod account;
mod attack;
mod award;
mod bid;
mod canary;
mod clock;
mod command;
mod company;
mod consent;
mod contract;
mod data;
mod deadline;
mod demo;
mod desk;
mod doctor;
mod failure;
mod house;
mod kept;
mod killed;
mod log;
mod logs;
mod metrics;
mod model;
mod notice;
mod openapi;
mod people;
mod policy;
mod race;
mod recovery;
mod register;
mod session;
mod shell;
mod sourcing;
mod strict;
mod styles;
mod sweep;
mod table;
mod tender;
mod texts;
mod token;
mod traces;
mod two;
mod world;
