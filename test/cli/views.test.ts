import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moment, scaleOf } from '../../src/cli/values.ts';
import { plainPaint } from '../../src/cli/views/colour.ts';
import { bytes, duration } from '../../src/cli/views/human.ts';
import { progressView } from '../../src/cli/views/progress/progress.ts';
import { renderTemplate } from '../../src/cli/views/template.ts';
import type { Action } from '../../src/compose/plan/plan.ts';
import { creating, linesOf, planOf } from './world.ts';

const minute = 60_000;
const day = 86_400_000;

describe('human words', () => {
  it.each([
    [0, 'Less than a second'],
    [1_900, '1 second'],
    [59_000, '59 seconds'],
    [minute, 'About a minute'],
    [2 * minute, '2 minutes'],
    [59 * minute, '59 minutes'],
    [60 * minute, 'About an hour'],
    [119 * minute, '2 hours'],
    [47 * 60 * minute, '47 hours'],
    [2 * day, '2 days'],
    [14 * day, '2 weeks'],
    [60 * day, '2 months'],
    [730 * day, '2 years'],
    [-5, 'Less than a second'],
  ])('for %i ms are Docker’s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it.each([
    [0, '0B'],
    [999, '999B'],
    [1_000, '1kB'],
    [7_340_000, '7.34MB'],
    [187_654_321, '188MB'],
    [1_230_000_000, '1.23GB'],
  ])('for %i bytes are Docker’s', (size, words) => {
    expect(bytes(size)).toBe(words);
  });
});

describe('values of the command line', () => {
  it('know moments in three forms', () => {
    expect(moment('1h30m')(day)).toBe(day - 90 * minute);
    expect(moment('1714557600.5')(0)).toBe(1_714_557_600_500);
    expect(moment('2024-05-01')(0)).toBe(Date.UTC(2024, 4, 1));
    expect(() => moment('soon')).toThrow('"soon" is neither a time');
  });

  it('take any count for a service', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/), fc.nat(), (service, count) => {
        expect(scaleOf([`${service}=${count}`])).toEqual({ [service]: count });
      }),
    );
  });
});

describe('templates', () => {
  it.each([
    ['{{.Name}} {{ .Name }}', 'web web'],
    ['{{upper .Name}}|{{.Name | upper | lower}}|{{title .Name}}', 'WEB|web|Web'],
    ['{{range .Ports}}{{.Port}},{{end}}', '80,443,'],
    ['{{range .None}}x{{else}}none{{end}}', 'none'],
    ['{{if .None}}yes{{else}}no{{end}}{{with .Name}}<{{.}}>{{end}}', 'no<web>'],
    ['{{len .Ports}} {{index .Labels "a.b"}} {{join .Words "-"}} {{json .Words}}', '2 1 x-y ["x","y"]'],
    ['{{if eq .Name "web"}}same{{end}}{{if not .None}}!{{end}}', 'same!'],
  ])('%s', (format, text) => {
    const data = {
      Name: 'web',
      Ports: [{ Port: 80 }, { Port: 443 }],
      None: [],
      Labels: { 'a.b': 1 },
      Words: ['x', 'y'],
    };
    expect(renderTemplate(format, data)).toBe(text);
  });

  it.each([
    ['{{.Nope}}', 'there is no field .Nope'],
    ['{{nope .}}', 'there is no function "nope"'],
    ['{{range .Ports}}', '{{range .Ports}} has no {{end}}'],
    ['{{end}}', 'unexpected {{end}}'],
  ])('that are wrong say why: %s', (format, why) => {
    expect(() => renderTemplate(format, { Ports: [] })).toThrow(why);
  });
});

describe('progress on a terminal', () => {
  it('keeps one line an object, with its last state and how long it took', async () => {
    let clock = 0;
    let written = '';
    const output = {
      write: (text: string) => {
        written += text;
      },
      isTTY: true,
      columns: 80,
    };
    const view = await progressView({
      kind: 'auto',
      output,
      paint: plainPaint,
      animate: true,
      hideImages: false,
      now: () => clock,
    });
    const network = { kind: 'CreateNetwork', network: { name: 'shop_default' } } as Action;
    const image: Action = { kind: 'EnsureImage', image: 'nginx', policy: 'missing', service: 'web' };
    const start: Action = { kind: 'StartContainer', name: 'shop-web-1', service: 'web' };
    for (const line of linesOf(planOf('shop', [image, network, creating('shop-web-1'), start]))) {
      view.take(line);
      clock += 100;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await view.end();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor and colours is left out
    const drawn = written.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').split('\n');
    expect(drawn.slice(-3)).toEqual([
      '✔ Network shop_default  Created      0.1s',
      '✔ Container shop-web-1  Started      0.3s',
      '',
    ]);
    expect(written).not.toContain('nginx');
    // What is drawn for good is drawn once: the list is erased before.
    const last = written.slice(written.lastIndexOf('\u001b[G'));
    expect(last.match(/Container shop-web-1/g)).toHaveLength(1);
  });

  it('marks what failed', async () => {
    let written = '';
    const output = {
      write: (text: string) => {
        written += text;
      },
      isTTY: true,
      columns: 80,
    };
    const view = await progressView({
      kind: 'tty',
      output,
      paint: plainPaint,
      animate: true,
      hideImages: false,
      now: () => 0,
    });
    const plan = planOf('shop', [
      { kind: 'StartContainer', name: 'shop-web-1', service: 'web' },
      creating('shop-db-1'),
    ]);
    const node = plan.nodes[0]!.id;
    view.take({ kind: 'plan', plan });
    view.take({ kind: 'node', node, phase: 'started' });
    view.take({ kind: 'node', node, phase: 'failed', message: 'no such program' });
    view.take({ kind: 'node', node: plan.nodes[1]!.id, phase: 'skipped' });
    await view.end();
    expect(written).toContain('✖ Container shop-web-1  Error        0.0s  no such program');
    expect(written).not.toContain('shop-db-1');
  });
});
