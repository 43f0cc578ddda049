// What stands behind the # of the address. One that no page makes (a percent sign that encodes nothing) says nothing.

export function hash() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}
