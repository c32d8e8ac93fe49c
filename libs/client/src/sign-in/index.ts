/** `@oncekey/client/sign-in`: needs a browser and `oauth4webapi`. */
export { finishSignIn } from './sign-in-channel.ts';
export { signInByPopup, type SignIn, type SignInOptions } from './sign-in-by-popup.ts';
