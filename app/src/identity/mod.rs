//! Who people and companies are.

pub mod account;
pub mod approval;
pub mod company;
pub mod company_list;
pub mod contacts;
pub mod door;
pub mod guardian;
pub mod library;
pub mod linked;
pub mod listing;
pub mod mandate;
pub mod officer;
pub mod people;
pub mod roster;
pub mod token;
pub mod verification;
