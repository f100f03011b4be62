'use strict';
// The second thread of a command over a big file. What it compiles is kept apart: V8 is set otherwise while it loads.

require('./loader.cjs').load('parts-thread.cjs', { use: 'thread', saveCodeAt: 'exit' });
