'use strict';
// Font files that a program brings.

const { readFile } = require('node:fs/promises');
const given = require('./arguments.js');
const { MiandanError } = require('./error.js');

/** Fonts as a program names them: files, or what is in them. */
function fonts(value) {
  return given.list('fonts', value).map((font) => (given.isBytes(font) ? given.bytes('fonts', font) : given.file('fonts', font)));
}

/** What is in them. */
async function readFonts(named) {
  return Promise.all(named.map(async (font) => {
    if (typeof font !== 'string') return font;
    try {
      return await readFile(font);
    } catch (cause) {
      throw new MiandanError({ code: 'UNREADABLE', message: `fonts: ${cause.message}` }, { cause });
    }
  }));
}

module.exports = { fonts, readFonts };
