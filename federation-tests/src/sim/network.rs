//! The network between the nodes: loses, delays, doubles, reorders, cuts, corrupts, and listens.
//!
//! A request meets the real router of the node it is sent to. Everything that arrives is kept for the oracle,
//! which so hears what a wiretap would hear.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use engagement_node::clock::Clock as _;
use engagement_node::sync::transport::{Get, PeerTransport, Pending, Post, Reply, TransportError};
use engagement_protocol::time::Timestamp;
use futures_util::future::{Either, select};
use http_body_util::BodyExt as _;
use tokio::sync::oneshot;
use tower::ServiceExt as _;

use super::clock::SimClock;
use super::executor::{Handle, Owner};
use super::lie::Lie;
use super::rng::Rng;
use super::villain::Villain;

/// What the network does to messages, in thousandths.
#[derive(Debug, Clone)]
pub struct Weather {
    /// How long a message takes one way, in milliseconds: apart from delay, this reorders.
    pub delay_ms: Range<u64>,
    /// Lost.
    pub lost: u64,
    /// Delivered twice.
    pub doubled: u64,
    /// One byte of the body is another.
    pub corrupted: u64,
    /// The body ends early.
    pub truncated: u64,
}

impl Weather {
    /// A network without faults.
    #[must_use]
    pub const fn fair() -> Self {
        Self { delay_ms: 1..20, lost: 0, doubled: 0, corrupted: 0, truncated: 0 }
    }
}

/// The network, shared by all transports.
#[derive(Debug, Clone)]
pub struct Network {
    handle: Handle,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    hosts: BTreeMap<String, Host>,
    weather: Weather,
    /// Directions in which nothing passes.
    cut: BTreeSet<(usize, usize)>,
    rng: Rng,
    heard: Vec<Heard>,
    faults: u64,
}

/// A machine with an address.
#[derive(Debug)]
struct Host {
    number: usize,
    service: Service,
    /// What it does to its answers before they leave.
    lie: Option<Lie>,
}

#[derive(Debug, Clone)]
enum Service {
    Down,
    Node { owner: usize, router: Router, clock: SimClock },
    Villain(Arc<Mutex<Villain>>),
}

/// Something that was said over the wire, as it arrived.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Who asked.
    pub asker: usize,
    /// Who was asked.
    pub asked: usize,
    /// Method and path.
    pub path: String,
    /// What was sent along.
    pub sent: Vec<u8>,
    /// The status, as it left the asked.
    pub status: u16,
    /// The body, as it left the asked.
    pub body: Vec<u8>,
    /// Whether a lie was told.
    pub lie: bool,
    /// How many bytes the asker is ready to take.
    pub limit: usize,
}

/// A node's way to the others.
#[derive(Debug)]
pub struct SimTransport {
    me: usize,
    network: Network,
}

struct Ask {
    method: &'static str,
    base: String,
    path: String,
    etag: Option<String>,
    body: Vec<u8>,
    limit: usize,
    deadline: Duration,
}

struct Fate {
    lost: bool,
    doubled: bool,
    delay: Duration,
    again: Duration,
}

impl Network {
    /// Begins without hosts.
    #[must_use]
    pub fn new(handle: Handle, rng: Rng) -> Self {
        let state = State {
            hosts: BTreeMap::new(),
            weather: Weather::fair(),
            cut: BTreeSet::new(),
            rng,
            heard: Vec::new(),
            faults: 0,
        };
        Self { handle, state: Arc::new(Mutex::new(state)) }
    }

    /// Returns the address of host `number`.
    #[must_use]
    pub fn url(number: usize) -> String {
        format!("https://n{number}.example")
    }

    /// Returns the way of `me` to the others.
    #[must_use]
    pub fn transport(&self, me: usize) -> Arc<dyn PeerTransport> {
        Arc::new(SimTransport { me, network: self.clone() })
    }

    /// Lets a node answer.
    pub fn open(&self, number: usize, router: Router, clock: SimClock) {
        self.host(number, Service::Node { owner: number, router, clock });
    }

    /// Lets a villain answer.
    pub fn open_villain(&self, number: usize, villain: Arc<Mutex<Villain>>) {
        self.host(number, Service::Villain(villain));
    }

    /// Lets the name of a host lead to another.
    pub fn lead(&self, name: usize, to: usize) {
        let mut state = self.state();
        let service = state.hosts.get(&Self::url(to)).map(|host| host.service.clone());
        if let (Some(service), Some(host)) = (service, state.hosts.get_mut(&Self::url(name))) {
            host.service = service;
        }
    }

    /// Lets nobody answer.
    pub fn close(&self, number: usize) {
        self.host(number, Service::Down);
    }

    /// Lets host `number` lie, or be honest.
    pub fn lie(&self, number: usize, lie: Option<Lie>) {
        if let Some(host) = self.state().hosts.get_mut(&Self::url(number)) {
            host.lie = lie;
        }
    }

    /// Changes the weather.
    pub fn set_weather(&self, weather: Weather) {
        self.state().weather = weather;
    }

    /// Cuts or mends one direction.
    pub fn cut(&self, from: usize, to: usize, cut: bool) {
        let mut state = self.state();
        if cut {
            state.cut.insert((from, to))
        } else {
            state.cut.remove(&(from, to))
        };
    }

    /// Mends everything.
    pub fn heal(&self) {
        let mut state = self.state();
        state.cut.clear();
        state.weather = Weather::fair();
        state.hosts.values_mut().for_each(|host| host.lie = None);
    }

    /// Takes what was heard since the last call.
    #[must_use]
    pub fn take_heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.state().heard)
    }

    /// Returns how many messages met a fault.
    #[must_use]
    pub fn faults(&self) -> u64 {
        self.state().faults
    }

    fn host(&self, number: usize, service: Service) {
        let mut state = self.state();
        let host = Host { number, service: Service::Down, lie: None };
        state.hosts.entry(Self::url(number)).or_insert(host).service = service;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fate(&self, from: usize, to: usize) -> Fate {
        let mut state = self.state();
        let weather = state.weather.clone();
        let (lost, doubled) = (state.rng.happens(weather.lost), state.rng.happens(weather.doubled));
        let (delay, again) =
            (state.rng.pause(weather.delay_ms.clone()), state.rng.pause(weather.delay_ms));
        let cut = state.cut.contains(&(from, to));
        state.faults += u64::from(lost) + u64::from(doubled) + u64::from(cut);
        Fate { lost: lost || cut, doubled, delay, again }
    }

    /// Asks, without a deadline: what is lost is never answered.
    async fn ask(&self, me: usize, ask: &Ask) -> Result<Reply, TransportError> {
        let unreachable = |why: &str| TransportError::Unreachable(why.to_owned());
        let to = self.state().hosts.get(&ask.base).map(|host| host.number);
        let Some(to) = to else { return Err(unreachable("no such name")) };
        let fate = self.fate(me, to);
        self.handle.sleep(fate.delay).await;
        if fate.lost {
            std::future::pending::<()>().await;
        }
        if fate.doubled {
            let (network, request) = (self.clone(), ask.request(me));
            let handle = self.handle.clone();
            self.handle.spawn(Owner::World, async move {
                handle.sleep(fate.again).await;
                drop(network.deliver(to, &request));
            });
        }
        let arrived = self.deliver(to, &ask.request(me));
        let Some(arrived) = arrived else { return Err(unreachable("connection refused")) };
        let Ok(mut reply) = arrived.await else { return Err(unreachable("connection reset")) };
        let lied = self.told(me, to, ask, &mut reply);
        let fate = self.fate(to, me);
        if !lied {
            self.spoil(&mut reply);
        }
        self.handle.sleep(fate.delay).await;
        if fate.lost || reply.status == 0 {
            std::future::pending::<()>().await;
        }
        // The transport's own duty: nothing longer than asked for ever reaches the node.
        if reply.body.len() > ask.limit {
            return Err(TransportError::TooLong(ask.limit));
        }
        Ok(reply)
    }

    /// Hands a request to who answers; nothing if nobody listens.
    fn deliver(&self, to: usize, request: &Asked) -> Option<oneshot::Receiver<Reply>> {
        let service = self.state().hosts.get(&Self::url(to)).map(|host| host.service.clone())?;
        let (answer, answered) = oneshot::channel();
        match service {
            Service::Down => return None,
            Service::Villain(villain) => {
                let now = self.handle.wall();
                let mut villain = villain.lock().unwrap_or_else(PoisonError::into_inner);
                drop(answer.send(villain.answer(request.asker, &request.path, now)));
            }
            Service::Node { owner, router, clock } => {
                let request = request.to_http();
                self.handle.spawn(Owner::Node(owner), async move {
                    let date = clock.now();
                    let answered = router.oneshot(request).await;
                    let response = answered.unwrap_or_else(|never| match never {});
                    drop(answer.send(reply(response, date).await));
                });
            }
        }
        Some(answered)
    }

    /// Lets the asked lie, and keeps what was said.
    fn told(&self, me: usize, to: usize, ask: &Ask, reply: &mut Reply) -> bool {
        let mut state = self.state();
        let state = &mut *state;
        let lie = state.hosts.get_mut(&Self::url(to)).and_then(|host| host.lie.as_mut());
        let honest = Heard {
            asker: me,
            asked: to,
            path: format!("{} {}", ask.method, ask.path),
            sent: ask.body.clone(),
            status: reply.status,
            body: reply.body.clone(),
            lie: false,
            limit: ask.limit,
        };
        let lied = lie.is_some_and(|lie| lie.tell(&ask.path, reply, &mut state.rng));
        state.faults += u64::from(lied);
        state.heard.push(Heard { lie: lied, ..honest });
        lied
    }

    fn spoil(&self, reply: &mut Reply) {
        let mut state = self.state();
        let state = &mut *state;
        if !reply.body.is_empty() && state.rng.happens(state.weather.corrupted) {
            let at = state.rng.below(reply.body.len());
            if let Some(byte) = reply.body.get_mut(at) {
                *byte ^= 1 << state.rng.below(8);
            }
            state.faults += 1;
        }
        if state.rng.happens(state.weather.truncated) {
            reply.body.truncate(state.rng.below(reply.body.len()));
            state.faults += 1;
        }
    }
}

impl SimTransport {
    async fn exchange(&self, ask: Ask) -> Result<Reply, TransportError> {
        let network = &self.network;
        let deadline = network.handle.sleep(ask.deadline);
        let answer = std::pin::pin!(network.ask(self.me, &ask));
        match select(answer, deadline).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(TransportError::Late(ask.deadline.as_secs())),
        }
    }
}

impl PeerTransport for SimTransport {
    fn get(&self, get: Get) -> Pending<'_, Result<Reply, TransportError>> {
        let Get { base, path, etag, limit, deadline } = get;
        let ask = Ask { method: "GET", base, path, etag, body: Vec::new(), limit, deadline };
        Box::pin(self.exchange(ask))
    }

    fn post(&self, post: Post) -> Pending<'_, Result<Reply, TransportError>> {
        let Post { base, path, body, limit, deadline } = post;
        Box::pin(self.exchange(Ask {
            method: "POST",
            base,
            path,
            etag: None,
            body,
            limit,
            deadline,
        }))
    }
}

/// A request on its way.
struct Asked {
    asker: usize,
    method: &'static str,
    path: String,
    etag: Option<String>,
    body: Vec<u8>,
}

impl Ask {
    fn request(&self, asker: usize) -> Asked {
        Asked {
            asker,
            method: self.method,
            path: self.path.clone(),
            etag: self.etag.clone(),
            body: self.body.clone(),
        }
    }
}

impl Asked {
    fn to_http(&self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        if let Some(etag) = &self.etag {
            request = request.header("if-none-match", etag);
        }
        request.body(Body::from(self.body.clone())).expect("a node asks well-formed questions")
    }
}

/// Asks a router as a browser on the same machine does.
pub async fn browse(router: Router, path: &str) -> Reply {
    let request = Request::get(path).body(Body::empty()).expect("a well-formed path");
    let answered = router.oneshot(request).await;
    reply(answered.unwrap_or_else(|never| match never {}), Timestamp::from_ms(0)).await
}

async fn reply(response: axum::response::Response, date: Timestamp) -> Reply {
    let status = response.status().as_u16();
    let etag = response.headers().get("etag").and_then(|etag| etag.to_str().ok());
    let etag = etag.map(str::to_owned);
    let body = response.into_body().collect().await;
    let body = body.map_or_else(|_| Vec::new(), |body| body.to_bytes().to_vec());
    Reply { status, etag, date: Some(date), body }
}
