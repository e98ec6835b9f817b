//! An issuer, a station, orders, and the means to take a sealed order apart and put it together again.
#![allow(dead_code, unreachable_pub)] // each test program uses its part

pub mod random;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use miandan_core::field::{FieldId, FieldSet};
use miandan_seal::TrustSet;
use miandan_seal::issue::{IssuerKey, PlainOrder, SealOptions, seal_batch};
use miandan_seal::keys::{StationScope, Validity};
use miandan_unseal::{Opener, StationKey, keygen};
use random::Filled;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

/// When everything happens, in seconds since 1970.
pub const NOW: u64 = 1_794_355_200;
pub const DAY: u64 = 86_400;

pub struct World {
    pub issuer: IssuerKey,
    pub station: StationKey,
    /// The station's key file.
    file: Value,
}

fn station_file(id: &str, groups: &[&str], merchants: &[&str]) -> String {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let scope = StationScope { id: id.to_owned(), groups: words(groups), merchants: words(merchants) };
    let key = keygen::station(&scope, Validity::default(), None, &SystemRandom::new()).unwrap();
    key.expose_secret().to_owned()
}

pub fn station(id: &str, groups: &[&str], merchants: &[&str]) -> StationKey {
    StationKey::from_bytes(station_file(id, groups, merchants).as_bytes(), None).unwrap()
}

pub fn options() -> SealOptions {
    let aud = "SHOP-1".to_owned();
    SealOptions { aud, stn: None, iat: NOW, nbf: NOW, exp: NOW + DAY, mask: None, max: None }
}

pub fn plain(number: usize) -> PlainOrder {
    let order = json!({
        "order_id": format!("O{number:06}"),
        "waybill_no": format!("YT{number:013}"),
        "carrier": "YTO",
        "recipient": {
            "name": format!("某甲{number}"), "mobile": format!("129{number:08}"), "province": "浙江省",
            "detail": format!("望春路{number}号1幢101室"),
            "virtual": {"main": "12900000001", "ext": "0042", "until": NOW + DAY},
        },
        "sender": {"name": "某乙", "phone": "0571-01234567"},
        "buyer": {"account": "acct", "email": "a@example.com", "idcard": "000000190001010000"},
        "routing": {"code": "356-01-02 F3"},
        "parcel": {"weight_g": 500, "index": 1, "count": 1},
        "items": [{"name": "杯", "sku": "C", "count": 2}],
        "consent": {"ref": format!("C{number}"), "epoch": 3},
    });
    PlainOrder::parse(order.to_string().as_bytes()).unwrap()
}

pub fn printable() -> FieldSet {
    FieldId::ALL.iter().copied().filter(|id| id.is_printable()).collect()
}

impl World {
    pub fn new() -> Self {
        let issuer = IssuerKey::generate("platform", &SystemRandom::new()).unwrap();
        let file = station_file("ST-01", &["EAST"], &["SHOP-1", "SHOP-2"]);
        let station = StationKey::from_bytes(file.as_bytes(), None).unwrap();
        World { issuer, station, file: serde_json::from_str(&file).unwrap() }
    }

    /// The info of the key wrap: `"MSO1 key" 0x00 ‖ suite ‖ len(kid) ‖ kid ‖ SHA-256(b)`.
    fn wrap_info(&self, b: &str) -> Vec<u8> {
        let kid = self.file["kid"].as_str().unwrap();
        let mut info = b"MSO1 key\0\x00\x01".to_vec();
        info.extend((kid.len() as u16).to_be_bytes());
        info.extend(kid.as_bytes());
        info.extend(digest(&SHA256, b.as_bytes()).as_ref());
        info
    }

    /// The batch key of an order.
    fn unwrap_key(&self, order: &Parts) -> Vec<u8> {
        let recipient = order.json("r")[0].clone();
        let bytes = |text: &Value| URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap();
        let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&bytes(&self.file["x25519"])).unwrap();
        let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&bytes(&recipient["enc"])).unwrap();
        let info = self.wrap_info(order.0["b"].as_str().unwrap());
        let wrapped = bytes(&recipient["wk"]);
        hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &secret,
            &enc,
            &info,
            &wrapped,
            &[],
        )
        .unwrap()
    }

    /// The array `r` that wraps a batch key for the batch header `b`.
    fn wrap_key(&self, key: &[u8], b: &str) -> Value {
        let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.station.public().x25519).unwrap();
        let (enc, wk) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &public,
            &self.wrap_info(b),
            key,
            &[],
            &mut Filled(|bytes: &mut [u8]| {
                SystemRandom::new().fill(bytes).expect("the system has randomness")
            }),
        )
        .unwrap();
        let (enc, wk) = (URL_SAFE_NO_PAD.encode(enc.to_bytes()), URL_SAFE_NO_PAD.encode(wk));
        json!([{"kid": self.file["kid"], "enc": enc, "wk": wk}])
    }

    pub fn seal_with(&self, count: usize, options: &SealOptions) -> Vec<String> {
        let orders: Vec<_> = (0..count).map(plain).collect();
        seal_batch(&self.issuer, &[self.station.public()], &orders, options, &SystemRandom::new()).unwrap()
    }

    pub fn seal(&self, count: usize) -> Vec<String> {
        self.seal_with(count, &options())
    }

    pub fn trust(&self) -> TrustSet {
        let text = self.issuer.public().to_text();
        TrustSet::from_files([text.as_bytes()]).unwrap()
    }

    /// An opener with the station's key, read again from a copy of its file.
    pub fn opener(self) -> Opener {
        let trust = self.trust();
        Opener::new(vec![self.station], trust)
    }

    /// The issuer's key for signing what [`seal_batch`] would not make.
    pub fn signer(&self) -> Ed25519KeyPair {
        let file: Value = serde_json::from_str(&self.issuer.expose_text()).unwrap();
        let seed = URL_SAFE_NO_PAD.decode(file["ed25519"].as_str().unwrap()).unwrap();
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        assert_eq!(pair.public_key().as_ref().len(), 32);
        pair
    }
}

/// A sealed order as JSON, to be changed.
pub struct Parts(pub Value);

impl Parts {
    pub fn again(&self) -> Self {
        Parts(self.0.clone())
    }

    pub fn of(sealed: &str) -> Self {
        Parts(serde_json::from_str(sealed).unwrap())
    }

    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// Decodes a member that carries JSON.
    pub fn json(&self, member: &str) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(self.0[member].as_str().unwrap()).unwrap()).unwrap()
    }

    pub fn set_json(&mut self, member: &str, value: &Value) {
        self.set_bytes(member, value.to_string().as_bytes());
    }

    pub fn set_bytes(&mut self, member: &str, bytes: &[u8]) {
        self.0[member] = json!(URL_SAFE_NO_PAD.encode(bytes));
    }

    /// Signs `b` and `r` anew.
    pub fn sign(&mut self, signer: &Ed25519KeyPair, suite: u16) {
        let hash = |member: &str| digest(&SHA256, self.0[member].as_str().unwrap().as_bytes());
        let mut message = b"MSO1 sig\0".to_vec();
        message.extend(suite.to_be_bytes());
        message.extend(hash("b").as_ref());
        message.extend(hash("r").as_ref());
        self.set_bytes("s", signer.sign(&message).as_ref());
    }

    /// Makes a batch of this one order, as changed: root, key wrap and signature are those of the issuer.
    /// `original` is the order before it was changed.
    pub fn issue_again(&mut self, world: &World, original: &Parts) {
        let key = world.unwrap_key(original);
        let hash = |member: &str| digest(&SHA256, self.0[member].as_str().unwrap().as_bytes());
        let leaf = [&[0][..], hash("h").as_ref(), hash("f").as_ref()].concat();
        let root = URL_SAFE_NO_PAD.encode(digest(&SHA256, &leaf));
        let mut header = self.json("b");
        header["root"] = json!(root);
        self.set_json("b", &header);
        self.0["p"] = json!([]);
        let recipients = world.wrap_key(&key, self.0["b"].as_str().unwrap());
        self.set_json("r", &recipients);
        self.sign(&world.signer(), 1);
    }
}
