//! Every message for people, in both languages, and nothing else.
//!
//! What a machine reads (`--json`, codes, names of files) is never translated.

use miandan_core::Code;
use miandan_core::code::Meaning;
use miandan_core::masking::Warning;
use miandan_core::pipe::LabelWarning;

use crate::language::Text;

macro_rules! texts {
    ($($name:ident = $en:literal, $zh:literal;)+) => {
        $(pub const $name: Text = Text { en: $en, zh: $zh };)+

        /// All messages, for the test that neither language lacks a value that the other one has.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, Text)] = &[$((stringify!($name), $name),)+];
    };
}

pub mod configuration;
pub mod delivery;
pub mod devices;
pub mod fleet;
pub mod fonts;
pub mod hiprint;
pub mod journal;
pub mod keys;
pub mod label;
pub mod lint;
pub mod plan;
pub mod printers;
pub mod scan;
pub mod selftest;
pub mod services;
pub mod template;
pub mod watch;

texts! {
    ERROR = "error", "错误";
    HINT = "hint", "提示";

    NO_FILE = "{file} cannot be read: {why}", "无法读取 {file}：{why}";
    NO_WRITE = "{file} cannot be written: {why}", "无法写入 {file}：{why}";
    FILE_EXISTS = "{file} exists already", "{file} 已存在";
    FILE_EXISTS_HINT = "choose another name; a key file is never overwritten", "请换一个文件名；密钥文件不会被覆盖";
    CHECK_PATH = "check the path and the permissions", "请检查路径和权限";
    CHECK_SPACE = "check that the folder exists, that you may write to it, and that the disk has room",
        "请检查目录是否存在、是否有写权限、磁盘是否已满";

    NO_COMPONENT = "the print component was not found: {why}", "找不到打印组件：{why}";
    NO_COMPONENT_HINT =
        "install or build all three programs together (cargo build --release), or name it with --component",
        "请将三个程序一起安装或编译（cargo build --release），或用 --component 指定";
    NO_ORDERS = "there are no orders in {file}", "{file} 中没有订单";
    NO_ORDERS_HINT = "the input has one sealed order per line, as miandan seal writes them",
        "输入文件应每行一个密封订单，即 miandan seal 的输出格式";
    NO_KEY_NAMED = "no key of this station is named", "未指定打印站密钥";
    NO_KEY_NAMED_HINT = "--key KEY, or key = \"station.key\" in miandan.toml; miandan keygen station makes one",
        "请用 --key 指定，或在 miandan.toml 中写 key = \"station.key\"；用 miandan keygen station 生成";
    NO_TRUST_NAMED = "no issuer is named whose orders may be printed", "未指定受信任的签发方";
    NO_TRUST_NAMED_HINT = "--trust ISSUER.pub, or trust = \"issuer.key.pub\" in miandan.toml",
        "请用 --trust 指定，或在 miandan.toml 中写 trust = \"issuer.key.pub\"";
    NO_TARGET = "it is not said where the labels go", "未指定面单输出位置";
    NO_TARGET_HINT = "--out FILE for one file, --dir DIR for one file a label, or out or dir in miandan.toml",
        "--out 文件 输出一个文件，--dir 目录 每张面单输出一个文件，或在 miandan.toml 中设置 out 或 dir";
    CONFIG_FILE = "{file}:{line}: {why}", "{file}:{line}：{why}";
    CONFIG_VALUE = "{origin}: {key} is out of range (expected {expected})", "{origin}：{key} 超出范围（应为 {expected}）";
    CONFIG_HINT = "the values are: key, passphrase_file, trust, status_list, status_policy, status_max_age, courier_token, carrier_list, state, template, out, dir, printer, dpi, profile, workers, journal, the table templates, and tables printers.NAME with uri, profile, carriers; miandan config show --origin shows those in force",
        "可用的设置：key、passphrase_file、trust、status_list、status_policy、status_max_age、courier_token、carrier_list、state、template、out、dir、printer、dpi、profile、workers、journal，以及 templates 表和 printers.名称 表（uri、profile、carriers）；miandan config show --origin 可查看当前生效的值";
    FORMAT_TARGET = "--format {format} does not fit this target", "--format {format} 与输出目标不符";
    FORMAT_TARGET_HINT = "a PDF goes to --out, PNGs go to --dir; what printers are sent goes to either",
        "PDF 用 --out，PNG 用 --dir；打印机语言两者均可";
    JSON_STDOUT = "--json and --out - both want standard output", "--json 与 --out - 都要使用标准输出";
    JSON_STDOUT_HINT = "write the labels to a file", "请把面单写入文件";
    NO_TEMPLATE = "there is no template {name}", "没有模板 {name}";
    NO_TEMPLATE_HINT = "name a file, or a label that is shipped: {shipped}", "请指定模板文件，或内置模板之一：{shipped}";
    BAD_TEMPLATE = "{file}:{line}:{column}: {problem}", "{file}:{line}:{column}：{problem}";
    COMPONENT_BROKE = "the print component ended in the middle of its work", "打印组件中途退出";
    COMPONENT_BROKE_HINT = "run miandan doctor; if it happens again with the same input, please report it",
        "请运行 miandan doctor；如果同样的输入再次出现此问题，请反馈给我们";
    OTHER_VERSION = "the print component is of another version", "打印组件的版本与本程序不一致";
    OTHER_VERSION_HINT = "install the programs of one version together", "请安装同一版本的全部程序";

    LABEL_FAILED = "no. {index}: order {order}: {code}: {why}", "第 {index} 张，订单 {order}：{code}：{why}";
    LABEL_FAILED_FIELD = "no. {index}: order {order}: {code} ({field}): {why}",
        "第 {index} 张，订单 {order}：{code}（{field}）：{why}";
    LABEL_FAILED_PLACE = "no. {index}: order {order}: {code}: line {line}, column {column} of the template: {why}",
        "第 {index} 张，订单 {order}：{code}：模板第 {line} 行第 {column} 列：{why}";
    UNREADABLE_ORDER = "(unreadable)", "（无法识别）";
    LABEL_WARNED = "no. {index}: order {order}: {field}: {why}", "第 {index} 张，订单 {order}：{field}：{why}";
    LABEL_NOTED = "no. {index}: order {order}: {why}", "第 {index} 张，订单 {order}：{why}";
    LABEL_NARROW = "a barcode has no room for modules of the usual width and is hard to read; widen its box",
        "条码区域不足以使用常规模块宽度，可能难以识读；请加宽条码区域";
    LABEL_NO_BARCODE = "a barcode was left out, as its template allows", "有一个条码未绘制（模板允许省略）";
    LABEL_NO_IMAGE = "a picture was left out, as its template allows", "有一张图片未绘制（模板允许省略）";
    MORE_UNREAD = "… and {count} more labels with warnings; --json lists them all",
        "……另有 {count} 张面单带有警告，用 --json 可列出全部";
    MORE_DOORLESS = "… and {count} more labels with an address without unit or room; --json lists them all",
        "……另有 {count} 张面单的地址中未发现单元号或室号，用 --json 可列出全部";
    MORE_FAILED = "… and {count} more; --json lists them all", "……另有 {count} 个，用 --json 可列出全部";
    PRINTED = "{done} labels in {seconds} s ({rate} labels/s) → {target}",
        "{done} 张面单，用时 {seconds} 秒（每秒 {rate} 张）→ {target}";
    PRINTED_SOME = "{done} labels in {seconds} s, {failed} orders failed → {target}",
        "{done} 张面单，用时 {seconds} 秒，{failed} 个订单失败 → {target}";
    PRINTED_NONE = "no label was printed: {failed} orders failed", "没有打印任何面单：{failed} 个订单失败";
    INTERRUPTED = "interrupted", "已中断";
    INTERRUPTED_OUT = "{target} was not written; print again to begin anew", "未写入 {target}；请重新打印";
    INTERRUPTED_DIR = "the files that are in {target} are whole; print again for the rest",
        "{target} 中已有的文件是完整的；重新打印可得到其余部分";
    SEAL_INTERRUPTED_OUT = "{file} was not written; seal again to begin anew", "未写入 {file}；请重新密封";
    SEAL_INTERRUPTED_STDOUT = "what stands on standard output already is not all: throw it away and seal again",
        "已写到标准输出的内容不完整：请丢弃，然后重新密封";
    SANDBOX_REDUCED = "the sandbox lacks: {layers}", "沙箱缺少以下防护层：{layers}";
    SANDBOX_UNTESTED = "DANGEROUS: the component runs in a sandbox that nobody has tried on this system", "危险：打印组件的沙箱从未在此系统上验证";
    SANDBOX_OFF = "DANGEROUS: the component runs without its sandbox", "危险：打印组件未启用沙箱";
    PRINTING = "printing", "正在打印";

    KEY_MADE = "key {kid} → {file}, public part → {public}", "密钥 {kid} → {file}，公钥 → {public}";
    KEY_CARE = "keep {file} to yourself; hand out {public}", "请妥善保管 {file}，只对外提供 {public}";
    KEY_CHOOSE = "say how the key is protected", "请说明密钥如何保护";
    KEY_CHOOSE_HINT = "--passphrase-file FILE, or --no-passphrase to rely on the permissions of the file",
        "--passphrase-file 文件，或用 --no-passphrase 仅依靠文件权限";
    KEY_NO_ID = "an id is needed", "缺少编号";
    KEY_NO_ID_HINT = "--id ID, such as ST-01 for a station or the name of the platform for an issuer",
        "请用 --id 指定，例如打印站 ST-01，或签发平台的名称";
    KEY_STATION_ONLY = "--group and --merchant are for stations", "--group 和 --merchant 只用于打印站密钥";
    KEY_ISSUER_PASSPHRASE = "an issuer key has no passphrase", "签发方密钥不支持口令";
    KEY_ISSUER_PASSPHRASE_HINT = "leave --passphrase-file out; the file is readable by you alone",
        "请去掉 --passphrase-file；该文件只有您本人可读";
    KEY_STATION_ONLY_HINT = "leave them out, or make the key of a station", "请去掉它们，或改为生成打印站密钥";
    KEYGEN_FAILED = "the component did not make the key", "打印组件未能生成密钥";
    KEYGEN_FAILED_HINT = "check that the folder exists and that you may write to it; miandan doctor looks at the component",
        "请检查目录是否存在、是否有写权限；miandan doctor 可检查打印组件";

    BAD_KEY_FILE = "{file} is not a usable key file: {why}", "{file} 不是可用的密钥文件：{why}";
    BAD_KEY_FILE_HINT = "make one with miandan keygen", "请用 miandan keygen 生成";
    NO_PLAIN_ORDERS_HINT = "miandan sample shows what an order looks like", "miandan sample 可显示订单的格式";
    SEAL_HINT = "check --merchant, --station and --to: each station must be set up for the merchant (keygen --merchant)",
        "请检查 --merchant、--station 和 --to：每个打印站都须为该商家设定（keygen --merchant）";
    BAD_ORDER = "{place}: {why}", "{place}：{why}";
    BAD_ORDER_HINT = "nothing was sealed; mend it and seal again", "未密封任何订单；请修正后重试";
    BAD_ORDER_HINT_STDOUT = "what stands on standard output already is not all: throw it away, mend the input and seal again",
        "已写到标准输出的内容不完整：请丢弃，修正输入后重试";
    BAD_ORDERS = "bad orders in {file}: {count}", "{file} 中有 {count} 个错误";
    BAD_ORDERS_MORE = "bad orders in {file}: {count}, and the rest was not looked at", "{file} 中有 {count} 个错误，其余部分未检查";
    ORDER_TWICE = "the same order and waybill number stand in {place} already", "{place}已有相同的订单号和运单号";
    AT_LINE = "line {line}", "第 {line} 行";
    AT_ELEMENT = "order {index}, line {line}", "第 {index} 个订单（第 {line} 行）";
    AT_ROW = "row {row}", "第 {row} 行";
    AT_BYTE = "{at}, byte {byte}", "{at}第 {byte} 字节";
    AT_COLUMN = "{at}, column {letter} ({header})", "{at} {letter} 列（{header}）";
    AT_MEMBER = "{at}, member {member}", "{at}成员 {member}";
    WHY_NOT_TEXT = "the text is not {encoding}", "文本不是 {encoding} 编码";
    WHY_TOO_LONG = "longer than 1 MiB; is a quotation mark missing?", "超过 1 MiB；是否缺少引号？";
    WHY_NOT_JSON = "not JSON", "不是 JSON";
    WHY_NOT_ARRAY = "not a JSON array of objects", "不是由对象组成的 JSON 数组";
    WHY_SHAPE = "a member is unknown, given twice, missing or of the wrong type", "成员未知、重复、缺失或类型不符";
    WHY_MEMBER_TWICE = "a member is given twice", "成员重复";
    WHY_OPEN_QUOTE = "a quotation mark is never closed; what follows cannot be read", "引号没有闭合，后面的内容无法读取";
    WHY_AFTER_QUOTE = "text follows a closing quotation mark; what follows cannot be read", "闭合引号后还有文字，后面的内容无法读取";
    WHY_CELL_COUNT = "{found} cells where the header has {expected}", "有 {found} 个单元格，而表头有 {expected} 个";
    WHY_EMPTY = "is empty", "为空";
    WHY_NOT_NUMBER = "is not a whole number from 0 to 4294967295", "不是 0 至 4294967295 的整数";
    WHY_NOT_MONEY = "is not an amount in yuan, such as 128 or 128.50", "不是以元计的金额，例如 128 或 128.50";
    WHY_NOT_WEIGHT = "is not a weight in whole grams, such as 640, 640g or 0.64kg", "不是精确到克的重量，例如 640、640g 或 0.64kg";
    WHY_NOT_TIME = "is not a time, such as 2026-11-11 18:00 or seconds since 1970", "不是时间，例如 2026-11-11 18:00 或自 1970 年起的秒数";
    WHY_ROUNDED = "the spreadsheet program has cut the digits of a long number; format the column as text and enter it again",
        "电子表格程序截断了长数字；请把该列设为文本格式后重新填写";
    WHY_CELL_ERROR = "is an error of the spreadsheet", "是电子表格的错误值";
    WHY_NOT_SCALAR = "is neither a text nor a number", "既不是文本也不是数字";
    WHY_DIFFERS = "is not what row {row} of the same order says", "与同一订单的第 {row} 行不一致";
    WHY_NAME = "is empty or has control characters", "为空或含有控制字符";
    WHY_FIELD_LONG = "is longer than {max} bytes", "超过 {max} 字节";
    WHY_VIRTUAL = "a virtual number needs a main number of 3 to 20 digits and an extension of up to 8 digits",
        "虚拟号的主号应为 3 至 20 位数字，分机号最多 8 位数字";
    WHY_CLEAR_LONG = "routing, goods and memo are longer than 16 KiB", "路由、商品和备注超过 16 KiB";
    WHY_ORDER_LONG = "the sealed order is longer than 64 KiB", "密封后的订单超过 64 KiB";
    INPUT_OLD_WORKBOOK = "{file} is an XLS workbook or one under a password", "{file} 是旧版 XLS 工作簿或设有密码的工作簿";
    INPUT_BAD_WORKBOOK = "{file} is not a whole XLSX workbook", "{file} 不是完整的 XLSX 工作簿";
    INPUT_HTML = "{file} is a web page, whatever its name says", "{file} 实际上是网页";
    INPUT_FORMAT_HINT = "open it in a spreadsheet program and save it as XLSX without a password, or as CSV",
        "请用电子表格程序打开，另存为不带密码的 XLSX，或另存为 CSV";
    INPUT_UTF16 = "{file} is UTF-16", "{file} 是 UTF-16 编码";
    INPUT_UTF16_HINT = "save it as CSV UTF-8 or as XLSX", "请另存为 CSV UTF-8 或 XLSX";
    IMPORT_NO_COLUMN = "{file}, row {row}: there is no column for {field} ({names})", "{file} 第 {row} 行：没有 {field} 列（{names}）";
    IMPORT_COLUMN_TWICE = "{file}, row {row}: columns {one} and {other} both stand for {field}",
        "{file} 第 {row} 行：{one} 列和 {other} 列都对应 {field}";
    IMPORT_NO_SHEET = "{file} has no sheet {sheet}", "{file} 中没有工作表 {sheet}";
    IMPORT_COLUMN_HINT = "name the columns, the row of the header and the sheet in a file for --map; docs/orders.md has a sample",
        "请在 --map 文件中指定列名、表头行和工作表；示例见 docs/orders.zh-CN.md";
    IMPORT_UNUSED = "columns that are not used: {columns}", "未使用的列：{columns}";
    MAP_UNKNOWN = "there is no field or setting {key}", "没有字段或设置 {key}";
    MAP_VALUE = "expected {expected}", "应为 {expected}";
    MAP_HINT = "the settings are sheet, header_row, [columns], [constants] and [carriers]; docs/orders.md lists the fields",
        "可用的设置：sheet、header_row、[columns]、[constants]、[carriers]；字段见 docs/orders.zh-CN.md";
    SEALED = "orders sealed: {count}, in batches: {batches}, for stations: {stations} → {file}",
        "{count} 个订单已密封，分 {batches} 批，面向 {stations} 个打印站 → {file}";

    INSPECT_ROW = "{line}: order {order}, waybill {waybill}, carrier {carrier}, for {merchant}, valid {from} to {until}",
        "{line}：订单 {order}，运单 {waybill}，快递 {carrier}，商家 {merchant}，有效期 {from} 至 {until}";
    INSPECT_FIELDS = "   sealed fields: {fields}", "   密封字段：{fields}";
    INSPECT_BAD = "{line}: {code}: {why}", "{line}：{code}：{why}";
    INSPECT_TOTAL = "{count} orders, {bad} unreadable, {batches} batches, carriers: {carriers}",
        "{count} 个订单，{bad} 个无法识别，{batches} 批，快递：{carriers}";

    DOCTOR_COMPONENT = "component", "打印组件";
    DOCTOR_MODE = "mode", "模式";
    DOCTOR_LIBRARY_MODE =
        "library: the component runs under your user; it keeps clear text out of this program, not from a malicious one",
        "库模式：组件以当前用户运行；可防止本程序接触明文，但不能防范恶意的宿主程序";
    DOCTOR_SANDBOX = "sandbox", "沙箱";
    DOCTOR_FULL = "every layer is on", "所有防护层均已启用";
    DOCTOR_REDUCED = "the mandatory layers are on, others are not", "必需的防护层已启用，部分可选层未启用";
    DOCTOR_INSUFFICIENT = "a mandatory layer is missing: no key will be read", "缺少必需的防护层：不会读取任何密钥";
    LAYER_ON = "on", "已启用";
    LAYER_PARTIAL = "partly on", "部分启用";
    LAYER_UNAVAILABLE = "not available", "不可用";
    LAYER_OFF = "switched off (dangerous)", "已关闭（危险）";
    LAYER_UNTESTED = "put up, but never tried on this system (dangerous)", "已启用，但从未在此系统上验证（危险）";
    LAYER_MANDATORY = "mandatory", "必需";
    DOCTOR_FONTS = "fonts", "字体";

    DEMO_TITLE = "Miandan: sealed orders in, masked waybills out.", "面单：密封订单进，脱敏面单出。";
    DEMO_KEYS = "1. keys    a station key was made inside the component, an issuer key beside it (both throw-away)",
        "1. 密钥    在打印组件内生成打印站密钥，另生成签发方密钥（均为一次性）";
    DEMO_SEALED = "2. seal    {count} synthetic orders sealed to the station by a process of its own, as a platform does",
        "2. 密封    由独立进程像平台一样，把 {count} 个虚构订单密封给该打印站";
    DEMO_PRINTED = "3. print   opened, masked and drawn inside the locked component; this program never saw a name",
        "3. 打印    在锁定的组件内解密、脱敏并绘制；本程序从未接触任何姓名";
    DEMO_LABELS = "   labels  {file}", "   面单    {file}";
    DEMO_PICTURE = "   picture {file}", "   图片    {file}";
    DEMO_PRINTER = "   printer {file} (TSPL)", "   打印机  {file}（TSPL）";
    DEMO_FAILED = "a step of the demo failed: {why}", "演示的一个步骤失败：{why}";
    DEMO_FAILED_HINT = "what it said stands above; miandan doctor looks at the component",
        "请看上面的信息；miandan doctor 可检查打印组件";
    DEMO_AGAIN = "Do it yourself:", "自己动手：";

    NO_PROFILE = "there is no profile {profile}", "没有脱敏方案 {profile}";
    NO_PROFILE_HINT = "possible: gbt41833, taobao, douyin, pinduoduo, keep:FIRST,LAST",
        "可用的方案：gbt41833、taobao、douyin、pinduoduo、keep:开头,末尾";
    PROFILE_KEEP = "{profile} does not say how many characters stay", "{profile} 没有说明保留几个字符";
    PROFILE_KEEP_HINT = "give both numbers, from 0 to 65535: keep:3,4 keeps three at the front and four at the end",
        "请给出两个 0 至 65535 的数字：keep:3,4 保留开头三个、末尾四个字符";
    PROFILE_SETTING = "--{option} does not go with --profile {profile}", "--{option} 不能与 --profile {profile} 同时使用";
    PROFILE_SETTING_HINT = "--name, --phone and --address are settings of gbt41833", "--name、--phone、--address 只用于 gbt41833";
    PROFILE_TEXT = "--type text does not go with --profile {profile}", "--type text 不能与 --profile {profile} 同时使用";
    PROFILE_TEXT_HINT = "notes are masked in one way; leave --profile out", "备注只有一种脱敏方式；请去掉 --profile";
    PROFILE_UNDOCUMENTED = "how {profile} masks --type {kind} is not documented; it is masked as by gbt41833",
        "没有资料说明 {profile} 如何处理 --type {kind}，已按 gbt41833 脱敏";
    MASK_WARNING = "line {line}: {warning}", "第 {line} 行：{warning}";
    MASK_WHOLE = "not understood, so hidden whole", "无法识别，已全部隐藏";
    MASK_NO_DOOR = "no unit or room was found in it", "其中未发现单元号或室号";
    MASK_NUMBERS = "in a script that is not known, so every number is hidden", "所用文字无法识别，数字已全部隐藏";
    NOT_TEXT = "line {line} is not UTF-8", "第 {line} 行不是 UTF-8";
    NOT_TEXT_HINT = "convert the file to UTF-8 first: iconv -f GB18030 -t UTF-8", "请先转换为 UTF-8：iconv -f GB18030 -t UTF-8";

    SHOW_WHERE = "standard output is no terminal, and no file is named for the picture", "标准输出不是终端，也没有指定图片文件";
    SHOW_WHERE_HINT = "add --out label.png, or --terminal sixel for a program that takes it", "请加上 --out label.png；接收程序支持时也可用 --terminal sixel";
    SHOW_DRAWN = "drawn: {file}", "已绘制：{file}";
    TEMPLATE_ROW = "{name}  {width} × {height} mm", "{name}  {width} × {height} 毫米";
    TEMPLATE_FIELDS = "   opens: {fields}", "   解密的字段：{fields}";
    TEMPLATE_UNDRAWN = "{name}: cannot be drawn with sample data at {dpi} dpi: {code}: {why}",
        "{name}：{dpi} dpi 下无法用示例数据绘制：{code}：{why}";

    HINT_MALFORMED = "each line must be one order as miandan seal writes it; data of a platform's own component cannot be read here",
        "每行应为 miandan seal 输出的一个订单；平台自有组件的数据无法在此读取";
    HINT_LIMIT = "ask the issuer to seal it again within the limits", "请签发方在限制内重新密封";
    HINT_SUITE = "install a newer version, or ask the issuer to use suite 0x0001", "请安装新版本，或请签发方使用套件 0x0001";
    HINT_ISSUER = "get the issuer's public file and name it with --trust; miandan trust list says for whom and until when one is trusted",
        "请取得签发方公钥文件，并用 --trust 指定；miandan trust list 可查看信任范围和期限";
    HINT_SIGNATURE = "the order was changed on its way; get it again from its issuer", "订单在途中被改动，请向签发方重新获取";
    HINT_KEY = "check --key, or give the issuer this station's public file and have the order sealed again",
        "请检查 --key，或把本站公钥文件交给签发方重新密封";
    HINT_AUTH = "the order or its key was damaged; get it again from its issuer", "订单或其密钥已损坏，请向签发方重新获取";
    HINT_EARLY = "check the clock of this machine", "请检查本机时钟";
    HINT_EXPIRED = "ask the issuer for a fresh authorisation", "请向签发方申请新的授权";
    HINT_AUDIENCE = "the merchants of a station are set when its key is made (keygen --merchant)",
        "打印站的商家在生成密钥时设定（keygen --merchant）";
    HINT_STATION = "print it at the station or group that it names", "请在其指定的打印站或站组打印";
    HINT_PURPOSE = "ask the issuer to seal it for printing", "请签发方以打印用途重新密封";
    HINT_WITHDRAWN = "it must not be printed; tell the merchant", "不得打印；请通知商家";
    HINT_STALE = "get a fresh status list", "请获取最新的状态列表";
    HINT_PRINTS = "ask the issuer for a fresh order", "请签发方重新下发订单";
    HINT_TEMPLATE = "look at the template with miandan template check, or try the order with a label that is shipped",
        "请用 miandan template check 检查模板，或改用内置模板重试";
    HINT_MISSING = "ask the issuer to seal the field, or use a template without it", "请签发方补充该字段，或使用不含该字段的模板";
    HINT_UNPRINTABLE = "take the buyer's account, e-mail and identity number out of the template",
        "请从模板中去掉买家账号、邮箱和身份证号";
    HINT_GLYPH = "name a font that has it with --font, or print a box with --missing-glyph box",
        "请用 --font 指定含该字符的字体，或用 --missing-glyph box 以方框代替";
    HINT_SANDBOX = "Linux with seccomp is needed; where it is there, miandan doctor shows every layer", "需要支持 seccomp 的 Linux；在此类系统上可用 miandan doctor 查看各防护层";
    HINT_TRACED = "end the debugger or tracer", "请结束调试器或跟踪程序";
    HINT_INTERNAL = "the other orders were printed; please report it with the code of this order, not its content",
        "其他订单已照常打印；请反馈此问题，只需提供代码，不要提供订单内容";
}

/// What is to be known of a masked field.
pub fn warning(warning: Warning) -> Text {
    match warning {
        Warning::NoDoorFound => MASK_NO_DOOR,
        Warning::NumbersHidden => MASK_NUMBERS,
        _ => MASK_WHOLE,
    }
}

/// What is to be known of a label as a whole.
pub fn label_warning(warning: LabelWarning) -> Text {
    match warning {
        LabelWarning::BarcodeLeftOut => LABEL_NO_BARCODE,
        LabelWarning::ImageLeftOut => LABEL_NO_IMAGE,
        _ => LABEL_NARROW,
    }
}

/// What a code means.
pub fn meaning(code: Code) -> Text {
    let Meaning { en, zh } = code.meaning();
    Text { en, zh }
}

/// What a code means, and what to do about it.
pub fn code(code: Code) -> (Text, Text) {
    let hint = match code {
        Code::Malformed => HINT_MALFORMED,
        Code::Limit => HINT_LIMIT,
        Code::UnsupportedSuite => HINT_SUITE,
        Code::UnknownIssuer => HINT_ISSUER,
        Code::BadSignature => HINT_SIGNATURE,
        Code::UnknownKey => HINT_KEY,
        Code::AuthFailed => HINT_AUTH,
        Code::NotYetValid => HINT_EARLY,
        Code::Expired => HINT_EXPIRED,
        Code::WrongAudience => HINT_AUDIENCE,
        Code::WrongStation => HINT_STATION,
        Code::WrongPurpose => HINT_PURPOSE,
        Code::Withdrawn => HINT_WITHDRAWN,
        Code::StaleStatus => HINT_STALE,
        Code::PrintLimit => HINT_PRINTS,
        Code::TemplateRefused => HINT_TEMPLATE,
        Code::FieldMissing => HINT_MISSING,
        Code::FieldNotPrintable => HINT_UNPRINTABLE,
        Code::GlyphMissing => HINT_GLYPH,
        Code::SandboxUnavailable => HINT_SANDBOX,
        Code::Traced => HINT_TRACED,
        _ => HINT_INTERNAL,
    };
    (meaning(code), hint)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn values(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
    }

    #[test]
    fn both_languages_say_the_same() {
        for (name, text) in ALL
            .iter()
            .chain(configuration::ALL)
            .chain(delivery::ALL)
            .chain(watch::ALL)
            .chain(devices::ALL)
            .chain(fonts::ALL)
            .chain(hiprint::ALL)
            .chain(journal::ALL)
            .chain(keys::ALL)
            .chain(label::ALL)
            .chain(lint::ALL)
            .chain(plan::ALL)
            .chain(printers::ALL)
            .chain(fleet::ALL)
            .chain(scan::ALL)
            .chain(selftest::ALL)
            .chain(services::ALL)
        {
            assert_eq!(values(text.en), values(text.zh), "{name}");
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{name}");
            assert!(
                !text.zh.ends_with('.') && text.en.is_ascii() || text.en.contains(['→', '…', '×', '–']),
                "{name}"
            );
        }
    }
}
