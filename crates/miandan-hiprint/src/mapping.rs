//! Which field of a design is which of an order: what a user says comes first, then [`names`].

use std::collections::HashMap;

use crate::names;

/// What a field of a design stands for here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target(&'static Row);

#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: &'static str,
    /// As an expression of the template language; needs the statements of [`Target::prelude`].
    expression: &'static str,
    /// A statement that has to stand before.
    prelude: &'static str,
    class: Class,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Plain,
    /// Of a person: masked, and never in a code.
    Personal,
    /// The goods, which are a list in a table and a line of text elsewhere.
    Goods,
    /// A column of a table of goods.
    Column,
}

/// `recipient.address.detail` and the like: what stands below `_data`.
macro_rules! below_data {
    ($($class:ident $path:literal;)+) => {
        &[$(Row { name: $path, expression: concat!("_data.", $path), prelude: "", class: Class::$class },)+]
    };
}

const BELOW_DATA: &[Row] = below_data! {
    Plain "waybillCode";
    Plain "cpCode";
    Plain "orderId";
    Plain "paymentId";
    Plain "service";
    Plain "memo";
    Plain "routingInfo.routeCode";
    Plain "routingInfo.sortation.name";
    Plain "routingInfo.consolidation.name";
    Plain "routingInfo.consolidation.code";
    Plain "routingInfo.origin.name";
    Plain "routingInfo.origin.code";
    Plain "packageInfo.totalCount";
    Plain "packageInfo.weight";
    Plain "packageInfo.index";
    Plain "packageInfo.count";
    Personal "recipient.name";
    Personal "recipient.org";
    Personal "recipient.mobile";
    Personal "recipient.phone";
    Personal "recipient.virtual";
    Personal "recipient.address.province";
    Personal "recipient.address.city";
    Personal "recipient.address.district";
    Personal "recipient.address.town";
    Personal "recipient.address.detail";
    Personal "sender.name";
    Personal "sender.org";
    Personal "sender.mobile";
    Personal "sender.phone";
    Personal "sender.virtual";
    Personal "sender.address.province";
    Personal "sender.address.city";
    Personal "sender.address.district";
    Personal "sender.address.town";
    Personal "sender.address.detail";
};

/// What is made of several fields, or stands elsewhere than below `_data`.
const OTHERS: &[Row] = &[
    Row {
        name: "recipient.contact",
        expression: "recipientContact",
        prelude: "var recipientContact = _data.recipient.virtual ? _data.recipient.virtual.replace('-', ' 转 ') : _data.recipient.mobile || _data.recipient.phone;",
        class: Class::Personal,
    },
    Row {
        name: "recipient.region",
        expression: "recipientRegion",
        prelude: "var recipientRegion = _data.recipient.address.province + _data.recipient.address.city + _data.recipient.address.district;",
        class: Class::Personal,
    },
    Row {
        name: "recipient.fullAddress",
        expression: "recipientAddress",
        prelude: "var recipientAddress = _data.recipient.address.province + _data.recipient.address.city + _data.recipient.address.district + _data.recipient.address.town + _data.recipient.address.detail;",
        class: Class::Personal,
    },
    Row {
        name: "sender.contact",
        expression: "senderContact",
        prelude: "var senderContact = _data.sender.virtual ? _data.sender.virtual.replace('-', ' 转 ') : _data.sender.mobile || _data.sender.phone;",
        class: Class::Personal,
    },
    Row {
        name: "sender.region",
        expression: "senderRegion",
        prelude: "var senderRegion = _data.sender.address.province + _data.sender.address.city + _data.sender.address.district;",
        class: Class::Personal,
    },
    Row {
        name: "sender.fullAddress",
        expression: "senderAddress",
        prelude: "var senderAddress = _data.sender.address.province + _data.sender.address.city + _data.sender.address.district + _data.sender.address.town + _data.sender.address.detail;",
        class: Class::Personal,
    },
    Row {
        name: "cod",
        expression: "_data.shippingOption.services['SVC-COD'].value",
        prelude: "",
        class: Class::Plain,
    },
    Row {
        name: "insured",
        expression: "_data.shippingOption.services['SVC-INSURE'].value",
        prelude: "",
        class: Class::Plain,
    },
    Row {
        name: "printTime",
        expression: "_context.formatStartTime('yyyy-MM-dd HH:mm:ss')",
        prelude: "",
        class: Class::Plain,
    },
    Row {
        name: "printDate",
        expression: "_context.formatStartTime('yyyy-MM-dd')",
        prelude: "",
        class: Class::Plain,
    },
    Row { name: "documentNumber", expression: "_context.documentNumber()", prelude: "", class: Class::Plain },
    Row { name: "documentCount", expression: "_context.documentCount()", prelude: "", class: Class::Plain },
    Row {
        name: "goods",
        expression: "goods",
        prelude: "var goods = ''; for (var i = 0; i < _data.packageInfo.items.length; i++) { goods += (i > 0 ? '；' : '') + (_data.packageInfo.items[i].name || _data.packageInfo.items[i].sku) + ' ×' + _data.packageInfo.items[i].count; }",
        class: Class::Goods,
    },
    Row {
        name: "items.name",
        expression: "_data.packageInfo.items[row].name",
        prelude: "",
        class: Class::Column,
    },
    Row {
        name: "items.sku",
        expression: "_data.packageInfo.items[row].sku",
        prelude: "",
        class: Class::Column,
    },
    Row {
        name: "items.count",
        expression: "_data.packageInfo.items[row].count",
        prelude: "",
        class: Class::Column,
    },
    Row { name: "items.row", expression: "row + 1", prelude: "", class: Class::Column },
];

impl Target {
    /// The target of a name, such as `recipient.address.detail` or `goods`.
    #[must_use]
    pub fn named(name: &str) -> Option<Target> {
        Target::all().find(|target| target.name() == name)
    }

    /// Every target.
    pub fn all() -> impl Iterator<Item = Target> {
        BELOW_DATA.iter().chain(OTHERS).map(Target)
    }

    /// The name: mostly the path below `_data`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The expression of the template language.
    pub(crate) fn expression(self) -> &'static str {
        self.0.expression
    }

    /// The statement that has to stand before the expression; empty if none has.
    pub(crate) fn prelude(self) -> &'static str {
        self.0.prelude
    }

    /// Whether it is of a person, so that it is masked and stands in no code.
    #[must_use]
    pub fn is_personal(self) -> bool {
        self.0.class == Class::Personal
    }

    pub(crate) fn is_goods(self) -> bool {
        self.0.class == Class::Goods
    }

    /// Whether it is a column of a table of goods.
    #[must_use]
    pub fn is_column(self) -> bool {
        self.0.class == Class::Column
    }

    /// Whether every order has it, so that a code of it needs no condition.
    pub(crate) fn is_always(self) -> bool {
        matches!(self.name(), "waybillCode" | "cpCode" | "orderId" | "printTime" | "printDate")
    }
}

/// What a name of a design means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Known(Target),
    /// Something that is never printed.
    NeverPrinted,
    Unknown,
}

/// What fields of a design stand for. The default one knows the usual names.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    named: HashMap<String, Target>,
}

impl Mapping {
    /// Says what a field stands for. It comes before what is usual.
    pub fn name(&mut self, field: impl Into<String>, target: Target) {
        self.named.insert(field.into(), target);
    }

    /// What a field of the order means, and whether only its title says so.
    pub(crate) fn field(&self, field: &str, title: &str) -> (Meaning, bool) {
        match self.named.get(field) {
            Some(target) if !target.is_column() => (Meaning::Known(*target), false),
            _ => or_title(names::field, field, title),
        }
    }

    /// What a field of a row of goods means, and whether only its title says so.
    pub(crate) fn column(&self, field: &str, title: &str) -> (Meaning, bool) {
        match self.named.get(field) {
            Some(target) if target.is_column() => (Meaning::Known(*target), false),
            _ => or_title(names::column, field, title),
        }
    }
}

/// Many designs have fields with names like `khmc` and titles that say what they are.
fn or_title(meaning: fn(&str) -> Meaning, field: &str, title: &str) -> (Meaning, bool) {
    match (meaning(field), meaning(title)) {
        (Meaning::Unknown, Meaning::Unknown) => (Meaning::Unknown, false),
        (Meaning::Unknown, by_title) => (by_title, true),
        (by_field, _) => (by_field, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use miandan_render::template::Template;

    #[test]
    fn every_target_compiles_alone() {
        for target in Target::all() {
            assert_eq!(Target::named(target.name()), Some(target));
            let row = if target.is_column() { "for (var row = 0; row < 1; row++) {" } else { "{" };
            let row = row.trim_start_matches('{');
            let close = if row.is_empty() { "" } else { "<% } %>" };
            let open = if row.is_empty() { String::new() } else { format!("<% {row} %>") };
            let source = format!(
                "<page width=\"76\" height=\"130\"><% {} %>{open}<text><%={}%></text>{close}</page>",
                target.prelude(),
                target.expression(),
            );
            let template = Template::compile(source.as_bytes());
            let template = template.unwrap_or_else(|error| panic!("{}: {error}", target.name()));
            assert_eq!(template.remarks(), []);
            assert_eq!(target.is_personal(), template.fields().iter().next().is_some(), "{}", target.name());
        }
    }

    #[test]
    fn what_a_user_says_comes_first() {
        let mut mapping = Mapping::default();
        let memo = Target::named("memo").unwrap();
        mapping.name("receiverName", memo);
        mapping.name("spmc", Target::named("items.name").unwrap());
        let field = |field, title| mapping.field(field, title);
        assert_eq!(field("receiverName", ""), (Meaning::Known(memo), false));
        let name = Meaning::Known(Target::named("recipient.name").unwrap());
        assert_eq!(field("receiver_name", "备注"), (name, false));
        assert_eq!(field("khmc", "收件人："), (name, true));
        assert_eq!(field("khmc", "买家昵称"), (Meaning::NeverPrinted, true));
        assert_eq!(field("email", "收件人"), (Meaning::NeverPrinted, false));
        assert_eq!(field("spmc", "文本"), (Meaning::Unknown, false));
        let named = Meaning::Known(Target::named("items.name").unwrap());
        assert_eq!(mapping.column("spmc", ""), (named, false));
        assert_eq!(mapping.column("mc", "品名"), (named, true));
    }
}
