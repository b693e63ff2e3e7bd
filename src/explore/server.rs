//! The server: loopback only, own address only, a few paths.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::answer::{Answer, Question, answer};
use super::assets;
use super::choices::choices;
use super::connections;
use super::error::ExploreError;
use super::limits::Limits;
use super::refusal::Refusal;
use crate::cancel::CancelToken;
use crate::scenario::Scenario;

const JSON: &str = "application/json";
const TOML: &str = "application/toml";

/// What every answer carries: nothing is loaded from elsewhere, guessed, framed or kept.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
];

/// A port of this machine that is open for the page.
///
/// ```no_run
/// use biodist::explore::Explore;
/// let page = Explore::bind(0)?;
/// println!("{}", page.url());
/// page.serve()?;
/// # Ok::<(), biodist::explore::ExploreError>(())
/// ```
#[derive(Debug)]
pub struct Explore {
    listener: TcpListener,
    address: SocketAddr,
    limits: Limits,
}

/// Serves the page at a port of 127.0.0.1 until the program is ended; `ready` is told the address.
///
/// Port 0 is any free port.
///
/// # Errors
/// [`ExploreError::Listen`] when the port cannot be opened; [`ExploreError::Stopped`].
pub fn serve(port: u16, ready: impl FnOnce(&str)) -> Result<(), ExploreError> {
    let page = Explore::bind(port)?;
    ready(&page.url());
    page.serve()
}

impl Explore {
    /// Opens a port of 127.0.0.1; 0 is any free one.
    ///
    /// # Errors
    /// [`ExploreError::Listen`] when the port is taken or not allowed.
    pub fn bind(port: u16) -> Result<Self, ExploreError> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let fail = |reason| ExploreError::Listen { address, reason };
        let listener = TcpListener::bind(address).map_err(fail)?;
        listener.set_nonblocking(true).map_err(fail)?;
        let address = listener.local_addr().map_err(fail)?;
        Ok(Self {
            listener,
            address,
            limits: Limits::default(),
        })
    }

    /// The same with other bounds.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where the page is.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to open in a browser.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until the program is ended.
    ///
    /// # Errors
    /// [`ExploreError::Stopped`] when the operating system ends it.
    pub fn serve(self) -> Result<(), ExploreError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(ExploreError::Stopped)?;
        let limits = self.limits.clone();
        let site = Arc::new(Site {
            port: self.address.port(),
            turns: Arc::new(Semaphore::new(self.limits.simultaneous.get())),
            limits: self.limits,
        });
        let router = Router::new().fallback(handle).with_state(site);
        let served = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            connections::serve(listener, router, &limits).await;
            Ok(())
        });
        served.map_err(ExploreError::Stopped)
    }
}

/// What every request needs.
struct Site {
    port: u16,
    limits: Limits,
    turns: Arc<Semaphore>,
}

async fn handle(State(site): State<Arc<Site>>, request: Request) -> Response {
    let mut response = match site.respond(request).await {
        Ok(response) => response,
        Err(refusal) => json(refusal.status(), &refusal.message()),
    };
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

impl Site {
    async fn respond(&self, request: Request) -> Result<Response, Refusal> {
        self.check_caller(request.headers())?;
        let path = request.uri().path().to_string();
        match (request.method(), path.as_str()) {
            (&Method::GET, "/api/choices") => {
                let choices = choices(&self.limits).map_err(|_| Refusal::Broken)?;
                Ok(json(StatusCode::OK, &choices))
            }
            (&Method::POST, "/api/simulate") => {
                let answer = self.simulate(request).await?;
                Ok(json(StatusCode::OK, &answer))
            }
            (&Method::GET, path) => match assets::at(path) {
                Some(asset) => Ok(with_type(StatusCode::OK, asset.kind, asset.text)),
                None => Err(Refusal::NotFound(path.to_string())),
            },
            (method, _) => Err(Refusal::WrongMethod(method.to_string())),
        }
    }

    /// Another page may lead its own name to this machine, or post to this one: neither is answered.
    fn check_caller(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let own = |address: &str| {
            let (name, port) = address.split_once(':').unwrap_or((address, "80"));
            let known = ["127.0.0.1", "localhost"];
            known.iter().any(|own| own.eq_ignore_ascii_case(name)) && port == self.port.to_string()
        };
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let mut hosts = headers.get_all(HOST).iter().map(text);
        match (hosts.next(), hosts.next()) {
            (Some(host), None) if own(&host) => {}
            (host, _) => return Err(Refusal::WrongHost(host.unwrap_or_default())),
        }
        match headers.get(ORIGIN).map(text) {
            Some(origin) if !origin.strip_prefix("http://").is_some_and(own) => {
                Err(Refusal::WrongOrigin(origin))
            }
            _ => Ok(()),
        }
    }

    async fn simulate(&self, request: Request) -> Result<Answer, Refusal> {
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.map_or_else(String::new, |kind| {
            let text = String::from_utf8_lossy(kind.as_bytes()).to_lowercase();
            text.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_string()
        });
        let read: fn(&str) -> Result<Question, Refusal> = match kind.as_str() {
            JSON => from_json,
            TOML => from_toml,
            _ => return Err(Refusal::WrongType(kind)),
        };
        let most = self.limits.bytes;
        let bytes = timeout(self.limits.patience, to_bytes(request.into_body(), most)).await;
        let bytes = bytes
            .map_err(|_| Refusal::TooSlow)?
            .map_err(|_| Refusal::TooLong { most })?;
        let question = read(std::str::from_utf8(&bytes).map_err(|_| Refusal::NotText)?)?;
        let turn = timeout(
            self.limits.patience,
            Arc::clone(&self.turns).acquire_owned(),
        );
        let turn = turn.await.map_err(|_| Refusal::Busy)?;
        let turn = turn.map_err(|_| Refusal::Busy)?;
        let limits = self.limits.clone();
        let token = CancelToken::new().with_deadline(limits.computing);
        let _asked = Asked(token.clone());
        let work = tokio::task::spawn_blocking(move || {
            // The turn ends with the work.
            let _turn = turn;
            answer(&question, &limits, &token)
        });
        work.await.map_err(|_| Refusal::Broken)?
    }
}

/// Somebody waits for the answer: dropped when the connection is closed, and the work ends.
struct Asked(CancelToken);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

fn from_json(text: &str) -> Result<Question, Refusal> {
    serde_json::from_str(text).map_err(|error| Refusal::NotJson(error.to_string()))
}

fn from_toml(text: &str) -> Result<Question, Refusal> {
    Ok(Question {
        scenario: Scenario::from_toml(text)?,
        assay: None,
    })
}

fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => with_type(status, JSON, text),
        Err(_) => with_type(StatusCode::INTERNAL_SERVER_ERROR, JSON, "{}"),
    }
}

fn with_type(status: StatusCode, kind: &'static str, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
