//! `miandan scan`: whether waybills are genuine, from pictures of their labels or from what a hand scanner typed.

use std::fmt::Display;
use std::io::{BufRead, BufReader};
use std::path::Path;

use miandan_courier::{
    Answer, CarrierSecret, Claims, Contents, NotOpened, Question, Token, Trust, TrustError, Verdict,
};
use miandan_picture::{Code, Kind, codes};
use serde_json::{Value, json};

use super::label;
use crate::args::Scan;
use crate::clock;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::language::Text;
use crate::messages::scan as texts;

/// The largest picture that is read, in bytes.
const BYTES: u64 = 256 << 20;

pub fn run(console: Console, arguments: &Scan) -> Outcome {
    let desk = Desk::open(console, arguments)?;
    let mut worst = Exit::Done;
    let mut unread = Vec::new();
    for input in &arguments.inputs {
        let looked = if files::is_dash(input) { desk.lines(input) } else { desk.picture(input) };
        match looked {
            Ok(true) => {}
            Ok(false) => worst = Exit::Scans,
            // Standard output is gone for the other pictures as well.
            Err(failure) if failure.exit != Exit::Input => return Err(failure),
            Err(failure) => unread.push(failure),
        }
    }
    // A picture that cannot be read keeps none of the others from being looked at.
    let last = unread.pop();
    unread.iter().for_each(|failure| console.fail(failure));
    match last {
        Some(failure) => Err(failure),
        None => Ok(worst),
    }
}

/// What labels are held against.
struct Desk {
    console: Console,
    trust: Trust,
    carriers: Vec<CarrierSecret>,
    now: u64,
}

/// What came of one token.
struct Checked<'t> {
    claims: &'t Claims,
    answer: Answer,
    opened: Option<Result<Contents, NotOpened>>,
}

impl Desk {
    fn open(console: Console, arguments: &Scan) -> Result<Self, Failure> {
        let mut trust = Trust::new();
        let files: Vec<_> = arguments
            .trust
            .iter()
            .map(|path| Ok((path, files::read(console, path)?)))
            .collect::<Result<_, Failure>>()?;
        // Issuers first: the lists are held against them, in whatever order they were named.
        let (issuers, lists): (Vec<_>, Vec<_>) =
            files.iter().partition(|(_, file)| !matches!(kind(file).as_deref(), Some("MSO1-stations")));
        for (path, file) in issuers {
            trust.add_issuers(file).map_err(|error| untrusted(console, path, error))?;
        }
        for (path, file) in lists {
            trust.add_stations(file).map_err(|error| untrusted(console, path, error))?;
        }
        if !trust.has_stations() {
            let message = texts::NO_STATIONS.get(console.language).to_owned();
            return Err(Failure::new(Exit::Usage, "USAGE", message)
                .hint(texts::NO_STATIONS_HINT.get(console.language)));
        }
        let carrier = |path: &std::path::PathBuf| {
            CarrierSecret::parse(&files::read(console, path)?).map_err(|_| {
                let message = console.fill(texts::BAD_CARRIER_KEY, &[("file", &path.display())]);
                Failure::new(Exit::Refused, "UNKNOWN_KEY", message)
                    .hint(texts::BAD_CARRIER_KEY_HINT.get(console.language))
            })
        };
        let carriers = arguments.carrier_key.iter().map(carrier).collect::<Result<_, _>>()?;
        let now = clock::now();
        if trust.is_old(now) {
            console.say(&texts::LIST_OLD.get(console.language));
        }
        Ok(Desk { console, trust, carriers, now })
    }

    /// Looks at a picture, or at each page of a document. Whether everything in it is good.
    fn picture(&self, path: &Path) -> Result<bool, Failure> {
        let console = self.console;
        let document = label::open(console, path, BYTES)?;
        let name = files::text(path);
        let mut is_good = true;
        for index in 0..document.pages() {
            let found = label::on_page(console, path, &document, index, |page| codes(&page))?;
            let place = Place { name: &name, part: (document.pages() > 1).then_some(index + 1) };
            is_good &= self.codes(&place, &found)?;
        }
        Ok(is_good)
    }

    /// What a picture says: each token in it, held against the number in bars beside it.
    fn codes(&self, place: &Place<'_>, found: &[Code]) -> Result<bool, Failure> {
        let bars: Vec<&Code> = found.iter().filter(|code| code.kind == Kind::Code128).collect();
        let read = |code: &Code| Token::read(&code.text).ok().map(|token| (token, code.middle));
        let tokens: Vec<_> = found.iter().filter(|code| code.kind == Kind::Qr).filter_map(read).collect();
        if tokens.is_empty() {
            // The number alone says nothing of where the label comes from; an online query still finds it.
            let number = bars.first().map(|code| code.text.as_str());
            self.tell_nothing(place, number)?;
            return Ok(false);
        }
        let mut is_good = true;
        for (token, middle) in &tokens {
            let number = &token.claims().waybill_no;
            let is_beside = bars.iter().any(|code| code.text == *number);
            // Of the numbers that belong to no token in the picture the nearest is the one of this label.
            let foreign = bars
                .iter()
                .filter(|code| looks_like_a_waybill(&code.text))
                .filter(|code| !tokens.iter().any(|(other, _)| other.claims().waybill_no == code.text))
                .min_by(|one, other| {
                    let apart = |code: &Code| (code.middle[0] - middle[0]).hypot(code.middle[1] - middle[1]);
                    apart(one).total_cmp(&apart(other))
                })
                .map(|code| code.text.as_str());
            let beside = if is_beside { Some(number.as_str()) } else { foreign };
            is_good &= self.check(place, token, beside)?;
        }
        Ok(is_good)
    }

    /// Reads what a hand scanner types: a code a line; after a tab the number in bars, if that was scanned as well.
    fn lines(&self, path: &Path) -> Result<bool, Failure> {
        let console = self.console;
        let mut is_good = true;
        for (index, line) in BufReader::new(files::open(console, path)?).split(b'\n').enumerate() {
            let line = line.map_err(|error| files::unreadable(console, path, &error))?;
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_matches(['\r', '\t']);
            if line.is_empty() {
                continue;
            }
            let place = Place { name: "-", part: Some(index + 1) };
            let (code, beside) =
                line.split_once('\t').map_or((line, None), |(code, rest)| (code, Some(rest.trim())));
            is_good &= match Token::read(code) {
                Ok(token) => self.check(&place, &token, beside)?,
                Err(_) => {
                    self.tell_nothing(&place, None)?;
                    false
                }
            };
        }
        Ok(is_good)
    }

    fn check(&self, place: &Place<'_>, token: &Token, beside: Option<&str>) -> Result<bool, Failure> {
        let answer = self.trust.check(token, &Question { now: self.now, waybill_no: beside });
        // What is sealed into a token that is not good may be anybody's number.
        let may_open = answer.verdict.is_good() && token.is_sealed() && !self.carriers.is_empty();
        let opened = may_open.then(|| {
            let mut last = Err(NotOpened::OtherCarrier);
            for carrier in &self.carriers {
                match carrier.open(token) {
                    Err(NotOpened::OtherCarrier) => {}
                    opened @ Ok(_) => return opened,
                    opened @ Err(_) => last = opened,
                }
            }
            last
        });
        let checked = Checked { claims: token.claims(), answer, opened };
        let is_good = checked.answer.verdict.is_good();
        if self.console.json {
            self.console.data(&checked.json(place, token, beside))?;
        } else {
            self.tell(place, &checked, beside)?;
        }
        Ok(is_good)
    }

    fn tell(&self, place: &Place<'_>, checked: &Checked<'_>, beside: Option<&str>) -> Result<(), Failure> {
        let console = self.console;
        let Checked { claims, answer, opened } = checked;
        let verdict = match answer.verdict {
            Verdict::Reprint(copy) => console.fill(texts::REPRINT, &[("copy", &copy)]),
            verdict => word(verdict).get(console.language).to_owned(),
        };
        let values: [(&str, &dyn Display); 3] =
            [("place", place), ("verdict", &verdict), ("number", &claims.waybill_no)];
        let mut lines = vec![console.fill(texts::VERDICT, &values)];
        if let (Verdict::OtherWaybill, Some(beside)) = (answer.verdict, beside) {
            lines.push(console.fill(texts::BESIDE, &[("number", &beside)]));
        }
        if let Some(station) = &answer.station {
            let (issued, until) = (clock::in_china(claims.issued_at()), clock::in_china(claims.expires_at()));
            let values: [(&str, &dyn Display); 4] =
                [("station", station), ("serial", &claims.serial), ("issued", &issued), ("until", &until)];
            lines.push(console.fill(texts::STATION, &values));
        }
        match opened {
            Some(Ok(contents)) => lines.extend(self.contents(claims, contents)),
            Some(Err(NotOpened::OtherCarrier)) => {
                lines.push(texts::OTHER_CARRIER.get(console.language).to_owned())
            }
            Some(Err(_)) => lines.push(texts::OTHER_KEY.get(console.language).to_owned()),
            None => {}
        }
        console.data(&lines.join("\n"))
    }

    fn contents(&self, claims: &Claims, contents: &Contents) -> Vec<String> {
        let console = self.console;
        let mut lines = Vec::new();
        if !contents.virtual_number.is_empty() {
            let until = claims.issued_at() + u64::from(contents.virtual_days) * 86_400;
            let until = clock::in_china(until);
            let values: [(&str, &dyn Display); 2] =
                [("number", &contents.virtual_number.as_str()), ("until", &until)];
            lines.push(console.fill(texts::CALL, &values));
        }
        if !contents.door.is_empty() {
            lines.push(console.fill(texts::DOOR, &[("door", &contents.door.as_str())]));
        }
        if contents.is_incomplete {
            lines.push(texts::INCOMPLETE.get(console.language).to_owned());
        }
        lines
    }

    fn tell_nothing(&self, place: &Place<'_>, number: Option<&str>) -> Result<(), Failure> {
        let console = self.console;
        if console.json {
            return console.data(&without_nulls(json!({
                "file": place.name,
                "part": place.part,
                "verdict": "no-token",
                "waybill_beside": number,
            })));
        }
        let text = if number.is_some() { texts::NUMBER_ALONE } else { texts::NO_TOKEN };
        let number = number.unwrap_or_default();
        let mut values: Vec<(&str, &dyn Display)> = vec![("place", place)];
        if !number.is_empty() {
            values.push(("number", &number));
        }
        console.data(&console.fill(text, &values))
    }
}

impl Checked<'_> {
    fn json(&self, place: &Place<'_>, token: &Token, beside: Option<&str>) -> Value {
        let Checked { claims, answer, opened } = self;
        let copy = (claims.copy > 0).then_some(claims.copy);
        // What an unknown hand wrote is not said as if it were so.
        let is_signed = answer.station.is_some();
        without_nulls(json!({
            "file": place.name,
            "part": place.part,
            "verdict": answer.verdict.as_str(),
            "good": answer.verdict.is_good(),
            "waybill": claims.waybill_no,
            "waybill_beside": beside,
            "copy": copy.filter(|_| is_signed),
            "serial": is_signed.then_some(claims.serial),
            "station": answer.station,
            "issued": is_signed.then(|| claims.issued_at()),
            "expires": is_signed.then(|| claims.expires_at()),
            "list_old": answer.is_list_old.then_some(true),
            "sealed": token.is_sealed(),
            "opened": opened.as_ref().map(|opened| match opened {
                Ok(contents) => without_nulls(json!({
                    "virtual": Some(contents.virtual_number.as_str()).filter(|number| !number.is_empty()),
                    "virtual_days": (!contents.virtual_number.is_empty()).then_some(contents.virtual_days),
                    "door": contents.door.as_str(),
                    "incomplete": contents.is_incomplete.then_some(true),
                })),
                Err(NotOpened::OtherCarrier) => json!("other-carrier"),
                Err(_) => json!("other-key"),
            }),
        }))
    }
}

/// Where a token was seen.
struct Place<'p> {
    name: &'p str,
    /// The page of a document or the line of a list.
    part: Option<usize>,
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.part {
            Some(part) => write!(f, "{}:{part}", self.name),
            None => f.write_str(self.name),
        }
    }
}

/// Labels have other Code 128 than that of the waybill number: of routes, of orders of a shop. A number of a carrier has
/// eight characters or more, six of them digits.
fn looks_like_a_waybill(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_plain && text.len() >= 8 && text.bytes().filter(u8::is_ascii_digit).count() >= 6
}

fn word(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Genuine => texts::GENUINE,
        Verdict::Reprint(_) => texts::REPRINT,
        Verdict::Expired => texts::EXPIRED,
        Verdict::NotYetValid => texts::NOT_YET_VALID,
        Verdict::UnknownStation => texts::UNKNOWN_STATION,
        Verdict::Revoked => texts::REVOKED,
        Verdict::OtherWaybill => texts::OTHER_WAYBILL,
        Verdict::Specimen => texts::SPECIMEN,
        _ => texts::FORGED,
    }
}

/// What a file says it is.
fn kind(file: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(file.trim_ascii()).ok()?;
    value.get("v")?.as_str().map(str::to_owned)
}

fn untrusted(console: Console, path: &Path, error: TrustError) -> Failure {
    let (text, hint) = match error {
        TrustError::UnknownIssuer => (texts::LIST_FOREIGN, texts::LIST_FOREIGN_HINT),
        TrustError::BadSignature => (texts::LIST_CHANGED, texts::LIST_AGAIN_HINT),
        TrustError::Older => (texts::LIST_OLDER, texts::LIST_OLDER_HINT),
        TrustError::NoList => (texts::NO_LIST, texts::LIST_AGAIN_HINT),
        _ => (texts::NO_ISSUER, texts::NO_ISSUER_HINT),
    };
    Failure::new(Exit::Refused, "TRUST", console.fill(text, &[("file", &path.display())]))
        .hint(hint.get(console.language))
}
