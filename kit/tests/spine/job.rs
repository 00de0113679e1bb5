//! Jobs: claimed by one, taken over from the dead, given up or not.

use super::{Place, places};
use jiff::SignedDuration;
use kit::db::{Error, Tx};
use kit::job::{self, Job, Worker};

const A: [u8; 16] = [1; 16];
const B: [u8; 16] = [2; 16];

/// A claim of this node's worker, which never gives up jobs of kind `endless`.
fn by(node: [u8; 16]) -> impl Fn(&mut Tx) -> Result<Option<Job>, Error> + Send + 'static {
    move |tx| job::claim(tx, &Worker::new(node, ["endless"]))
}

/// What a start of this node frees.
fn freed(node: [u8; 16], all: bool) -> impl Fn(&mut Tx) -> Result<usize, Error> + Send + 'static {
    move |tx| job::free(tx, &Worker::new(node, ["endless"]), all)
}

impl Place {
    async fn claimed(&self, node: [u8; 16]) -> Option<Job> {
        self.db.write(by(node)).await.unwrap()
    }

    /// The process of this node is killed, and starts again.
    async fn restart(&self, node: [u8; 16]) -> usize {
        self.db.write(freed(node, false)).await.unwrap()
    }

    async fn dead(&self) -> usize {
        self.db.read(job::dead).await.unwrap().len()
    }
}

#[tokio::test]
async fn a_job_is_claimed_by_one_and_taken_over_after_its_lease() {
    for place in places().await {
        enqueue(&place, "test").await;
        let first = place.claimed(A).await.unwrap();
        assert_eq!((first.kind.as_str(), first.payload.as_slice(), first.attempts), ("test", &b"payload"[..], 1));
        assert!(place.claimed(A).await.is_none());
        // A worker that is alive keeps its job for longer than a lease.
        for _ in 0..3 {
            place.clock.advance(job::LEASE - SignedDuration::from_secs(1));
            let alive = first.clone();
            assert!(place.db.write(move |tx| job::renew(tx, &alive)).await.unwrap());
            assert!(place.claimed(A).await.is_none());
        }
        place.clock.advance(job::LEASE + SignedDuration::from_secs(1));
        let second = place.claimed(B).await.unwrap();
        assert_eq!(second.attempts, 1, "a death is no failed try");
        let late = first.clone();
        assert!(!place.db.write(move |tx| job::renew(tx, &late)).await.unwrap(), "the lease is another's");
        place.db.write(move |tx| job::finish(tx, &first)).await.unwrap();
        assert!(place.db.read(job::next_due).await.unwrap().is_some(), "who lost the lease finishes nothing");
        place.db.write(move |tx| job::finish(tx, &second)).await.unwrap();
        assert!(place.db.read(job::next_due).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_failing_job_pauses_longer_each_time_lies_dead_and_can_be_woken() {
    for place in places().await {
        enqueue(&place, "test").await;
        let mut pauses = Vec::new();
        for attempt in 1..=job::ATTEMPTS {
            let claimed = place.claimed(A).await.unwrap();
            assert_eq!(claimed.attempts, attempt);
            let now = place.clock.now();
            place.db.write(move |tx| job::fail(tx, &claimed, "no answer")).await.unwrap();
            if let Some(due) = place.db.read(job::next_due).await.unwrap() {
                pauses.push(due.duration_since(now).as_secs());
                place.clock.set(due);
            }
        }
        assert_eq!(pauses.len(), 7);
        assert!(pauses.is_sorted() && *pauses.last().unwrap() <= 3601, "{pauses:?}");
        let dead = place.db.read(job::dead).await.unwrap();
        assert_eq!((dead.len(), dead[0].error.as_str()), (1, "no answer"));
        let id = dead[0].id;
        assert!(place.db.write(move |tx| job::wake(tx, id)).await.unwrap());
        assert_eq!(place.claimed(A).await.unwrap().attempts, 1);
    }
}

#[tokio::test]
async fn who_starts_again_frees_its_own_claims_at_once_and_no_others() {
    for place in places().await {
        for _ in 0..3 {
            enqueue(&place, "test").await;
        }
        let (mine, theirs) = (place.claimed(A).await.unwrap(), place.claimed(B).await.unwrap());
        assert_eq!(place.restart(A).await, 1);
        assert_eq!(place.restart(A).await, 0, "what is free is not freed again");
        let again = [place.claimed(A).await.unwrap(), place.claimed(A).await.unwrap()];
        assert!(again.iter().any(|job| job.id == mine.id && job.attempts == 1), "it is tried anew, in its turn");
        assert!(place.claimed(A).await.is_none(), "the other node is alive");
        assert!(place.db.write(move |tx| job::renew(tx, &theirs)).await.unwrap());
        assert!(!place.db.write(move |tx| job::renew(tx, &mine)).await.unwrap());
        assert_eq!(place.db.write(freed(A, true)).await.unwrap(), 3, "who is alone on a database frees all");
    }
}

/// Kills the process each time, and answers how long each start after that waited for the job: until it lies dead, or for
/// so many deaths.
async fn waits(place: &Place, most: usize) -> Vec<i64> {
    let mut waits = Vec::new();
    while waits.len() < most && place.claimed(A).await.is_some() {
        assert_eq!(place.restart(A).await, 1);
        let Some(due) = place.db.read(job::next_due).await.unwrap() else { break };
        // The clock goes on meanwhile.
        waits.push((due.duration_since(place.clock.now()).as_millis() as i64 + 500) / 1000);
        place.clock.set(due);
    }
    waits
}

#[tokio::test]
async fn a_job_that_ends_every_process_slows_down_and_lies_dead() {
    for place in places().await {
        enqueue(&place, "test").await;
        assert_eq!(waits(&place, 100).await, [0, 1, 2, 4, 8, 16, 32]);
        assert_eq!((place.dead().await, place.claimed(A).await.is_none()), (1, true));
        let dead = place.db.read(job::dead).await.unwrap();
        assert_eq!(dead[0].error, "the process ended during the try, 8 in a row");
    }
}

#[tokio::test]
async fn a_job_that_is_never_given_up_slows_down_to_a_pause_and_leaves_time_for_all_others() {
    for place in places().await {
        enqueue(&place, "endless").await;
        let waits = waits(&place, 30).await;
        assert_eq!((waits.len(), waits[3], waits[29], place.dead().await), (30, 4, 4, 0));
        let troubled = place.db.read(job::troubled).await.unwrap();
        assert_eq!((troubled.len(), troubled[0].deaths, troubled[0].failures), (1, 30, 0));
        // In its pause another job is done; and in the end it is done itself.
        place.clock.advance(-SignedDuration::from_secs(100));
        enqueue(&place, "test").await;
        let other = place.claimed(A).await.unwrap();
        assert_eq!(other.kind, "test");
        place.db.write(move |tx| job::finish(tx, &other)).await.unwrap();
        assert!(place.claimed(A).await.is_none());
        place.clock.advance(SignedDuration::from_secs(100));
        let last = place.claimed(A).await.unwrap();
        place.db.write(move |tx| job::finish(tx, &last)).await.unwrap();
        assert_eq!(place.db.read(job::next_due).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_job_that_is_never_given_up_is_tried_again_within_minutes_however_often_it_fails() {
    for place in places().await {
        enqueue(&place, "endless").await;
        for attempt in 1..=3 * job::ATTEMPTS {
            let claimed = place.claimed(A).await.unwrap();
            assert_eq!(claimed.attempts, attempt);
            place.db.write(move |tx| job::fail(tx, &claimed, "no answer")).await.unwrap();
            let due = place.db.read(job::next_due).await.unwrap().unwrap();
            assert!(due.duration_since(place.clock.now()) <= job::LONGEST);
            assert_eq!(place.db.read(job::troubled).await.unwrap().len(), usize::from(attempt >= job::ATTEMPTS));
            place.clock.set(due);
        }
        assert_eq!(place.dead().await, 0);
    }
}

#[tokio::test]
async fn deaths_before_a_try_that_its_worker_outlived_are_forgotten() {
    for place in places().await {
        enqueue(&place, "test").await;
        waits(&place, 5).await;
        let claimed = place.claimed(A).await.unwrap();
        place.db.write(move |tx| job::fail(tx, &claimed, "no answer")).await.unwrap();
        place.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(waits(&place, 3).await, [0, 1, 2]);
        assert_eq!(place.claimed(A).await.unwrap().attempts, 2);
    }
}

#[tokio::test]
async fn a_lease_that_runs_out_is_a_death_too() {
    for place in places().await {
        enqueue(&place, "test").await;
        assert!(place.claimed(A).await.is_some());
        place.clock.advance(job::LEASE);
        assert!(place.claimed(B).await.is_some(), "the first death costs no pause");
        place.clock.advance(job::LEASE);
        assert!(place.claimed(A).await.is_none());
        place.clock.advance(SignedDuration::from_secs(1));
        assert!(place.claimed(A).await.is_some());
    }
}

#[tokio::test]
async fn what_is_never_given_up_goes_before_a_long_line_of_others() {
    for place in places().await {
        for _ in 0..20 {
            enqueue(&place, "test").await;
        }
        enqueue(&place, "endless").await;
        let kinds = [place.claimed(A).await, place.claimed(A).await].map(|job| job.unwrap().kind);
        assert_eq!(kinds, ["endless", "test"]);
    }
}

#[tokio::test]
async fn workers_that_compete_never_share_a_job() {
    for place in places().await {
        for _ in 0..20 {
            enqueue(&place, "test").await;
        }
        let claims = (0..30).map(|_| place.db.write(by(A)));
        let claims = futures::future::join_all(claims).await;
        let mut ids: Vec<_> = claims.iter().filter_map(|claim| Some(claim.as_ref().ok()?.as_ref()?.id)).collect();
        let claimed = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), claimed);
    }
}

async fn enqueue(place: &Place, kind: &'static str) {
    let enqueue = place.db.write(move |tx| {
        let now = tx.now();
        job::enqueue(tx, kind, b"payload", now)
    });
    enqueue.await.unwrap();
}

#[tokio::test]
async fn a_worker_of_some_kinds_leaves_the_others_to_others() {
    for place in places().await {
        for kind in ["slow", "test", "slow", "endless"] {
            enqueue(&place, kind).await;
        }
        let worker = Worker::new(A, ["endless"]);
        let claim = async |worker: &Worker| {
            let (worker, asked) = (worker.clone(), worker.clone());
            let due = place.db.read(move |tx| job::next_due_for(tx, &asked)).await.unwrap();
            let claimed = place.db.write(move |tx| job::claim(tx, &worker)).await.unwrap();
            assert_eq!(due.is_some_and(|due| due <= place.clock.now()), claimed.is_some());
            claimed.map(|job| job.kind)
        };
        let (slow, rest) = (worker.only(vec!["slow"]), worker.without(vec!["slow"]));
        assert_eq!(claim(&worker.only(Vec::new())).await, None);
        assert_eq!(claim(&slow).await.as_deref(), Some("slow"));
        assert_eq!(claim(&rest).await.as_deref(), Some("endless"));
        assert_eq!(claim(&rest).await.as_deref(), Some("test"));
        assert_eq!(claim(&rest).await, None);
        assert_eq!(claim(&worker.without(Vec::new())).await.as_deref(), Some("slow"));
    }
}
