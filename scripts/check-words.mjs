// Finds words that were the house's own and have been replaced by the field's: in identifiers' parts, file names, texts,
// comments and pages. Words that are also ordinary English are looked for only in the forms that meant the private sense.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A name that is retired wherever it is a part of an identifier or a word. */
const part = (words, instead) => ({ words: new Set(words.split(' ')), instead });
/** A form that is retired; its words alone are English. */
const form = (pattern, instead) => ({ pattern, instead });

export const RETIRED = [
  part('gamma', 'global challenge'),
  part('leaf', 'segment commitment ("leaf" is for Merkle trees)'),
  part('grant grants granted granting', 'assignment, assign, assigned'),
  part('accuse accuses accused accusing liar liars', 'quarantine, faulty'),
  form(/\b(?:set|sets|setting)(?: \w+){0,3} aside\b/i, 'quarantine, quarantined'),
  form(/\bsuspect(?:s|:|\b(?=[ ,)}]))/, 'suspected faulty'),
  form(/\b(?:leavesOf|LeafSlot|joinLeaves|run\.leaves)\b/, 'commitments'),
  form(/\bmaxRounds\b|\bround_(?:over|started)\b|\b(?:next|retired|same)Round\b|\brun\.round\b/, 'attempt'),
  form(/\b(?:new|another|current|permitted|old) rounds?\b(?! trip)/, 'attempt'),
  form(/\b(?:Prover|own|stolen|orphaned|take)Share\b|\bshare-work\b|\b(?:a|its|whole|another) share\b/, 'partition'),
  form(/\bCOMBINING\b|'combin(?:e|ed|ing)'|\bcombine\(|\bCombineOutcome\b/, 'aggregate'),
  form(/\bjoin(?:s|ed|ing)?\b (?:the |all |a |its )?(?:\w+ )?proofs\b|\bproofs are joined\b/, 'aggregate'),
  form(/commitment_settled|\bsettle(?:Commitment|Leaf|Task)\b|'settle'|kind: 'settled'/, 'recompute, resolve'),
  form(/\bFinding\b|\bfinding\.kind\b|\bstartFindings\b/, 'reported result'),
  form(/\b(?:own|owed)Work\b|\bown_work\b|\bstanding-orders\b/, 'coordinator task'),
  form(/\b(?:dealing|handing-out|basket)\b|\bJobBoard\b/, 'allocation, scheduling view'),
  form(/\bJobEngine\b|\bJobLedger\b|\bjob-engine\b|\bjob-ledger\b/, 'job command bus, active-job repository'),
];

/** Places that keep a retired word, each with the reason. */
export const EXEMPT = [
  // Names of the published schemas, and of our fields in them, never change.
  { text: /\bheldGrants\b|\bheld_grants\b|\bHeldGrant\b|\babandonedGrants\b|\babandoned_grants\b/ },
  { file: /^src\/wire\/unary\/coordinator-message\.ts$|^test\/prover\/unary-prover\.spec\.ts$/ },
  { text: /\bSegmentLeaf\b|\$case(?: [!=]==)?:? '?leaf|\bleaf(?:[:,]| 3| \}\))|'results\.leaf'|leaves\.leaf|"leaf"/ },
  // Released steps of the store's schema, and the test that opens what an earlier version wrote.
  {
    file: /^src\/coordinator\/store\/sqlite\/migrations\.ts$|^test\/store\/(?:earlier-version|sqlite-store)\.spec\.ts$/,
  },
  // Merkle trees, and formulas in which gamma is a symbol.
  { file: /^src\/bench\/(?:formulas\.spec|permutations)\.ts$|^docs\/(?:soundness|kernel|kernel-abi|performance)\.md$/ },
  // Decisions are history: they say what was decided in the words of their day. So does the list of work at hand.
  { file: /^docs\/adr\/|^docs\/STATUS\.md$/ },
  // The page that says what became of them; this check's own test.
  { file: /^docs\/glossary\.md$|^test\/docs\/check-words\.spec\.ts$/ },
  { text: /takes for granted/ },
];

/** Folders in which retired words are left; none in the end. */
export const TO_DO = [
  // The proof system's own words are being changed with its crates.
  /^kernel\//,
];

const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

/** The retired words of one line, as what was found and what to write instead. */
export function retiredIn(line) {
  const parts = new Set((line.match(PART) ?? []).map((word) => word.toLowerCase()));
  return RETIRED.flatMap(({ words, pattern, instead }) => {
    const found = words ? [...parts].find((word) => words.has(word)) : pattern.exec(line)?.[0];
    return found ? [{ found, instead }] : [];
  });
}

/** What is wrong in a file, each with its line. */
export function problemsOf(file, text) {
  if (EXEMPT.some((rule) => rule.file?.test(file)) || TO_DO.some((rule) => rule.test(file))) return [];
  const named = retiredIn(file).map((problem) => ({ where: `${file} (its name)`, ...problem }));
  const lines = text.split('\n').flatMap((line, index) => {
    if (EXEMPT.some((rule) => rule.text?.test(line))) return [];
    return retiredIn(line).map((problem) => ({ where: `${file}:${index + 1}`, ...problem }));
  });
  return [...named, ...lines];
}

const ROOTS = ['src', 'test', 'kernel', 'docs', 'packages', 'README.md'];
const READ = /\.(?:ts|mts|mjs|js|md|rs|py|proto)$/;
const GENERATED = /^src\/wire\/generated\/|^test\/foreign\/.*\.proto$/;

function check(root) {
  const listed = execFileSync('git', ['ls-files', ...ROOTS], { cwd: root, encoding: 'utf8' }).split('\n');
  const files = listed.filter((file) => READ.test(file) && !GENERATED.test(file));
  const problems = files.flatMap((file) => problemsOf(file, readFileSync(join(root, file), 'utf8')));
  for (const { where, found, instead } of problems) console.error(`${where}: "${found}" is retired: ${instead}`);
  if (problems.length === 0) return;
  console.error(`check-words: ${problems.length} retired words; docs/glossary.md has the words in use`);
  process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) check(join(import.meta.dirname, '..'));
