//! The demo that people walk about in.

use super::ground::{Error, Ground, Options};
use super::kept::Account;
use super::scene;
use crate::config::Config;
use crate::server::{Server, Stop};

/// A demo that listens and waits to be played.
pub struct Stage {
    ground: Ground,
    server: Server,
}

impl Stage {
    /// Makes a demo, or finds the one that the folder holds.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn open(config: &Config, options: &Options) -> Result<Self, Error> {
        // Whether the address is free is known before anything is made.
        let server = Server::bind(config).await?;
        Ok(Self { ground: Ground::open(config, options).await?, server })
    }

    /// Serves until the end is asked for; a new demo first gets its people and tenders. `ready` is told the address and
    /// who can sign in.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn play(self, stop: &Stop, ready: impl FnOnce(&str, &[Account])) -> Result<(), Error> {
        let Self { ground, server } = self;
        let root = server.root();
        let (end, ended) = Stop::by_hand();
        let serving = server.run(&ground.app, &ended);
        let playing = async {
            let prepared = tokio::select! {
                prepared = accounts(&ground, &root) => prepared,
                () = stop.asked() => Err(Error::Interrupted),
            };
            if let Ok(accounts) = &prepared {
                ready(&root, accounts);
                stop.asked().await;
            }
            // The server may have ended by itself.
            let _ = end.send(true);
            prepared
        };
        let (served, prepared) = tokio::join!(serving, playing);
        ground.close().await;
        served?;
        prepared.map(drop)
    }
}

async fn accounts(ground: &Ground, root: &str) -> Result<Vec<Account>, Error> {
    match &ground.kept {
        Some(kept) => Ok(kept.accounts.clone()),
        None => scene::prepare(ground, root).await.map_err(|failed| Error::Preparation(failed.to_string())),
    }
}
