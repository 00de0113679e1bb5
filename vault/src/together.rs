//! Fields of different kinds that are opened with one record: what a page shows of a person is one opening.

use policy::{Permits, Purpose, Recipient};

use crate::{Error, Personal, Sealed, opened::Opened, opening::Batch};

/// Seals that one record opens: a reference to one, a slice of some, or a pair of such, nested as deep as needed. `(&phone, &email)` gives
/// `(Phone, Email)`, `((&phone, &email), &name)` gives `((Phone, Email), Name)`.
pub trait Together<P: Purpose, R: Recipient>: Sync {
    /// The values, in the same shape.
    type Values: Send;

    #[doc(hidden)]
    fn add(&self, batch: &mut Batch<P, R>);

    #[doc(hidden)]
    fn decrypt(&self, opened: &Opened<'_>) -> impl Future<Output = Result<Self::Values, Error>> + Send;
}

impl<T, P, R> Together<P, R> for &Sealed<T>
where
    T: Personal,
    P: Permits<T::Field, R>,
    R: Recipient,
{
    type Values = T;

    fn add(&self, batch: &mut Batch<P, R>) {
        batch.add::<T>(P::BASIS, std::slice::from_ref(self));
    }

    async fn decrypt(&self, opened: &Opened<'_>) -> Result<T, Error> {
        let values = opened.decrypt(std::slice::from_ref(*self)).await?;
        Ok(values.into_iter().next().expect("one seal gives one value"))
    }
}

/// As many values as there are seals. A field without a seal is not opened, and is not on record.
impl<T, P, R> Together<P, R> for &[Sealed<T>]
where
    T: Personal,
    P: Permits<T::Field, R>,
    R: Recipient,
{
    type Values = Vec<T>;

    fn add(&self, batch: &mut Batch<P, R>) {
        if !self.is_empty() {
            batch.add::<T>(P::BASIS, self);
        }
    }

    async fn decrypt(&self, opened: &Opened<'_>) -> Result<Vec<T>, Error> {
        opened.decrypt(self).await
    }
}

impl<A, B, P, R> Together<P, R> for (A, B)
where
    A: Together<P, R>,
    B: Together<P, R>,
    P: Purpose,
    R: Recipient,
{
    type Values = (A::Values, B::Values);

    fn add(&self, batch: &mut Batch<P, R>) {
        self.0.add(batch);
        self.1.add(batch);
    }

    async fn decrypt(&self, opened: &Opened<'_>) -> Result<Self::Values, Error> {
        Ok((self.0.decrypt(opened).await?, self.1.decrypt(opened).await?))
    }
}
