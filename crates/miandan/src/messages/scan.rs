//! `miandan scan`.

use crate::language::Text;

texts! {
    VERDICT = "{place}: {verdict}: {number}", "{place}：{verdict}：{number}";
    GENUINE = "genuine", "真";
    REPRINT = "genuine, copy {copy}", "真，补打 {copy}";
    EXPIRED = "expired", "已过期";
    NOT_YET_VALID = "issued in the future; is the clock right?", "签发时间在未来，请检查时钟";
    UNKNOWN_STATION = "of a station that nobody vouches for", "打印站未获认可";
    REVOKED = "of a station whose key was revoked", "打印站密钥已吊销";
    FORGED = "FORGED", "伪造";
    OTHER_WAYBILL = "BELONGS TO ANOTHER WAYBILL", "属于另一张运单";
    SPECIMEN = "of a preview, which is no label", "预览样张，不是面单";
    BESIDE = "  the label itself says {number}", "  面单上的运单号为 {number}";
    STATION = "  station {station}, label {serial}, issued {issued}, until {until}", "  打印站 {station}，第 {serial} 张，签发于 {issued}，有效至 {until}";
    CALL = "  call {number}, until {until}", "  拨打 {number}，{until} 前有效";
    DOOR = "  hidden on the label: {door}", "  面单上隐去的内容：{door}";
    INCOMPLETE = "  not all of it fitted: ask the carrier's system", "  内容未能全部收入，请查询快递公司系统";
    OTHER_CARRIER = "  the sealed part is for another carrier", "  密封内容属于其他快递公司";
    OTHER_KEY = "  the sealed part is for another key of this carrier", "  密封内容需用该公司的另一把密钥打开";
    NO_TOKEN = "{place}: no courier's token was found", "{place}：未找到派件码";
    NUMBER_ALONE = "{place}: no courier's token was found, only the number {number}", "{place}：未找到派件码，只有运单号 {number}";
    LIST_OLD = "a list of stations is older than its issuer promised: a station may have been revoked since",
        "打印站列表已超过签发方承诺的更新时间，期间可能有打印站被吊销";
    NO_STATIONS = "no list of stations was named", "未指定打印站列表";
    NO_STATIONS_HINT = "--trust takes an issuer's public file and the list of stations that it signed (miandan sign stations)",
        "--trust 需要签发方公钥文件及其签署的打印站列表（miandan sign stations）";
    BAD_CARRIER_KEY = "{file} is not the key file of a carrier", "{file} 不是快递公司密钥文件";
    BAD_CARRIER_KEY_HINT = "name the key file, not FILE.pub; miandan keygen carrier makes one",
        "请指定密钥文件而不是 .pub 文件；可用 miandan keygen carrier 生成";
    LIST_FOREIGN = "nobody who is trusted has signed the list {file}", "列表 {file} 不是由受信任的签发方签署";
    LIST_FOREIGN_HINT = "name the public file of its issuer with --trust as well", "请同时用 --trust 指定其签发方的公钥文件";
    LIST_CHANGED = "the list {file} was changed after it was signed", "列表 {file} 在签署后被改动";
    LIST_AGAIN_HINT = "get it again from its issuer", "请向签发方重新获取";
    LIST_OLDER = "of the lists of one issuer, {file} is the older one", "同一签发方的列表中，{file} 较旧";
    LIST_OLDER_HINT = "leave it out", "请去掉该列表";
    NO_LIST = "{file} is not a signed list of stations", "{file} 不是签署的打印站列表";
    NO_ISSUER = "{file} is neither the public file of an issuer, nor a trust list, nor a list of stations",
        "{file} 不是签发方公钥文件、信任列表或打印站列表";
    NO_ISSUER_HINT = "ask the issuer for its public file and its list of stations", "请向签发方索取公钥文件和打印站列表";
}
