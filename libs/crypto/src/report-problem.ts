/**
 * Takes note of trouble that no request is to blame for. `problem` is one line for an operator; `cause` is the
 * error behind it, or null. Neither holds a secret, nor what a stranger's server sent.
 */
export type ReportProblem = (problem: string, cause: unknown) => void;
