//! `miandan-agent cert`: a certificate for `wss` on this machine, from an authority that is made for it and forgotten.
//!
//! The key of the authority is not kept: whoever trusts its certificate trusts the one certificate that it has signed, which
//! is for loopback names alone, and nothing that could be signed later.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, GeneralSubtree,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use tempfile::NamedTempFile;

use crate::config::TlsConfig;

/// How long a certificate holds, in days: what browsers take at most (CA/Browser Forum, 398 days) is for public names; one that
/// was made by hand should not end every year.
const DAYS: u64 = 820;

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    /// What the agent uses.
    pub(crate) tls: TlsConfig,
    /// What browsers are to trust.
    pub(crate) authority: PathBuf,
}

/// Where the files are.
#[must_use]
pub(crate) fn files(folder: &Path) -> TlsConfig {
    TlsConfig { certificate: folder.join("localhost.crt"), key: folder.join("localhost.key") }
}

/// Makes a certificate for `localhost`, the loopback addresses and further names of this machine, and writes it.
/// `now` is the time in seconds since 1970.
///
/// # Errors
/// If a name is none, or a file cannot be written.
pub(crate) fn make(folder: &Path, names: &[String], now: u64) -> io::Result<Made> {
    let is_name = |name: &String| {
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-.:".contains(&c))
    };
    if !names.iter().all(is_name) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a name of a machine has ASCII letters, digits, `-` and `.`",
        ));
    }
    let mut all = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    all.extend(names.iter().cloned());
    let [begin, end] = [now.saturating_sub(86_400), now + DAYS * 86_400].map(|time| {
        let (year, month, day) = miandan_core::calendar::civil(time / 86_400);
        date_time_ymd(year as i32, month as u8, day as u8)
    });
    let name = |text: &str| {
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, text);
        name
    };

    let mut authority = CertificateParams::default();
    authority.distinguished_name = name("Miandan station (this machine only)");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    (authority.not_before, authority.not_after) = (begin, end);
    authority.name_constraints =
        Some(NameConstraints { permitted_subtrees: permitted(&all), excluded_subtrees: Vec::new() });
    let authority_key = KeyPair::generate().map_err(io::Error::other)?;
    let authority_certificate = authority.self_signed(&authority_key).map_err(io::Error::other)?;

    let mut server = CertificateParams::new(all).map_err(io::Error::other)?;
    server.distinguished_name = name("localhost");
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    (server.not_before, server.not_after) = (begin, end);
    let server_key = KeyPair::generate().map_err(io::Error::other)?;
    let issuer = Issuer::from_params(&authority, &authority_key);
    let server_certificate = server.signed_by(&server_key, &issuer).map_err(io::Error::other)?;

    fs::create_dir_all(folder)?;
    let tls = files(folder);
    let authority_file = folder.join("localhost-authority.crt");
    write(&tls.key, &server_key.serialize_pem(), 0o600)?;
    let chain = format!("{}{}", server_certificate.pem(), authority_certificate.pem());
    write(&tls.certificate, &chain, 0o644)?;
    write(&authority_file, &authority_certificate.pem(), 0o644)?;
    Ok(Made { tls, authority: authority_file })
}

/// What the authority may vouch for: the names that the certificate has.
fn permitted(names: &[String]) -> Vec<GeneralSubtree> {
    let subtree = |name: &String| match name.parse() {
        Ok(std::net::IpAddr::V4(address)) => {
            GeneralSubtree::IpAddress(rcgen::CidrSubnet::from_addr_prefix(address.into(), 32))
        }
        Ok(std::net::IpAddr::V6(address)) => {
            GeneralSubtree::IpAddress(rcgen::CidrSubnet::from_addr_prefix(address.into(), 128))
        }
        Err(_) => GeneralSubtree::DnsName(name.clone()),
    };
    names.iter().map(subtree).collect()
}

/// Writes a file that appears whole, with its mode.
fn write(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::with_prefix_in(".miandan-", folder)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = mode;
    file.persist(path).map(drop).map_err(|refused| refused.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_and_its_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let made = make(folder.path(), &["print.station.example".to_owned()], 1_794_362_400).unwrap();
        assert_eq!(made.tls, files(folder.path()));
        let chain = fs::read_to_string(&made.tls.certificate).unwrap();
        assert_eq!(chain.matches("BEGIN CERTIFICATE").count(), 2);
        assert!(fs::read_to_string(&made.tls.key).unwrap().contains("BEGIN PRIVATE KEY"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&made.tls.key), mode(&made.authority)), (0o600, 0o644));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "no key of an authority is left");
        assert!(make(folder.path(), &["no name".to_owned(), "例".to_owned()], 0).is_err());
    }
}
