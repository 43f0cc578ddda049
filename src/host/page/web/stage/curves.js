// What each plot draws, from the run's totals over time: `layers` of points, or `bars`; `says` is the plot in words, `unit` the
// least step of its axis that `say` can tell.

import { t, medium, network, number, won, span } from "../common/words.js";

const CLASS = {
  alimtalk: "talk", brand: "talk", certified: "talk", chat: "talk", sms: "text", lms: "text",
  email: "other", letter: "other", registered: "other", broadcast: "other", call: "other", push: "other",
};
const INKS = ["dot-talk", "dot-text", "dot-other", "dot-twice", "act", "faint", "ink"];
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [], [7, 4], [2, 3]];
const CLASSES = ["dot-talk", "dot-text", "dot-other"];

// The curve as far as the instant that is drawn: its last point is the state itself.
export function upto({ scene, state, curve, at }) {
  if (at === null) return curve;
  const whole = curve.slice(0, Math.max(0, Math.min(curve.length - 1, Math.floor(at / scene.step_us))));
  const before = curve[whole.length] ?? curve.at(-1) ?? [[], [0, 0, 0], []];
  return [...whole, [before[0].map((n, index) => reachedThen(whole.at(-1)?.[0][index] ?? 0, n, state, before[0], whole)), [state.attempts, state.fallbacks, state.cost], state.open]];
}

// Between two points of the curve the share of each medium is not known; the sum is.
function reachedThen(from, to, state, ends, whole) {
  const [then, end] = [sum(whole.at(-1)?.[0] ?? []), sum(ends)];
  return end === then ? to : from + ((to - from) * Math.max(0, state.reached - then)) / (end - then);
}

const sum = (row) => row.reduce((all, n) => all + n, 0);
const column = (curve, pick) => curve.map(pick);
const last = (points) => points.at(-1) ?? 0;
const layer = (name, ink, points, more = {}) => ({ name, ink, points, last: last(points), ...more });

// What rose from point to point, per second of simulated time.
function rate(scene, state, totals) {
  return totals.map((n, point) => {
    const begins = point * scene.step_us;
    const took = Math.min(scene.step_us, Math.max(1e6, state.at_us - begins));
    return ((n - (totals[point - 1] ?? 0)) * 1e6) / took;
  });
}

const one = (n) => (n >= 10 || Number.isInteger(n) ? number(Math.round(n)) : n.toFixed(1));

export const PLOTS = {
  reached(scene, state, curve) {
    const used = scene.media.filter(([index]) => (curve.at(-1)?.[0][index] ?? 0) > 0);
    const layers = used.map(([index, name]) => layer(medium(name), `dot-${CLASS[name]}`, column(curve, (row) => row[0][index])));
    const says = layers.map(({ name, last: n }) => `${name} ${number(Math.round(n))}`).join(" · ");
    return { stacked: true, layers, most: Math.max(scene.people, state.notices), unit: 1, say: (n) => number(Math.round(n)), says };
  },
  rate(scene, state, curve) {
    const sent = rate(scene, state, column(curve, (row) => row[1][0]));
    const shown = rate(scene, state, column(curve, (row) => sum(row[0])));
    const layers = [layer(t("sent_per_s"), "dot-waiting", sent, { dash: DASHES[1] }), layer(t("shown_per_s"), "dot-talk", shown)];
    const most = Math.max(...sent, ...shown, 1);
    return { layers, steps: true, most, unit: most < 20 ? 0.1 : 1, say: one, says: t("rate_says", one(Math.max(...sent, 0)), span(scene.step_us)) };
  },
  fallbacks(scene, state, curve) {
    const points = column(curve, (row) => row[1][1]);
    const says = t("fallbacks_say", number(state.fallbacks), number(state.attempts));
    return { layers: [layer(t("fallbacks"), "dot-text", points)], most: last(points), unit: 1, say: (n) => number(Math.round(n)), says };
  },
  cost(scene, state, curve) {
    const points = column(curve, (row) => row[1][2]);
    const each = state.reached ? state.cost / state.reached : 0;
    return { layers: [layer(t("cost"), "dot-twice", points)], most: last(points), unit: 100, say: won, says: t("cost_says", won(state.cost), won(each)) };
  },
  connected(scene, state, curve) {
    const layers = scene.networks.map(([index, name], place) =>
      layer(network(name), INKS[place % INKS.length], column(curve, (row) => row[2][index] ?? 0), { dash: DASHES[place % DASHES.length], first: curve[0]?.[2][index] ?? 0 }));
    const says = layers.length ? layers.map(({ name, last: n }) => `${name} ${number(n)}`).join(" · ") : t("no_lines");
    return { layers, most: Math.max(...state.peak), unit: 1, say: (n) => number(Math.round(n)), says };
  },
  took(scene, state) {
    const bounds = [...scene.took_s, Infinity];
    const counts = bounds.map((bound, at) => state.took.map((row) => row[at]));
    const used = counts.reduce((far, row, at) => (sum(row) ? at : far), 0);
    const name = (bound) => (bound === Infinity ? `${span(scene.took_s.at(-1) * 1e6)}+` : span(bound * 1e6));
    const bars = counts.slice(0, Math.max(used + 1, 6)).map((row, at) => ({ name: name(bounds[at]), parts: row.map((n, place) => [CLASSES[place], n]) }));
    const most = Math.max(...counts.map(sum), 1);
    const within = (share) => {
      let left = Math.ceil(state.reached * share);
      const at = counts.findIndex((row) => (left -= sum(row)) <= 0);
      return name(bounds[Math.max(0, at)]);
    };
    const says = state.reached ? t("took_says", within(0.5), within(0.95)) : t("nobody_yet");
    return { bars, layers: [], most, unit: 1, say: (n) => number(Math.round(n)), says };
  },
};
