// What the page says, in Chinese and English, and nowhere else.

const CHINESE = {
  title: '面单核验',
  otherLanguage: 'English',
  files: '信任文件',
  filesWhy: '核验不联网，只相信这里的文件。签发方公钥须从可靠渠道取得；打印站列表带签名，从哪里下载都可以。',
  issuers: '签发方公钥文件',
  stations: '已签名的打印站列表',
  carrier: '快递公司密钥文件（可不选）',
  choose: '选择文件…',
  keep: '在这台设备上记住信任文件',
  keepCarrier: '也记住快递公司密钥',
  keepWhy: '密钥能打开该快递公司所有面单的密封内容。手机不是专用的，就不要勾选：关闭页面后密钥即被忘掉。',
  forget: '全部忘掉',
  done: '完成',
  none: '未选择',
  issuersOf: ({ names }) => `已信任：${names}`,
  stationsOf: ({ count, until }) => `${count} 个打印站，列表有效至 ${until}`,
  carrierOf: ({ code }) => `${code}，仅在本次会话中`,
  carrierKept: ({ code }) => `${code}，已记在这台设备上`,
  trustNone: '还没有信任文件，所有面单都会显示“打印站不明”。请先点右上角“信任文件”。',
  trustNoList: '还没有打印站列表。请先点右上角“信任文件”。',
  trustOld: '打印站列表已过期，请更新：其间可能有打印站被吊销。',
  trustGood: ({ names, until }) => `信任 ${names} · 列表有效至 ${until}`,
  keyed: ({ code }) => ` · 密钥 ${code}`,
  aim: '让二维码和旁边的条码都在画面里',
  light: '开灯',
  field: '扫码枪，或手输运单号',
  scan: '扫码',
  stop: '停止',
  picture: '选图片',
  next: '下一件',
  waiting: '请扫面单',
  waitingMeaning: '二维码里是派件码，旁边的条码是运单号。',
  reading: '正在识别…',
  verdicts: {
    genuine: ['真面单', '由受信任的打印站印出。复印件也会显示为真，请留意。'],
    reprint: [({ copy }) => `真 · 补打 ${copy}`, ({ copy }) => `由受信任的打印站第 ${copy} 次补打。同一运单可能另有一张面单。`],
    expired: ['已过期', '曾经是真的，现在已过有效期。派送前请联系网点。'],
    'not-yet-valid': ['时间不对', '派件码的时间在未来：请核对手机时间；手机没错，就是打印站的时钟错了。'],
    'unknown-station': ['打印站不明', '没有签发方为这个打印站担保。请更新打印站列表再试，仍不明就不要派送。'],
    revoked: ['打印站已吊销', '签发方已不再为这个打印站担保。不要派送，请联系网点。'],
    forged: ['伪造', '签名不对：派件码是编造的，或被改过。不要派送。'],
    'other-waybill': ['码单不符', ({ waybillNo, beside }) => `派件码属于 ${waybillNo}，旁边的条码是 ${beside}。不要派送。`],
    specimen: ['样张', '只是用来看的面单，不作任何保证。'],
    'not-a-token': ['没有派件码', '这个码不是派件码。请扫面单上的二维码。'],
    malformed: ['派件码残缺', '派件码没有读全，或被改过。请重扫；仍然如此就不要派送。'],
    'unknown-version': ['版本不认识', '派件码比这个页面新。请更新页面。'],
    'no-code': ['没读到码', '图片里没有读到二维码。请靠近、对正、避开反光再试。'],
    number: ['已记下运单号', ({ beside }) => `${beside}。接着扫二维码。`],
    fault: ['出错了', '请重新打开页面再试。'],
  },
  notBeside: '没有读到旁边的条码，请自己对一下运单号。',
  waybillNo: '运单号',
  station: '打印站',
  copy: '打印',
  copyOf: ({ copy }) => (copy === 0 ? '首次' : `补打第 ${many(copy)} 次`),
  issued: '签发',
  expires: '有效至',
  door: '门牌（密封内容）',
  noDoor: '面单上没有隐去的门牌',
  call: ({ number }) => `拨打 ${number}`,
  extension: ({ main, extension }) => `${main} 转 ${extension}`,
  lapsed: '虚拟号已失效，请联系网点。',
  notCalled: '面单已过期，不提供拨号。',
  incomplete: '内容没有放全，请向快递公司核实。',
  noKey: '有密封内容（门牌、虚拟号），需要快递公司密钥才能打开。',
  otherCarrier: '密封内容是给别的快递公司的。',
  otherKey: '密封内容打不开：密钥不对，或内容被改过。',
  noCamera: '打不开摄像头。请允许使用摄像头，或改用选图片、扫码枪。',
  fileFaults: {
    'no-issuer': '不是签发方公钥文件',
    'no-list': '不是打印站列表',
    'unknown-issuer': '列表不是由已信任的签发方签名的，请先选签发方公钥文件',
    'bad-signature': '列表签名不对，可能被改过',
    'older-list': '已经有更新的列表',
    'bad-key': '不是快递公司密钥文件',
  },
  fault: ({ name, why }) => `${name}：${why}`,
  version: ({ version }) => `核验模块 ${version}`,
};

const ENGLISH = {
  title: 'Label check',
  otherLanguage: '中文',
  files: 'Trust files',
  filesWhy:
    'Checking needs no network and believes these files only. Get the issuer’s public file by a safe way; the list of stations is signed and may come from anywhere.',
  issuers: 'Issuer’s public file',
  stations: 'Signed list of stations',
  carrier: 'Carrier’s key file (optional)',
  choose: 'Choose…',
  keep: 'Remember the trust files on this device',
  keepCarrier: 'Remember the carrier’s key as well',
  keepWhy:
    'The key opens the sealed part of every label of that carrier. Unless this phone is for work alone, leave it off: the key is forgotten when the page is closed.',
  forget: 'Forget all',
  done: 'Done',
  none: 'none yet',
  issuersOf: ({ names }) => `trusted: ${names}`,
  stationsOf: ({ count, until }) => `${count} ${count === 1 ? 'station' : 'stations'}, good until ${until}`,
  carrierOf: ({ code }) => `${code}, for this session only`,
  carrierKept: ({ code }) => `${code}, remembered on this device`,
  trustNone: 'No trust files yet: every label is of an unknown station. Tap “Trust files” first.',
  trustNoList: 'No list of stations yet. Tap “Trust files” first.',
  trustOld: 'The list of stations is old: a station may have been revoked since. Get a newer one.',
  trustGood: ({ names, until }) => `Trusting ${names} · list good until ${until}`,
  keyed: ({ code }) => ` · key ${code}`,
  aim: 'Keep the QR code and the barcode beside it in view',
  light: 'Light',
  field: 'Hand scanner, or type the waybill number',
  scan: 'Scan',
  stop: 'Stop',
  picture: 'Picture',
  next: 'Next',
  waiting: 'Scan a label',
  waitingMeaning: 'The QR code holds the courier’s token, the barcode beside it the waybill number.',
  reading: 'Reading…',
  verdicts: {
    genuine: ['Genuine', 'Printed by a trusted station. A photocopy looks genuine as well: keep an eye on that.'],
    reprint: [({ copy }) => `Genuine · copy ${copy}`, 'Printed again by a trusted station. There may be another label of this waybill.'],
    expired: ['Expired', 'It was genuine once. Ask the branch before you deliver.'],
    'not-yet-valid': ['Wrong time', 'The token is from the future: look at this phone’s clock; if that is right, the station’s is wrong.'],
    'unknown-station': ['Unknown station', 'No issuer vouches for the station that printed it. Get a newer list; if that does not help, do not deliver.'],
    revoked: ['Station revoked', 'The issuer no longer vouches for this station. Do not deliver; ask the branch.'],
    forged: ['Forged', 'The signature is wrong: the token is made up, or was changed. Do not deliver.'],
    'other-waybill': [
      'Not this label’s',
      ({ waybillNo, beside }) => `The token belongs to ${waybillNo}; the barcode beside it says ${beside}. Do not deliver.`,
    ],
    specimen: ['Specimen', 'A label that is only to be looked at. It vouches for nothing.'],
    'not-a-token': ['No token', 'This code is not a courier’s token. Scan the QR code of the label.'],
    malformed: ['Damaged token', 'It was not read whole, or was changed. Scan again; if it stays so, do not deliver.'],
    'unknown-version': ['Unknown version', 'The token is newer than this page. Get a newer page.'],
    'no-code': ['No code found', 'There is no QR code to be read in this picture. Go closer, hold it straight, avoid glare.'],
    number: ['Number noted', ({ beside }) => `${beside}. Now scan the QR code.`],
    fault: ['Something went wrong', 'Open the page again and retry.'],
  },
  notBeside: 'The barcode beside it was not read: compare the waybill number yourself.',
  waybillNo: 'Waybill',
  station: 'Printed by',
  copy: 'Print',
  copyOf: ({ copy }) => (copy === 0 ? 'first' : `copy ${many(copy)}`),
  issued: 'Issued',
  expires: 'Good until',
  door: 'Door (sealed part)',
  noDoor: 'the label hides nothing of the address',
  call: ({ number }) => `Call ${number}`,
  extension: ({ main, extension }) => `${main} ext. ${extension}`,
  lapsed: 'The virtual number has lapsed: ask the branch.',
  notCalled: 'No calling: the label has expired.',
  incomplete: 'Not everything fitted: ask the carrier for the rest.',
  noKey: 'There is a sealed part (door, virtual number), which a carrier’s key opens.',
  otherCarrier: 'The sealed part is for another carrier.',
  otherKey: 'The sealed part does not open: another key, or it was changed.',
  noCamera: 'The camera did not start. Allow it, or use a picture or a hand scanner.',
  fileFaults: {
    'no-issuer': 'not the public file of an issuer',
    'no-list': 'not a list of stations',
    'unknown-issuer': 'not signed by an issuer that is trusted: choose the issuer’s public file first',
    'bad-signature': 'the signature is wrong, the list may have been changed',
    'older-list': 'there is a newer list already',
    'bad-key': 'not the key file of a carrier',
  },
  fault: ({ name, why }) => `${name}: ${why}`,
  version: ({ version }) => `module ${version}`,
};

const LANGUAGES = { 'zh-CN': CHINESE, en: ENGLISH };

/** The token counts no further than that. */
const MOST = 255;

/** How often a label was printed again, as far as its token counts. */
export function many(copy) {
  return copy === MOST ? `${copy}+` : String(copy);
}

/** The language that the browser prefers, of the two that there are. */
export function preferred() {
  return navigator.languages.some((language) => language.startsWith('zh')) ? 'zh-CN' : 'en';
}

export function other(language) {
  return language === 'en' ? 'zh-CN' : 'en';
}

/** Says a word in a language; `values` are put into those that have places for them. */
export function say(language, word, values = {}) {
  return filled(LANGUAGES[language][word], values);
}

/** The word and the meaning of a verdict. */
export function sayVerdict(language, verdict, values) {
  const { verdicts } = LANGUAGES[language];
  return (verdicts[verdict] ?? verdicts.fault).map((text) => filled(text, values));
}

export function sayFileFault(language, code) {
  return LANGUAGES[language].fileFaults[code] ?? code;
}

function filled(text, values) {
  return typeof text === 'function' ? text(values) : text;
}

/** A time in seconds, as people here write it. */
export function sayTime(language, seconds) {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false };
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options).format(new Date(seconds * 1000));
}

export function sayDay(language, seconds) {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' };
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options).format(new Date(seconds * 1000));
}
