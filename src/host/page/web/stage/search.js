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

// What a row of texts is found by.
export const index = (texts) => {
  const text = texts.filter(Boolean).join("\n");
  return { apart: apart(text), heads: heads(text) };
};

// Whether every word of a query is found.
export function finds(row, query) {
  return query.trim().split(/\s+/).every((word) => row.apart.includes(apart(word)) || ([...word].every((letter) => HEADS.includes(letter)) && row.heads.includes(word)));
}
