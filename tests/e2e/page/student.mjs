// A student without a browser: takes a seat, follows it over server-sent events, and is a phone over plain WebSockets, as a
// student's page is. What came when is written down.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { request } from "node:http";

const bearer = (key) => ({ authorization: `Bearer ${key}`, "content-type": "application/json" });

export async function join(url, code, nickname) {
  const body = JSON.stringify({ code, nickname, role: "citizen", persona: "plain" });
  const answer = await fetch(`${url}/v1/class/seats`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const told = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(told));
  const student = { url, nickname, key: told.key, view: null, arrivals: [], messages: new Map(), lines: new Map(), waiting: [], over: false };
  student.followed = follow(student);
  return student;
}

// Until what the seat is served is so; answers when that was.
export function sees(student, test) {
  if (student.view && test(student.view, student)) return Promise.resolve(performance.now());
  return new Promise((resolve) => student.waiting.push({ test, resolve }));
}

function look(student) {
  student.waiting = student.waiting.filter(({ test, resolve }) => {
    if (!student.view || !test(student.view, student)) return true;
    resolve(performance.now());
    return false;
  });
}

async function follow(student) {
  const answer = await fetch(`${student.url}/v1/class/seat/live`, { headers: bearer(student.key) });
  const reader = new TextDecoder();
  let text = "";
  for await (const piece of answer.body) {
    text += reader.decode(piece, { stream: true });
    const whole = text.split("\n\n");
    text = whole.pop();
    for (const message of whole) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(message) ?? [];
      if (name === "over") student.over = true;
      if (name !== "state") continue;
      student.arrivals.push(performance.now());
      student.view = JSON.parse(data);
      look(student);
    }
  }
}

export async function ask(student, path, body) {
  const answer = await fetch(`${student.url}/v1/class/seat/${path}`, { method: "POST", headers: bearer(student.key), body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.text());
}

// The most messages in any one second.
export const busiest = ({ arrivals }) => Math.max(...arrivals.map((time) => arrivals.filter((other) => other >= time && other < time + 1000).length));

// Connects the seat's phone to all of its networks; comes back by itself when a line breaks, as a phone does.
export function connect(student) {
  for (const network of student.view.phone.networks) line(student, network, 0);
}

function line(student, network, since) {
  const { hostname, port } = new URL(student.url);
  const headers = {
    connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": randomBytes(16).toString("base64"),
    "sec-websocket-protocol": `bongsu.v1, seat.${student.key}`,
  };
  const asked = request({ hostname, port, path: `/ws/${network}`, headers });
  const state = { socket: null, since };
  student.lines.set(network, state);
  const again = () => {
    state.socket = null;
    if (!student.over) setTimeout(() => { if (!student.over) line(student, network, state.since); }, 500);
  };
  asked.on("error", again);
  asked.on("response", (answer) => { answer.resume(); again(); });
  asked.on("upgrade", (_, socket, head) => {
    state.socket = socket;
    socket.on("error", () => {});
    socket.on("close", again);
    say(state, { type: "hello", phones: [student.view.phone.number], since: state.since });
    hear(socket, head, (frame) => {
      if (frame.type !== "notice") return;
      state.since = Math.max(state.since, frame.seq);
      student.messages.set(frame.attempt, { ...frame, network });
      say(state, { type: "receipt", delivered: [frame.attempt] });
      say(state, { type: "receipt", read: [frame.attempt] });
      look(student);
    });
  });
  asked.end();
}

// A frame of text, masked as a client's has to be.
function say({ socket }, frame) {
  const text = Buffer.from(JSON.stringify(frame));
  const mask = randomBytes(4);
  assert.ok(text.length < 126, "one byte of length is enough here");
  socket?.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, text.map((byte, at) => byte ^ mask[at % 4])]));
}

// Whole frames of text; pings are answered, the end is the socket's own.
function hear(socket, head, told) {
  let bytes = head;
  const take = () => {
    for (;;) {
      if (bytes.length < 2) return;
      const short = bytes[1] & 0x7f;
      const start = short === 126 ? 4 : 2;
      assert.notEqual(short, 127, "no frame is so long");
      if (bytes.length < start) return;
      const length = short === 126 ? bytes.readUInt16BE(2) : short;
      if (bytes.length < start + length) return;
      const [kind, body] = [bytes[0] & 0x0f, bytes.subarray(start, start + length)];
      bytes = bytes.subarray(start + length);
      if (kind === 1) told(JSON.parse(body.toString()));
      else if (kind === 9) socket.write(Buffer.concat([Buffer.from([0x8a, 0x80 | length]), Buffer.alloc(4), body]));
      else if (kind === 8) socket.end();
    }
  };
  socket.on("data", (piece) => { bytes = Buffer.concat([bytes, piece]); take(); });
  take();
}
