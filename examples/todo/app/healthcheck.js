// Ends with 0 when the service answers and reaches its database.
const { get } = require('node:http');

get('http://127.0.0.1:3000/health', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on(
  'error',
  () => process.exit(1),
);
