package retl.core.job;

/** Hands work to the worker that may touch warehouses. */
public interface JobQueue {

  /**
   * Starts the job soon, on another machine. A job whose worker fails is not tried again: its own
   * deadline ends it, and whoever reads it is told so.
   *
   * @throws RuntimeException when the job was not handed over, as far as is known: a worker whose
   *     answer was lost may have begun
   */
  void submit(Job job);
}
