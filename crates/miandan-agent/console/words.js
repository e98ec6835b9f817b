// Which language the page speaks, and how it says something in it.

import english from './words-en.js';
import chinese from './words-zh.js';

const KEPT = 'miandan.language';
const WORDS = { zh: chinese, en: english };

let language = preferred();
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

/** What a person chose here before, else what the browser wants, else Chinese. */
function preferred() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept in WORDS) return kept;
  } catch {
    // A browser that keeps nothing is asked each time.
  }
  const first = (navigator.languages?.[0] ?? navigator.language ?? 'zh').toLowerCase();
  return first.startsWith('zh') || !first ? 'zh' : 'en';
}

export function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh';
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // It holds until the page is loaded again.
  }
}

export function otherLanguage() {
  return language === 'zh' ? 'en' : 'zh-CN';
}

/** `say('printers.held', { name })`. */
export function say(path, values = {}) {
  const found = path.split('.').reduce((at, name) => at?.[name], WORDS[language]);
  if (found === undefined) throw new Error(`no words for ${path}`);
  return typeof found === 'function' ? found(values) : found;
}

/** A word of a closed list of the agent's; one that this page does not know is shown as it is. */
export function word(path, name) {
  const words = path.split('.').reduce((at, part) => at[part], WORDS[language]);
  return Object.hasOwn(words, name) ? words[name] : name;
}

/** What a printer has, of which the agent tells in the journal's words. */
export function sayTrouble(trouble) {
  const [, said] = /^the printer says: (.*)$/.exec(trouble) ?? [];
  const sentence =
    said === undefined
      ? word('troubles', trouble)
      : say('printerSays', { what: said.split(', ').map((one) => word('troubles', one)).join(say('comma')) });
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Why something was not done. The agent's own sentence is in the station's language and used where there is none here. */
export function sayError(error) {
  const words = WORDS[language].errors;
  const code = error.status === 429 ? 'TOO_MANY' : error.code;
  if (code !== 'other' && Object.hasOwn(words, code)) return words[code];
  if (error.detail) return error.detail;
  if (error.status === 409) return words.CONFLICT;
  if (error.status === 404) return words.NOT_FOUND;
  return words.other({ code });
}
