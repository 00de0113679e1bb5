//! Several fields of one page, opened with one record.

use policy::{Permits, Purpose, Recipient};

use crate::{Appended, Error, Grant, Personal, Sealed, Vault, opening::Batch};

/// Seals of several fields that a purpose permits a recipient to open: lists of any length, one for each field.
pub trait Together<P, R>: sealed::Closed {
    /// What comes out: as many values, in the order given.
    type Opened;

    #[doc(hidden)]
    fn add(&self, batch: &mut Batch<P, R>);

    #[doc(hidden)]
    fn decrypt(&self, appended: &Appended<'_>) -> impl Future<Output = Result<Self::Opened, Error>> + Send;
}

mod sealed {
    /// Implemented here only.
    pub trait Closed {}
}

macro_rules! together {
    ($($field:ident at $at:tt),+) => {
        impl<$($field: Personal),+> sealed::Closed for ($(Vec<Sealed<$field>>,)+) {}

        impl<P, R, $($field: Personal),+> Together<P, R> for ($(Vec<Sealed<$field>>,)+)
        where
            P: Purpose $(+ Permits<$field::Field, R>)+,
            R: Recipient,
        {
            type Opened = ($(Vec<$field>,)+);

            fn add(&self, batch: &mut Batch<P, R>) {
                // A field without a seal is not opened, and is not on record.
                $(if !self.$at.is_empty() {
                    batch.add::<$field>(<P as Permits<$field::Field, R>>::BASIS, &self.$at);
                })+
            }

            async fn decrypt(&self, appended: &Appended<'_>) -> Result<Self::Opened, Error> {
                Ok(($(appended.decrypt(&self.$at).await?,)+))
            }
        }
    };
}

together!(A at 0, B at 1, C at 2, D at 3, E at 4, F at 5);

impl Vault {
    /// Opens six fields of one page with one record: all of what is given, or nothing.
    ///
    /// # Errors
    /// As [`Vault::open_many`].
    pub async fn open_together<P: Purpose, R: Recipient, S: Together<P, R>>(
        &self,
        grant: &Grant<P, R>,
        seals: &S,
    ) -> Result<S::Opened, Error> {
        let mut batch = Batch::new(grant);
        seals.add(&mut batch);
        let appended = self.append(batch).await?;
        seals.decrypt(&appended).await
    }
}
