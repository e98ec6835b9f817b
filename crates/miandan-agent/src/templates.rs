//! Which template an address means: a list in the configuration, never a look at the address itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use miandan_core::pipe::TemplateKind;
use miandan_print::station::TemplateSource;

use crate::config::ConfigError;

/// Templates by the addresses that clients name.
#[derive(Clone, Debug, Default)]
pub(crate) struct TemplateMap {
    /// Addresses without scheme and query, the longest first.
    entries: Vec<(String, Template)>,
    otherwise: Option<Template>,
}

/// A template, for labels of sealed orders and for data in clear.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    waybill: Arc<TemplateSource>,
    free: Arc<TemplateSource>,
    /// Where it comes from, for the log.
    pub(crate) name: Arc<str>,
}

impl Template {
    fn new(name: &str, bytes: Vec<u8>) -> Self {
        Template {
            waybill: Arc::new(TemplateSource::new(TemplateKind::Waybill, bytes.clone())),
            free: Arc::new(TemplateSource::new(TemplateKind::Free, bytes)),
            name: name.into(),
        }
    }

    /// The template, compiled for a kind of data.
    #[must_use]
    pub(crate) fn of_kind(&self, kind: TemplateKind) -> &Arc<TemplateSource> {
        match kind {
            TemplateKind::Waybill => &self.waybill,
            TemplateKind::Free => &self.free,
        }
    }
}

impl TemplateMap {
    /// Reads the templates that a configuration names: labels that are shipped by their names, else files.
    ///
    /// # Errors
    /// [`ConfigError::Template`], [`ConfigError::Value`].
    pub(crate) fn read(
        tables: &BTreeMap<String, String>,
        otherwise: Option<&str>,
        from: &Path,
    ) -> Result<Self, ConfigError> {
        let mut known: BTreeMap<&str, Template> = BTreeMap::new();
        let mut template = |name| -> Result<Template, ConfigError> {
            if let Some(template) = known.get(name) {
                return Ok(template.clone());
            }
            let bytes = match miandan_templates::find(name) {
                Some(label) => label.template.as_bytes().to_vec(),
                None => std::fs::read(from.join(name))
                    .map_err(|error| ConfigError::Template { name: name.to_owned(), error })?,
            };
            Ok(known.entry(name).or_insert(Template::new(name, bytes)).clone())
        };
        let mut entries = Vec::with_capacity(tables.len());
        for (address, name) in tables {
            let address = plain(address);
            if address.is_empty() {
                let allowed = "an address, or the beginning of one,";
                return Err(ConfigError::Value { setting: "templates".to_owned(), allowed });
            }
            entries.push((address, template(name)?));
        }
        entries.sort_by(|(one, _), (two, _)| two.len().cmp(&one.len()).then_with(|| one.cmp(two)));
        let otherwise = otherwise.map(template).transpose()?;
        Ok(TemplateMap { entries, otherwise })
    }

    /// The template of an address: that of the longest entry which is the address or begins it, up to a `/`, a `?` or a `&`;
    /// schemes do not count, since clients name the same template with both. `None` where nothing fits.
    #[must_use]
    pub(crate) fn find(&self, address: &str) -> Option<&Template> {
        let address = plain(address);
        let begins = |entry: &str| {
            let rest = address.strip_prefix(entry);
            rest.is_some_and(|rest| {
                rest.is_empty() || entry.ends_with('/') || rest.starts_with(['/', '?', '&'])
            })
        };
        self.entries.iter().find(|(entry, _)| begins(entry)).map(|(_, template)| template)
    }

    /// The template of a label: that of its address, else the one that stands for all that are not listed.
    #[must_use]
    pub(crate) fn label(&self, address: &str) -> Option<&Template> {
        self.find(address).or(self.otherwise.as_ref())
    }

    /// The template of a name.
    #[must_use]
    pub(crate) fn named(&self, name: &str) -> Option<&Template> {
        self.templates().find(|template| &*template.name == name)
    }

    /// Every template once, with the addresses that mean it; `*` where it stands for all others.
    pub(crate) fn all(&self) -> Vec<(&Template, Vec<&str>)> {
        let mut all: Vec<(&Template, Vec<&str>)> = Vec::new();
        let entries = self.entries.iter().map(|(address, template)| (template, &**address));
        for (template, address) in entries.chain(self.otherwise.iter().map(|template| (template, "*"))) {
            match all.iter_mut().find(|(known, _)| known.name == template.name) {
                Some((_, addresses)) => addresses.push(address),
                None => all.push((template, vec![address])),
            }
        }
        all
    }

    fn templates(&self) -> impl Iterator<Item = &Template> {
        self.entries.iter().map(|(_, template)| template).chain(&self.otherwise)
    }

    /// Every template once, as labels of sealed orders have it.
    pub(crate) fn waybills(&self) -> impl Iterator<Item = &Arc<TemplateSource>> {
        self.all().into_iter().map(|(template, _)| template).map(|template| &template.waybill)
    }
}

/// An address without its scheme and without white space around it.
fn plain(address: &str) -> String {
    let address = address.trim();
    let rest = ["https://", "http://", "//"].into_iter().find_map(|scheme| {
        let (head, rest) = address.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    rest.unwrap_or(address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)], otherwise: Option<&str>) -> TemplateMap {
        let tables = entries.iter().map(|&(address, name)| (address.to_owned(), name.to_owned())).collect();
        TemplateMap::read(&tables, otherwise, Path::new("/nonexistent")).unwrap()
    }

    #[test]
    fn the_longest_beginning_counts() {
        let map = map(
            &[
                ("cloudprint.example.com/template/standard", "one-part-76x130"),
                ("http://cloudprint.example.com/template/standard/101", "yto-76x130"),
                ("https://erp.example/xml?id=7", "jt-76x130"),
            ],
            None,
        );
        let found = |address: &str| map.find(address).map(|template| template.name.to_string());
        assert_eq!(
            found("http://cloudprint.example.com/template/standard/101/123").as_deref(),
            Some("yto-76x130")
        );
        assert_eq!(
            found("HTTPS://cloudprint.example.com/template/standard/101").as_deref(),
            Some("yto-76x130")
        );
        assert_eq!(
            found("//cloudprint.example.com/template/standard/1010").as_deref(),
            Some("one-part-76x130"),
            "another number"
        );
        assert_eq!(found("https://erp.example/xml?id=7&v=2").as_deref(), Some("jt-76x130"));
        assert_eq!(found("https://erp.example/xml?id=70"), None);
        assert_eq!(found("http://elsewhere.example/template/standard/101"), None);
        assert!(map.label("").is_none());
    }

    #[test]
    fn one_may_stand_for_all_others() {
        let map = map(&[("a.example", "yto-76x130")], Some("one-part-76x130"));
        assert_eq!(&*map.label("b.example/x").unwrap().name, "one-part-76x130");
        assert!(map.find("b.example/x").is_none(), "not for areas");
        assert_eq!(map.waybills().count(), 2);
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let tables = BTreeMap::from([("a.example".to_owned(), "no-such-label".to_owned())]);
        let error = TemplateMap::read(&tables, None, Path::new("/nonexistent")).unwrap_err();
        assert!(matches!(error, ConfigError::Template { name, .. } if name == "no-such-label"));
    }
}
