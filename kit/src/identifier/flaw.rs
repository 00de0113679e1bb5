//! Why a value is refused.

/// The rule that a value breaks, and the way out. The text never repeats the value, so it may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Nothing, or white space alone.
    #[error("empty; write the number")]
    Empty,
    /// Not 18 characters.
    #[error("a credit code has 18 characters (GB 32100-2015); copy it whole from the business licence")]
    UsccLength,
    /// A character outside the standard's alphabet, or a letter in the region.
    #[error(
        "a credit code has digits in places 3 to 8 and elsewhere digits and capitals without I, O, S, V, Z \
         (GB 32100-2015); look for O typed for 0 or I for 1"
    )]
    UsccCharacter,
    /// First character is no registering authority.
    #[error("no authority registers under the first character (GB 32100-2015); compare with the business licence")]
    UsccCategory,
    /// Characters 3 to 8 begin with no province.
    #[error("characters 3 to 8 name no region (GB/T 2260); compare with the business licence")]
    UsccRegion,
    /// The ninth character of the organisation code inside is wrong.
    #[error(
        "the organisation code in places 9 to 17 fails its own check character (GB 11714-1997); \
         compare with the business licence"
    )]
    UsccOrganisationCheck,
    /// The last character is wrong.
    #[error("the last character does not check the others (GB 32100-2015); compare with the business licence")]
    UsccCheck,
    /// Not 18 characters.
    #[error("a resident identity number has 18 characters (GB 11643-1999); copy it whole from the card")]
    ResidentIdLength,
    /// The fifteen digits used before 1999, void since 2013-01-01.
    #[error("numbers of 15 digits are void since 2013-01-01; use the 18 characters of the present card")]
    ResidentIdSuperseded,
    /// Something but 17 digits and a digit or X.
    #[error("a resident identity number is 17 digits and a last digit or X (GB 11643-1999); compare with the card")]
    ResidentIdCharacter,
    /// The first six digits name no region.
    #[error("the first six digits name no region (GB/T 2260); compare with the card")]
    ResidentIdRegion,
    /// Digits 7 to 14 are no day of the calendar.
    #[error("digits 7 to 14 are no date of birth, year month day (GB 11643-1999); compare with the card")]
    ResidentIdDate,
    /// The date of birth lies after today.
    #[error("digits 7 to 14 are a date of birth in the future; compare with the card")]
    ResidentIdFuture,
    /// The last character is wrong.
    #[error("the last character does not check the others (GB 11643-1999); compare with the card")]
    ResidentIdCheck,
    /// Not 13 to 19 digits.
    #[error("a bank card number has 13 to 19 digits (ISO/IEC 7812-1); copy it whole from the card")]
    BankCardLength,
    /// Something but digits, spaces and hyphens.
    #[error("a bank card number has digits only, spaces and hyphens between them aside; compare with the card")]
    BankCardCharacter,
    /// Begins with 0, which no bank was given.
    #[error("no bank issues cards whose number begins with 0 (ISO/IEC 7812-1); compare with the card")]
    BankCardIssuer,
    /// The last digit is wrong.
    #[error("the last digit does not check the others (Luhn, ISO/IEC 7812-1); compare with the card")]
    BankCardCheck,
    /// Not 11 digits behind the country code.
    #[error("a mobile number of mainland China has 11 digits, after +86 if that is written; write it whole")]
    MobileLength,
    /// Something but digits, spaces, hyphens and a leading plus.
    #[error("a mobile number has digits only, a leading +86, spaces and hyphens aside; remove the rest")]
    MobileCharacter,
    /// A country code but 86.
    #[error("only numbers of mainland China (+86) can be used here; write one of those")]
    MobileCountry,
    /// A prefix not allocated to mobile service.
    #[error("no mobile service has numbers with this beginning (MIIT numbering plan); write a mobile number")]
    MobileRange,
}

impl Flaw {
    /// A stable code for texts in other languages and for callers, such as `uscc-check`.
    pub fn code(self) -> &'static str {
        match self {
            Flaw::Empty => "empty",
            Flaw::UsccLength => "uscc-length",
            Flaw::UsccCharacter => "uscc-character",
            Flaw::UsccCategory => "uscc-category",
            Flaw::UsccRegion => "uscc-region",
            Flaw::UsccOrganisationCheck => "uscc-organisation-check",
            Flaw::UsccCheck => "uscc-check",
            Flaw::ResidentIdLength => "resident-id-length",
            Flaw::ResidentIdSuperseded => "resident-id-superseded",
            Flaw::ResidentIdCharacter => "resident-id-character",
            Flaw::ResidentIdRegion => "resident-id-region",
            Flaw::ResidentIdDate => "resident-id-date",
            Flaw::ResidentIdFuture => "resident-id-future",
            Flaw::ResidentIdCheck => "resident-id-check",
            Flaw::BankCardLength => "bank-card-length",
            Flaw::BankCardCharacter => "bank-card-character",
            Flaw::BankCardIssuer => "bank-card-issuer",
            Flaw::BankCardCheck => "bank-card-check",
            Flaw::MobileLength => "mobile-length",
            Flaw::MobileCharacter => "mobile-character",
            Flaw::MobileCountry => "mobile-country",
            Flaw::MobileRange => "mobile-range",
        }
    }
}
