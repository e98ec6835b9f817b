//! How many labels a second one machine sends to ten printers at once, simulated ones, which it simulates as well: labels of
//! 100 KB, once to printers that take them at once and are not asked, once to printers that print each for a while and confirm
//! it.
//!
//!     cargo run --release -p miandan-device --example ten_printers -- 200
#![allow(clippy::print_stdout, reason = "a program")]

#[cfg(unix)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::sync::atomic::AtomicBool;
    use std::thread;
    use std::time::{Duration, Instant};

    use miandan_device::{Device, DeviceOptions, StatusDialect, Timeouts};
    use miandan_testing::device::{Script, SimulatedPrinter, Speech};

    const PRINTERS: usize = 10;
    const BYTES: usize = 100_000;

    let labels: usize = std::env::args().nth(1).map_or(Ok(200), |text| text.parse())?;
    let label = {
        let mut label = format!("SIZE 76 mm,130 mm\r\nCLS\r\nBITMAP 0,0,{BYTES},1,0,").into_bytes();
        label.extend((0..BYTES).map(|number| (number % 251) as u8));
        label.extend(b"\r\nPRINT 1,1\r\n");
        label
    };
    for (status, print_time, labels) in
        [(StatusDialect::None, 0, labels), (StatusDialect::Tspl, 100, labels.div_ceil(5))]
    {
        let script = Script::well(Speech::Tspl).printing_for(print_time);
        let printers: Vec<_> =
            (0..PRINTERS).map(|_| SimulatedPrinter::start(script.clone())).collect::<Result<_, _>>()?;
        let timeouts = Timeouts { poll: Duration::from_millis(10), ..Timeouts::default() };
        let options = DeviceOptions { status, timeouts, ..DeviceOptions::default() };
        let mut devices = Vec::new();
        for printer in &printers {
            devices.push(Device::open(&printer.uri().parse()?, options.clone())?);
        }
        let label = &label;
        let began = Instant::now();
        let sent: usize = thread::scope(|scope| {
            let sending = devices.iter_mut().map(|device| {
                let send = move |_: &usize| device.send("1", label, &AtomicBool::new(false)).is_ok();
                scope.spawn(move || (0..labels).filter(send).count())
            });
            let sending: Vec<_> = sending.collect();
            sending.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
        });
        let seconds = began.elapsed().as_secs_f64();
        let printed: usize = printers
            .iter()
            .map(|printer| {
                let _ = printer.wait_for_printed(labels);
                printer.printed().len()
            })
            .sum();
        println!(
            "{PRINTERS} printers, status {status}, {print_time} ms a label: {sent} of {} labels sent, {printed} printed, {:.0} labels a second, {:.1} MB a second",
            labels * PRINTERS,
            sent as f64 / seconds,
            (sent * label.len()) as f64 / seconds / 1e6,
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn main() {}
