// An order, a list or a key file was refused. The code is all that may be told.
export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export function require(condition, code = 'MALFORMED') {
  if (!condition) throw new Refused(code);
}
