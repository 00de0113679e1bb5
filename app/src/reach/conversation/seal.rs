//! Texts and files of a company's correspondence at rest: sealed under the key that the region keeps for the company that wrote them
//! (clause 6.3), each bound to its place and its row.

use crate::app::App;
use crate::business;
use crate::identity::company::Company;
use crate::web::Error;
use kit::id::Id;

/// Where a text stands.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// What a request says.
    Request,
    /// Why it was declined.
    Reason,
    /// A message.
    Message,
    /// A postal address, by its thread.
    Address,
    /// The name of a file.
    FileName,
    /// The file.
    File,
}

impl Place {
    fn column(self) -> &'static str {
        match self {
            Self::Request => "contact_request.body",
            Self::Reason => "contact_request.reason",
            Self::Message => "thread_message.body",
            Self::Address => "thread_side.address",
            Self::FileName => "thread_file.name",
            Self::File => "thread_file.blob",
        }
    }

    fn context<T>(self, row: Id<T>) -> String {
        format!("{}/{row}", self.column())
    }
}

/// The keys of the companies whose texts are written or read.
pub struct Keys(business::Keys);

impl Keys {
    /// Those of these companies, made on first use.
    ///
    /// # Errors
    /// 503 while the key database cannot be asked.
    pub async fn of(app: &App, companies: impl IntoIterator<Item = Id<Company>>) -> Result<Self, Error> {
        Ok(Self(business::Keys::of(app, companies).await?))
    }

    /// Seals a company's text for its row.
    ///
    /// # Errors
    /// 500 when the company's key was not asked for.
    pub fn seal<T>(&self, company: Id<Company>, place: Place, row: Id<T>, text: &str) -> Result<Vec<u8>, Error> {
        self.seal_bytes(company, place, row, text.as_bytes())
    }

    /// The same of a file.
    ///
    /// # Errors
    /// As [`Keys::seal`].
    pub fn seal_bytes<T>(
        &self,
        company: Id<Company>,
        place: Place,
        row: Id<T>,
        plain: &[u8],
    ) -> Result<Vec<u8>, Error> {
        self.0.seal(company, &place.context(row), plain)
    }

    /// The text again.
    ///
    /// # Errors
    /// 500 when it was changed, or belongs elsewhere.
    pub fn open<T>(&self, company: Id<Company>, place: Place, row: Id<T>, sealed: &[u8]) -> Result<String, Error> {
        String::from_utf8(self.open_bytes(company, place, row, sealed)?).map_err(Error::fault)
    }

    /// The file again.
    ///
    /// # Errors
    /// As [`Keys::open`].
    pub fn open_bytes<T>(
        &self,
        company: Id<Company>,
        place: Place,
        row: Id<T>,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Error> {
        self.0.open(company, &place.context(row), sealed)
    }
}
