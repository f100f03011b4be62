import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('stop_signal', () => {
  it.each(['SIGINT', 'QUIT', 'sigusr1', '"9"', 'SIGRTMIN+3'])(
    '%s is printed as it is written',
    async (written) => {
      const signal = written.replaceAll('"', '');
      expect(await canonicalOf(web(`stop_signal: ${written}`))).toEqual({ stop_signal: signal });
      expect((await serviceOf(web(`stop_signal: ${written}`))).stopSignal).toBe(signal);
    },
  );

  it("is the image's, or SIGTERM, when nothing is said", async () => {
    expect(await canonicalOf(web('stop_signal: ""'))).toEqual({});
    expect((await serviceOf(web())).stopSignal).toBeUndefined();
  });

  it('may be a variable, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('stop_signal: SIGINT'), web('stop_signal: SIG${BY:-HUP}'));
    expect(await canonicalOf(files)).toEqual({ stop_signal: 'SIGHUP' });
    expect(await canonicalOf(extending('stop_signal: INT', 'stop_signal: HUP'))).toEqual({
      stop_signal: 'HUP',
    });
  });

  it('is refused where there is no such signal when the project is to be started, or no text', async () => {
    expect(await mistakesIn(web('stop_signal: SIGTRM'))).toEqual([
      '4:18 COMPOSE_VALUE: services.web.stop_signal: unknown signal "SIGTRM" -> did you mean "SIGTERM"?',
    ]);
    expect(await mistakesIn(web('stop_signal: "65"'))).toEqual([
      '4:18 COMPOSE_VALUE: services.web.stop_signal: unknown signal "65" -> write a name such as SIGTERM or SIGRTMIN+3, or a number from 1 to 64',
    ]);
    expect(await mistakesIn(web('stop_signal: SIGTRM'), { purpose: 'read' })).toEqual([]);
    expect(await placesIn(web('stop_signal: 9'))).toEqual(['4:18 COMPOSE_TYPE']);
  });
});
