//! The vault through its public door, on SQLite, and on PostgreSQL when `ZIYUN_TEST_DATABASE_URL` names a server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accepted;
mod access;
mod consent;
mod exception;
mod history;
mod keys;
mod openings;
mod personal;
mod register;
mod seals;
mod secrets;
mod together;
mod tombstone;
mod world;
