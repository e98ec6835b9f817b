// The page is described whole each time something changes, and only what differs is touched: a button that a finger is on,
// a field that is typed into and what has the focus stay the same element.

/** Description → element it was made into, the other way round. */
const MADE = new WeakMap();
const SVG = 'http://www.w3.org/2000/svg';
/** What a person changes too: written when the description changes, and left alone otherwise. */
const PROPERTIES = new Set(['value', 'checked']);

/**
 * Describes an element. `key` names it among its siblings, `made` is called once with the element, `on…` are handlers;
 * the rest are attributes, of which `false`, `null` and `undefined` are left out. Texts only ever become text.
 */
export function h(tag, attributes, ...children) {
  const { key, made, ...rest } = attributes ?? {};
  const shown = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return { tag, key, made, attributes: rest, children: shown.map((child) => (typeof child === 'object' ? child : String(child))) };
}

/** Makes the children of an element be what is described. */
export function patch(parent, wanted, inSvg = false) {
  const keyed = new Map();
  const loose = [];
  for (const node of parent.childNodes) {
    const key = MADE.get(node)?.key;
    if (key === undefined) loose.push(node);
    else keyed.set(key, node);
  }
  const nodes = wanted.map((want) => {
    const node = want.key === undefined ? loose.shift() : keyed.get(want.key);
    return node !== undefined && isAlike(node, want) ? update(node, want, inSvg) : make(want, inSvg);
  });
  const staying = new Set(nodes);
  for (const node of [...parent.childNodes]) if (!staying.has(node)) remove(node);
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
}

function isAlike(node, want) {
  return typeof want === 'string' ? node.nodeType === Node.TEXT_NODE : MADE.get(node)?.tag === want.tag;
}

function make(want, inSvg) {
  if (typeof want === 'string') return document.createTextNode(want);
  const isSvg = inSvg || want.tag === 'svg';
  const node = isSvg ? document.createElementNS(SVG, want.tag) : document.createElement(want.tag);
  patch(node, want.children, isSvg);
  assign(node, {}, want.attributes);
  MADE.set(node, want);
  // By then it is in the page, and so is what is around it.
  if (want.made) queueMicrotask(() => want.made(node));
  return node;
}

function update(node, want, inSvg) {
  if (typeof want === 'string') {
    if (node.data !== want) node.data = want;
    return node;
  }
  const old = MADE.get(node);
  // The same description again: nothing of it has changed.
  if (old === want) return node;
  patch(node, want.children, inSvg || want.tag === 'svg');
  assign(node, old.attributes, want.attributes);
  MADE.set(node, want);
  return node;
}

function assign(node, old, wanted) {
  for (const name of Object.keys(old)) if (!(name in wanted)) set(node, name, null);
  for (const [name, value] of Object.entries(wanted)) if (old[name] !== value) set(node, name, value);
}

function set(node, name, value) {
  if (name.startsWith('on')) node[name] = value ?? null;
  else if (PROPERTIES.has(name)) node[name] = value ?? '';
  else if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? '' : value);
}

function remove(node) {
  // Closing is what gives the focus back to where it was.
  if (node instanceof HTMLDialogElement && node.open) node.close();
  node.remove();
}
