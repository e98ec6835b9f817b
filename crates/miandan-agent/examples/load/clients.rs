//! Order systems: each has a connection, and prints its orders one task after the other, in Cainiao's dialect.

use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use miandan_testing::Random;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::book::Book;

/// How fast an order system prints.
pub(crate) enum Pace {
    /// So many tasks a second, with gaps that are irregular by half.
    Rate(f64, Random),
    /// So many tasks are on their way at once.
    Window(usize),
}

/// An order system.
pub(crate) struct Client {
    write: SplitSink<WebSocketStream<TcpStream>, Message>,
    read: SplitStream<WebSocketStream<TcpStream>>,
    book: Arc<Book>,
    printer: String,
    tasks: Vec<usize>,
    pace: Pace,
}

impl Client {
    pub(crate) async fn connect(
        port: u16,
        book: Arc<Book>,
        printer: String,
        tasks: Vec<usize>,
        pace: Pace,
    ) -> Result<Self, Box<dyn Error>> {
        let line = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        line.set_nodelay(true)?;
        let (socket, _) = client_async(format!("ws://localhost:{port}/"), line).await?;
        let (write, read) = socket.split();
        Ok(Client { write, read, book, printer, tasks, pace })
    }

    /// Prints, and hears what becomes of it until nobody wants to know any more.
    pub(crate) async fn run(self, began: Instant) {
        let Client { mut write, read, book, printer, tasks, mut pace } = self;
        let window = Arc::new(Semaphore::new(match pace {
            Pace::Rate(..) => Semaphore::MAX_PERMITS,
            Pace::Window(most) => most,
        }));
        let heard = tokio::spawn(hear(read, Arc::clone(&book), Arc::clone(&window)));
        let mut due = began;
        for (nth, place) in tasks.into_iter().enumerate() {
            let message = print(&book, place, &printer);
            if let Pace::Rate(rate, random) = &mut pace {
                // The first ones are spread over a whole gap.
                let part = random.below(1_000) as f64 / 1e3 + if nth == 0 { 0.0 } else { 0.5 };
                due += Duration::from_secs_f64(part / *rate);
                tokio::time::sleep_until(due.into()).await;
            }
            match window.acquire().await {
                Ok(permit) => permit.forget(),
                Err(_) => break,
            }
            book.times(place).sent = Some(Instant::now());
            if write.send(Message::text(message)).await.is_err() {
                break;
            }
        }
        let _ = heard.await;
    }
}

fn print(book: &Book, place: usize, printer: &str) -> String {
    let order = book.order(place);
    let content = json!({
        "encryptedData": order.data,
        "templateURL": "http://cloudprint.cainiao.com/template/standard/101/1",
    });
    let documents = json!([{ "documentID": order.waybill, "contents": [content] }]);
    let task = json!({
        "taskID": place.to_string(),
        "preview": false,
        "printer": printer,
        "notifyType": ["render", "print"],
        "documents": documents,
    });
    json!({ "cmd": "print", "requestID": place.to_string(), "version": "1.0", "task": task }).to_string()
}

async fn hear(mut read: SplitStream<WebSocketStream<TcpStream>>, book: Arc<Book>, window: Arc<Semaphore>) {
    while let Some(Ok(message)) = read.next().await {
        let Message::Text(text) = message else { continue };
        let Ok(message) = serde_json::from_str::<Value>(&text) else { continue };
        let task = message["taskID"].as_str().or(message["taskId"].as_str());
        let Some(place) = task.and_then(|task| task.parse().ok()) else { continue };
        match (message["cmd"].as_str(), message["status"].as_str()) {
            (Some("print"), _) => {
                book.times(place).accepted.get_or_insert_with(Instant::now);
            }
            (Some("notifyDocResult"), Some("rendered")) => {
                book.times(place).made.get_or_insert_with(Instant::now);
            }
            (Some("notifyPrintResult"), _) => {
                book.ended(place, message["taskStatus"] == "printed");
                window.add_permits(1);
            }
            _ => {}
        }
    }
}
