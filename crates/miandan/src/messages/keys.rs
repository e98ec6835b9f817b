//! Keys, trust and signed lists.

use crate::language::Text;

texts! {
    PASSPHRASE_WRONG = "the passphrase of {file} is missing or wrong, or the file was changed",
        "{file} 的口令缺失或错误，或文件已被改动";
    PASSPHRASE_WRONG_HINT = "--passphrase-file FILE or --ask-passphrase; a key whose passphrase is lost has to be made anew",
        "请用 --passphrase-file 文件 或 --ask-passphrase；口令遗失的密钥只能重新生成";
    KEY_UNREADABLE_HINT = "make it readable by its owner alone (chmod 600), or name another with --key",
        "请将其设为仅属主可读（chmod 600），或用 --key 指定其他密钥文件";
    KEY_UNUSABLE = "{file} is not the key file of a station, or is damaged", "{file} 不是打印站密钥文件，或已损坏";
    KEY_UNUSABLE_HINT = "name the key file, not FILE.pub; miandan keygen station makes one",
        "请指定密钥文件而不是 .pub 文件；可用 miandan keygen station 生成";
    KEY_ENDED = "the key {file} ended {until} UTC and opens nothing any more", "密钥 {file} 已于 {until}（UTC）停用，不能再解密";
    KEY_ENDED_HINT = "make the next one (miandan keys add, or keygen) and have the orders sealed to it",
        "请生成下一个密钥（miandan keys add 或 keygen），并让签发方改用它密封";
    TRUST_UNUSABLE = "{file} is neither the public file of an issuer nor a trust list, or names a key twice",
        "{file} 不是签发方公钥文件或信任列表，或其中有重复的密钥";
    TRUST_UNUSABLE_HINT = "ask the issuer for its public file; miandan trust makes a list of several",
        "请向签发方索取公钥文件；多个签发方可用 miandan trust 管理";
    LIST_FOREIGN = "nobody whom this station trusts has signed the status list {file}", "状态列表 {file} 不是由受信任的签发方签署";
    LIST_FOREIGN_HINT = "name its issuer with --trust, or leave the list out", "请用 --trust 指定其签发方，或不使用该列表";
    LIST_OLDER = "the status list {file} is older than one that was seen before", "状态列表 {file} 比此前见过的旧";
    LIST_OLDER_HINT = "get the newest list from its issuer; an old one would bring withdrawn authorisations back",
        "请向签发方获取最新列表；旧列表会使已撤回的授权重新生效";
    LIST_BROKEN = "the status list {file} cannot be used: {why}", "状态列表 {file} 不可用：{why}";
    NOT_A_LIST = "it is not a signed status list", "不是签署的状态列表";
    LIST_BROKEN_HINT = "get it again from its issuer", "请向签发方重新获取";
    CARRIERS_FOREIGN = "nobody whom this station trusts has signed the list of carriers {file}", "快递公司列表 {file} 不是由受信任的签发方签署";
    CARRIERS_OLDER = "the list of carriers {file} is older than one that was seen before", "快递公司列表 {file} 比此前见过的旧";
    CARRIERS_OLDER_HINT = "get the newest list from its issuer; an old one may name keys that were withdrawn",
        "请向签发方获取最新列表；旧列表中可能有已停用的密钥";
    CARRIERS_BROKEN = "the list of carriers {file} cannot be used: {why}", "快递公司列表 {file} 不可用：{why}";
    CARRIERS_STALE = "the list of carriers {file} should have been followed by another by {next} UTC: tokens are made without their sealed part",
        "快递公司列表 {file} 应于 {next}（UTC）前更新：派件码将不含密封内容";
    NOT_A_CARRIER_LIST = "it is not a signed list of carriers", "不是签署的快递公司列表";
    STATE_FOREIGN = "the memory {file} was changed, or belongs to another station", "记忆文件 {file} 已被改动，或属于其他打印站";
    STATE_FOREIGN_HINT = "if the key was replaced, delete the file: the component then begins anew",
        "如果更换过密钥，请删除该文件，打印组件将重新开始记录";
    STATE_LOST = "what the component remembers could not be kept in {file}: {why}; name another place with --state",
        "无法把打印组件的记忆保存到 {file}：{why}；请用 --state 指定其他位置";
    CLOCK_BEHIND = "the clock of this machine is behind: {time} UTC has been seen, and counts",
        "本机时钟偏慢：此前已到过 {time}（UTC），以此为准";
    STATUS_NONE = "there is no status list of {issuer}: whether a person withdrew is not known",
        "没有 {issuer} 的状态列表：无法得知是否有人撤回授权";
    STATUS_STALE = "the status list of {issuer}, signed {time} UTC, is too old", "{issuer} 的状态列表（签署于 {time} UTC）已过时";
    POLICY_NEEDS_LIST = "status policy `required` needs a status list", "状态策略 required 需要状态列表";
    POLICY_NEEDS_LIST_HINT = "--status-list LIST, or status_list = \"status.json\" in miandan.toml",
        "请用 --status-list 指定，或在 miandan.toml 中写 status_list = \"status.json\"";
    CREDENTIAL = "there is no credential {name}", "没有凭据 {name}";
    CREDENTIAL_HINT = "LoadCredential= or LoadCredentialEncrypted= in the unit hands it over; systemd then sets CREDENTIALS_DIRECTORY",
        "请在 unit 中用 LoadCredential= 或 LoadCredentialEncrypted= 传入；systemd 会设置 CREDENTIALS_DIRECTORY";

    RING_UNUSABLE = "{why}", "{why}";
    RING_HINT = "a key ring is a folder with NAME.key and NAME.key.pub of one station",
        "密钥环是一个目录，内有同一打印站的 名称.key 和 名称.key.pub";
    RING_EMPTY = "there is no key in {ring}", "{ring} 中没有密钥";
    RING_EMPTY_HINT = "miandan keys add {ring} --id ID --merchant MERCHANT makes the first",
        "用 miandan keys add {ring} --id 编号 --merchant 商家 生成第一个";
    RING_NO_KID = "no key, or more than one, has a name that begins with {kid}", "没有密钥或有多个密钥的名称以 {kid} 开头";
    RING_NO_KID_HINT = "miandan keys list {ring} shows their names", "miandan keys list {ring} 可查看名称";
    RING_ROW = "{kid}  {state}  {id}  {file}", "{kid}  {state}  {id}  {file}";
    RING_OTHER_STATION = "this ring is of station {id}", "该密钥环属于打印站 {id}";
    RING_OTHER_STATION_HINT = "leave --id out, or make another ring", "请去掉 --id，或另建一个密钥环";
    KEY_NOT_YET = "from {from}", "自 {from} 起使用";
    KEY_CURRENT = "in use", "使用中";
    KEY_ENDING = "in use until {until}", "使用至 {until}";
    KEY_EXPIRED = "ended {until}; delete it", "已于 {until} 停用，请删除";
    KEYS_NEXT = "give {public} to the issuers; once they seal to it: miandan keys retire {ring} {kid}",
        "请把 {public} 交给签发方；待其改用新密钥后执行：miandan keys retire {ring} {kid}";
    KEYS_RETIRED = "key {kid} ends {until} UTC", "密钥 {kid} 将于 {until}（UTC）停用";
    KEYS_DELETED = "key {kid} is deleted", "密钥 {kid} 已删除";
    KEYS_IN_USE = "key {kid} is still in use", "密钥 {kid} 仍在使用";
    KEYS_IN_USE_HINT = "retire it first; once it has ended it can be deleted", "请先停用；停用后才能删除";
    RETIRE_FAILED = "the component did not retire the key", "打印组件未能停用密钥";

    TRUST_ROW = "{kid}  {iss}  {merchants}  {dates}", "{kid}  {iss}  {merchants}  {dates}";
    TRUST_EVERY = "every merchant", "所有商家";
    TRUST_ALWAYS = "without end", "长期有效";
    TRUST_UNTIL = "until {until}", "有效至 {until}";
    TRUST_FROM_UNTIL = "{from} to {until}", "{from} 至 {until}";
    TRUST_ADDED = "issuer {iss} with key {kid} is trusted → {file}", "已信任签发方 {iss}，密钥 {kid} → {file}";
    TRUST_REMOVED = "key {kid} of {iss} is no longer trusted → {file}", "不再信任 {iss} 的密钥 {kid} → {file}";
    TRUST_TWICE = "the key {kid} of this issuer is in {file} already", "{file} 中已有该签发方的密钥 {kid}";
    TRUST_TWICE_HINT = "remove it first to change for whom it is trusted", "如需更改信任范围，请先移除";
    TRUST_NO_KID = "no key, or more than one, in {file} has a name that begins with {kid}",
        "{file} 中没有密钥或有多个密钥的名称以 {kid} 开头";
    TRUST_NO_KID_HINT = "miandan trust list {file} shows their names", "miandan trust list {file} 可查看名称";

    SIGNED_STATUS = "withdrawn authorisations: {count}, next list by {next} UTC → {file}",
        "已撤回的授权：{count} 项，下次列表不晚于 {next}（UTC）→ {file}";
    SIGNED_KEYS = "keys: {count}, next list by {next} UTC → {file}", "密钥：{count} 个，下次列表不晚于 {next}（UTC）→ {file}";
    BAD_WITHDRAWAL = "line {line} is not {\"ref\": \"…\", \"epoch\": 1}", "第 {line} 行不是 {\"ref\": \"…\", \"epoch\": 1}";
    BAD_WITHDRAWAL_HINT = "ref and epoch are those of the consent in the order", "ref 和 epoch 即订单中 consent 的 ref 和 epoch";
    NOT_SIGNED = "the list was not signed: {why}", "列表未签署：{why}";
    NOT_SIGNED_HINT = "authorisations that have expired need no longer be listed", "已过期的授权无需再列出";
}
