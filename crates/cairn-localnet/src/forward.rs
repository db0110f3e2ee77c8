use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener as AsyncListener, TcpStream},
    task::JoinHandle,
};

use crate::LocalnetError;

fn loopback(port: u16) -> SocketAddr {
    SocketAddrV4::new(Ipv4Addr::LOCALHOST, port).into()
}

/// Takes the port at once, so that a second network on it fails before it starts anything.
pub(crate) fn take(port: u16) -> Result<TcpListener, LocalnetError> {
    let listener =
        TcpListener::bind(loopback(port)).map_err(|source| LocalnetError::Port { port, source })?;
    listener
        .set_nonblocking(true)
        .map_err(|source| LocalnetError::Port { port, source })?;
    Ok(listener)
}

/// Carries every connection on `listener` to the port that the network chose for itself: surfpool's SDK always takes
/// any free one, while people and tools expect 8899.
pub(crate) fn forward(listener: TcpListener, to: u16) -> Result<JoinHandle<()>, LocalnetError> {
    let listener = AsyncListener::from_std(listener).map_err(|source| LocalnetError::Start {
        reason: source.to_string(),
    })?;
    Ok(tokio::spawn(async move {
        loop {
            let Ok((mut near, _)) = listener.accept().await else {
                // Out of file descriptors or the like: let others make progress, then accept again.
                tokio::task::yield_now().await;
                continue;
            };
            tokio::spawn(async move {
                if let Ok(mut far) = TcpStream::connect(loopback(to)).await {
                    // Either side may hang up at any time.
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                }
            });
        }
    }))
}
