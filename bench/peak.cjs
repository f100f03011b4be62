'use strict';
// Loaded into a measured program with `node -r`: leaves in a file how much memory it held at most, in kilobytes.
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS));
});
