// Asking the agent. What it answers is not believed to have the right shape: see shapes.js.

/** How long an answer is waited for, in milliseconds. Resuming renders labels, so it may take a while. */
const PATIENCE = 20_000;

/**
 * Why there is no proper answer. `code` is the agent's, or `NO_ANSWER` (it may have been done all the same) or `GARBAGE`
 * (it is not the agent that answers, or one of another version).
 */
export class ApiError extends Error {
  constructor(code, { status = 0, detail = null } = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }

  /** Whether the agent has decided: if not, the same request may be sent again under the same key. */
  get isDefinite() {
    return this.status >= 400 && this.status < 500;
  }
}

/** Reads: `path` behind `/api/v1/`, and the reader of the answer. */
export function get(path, read) {
  return ask('GET', path, { read });
}

/** Changes something. With the same key it is done once, however often it is asked for. */
export function change(path, { body = {}, key, read = () => null, method = 'POST' } = {}) {
  return ask(method, path, { body, key, read });
}

async function ask(method, path, { body, key, read }) {
  const headers = { accept: 'application/json' };
  if (method !== 'GET') {
    headers['x-miandan'] = '1';
    headers['content-type'] = 'application/json';
  }
  if (key !== undefined) headers['idempotency-key'] = key;
  let answer;
  let text;
  try {
    answer = await fetch(`/api/v1/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    text = await answer.text();
  } catch {
    throw new ApiError('NO_ANSWER');
  }
  if (!answer.ok) throw problem(answer.status, text);
  if (answer.status === 204) return read(null);
  return readWith(read, text, answer.status);
}

/** What a text of JSON says, or that it makes no sense. */
export function readWith(read, text, status = 200) {
  try {
    return read(JSON.parse(text));
  } catch {
    throw new ApiError('GARBAGE', { status });
  }
}

export function problem(status, text) {
  let said = {};
  try {
    said = JSON.parse(text) ?? {};
  } catch {
    // A refusal without a body is still one.
  }
  const code = /^[A-Z_]{2,40}$/.test(said.code) ? said.code : status === 401 ? 'UNAUTHORIZED' : `HTTP_${status}`;
  return new ApiError(code, { status, detail: typeof said.detail === 'string' ? said.detail.slice(0, 300) : null });
}
