//! Usual names of fields, in English and Chinese. Capitals, and signs between words, make no difference:
//! `receiver_name`, `receiverName` and `receiver.name` are one.

use crate::mapping::{Meaning, Target};

/// What a name of a field of the order means.
pub(crate) fn field(name: &str) -> Meaning {
    meaning(name, order)
}

/// What a name of a field of a row of goods means.
pub(crate) fn column(name: &str) -> Meaning {
    meaning(name, |name| of(COLUMNS, name))
}

/// Whether the name of a table alone says that it lists the goods: it can hold nothing else.
pub(crate) fn is_table(name: &str) -> bool {
    matches!(&*plain(name), "table" | "tabledata" | "list" | "datalist" | "data" | "rows")
}

fn meaning(name: &str, known: fn(&str) -> Option<&'static str>) -> Meaning {
    // `order.receiver.name` is tried whole, then without what comes first: more words say more.
    let mut rest = Some(name);
    let mut found = None;
    while let Some(name) = rest {
        let name_plain = plain(name);
        if NEVER.iter().any(|word| name_plain.contains(word)) {
            return Meaning::NeverPrinted;
        }
        found = found.or_else(|| known(&name_plain));
        rest = name.split_once('.').map(|(_, rest)| rest);
    }
    found.and_then(Target::named).map_or(Meaning::Unknown, Meaning::Known)
}

/// A name in small letters, without signs.
fn plain(name: &str) -> String {
    name.chars().take(64).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn of(names: &[(&'static str, &[&str])], name: &str) -> Option<&'static str> {
    names.iter().find(|(_, names)| names.contains(&name)).map(|(target, _)| *target)
}

fn order(name: &str) -> Option<&'static str> {
    of(FIELDS, name).or_else(|| side(name, RECIPIENT, true)).or_else(|| side(name, SENDER, false))
}

/// A field of a person: whose, then what.
fn side(name: &str, prefixes: &[&str], recipient: bool) -> Option<&'static str> {
    prefixes.iter().find_map(|prefix| {
        let rest = name.strip_prefix(prefix)?;
        let fillers = FILLERS.iter().filter_map(|filler| rest.strip_prefix(filler));
        let found = std::iter::once(rest)
            .chain(fillers)
            .find_map(|rest| PERSON.iter().find(|row| row.2.contains(&rest)));
        let found = found.or_else(|| {
            let alone = rest.is_empty() && ALONE.contains(prefix);
            alone.then_some(&PERSON[0])
        })?;
        Some(if recipient { found.0 } else { found.1 })
    })
}

/// Parts of names of what is never printed.
#[rustfmt::skip]
const NEVER: &[&str] = &[
    "email", "wangwang", "旺旺", "nick", "昵称", "account", "账号", "帐号", "idcard", "identity", "身份证", "证件",
    "passport", "护照", "openid", "unionid", "邮箱", "password", "密码", "birthday", "生日",
];

/// Whose: longer ones first.
#[rustfmt::skip]
const RECIPIENT: &[&str] = &[
    "recipient", "receiver", "receive", "consignee", "recv", "rcv", "shipto", "deliveryto", "to", "收件人",
    "收货人", "收件方", "收货方", "收件", "收货", "收方", "收",
];

#[rustfmt::skip]
const SENDER: &[&str] = &[
    "sender", "shipper", "consignor", "shipfrom", "send", "from", "寄件人", "发件人", "发货人", "寄件方", "发件方", "发货方",
    "寄件", "发件", "发货", "寄方", "寄",
];

/// Of those above, the ones that stand for the name where nothing follows.
#[rustfmt::skip]
const ALONE: &[&str] = &[
    "recipient", "receiver", "consignee", "收件人", "收货人", "sender", "shipper", "consignor", "寄件人", "发件人",
    "发货人",
];

/// Words that may stand between whose and what.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "info", "contact", "person", "user", "信息", "人",
];

/// What of a person: for the recipient, for the sender, by which names.
#[rustfmt::skip]
const PERSON: &[(&str, &str, &[&str])] = &[
    ("recipient.name", "sender.name", &["name", "fullname", "姓名", "名字", "名称", "名"]),
    ("recipient.contact", "sender.contact", &[
        "phone", "mobile", "tel", "telephone", "mobilephone", "cellphone", "phonenumber", "phoneno",
        "mobileno", "mobilenumber", "contactphone", "contactnumber", "电话", "手机", "手机号", "手机号码", "电话号码",
        "联系电话", "联系方式",
    ]),
    ("recipient.address.province", "sender.address.province", &[
        "province", "provincename", "prov", "addressprovince", "省", "省份",
    ]),
    ("recipient.address.city", "sender.address.city", &["city", "cityname", "addresscity", "市", "城市"]),
    ("recipient.address.district", "sender.address.district", &[
        "expareaname", "district", "districtname", "area", "areaname", "county", "countyname",
        "addressdistrict", "区", "区县", "县", "县区",
    ]),
    ("recipient.address.town", "sender.address.town", &[
        "town", "townname", "street", "addresstown", "乡镇", "镇", "街道",
    ]),
    ("recipient.address.detail", "sender.address.detail", &[
        "detail", "detailaddress", "addressdetail", "detailedaddress", "addrdetail", "详细地址", "详址",
    ]),
    ("recipient.fullAddress", "sender.fullAddress", &[
        "address", "addr", "fulladdress", "fulladdr", "addressfull", "alladdress", "地址", "完整地址",
    ]),
    ("recipient.region", "sender.region", &["region", "ssq", "pcd", "省市区", "省市", "区域"]),
    ("recipient.org", "sender.org", &["company", "companyname", "org", "organization", "公司", "公司名称", "单位"]),
];

#[rustfmt::skip]
const FIELDS: &[(&str, &[&str])] = &[
    ("waybillCode", &[
        "waybillcode", "waybillno", "waybillnumber", "waybill", "mailno", "mailnum", "mailnumber",
        "expressno", "expressnumber", "expressnum", "trackingno", "trackingnumber", "trackingcode",
        "trackno", "logisticno", "logisticsno", "logisticcode", "logisticscode", "logisticsnumber",
        "shipmentno", "运单号", "运单号码", "运单编号", "快递单号", "快递号", "物流单号", "面单号", "邮件号", "运单条码", "运单号条码",
    ]),
    ("cpCode", &[
        "cpcode", "carrier", "carriercode", "expresscode", "expresscompany", "expresscompanycode",
        "logisticscompany", "logisticscompanycode", "shippercode", "快递公司", "快递公司编码", "物流公司", "承运商",
    ]),
    ("orderId", &[
        "orderid", "orderno", "ordernumber", "ordercode", "ordersn", "tid", "订单号", "订单编号", "订单号码",
    ]),
    ("paymentId", &["paymentid", "paymentno", "payno", "支付单号", "支付号"]),
    ("service", &[
        "shippingoptiontitle", "service", "servicename", "servicetype", "expresstype", "产品类型", "业务类型",
        "服务类型", "时效类型",
    ]),
    ("cod", &["cod", "codamount", "codvalue", "collectionamount", "代收货款", "代收金额"]),
    ("insured", &[
        "insured", "insurance", "insuredvalue", "insurancevalue", "insureamount", "insuredamount", "保价",
        "保价金额", "声明价值",
    ]),
    ("routingInfo.routeCode", &[
        "destroutelabel", "destroutecode", "routecode", "routingcode", "segmentcode", "threesegmentcode",
        "threecode", "threesegcode", "sortingcode", "三段码", "路由码",
    ]),
    ("routingInfo.sortation.name", &[
        "sortation", "sortationname", "shortaddress", "bigchar", "bigpen", "bigpencode", "markdestination",
        "大头笔", "大字", "目的地",
    ]),
    ("routingInfo.consolidation.name", &[
        "packagename", "consolidation", "consolidationname", "packagecenter", "packagecentername",
        "packageplace", "packagesite", "集包地", "集包地名称", "建包地", "集散地",
    ]),
    ("routingInfo.consolidation.code", &[
        "consolidationcode", "packagecentercode", "packagecode", "集包地编码", "集包编码", "集包码", "集包地代码",
    ]),
    ("routingInfo.origin.name", &["originname", "branchname", "网点", "网点名称", "始发网点", "揽收网点", "寄件网点"]),
    ("routingInfo.origin.code", &["origincode", "branchcode", "网点编码", "网点代码"]),
    ("packageInfo.weight", &["weight", "totalweight", "packageweight", "grossweight", "重量", "总重量", "毛重"]),
    ("packageInfo.totalCount", &[
        "totalcount", "goodscount", "itemcount", "totalquantity", "totalnum", "goodsnum", "商品总数", "总数量",
        "商品数量",
    ]),
    ("packageInfo.count", &["packagecount", "parcelcount", "包裹数", "包裹总数", "件数"]),
    ("packageInfo.index", &["packageindex", "parcelindex", "包裹序号", "第几件"]),
    ("memo", &[
        "memo", "remark", "remarks", "note", "notes", "comment", "sellermemo", "sellerremark", "buyermemo",
        "buyermessage", "备注", "订单备注", "卖家备注", "商家备注", "买家留言", "留言",
    ]),
    ("goods", &[
        "goods", "goodsname", "goodsnames", "goodsinfo", "goodsdetail", "goodsdetails", "goodslist",
        "goodsinfolist", "items", "itemlist", "itemname", "cargo", "cargoname", "cargos", "commodity",
        "commodities", "products", "productlist", "skulist", "orderitems", "orderdetails", "details",
        "detaillist", "商品", "商品名称", "商品信息", "商品明细", "商品列表", "品名", "内件", "内件品名", "物品", "物品名称", "货品", "托寄物",
        "明细",
    ]),
    ("printTime", &["printtime", "打印时间"]),
    ("printDate", &["printdate", "打印日期"]),
    ("documentNumber", &["documentnumber", "printindex", "printno", "打印序号"]),
    ("documentCount", &["documentcount", "printcount", "打印总数"]),
];

#[rustfmt::skip]
const COLUMNS: &[(&str, &[&str])] = &[
    ("items.name", &[
        "name", "goodsname", "itemname", "productname", "cargoname", "title", "goods", "商品", "商品名称", "品名",
        "名称", "货品名称", "货品",
    ]),
    ("items.sku", &[
        "goodsprops", "skuprops", "sku", "skuname", "skucode", "skuno", "spec", "specs", "specification",
        "skuproperties", "model", "规格", "型号", "规格型号", "货号", "商家编码", "编码",
    ]),
    ("items.count", &[
        "goodsquantity", "count", "num", "qty", "quantity", "goodsnum", "goodscount", "itemcount", "数量",
        "件数", "个数",
    ]),
    ("items.row", &["index", "rowindex", "rowno", "no", "seq", "sequence", "序号", "行号"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn name(meaning: Meaning) -> &'static str {
        match meaning {
            Meaning::Known(target) => target.name(),
            Meaning::NeverPrinted => "never",
            Meaning::Unknown => "?",
        }
    }

    #[test]
    fn names_of_fields() {
        for (given, expected) in [
            ("receiverName", "recipient.name"),
            ("receiver_name", "recipient.name"),
            ("receiver.name", "recipient.name"),
            ("order.receiver.name", "recipient.name"),
            ("recipientInfo.mobile", "recipient.contact"),
            ("CONSIGNEE_TEL", "recipient.contact"),
            ("收件人", "recipient.name"),
            ("收件人姓名", "recipient.name"),
            ("收货电话", "recipient.contact"),
            ("收货人手机号", "recipient.contact"),
            ("收件人详细地址", "recipient.address.detail"),
            ("receiver.address.city", "recipient.address.city"),
            ("toAddress", "recipient.fullAddress"),
            ("total", "?"),
            ("totalCount", "packageInfo.totalCount"),
            ("寄件人地址", "sender.fullAddress"),
            ("senderCompany", "sender.org"),
            ("sender", "sender.name"),
            ("send", "?"),
            ("shipperCode", "cpCode"),
            ("shipperName", "sender.name"),
            ("mailNo", "waybillCode"),
            ("mail", "?"),
            ("运单号", "waybillCode"),
            ("data.waybill_code", "waybillCode"),
            ("三段码", "routingInfo.routeCode"),
            ("大头笔", "routingInfo.sortation.name"),
            ("集包地", "routingInfo.consolidation.name"),
            ("goods", "goods"),
            ("备注", "memo"),
            ("buyerNick", "never"),
            ("receiver.email", "never"),
            ("receiverIdCardNo", "never"),
            ("收件人身份证号", "never"),
            ("email.receiverName", "never"),
            ("Receiver.ExpAreaName", "recipient.address.district"),
            ("routingInfo.sortation.name", "routingInfo.sortation.name"),
            ("routingInfo.consolidation.code", "routingInfo.consolidation.code"),
            ("_data.recipient.address.detail", "recipient.address.detail"),
            ("shippingOption.title", "service"),
            ("packageInfo.items", "goods"),
            ("receiverInfo.receiverFullAddress", "recipient.fullAddress"),
            ("shipperInfo.shipperMobile", "sender.contact"),
            ("name", "?"),
            ("phone", "?"),
            ("", "?"),
            ("....", "?"),
        ] {
            assert_eq!(name(field(given)), expected, "{given}");
        }
    }

    #[test]
    fn names_of_columns() {
        for (given, expected) in [
            ("name", "items.name"),
            ("规格", "items.sku"),
            ("qty", "items.count"),
            ("price", "?"),
            ("nick", "never"),
        ] {
            assert_eq!(name(column(given)), expected, "{given}");
        }
        assert!(is_table("table") && !is_table("prices"));
    }

    #[test]
    fn every_name_leads_to_a_target_and_to_one_only() {
        let names = FIELDS.iter().chain(COLUMNS).map(|(target, _)| *target);
        for target in names.chain(PERSON.iter().flat_map(|row| [row.0, row.1])) {
            assert!(Target::named(target).is_some(), "{target}");
        }
        for table in [FIELDS, COLUMNS] {
            let mut all: Vec<_> = table.iter().flat_map(|(_, names)| names.iter().copied()).collect();
            for name in &all {
                assert_eq!(plain(name), **name, "a name that can never be found");
            }
            all.sort_unstable();
            let count = all.len();
            all.dedup();
            assert_eq!(all.len(), count);
        }
    }
}
