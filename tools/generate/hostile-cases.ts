/** A kind of hostile cases: the letters of their ids, and what they are about. */
interface CaseKind {
  readonly letters: string;
  readonly about: string;
  readonly numbers: readonly number[];
}

/** Every hostile case that is defended against. A test that is about one has its id in its name: `J-28`. */
export const HOSTILE_CASES: readonly CaseKind[] = [
  {
    letters: 'J',
    about: 'JWTs: parsing and cryptography',
    numbers: [
      1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 28, 30, 31, 32,
      33, 34, 36, 37, 39, 40, 41, 42, 43, 44, 46, 50, 52, 53, 54, 55, 56, 58, 59, 60, 61, 62, 63, 64, 65, 66,
      67, 68,
    ],
  },
  {
    letters: 'K',
    about: 'keys, discovery, what is fetched',
    numbers: [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 20, 22, 24],
  },
  {
    letters: 'C',
    about: 'client authentication',
    numbers: [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 17, 18, 19, 20, 21, 22, 23, 24, 27],
  },
  {
    letters: 'X',
    about: 'token exchange',
    numbers: [
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 17, 18, 19, 20, 22, 23, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35,
    ],
  },
  {
    letters: 'DP',
    about: 'DPoP and devices',
    numbers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
  },
  {
    letters: 'I',
    about: 'introspection, single use, binding',
    numbers: [
      1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30, 32, 33, 34, 36, 37,
      38, 40, 41, 42, 44, 45, 46, 48, 49, 50,
    ],
  },
  {
    letters: 'P',
    about: 'the admin API',
    numbers: [1, 3, 5, 6, 7, 8, 9, 11, 14, 15, 16, 18, 19, 20, 21, 23, 24, 27, 28, 29, 30, 31, 32],
  },
  { letters: 'B', about: 'several owners, and mistakes of one’s own', numbers: [1, 2, 3, 5, 6, 8, 9, 10] },
];

export const hostileCaseIds: readonly string[] = HOSTILE_CASES.flatMap(({ letters, numbers }) =>
  numbers.map((number) => `${letters}-${String(number).padStart(2, '0')}`),
);
