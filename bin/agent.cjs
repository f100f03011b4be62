'use strict';
// The agent's program, as its respawner starts it. It lives long, so its compiled code is kept soon after the start.

process.env.UV_THREADPOOL_SIZE = '16';
require('./loader.cjs').load('agent.cjs', { saveCodeAt: 3000 });
