'use strict';
// The agent's program, as its respawner starts it. It lives long, so its compiled code is kept soon after the start.

// Node's four threads would make many containers' notes wait for each other's way to the disk.
process.env.UV_THREADPOOL_SIZE = '16';
require('./loader.cjs').load('agent.cjs', { saveCodeAt: 3000 });
