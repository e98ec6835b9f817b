//! What a component keeps in its memory of a thousand orders that it has opened: nothing of what a label hides.
//!
//! `cargo test -p miandan-component --features attacks --test memory`. Linux only. The sealer and the component are
//! processes of their own; the texts that are looked for are made when the test begins, so they are in no program.
//! The component is the real one, locked, but may be looked into.
//!
//! The controls: a careless component that copies every opened field and gives the copies back leaves nothing either,
//! since the allocator wipes; without that the same search finds them.
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // it starts programs and talks

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use miandan_component::attack;
use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, LabelNumber, Purpose, Resolution};
use miandan_core::pipe::{self, Answer, LabelAnswer, MAX_ANSWER, RenderLabel, Request, TemplateKind};
use miandan_core::printer::{Graphics, Language, Profile};
use miandan_core::stamp::Stamp;
use miandan_render::shipped::ONE_PART_76X130;
use miandan_seal::StationPublic;
use miandan_seal::issue::{IssuerKey, PlainOrder, SealOptions, seal_batch};
use miandan_seal::keys::{StationScope, Validity};
use miandan_testing::{Needles, memory};
use ring::rand::{SecureRandom, SystemRandom};

const NOW: u64 = 1_800_000_000;
const ORDERS: u32 = 1000;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    match arguments.next().and_then(|role| role.into_string().ok()).as_deref() {
        Some("--serve") => attack::serve(arguments, false, true),
        Some("--serve-careless") => attack::serve(arguments, true, true),
        Some("--serve-careless-without-wiping") => attack::serve(arguments, true, false),
        Some("--seal") => seal(Path::new(&arguments.next().expect("a folder"))),
        _ => search(),
    }
}

/// What a label hides of each order, the same in all of them.
struct Hidden {
    /// Chinese characters after the first of a name.
    names: [String; 2],
    /// The first seven digits of a mobile.
    mobiles: [String; 2],
    unit: String,
    rooms: [String; 2],
}

impl Hidden {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pick = |letters: &str, count: usize| {
            let letters: Vec<char> = letters.chars().collect();
            let mut bytes = vec![0; count];
            random.fill(&mut bytes).expect("random bytes");
            bytes.iter().map(|&byte| letters[usize::from(byte) % letters.len()]).collect::<String>()
        };
        let name = || pick("阳匿徒遮蔽隐藏甲乙丙丁戊己庚辛壬癸霖岚峻澜", 4);
        let digits = |count| pick("0123456789", count);
        Hidden {
            names: [name(), name()],
            mobiles: [format!("12{}", digits(5)), format!("12{}", digits(5))],
            unit: digits(8),
            rooms: [digits(8), digits(8)],
        }
    }

    fn lines(&self) -> [&str; 7] {
        let Hidden { names: [a, b], mobiles: [c, d], unit, rooms: [e, f] } = self;
        [a, b, c, d, unit, e, f]
    }

    fn order(&self, number: u32) -> String {
        let [a, b, c, d, unit, e, f] = self.lines();
        format!(
            r#"{{"order_id":"M{number:08}","waybill_no":"YT{number:013}","carrier":"YTO",
            "recipient":{{"name":"欧{a}","mobile":"{c}{:04}","province":"浙江省","city":"杭州市","district":"西湖区",
            "town":"古荡街道","detail":"望春路90号栖霞花园17号楼{unit}单元{e}室"}},
            "sender":{{"name":"司{b}","mobile":"{d}5510","province":"浙江省","city":"杭州市","district":"西湖区",
            "town":"古荡街道","detail":"工业路3号{f}室"}},
            "routing":{{"code":"356-01-02 F3"}},"items":[{{"name":"杯","sku":"C","count":1}}]}}"#,
            number % 10_000
        )
    }
}

/// The platform: plain orders from `hidden`, one part a line, to `sealed`, one order a line.
fn seal(folder: &Path) -> ExitCode {
    let text = fs::read_to_string(folder.join("hidden")).expect("what to hide");
    let mut lines = text.lines().map(str::to_owned);
    let mut next = || lines.next().expect("seven lines");
    let hidden =
        Hidden { names: [next(), next()], mobiles: [next(), next()], unit: next(), rooms: [next(), next()] };
    let issuer = IssuerKey::parse(&fs::read(folder.join("issuer.key")).expect("a key")).expect("a key");
    let station =
        StationPublic::parse(&fs::read(folder.join("station.key.pub")).expect("a key")).expect("a key");
    let orders: Vec<_> = (0..ORDERS)
        .map(|number| {
            PlainOrder::parse(hidden.order(number).replace('\n', " ").as_bytes()).expect("an order")
        })
        .collect();
    let aud = "M1".to_owned();
    let options = SealOptions { aud, stn: None, iat: NOW, nbf: NOW, exp: NOW + 3600, mask: None, max: None };
    let sealed = seal_batch(&issuer, &[station], &orders, &options, &SystemRandom::new()).expect("a batch");
    fs::write(folder.join("sealed"), sealed.join("\n")).expect("a file");
    ExitCode::SUCCESS
}

fn search() -> ExitCode {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let random = SystemRandom::new();
    let scope = StationScope { id: "S".into(), groups: vec![], merchants: vec!["M1".into()] };
    let key = miandan_unseal::keygen::station(&scope, Validity::default(), None, &random).expect("a key");
    let issuer = IssuerKey::generate("p", &random).expect("a key");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
    };
    let hidden = Hidden::new();
    write("station.key", key.expose_secret());
    write("station.key.pub", &key.public);
    write("issuer.key", &issuer.expose_text());
    write("issuer.key.pub", &issuer.public().to_text());
    write("hidden", &hidden.lines().join("\n"));
    let program = std::env::current_exe().expect("this program");
    let sealed = Command::new(&program).arg("--seal").arg(folder.path()).status().expect("a sealer");
    assert!(sealed.success(), "the orders are sealed");
    let sealed = fs::read_to_string(folder.path().join("sealed")).expect("sealed orders");
    let sealed: Vec<&[u8]> = sealed.lines().map(str::as_bytes).collect();

    let needles = Needles::new(&hidden.lines());
    let mut faults = 0;
    let plain = Profile::plain(Language::Zpl, Resolution::Dpi203, 832);
    let printer = Profile { graphics: Graphics::Z64, ..plain };
    for format in [Format::Pdf, Format::Png, Format::Frame, Format::Printer(printer)] {
        for (role, expected) in
            [("--serve", false), ("--serve-careless", false), ("--serve-careless-without-wiping", true)]
        {
            let mut component = Component::start(&program, role, folder.path());
            component.print(format, &sealed);
            let memory = memory::of(component.child.id()).expect("the memory");
            let hits = needles.count(&memory);
            let bytes = memory.len();
            let name = match format {
                Format::Pdf => "PDF",
                Format::Png => "PNG",
                Format::Frame => "frames",
                Format::Printer(_) => "ZPL",
            };
            println!("{name}, {role}: {ORDERS} orders, {bytes} bytes searched, {hits} hits");
            faults += usize::from((hits > 0) != expected);
            assert!(memory.len() > 4 << 20, "the memory was read");
        }
    }
    if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Component {
    child: Child,
    pipe: UnixStream,
}

impl Component {
    fn start(program: &Path, role: &str, folder: &Path) -> Self {
        let (pipe, theirs) = UnixStream::pair().expect("a pair of sockets");
        pipe.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
        let mut command = Command::new(program);
        command.arg(role).arg("--key").arg(folder.join("station.key"));
        command.arg("--trust").arg(folder.join("issuer.key.pub"));
        command.args(["--dangerous-without-layer", "not_dumpable"]);
        let child = command.stdin(Stdio::from(OwnedFd::from(theirs))).spawn().expect("a component");
        let mut component = Component { child, pipe };
        drop(command);
        component.answer(|answer| assert!(matches!(answer, Answer::Ready(_)), "{answer:?}"));
        component.ask(&Request::Template { kind: TemplateKind::Waybill, source: ONE_PART_76X130.as_bytes() });
        component.answer(|answer| assert!(matches!(answer, Answer::Template(_)), "{answer:?}"));
        component
    }

    fn print(&mut self, format: Format, sealed: &[&[u8]]) {
        let mut done = 0;
        for block in sealed.chunks(50) {
            let stamp = Stamp::first(LabelNumber { index: 1, count: 1 }, 0);
            let labels = block.iter().map(|&sealed| RenderLabel::sealed(stamp, sealed)).collect();
            let (resolution, purpose) = (Resolution::Dpi203, Purpose::Print);
            self.ask(&Request::Render {
                template: 0,
                format,
                resolution,
                purpose,
                missing: MissingGlyph::Refuse,
                now: NOW,
                labels,
            });
            self.answer(|answer| match answer {
                Answer::Labels { labels, .. } => {
                    done += labels.iter().filter(|label| matches!(label, LabelAnswer::Done { .. })).count();
                }
                other => panic!("{other:?}"),
            });
        }
        assert_eq!(done, sealed.len(), "every label was made");
    }

    fn ask(&mut self, request: &Request<'_>) {
        let mut frame = Vec::new();
        request.encode(&mut frame);
        pipe::write_frame(&mut self.pipe, &frame).expect("the component listens");
    }

    fn answer(&mut self, look: impl FnOnce(Answer<'_>)) {
        let mut buffer = Vec::new();
        let (kind, body) = pipe::read_frame(&mut self.pipe, &mut buffer, MAX_ANSWER).expect("an answer");
        look(Answer::decode(kind, body).expect("an answer"));
    }
}

impl Drop for Component {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
