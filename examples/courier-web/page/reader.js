// From pictures to texts: the QR code, and the Code 128 beside it.
//
// zxing (compiled to WebAssembly) reads both, on every phone alike. Where the browser has a reader of its own it is asked
// first while the camera runs, since it takes less of the battery; what it does not find, zxing still may.

import { prepareZXingModule, readBarcodes } from './zxing-wasm/reader/index.js';

const OPTIONS = {
  formats: ['QRCode', 'Code128'],
  tryHarder: true,
  tryRotate: true,
  tryInvert: false,
  tryDownscale: true,
  maxNumberOfSymbols: 16,
  textMode: 'Plain',
};

/** How long a look at the camera may be left to the browser's reader alone, in milliseconds. */
const PATIENCE = 700;

/** Pixels on the longer side that are more than enough for a label. */
const LARGEST = 3200;

/** The angle up to which a Code 128 is read as it lies, in radians. */
const LEVEL = 0.05;

/** Gets everything that reading needs, so that no network is needed later. */
export async function prepare() {
  const locateFile = (name) => new URL(`zxing-wasm/reader/${name}`, import.meta.url).href;
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
}

/** The codes of a picture: `{ token, numbers }`, the token `null` if there is no QR code. */
export async function readPicture(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const found = await readAll(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  bitmap.close();
  return found;
}

/** Looks at a camera, again and again. */
export class Watcher {
  #detector = null;
  #since = 0;

  async prepare() {
    if (!('BarcodeDetector' in globalThis)) return;
    const formats = await BarcodeDetector.getSupportedFormats();
    if (['qr_code', 'code_128'].every((format) => formats.includes(format))) {
      this.#detector = new BarcodeDetector({ formats: ['qr_code', 'code_128'] });
    }
  }

  /** The codes in the picture of this moment. */
  async look(video) {
    const { videoWidth: width, videoHeight: height } = video;
    if (width === 0) return { token: null, numbers: [] };
    if (this.#detector !== null) {
      const { token, numbers } = sorted((await this.#detector.detect(video)).map(ofBrowser));
      const now = performance.now();
      if ((token !== null && numbers.length > 0) || now - this.#since < PATIENCE) return { token, numbers };
      this.#since = now;
    }
    return readAll(video, width, height);
  }
}

/** A code of the browser's reader in the words of zxing. */
function ofBrowser({ format, rawValue, cornerPoints: [topLeft, topRight] }) {
  return { format: format === 'qr_code' ? 'QRCode' : 'Code128', text: rawValue, position: { topLeft, topRight } };
}

/**
 * All that zxing reads. It finds a QR code at any angle, and a Code 128 only when it lies nearly level or upright; the two
 * lie alike on a label, so the picture is turned by what the QR code is turned and looked at once more.
 */
async function readAll(source, width, height) {
  const { token, numbers, turn } = sorted(await readBarcodes(pixelsOf(source, width, height), OPTIONS));
  // Quarter turns are tried anyway.
  const rest = turn - Math.round(turn / (Math.PI / 2)) * (Math.PI / 2);
  if (token === null || numbers.length > 0 || Math.abs(rest) < LEVEL) return { token, numbers };
  const level = pixelsOf(source, width, height, -rest);
  return { token, numbers: sorted(await readBarcodes(level, { ...OPTIONS, formats: ['Code128'] })).numbers };
}

/** The pixels of a picture, turned about its middle by an angle; what does not fit is cut off. */
function pixelsOf(source, width, height, turn = 0) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  // What is transparent is paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.translate(width / 2, height / 2);
  context.rotate(turn);
  context.drawImage(source, -width / 2, -height / 2, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Of several QR codes the one that is a token and by which angle it is turned; the texts of the codes beside it. */
function sorted(codes) {
  const squares = codes.filter(({ format }) => format === 'QRCode');
  const numbers = codes.filter(({ format }) => format !== 'QRCode').map(({ text }) => text);
  const square = squares.find(({ text }) => text.startsWith('W1:')) ?? squares[0];
  return { token: square?.text ?? null, numbers: [...new Set(numbers)], turn: square ? angleOf(square.position) : 0 };
}

function angleOf({ topLeft, topRight }) {
  return Math.atan2(topRight.y - topLeft.y, topRight.x - topLeft.x);
}
