//! The JSON shape that the clear part of an order has in a plain order and in a signed order header
//! (`cli.md`, *Plain order*). Members that say nothing are left out.

use miandan_core::order::{Consent, Item, Parcel, Routing};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::strict::{self, AsObject};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Routing", deny_unknown_fields)]
struct RoutingShape {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sortation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    consolidation_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    consolidation_code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    origin_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    origin_code: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Parcel", deny_unknown_fields)]
struct ParcelShape {
    #[serde(default, skip_serializing_if = "is_zero")]
    weight_g: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    index: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    count: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    cod_fen: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    insured_fen: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Item", deny_unknown_fields)]
struct ItemShape {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sku: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    count: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Consent", deny_unknown_fields)]
struct ConsentShape {
    #[serde(rename = "ref")]
    reference: String,
    epoch: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// For `#[serde(skip_serializing_if)]`.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// For `#[serde(with)]`: where the parcel is sorted to.
pub(crate) mod routing {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(routing: &Routing, serializer: S) -> Result<S::Ok, S::Error> {
        RoutingShape::serialize(routing, serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Routing, D::Error> {
        RoutingShape::deserialize(AsObject(deserializer))
    }
}

/// For `#[serde(with)]`: the parcel.
pub(crate) mod parcel {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(parcel: &Parcel, serializer: S) -> Result<S::Ok, S::Error> {
        ParcelShape::serialize(parcel, serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Parcel, D::Error> {
        ParcelShape::deserialize(AsObject(deserializer))
    }
}

/// For `#[serde(with)]`: the goods.
pub(crate) mod items {
    use super::*;

    struct Line(Item);

    impl<'de> Deserialize<'de> for Line {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            ItemShape::deserialize(deserializer).map(Line)
        }
    }

    struct LineRef<'a>(&'a Item);

    impl Serialize for LineRef<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            ItemShape::serialize(self.0, serializer)
        }
    }

    pub(crate) fn serialize<S: Serializer>(items: &[Item], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(items.iter().map(LineRef))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Item>, D::Error> {
        Ok(strict::objects(deserializer)?.into_iter().map(|Line(item)| item).collect())
    }
}

/// For `#[serde(with)]`: what the person agreed to, left out when absent.
pub(crate) mod consent {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        consent: &Option<Consent>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match consent {
            Some(consent) => ConsentShape::serialize(consent, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Consent>, D::Error> {
        ConsentShape::deserialize(AsObject(deserializer)).map(Some)
    }
}
