//! Values from the environment.

use std::env;
use std::fmt;

use clap::ValueEnum;

use super::Origin;
use super::layer::{Duration, Layer, Paths, Texts};
use crate::args::{MissingGlyphName, PolicyName};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::messages;

/// One layer for each variable, so that each value knows its own.
pub(super) fn layers(console: Console) -> Result<Vec<(Origin, Layer)>, Failure> {
    /// Reads a value, or says what was expected.
    type Read = fn(&mut Layer, String) -> Result<(), &'static str>;
    const VARIABLES: [(&str, Read); 19] = [
        ("MIANDAN_KEY", |layer, value| {
            layer.key = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_PASSPHRASE_FILE", |layer, value| {
            layer.passphrase_file = Some(value.into());
            Ok(())
        }),
        ("MIANDAN_TRUST", |layer, value| {
            layer.trust = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_STATUS_LIST", |layer, value| {
            layer.status_list = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_STATUS_POLICY", |layer, value| {
            layer.status_policy =
                Some(PolicyName::from_str(&value, false).map_err(|_| "off, warn, required")?);
            Ok(())
        }),
        ("MIANDAN_STATUS_MAX_AGE", |layer, value| {
            layer.status_max_age = Some(Duration::try_from(value).map_err(|_| "24h")?);
            Ok(())
        }),
        ("MIANDAN_COURIER_TOKEN", |layer, value| {
            layer.courier_token = Some(value.parse().map_err(|_| "true, false")?);
            Ok(())
        }),
        ("MIANDAN_CARRIER_LIST", |layer, value| {
            layer.carrier_list = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_STATE", |layer, value| {
            layer.state = Some(value.into());
            Ok(())
        }),
        ("MIANDAN_TEMPLATE", |layer, value| {
            layer.template = Some(value);
            Ok(())
        }),
        ("MIANDAN_FONT", |layer, value| {
            layer.font = Some(Paths::Many(env::split_paths(&value).collect()));
            Ok(())
        }),
        ("MIANDAN_MISSING_GLYPH", |layer, value| {
            layer.missing_glyph = Some(MissingGlyphName::from_str(&value, false).map_err(|_| "refuse, box")?);
            Ok(())
        }),
        ("MIANDAN_OUT", |layer, value| {
            layer.out = Some(value.into());
            Ok(())
        }),
        ("MIANDAN_DIR", |layer, value| {
            layer.dir = Some(value.into());
            Ok(())
        }),
        ("MIANDAN_PRINTER", |layer, value| {
            layer.printer = Some(Texts::One(value));
            Ok(())
        }),
        ("MIANDAN_PROFILE", |layer, value| {
            layer.profile = Some(value);
            Ok(())
        }),
        ("MIANDAN_DPI", |layer, value| {
            layer.dpi = Some(value.parse().map_err(|_| "0–9")?);
            Ok(())
        }),
        ("MIANDAN_WORKERS", |layer, value| {
            layer.workers = Some(value.parse().map_err(|_| "0–9")?);
            Ok(())
        }),
        ("MIANDAN_JOURNAL", |layer, value| {
            layer.journal = Some(value.into());
            Ok(())
        }),
    ];
    let mut layers = Vec::new();
    for (name, read) in VARIABLES {
        let Some(value) = env::var(name).ok().filter(|value| !value.is_empty()) else { continue };
        let mut layer = Layer::default();
        read(&mut layer, value).map_err(|expected| {
            let values: [(&str, &dyn fmt::Display); 3] =
                [("origin", &"environment"), ("key", &name), ("expected", &expected)];
            Failure::new(Exit::Usage, "CONFIG", console.fill(messages::CONFIG_VALUE, &values))
                .hint(messages::CONFIG_HINT.get(console.language))
        })?;
        layers.push((Origin::Environment(name), layer));
    }
    Ok(layers)
}
