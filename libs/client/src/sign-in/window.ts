/** Of a browser's window, what is used here. */
export interface SignInWindow {
  readonly location: { href: string };
  open(url: string, target: string, features: string): SignInWindow | null;
  close(): void;
}
