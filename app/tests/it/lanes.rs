//! What waits for somebody else's server keeps nobody else waiting.

use crate::people::Applicant;
use crate::sourcing::{bid, published};
use crate::world::{World, beginning, listen, server};
use jiff::SignedDuration;
use kit::random::Random;
use policy::Versions;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::test]
async fn an_opening_does_not_wait_for_a_mail_server_that_hangs() {
    if server().is_some() {
        eprintln!("skipped: of a world that is closed only an embedded database stays");
        return;
    }
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (_, lot) = published(&world, &buyer).await;
    for yuan in ["300", "100", "200"] {
        bid(&world.member("provider").await, &lot, yuan).await;
    }
    world.settle().await;
    let (folder, mut config) = world.close().await;
    // It takes connections and never says a word.
    let hanging = TcpListener::from_std(listen()).unwrap();
    config.smtp_url = Some(format!("smtp://{}", hanging.local_addr().unwrap()));
    let world = World::of(Versions::COMPILED, folder, config, (beginning(), Random::seeded(2)), Vec::new()).await;
    world.visitor().post("/registrations", Applicant::new("buyer").form()).await.ok();
    let (stop, stopped) = oneshot::channel::<()>();
    let app = world.app.clone();
    let worker = tokio::spawn(async move { app.work(async { drop(stopped.await) }).await });
    let waiting = hanging.accept().await.unwrap();
    world.clock.advance(SignedDuration::from_hours(24 * 60));
    let patience = Instant::now() + Duration::from_secs(30);
    while world.count("SELECT count(*) FROM event WHERE kind = 'tender.opened'").await == 0 {
        assert!(Instant::now() < patience, "the opening waits for the mail server");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop((waiting, hanging));
    stop.send(()).unwrap();
    worker.await.unwrap();
}
