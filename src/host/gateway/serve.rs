//! The accept loop: HTTP/1 on every connection, with a bound and a time limit for everything a stranger may do.
//!
//! `axum::serve` has no limits on handshakes and bodies, and gives the socket away where we want to break it; so the
//! loop is our own, over hyper. A request that becomes a WebSocket leaves its session in the connection's [`Place`], and
//! the same task runs it: every task that serves a socket is in one set, which ends with the server.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::Parts;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tower::ServiceExt;

use crate::host::gateway::cut::{Cut, CutStream};
use crate::host::gateway::line::Line;
use crate::host::gateway::problem::{self, Problem};
use crate::host::gateway::visitor::{self, Names};
use crate::host::link::Peer;
use crate::host::shutdown::Shutdown;
use crate::host::shutdown::door::Door;

mod body;

use body::TimedBody;

/// Connections at one time; more wait in the kernel. A little under the usual limit of open files.
pub const CONNECTIONS_MAX: usize = 19_900;
/// How long a client may take over the header of a request, and over its body.
pub const READ_WITHIN: Duration = Duration::from_secs(10);
/// Largest body of a request, in bytes. Providers, who take many recipients at once, have a bound and words of their own.
pub const BODY_MAX: usize = 1_024 * 1_024;
/// How long sessions have to say goodbye when the server ends.
pub const GOODBYE_WITHIN: Duration = Duration::from_secs(4);
/// Headers of a request.
const HEADERS_MAX: usize = 64;
/// Connections that the kernel may hold for us: a whole city that comes back at once.
const BACKLOG: u32 = 4_096;
/// What the kernel may hold of a client that reads slowly: small, so that it soon meets our own queue and our own rule.
const SEND_BUFFER: usize = 64 * 1_024;

/// What a session needs to take over: the line, and what was read of it already.
pub type Session = Box<dyn FnOnce(Line, Vec<u8>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// What a handler may know of its connection; every request carries it as an extension.
#[derive(Clone)]
pub struct Place {
    /// The switch that cuts the connection.
    pub cut: Arc<Cut>,
    /// Where a handshake leaves the session that follows it.
    session: Arc<Mutex<Option<(hyper::upgrade::OnUpgrade, Session)>>>,
}

impl Place {
    /// Leaves the session that begins when the handshake has been answered.
    pub fn hand_over(&self, upgrade: hyper::upgrade::OnUpgrade, session: Session) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = Some((upgrade, session));
    }

    fn take(&self) -> Option<(hyper::upgrade::OnUpgrade, Session)> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A listener with room for a reconnect storm. Port 0 asks the kernel for a free one.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    // Accepted sockets inherit it.
    socket.set_send_buffer_size(SEND_BUFFER as u32)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until the switch is thrown, then lets connections end for [`GOODBYE_WITHIN`] and cuts the rest.
///
/// `names` are host names besides loopback under which clients may call.
pub async fn serve(listener: TcpListener, router: Router, names: Names, shutdown: Shutdown) {
    let router = router
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn(announced))
        .layer(middleware::from_fn_with_state(Arc::new(names), visitor::check));
    let door = Door { connections_max: CONNECTIONS_MAX, goodbye_within: GOODBYE_WITHIN };
    let each = |stream, place| connection(stream, place, router.clone(), shutdown.clone());
    door.open(listener, shutdown.clone(), each).await;
}

/// Turns a body of our own API away that says itself that it is too large, before any of it is waited for. One that does
/// not say is cut off by the body limit while it is read.
async fn announced(request: Request, next: Next) -> Response {
    let own = ["/v1/", "/ws/"].iter().any(|own| request.uri().path().starts_with(own));
    if !own || request.body().size_hint().lower() <= BODY_MAX as u64 {
        return next.run(request).await;
    }
    let detail = format!("expected at most {BODY_MAX} bytes");
    Problem::new(problem::BODY_TOO_LARGE, detail).into_response()
}

async fn connection(stream: TcpStream, permit: OwnedSemaphorePermit, router: Router, shutdown: Shutdown) {
    // Both only make things slower when they fail, and fail only on a socket that is gone already.
    let _ = stream.set_nodelay(true);
    let _ = SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER);
    let place = Place { cut: Arc::default(), session: Arc::default() };
    let peer = Peer(stream.peer_addr().ok().map(|address| address.ip()));
    let stream = CutStream::new(stream, Arc::clone(&place.cut), permit);
    // Boxed, so that its memory goes before the session begins.
    Box::pin(http(stream, place.clone(), peer, router, shutdown)).await;
    let Some((upgrade, session)) = place.take() else { return };
    let Ok(upgraded) = upgrade.await else { return };
    let Ok(Parts { io, read_buf, .. }) = upgraded.downcast::<TokioIo<CutStream>>() else { return };
    let read = read_buf.to_vec();
    // Even when it is empty it holds hyper's buffer of 8 KiB, which the session shall not keep.
    drop(read_buf);
    let Ok(line) = io.into_inner().into_line() else { return };
    session(line, read).await;
}

/// Speaks HTTP until the client closes, becomes a WebSocket, is cut or the server ends.
async fn http(stream: CutStream, place: Place, peer: Peer, router: Router, mut shutdown: Shutdown) {
    let cut = Arc::clone(&place.cut);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(|body| Body::new(TimedBody::new(body, READ_WITHIN)));
        request.extensions_mut().insert(place.clone());
        request.extensions_mut().insert(peer);
        let router = router.clone();
        async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_WITHIN)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // An error here is the client's: a broken request or line. There is nobody left to tell.
        _ = connection.as_mut() => return,
        () = cut.asked() => return,
        () = shutdown.asked() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = cut.asked() => {}
    }
}
