// A student's phone: real sockets, one a network, that an outage really cuts; what came, what was read, pressed and written.
// It comes back by itself like any phone, and what was done without a line waits for one. When the run is over so is the
// phone: it keeps what it shows, and does nothing more.

import { word } from "./seat.js";

const PAUSE_MS = [600, 5000];
const SEAT_GIVEN_UP = 4011;
const RUN_ENDED = 4010;
// What waits for a line, and what its owner wrote: what is too much is not kept.
const PENDING_MAX = 64;
const SAID_MAX = 20;

export class Handset {
  constructor(changed, now) {
    Object.assign(this, { changed, now, about: null, run: null, on: true, over: false, leaving: false, lines: new Map(), messages: new Map(), pending: [], said: [] });
  }

  // The phone of a run: another run is another phone.
  be(run, about, { on, blocks, over = false }) {
    if (this.run === run && this.about?.number === about?.number) {
      if (over && !this.over) this.#end();
      return;
    }
    this.close();
    Object.assign(this, { run, about, on, blocks, over, messages: new Map(), pending: [], said: [] });
    this.lines = new Map((about?.networks ?? []).map((network) => [network, { network, state: over ? "out" : "off", since: 0, tries: 0, socket: null, timer: 0 }]));
    // An empty battery: the phone is known to its networks and gone from them at once, so that to the run it is off, and no
    // simulated phone stands in for it.
    this.leaving = !on;
    if (!over) this.open();
    this.changed();
  }

  // The run is over: no network takes anything more.
  #end() {
    this.over = true;
    this.close();
    for (const line of this.lines.values()) line.state = "out";
    this.changed();
  }

  power(on) {
    this.on = on;
    this.leaving = false;
    if (on) this.open();
    else this.close();
    this.changed();
  }

  open() {
    for (const line of this.lines.values()) this.#connect(line);
  }

  close() {
    for (const line of this.lines.values()) {
      clearTimeout(line.timer);
      const { socket } = line;
      line.socket = null;
      line.state = "off";
      socket?.close();
    }
  }

  #connect(line) {
    clearTimeout(line.timer);
    if ((!this.on && !this.leaving) || line.socket) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/${line.network}`, ["bongsu.v1", word()]);
    line.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", phones: [this.about.number], since: line.since }));
    socket.onmessage = (event) => { if (line.socket === socket) this.#hear(line, JSON.parse(event.data)); };
    socket.onclose = ({ code }) => {
      if (line.socket !== socket) return;
      line.socket = null;
      const before = line.state;
      if (this.leaving) return this.#later(line);
      // Nobody says that a network is down: a line that breaks or does not come is all there is to see.
      line.state = code === RUN_ENDED || code === SEAT_GIVEN_UP ? "out" : "cut";
      if (before !== line.state) this.changed();
      if (code !== RUN_ENDED && code !== SEAT_GIVEN_UP) this.#later(line);
    };
  }

  #later(line) {
    line.tries += 1;
    const pause = Math.min(PAUSE_MS[1], PAUSE_MS[0] * 2 ** Math.min(line.tries, 6)) * (0.5 + Math.random() / 2);
    line.timer = setTimeout(() => this.#connect(line), pause);
  }

  #hear(line, frame) {
    if (this.leaving) {
      if (frame.type === "welcome") this.#leave(line);
    } else if (frame.type === "welcome") {
      Object.assign(line, { state: "on", tries: 0 });
      if (this.blocks && line.network === "kakao") for (const { key } of this.about.channels) this.#send(line, { type: "block", channel: key });
      this.#flush(line);
      this.changed();
    } else if (frame.type === "notice") {
      line.since = Math.max(line.since, frame.seq);
      this.#came(line, frame);
    }
  }

  #leave(line) {
    const { socket } = line;
    line.socket = null;
    socket.close();
  }

  #came(line, frame) {
    const channel = this.about.channels.find((one) => one.key === frame.channel);
    const known = this.messages.get(frame.attempt);
    if (known?.boxed) known.boxed = false;
    else if (known) known.copies += 1;
    else {
      this.messages.set(frame.attempt, {
        attempt: frame.attempt, medium: frame.medium, channel: frame.channel, from: channel?.name ?? null, title: frame.title ?? "", text: frame.text,
        large: frame.large === true, buttons: frame.buttons ?? [], state: "shown", sent_us: this.now(), shown_us: this.now(), opened_us: null, copies: 1, pressed: [],
        network: line.network,
      });
    }
    this.#send(line, { type: "receipt", delivered: [frame.attempt] });
    this.changed();
  }

  // What this person was shown before this page became their phone; and letters, alerts and calls, which need no line.
  box(messages) {
    for (const message of messages) {
      const known = this.messages.get(message.attempt);
      if (!known) this.messages.set(message.attempt, { ...message, boxed: true, state: "shown", sent_us: message.shown_us, copies: 1, pressed: [] });
      else known.opened_us ??= message.opened_us;
    }
  }

  // What is done by hand.
  act({ do: what, attempt, button, channel, text }) {
    if (this.over) return;
    const message = this.messages.get(attempt);
    if (what === "say") this.#write(channel, text);
    else this.#touch(what, message, button);
    this.changed();
  }

  #write(channel, text) {
    const words = { text, state: "waits" };
    this.said = [...this.said, words].slice(-SAID_MAX);
    this.#do("kakao", { type: "say", channel, text }, () => { words.state = "sent"; });
  }

  #touch(what, message, button) {
    const { attempt } = message;
    if (message.opened_us === null) {
      message.opened_us = this.now();
      this.#do(message.network, { type: "receipt", read: [attempt] });
    }
    if (what === "press") {
      if (!message.pressed.includes(button)) message.pressed.push(button);
      this.#do(message.network, { type: "press", attempt, button });
    }
  }

  #do(network, frame, sent = () => {}) {
    const line = this.lines.get(network);
    if (!line) return;
    if (line.state === "on" && this.#send(line, frame)) sent();
    else if (this.pending.length < PENDING_MAX) this.pending.push({ network, frame, sent });
  }

  #flush(line) {
    const mine = this.pending.filter((one) => one.network === line.network);
    this.pending = this.pending.filter((one) => one.network !== line.network);
    for (const { frame, sent } of mine) if (this.#send(line, frame)) sent();
  }

  #send(line, frame) {
    if (line.socket?.readyState !== WebSocket.OPEN) return false;
    line.socket.send(JSON.stringify(frame));
    return true;
  }

  // As `<bongsu-phone>` takes it.
  data(name) {
    return {
      phone: this.about.number, name, device: this.on ? "powered" : "dark", more: false,
      lines: [...this.lines.values()].map(({ network, state }) => ({ network, state, fault: null })),
      said: this.said.map(({ text, state }) => ({ text, state: state === "waits" && this.over ? "lost" : state })),
      messages: [...this.messages.values()].sort((a, b) => a.shown_us - b.shown_us),
    };
  }
}
