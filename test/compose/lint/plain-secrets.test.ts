import { expect, it } from 'vitest';
import { loadFiles } from '../load/loading.ts';
import { lintOf } from './linting.ts';

const yaml = `services:
  web:
    image: x:1
    build: {context: ., args: {NPM_TOKEN: hunter2}}
    environment:
      DB_PASSWORD: hunter2
      API_KEY: \${API_KEY}
      MIXED_SECRET: hunter2$$
      PASSWORD_FILE: /run/secrets/db
      RANDOM_PASSWORD: "yes"
      EMPTY_TOKEN: ""
      NO_TOKEN:
  db: {image: "x:1", environment: [MYSQL_ROOT_PASSWORD=hunter2, "A_TOKEN=$T", "B_TOKEN"]}
`;

it('warns of values of variables and arguments that by their names are secrets', async () => {
  expect(await lintOf('COMPOSE_PLAIN_SECRET', yaml)).toEqual([
    '4:32 services.web.build.args.NPM_TOKEN: its value stands in the file for everybody to read -> write ${NPM_TOKEN} and set it elsewhere, or mount a secret',
    '6:7 services.web.environment.DB_PASSWORD: its value stands in the file for everybody to read -> write ${DB_PASSWORD} and set it elsewhere, or mount a secret',
    '8:7 services.web.environment.MIXED_SECRET: its value stands in the file for everybody to read -> write ${MIXED_SECRET} and set it elsewhere, or mount a secret',
    '13:36 services.db.environment[0]: MYSQL_ROOT_PASSWORD: its value stands in the file for everybody to read -> write ${MYSQL_ROOT_PASSWORD} and set it elsewhere, or mount a secret',
  ]);
});

it('never says the value, and blames the name alone', async () => {
  const { warnings } = await loadFiles({ '/p/compose.yaml': yaml }, { purpose: 'lint' });
  expect(JSON.stringify(warnings)).not.toContain('hunter2');
});
