//! The primitives in use against test vectors that others made: Wycheproof, which looks for the faults that libraries
//! really had, and RFC 9180. How many vectors ran is asserted, so that an empty set cannot pass.

#[path = "common/random.rs"]
mod random;

use hpke::aead::{AesGcm128, AesGcm256};
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, HpkeError, OpModeR, OpModeS, Serializable};
use random::Filled;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::hmac;
use ring::signature::{ED25519, UnparsedPublicKey};
use wycheproof::{TestResult, aead, eddsa, hkdf, xdh};

/// X25519 as HPKE uses it. The library shows no bare agreement, so what HPKE makes of Wycheproof's shared secret is
/// written out (RFC 9180 §4.1) and compared with what the library makes of the two keys.
#[test]
fn x25519_of_wycheproof() {
    let (mut agreed, mut refused) = (0, 0);
    for test in
        xdh::TestSet::load(xdh::TestName::X25519).unwrap().test_groups.iter().flat_map(|group| &group.tests)
    {
        let (Ok(private), Ok(enc)) = (
            <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&test.private_key),
            <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&test.public_key),
        ) else {
            assert_ne!(test.result, TestResult::Valid, "{}", test.tc_id);
            refused += 1;
            continue;
        };
        let public = X25519HkdfSha256::sk_to_pk(&private).to_bytes();
        let decapsulated = X25519HkdfSha256::decap(&private, None, &enc);
        if test.shared_secret.iter().all(|&byte| byte == 0) {
            assert!(matches!(decapsulated, Err(HpkeError::DecapError)), "{}", test.tc_id);
            refused += 1;
            continue;
        }
        let expected = kem_secret(&test.shared_secret, &test.public_key, &public);
        assert_eq!(decapsulated.unwrap().0.as_slice(), expected, "{}", test.tc_id);
        agreed += 1;
    }
    assert_eq!((agreed, refused), (487, 31));
}

/// RFC 9180 §4.1: `ExtractAndExpand(dh, enc ‖ public key)` of DHKEM(X25519, HKDF-SHA256).
fn kem_secret(dh: &[u8], enc: &[u8], public: &[u8]) -> Vec<u8> {
    let mac = |key: &[u8], data: &[&[u8]]| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &data.concat()).as_ref().to_vec()
    };
    let suite = b"HPKE-v1KEM\x00\x20";
    let extracted = mac(&[0; 32], &[suite, b"eae_prk", dh]);
    mac(&extracted, &[&[0, 32], suite, b"shared_secret", enc, public, &[1]])
}

#[test]
fn ed25519_of_wycheproof() {
    let (mut held, mut refused) = (0, 0);
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = UnparsedPublicKey::new(&ED25519, group.key.pk.to_vec());
        for test in group.tests {
            let verified = key.verify(&test.msg, &test.sig).is_ok();
            assert_eq!(verified, test.result == TestResult::Valid, "{}", test.tc_id);
            *if verified { &mut held } else { &mut refused } += 1;
        }
    }
    assert_eq!((held, refused), (88, 63));
}

#[test]
fn aes_256_gcm_of_wycheproof() {
    let (mut opened, mut refused) = (0, 0);
    for group in aead::TestSet::load(aead::TestName::AesGcm).unwrap().test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            let key = || LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &test.key).unwrap());
            let nonce = || Nonce::try_assume_unique_for_key(&test.nonce).unwrap();
            let mut bytes = [test.ct.as_slice(), &test.tag].concat();
            let plain =
                key().open_in_place(nonce(), Aad::from(&test.aad), &mut bytes).ok().map(|text| text.to_vec());
            if test.result == TestResult::Valid {
                assert_eq!(plain.as_deref(), Some(test.pt.as_slice()), "{}", test.tc_id);
                let mut sealed = test.pt.to_vec();
                key().seal_in_place_append_tag(nonce(), Aad::from(&test.aad), &mut sealed).unwrap();
                assert_eq!(sealed, [test.ct.as_slice(), &test.tag].concat(), "{}", test.tc_id);
                opened += 1;
            } else {
                assert_eq!(plain, None, "{}", test.tc_id);
                refused += 1;
            }
        }
    }
    assert_eq!((opened, refused), (39, 27));
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[test]
fn hkdf_sha_256_of_wycheproof() {
    let (mut derived, mut refused) = (0, 0);
    for test in hkdf::TestSet::load(hkdf::TestName::HkdfSha256)
        .unwrap()
        .test_groups
        .iter()
        .flat_map(|group| &group.tests)
    {
        let extracted = Salt::new(HKDF_SHA256, &test.salt).extract(&test.ikm);
        let mut okm = vec![0; test.size];
        let info = [test.info.as_slice()];
        let filled = extracted.expand(&info, Length(test.size)).and_then(|material| material.fill(&mut okm));
        if test.result == TestResult::Valid {
            filled.unwrap();
            assert_eq!(okm, test.okm.as_slice(), "{}", test.tc_id);
            derived += 1;
        } else {
            assert!(filled.is_err(), "{}", test.tc_id);
            refused += 1;
        }
    }
    assert_eq!((derived, refused), (83, 3));
}

/// RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode. The RFC prints no vectors
/// with AES-256-GCM; the known answers of the format, made by another library, have those.
mod rfc_9180 {
    pub(super) const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
    pub(super) const IKM_E: &str = "7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234";
    pub(super) const ENC: &str = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431";
    pub(super) const IKM_R: &str = "6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037";
    pub(super) const PK_R: &str = "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d";
    pub(super) const SK_R: &str = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8";
    pub(super) const SHARED_SECRET: &str = "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc";
    pub(super) const TEXT: &str = "4265617574792069732074727574682c20747275746820626561757479";
    /// Sequence number, associated data and ciphertext.
    pub(super) const SEALED: [(u32, &str, &str); 6] = [
        (
            0,
            "436f756e742d30",
            "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
        ),
        (
            1,
            "436f756e742d31",
            "af2d7e9ac9ae7e270f46ba1f975be53c09f8d875bdc8535458c2494e8a6eab251c03d0c22a56b8ca42c2063b84",
        ),
        (
            2,
            "436f756e742d32",
            "498dfcabd92e8acedc281e85af1cb4e3e31c7dc394a1ca20e173cb72516491588d96a19ad4a683518973dcc180",
        ),
        (
            4,
            "436f756e742d34",
            "583bd32bc67a5994bb8ceaca813d369bca7b2a42408cddef5e22f880b631215a09fc0012bc69fccaa251c0246d",
        ),
        (
            255,
            "436f756e742d323535",
            "7175db9717964058640a3a11fb9007941a5d1757fda1a6935c805c21af32505bf106deefec4a49ac38d71c9e0a",
        ),
        (
            256,
            "436f756e742d323536",
            "957f9800542b0b8891badb026d79cc54597cb2d225b54c00c5238c25d05c30e3fbeda97d2e0e1aba483a2df9f2",
        ),
    ];
    /// Exporter context and what is exported, 32 bytes.
    pub(super) const EXPORTED: [(&str, &str); 3] = [
        ("", "3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee"),
        ("00", "2e8f0b54673c7029649d4eb9d5e33bf1872cf76d623ff164ac185da9e88c21a5"),
        ("54657374436f6e74657874", "e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931"),
    ];
}

#[test]
fn hpke_base_mode_of_rfc_9180() {
    let (private, public) = X25519HkdfSha256::derive_keypair(&from_hex(rfc_9180::IKM_R));
    assert_eq!(public.to_bytes().to_vec(), from_hex(rfc_9180::PK_R));
    let written = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&from_hex(rfc_9180::SK_R)).unwrap();
    assert_eq!(X25519HkdfSha256::sk_to_pk(&written).to_bytes(), public.to_bytes());
    let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&from_hex(rfc_9180::ENC)).unwrap();
    let shared = X25519HkdfSha256::decap(&private, None, &enc).unwrap();
    assert_eq!(shared.0.to_vec(), from_hex(rfc_9180::SHARED_SECRET));

    let info = from_hex(rfc_9180::INFO);
    let (encapsulated, mut sender) = hpke::setup_sender_with_rng::<AesGcm128, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        &info,
        &mut chosen(from_hex(rfc_9180::IKM_E)),
    )
    .unwrap();
    assert_eq!(encapsulated.to_bytes().to_vec(), from_hex(rfc_9180::ENC));
    let mut receiver = hpke::setup_receiver::<AesGcm128, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &enc,
        &info,
    )
    .unwrap();
    let mut checked = 0;
    for number in 0..=256 {
        let aad = format!("Count-{number}");
        let sealed = sender.seal(&from_hex(rfc_9180::TEXT), aad.as_bytes()).unwrap();
        assert_eq!(receiver.open(&sealed, aad.as_bytes()).unwrap(), from_hex(rfc_9180::TEXT));
        if let Some((_, written_aad, ciphertext)) = rfc_9180::SEALED.iter().find(|(at, ..)| *at == number) {
            assert_eq!((aad.into_bytes(), sealed), (from_hex(written_aad), from_hex(ciphertext)));
            checked += 1;
        }
    }
    for (context, expected) in rfc_9180::EXPORTED {
        let mut exported = [0; 32];
        receiver.export(&from_hex(context), &mut exported).unwrap();
        assert_eq!(exported.to_vec(), from_hex(expected));
        checked += 1;
    }
    assert_eq!(checked, 9);
}

/// The suite of the format, sealed with the randomness of the RFC's sender and opened again: two ways into one library.
#[test]
fn the_suite_of_the_format_opens_what_it_seals() {
    let (private, public) = X25519HkdfSha256::derive_keypair(&from_hex(rfc_9180::IKM_R));
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        b"info",
        &[7; 32],
        &[],
        &mut chosen(from_hex(rfc_9180::IKM_E)),
    )
    .unwrap();
    assert_eq!(enc.to_bytes().to_vec(), from_hex(rfc_9180::ENC));
    let open = |info: &[u8]| {
        hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &private,
            &enc,
            info,
            &sealed,
            &[],
        )
    };
    assert_eq!(open(b"info").unwrap(), [7; 32]);
    assert!(open(b"inf0").is_err());
}

fn from_hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Gives out these bytes and no other.
fn chosen(mut bytes: Vec<u8>) -> Filled<impl FnMut(&mut [u8])> {
    Filled(move |wanted: &mut [u8]| {
        wanted.copy_from_slice(&bytes.drain(..wanted.len()).collect::<Vec<u8>>());
    })
}
