/** What neither `update_config` nor `rollback_config` may hold, written in the sixth line, and where that is wrong. */
export const noUpdates: readonly (readonly [written: string, place: string])[] = [
  ['parallelism: some', '6:22 COMPOSE_TYPE'],
  ['delay: 5', '6:16 COMPOSE_TYPE'],
  ['delay: soon', '6:16 COMPOSE_DURATION'],
  ['monitor: soon', '6:18 COMPOSE_DURATION'],
  ['max_failure_ratio: half', '6:28 COMPOSE_TYPE'],
  ['failure_action: [x]', '6:9 COMPOSE_TYPE'],
  ['order: any-first', '6:16 COMPOSE_VALUE'],
  ['ordr: stop-first', '6:9 COMPOSE_UNKNOWN_KEY'],
];
