// What stands after # in the address. Anybody can write anything there: what cannot be read says nothing.

export function fragment() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}
