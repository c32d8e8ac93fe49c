/** Sleep that somebody else can end; a call that comes while nobody sleeps ends the next sleep at once. */
export class WakeUp {
  private called = false;
  private wake: (() => void) | null = null;

  call(): void {
    this.called = true;
    this.wake?.();
  }

  /** Resolves after `ms`, or with the next call. */
  async sleep(ms: number): Promise<void> {
    if (!this.called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = (): void => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = null;
    }
    this.called = false;
  }
}
