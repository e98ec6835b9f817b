//! What is said about the service that holds the keys, in both languages.

use crate::language::Text;

texts! {
    NEEDS_PROGRAM = "this command needs the program of the print component; a service does not do it for others",
        "该命令需要打印组件程序本身；服务不代办此操作";
    NEEDS_PROGRAM_HINT = "name the program with --component FILE; the operator of a service makes its keys as its user",
        "请用 --component 指定组件程序；服务的密钥由其管理员以服务用户身份生成";
    HAS_ITS_OWN = "{setting} ({origin}) does not go with a service, which has keys, issuers, lists and a policy of its own",
        "{setting}（来自 {origin}）不能与服务同时使用：服务有自己的密钥、签发方、名单和策略";
    HAS_ITS_OWN_HINT = "leave it out; what the service accepts is decided by its operator",
        "请去掉该设置；服务接受什么由其管理员决定";
    UNREACHABLE = "the print service at {socket} cannot be reached: {why}", "无法连接打印服务 {socket}：{why}";
    NOT_ALLOWED_HINT =
        "this user is not in the group that may print; see the group of the socket with ls -l, and log in again after joining it",
        "当前用户不在允许打印的用户组中；可用 ls -l 查看套接字所属的组，加入后需重新登录";
    NOT_RUNNING_HINT = "is the service running? systemctl status miandan-component.socket",
        "服务是否在运行？可查看 systemctl status miandan-component.socket";
    FULL = "the print service at {socket} has no place for another connection", "打印服务 {socket} 的连接数已满";
    FULL_HINT = "try again, use fewer --workers, or let its operator raise --max-connections and --max-per-user",
        "请稍后重试、减少 --workers，或由管理员调高 --max-connections 与 --max-per-user";
    REFUSED = "the print service at {socket} cannot start a component", "打印服务 {socket} 无法启动打印组件";
    CLOSED = "the print service at {socket} closed the connection before a component was ready",
        "打印服务 {socket} 在组件就绪之前关闭了连接";
    REFUSED_HINT = "its log says which file is to blame: journalctl -u miandan-component",
        "其日志会指出是哪个文件：journalctl -u miandan-component";
    DOCTOR_MODE =
        "service: the component runs under a user of its own; this program cannot see what is in an order",
        "服务模式：组件以独立用户运行；本程序看不到订单中的内容";
    DOCTOR_SAME_USER =
        "service, but under your own user or root's: it promises no more than library mode",
        "服务模式，但服务与当前用户相同或当前为 root：其保证不高于库模式";
    DOCTOR_STATION = "station", "打印站";
}
