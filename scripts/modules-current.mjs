// Ends with 0 when node_modules holds exactly what package-lock.json asks for, as npm's own record of it says.
import { readFileSync } from 'node:fs';

const wanted = packagesOf('package-lock.json');
const installed = packagesOf('node_modules/.package-lock.json');
// Optional packages for other systems are left out by npm.
const isCurrent = Object.entries(wanted).every(
  ([path, { version, optional }]) =>
    path === '' || installed[path]?.version === version || (optional && installed[path] === undefined),
);
process.exit(isCurrent ? 0 : 1);

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
