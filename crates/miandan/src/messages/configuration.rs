//! What is said of what the configuration gives a name, in both languages.

use crate::language::Text;

texts! {
    BAD_NAME = "{name} is no name: a name has letters, digits, - and _, at most {most}", "{name} 不能用作名称：名称只能含字母、汉字、数字、- 和 _，最多 {most} 个字";
    BAD_URI = "{uri} is no place of a printer: {why}", "{uri} 不是打印机地址：{why}";
    BAD_CARRIER = "{carrier} is no code of a carrier: it has letters, digits, - and _", "{carrier} 不是快递公司代码：代码只能含字母、数字、- 和 _";
    SHIPPED_TEMPLATE = "{name} is the name of a label that is shipped: choose another", "{name} 是内置模板的名称，请换一个名称";
    TEMPLATE_NAMES_HINT = "{hint}; the configuration names: {names}", "{hint}；配置中的模板：{names}";
    NO_PRINTER = "there is no printer {name}", "没有名为 {name} 的打印机";
    NO_PRINTER_HINT = "the configuration names: {names}; or name a place, such as socket://HOST or usb:/dev/usb/lp0",
        "配置中的打印机：{names}；也可直接写地址，如 socket://主机 或 usb:/dev/usb/lp0";
    NO_NAMES_HINT = "a table [printers.NAME] with a uri in miandan.toml gives a printer a name; or name a place, such as socket://HOST or usb:/dev/usb/lp0",
        "在 miandan.toml 中用 [printers.名称] 表和 uri 即可为打印机命名；也可直接写地址，如 socket://主机 或 usb:/dev/usb/lp0";
}
