import { describe, expect, it } from 'vitest';
import { printConfig } from '../../../src/compose/index.ts';
import { mistakesIn, overridden, placesIn, projectOf, warningsIn, web } from '../load/loading.ts';

const declared = 'models: {llm: {model: ai/smollm2}, small: {model: ai/tiny}}\n';

async function modelsOf(yaml: Parameters<typeof projectOf>[0], env = {}) {
  const project = await projectOf(yaml, { env });
  // In JSON the models themselves are left out, as Docker Compose does; YAML has them and loads to the same.
  const again = await projectOf(await printConfig(project, 'yaml'));
  expect(again.canonical).toEqual(project.canonical);
  return project.services.web!.canonical.models;
}

describe('models', () => {
  it('are a list of names, printed as a mapping', async () => {
    expect(await modelsOf(web('models: [llm, small]') + declared)).toEqual({ llm: null, small: null });
  });

  it('may name the variables that tell a container of the model', async () => {
    const yaml = web('models: {llm: {endpoint_var: LLM_URL, model_var: LLM_NAME}}') + declared;
    expect(await modelsOf(yaml)).toEqual({ llm: { endpoint_var: 'LLM_URL', model_var: 'LLM_NAME' } });
  });

  it('may hold variables', async () => {
    const yaml = web('models: {llm: {endpoint_var: "${PREFIX}_URL"}}') + declared;
    expect(await modelsOf(yaml, { PREFIX: 'AI' })).toEqual({ llm: { endpoint_var: 'AI_URL' } });
  });

  it('are merged model by model, whichever form they are in', async () => {
    const files = overridden(
      web('models: [llm]') + declared,
      web('models: {llm: {endpoint_var: A}, small: {model_var: B}}'),
    );
    expect(await modelsOf(files)).toEqual({ llm: { endpoint_var: 'A' }, small: { model_var: 'B' } });
    const listed = overridden(web('models: {llm: {model_var: A}}') + declared, web('models: [llm, small]'));
    expect(await modelsOf(listed)).toEqual({ llm: { model_var: 'A' }, small: null });
  });

  it('are refused where nobody declares them', async () => {
    expect(await mistakesIn(web('models: [lm]') + declared)).toEqual([
      '4:14 COMPOSE_UNDEFINED: service "web" refers to undefined model lm -> did you mean "llm"?',
    ]);
  });

  it('change nothing in this version, which is said', async () => {
    expect(await warningsIn(web('models: [llm]') + declared)).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: models, services.models',
    ]);
  });

  it.each([
    ['llm', '4:13 COMPOSE_TYPE'],
    ['[5]', '4:14 COMPOSE_TYPE'],
    ['{llm: 5}', '4:19 COMPOSE_TYPE'],
    ['{llm: {endpoint: A}}', '4:20 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`models: ${written}`) + declared)).toEqual([place]);
  });
});
