/** Returns a function that schedules `run` for the end of the current turn of the event loop, once per turn. */
export function atEndOfTurn(run: () => void): () => void {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      run();
    });
  };
}
