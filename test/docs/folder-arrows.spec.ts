import { circlesOf, describeLevel, levelsOf } from '../../scripts/folder-arrows.mjs';

/** Two folders of a module that know each other through different files, below a folder that is in order. */
const TREE = [
  ['app/main.ts', ['app/gate/gate.module.ts']],
  ['app/gate/gate.module.ts', ['app/gate/calls/controller.ts', 'app/gate/sessions/registry.ts']],
  ['app/gate/calls/controller.ts', ['app/gate/sessions/registry.ts']],
  ['app/gate/sessions/registry.ts', ['app/gate/calls/channel.ts', 'app/gate/sessions/names.ts']],
  ['app/gate/sessions/names.ts', ['app/gate/sessions/registry.ts']],
] as const;

describe('arrows between folders', () => {
  const levels = levelsOf(TREE);
  const gate = levels.get('app/gate') ?? new Map();

  it('stand on the level where the two ends of an import part', () => {
    expect([...levels.keys()]).toEqual(['app', 'app/gate', 'app/gate/sessions']);
    expect(levels.get('app')?.get('main.ts')).toEqual(new Map([['gate/', 1]]));
  });

  it('make a circle where folders know each other, though no file is in one', () => {
    expect(circlesOf(gate)).toEqual([['calls/', 'sessions/']]);
  });

  it('make none for the linter: files of one folder, or a folder in order', () => {
    expect(circlesOf(levels.get('app/gate/sessions') ?? new Map())).toEqual([]);
    expect(circlesOf(levels.get('app') ?? new Map())).toEqual([]);
  });

  it('are told in words, those of a circle marked', () => {
    expect(describeLevel('app/gate', gate)).toEqual([
      'app/gate: 4 arrows between 3 rooms, 2 in circles',
      '  gate.module.ts -> calls/ 1, sessions/ 1',
      '  calls/ -> sessions/ 1 (circle)',
      '  sessions/ -> calls/ 1 (circle)',
    ]);
  });
});
