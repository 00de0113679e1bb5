//! What the engines below us can do to us, and what becomes of a request then: a clear code, nothing half done, and all
//! well as soon as the cause is gone. Each through the real program or the front door of a world.

mod connection;
mod disk;
pub mod faults;
mod flush;
pub mod program;
mod proxy;
mod restart;
mod stores;
mod trace;
