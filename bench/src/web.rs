//! Under the names by which the program's own parts of pages find them.

pub use app::web::assets;
