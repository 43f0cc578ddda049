// Many people, a few pixels each: written into one image and laid onto the canvas at once, because a hundred thousand drawing
// calls would take longer than a frame.

import { CUT } from "./picture.js";

// A colour of the style sheet as a pixel's 32 bits, in the machine's order.
function pixel(pen, colour) {
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
  return new Uint32Array(new Uint8Array([r, g, b, 255]).buffer)[0];
}

// A painter for the grid: `all` draws everybody, `some` those whose numbers are listed.
export function paint(canvas, { wide, size, columns, ratio, people }, ink) {
  const scratch = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const [shapes, cut, ground] = [ink.shapes.map((one) => pixel(scratch, one)), pixel(scratch, ink.cut), pixel(scratch, ink.ground)];
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer).fill(ground);
  // Where cells begin, in pixels.
  const edges = (count, step, most) => Int32Array.from({ length: count + 1 }, (_, n) => Math.min(most, Math.round(n * step * ratio)));
  const [xs, ys] = [edges(columns, wide, canvas.width), edges(Math.ceil(people / columns), size, canvas.height)];
  const gap = size * ratio > 3 ? 1 : 0;

  function one(dots, person) {
    const column = person % columns;
    const row = (person - column) / columns;
    const left = xs[column];
    const right = xs[column + 1];
    const top = ys[row];
    const bottom = ys[row + 1];
    const digit = dots[person];
    const shape = shapes[digit & ~CUT] ?? shapes[0];
    const back = digit & CUT ? cut : ground;
    // Whoever is cut off is half as high, so that the ground of the cut shows.
    const until = digit & CUT ? (top + bottom) >> 1 : bottom - gap;
    for (let y = top; y < bottom; y += 1) {
      const line = y * canvas.width;
      const ink = y < until ? shape : back;
      const end = line + right - (y < until ? gap : 0);
      for (let x = line + left; x < end; x += 1) pixels[x] = ink;
    }
    return row;
  }

  return {
    all(dots) {
      for (let person = 0; person < dots.length; person += 1) one(dots, person);
      pen.putImageData(image, 0, 0);
    },
    // Only the rows of those who changed go to the screen.
    some(dots, changed) {
      let [first, last] = [canvas.height, 0];
      for (const person of changed) {
        const row = one(dots, person);
        first = Math.min(first, ys[row]);
        last = Math.max(last, ys[row + 1]);
      }
      if (last > first) pen.putImageData(image, 0, 0, 0, first, canvas.width, last - first);
    },
  };
}
