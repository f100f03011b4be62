import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('cpuset', () => {
  it('is text that names processors and ranges of them', async () => {
    expect(await canonicalOf(web('cpuset: 0-2,4'))).toEqual({ cpuset: '0-2,4' });
    expect(await canonicalOf(web('cpuset: 0,1'))).toEqual({ cpuset: '0,1' });
    expect(await canonicalOf(web('cpuset: "3"'))).toEqual({ cpuset: '3' });
    expect(await canonicalOf(web('cpuset: ${CPUS}'), { env: { CPUS: '3' } })).toEqual({ cpuset: '3' });
  });

  it('is all processors when nothing is said', async () => {
    expect(await canonicalOf(web('cpuset: ""'))).toEqual({});
    expect((await serviceOf(web())).resources).toEqual({});
    expect((await serviceOf(web('cpuset: 0-1'))).resources).toEqual({ cpuset: '0-1' });
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('cpuset: 0-1', 'cpuset: 2-3')).toEqual({ cpuset: '2-3' });
  });

  it('is refused where it is no text: one processor has to stand in quotes', async () => {
    expect(await placesIn(web('cpuset: 3'))).toEqual(['4:13 COMPOSE_TYPE']);
    expect(await placesIn(web('cpuset: [0, 1]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });

  it('is refused where it names no processors, when the project is to be started', async () => {
    for (const cpuset of ['some', '2-0', '0-', '0,,1']) {
      expect(await mistakesIn(web(`cpuset: "${cpuset}"`))).toEqual([
        `4:13 COMPOSE_VALUE: services.web.cpuset: "${cpuset}" is no list of processors -> write numbers and ranges, such as 0-3,6`,
      ]);
    }
    expect(await mistakesIn(web('cpuset: some'), { purpose: 'read' })).toEqual([]);
  });
});
