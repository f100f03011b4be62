import { expect, it } from 'vitest';
import { lintOf } from './linting.ts';

it('warns of blanks around the name of a variable, an argument or a label', async () => {
  const yaml = `services:
  web:
    image: x:1
    build: {context: ., args: ["ARG =1"]}
    environment:
      - A = 1
      - B=1
    labels: {" l": x}
`;
  expect(await lintOf('COMPOSE_BLANKS', yaml)).toEqual([
    '4:32 services.web.build.args[0]: the name "ARG " has blanks around it -> write "ARG" with nothing around it',
    '6:9 services.web.environment[0]: the name "A " has blanks around it -> write "A" with nothing around it',
    '8:14 services.web.labels: the name " l" has blanks around it -> write "l" with nothing around it',
  ]);
});

it('warns of blanks around a value, and not of the end of line of a block or of a blank by itself', async () => {
  const yaml = `services:
  web:
    image: x:1
    environment:
      END: "1 "
      START: " 1"
      INNER: a b
      ONLY: " "
      BLOCK: |
        text
  other: {image: "x:1", environment: ["A=1 ", "B= 1", "C=1"]}
`;
  expect(await lintOf('COMPOSE_BLANKS', yaml)).toEqual([
    '11:39 services.other.environment[0]: the value ends with a blank -> take the blank out',
    '11:47 services.other.environment[1]: the value begins with a blank -> take the blank out',
    '5:12 services.web.environment.END: the value ends with a blank -> take the blank out',
    '6:14 services.web.environment.START: the value begins with a blank -> take the blank out',
  ]);
});
