// The folders of a source tree as rooms: which knows which, seen level by level. An import is an arrow on one level,
// the one where its two ends part: there the rooms are the folder's own files and its subfolders (ending in "/").

/**
 * @param {Iterable<readonly [string, readonly string[]]>} imports each file with the files it imports, all paths with "/"
 * @returns the levels by folder, each with its arrows: room -> room -> number of imports
 */
export function levelsOf(imports) {
  const levels = new Map();
  for (const [file, targets] of imports) {
    for (const target of targets) addArrow(levels, file, target);
  }
  return levels;
}

function addArrow(levels, file, target) {
  const [from, to] = [file.split('/'), target.split('/')];
  const depth = from.findIndex((part, index) => part !== to[index]);
  if (depth < 0) return;
  const folder = from.slice(0, depth).join('/');
  const arrows = levels.get(folder) ?? new Map();
  levels.set(folder, arrows);
  const [room, known] = [roomAt(from, depth), roomAt(to, depth)];
  for (const name of [room, known]) if (!arrows.has(name)) arrows.set(name, new Map());
  arrows.get(room).set(known, (arrows.get(room).get(known) ?? 0) + 1);
}

function roomAt(path, depth) {
  return depth === path.length - 1 ? path[depth] : `${path[depth]}/`;
}

/** The circles that lead through a folder, each as its rooms. Those among files only are the linter's business. */
export function circlesOf(arrows) {
  const reached = new Map([...arrows.keys()].map((room) => [room, reachable(arrows, room)]));
  const circles = new Map();
  for (const room of arrows.keys()) {
    const circle = [...reached.get(room)].filter((other) => reached.get(other).has(room)).sort(byName);
    if (circle.length > 1 && circle.some(isFolder)) circles.set(circle.join(' '), circle);
  }
  return [...circles.values()];
}

function reachable(arrows, start) {
  const seen = new Set();
  const open = [start];
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    for (const next of arrows.get(room).keys()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}

export function hasFolders(arrows) {
  return [...arrows.keys()].some(isFolder);
}

function isFolder(room) {
  return room.endsWith('/');
}

/** The arrows of one level in words, the rooms that know most first; those of a circle are marked. */
export function describeLevel(folder, arrows) {
  const circles = circlesOf(arrows);
  const runsBack = (from, to) => circles.some((circle) => circle.includes(from) && circle.includes(to));
  const pairs = [...arrows].flatMap(([from, targets]) => [...targets.keys()].map((to) => [from, to]));
  const back = pairs.filter(([from, to]) => runsBack(from, to)).length;
  const rows = inOrder(arrows).flatMap((room) => {
    const targets = [...arrows.get(room)].map(
      ([to, count]) => `${to} ${count}${runsBack(room, to) ? ' (circle)' : ''}`,
    );
    return targets.length === 0 ? [] : [`  ${room} -> ${targets.sort(byName).join(', ')}`];
  });
  const verdict = back === 0 ? 'none runs back' : `${back} in circles`;
  return [`${folder}: ${pairs.length} arrows between ${arrows.size} rooms, ${verdict}`, ...rows];
}

function byName(a, b) {
  return a.localeCompare(b);
}

/** Those that know most rooms, over however many steps, come first. */
function inOrder(arrows) {
  const height = new Map([...arrows.keys()].map((room) => [room, reachable(arrows, room).add(room).size]));
  return [...arrows.keys()].sort((a, b) => height.get(b) - height.get(a) || byName(a, b));
}
