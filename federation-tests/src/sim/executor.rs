//! One thread, virtual time: runs futures of nodes step by step, in an order that the seed chooses.
//!
//! Nothing waits for real time: when no future can go on, the time jumps to the next alarm. Every future has
//! an owner, and to end a node is to drop its futures wherever they are.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use engagement_protocol::time::Timestamp;

use super::rng::Rng;
use crate::cluster::START;

/// How late in the day it is at the beginning.
const EVENING: Duration = Duration::from_secs(24 * 3600 - 20 * 60);

/// What the executor runs.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Whose future it is: a node in one of its lives, or the world's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The world itself.
    World,
    /// A node, by its number.
    Node(usize),
}

/// What futures reach of the executor: the time, alarms, and a place for new futures.
#[derive(Debug, Clone)]
pub struct Handle(Arc<Mutex<Core>>);

struct Core {
    now: Duration,
    alarms: BTreeMap<(Duration, u64), Waker>,
    number: u64,
    spawned: Vec<(Owner, Task)>,
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("now", &self.now).finish_non_exhaustive()
    }
}

/// Runs futures.
pub struct Executor {
    handle: Handle,
    tasks: BTreeMap<u64, (Owner, Task)>,
    ready: Arc<Mutex<Vec<u64>>>,
    /// Whose futures stand still, and which of them would go on.
    asleep: BTreeMap<Owner, Vec<u64>>,
    next: u64,
    rng: Rng,
}

impl std::fmt::Debug for Executor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Executor").field("tasks", &self.tasks.len()).finish_non_exhaustive()
    }
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It let one future go on.
    Ran {
        /// Whose.
        owner: Owner,
        /// Its number.
        task: u64,
    },
    /// It let time pass.
    Waited,
    /// There is nothing to do before the given time.
    Idle,
}

struct Ready {
    task: u64,
    list: Arc<Mutex<Vec<u64>>>,
}

impl Wake for Ready {
    fn wake(self: Arc<Self>) {
        let mut list = lock(&self.list);
        if !list.contains(&self.task) {
            list.push(self.task);
        }
    }
}

impl Executor {
    /// Begins at time zero.
    #[must_use]
    pub fn new(rng: Rng) -> Self {
        let core =
            Core { now: Duration::ZERO, alarms: BTreeMap::new(), number: 0, spawned: Vec::new() };
        Self {
            handle: Handle(Arc::new(Mutex::new(core))),
            tasks: BTreeMap::new(),
            ready: Arc::default(),
            asleep: BTreeMap::new(),
            next: 0,
            rng,
        }
    }

    /// Returns what futures are given.
    #[must_use]
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Lets one future go on, or time pass, but not beyond `until`.
    pub fn step(&mut self, until: Duration) -> Step {
        self.take_spawned();
        let chosen = {
            let mut ready = lock(&self.ready);
            match ready.len() {
                0 => None,
                some => Some(ready.swap_remove(self.rng.below(some))),
            }
        };
        if let Some(task) = chosen {
            // One that was dropped since it was woken is no step.
            let Some((owner, mut future)) = self.tasks.remove(&task) else { return Step::Waited };
            if let Some(woken) = self.asleep.get_mut(&owner) {
                if !woken.contains(&task) {
                    woken.push(task);
                }
                self.tasks.insert(task, (owner, future));
                return Step::Waited;
            }
            let waker = Waker::from(Arc::new(Ready { task, list: Arc::clone(&self.ready) }));
            if future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
                self.tasks.insert(task, (owner, future));
            }
            return Step::Ran { owner, task };
        }
        let mut core = self.handle.core();
        match core.alarms.first_key_value().map(|(at, _)| *at) {
            Some((at, _)) if at <= until => {
                let (_, waker) = core.alarms.pop_first().expect("there is one");
                core.now = core.now.max(at);
                drop(core);
                waker.wake();
                Step::Waited
            }
            _ => {
                core.now = core.now.max(until);
                Step::Idle
            }
        }
    }

    /// Lets everything of `owner` stand still: what it would do waits until it wakes, time does not.
    pub fn pause(&mut self, owner: Owner) {
        self.asleep.entry(owner).or_default();
    }

    /// Lets everything of `owner` go on.
    pub fn wake(&mut self, owner: Owner) {
        lock(&self.ready).extend(self.asleep.remove(&owner).unwrap_or_default());
    }

    /// Returns whether `owner` stands still.
    #[must_use]
    pub fn is_paused(&self, owner: Owner) -> bool {
        self.asleep.contains_key(&owner)
    }

    /// Lets time pass in which nobody does anything.
    pub fn skip(&mut self, pause: Duration) {
        self.handle.core().now += pause;
    }

    /// Ends everything that belongs to `owner`, wherever it is.
    pub fn end(&mut self, owner: Owner) {
        self.take_spawned();
        let (ended, kept) = std::mem::take(&mut self.tasks)
            .into_iter()
            .partition::<BTreeMap<_, _>, _>(|(_, (of, _))| *of == owner);
        self.tasks = kept;
        self.asleep.remove(&owner);
        drop(ended);
        // What they left behind as they went is not begun any more.
        self.handle.core().spawned.retain(|(of, _)| *of != owner);
    }

    /// Returns how many futures of `owner` there are.
    #[must_use]
    pub fn count(&self, owner: Owner) -> usize {
        self.tasks.values().filter(|(of, _)| *of == owner).count()
    }

    fn take_spawned(&mut self) {
        let spawned = std::mem::take(&mut self.handle.core().spawned);
        for (owner, task) in spawned {
            self.tasks.insert(self.next, (owner, task));
            lock(&self.ready).push(self.next);
            self.next += 1;
        }
    }
}

impl Handle {
    /// Returns the time since the beginning.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.core().now
    }

    /// Returns what time it really is. The first midnight comes after twenty minutes, so that days end while
    /// something happens.
    #[must_use]
    pub fn wall(&self) -> Timestamp {
        START.plus(EVENING + self.now())
    }

    /// Gives the executor another future.
    pub fn spawn(&self, owner: Owner, task: impl Future<Output = ()> + Send + 'static) {
        self.core().spawned.push((owner, Box::pin(task)));
    }

    /// Waits.
    #[must_use]
    pub fn sleep(&self, pause: Duration) -> Sleep {
        Sleep { handle: self.clone(), at: self.now() + pause, key: None }
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        lock(&self.0)
    }
}

/// Waits until a time.
#[derive(Debug)]
pub struct Sleep {
    handle: Handle,
    at: Duration,
    key: Option<(Duration, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut core = self.handle.core();
        if let Some(key) = self.key {
            core.alarms.remove(&key);
        }
        if core.now >= self.at {
            drop(core);
            self.key = None;
            return Poll::Ready(());
        }
        core.number += 1;
        let key = (self.at, core.number);
        core.alarms.insert(key, context.waker().clone());
        drop(core);
        self.key = Some(key);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.handle.core().alarms.remove(&key);
        }
    }
}

/// Runs a future that waits for nobody else: what opens a node, what asks it something.
///
/// # Panics
///
/// If it waits all the same.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    const POLLS: usize = 1_000_000;
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..POLLS {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
    }
    unreachable!("it waits for something that will not come")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u64) -> Vec<(u64, u64)> {
        let mut executor = Executor::new(Rng::new(seed));
        let seen: Arc<Mutex<Vec<(u64, u64)>>> = Arc::default();
        for n in 0..4u64 {
            let (handle, seen) = (executor.handle().clone(), Arc::clone(&seen));
            executor.handle().spawn(Owner::World, async move {
                for _ in 0..3 {
                    handle.sleep(Duration::from_secs(n % 2)).await;
                    lock(&seen).push((handle.now().as_secs(), n));
                }
            });
        }
        while executor.step(Duration::from_secs(60)) != Step::Idle {}
        std::mem::take(&mut *lock(&seen))
    }

    #[test]
    fn a_seed_chooses_the_order_and_time_never_goes_back() {
        assert_eq!(run(1), run(1));
        assert!((2..9).any(|seed| run(seed) != run(1)));
        assert!(run(1).is_sorted_by_key(|(at, _)| *at));
        assert_eq!(run(1).len(), 12);
    }

    #[test]
    fn who_is_paused_goes_on_later_with_what_was_waiting() {
        let mut executor = Executor::new(Rng::new(1));
        let (handle, seen): (_, Arc<Mutex<Vec<u64>>>) = (executor.handle().clone(), Arc::default());
        let writes = Arc::clone(&seen);
        executor.handle().spawn(Owner::Node(1), async move {
            handle.sleep(Duration::from_secs(1)).await;
            lock(&writes).push(handle.now().as_secs());
        });
        executor.step(Duration::ZERO);
        executor.pause(Owner::Node(1));
        while executor.step(Duration::from_secs(9)) != Step::Idle {}
        assert!(lock(&seen).is_empty() && executor.is_paused(Owner::Node(1)));
        executor.wake(Owner::Node(1));
        while executor.step(Duration::from_secs(9)) != Step::Idle {}
        assert_eq!(*lock(&seen), [9]);
    }

    #[test]
    fn what_is_ended_goes_on_no_more() {
        let mut executor = Executor::new(Rng::new(1));
        let handle = executor.handle().clone();
        let alive: Arc<()> = Arc::default();
        let held = Arc::clone(&alive);
        executor.handle().spawn(Owner::Node(1), async move {
            handle.sleep(Duration::from_secs(1)).await;
            drop(held);
            unreachable!("it was ended");
        });
        executor.step(Duration::from_secs(0));
        assert_eq!(executor.count(Owner::Node(1)), 1);
        executor.end(Owner::Node(1));
        assert_eq!(Arc::strong_count(&alive), 1, "dropped with all it held");
        assert_eq!(executor.step(Duration::from_secs(9)), Step::Idle);
    }
}
