export * from './colours.ts';
export * from './private-files.ts';
export * from './read-private-jwk.ts';
export * from './quickstart-environment.ts';
export * from './quickstart-folder.ts';
export * from './sign-in.ts';
