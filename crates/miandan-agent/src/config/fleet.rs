//! From what a file says of the fleet to how the station joins it.

use std::path::Path;

use miandan_fleet::connect::{Access, AccessError, Credential};
use miandan_fleet::member::{MemberOptions, Takes};
use miandan_fleet::place::StationPlace;
use miandan_print::credential;

use super::file::FleetTable;
use super::{ConfigError, FleetConfig};
use crate::agent::VERSION;

/// Builds what a file says. `printers` are those of the station.
pub(super) fn build(
    table: FleetTable,
    printers: &[&str],
    at: impl Fn(&Path) -> std::path::PathBuf,
) -> Result<FleetConfig, ConfigError> {
    let access = |file: Option<&Path>, name: &str| -> Result<Access, ConfigError> {
        let credential = match file {
            None => None,
            Some(path) => {
                let path = credential(&at(path)).map_err(|error| ConfigError::Credential(error.0))?;
                Some(Credential::read(&path).map_err(wrong)?)
            }
        };
        let access = Access {
            credential,
            authority: table.authority.as_deref().map(&at),
            name: name.to_owned(),
            ..Access::new(&table.url)
        };
        access.check().map_err(wrong)?;
        Ok(access)
    };
    let member = match (&table.site, &table.station) {
        (None, None) if table.overview.is_some() => None,
        (site, station) => {
            let site = site.as_deref().ok_or(ConfigError::Missing("fleet.site"))?;
            let station = station.as_deref().ok_or(ConfigError::Missing("fleet.station"))?;
            let allowed = "names of letters, digits, - and _, at most 32 characters,";
            let place = StationPlace::new(site, station);
            let place = place.map_err(|_| ConfigError::Value {
                setting: "fleet.site, fleet.station".to_owned(),
                allowed,
            })?;
            Some(MemberOptions {
                access: access(table.credential.as_deref(), &place.to_string())?,
                station: place,
                version: VERSION.to_owned(),
                takes: table
                    .takes
                    .iter()
                    .map(|(name, takes)| {
                        let allowed = "names of [printers]";
                        if !printers.contains(&name.as_str()) {
                            return Err(ConfigError::Value {
                                setting: format!("fleet.takes.{name}"),
                                allowed,
                            });
                        }
                        let takes =
                            Takes { carriers: takes.carriers.clone(), regions: takes.regions.clone() };
                        Ok((name.clone(), takes))
                    })
                    .collect::<Result<_, _>>()?,
            })
        }
    };
    let overview = table.overview.as_deref().map(|path| access(Some(path), "overview")).transpose()?;
    Ok(FleetConfig { member, overview })
}

fn wrong(error: AccessError) -> ConfigError {
    match error {
        AccessError::File { path, error } => ConfigError::File { path, error },
        AccessError::Credential { path } => ConfigError::FleetCredential { path },
        _ => ConfigError::Value {
            setting: "fleet.url".to_owned(),
            allowed: "nats://HOST:PORT or tls://HOST:PORT, without a user and a password,",
        },
    }
}
