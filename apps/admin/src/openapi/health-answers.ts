import { aliveAnswer, readinessAnswers } from '#http';

export const ALIVE_ANSWER = aliveAnswer();

export const [READY_ANSWER, NOT_READY_ANSWER] = readinessAnswers(['database']);
