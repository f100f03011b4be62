// The to-do service: GET /todos, POST /todos {"title": "..."}, GET / for people, GET /health.
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const mysql = require('mysql');

const page = readFileSync(`${__dirname}/index.html`);
const maxBodyBytes = 64 * 1024;

const pool = mysql.createPool({
  host: process.env.DB_HOST,
  user: process.env.DB_USER,
  password: process.env.DB_PASSWORD,
  database: process.env.DB_NAME,
  charset: 'utf8mb4',
});

const routes = {
  'GET /': async () => ({ type: 'text/html; charset=utf-8', body: page }),
  'GET /health': async () => json(200, { ok: (await query('SELECT 1 AS one'))[0].one === 1 }),
  'GET /todos': async () => json(200, await query('SELECT id, title FROM todos ORDER BY id DESC LIMIT 100')),
  'POST /todos': async (request) => {
    const title = titleOf(await bodyOf(request));
    const { insertId } = await query('INSERT INTO todos (title) VALUES (?)', [title]);
    return json(201, { id: insertId, title });
  },
};

class BadRequest extends Error {}

async function main() {
  await query(
    'CREATE TABLE IF NOT EXISTS todos (id INT AUTO_INCREMENT PRIMARY KEY, title VARCHAR(200) NOT NULL) CHARACTER SET utf8mb4',
  );
  const server = createServer((request, response) => void answer(request, response));
  server.listen(3000, () => console.log('listening on port 3000'));
  process.on('SIGTERM', () => server.close(() => pool.end()));
}

async function answer(request, response) {
  const route = routes[`${request.method} ${request.url.split('?')[0]}`];
  const { status = 200, type, body } = await reply(route, request);
  response.writeHead(status, { 'content-type': type }).end(body);
}

async function reply(route, request) {
  if (route === undefined) return json(404, { error: 'no such page' });
  try {
    return await route(request);
  } catch (error) {
    if (error instanceof BadRequest) return json(400, { error: error.message });
    console.error(error);
    return json(503, { error: 'the database does not answer' });
  }
}

function json(status, value) {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > maxBodyBytes) throw new BadRequest('the body is too long');
  }
  return text;
}

function titleOf(body) {
  let value;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new BadRequest(`the body is not JSON: ${error.message}`);
  }
  const title = typeof value?.title === 'string' ? value.title.trim() : '';
  if (title === '' || title.length > 200) throw new BadRequest('"title" must be 1 to 200 characters');
  return title;
}

function query(sql, values = []) {
  return new Promise((resolve, reject) => {
    pool.query(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

main();
