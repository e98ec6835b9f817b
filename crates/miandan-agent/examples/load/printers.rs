//! Printers that take everything at once and keep nothing: a connection is a label. What is measured is then the agent, and
//! not paper.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;

use miandan_testing::printer::tspl;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use crate::barcode;
use crate::book::Book;

/// Of the heads of the printers.
const DPI: u32 = 203;

/// Takes labels at a port from now on.
pub(crate) async fn start(port: u16, book: Arc<Book>) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            tokio::spawn(take(line, Arc::clone(&book)));
        }
    });
    Ok(())
}

async fn take(mut line: TcpStream, book: Arc<Book>) {
    let (mut label, mut first) = (Vec::with_capacity(64 << 10), None);
    while let Ok(read @ 1..) = line.read_buf(&mut label).await {
        first.get_or_insert_with(Instant::now);
        debug_assert!(read > 0);
    }
    let whole = Instant::now();
    // The agent waits for this end of the connection; what is read of the label is our own time.
    drop(line);
    let Some(first) = first else { return };
    let sheets = tspl::read(&label, DPI).unwrap_or_default();
    match &sheets[..] {
        [sheet] => book.label(barcode::read(sheet).as_deref(), first, whole),
        _ => book.label(None, first, whole),
    }
}
