// The camera: on, looked at until a label is read, off.

import { Watcher } from './reader.js';

/** How long the Code 128 is waited for once the QR code was read, in milliseconds. */
const BESIDE = 1200;

/** Between two looks, so that a phone stays cool. */
const PAUSE = 80;

export class Camera {
  #video;
  #stream = null;
  #watcher = new Watcher();

  constructor(video) {
    this.#video = video;
  }

  get isOn() {
    return this.#stream !== null;
  }

  /** Turns it on. Throws what the browser throws if there is none, or it may not be used. */
  async start() {
    await this.#watcher.prepare();
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      // Enough for three dots to a module of the code from a hand's breadth away.
      video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
    this.#video.srcObject = this.#stream;
    await this.#video.play();
  }

  /** Looks until a QR code was read, and a moment longer for the number beside it; `null` if it is turned off first. */
  async read() {
    const stream = this.#stream;
    let found = null;
    let until = Infinity;
    const numbers = new Set();
    while (this.#stream === stream && performance.now() < until) {
      const seen = await this.#watcher.look(this.#video);
      seen.numbers.forEach((number) => numbers.add(number));
      if (seen.token !== null && found === null) {
        found = seen.token;
        until = performance.now() + BESIDE;
      }
      if (found !== null && numbers.size > 0) break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return this.#stream === stream && found !== null ? { token: found, numbers: [...numbers] } : null;
  }

  /** Whether there is a light that can be turned on. */
  get hasLight() {
    return this.#track?.getCapabilities?.().torch === true;
  }

  async setLight(isOn) {
    await this.#track?.applyConstraints({ advanced: [{ torch: isOn }] });
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }
}
