'use strict';
// What is shipped: templates and profiles of printers.

const given = require('./arguments.js');
const { bad } = require('./error.js');
const { native } = require('./native.js');

/** The names of the templates. */
function templates() {
  return native.templateNames();
}

/** A template by its name, as XML. */
function template(name) {
  const source = native.templateSource(given.text('name', name));
  if (source === undefined || source === null) throw bad(`no template is called ${JSON.stringify(name)}`);
  return source;
}

/** The printers that are known by name. */
function profiles() {
  return native.knownProfiles();
}

/** A template as a program names it: its name, or XML. */
function templateBytes(name, value) {
  if (typeof value === 'string' && !value.trimStart().startsWith('<')) return Buffer.from(template(value));
  return given.bytes(name, value);
}

/** A profile as a program names it: its name, or TOML. */
function profileText(name, value) {
  return given.text(name, given.isBytes(value) ? given.bytes(name, value).toString() : value);
}

module.exports = { profileText, profiles, template, templateBytes, templates };
