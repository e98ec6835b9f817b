//! The clear part of an order: what is not personal and may be read outside the fence.

/// Where the parcel is sorted to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routing {
    /// Routing code, e.g. `356-01-02 F3`: sorting centre, delivery branch, courier route (三段码).
    pub code: String,
    /// Short destination mark (大头笔).
    pub sortation: String,
    /// Name of the consolidation point (集包地).
    pub consolidation_name: String,
    /// Code of the consolidation point.
    pub consolidation_code: String,
    /// Name of the branch that collects the parcel.
    pub origin_name: String,
    /// Code of the branch that collects the parcel.
    pub origin_code: String,
}

/// The parcel itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parcel {
    /// Weight in grams, 0 if unknown.
    pub weight_g: u32,
    /// Which parcel of the order this is, from 1; 0 if the order did not say.
    pub index: u32,
    /// How many parcels the order has; 0 if the order did not say.
    pub count: u32,
    /// What the courier collects from the recipient (代收货款), in fen of the renminbi; 0 if nothing.
    pub cod_fen: u32,
    /// The value for which the parcel is insured (保价), in fen of the renminbi; 0 if it is not.
    pub insured_fen: u32,
}

/// One line of goods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Name of the goods.
    pub name: String,
    /// Stock keeping unit.
    pub sku: String,
    /// How many.
    pub count: u32,
}

/// What the person agreed to, as an opaque reference that can be withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// Opaque reference of the authorisation.
    pub reference: String,
    /// Counter; a withdrawal names the highest one that it covers.
    pub epoch: u32,
}
