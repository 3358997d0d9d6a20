/** A function that has `run` called at the end of the present turn of the event loop, once however often it is called. */
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
