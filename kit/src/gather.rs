//! What many ask for at the same time is done once for all of them: rows that share a commit, a number that all want to
//! know.
//!
//! There is no timer. Who finds nobody at work puts somebody to work; who comes while that is under way waits for the
//! next turn, so an answer is never older than its question. The work is a task of its own: who stops waiting takes
//! nobody along.

use futures::future::BoxFuture;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// The way to one kind of work. Clones are the same way.
pub struct Gather<I, O> {
    line: Line<I, O>,
    work: Arc<Work<I, O>>,
    most: usize,
}

/// Answers all of these, in their order.
type Work<I, O> = dyn Fn(Vec<I>) -> BoxFuture<'static, Vec<O>> + Send + Sync;

impl<I, O> Clone for Gather<I, O> {
    fn clone(&self) -> Self {
        Self { line: self.line.clone(), work: self.work.clone(), most: self.most }
    }
}

impl<I: Send + 'static, O: Send + 'static> Gather<I, O> {
    /// `work` gets `most` questions at most at a time: that bounds how long the first of them waits. It answers each.
    pub fn new(most: usize, work: impl Fn(Vec<I>) -> BoxFuture<'static, Vec<O>> + Send + Sync + 'static) -> Self {
        Self { line: Line::default(), work: Arc::new(work), most }
    }

    /// The answer; `None` when the work was cut off, with the runtime that it ran in or by a panic.
    pub async fn ask(&self, question: I) -> Option<O> {
        let (back, answer) = oneshot::channel();
        if let Some(service) = self.line.join((question, back)) {
            tokio::spawn(service.run(self.work.clone(), self.most));
        }
        answer.await.ok()
    }
}

/// Who waits, and whether somebody is at work.
struct Line<I, O>(Arc<Mutex<Queue<I, O>>>);

struct Queue<I, O> {
    served: bool,
    waiting: VecDeque<Waiting<I, O>>,
}

/// A question, and the way back.
type Waiting<I, O> = (I, oneshot::Sender<O>);

impl<I, O> Default for Line<I, O> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Queue { served: false, waiting: VecDeque::new() })))
    }
}

impl<I, O> Clone for Line<I, O> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<I, O> Line<I, O> {
    /// Who finds nobody at work gets the work to start.
    fn join(&self, waiting: Waiting<I, O>) -> Option<Service<I, O>> {
        let mut queue = self.queue();
        queue.waiting.push_back(waiting);
        let idle = !std::mem::replace(&mut queue.served, true);
        idle.then(|| Service { line: self.clone(), over: false })
    }

    /// The next ones; the service is over when there are none.
    fn next(&self, most: usize) -> Option<Vec<Waiting<I, O>>> {
        let mut queue = self.queue();
        queue.served = !queue.waiting.is_empty();
        let many = queue.waiting.len().min(most);
        queue.served.then(|| queue.waiting.drain(..many).collect())
    }

    fn queue(&self) -> MutexGuard<'_, Queue<I, O>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The work on a line, from the first who waits until nobody does.
struct Service<I, O> {
    line: Line<I, O>,
    over: bool,
}

impl<I, O> Service<I, O> {
    async fn run(mut self, work: Arc<Work<I, O>>, most: usize) {
        while let Some(waiting) = self.line.next(most) {
            let (questions, backs): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
            for (back, answer) in backs.into_iter().zip(work(questions).await) {
                // Who asked may be gone.
                drop(back.send(answer));
            }
        }
        self.over = true;
    }
}

/// Cut off: who waits is told at once, and the next who comes starts anew.
impl<I, O> Drop for Service<I, O> {
    fn drop(&mut self) {
        if !self.over {
            let mut queue = self.line.queue();
            queue.served = false;
            queue.waiting.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::task::{JoinSet, yield_now};

    /// Doubles numbers, notes how many turns that took, and panics over 13.
    fn doubling() -> (Gather<u32, u32>, Arc<AtomicUsize>) {
        let turns = Arc::new(AtomicUsize::new(0));
        let count = turns.clone();
        let gather = Gather::new(10, move |numbers: Vec<u32>| -> BoxFuture<'static, Vec<u32>> {
            assert!(!numbers.contains(&13), "a fault of the work");
            count.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                yield_now().await;
                numbers.iter().map(|number| number * 2).collect()
            })
        });
        (gather, turns)
    }

    #[tokio::test]
    async fn those_who_ask_together_share_turns_and_each_gets_its_own_answer() {
        let (gather, turns) = doubling();
        let mut all = JoinSet::new();
        for number in 100..125 {
            let gather = gather.clone();
            all.spawn(async move { assert_eq!(gather.ask(number).await, Some(number * 2)) });
        }
        while let Some(one) = all.join_next().await {
            one.expect("each gets its own");
        }
        assert!((3..10).contains(&turns.load(Ordering::Relaxed)), "{turns:?} turns for 25, ten at most in each");
    }

    #[tokio::test]
    async fn after_a_panic_the_next_one_is_served() {
        let (gather, _) = doubling();
        assert_eq!(gather.ask(13).await, None);
        assert_eq!(gather.ask(21).await, Some(42));
    }
}
