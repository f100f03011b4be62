import { describe, expect, it } from 'vitest';
import { isSecretName, withoutSecrets } from '../../../src/compose/model/secret-names.ts';

describe('a name', () => {
  it.each([
    'PASSWORD',
    'DB_PASSWORD',
    'PGPASSWORD',
    'db-pass',
    'MYSQL_PWD',
    'JWT_SECRET',
    'GITHUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'API_KEY',
    'APIKEY',
    'SECRET_KEY_BASE',
    'spring.datasource.password',
    'APP_CREDENTIALS',
  ])('of a secret is %s', (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    'PASSWORD_FILE',
    'TOKEN_TTL',
    'PASSWORD_MIN_LENGTH',
    'KEY',
    'KEYCLOAK_URL',
    'PUBLIC_KEY',
    'MONKEY',
    'COMPASS',
    'secrets',
    'AWS_ACCESS_KEY_ID',
  ])('of no secret is %s', (name) => expect(isSecretName(name)).toBe(false));
});

describe('a line that is shown', () => {
  it.each([
    ['      DB_PASSWORD: hunter2', '      DB_PASSWORD: *******'],
    ['      DB_PASSWORD: "hun ter,2" # why', '      DB_PASSWORD: "*** *****" # why'],
    ["  - DB_PASSWORD='it s'", "  - DB_PASSWORD='** *'"],
    ['  - "DB_PASSWORD=hunter2"', '  - "DB_PASSWORD=*******"'],
    ['  DB_PASSWORD: hun ter # why', '  DB_PASSWORD: *** *** # why'],
    ['environment: {A: b, API_KEY: x1, C: d}', 'environment: {A: b, API_KEY: **, C: d}'],
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=*******'],
  ])('hides what %s says', (line, shown) => expect(withoutSecrets(line)).toBe(shown));

  it.each([
    'DB_PASSWORD: ${DB_PASSWORD}',
    'DB_PASSWORD:',
    'secrets: [db_password, x]',
    'RANDOM_ROOT_PASSWORD: "yes"',
    'DB_PASSWORD_FILE: /run/secrets/db',
    'image: registry:5000/token-server',
  ])('is as it is where nothing is said: %s', (line) => expect(withoutSecrets(line)).toBe(line));
});
