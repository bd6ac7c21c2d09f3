// Puts the package's own commands beside those of its dependencies: npx then starts them at once, where it would
// otherwise install the checkout into its cache first, which writes to the checkout.
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';

export async function linkOwnCommands(root) {
  const { bin } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const folder = join(root, 'node_modules', '.bin');
  await mkdir(folder, { recursive: true });
  for (const [name, path] of Object.entries(bin)) {
    await symlink(join('..', '..', path), join(folder, name)).catch((error) => {
      // It is there already, or cannot be: then npx takes its long way.
      if (!['EEXIST', 'EROFS', 'EACCES', 'EPERM'].includes(error.code)) throw error;
    });
  }
}
