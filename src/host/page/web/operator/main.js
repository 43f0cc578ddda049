// The operator's page: hears how the process stands and who did what, and draws it. It gives no orders.

import "./words.js";
import { t, span } from "../common/words.js";
import { $, say } from "../common/show.js";
import { listen as hark, banner } from "../common/silence.js";
import * as shell from "../common/shell.js";
import * as tiles from "./tiles.js";
import * as run from "./run.js";
import * as networks from "./networks.js";
import * as log from "./log.js";

const PARTS = [run, tiles, networks];
const AGAIN_MS = 2000;

let state = null;
let drawing = 0;
let source = null;
const ear = hark(soon, () => over(source));

// Whatever comes, it is drawn once a frame, and not at all while nobody looks.
function soon() {
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    draw();
  });
}

function draw() {
  banner(ear.standing());
  if (state === null) return;
  say($("sources"), t("build", state.version, span(state.uptime_s * 1e6)));
  for (const part of PARTS) part.draw(state);
}

function listen() {
  const stream = new EventSource("/v1/operator/live");
  source = stream;
  stream.addEventListener("open", () => { log.clear(); ear.heard(); });
  stream.addEventListener("state", (event) => { state = JSON.parse(event.data); ear.heard(); soon(); });
  stream.addEventListener("deeds", (event) => log.add(JSON.parse(event.data)));
  stream.addEventListener("alive", ear.heard);
  for (const name of ["shutdown", "error"]) stream.addEventListener(name, () => over(stream));
}

function over(stream) {
  if (source !== stream || stream === null) return;
  stream.close();
  source = null;
  ear.gone();
  setTimeout(listen, AGAIN_MS);
}

function relabel() {
  shell.title(t("operator_title"));
  for (const part of [...PARTS, log]) part.relabel();
  draw();
}

shell.begin({ view: "operator", relabel });
listen();
