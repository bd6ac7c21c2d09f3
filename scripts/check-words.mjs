// Finds words that were the house's own and have been replaced by the field's: in identifiers' parts, file names, texts,
// comments and pages. Words that are also ordinary English are looked for only in the forms that meant the private sense.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A name that is retired wherever it is a part of an identifier or a word. */
const part = (words, instead) => ({ words: new Set(words.split(' ')), instead });
/** A form that is retired; its words alone are English. `only` names the files in which it is looked for. */
const form = (pattern, instead, only) => ({ pattern, instead, ...(only ? { only } : {}) });

export const RETIRED = [
  part('gamma', 'global challenge'),
  part('leaf', 'segment commitment ("leaf" is for Merkle trees)'),
  form(/\b(?:leavesOf|LeafSlot|joinLeaves|run\.leaves)\b|\b(?:segment|boundary)'?s?'? leaves\b/, 'segment commitments'),
  form(/\bmaxRounds\b|\bround_(?:over|started)\b|\b(?:next|retired|same)Round\b|\brun\.round\b/, 'attempt'),
  form(/\b(?:new|another|current|permitted|old|earlier) rounds?\b(?! trip)|<round>/, 'attempt'),
  part('grant grants granted granting', 'assignment, assign, assigned'),
  form(/\b[Ww]ork[ -]?[Oo]rders?\b/, 'assignment'),
  form(/\bOrderedTask\b|\borderKey\b|\bMAX_ORDERS\b/, 'assignment'),
  form(/\b(?:new|class|extends|type) Turn\b|: Turn\b|\bTurnEnd\b/, 'decision builder'),
  part('ledger ledgers', 'active-job repository'),
  form(/\bJobEngine\b|\bjob-engine\b/, 'job command bus'),
  part('fleet fleets', 'prover registry'),
  form(/\bFleetMember\b|\b(?:fleet|registry) members?\b/, 'registered prover'),
  part('board boards basket baskets hungry vacant', 'scheduling view, allocation, idle, orphaned'),
  form(/\b(?:deal|deals|dealing|dealt)\b(?! with\b)/, 'allocation, allocate'),
  form(/\bhand(?:s|ed|ing)?[ -]?out\b|\bhandOut\b/i, 'assign'),
  form(/\b(?:Prover|own|stolen|orphaned|take)Share\b|\bshare-work\b|\b(?:a|its|whole|another) share\b/, 'partition'),
  part('pace paces patience impatient', 'task latency statistics, timeout, deadline'),
  form(/\b(?:own|owed)Work\b|\bown_work\b|\bstanding-orders\b|\bowed work\b/, 'coordinator task'),
  part('accuse accuses accused accusing liar liars', 'quarantine, faulty'),
  form(/\b(?:set|sets|setting)(?: \w+){0,3} aside\b/i, 'quarantine, quarantined'),
  form(/\bsuspect(?:s|:|\b(?=[ ,)}]))/, 'suspected faulty'),
  form(/commitment_settled|\bsettle(?:Commitment|Leaf|Task)\b|'settle'|kind: 'settled'/, 'recompute, resolve'),
  form(/\bCOMBINING\b|'combin(?:e|ed|ing)'|\bcombine\(|\bCombineOutcome\b/, 'aggregate'),
  form(/\b(?:join|combin|compos)(?:e?s|ed|ing|e)? (?:the |all |a |its |of )?(?:\w+ )?proofs\b/i, 'aggregate'),
  form(/\bproofs?(?: that)?(?: are| is)? (?:joined|combined|composed)\b/, 'aggregate'),
  form(
    /\bskipped_fence\b|\b[Ff]ence(?:Check|Outcome|Token)\b|\bJobStanding\b|\bStanding\b/,
    'fencing check, report validity',
  ),
  part('dialect dialects', 'baseline protocol, with extensions'),
  form(/\b[Pp]ublished[- ]?[Pp]eers?\b|\bpeers? of the published schema\b|\bisPeer\b/, 'third-party worker'),
  form(/\b[Ff]oreign (?:peers?|workers?|provers?)\b|\btest(?:\/|:|-)foreign\b/, 'third-party worker'),
  part('desk desks outlet outlets departure departures', 'task manager, sender, stop reason'),
  form(/\bturned[ -]?away\b|\bwind(?:s|ing)?[ -]?down\b/i, 'rejected, drain'),
  form(/\b(?:products?|materials)\b(?!\.js)/, 'result, artifact fetcher', /^src\/prover\//),
  form(/\b(?:interface|type|class|:) Piece\b|\bpieces? of work\b/, 'batch, task'),
  form(
    /\b(?:Stream|Prover|Unary|Coordinator)Links?\b|\b(?:stream|prover|unary|coordinator)[- ]links?\b/,
    'connection, channel',
  ),
  part('holdings holding', 'held assignments'),
  form(/\b(?:const|let|readonly|get|private|async|this\.) ?#?held\b|\bheld\??[:(]|[{(] ?held\b/, 'held assignments'),
  form(/\bFinding\b|\bfinding\.kind\b|\bstartFindings\b/, 'reported result; violation in the kernel'),
  part('anticipate anticipates anticipated', 'precompute'),
  form(/\bprepare(?:Check|Final|Key|Verification)\b|\b(?:program|key|check)(?: is)? (?:not )?prepared\b/, 'warm up'),
  form(/\bproofloom[-_]machine\b|\bkernel\/machine\b|`machine` \(the executor\)/, 'executor'),
  form(/\b[Ff]ixed (?:columns?|tables?|roots?|ones?)\b|\bFixedTables\b|\b[A-Z]\w+Fixed\b/, 'preprocessed'),
  form(/\b[Ss]hared (?:columns?|tables?|roots?)\b|\bSharedCommitment\b|\b[A-Z]\w+Shared\b/, 'phase one'),
  form(/\bterminals?\b/, 'cumulative sum', /^(?:kernel\/|docs\/(?:kernel|soundness)\.md)/),
  part('crossing crossings', 'unaligned access'),
  form(/\bNARROW\b|\b[Nn]arrow (?:access(?:es)?|bus|loads?|stores?|tables?)\b/, 'sub-word access'),
  form(/\bPROFILES?\b|\bprofileOf\b|\bHashingProfile\b|\bproof profile\b|\bprofile:/, 'proof parameters'),
  form(/\bOutline\b|\bLastRun::leave\b/, 'proof header, save checkpoint'),
  part('teller tellers retell retold fate fates scene scenes', 'fault-injecting executor, expected effect, fixtures'),
  form(/\b(?:enum|struct|type) (?:Account|Lie)\b|\bLIES\b/, 'claimed execution, fault kinds'),
  part(
    'mischief watchman watchmen weather truth truths',
    'fault injector, invariant checker, network conditions, reference model',
  ),
  form(/\brandom[-_]life\b|\brandomLife\b/, 'stateful property test'),
];

/** Where a retired word stays: in all of a file, in lines like `text`, or in such lines of a file; and why. */
export const EXEMPT = [
  {
    text: /\b(?:heldGrants|held_grants|HeldGrant|abandonedGrants|abandoned_grants)\b/,
    why: 'fields and a message of ours in the published stream, whose names do not change',
  },
  {
    text: /\bSegmentLeaf\b|\$case(?: [!=]==)?:? '?leaf\b|\bleaf(?:[:,]| = \d| 3| \}\))|'results\.leaf'|leaves\.leaf|"leaf"|\bleaf: Buffer\b/,
    why: 'the field of a segment commitment in the published interfaces',
  },
  {
    file: /^proto\/|^src\/wire\/unary\/|^src\/prover\/session\/(?:coordinator-client|unary-connection)\.ts$|coordinator-service|^test\/(?:prover|prover-gateway|wire|e2e|support)\//,
    text: /\b[hH]oldings\b|\bheld[:, ]|\.held\b|\bleaf\b/,
    why: 'fields and messages of the coordinator service',
  },
  {
    file: /^src\/coordinator\/store\/sqlite\/migrations\.ts$|^test\/store\/(?:earlier-version|sqlite-store)\.spec\.ts$|^test\/store\/earlier\//,
    why: 'released steps of the database schema, and what earlier versions wrote: both are read for ever',
  },
  {
    file: /^CHANGELOG\.md$/,
    text: /\b(?:leaf|grant|share)\b|patienceMs/,
    why: 'the page that says what was renamed',
  },
  {
    file: /^docs\/adr\//,
    why: 'decisions say what was decided in the words of their day',
  },
  {
    file: /^(?:docs\/glossary\.md|scripts\/check-words\.mjs|test\/docs\/check-words\.spec\.ts)$/,
    why: 'the words in use, the words retired, and the test that they are found',
  },
  {
    file: /^kernel\/(?!stark)|^docs\/(?:soundness|kernel|kernel-abi|performance)\.md$/,
    text: /gamma/,
    why: 'gamma is the symbol of the global challenge in formulas, and in the transcript',
  },
  {
    file: /^kernel\/(?:field|vm\/src\/(?:gamma|memory|soundness\/gating))|^src\/bench\/(?:formulas\.spec|permutations)\.ts$|^docs\/(?:soundness|kernel|performance)\.md$/,
    text: /\b(?:Base)?[lL]ea(?:f|ves)\b|leaf_root/,
    why: 'leaves of Merkle trees and of symbolic expressions',
  },
  {
    text: /\bNARROW\b|\bCROSSING\b|\bnarrow bus\b|"narrow"|\bnarrow \\d/,
    why: 'names of a bus and of two tables that are in every key and transcript until the next format of proofs',
  },
  {
    file: /^kernel\/stark\//,
    why: 'the engine that the multilinear one replaces: a rename would be deleted with it',
  },
  {
    file: /^kernel\/(?:vm|executor)\//,
    text: /[Nn]arrow (?:loads?|stores?|access)|crossing access|held:|earlier round|terminals/,
    why: 'comments and locals, to be changed with the sources of the next binary',
  },
  {
    file: /^kernel\/weave/,
    why: 'the engine under way, whose names are being chosen',
  },
  {
    text: /takes for granted|\bdashboards?\b|\bkeyboards?\b/,
    why: 'plain English',
  },
];

const PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

/** The retired words of one line, as what was found and what to write instead. */
export function retiredIn(line, file = '') {
  const parts = new Set((line.match(PART) ?? []).map((word) => word.toLowerCase()));
  return RETIRED.flatMap(({ words, pattern, instead, only }) => {
    if (only && !only.test(file)) return [];
    const found = words ? [...parts].find((word) => words.has(word)) : pattern.exec(line)?.[0];
    return found ? [{ found, instead }] : [];
  });
}

/** The exemption of a line; without a line, of the whole file. */
function exemptionOf(file, line) {
  return EXEMPT.find((rule) => {
    if (rule.file && !rule.file.test(file)) return false;
    return rule.text ? line !== null && rule.text.test(line) : true;
  });
}

/** What is wrong in a file, each with its line. `used` gets the exemptions that were needed. */
export function problemsOf(file, text, used = new Set()) {
  const lines = text.split('\n').map((line, index) => ({ line, where: `${file}:${index + 1}` }));
  return [{ line: file, where: `${file} (its name)` }, ...lines].flatMap(({ line, where }) => {
    const found = retiredIn(line, file);
    const exemption = found.length > 0 && (exemptionOf(file, null) ?? exemptionOf(file, line));
    if (exemption) used.add(exemption);
    return exemption ? [] : found.map((problem) => ({ where, ...problem }));
  });
}

const ROOTS = ['src', 'test', 'kernel', 'docs', 'packages', 'scripts', 'guests', 'examples', 'proto', 'bin', '*.md'];
const READ = /\.(?:ts|mts|mjs|js|md|rs|py|proto|sh|c|h|json|toml|html|css)$/;
const GENERATED = /^src\/wire\/generated\/|^test\/python-worker\/.*\.proto$|^proto\/grpc\//;

function check(root) {
  const listed = execFileSync('git', ['ls-files', ...ROOTS], { cwd: root, encoding: 'utf8' }).split('\n');
  const files = listed.filter((file) => READ.test(file) && !GENERATED.test(file));
  const used = new Set();
  const problems = files.flatMap((file) => problemsOf(file, readFileSync(join(root, file), 'utf8'), used));
  for (const { where, found, instead } of problems) console.error(`${where}: "${found}" is retired: ${instead}`);
  const idle = EXEMPT.filter((rule) => !used.has(rule));
  for (const { why } of idle) console.error(`nothing needs this exemption any more: ${why}`);
  if (problems.length + idle.length === 0) return;
  console.error(`check-words: ${problems.length} retired words; docs/glossary.md has the words in use`);
  process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) check(join(import.meta.dirname, '..'));
