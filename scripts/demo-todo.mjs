// demo-todo.mjs ADDRESS: adds a to-do through the stack's front door, reads the list back, and shows both.
const [address] = process.argv.slice(2);
const todos = `${address}/todos`;

const title = `write a Compose file (${new Date().toLocaleTimeString('en-GB')})`;
const added = await answerOf(
  fetch(todos, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title }),
  }),
);
console.log(`POST /todos  ${JSON.stringify(added)}`);

const list = await answerOf(fetch(todos));
if (!list.some((todo) => todo.id === added.id && todo.title === title))
  throw new Error('the new to-do is not in the list');
console.log(`GET  /todos  ${list.length} in the list, the new one first: "${list[0].title}"`);

async function answerOf(request) {
  const response = await request;
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
