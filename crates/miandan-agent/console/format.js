// Times of the station, which are China's (UTC+8, without summer time), wherever the browser thinks it is; and numbers.

const CHINA = 8 * 3600;
const two = (value) => String(value).padStart(2, '0');

function parts(seconds) {
  const at = new Date((Math.floor(seconds) + CHINA) * 1000);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** 14:03:22, or 14:03. */
export function clock(seconds, withSeconds = true) {
  const at = parts(seconds);
  if (at === null) return '–';
  const minutes = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return withSeconds ? `${minutes}:${two(at.getUTCSeconds())}` : minutes;
}

/** 2026-11-30. */
export function day(seconds) {
  return parts(seconds)?.toISOString().slice(0, 10) ?? '–';
}

/** The clock alone for what is of today, else with the day: 11-29 14:03:22. */
export function moment(seconds, now) {
  const of = day(seconds);
  return of === day(now) ? clock(seconds) : `${of.slice(0, 4) === day(now).slice(0, 4) ? of.slice(5) : of} ${clock(seconds)}`;
}

/** 12,345 in both languages. */
export function figure(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A time that has passed, in the largest of four units of which there are two. */
export function span(seconds, ...units) {
  const sizes = [1, 60, 3_600, 86_400];
  const at = Math.max(0, sizes.findLastIndex((size) => seconds >= 2 * size));
  return `${Math.floor(Math.max(0, seconds) / sizes[at])}${units[at]}`;
}

/** The parts of a running number, such as 261130-001-012, or null. */
export function runningNumber(text) {
  const found = /^(\d{6})-(\d{3,6})-(\d{3,7})$/.exec(text);
  return found && found.slice(1).map(Number);
}
