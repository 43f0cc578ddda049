// Search as one types, Korean and English. A syllable that is still being typed finds what it may become (카카ㅇ finds
// 카카오), and initials alone find words (ㅈㄴ finds 재난).

// Consonants as a keyboard types them, in the order of their places at the head of a syllable.
const HEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const HEAD = 0x1100;
const [FIRST, LAST, EACH] = [0xac00, 0xd7a3, 588];

// Letters taken apart; a lone consonant counts as the head of a syllable.
const apart = (text) =>
  [...text.toLowerCase().normalize("NFD")].map((letter) => (HEADS.includes(letter) ? String.fromCharCode(HEAD + HEADS.indexOf(letter)) : letter)).join("");

const heads = (text) =>
  [...text].map((letter) => {
    const code = letter.charCodeAt(0);
    return code >= FIRST && code <= LAST ? HEADS[Math.floor((code - FIRST) / EACH)] : letter;
  }).join("");

const taken = (texts) => {
  const text = texts.filter(Boolean).join("\n");
  return { apart: apart(text), heads: heads(text) };
};

// What a row is found by: its names, which weigh more, and whatever else is said of it.
export const index = (names, others) => ({ names: taken(names), all: taken([...names, ...others]) });

const typed = (query) => query.trim().split(/\s+/);
const has = (text, word) => text.apart.includes(apart(word)) || ([...word].every((letter) => HEADS.includes(letter)) && text.heads.includes(word));

// Whether every word of a query is found.
export const finds = (row, query) => typed(query).every((word) => has(row.all, word));

// How well it is found, 0 the best: the query stands in a name as it was typed, and no longer number goes on there; all its
// words are in the names; in what is said of it.
export function rank(row, query) {
  const words = typed(query);
  const whole = apart(words.join(" "));
  const at = row.names.apart.indexOf(whole);
  if (at >= 0 && !(/\d$/.test(whole) && /\d/.test(row.names.apart[at + whole.length] ?? ""))) return 0;
  return words.every((word) => has(row.names, word)) ? 1 : 2;
}
